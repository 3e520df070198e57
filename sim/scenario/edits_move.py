"""Edits that rearrange the process: move elements, run a span of them in parallel."""

from __future__ import annotations

from typing import Any

from sim.scenario.edits_find import PathError, Place, kind_of, name_of, sequences, walk
from sim.scenario.edits_work import Change, Work, backlogs
from sim.scenario.positions import Map, Seq, mark_of


def move(work: Work, change: Change) -> None:
    """Move elements, in the order listed, before or after another, or into a sequence."""
    names = work.names(change.edit["move"])
    if not names:
        return
    places = [work.find.element(name) for name in dict.fromkeys(names)]
    places = [p for n, p in enumerate(places) if all(p.element is not q.element for q in places[:n])]
    moved = {id(p.element) for p in places}
    for word in ("before", "after", "at-start-of", "at-end-of"):
        if word in change.edit:
            _check_outside(work, str(change.edit[word]), places, word)
    emptied = [place.items for place in places]
    elements = [work.detach(place) for place in places]
    items, index, _ = work.anchor(change)
    items[index:index] = elements
    work.changed()
    work.tidy([each for each in emptied if all(id(e) not in moved for e in each)])


def _check_outside(work: Work, anchor: str, places: list[Place], word: str) -> None:
    if anchor == "process":
        return
    if word in ("before", "after"):
        targets = [work.find.element(anchor).element]
    else:
        container, key = work.find.sequence(anchor)
        targets = [
            p.element for p in walk(Seq([q.element for q in places])) if _holds(p.element, container, key)
        ]
    for place in places:
        for inner in walk(Seq([place.element])):
            if any(inner.element is target for target in targets):
                raise PathError(f"`{place.name}` cannot be moved to a place within itself.")


def _holds(element: Any, container: Any, key: str) -> bool:
    return any(c is container and k == key for _, c, k in sequences(element))


def joint_name(edit: Any) -> str:
    """Return the name of the parallel block that an edit makes."""
    if "as" in edit:
        return str(edit["as"])
    names = edit["parallel"] if isinstance(edit["parallel"], list) else [edit["parallel"]]
    return f"{names[0]}-with-{names[-1]}" if names else ""


def parallel(work: Work, change: Change) -> None:
    """Run a span of elements in parallel: from the first to the last named, all between included.

    The span is taken in the innermost sequence that holds all those named. Each of its elements
    becomes a branch named after it; a mark stays behind the element that it follows.
    """
    if not isinstance(change.edit["parallel"], list) or len(change.edit["parallel"]) < 2:
        raise PathError("`parallel` needs at least two elements.", hint="Write `parallel: [first, last]`.")
    names = work.names(change.edit["parallel"])
    places = [work.find.element(name) for name in names]
    if len({id(p.element) for p in places}) < 2:
        return
    items, first, last = _span(places)
    if first == last:
        return
    branches: dict[str, Any] = {}
    for element in items[first : last + 1]:
        kind, name = kind_of(element), name_of(element)
        if kind == "end":
            raise PathError(f"the end `{name}` lies between the elements: an end cannot be a branch.")
        if kind in ("mark", "unbundle"):
            if not branches:
                raise PathError(
                    f"the {kind} `{name}` cannot be a branch of its own.", hint="Begin with a step."
                )
            _check_bundle(element, list(branches.values())[-1])
            list(branches.values())[-1].append(element)
        else:
            branches[name] = Seq([element])
    if len(branches) < 2:
        return
    name = joint_name(change.edit)
    if name in work.find.places:
        raise PathError(f"there is already an element `{name}`.", hint="Say `as: ANOTHER-NAME`.")
    made = Map({"parallel": name, "branches": Map(branches)})
    made.mark = made["branches"].mark = mark_of(change.edit, "parallel")
    for branch in branches.values():
        branch.mark = mark_of(branch[0])
    within = {inner.name for inner in walk(items[first : last + 1])}
    items[first : last + 1] = [made]
    for backlog in backlogs(work.tree):
        if backlog.get("at") in within:  # a case cannot begin in one of several branches
            backlog["at"] = made["parallel"]
    work.changed()


def _check_bundle(element: Any, branch: list[Any]) -> None:
    if kind_of(element) == "unbundle" and all(p.name != element["unbundle"] for p in walk(branch)):
        raise PathError(
            f"`{element['unbundle']}` takes cases as a bundle up to `{name_of(element)}`: "
            "they cannot part in between."
        )


def _span(places: list[Place]) -> tuple[list[Any], int, int]:
    """Return (list, first index, last index) in the innermost sequence that holds all places."""
    trails = [place.trail for place in places]
    for depth in range(min(len(t) for t in trails) - 1, -1, -1):
        items = trails[0][depth][0]
        if all(t[depth][0] is items for t in trails):
            indices = [t[depth][1] for t in trails]
            return items, min(indices), max(indices)
    raise AssertionError("the process itself holds every element")
