"""Insert edits: new elements of the process, new pools, classes, streams, calendars and numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sim.scenario.edits_find import PathError, Slot, clone, is_one_stream, name_of, walk
from sim.scenario.edits_shares import ShareBook
from sim.scenario.edits_work import Change, Work
from sim.scenario.positions import Map, mark_of, marked

KINDS = (
    "insert",
    "insert-pools",
    "insert-classes",
    "insert-streams",
    "insert-calendars",
    "insert-numbers",
    "insert-options",
    "insert-branches",
)

SECTION_OF = {"insert-pools": "pools", "insert-calendars": "calendars", "insert-numbers": "numbers"}


def insert_all(work: Work, shares: ShareBook, edits: Sequence[Change]) -> None:
    """Do all inserts of a pass; one may stand beside what another inserts, in any order."""
    waiting: list[Change] = []
    last: dict[int, Any] = {}  # what was put last after an element: the next goes after that
    for change in edits:
        kind = next(k for k in KINDS if k in change.edit)
        if kind in SECTION_OF:
            work.attempt(change, kind, lambda c: _into_section(work, c))
        elif kind == "insert-classes":
            work.attempt(change, kind, lambda c: _classes(work, shares, c))
        elif kind == "insert-streams":
            work.attempt(change, kind, lambda c: _streams(work, c))
        else:
            waiting.append(change)
    while waiting:
        left = [change for change in waiting if not _try(work, shares, change, last)]
        if len(left) == len(waiting):
            for change in left:
                _place(work, shares, change, last)
            return
        waiting = left


def _try(work: Work, shares: ShareBook, change: Change, last: dict[int, Any]) -> bool:
    """Do one insert unless the place where it goes is not there yet."""
    try:
        _insert(work, shares, change, last)
    except PathError as error:
        if error.element:
            return False
        work.problem(change, error, next(k for k in KINDS if k in change.edit))
    return True


def _place(work: Work, shares: ShareBook, change: Change, last: dict[int, Any]) -> None:
    kind = next(k for k in KINDS if k in change.edit)
    try:
        _insert(work, shares, change, last)
    except PathError as error:
        if work.is_known(error.name):
            what = (
                f"`{error.name}` is not there in every combination of levers, "
                "so nothing can be put beside it."
            )
            hint = "Insert both in one lever, or put it beside an element of the service before."
            error = PathError(what, hint=hint)
        work.problem(change, error, kind)


def _insert(work: Work, shares: ShareBook, change: Change, last: dict[int, Any]) -> None:
    if "insert-options" in change.edit:
        _options(work, shares, change)
    elif "insert-branches" in change.edit:
        _branches(work, change)
    else:
        _elements(work, change, last)


def _elements(work: Work, change: Change, last: dict[int, Any]) -> None:
    elements = change.edit["insert"]
    if not isinstance(elements, list) or not elements:
        raise PathError(
            "`insert` needs a list of elements.", hint="Write `insert: [...]` or lines with `- `."
        )
    items, index, _ = work.anchor(change)
    anchor = items[index - 1] if "after" in change.edit else None
    if anchor is not None:
        behind = last.get(id(anchor))
        for place, element in enumerate(items):
            if element is behind:
                index = place + 1
    new = [clone(element) for element in elements]
    _check_new(work, {p.name for element in new for p in walk([element])})
    items[index:index] = new
    if anchor is not None:
        last[id(anchor)] = new[-1]
    work.changed()


def _check_new(work: Work, names: set[str]) -> None:
    for name in sorted(names):
        place = work.find.places.get(name)
        if place is not None and place.kind != "end":
            raise PathError(
                f"there is already an element `{name}`.", hint="Give the new one a name of its own."
            )


def _mapping(change: Change, kind: str) -> Any:
    new = change.edit[kind]
    if not isinstance(new, dict) or not new:
        raise PathError(f"`{kind}` needs a mapping of names.")
    return new


def _section(work: Work, change: Change, container: Any, name: str) -> Any:
    if not isinstance(container.get(name), dict):
        section = Map()
        section.mark = mark_of(change.edit)
        container[name] = section
    return container[name]


def _add(section: Any, new: Any, what: str) -> None:
    for name, value in new.items():
        if name in section:
            raise PathError(
                f"there is already a {what} `{name}`.", hint="Give the new one a name of its own."
            )
        section[name] = clone(value)


def _into_section(work: Work, change: Change) -> None:
    kind = next(k for k in SECTION_OF if k in change.edit)
    name = SECTION_OF[kind]
    _add(_section(work, change, work.tree, name), _mapping(change, kind), name.removesuffix("s"))


def _classes(work: Work, shares: ShareBook, change: Change) -> None:
    new = _mapping(change, "insert-classes")
    cases = _section(work, change, work.tree, "cases")
    if not isinstance(cases.get("classes"), dict):
        cases["classes"] = marked({"case": {"share": 1}}, mark_of(change.edit))
    _add(cases["classes"], new, "class")
    for name in new:
        made = cases["classes"][name]
        if isinstance(made, dict) and "share" in made:
            slot = Slot(made, "share", f"cases.classes.{name}.share", name, ("cases",))
            shares.state(slot, made["share"], new=True)


def _streams(work: Work, change: Change) -> None:
    new = _mapping(change, "insert-streams")
    cases = _section(work, change, work.tree, "cases")
    arrive = cases.get("arrive")
    if is_one_stream(arrive):
        cases["arrive"] = marked({"arrivals": arrive}, mark_of(arrive))
    _add(_section(work, change, cases, "arrive"), new, "stream")


def _options(work: Work, shares: ShareBook, change: Change) -> None:
    choice = work.find.element(str(change.edit.get("into")))
    options = choice.element.get("options")
    if choice.kind != "choice" or not isinstance(options, dict):
        raise PathError(f"`{choice.name}` is a {choice.kind}: options go into a choice.")
    new = _mapping(change, "insert-options")
    _check_new(work, _inside(new, "do"))
    _add(options, new, "option")
    for label in new:
        option = options[label]
        if isinstance(option, dict) and "share" in option and "by" not in choice.element:
            slot = Slot(option, "share", f"{choice.name}.{label}.share", choice.name, ())
            shares.state(slot, option["share"], new=True)
    work.changed()


def _branches(work: Work, change: Change) -> None:
    fork = work.find.element(str(change.edit.get("into")))
    branches = fork.element.get("branches")
    if fork.kind != "parallel" or not isinstance(branches, dict):
        raise PathError(f"`{fork.name}` is a {fork.kind}: branches go into a parallel.")
    new = _mapping(change, "insert-branches")
    _check_new(work, {p.name for items in new.values() for p in walk(items)})
    _add(branches, new, "branch")
    work.changed()


def _inside(new: Any, key: str) -> set[str]:
    found: set[str] = set()
    for value in new.values():
        items = value.get(key) if isinstance(value, dict) else None
        found |= {place.name for place in walk(items)}
    return found


__all__ = ["KINDS", "insert_all", "name_of"]
