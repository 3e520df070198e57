"""The bench on which edits are applied: the tree, an index that is kept up to date, the problems."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sim.errors import Problem
from sim.scenario.edits_find import Finder, PathError, Place, kind_of, sequences
from sim.scenario.fields import near
from sim.scenario.positions import Seq, key_mark, mark_of


@dataclass(frozen=True)
class Change:
    """One raw edit and whose it is: ``owner`` such as ``reform.shared-data``, ``number`` from 1."""

    owner: str
    section: str
    number: int
    edit: Any


class Work:
    """One pass of edits over one raw tree.

    Parameters
    ----------
    known : names that other combinations of changes hold; their absence here is no problem.
    """

    def __init__(self, tree: Any, file: str, known: frozenset[str]) -> None:
        self.tree = tree
        self.file = file
        self.known = known
        self.problems: list[Problem] = []
        self._finder: Finder | None = None

    @property
    def find(self) -> Finder:
        """An index of the tree as it stands."""
        if self._finder is None:
            self._finder = Finder(self.tree)
        return self._finder

    def changed(self) -> None:
        """Forget the index: the structure has changed."""
        self._finder = None

    def attempt(self, change: Change, kind: str, do: Callable[[Change], None]) -> None:
        """Do one edit; a name that is not here is a problem unless another combination holds it."""
        try:
            do(change)
        except PathError as error:
            if not (error.element and self.is_known(error.name or str(change.edit[kind]))):
                self.problem(change, error, kind)

    def problem(self, change: Change, error: PathError, kind: str) -> None:
        """Record what is wrong with an edit, at its first value."""
        mark = mark_of(change.edit, kind)
        if not mark.line and isinstance(change.edit, dict):
            mark = key_mark(change.edit, kind)
        hint = error.hint or (near(error.name, error.known) if error.known else "")
        where = f"{change.owner}.edits.{change.number}"
        self.problems.append(Problem(self.file, *mark, where, error.what, hint))

    def is_known(self, path: str) -> bool:
        """Return True if some combination of changes holds what `path` begins with."""
        segments = path.split(".")
        return any(".".join(segments[:n]) in self.known for n in range(len(segments), 0, -1))

    def names(self, value: Any) -> list[str]:
        """Return the elements that a name, a pattern or a list of them means, and that are here."""
        found = []
        for pattern in value if isinstance(value, list) else [value]:
            for name in self.find.elements(str(pattern)):
                if name in self.find.places or name in self.find.parts:
                    found.append(name)
                elif not self.is_known(name):
                    self.find.element(name)  # raises
        return found

    def anchor(self, change: Change) -> tuple[list[Any], int, str]:
        """Return (list, index, words) of the place that an edit names by before, after or the like."""
        edit = change.edit
        words = [word for word in ("before", "after", "at-start-of", "at-end-of") if word in edit]
        if len(words) != 1:
            raise PathError(
                "where it goes must be said once.",
                hint="One of `before`, `after`, `at-start-of`, `at-end-of`.",
            )
        word, name = words[0], str(edit[words[0]])
        if word in ("before", "after"):
            place = self.find.element(name)
            return place.items, place.index + (word == "after"), f"{word} {name}"
        container, key = self.find.sequence(name)
        items = container.get(key)
        if not isinstance(items, list):
            items = Seq()
            items.mark = mark_of(container)
            container[key] = items
        return items, (0 if word == "at-start-of" else len(items)), f"{word} {name}"

    def detach(self, place: Place) -> Any:
        """Take an element out of its sequence and return it."""
        for index, element in enumerate(place.items):
            if element is place.element:
                del place.items[index]
                break
        self.changed()
        return place.element

    def tidy(self, emptied: list[Any]) -> None:
        """Drop what edits have emptied: branches of nothing, repeats of nothing, blocks of nothing."""
        again = True
        while again:
            again = False
            for place in list(self.find.places.values()):
                if self._hollow(place.element, emptied):
                    emptied.append(place.items)
                    self.detach(place)
                    again = True
                    break

    def _hollow(self, element: Any, emptied: list[Any]) -> bool:
        """Drop empty branches of `element`; return True if nothing is left in it."""
        kind = kind_of(element)
        inside = [(label, container, key) for label, container, key in sequences(element)]
        touched = [
            (label, container)
            for label, container, key in inside
            if any(container.get(key) is items for items in emptied) and not container[key]
        ]
        if not touched:
            return False
        if kind == "parallel":
            for label, branches in touched:
                branches.pop(label, None)
            self.changed()
            if len(element["branches"]) == 1:
                alone(element)
                return False
            return not element["branches"]
        if kind in ("block", "repeat"):
            return all(not container.get(key) for _, container, key in inside)
        return False


def alone(element: Any) -> None:
    """Turn a parallel of which one branch is left into a block of the same name."""
    items = next(iter(element.pop("branches").values()))
    fields = {key: element[key] for key in element if key not in ("parallel", "branches")}
    name = element["parallel"]
    element.clear()
    element.update({"block": name, **fields, "do": items})


def backlogs(tree: Any) -> list[Any]:
    """Return the raw backlogs of a tree."""
    cases = tree.get("cases")
    backlog = cases.get("backlog") if isinstance(cases, dict) else None
    return [item for item in backlog if isinstance(item, dict)] if isinstance(backlog, list) else []
