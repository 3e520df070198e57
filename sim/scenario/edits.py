"""Applies typed edits - those of levers, context and readings - to the raw tree of a scenario.

Edits of one pass apply in phases, whatever their order in the file: insert, set, scale (scales
multiply), route and calendar, move, merge and parallel, remove; within a phase in file order. An edit
of something that this combination of levers does not hold (inserted by a lever left out) does nothing.
A pass changes the tree it is given and returns the problems found; it never raises for bad input.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

from sim.errors import Problem
from sim.scenario import edits_insert, edits_merge, edits_move, edits_remove
from sim.scenario.edits_find import PathError, Slot, clone
from sim.scenario.edits_names import edit_kind, names_of
from sim.scenario.edits_shares import ShareBook
from sim.scenario.edits_work import Change, Work
from sim.scenario.laws import LAWS
from sim.scenario.numbers import FORMS
from sim.scenario.positions import Map, mark_of, marked


def apply(
    tree: Any, edits: Sequence[Change], *, file: str = "", known: Collection[str] | None = None
) -> list[Problem]:
    """Apply one pass of edits to a raw tree, in place.

    Parameters
    ----------
    tree : raw tree with all for-each elements expanded; it is changed.
    edits : of one pass; readings, context and levers are a pass each.
    file : name for messages.
    known : names that other combinations of changes hold (see `names_of`): an edit of one of them
        that is absent here does nothing. None: the names of the tree and of these edits.

    Returns
    -------
    problems, empty if all edits could be applied.
    """
    work = Work(tree, file, frozenset(names_of(tree, edits) if known is None else known))
    shares = ShareBook(work)
    phases: tuple[Callable[[], None], ...] = (
        lambda: edits_insert.insert_all(work, shares, _of(edits, edits_insert.KINDS)),
        lambda: _each(work, edits, ("set",), lambda c: _set(work, shares, c)),
        lambda: _each(work, edits, ("scale",), lambda c: _scale(work, shares, c)),
        lambda: _each(work, edits, ("route",), lambda c: _route(work, shares, c)),
        lambda: _each(work, edits, ("calendar",), lambda c: _calendar(work, c)),
        shares.write,
        lambda: _each(work, edits, ("move",), lambda c: edits_move.move(work, c)),
        lambda: _each(work, edits, ("merge", "merge-pools", "parallel"), lambda c: _join(work, c)),
        lambda: _each(work, edits, ("remove",), lambda c: edits_remove.remove(work, shares, c)),
        shares.write,
    )
    for phase in phases:
        phase()
    return work.problems


def _of(edits: Iterable[Change], kinds: Collection[str]) -> list[Change]:
    return [change for change in edits if edit_kind(change.edit) in kinds]


def _each(work: Work, edits: Sequence[Change], kinds: Collection[str], do: Callable[[Change], None]) -> None:
    for change in _of(edits, kinds):
        work.attempt(change, edit_kind(change.edit), do)


def _join(work: Work, change: Change) -> None:
    if "merge" in change.edit:
        edits_merge.merge(work, change)
    elif "merge-pools" in change.edit:
        edits_merge.merge_pools(work, change)
    else:
        edits_move.parallel(work, change)


def _fields(work: Work, change: Change, kind: str) -> list[Slot]:
    slots = work.find.slots(str(change.edit[kind]))
    if change.section != "readings" and any(slot.full[0].split(".")[0] == "claims" for slot in slots):
        raise PathError("only a reading may change how a claim is read; a lever changes the service.")
    return slots


def _set(work: Work, shares: ShareBook, change: Change) -> None:
    slots = _fields(work, change, "set")
    if len(slots) > 1 and "*" not in str(change.edit["set"]):
        parts = ", ".join(slot.element for slot in slots)
        raise PathError(
            f"`{change.edit['set']}` belongs to merged steps: set one of them.", hint=f"Parts: {parts}."
        )
    for slot in slots:
        if not shares.state(slot, change.edit["to"]):
            slot.container[slot.key] = value = clone(change.edit["to"])
            if slot.full[0] == "numbers" and change.section in ("reform", "context"):
                # Another range than before is another unknown, though it takes the old one's place.
                _name_unknown(value, f"{change.owner}.edits.{change.number}.to")
    if isinstance(change.edit["to"], (dict, list)):
        work.changed()


def _scale(work: Work, shares: ShareBook, change: Change) -> None:
    path, times = str(change.edit["scale"]), change.edit["times"]
    for slot in _fields(work, change, "scale"):
        if not slot.present:
            raise PathError(
                f"`{path}` has no value that could be scaled.", str(slot.key), tuple(slot.container)
            )
        if slot.full[0] == "numbers":
            _name_unknown(slot.value, slot.full[1])  # within a product it stays the unknown that it was
        if not shares.scale(slot, times):
            slot.container[slot.key] = scaled(slot.value, times, path)


def _name_unknown(value: Any, name: str) -> None:
    if isinstance(value, dict) and ("assume" in value or "dial" in value):
        value.setdefault("name", marked(name, mark_of(value)))


def scaled(value: Any, times: Any, path: str = "") -> Any:
    """Return the raw number or law `value` multiplied by the raw number `times`.

    A mapping of amounts (counts of a step, effort of a meeting) has each of them scaled; of a limit
    the time is.

    Raises
    ------
    PathError
        If `value` is no number.
    """
    if isinstance(value, dict):
        if any(law in value for law in LAWS):
            return marked({"scaled": clone(value), "times": clone(times)}, mark_of(times))
        if "within" in value:
            changed = clone(value)
            changed["within"] = scaled(value["within"], times, path)
            return changed
        if not any(form in value for form in FORMS):
            parts = {key: scaled(part, times, path) for key, part in value.items()}
            result = Map(parts)
            result.mark = mark_of(value)
            return result
    elif isinstance(value, list) or value is None or isinstance(value, bool):
        raise PathError(f"`{path}` is not a number or a law, so it cannot be scaled.")
    elif isinstance(value, str) and not any(sign.isdigit() for sign in value):
        raise PathError(f"`{path}` is `{value}`, not a number or a law, so it cannot be scaled.")
    return marked({"product": [clone(value), clone(times)]}, mark_of(times))


def _route(work: Work, shares: ShareBook, change: Change) -> None:
    stated = change.edit["shares"]
    if not isinstance(stated, dict):
        raise PathError("`shares` must be a mapping from options to shares.")
    name = str(change.edit["route"])
    for choice in work.find.elements(name) if not name.startswith("cases.") else [name]:
        for option, share in stated.items():
            path = (
                f"{choice}.{option}" if choice.startswith("cases.attributes") else f"{choice}.{option}.share"
            )
            for slot in work.find.slots(path):
                if not shares.state(slot, share):
                    raise PathError(f"`{path}` is not a share by chance.")


def _calendar(work: Work, change: Change) -> None:
    pool, to = str(change.edit["calendar"]), change.edit["to"]
    path = pool if pool.startswith("pools.") else f"pools.{pool}"
    for slot in work.find.slots(f"{path}.on"):
        groups = slot.container.get("groups")
        if isinstance(groups, list):
            for group in groups:
                group["on"] = to
        else:
            slot.container["on"] = to
