"""Which combinations of levers are tried when a file is checked, and which edits contradict each other."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any

from sim.errors import Problem
from sim.scenario.edits import apply
from sim.scenario.edits_find import CHANGE_LISTS, PathError, Slot, clone
from sim.scenario.edits_insert import KINDS
from sim.scenario.edits_names import edit_kind
from sim.scenario.edits_work import Change, Work
from sim.scenario.positions import mark_of

#: Greatest number of levers of which every subset is tried.
ALL_SUBSETS = 8
#: Random subsets tried where there are more levers.
RANDOM_SUBSETS = 200

Combination = tuple[tuple[str, ...], bool]


def combinations_to_check(levers: Sequence[str], context: bool, *, thorough: bool) -> Iterator[Combination]:
    """Yield (levers, with context) to be tried, each once; the plainest come first."""
    seen: set[Combination] = set()
    for chosen, with_context in _wanted(tuple(levers), context, thorough):
        if (chosen, with_context) not in seen:
            seen.add((chosen, with_context))
            yield chosen, with_context


def _wanted(levers: tuple[str, ...], context: bool, thorough: bool) -> Iterator[Combination]:
    yield (), False
    yield (), context
    for name in levers:
        yield (name,), context
    yield levers, False
    yield levers, context
    if thorough:
        for chosen in subsets(levers):
            yield chosen, context


def subsets(levers: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield all subsets of up to 8 levers; above, all pairs, their complements and 200 random subsets."""
    if len(levers) <= ALL_SUBSETS:
        for size in range(len(levers) + 1):
            yield from combinations(levers, size)
        return
    for pair in combinations(levers, 2):
        yield pair
        yield tuple(name for name in levers if name not in pair)
    chance = random.Random(len(levers))  # noqa: S311 - the same subsets at each load, no secret
    for _ in range(RANDOM_SUBSETS):
        yield tuple(name for name in levers if chance.random() < 0.5)


def double_sets(tree: Any, edits: Sequence[Change], file: str) -> list[Problem]:
    """Return a problem for each field that two edits of one pass set.

    A field and another one inside it count as one. ``route`` sets shares, ``calendar`` sets ``on``.
    """
    whole = clone(tree)
    apply(whole, [change for change in edits if edit_kind(change.edit) in KINDS], file=file)
    work = Work(whole, file, frozenset())
    taken: list[tuple[tuple[str, ...], Change, str]] = []
    problems = []
    for change in edits:
        for slot in _slots(work, change):
            clash = next((t for t in taken if _overlap(t[0], slot.full)), None)
            if clash is None:
                taken.append((slot.full, change, slot.path))
                continue
            _, other, _ = clash
            kind = edit_kind(change.edit)
            mark = mark_of(change.edit, kind)
            first = mark_of(other.edit, edit_kind(other.edit))
            what = f"`{slot.path}` is set twice: here and in line {first.line} ({_owner(other)})."
            hint = "Two changes must not set one field: let one of them `scale` it, or make them one."
            problems.append(Problem(file, *mark, f"{change.owner}.edits.{change.number}", what, hint))
    return problems


def _owner(change: Change) -> str:
    section, _, name = change.owner.partition(".")
    return f"{CHANGE_LISTS[section]} `{name}`"


def _overlap(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter]


def _slots(work: Work, change: Change) -> list[Slot]:
    edit = change.edit
    kind = edit_kind(edit)
    paths: list[str] = []
    if kind == "set":
        paths = [str(edit["set"])]
    elif kind == "calendar":
        paths = [f"pools.{str(edit['calendar']).removeprefix('pools.')}.on"]
    elif kind == "route" and isinstance(edit.get("shares"), dict):
        of_attribute = str(edit["route"]).startswith("cases.attributes.")
        paths = [
            f"{edit['route']}.{option}" + ("" if of_attribute else ".share") for option in edit["shares"]
        ]
    found = []
    for path in paths:
        try:
            found += work.find.slots(path)
        except PathError:  # said when the edit is applied
            continue
    return found
