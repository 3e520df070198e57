"""The tree that a scenario file is read into: plain data of which every part remembers its place.

``Map`` (a ``dict``), ``Seq`` (a ``list``), ``Text`` (a ``str``), ``Whole`` (an ``int``) and ``Real`` (a
``float``) have ``.mark``, a ``Mark(line, column)`` from 1; keys too. They compare, hash, print and copy
like the plain values, so that edits treat the tree as ordinary data; ``copy.deepcopy`` keeps the marks.
``bool`` and ``None`` stay plain: ``mark_of(container, key)`` finds the place of any value.
``marked(value, mark)`` gives plain data a place; ``places(tree)`` names each place as lever paths do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple, Self


class Mark(NamedTuple):
    """A place in a file: line and column, both from 1 (0: unknown)."""

    line: int
    column: int


NOWHERE = Mark(0, 0)


class Text(str):
    """A string (or a key) and its place."""

    mark: Mark = NOWHERE

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """Return itself: neither text nor place can change."""
        return self


class Whole(int):
    """A whole number and its place."""

    mark: Mark = NOWHERE

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """Return itself."""
        return self


class Real(float):
    """A decimal number, its place, and how it is written."""

    mark: Mark = NOWHERE
    text: str = ""

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """Return itself."""
        return self


class Map(dict[str, Any]):
    """A mapping and its place. Keys are ``Text``; assigning to a key that exists keeps the key's place."""

    mark: Mark = NOWHERE


class Seq(list[Any]):
    """A list and its place."""

    mark: Mark = NOWHERE


def marked(value: Any, mark: Mark = NOWHERE) -> Any:
    """Return `value` (plain or marked data) as a tree in which what had no place has `mark`."""
    if getattr(value, "mark", NOWHERE) != NOWHERE:
        mark = value.mark
    if isinstance(value, dict):
        result: Any = Map((marked(k, mark), marked(v, mark)) for k, v in value.items())
    elif isinstance(value, (list, tuple)):
        result = Seq(marked(v, mark) for v in value)
    elif isinstance(value, bool) or value is None:
        return value
    elif isinstance(value, str):
        result = Text(value)
    elif isinstance(value, int):
        result = Whole(value)
    else:
        result = Real(value)
    result.mark = mark
    return result


def mark_of(container: Any, key: Any = None) -> Mark:
    """Return the place of ``container[key]`` (of its key where the value has none), or of `container`."""
    if key is None:
        return getattr(container, "mark", NOWHERE)
    try:
        value = container[key]
    except (KeyError, IndexError, TypeError):
        return getattr(container, "mark", NOWHERE)
    found: Mark = getattr(value, "mark", NOWHERE)
    if found == NOWHERE and isinstance(container, dict):
        found = key_mark(container, key)
    return found if found != NOWHERE else getattr(container, "mark", NOWHERE)


def key_mark(container: Any, key: str) -> Mark:
    """Return the place of the key `key` itself."""
    for k in container:
        if k == key:
            return getattr(k, "mark", NOWHERE)
    return NOWHERE


@dataclass(frozen=True)
class Places:
    """Dotted element names of every place in a tree, for messages."""

    names: dict[Mark, str]

    def name(self, mark: Mark) -> str:
        """Return the dotted path of the value at `mark`; empty if unknown."""
        return self.names.get(mark, "")


def places(tree: Map) -> Places:
    """Return the path of each value and key as lever paths have it: elements of the process by name alone.

    ``supplement.again``, ``route.simple.share``, ``pools.clerks.size``, ``reform.shared-data.1.times``,
    ``permits.*.check.effort`` (in the body of a for-each).
    """
    names: dict[Mark, str] = {}
    todo: list[tuple[Any, str, str]] = [(tree, "", "")]  # value, path, what names of elements begin with
    while todo:
        value, path, prefix = todo.pop()
        mark = mark_of(value)
        if mark != NOWHERE:
            names.setdefault(mark, path)
        if isinstance(value, dict):
            kind = next((k for k in _ELEMENTS if isinstance(value.get(k), str)), "")
            below_prefix = f"{path}.*." if kind == "for-each" else prefix
            for key, child in value.items():
                hidden = (key, kind) in _HIDDEN
                below = path if hidden else f"{path}.{key}" if path else str(key)
                at = mark_of(key)
                if at != NOWHERE:
                    if at == mark:
                        names[at] = path
                    else:
                        names[at] = below
                todo.append((child, below, below_prefix))
        elif isinstance(value, list):
            for number, child in enumerate(value, 1):
                label, element = _label(child, number)
                todo.append(
                    (child, prefix + label if element else f"{path}.{label}" if path else label, prefix)
                )
    return Places(names)


_ELEMENTS = (
    "step",
    "wait",
    "choice",
    "parallel",
    "repeat",
    "batch",
    "unbundle",
    "block",
    "for-each",
    "mark",
    "end",
)
_CHANGES = ("lever", "context", "reading", "claim", "part")
#: Keys that paths leave out, by kind of the element that holds them.
_HIDDEN = {("options", "choice"), ("branches", "parallel"), ("over", "for-each")}


def _label(value: Any, number: int) -> tuple[str, bool]:
    """Return the name of an entry of a list, or its number; and whether it is an element of the process."""
    if isinstance(value, dict) and not (isinstance(value.get("parallel"), list) or "edits" in value):
        for kind in _ELEMENTS:
            if isinstance(value.get(kind), str):
                return str(value[kind]), True
    if isinstance(value, dict):
        for kind in _CHANGES:
            if isinstance(value.get(kind), str):
                return str(value[kind]), False
    return str(number), False
