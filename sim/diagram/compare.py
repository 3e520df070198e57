"""What a reform changes in a process: element by element, and which lever does it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sim.scenario.edits_find import Finder, PathError, kind_of, name_of, sequences, walk
from sim.scenario.variant import LeverTrees


class Change(StrEnum):
    """What becomes of an element."""

    ADDED = "added"
    REMOVED = "removed"
    PARALLEL = "parallel"  # comes to run beside others
    MOVED = "moved"
    CHANGED = "changed"


#: Sections of a scenario whose entries are compared by name, beside the process.
SECTIONS = ("pools", "calendars", "cases")


@dataclass(frozen=True)
class Difference:
    """What differs between two trees.

    Attributes
    ----------
    elements : name of an element of either process -> what becomes of it.
    others : dotted path of a pool, a calendar or a part of the cases -> what becomes of it.
    """

    elements: Mapping[str, frozenset[Change]]
    others: Mapping[str, frozenset[Change]]


@dataclass(frozen=True)
class Reform:
    """A reform as differences.

    Attributes
    ----------
    whole : from before to after.
    levers : by name, what each does alone; the context, if it changes anything, under ``context``.
    """

    whole: Difference
    levers: Mapping[str, Difference]

    def of_element(self, name: str) -> tuple[int, ...]:
        """Return the numbers, from 1 in the order of `levers`, of those that touch the element."""
        return tuple(place for place, found in enumerate(self.levers.values(), 1) if name in found.elements)


def compare_all(trees: LeverTrees) -> Reform:
    """Return what the reform does as a whole, and what each lever does alone."""
    moves: dict[str, list[Any]] = {}
    for change in trees.changes:
        if isinstance(change.edit, dict) and "move" in change.edit:
            moves.setdefault(change.owner.partition(".")[2], []).append(change.edit["move"])
    contexts = [c for c in trees.changes if c.section == "context" and "move" in c.edit]
    every = [pattern for patterns in moves.values() for pattern in patterns]
    levers: dict[str, Difference] = {}
    context = compare(trees.before, trees.context, [c.edit["move"] for c in contexts])
    if context.elements or context.others:
        levers["context"] = context
    for name, tree in trees.levers.items():
        levers[name] = compare(trees.context, tree, moves.get(name, []))
    return Reform(compare(trees.before, trees.after, every), levers)


def compare(before: Any, after: Any, moves: Collection[Any] = ()) -> Difference:
    """Return what differs between two edited trees.

    Parameters
    ----------
    moves : names or patterns, or lists of them, of the elements that edits move: order alone does not
        tell which of two elements went past the other.
    """
    one, other = _elements(before), _elements(after)
    numbers = _changed_numbers(before, after)
    found: dict[str, set[Change]] = {}
    for name in {**one, **other}:
        if name not in one or name not in other:
            found[name] = {Change.ADDED if name not in one else Change.REMOVED}
            continue
        if _own(one[name]) != _own(other[name]) or numbers & _uses(_own(other[name])):
            found.setdefault(name, set()).add(Change.CHANGED)
    for name in _moved(before, moves):
        if name in one and name in other:
            found.setdefault(name, set()).add(Change.MOVED)
    for name, element in other.items():
        if kind_of(element) == "parallel" and name not in one and any(i in one for i in _inside(element)):
            found[name] = {Change.PARALLEL}
            for inner in _children(element):
                found.setdefault(inner, set()).add(Change.PARALLEL)
    others = _others(before, after, numbers)
    return Difference({name: frozenset(marks) for name, marks in found.items()}, others)


def _elements(tree: Any) -> dict[str, Any]:
    return {place.name: place.element for place in walk(tree.get("process"))}


def _inside(element: Any) -> Iterator[str]:
    for _, container, key in sequences(element):
        for place in walk(container.get(key)):
            yield place.name


def _children(element: Any) -> Iterator[str]:
    for _, container, key in sequences(element):
        for inner in container.get(key) or ():
            yield name_of(inner)


_INNER = ("do", "redo", "branches", "title")


def _own(element: Any) -> dict[str, Any]:
    """Return an element's own fields, without what is inside it and what it is called."""
    kept = {key: value for key, value in element.items() if key not in (*_INNER, kind_of(element))}
    if "options" in kept:
        kept["options"] = {
            label: {key: value for key, value in option.items() if key != "do"}
            for label, option in kept["options"].items()
        }
    return kept


def _uses(value: Any) -> set[str]:
    """Return the names of the numbers that a value refers to."""
    if isinstance(value, dict):
        own = {str(value["use"])} if isinstance(value.get("use"), str) else set()
        return own.union(*map(_uses, value.values()))
    if isinstance(value, list):
        return set().union(*map(_uses, value))
    return set()


def _changed_numbers(before: Any, after: Any) -> set[str]:
    """Return the named numbers that differ, or that depend on one that does."""
    one, other = before.get("numbers") or {}, after.get("numbers") or {}
    changed = {str(name) for name in other if name in one and _unnamed(one[name]) != _unnamed(other[name])}
    more = True
    while more:
        found = {str(name) for name, value in other.items() if _uses(value) & changed} - changed
        changed |= found
        more = bool(found)
    return changed


def _unnamed(value: Any) -> Any:
    """Return a number without the name that an edit may have given it."""
    if isinstance(value, dict):
        return {key: _unnamed(part) for key, part in value.items() if key != "name"}
    return [_unnamed(part) for part in value] if isinstance(value, list) else value


def _moved(tree: Any, moves: Collection[Any]) -> Iterator[str]:
    finder = Finder(tree)
    for patterns in moves:
        for pattern in [patterns] if isinstance(patterns, str) else patterns:
            try:
                yield from finder.elements(str(pattern))
            except PathError:  # another lever brings it
                continue


def _others(before: Any, after: Any, numbers: set[str]) -> dict[str, frozenset[Change]]:
    found: dict[str, frozenset[Change]] = {}
    for section in SECTIONS:
        one, other = before.get(section) or {}, after.get(section) or {}
        for name in {**one, **other}:
            path = f"{section}.{name}"
            if name not in one:
                found[path] = frozenset({Change.ADDED})
            elif name not in other:
                found[path] = frozenset({Change.REMOVED})
            elif _unnamed(one[name]) != _unnamed(other[name]) or numbers & _uses(other[name]):
                found[path] = frozenset({Change.CHANGED})
    return found
