"""Kinds of edits, where a file lists them, and every name that a scenario and its edits know."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from sim.scenario.edits_find import CHANGE_LISTS
from sim.scenario.edits_move import joint_name
from sim.scenario.edits_work import Change, Work
from sim.scenario.model_reform import EDITS
from sim.scenario.positions import Map, Seq


def edit_kind(edit: Any) -> str:
    """Return the kind of a raw edit, or "" if it has none."""
    return next((kind for kind in EDITS if kind in edit), "") if isinstance(edit, dict) else ""


def changes(tree: Any, section: str, names: Collection[str] | None = None) -> list[Change]:
    """Return the edits of a section (reform, context, readings) of the raw tree, in file order.

    Parameters
    ----------
    names : of the levers wanted; None for all.
    """
    key = CHANGE_LISTS[section]
    found = []
    for item in tree.get(section) or ():
        if not isinstance(item, dict):
            continue
        name = str(item.get(key))
        if names is None or name in names:
            found += changes_of(item, f"{section}.{name}", section)
    return found


def changes_of(item: Any, owner: str, section: str) -> list[Change]:
    """Return the edits of one lever, context or reading."""
    edits = item.get("edits")
    edits = edits if isinstance(edits, list) else []
    return [Change(owner, section, number, edit) for number, edit in enumerate(edits, 1)]


def names_of(tree: Any, edits: Iterable[Change]) -> set[str]:
    """Return every name that the tree has or that the edits would make."""
    finder = Work(tree, "", frozenset()).find
    names = {*finder.names}
    for section in ("pools", "calendars", "numbers"):
        names |= {f"{section}.{name}" for name in tree.get(section) or ()}
    cases = tree.get("cases")
    if isinstance(cases, dict):
        for group in ("classes", "attributes", "arrive"):
            if isinstance(cases.get(group), dict):
                names |= {f"cases.{group}.{name}" for name in cases[group]}
    for change in edits:
        names |= _made(change.edit)
    return names


def _made(edit: Any) -> set[str]:
    if not isinstance(edit, dict):
        return set()
    kind = edit_kind(edit)
    if kind == "insert" and isinstance(edit[kind], list):
        return {name for element in edit[kind] for name in _inner_names(element)}
    prefix = {
        "insert-pools": "pools.",
        "insert-calendars": "calendars.",
        "insert-numbers": "numbers.",
        "insert-classes": "cases.classes.",
        "insert-streams": "cases.arrive.",
    }.get(kind)
    if prefix and isinstance(edit[kind], dict):
        return {f"{prefix}{name}" for name in edit[kind]}
    if kind in ("insert-options", "insert-branches") and isinstance(edit[kind], dict):
        inner = Seq(
            [Map({"choice": "x", "options": edit[kind]}), Map({"parallel": "x", "branches": edit[kind]})]
        )
        names = {name for element in inner for name in _inner_names(element)} - {"x"}
        return names | {f"{edit.get('into')}.{label}" for label in edit[kind]}
    if kind in ("merge", "parallel"):
        return {joint_name(edit)} if kind == "parallel" else {str(edit.get("as"))}
    return {f"pools.{edit.get('as')}"} if kind == "merge-pools" else set()


def _inner_names(element: Any) -> set[str]:
    return set(Work(Map({"process": Seq([element])}), "", frozenset()).find.places)
