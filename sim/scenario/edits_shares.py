"""Shares that add up to one: an edit states some of them, the others keep their proportions.

All that the edits of a pass state about one choice (or the classes, an attribute, the classes of a
stream) holds together; the other shares divide what is left as they divided it before.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sim.scenario.edits_find import Slot, clone, is_one_stream
from sim.scenario.edits_work import Work
from sim.scenario.positions import mark_of, marked

REST = "rest"


class Group:
    """Shares that add up to one: label -> (container, key)."""

    def __init__(self, members: dict[str, tuple[Any, Any]]) -> None:
        self.members = members

    def label(self, container: Any, key: Any) -> str | None:
        """Return the label of the share ``container[key]``; None if it is none of these."""
        for label, (mine, own) in self.members.items():
            if mine is container and own == key:
                return label
        return None

    def share(self, label: str) -> Any:
        """Return the raw share; ``rest`` where it is not written."""
        container, key = self.members[label]
        return container.get(key, REST)


class ShareBook:
    """Collects what edits state about shares and writes it all at once."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self.stated: list[tuple[Any, Any, Any]] = []  # container, key, raw share
        self.inserted: list[Any] = []  # containers of shares that were not there before

    def state(self, slot: Slot, share: Any, *, new: bool = False) -> bool:
        """Note that the share at `slot` becomes `share`; False if it is no share.

        Parameters
        ----------
        new : the option or class was inserted: before, the others had the whole.
        """
        if self._group(slot) is None:
            return False
        if new:
            self.inserted.append(slot.container)
        self._note(slot, clone(share))
        return True

    def scale(self, slot: Slot, times: Any) -> bool:
        """Note that the share at `slot` is multiplied; False if it is no share."""
        group = self._group(slot)
        if group is None:
            return False
        label = group.label(slot.container, slot.key)
        noted = [
            share for container, key, share in self.stated if container is slot.container and key == slot.key
        ]
        old = noted[0] if noted else _explicit(group, str(label))
        self._note(slot, marked({"product": [clone(old), clone(times)]}, mark_of(times)))
        return True

    def _note(self, slot: Slot, share: Any) -> None:
        self.stated = [s for s in self.stated if not (s[0] is slot.container and s[1] == slot.key)]
        self.stated.append((slot.container, slot.key, share))

    def _group(self, slot: Slot) -> Group | None:
        if slot.key != "share" and slot.full[0] != "cases":
            return None
        for group in groups(self.work):
            if group.label(slot.container, slot.key) is not None:
                return group
        return None

    def drop(self, container: Any, label: str) -> bool:
        """Remove an option, a class or a value; the shares left divide the whole. False if it is none."""
        for group in groups(self.work):
            place = group.members.get(label)
            if place is not None and (place[0] is container or container.get(label) is place[0]):
                left = [other for other in group.members if other != label]
                if left and any(_is_written(group, other) for other in group.members):
                    _rescale(group, left, None, _total(group, left))
                del container[label]
                return True
        return False

    def write(self) -> None:
        """Write what was stated, and the other shares in proportion."""
        for group in groups(self.work):
            stated: dict[str, Any] = {}
            for container, key, share in self.stated:
                label = group.label(container, key)
                if label is not None:
                    stated[label] = share
            others = [label for label in group.members if label not in stated]
            if stated and others:
                old = Group(
                    {k: v for k, v in group.members.items() if all(v[0] is not c for c in self.inserted)}
                )
                _rescale(group, others, {"complement": _sum(list(stated.values()))}, _total(old, others))
            for label, share in stated.items():
                container, key = group.members[label]
                container[key] = share
        self.stated, self.inserted = [], []


def groups(work: Work) -> Iterator[Group]:
    """Yield every group of shares of a raw tree."""
    for place in work.find.places.values():
        options = place.element.get("options") if place.kind == "choice" else None
        if isinstance(options, dict) and "by" not in place.element:
            yield Group({str(k): (v, "share") for k, v in options.items() if isinstance(v, dict)})
    cases = work.tree.get("cases")
    if not isinstance(cases, dict):
        return
    classes = cases.get("classes")
    if isinstance(classes, dict):
        yield Group({str(k): (v, "share") for k, v in classes.items() if isinstance(v, dict)})
    attributes = cases.get("attributes")
    for values in attributes.values() if isinstance(attributes, dict) else ():
        if isinstance(values, dict):
            yield Group({str(k): (values, k) for k in values})
    arrive = cases.get("arrive")
    if isinstance(arrive, dict):
        for stream in [arrive] if is_one_stream(arrive) else arrive.values():
            mix = stream.get("classes") if isinstance(stream, dict) else None
            if isinstance(mix, dict):
                yield Group({str(k): (mix, k) for k in mix})


def _is_written(group: Group, label: str) -> bool:
    container, key = group.members[label]
    return key in container


def _explicit(group: Group, label: str) -> Any:
    """Return a share as a number even where it is written as ``rest``."""
    share = group.share(label)
    if share != REST:
        return share
    others = [group.share(other) for other in group.members if other != label]
    return {"complement": _sum(others)} if others else 1


def _total(group: Group, labels: list[str]) -> Any:
    """Return the sum of some shares as a raw number."""
    shares = [group.share(label) for label in labels]
    if any(share == REST for share in shares):
        outside = [group.share(label) for label in group.members if label not in labels]
        return {"complement": _sum(outside)} if outside else 1
    return _sum(shares)


def _sum(shares: list[Any]) -> Any:
    return clone(shares[0]) if len(shares) == 1 else {"sum": [clone(share) for share in shares]}


def _rescale(group: Group, labels: list[str], whole: Any, before: Any) -> None:
    """Let `labels` share `whole` (None: 1) as they shared `before`; ``rest`` stays the rest."""
    if len(labels) == 1:
        container, key = group.members[labels[0]]
        if group.share(labels[0]) != REST:
            container[key] = marked(1 if whole is None else whole, mark_of(container))
        return
    for label in labels:
        container, key = group.members[label]
        share = group.share(label)
        if share != REST:
            factor = {"quotient": [1 if whole is None else clone(whole), clone(before)]}
            container[key] = marked({"product": [clone(share), factor]}, mark_of(container))
