"""Finds named elements, and the fields that dotted paths mean, in the raw tree of a scenario.

Element names may hold dots (``permits.filing.check``, a copy of a for-each), so that a path is read
by its longest prefix that is a name. A ``*`` stands for one part of a name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from sim.scenario.edits_walk import (
    KINDS,
    Place,
    clone,
    kind_of,
    name_of,
    parts_of,
    sequences,
    walk,
)

__all__ = [
    "CHANGE_LISTS",
    "KINDS",
    "SECTIONS",
    "Finder",
    "PathError",
    "Place",
    "Slot",
    "clone",
    "is_one_stream",
    "kind_of",
    "name_of",
    "parts_of",
    "sequences",
    "walk",
]

#: Sections of a scenario that a path may begin with.
SECTIONS = ("cases", "pools", "calendars", "numbers", "claims", "run", "documents")

#: Lists in which the tree keeps named changes, and the key that names each.
CHANGE_LISTS = {"reform": "lever", "context": "context", "readings": "reading"}


class PathError(Exception):
    """A path that leads nowhere; ``name`` is what was looked for, ``known`` what there is.

    ``element`` tells a missing *element* (which another combination of levers may hold) from a
    missing or unfit *field* of one that exists.
    """

    def __init__(
        self, what: str, name: str = "", known: tuple[str, ...] = (), *, element: bool = False, hint: str = ""
    ) -> None:
        super().__init__(what)
        self.what, self.name, self.known, self.element, self.hint = what, name, known, element, hint


@dataclass(frozen=True)
class Slot:
    """A field: ``container[key]``, which may not be there yet; ``element`` names what it belongs to."""

    container: Any
    key: Any
    path: str
    element: str
    full: tuple[str, ...]  # the path in full: two slots are one field if these are equal

    @property
    def present(self) -> bool:
        """True if the field has a value."""
        if isinstance(self.container, list):
            return bool(0 <= self.key < len(self.container))
        return self.key in self.container

    @property
    def value(self) -> Any:
        """The value; KeyError or IndexError if there is none."""
        return self.container[self.key]


class Finder:
    """An index of one raw tree; made anew after each change of structure."""

    def __init__(self, tree: Any) -> None:
        self.tree = tree
        self.places: dict[str, Place] = {}
        self.parts: dict[str, Place] = {}  # part of a merged step -> that step
        self.ends: dict[str, list[Place]] = {}
        for place in walk(tree.get("process")):
            self.places.setdefault(place.name, place)
            if place.kind == "end":
                self.ends.setdefault(place.name, []).append(place)
            for part in parts_of(place.element):
                self.parts.setdefault(str(part["part"]), place)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all elements and parts."""
        return (*self.places, *self.parts)

    def element(self, name: str) -> Place:
        """Return the place of an element, or of the merged step that an element has become a part of.

        Raises
        ------
        PathError
            If there is none.
        """
        place = self.places.get(name) or self.parts.get(name)
        if place is None:
            raise PathError(f"there is no element `{name}`.", name, self.names, element=True)
        return place

    def elements(self, pattern: str) -> list[str]:
        """Return the names that `pattern` means: itself, or all that fit its ``*``."""
        if "*" not in pattern:
            return [pattern]
        found = [n for n in self.names if _fits(pattern, n)]
        if not found:
            raise PathError(f"no element fits `{pattern}`.", pattern, self.names, element=True)
        return found

    def sequence(self, name: str) -> tuple[Any, str]:
        """Return (container, key) of a sequence.

        `name` is process, BLOCK, CHOICE.OPTION, PARALLEL.BRANCH, REPEAT (its ``do``) or REPEAT.redo.
        """
        if name == "process":
            return self.tree, "process"
        head, rest = self._split(name)
        if not head:
            raise PathError(f"there is no element `{name}`.", name, self.names, element=True)
        place = self.element(head)
        label = ".".join(rest)
        known = []
        for each, container, key in sequences(place.element):
            if each == label:
                return container, key
            known.append(f"{head}.{each}" if each else head)
        if not known:
            raise PathError(f"`{head}` is a {place.kind}: nothing can stand inside it.")
        raise PathError(f"`{name}` is not a sequence of elements.", name, tuple(known), element=bool(label))

    def slots(self, path: str) -> list[Slot]:
        """Return the fields that `path` means: one, or one for each name that fits its ``*``.

        Raises
        ------
        PathError
            If the element or the field does not exist. The last part of the path may be absent:
            it is then a field to be made.
        """
        segments = path.split(".")
        if segments[0] in SECTIONS and segments[0] not in self.places:
            return self._section(segments, path)
        if "*" in path:
            return [slot for name, rest in self._many(segments) for slot in self._fields(name, rest, path)]
        head, rest = self._split(path)
        if not head:
            known = (*self.names, *SECTIONS)
            raise PathError(f"there is no element `{segments[0]}`.", segments[0], known, element=True)
        return self._fields(head, rest, path)

    def _split(self, path: str) -> tuple[str, list[str]]:
        segments = path.split(".")
        for n in range(len(segments), 0, -1):
            name = ".".join(segments[:n])
            if name in self.places or name in self.parts:
                return name, segments[n:]
        return "", segments

    def _many(self, segments: list[str]) -> list[tuple[str, list[str]]]:
        for n in range(len(segments), segments.index("*"), -1):
            pattern = ".".join(segments[:n])
            found = [name for name in self.names if _fits(pattern, name)]
            if found:
                return [(name, segments[n:]) for name in found]
        pattern = ".".join(segments)
        raise PathError(f"no element fits `{pattern}`.", pattern, self.names, element=True)

    def _fields(self, name: str, rest: list[str], path: str) -> list[Slot]:
        if not rest:
            raise PathError(f"`{path}` is an element; name one of its fields, such as `{path}.effort`.")
        if name in self.parts and name not in self.places:
            merged = self.parts[name].element
            if rest[0] == "effort":
                part = next(p for p in parts_of(merged) if p["part"] == name)
                return [_descend(part, rest, path, name)]
            return [_descend(merged, rest, path, self.parts[name].name)]
        element = self.places[name].element
        kind = self.places[name].kind
        below = rest
        if kind == "choice" and rest[0] != "options" and rest[0] in (element.get("options") or {}):
            below = ["options", *rest]
        elif kind == "parallel" and rest[0] != "branches" and rest[0] in (element.get("branches") or {}):
            below = ["branches", *rest]
        elif rest[0] == "effort" and parts_of(element):
            return [_descend(part, rest, path, str(part["part"])) for part in parts_of(element)]
        elif kind == "block" and rest[0] not in element:
            inside = [p for p in walk(element.get("do")) if p.kind == "step"]
            if len(inside) == 1 and inside[0].name.startswith(name + "."):
                return self._fields(inside[0].name, rest, path)
        return [_descend(element, below, path, name)]

    def _section(self, segments: list[str], path: str) -> list[Slot]:
        section = self.tree.get(segments[0])
        rest = segments[1:]
        if not rest:
            raise PathError(f"`{path}` is a whole section; name a field in it.")
        if segments[0] == "claims":
            return [self._claim(section, rest, path)]
        if segments[0] == "run":
            return [_descend(section, rest, path, "run")]
        if segments[0] == "cases":
            return [self._cases(section, rest, path)]
        if not isinstance(section, dict):
            raise PathError(f"the scenario has no `{segments[0]}`.", path, element=True)
        for n in range(len(rest), 0, -1):
            pattern = ".".join(rest[:n])
            fit = [str(name) for name in section if name == pattern or _fits(pattern, str(name))]
            if fit:
                return [_descend(section, [name, *rest[n:]], path, segments[0]) for name in fit]
        known = tuple(f"{segments[0]}.{name}" for name in section)
        name = ".".join(segments[:2])
        raise PathError(f"there is no `{name}`.", name, known, element=True)

    def _claim(self, claims: Any, rest: list[str], path: str) -> Slot:
        ids = []
        for claim in claims or ():
            if not isinstance(claim, dict):
                continue
            words = str(claim.get("claim")).split(".")
            ids.append(".".join(words))
            if rest[: len(words)] == words and len(rest) > len(words):
                return _descend(claim, rest[len(words) :], path, ".".join(["claims", *words]))
        raise PathError(f"there is no claim `{'.'.join(rest)}`.", ".".join(rest), tuple(ids))

    def _cases(self, cases: Any, rest: list[str], path: str) -> Slot:
        if rest[0] == "arrive" and len(rest) > 1 and isinstance(cases, dict):
            arrive = cases.get("arrive")
            if isinstance(arrive, dict):
                single = is_one_stream(arrive)
                if single and rest[1] == "arrivals" and len(rest) > 2:
                    rest = [rest[0], *rest[2:]]
                elif not single and rest[1] not in arrive and "arrivals" in arrive:
                    rest = [rest[0], "arrivals", *rest[1:]]
                elif not single and rest[1] not in arrive:
                    known = tuple(f"cases.arrive.{s}" for s in arrive)
                    name = ".".join(["cases", *rest])
                    raise PathError(f"there is no stream `{rest[1]}`.", name, known, element=True)
        if rest[0] in ("classes", "attributes") and len(rest) > 1 and isinstance(cases, dict):
            group = cases.get(rest[0])
            if not isinstance(group, dict) or rest[1] not in group:
                known = tuple(f"cases.{rest[0]}.{n}" for n in (group if isinstance(group, dict) else ()))
                name = ".".join(["cases", *rest[:2]])
                raise PathError(f"there is no `{name}`.", name, known, element=True)
        return _descend(cases, rest, path, "cases")


