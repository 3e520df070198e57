"""Remove edits: elements, branches, options, pools, classes, streams, fields; and whole levers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sim.scenario.edits_find import CHANGE_LISTS, PathError, Place, kind_of, name_of, walk
from sim.scenario.edits_shares import ShareBook
from sim.scenario.edits_work import Change, Work, alone, backlogs


def remove(work: Work, shares: ShareBook, change: Change) -> None:
    """Remove what a path names, or each of a list of paths."""
    paths = change.edit["remove"]
    for path in paths if isinstance(paths, list) else [paths]:
        _remove(work, shares, change, str(path))


def _remove(work: Work, shares: ShareBook, change: Change, path: str) -> None:
    head, _, rest = path.partition(".")
    if head in CHANGE_LISTS and head not in work.find.places:
        _change(work, change, head, rest)
        return
    names = work.find.elements(path) if "*" in path and _fits_elements(work, path) else [path]
    for name in names:
        if name in work.find.places or name in work.find.parts:
            _element(work, name)
        elif not _inside(work, shares, name):
            _field(work, shares, name)


def _fits_elements(work: Work, pattern: str) -> bool:
    try:
        return bool(work.find.elements(pattern))
    except PathError:
        return False


def _change(work: Work, change: Change, section: str, name: str) -> None:
    if change.section != "readings":
        raise PathError(f"only a reading can remove a lever or a context: `{section}.{name}`.")
    items = work.tree.get(section) or []
    key = CHANGE_LISTS[section]
    for index, item in enumerate(items):
        if isinstance(item, dict) and str(item.get(key)) == name:
            del items[index]
            return
    known = tuple(f"{section}.{item.get(key)}" for item in items if isinstance(item, dict))
    raise PathError(f"there is no {key} `{name}`.", f"{section}.{name}", known)


def _element(work: Work, name: str) -> None:
    place = work.find.element(name)
    if place.name != name:  # a part of a merged step
        parts = place.element["parts"]
        parts[:] = [part for part in parts if part["part"] != name]
        work.changed()
        if parts:
            return
    _move_backlog(work, place)
    ends = work.find.ends.get(name) if place.kind == "end" else None
    for each in ends or [place]:
        work.detach(each)
        work.tidy([each.items])
    if place.kind == "batch":
        bundle = work.find.places.get(f"{place.name}/unbundle")
        if bundle is not None:
            work.detach(bundle)
            work.tidy([bundle.items])


def _move_backlog(work: Work, place: Place) -> None:
    """Cases that waited at an element taken away wait at the next one on their way where cases can wait.

    Choices and parallels are passed over; where nothing follows, the cases are done before the start.
    """
    gone = {inner.name for inner in walk([place.element])}
    following = [e for items, index in reversed(place.trail) for e in items[index + 1 :]]
    found = next((name for element in following for name in _waiting_places(element)), None)
    for item in backlogs(work.tree):
        if item.get("at") in gone:
            if found is not None:
                item["at"] = found
            else:
                work.tree["cases"]["backlog"].remove(item)


def _waiting_places(element: Any) -> Iterator[str]:
    """Yield the names of an element, or of those within it on every case's way, where cases can wait."""
    kind = kind_of(element)
    if kind in ("step", "wait", "batch") or (kind == "block" and "hold" in element):
        yield name_of(element)
    elif kind in ("block", "repeat"):
        for inner in element.get("do") or ():
            yield from _waiting_places(inner)


def _inside(work: Work, shares: ShareBook, path: str) -> bool:
    """Remove an option of a choice or a branch of a parallel; False if the path names neither."""
    head, _, label = path.rpartition(".")
    place = work.find.places.get(head)
    if place is None or place.kind not in ("choice", "parallel"):
        return False
    within: Any = place.element.get("options" if place.kind == "choice" else "branches")
    if not isinstance(within, dict) or label not in within:
        return False
    if place.kind == "parallel" or not shares.drop(within, label):
        del within[label]
    work.changed()
    if not within:
        work.detach(place)
        work.tidy([place.items])
    elif place.kind == "parallel" and len(within) == 1:
        alone(place.element)
    return True


def _field(work: Work, shares: ShareBook, path: str) -> None:
    for slot in work.find.slots(path):
        if not slot.present:
            absent = path.startswith(("pools.", "calendars.", "numbers.", "cases."))
            known = tuple(map(str, slot.container)) if isinstance(slot.container, dict) else ()
            raise PathError(f"there is no `{path}` to remove.", path, known, element=absent)
        if not (isinstance(slot.container, dict) and shares.drop(slot.container, str(slot.key))):
            del slot.container[slot.key]
    work.changed()
