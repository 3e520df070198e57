"""Walks the process in the raw tree of a scenario: kinds, names and inner sequences of elements."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sim.scenario.positions import Map, Seq, mark_of

#: The kinds of process elements: the key whose value is the element's name.
KINDS = (
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

_KINDS = frozenset(KINDS)


@dataclass(frozen=True)
class Place:
    """Where an element stands: ``items[index]``, in the sequence called ``sequence``."""

    items: list[Any]
    index: int
    element: Any
    kind: str
    name: str
    trail: tuple[tuple[list[Any], int], ...]  # (list, index) from the top of the process down to here


def kind_of(element: Any) -> str:
    """Return the kind of a raw element, or "" if it is none."""
    if isinstance(element, dict):
        for key in element:  # the kind is nearly always the first key
            if key in _KINDS:
                return str(key)
    return ""


def clone(value: Any) -> Any:
    """Return a copy of a raw tree that shares only what cannot change; places are kept."""
    made: Any
    if isinstance(value, dict):
        made = Map()
        for key, part in value.items():
            made[key] = clone(part) if isinstance(part, (dict, list)) else part
    elif isinstance(value, list):
        made = Seq([clone(part) if isinstance(part, (dict, list)) else part for part in value])
    else:
        return value
    made.mark = mark_of(value)
    return made


def name_of(element: Any) -> str:
    """Return the name of a raw element; ``NAME/unbundle`` for the end of a bundle."""
    kind = kind_of(element)
    if not kind:
        return ""
    name = str(element[kind])
    return f"{name}/unbundle" if kind == "unbundle" else name


def sequences(element: Any) -> Iterator[tuple[str, Any, str]]:
    """Yield (label, container, key) of each sequence inside a raw element, present or not."""
    kind = kind_of(element)
    if kind == "choice":
        options = element.get("options")
        if isinstance(options, dict):
            for label, option in options.items():
                if isinstance(option, dict):
                    yield str(label), option, "do"
    elif kind == "parallel":
        branches = element.get("branches")
        if isinstance(branches, dict):
            for label in list(branches):
                yield str(label), branches, label
    elif kind == "repeat":
        yield "", element, "do"
        yield "redo", element, "redo"
    elif kind in ("block", "for-each"):
        yield "", element, "do"


def parts_of(element: Any) -> list[Any]:
    """Return the parts of a merged step, ``{part: NAME, effort: LAW}`` each; empty for others."""
    parts = element.get("parts") if kind_of(element) == "step" else None
    return [p for p in parts if isinstance(p, dict) and "part" in p] if isinstance(parts, list) else []


def walk(items: Any, trail: tuple[tuple[list[Any], int], ...] = ()) -> Iterator[Place]:
    """Yield the place of every element of a sequence, outer before inner, in file order."""
    if not isinstance(items, list):
        return
    for index, element in enumerate(items):
        kind = kind_of(element)
        if not kind:
            continue
        here = (*trail, (items, index))
        yield Place(items, index, element, kind, name_of(element), here)
        for _, container, key in sequences(element):
            yield from walk(container.get(key), here)