def is_one_stream(arrive: Any) -> bool:
    """Return True if ``arrive`` is one stream written without a name."""
    return isinstance(arrive, dict) and any(key in arrive for key in ("count", "from-csv", "at"))


def _fits(pattern: str, name: str) -> bool:
    parts = (r"[^.]+" if part == "*" else re.escape(part) for part in pattern.split("."))
    return re.fullmatch(r"\.".join(parts), name) is not None


def _descend(container: Any, segments: list[str], path: str, element: str) -> Slot:
    for n, segment in enumerate(segments):
        key: Any = segment
        if isinstance(container, list):
            if not re.fullmatch(r"[0-9]+", segment) or not 0 <= int(segment) - 1 < len(container):
                size = len(container)
                raise PathError(f"`{path}`: `{segment}` is no place in a list of {size} (1 is the first).")
            key = int(segment) - 1
        elif not isinstance(container, dict):
            above = ".".join(segments[:n]) or element
            raise PathError(f"`{path}`: `{above}` has no fields (it is {_shown(container)}).")
        if n == len(segments) - 1:
            return Slot(container, key, path, element, (element, *segments))
        if isinstance(container, dict) and key not in container:
            raise PathError(f"`{path}`: `{element}` has no `{segment}`.", segment, tuple(map(str, container)))
        container = container[key]
    raise PathError(f"`{path}` names no field.")


def _shown(value: Any) -> str:
    return "empty" if value is None else f"`{value}`"
