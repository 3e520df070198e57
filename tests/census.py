"""What a network holds, and what happened in a run of it: the ground for saying that models reach everything.

`ALL` names every part of the language and every thing that can happen that a set of random models must
reach; ``reached(network, records)`` yields those of one run.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from sim.chance.laws import Law, LawKind
from sim.engine.records import Records, Work
from sim.network.elements import (
    ChoiceBy,
    EndStatus,
    Hands,
    Kind,
    LimitClock,
    Network,
    Node,
    QueueRule,
    ShiftEnd,
)

#: Seconds between midnights, where clocks do not change.
DAY = 86400


def _names(what: str, members: type) -> set[str]:
    return {f"{what} {m.name.lower()}" for m in members}  # type: ignore[attr-defined]


ALL = frozenset(
    _names("kind", Kind)
    | _names("law", LawKind)
    | _names("queue", QueueRule)
    | _names("shift end", ShiftEnd)
    | _names("choice by", ChoiceBy)
    | _names("hands", Hands)
    | _names("work", Work)
    | _names("case", EndStatus)
    | {f"limit on {on} by {c.name.lower()}" for on in ("step", "block") for c in LimitClock}
    | {f"missed limit of {on}" for on in ("step", "block")}
    | {
        f"batch {what}"
        for what in (
            "by size", "dated", "with agenda", "with minutes", "with cut-off", "with cut-off in working time",
            "with working time-out", "whole effort", "each effort", "without effort", "attended",
            "attended by several", "attended by units", "unattended", "bundled", "order first_come",
            "order class", "order earliest_due",
        )
    }
    | {
        f"stream {what}"
        for what in (
            "by count", "exactly", "growing", "shrinking", "uneven", "listed", "with classes", "drawn",
        )
    }
    | {
        "several pools", "three pools", "several units", "any", "any with units", "parts", "patience of step",
        "patience of hold", "hold", "hold within hold", "escalation", "class on miss", "both on miss",
        "counts", "stops clock", "wait in working time", "room", "changing capacity", "attributes drawn",
        "attributes by class", "backlog", "backlog with classes", "fork within fork", "loop within loop",
        "end within branch", "wait within bundle", "step within bundle", "clock change", "other zone",
    }
    | {
        f"happened: {what}"
        for what in (
            "paused work", "overtime", "idle hold", "class changed", "led by another", "rework",
            "several entries", "second alternative", "meeting overflowed", "several meetings",
            "recorded outside the run", "busy pool", "zero work", "backlog waited", "ties",
        )
    }
)  # fmt: skip


def reached(network: Network, records: Records) -> set[str]:
    """Return the names of all that one run reached."""
    return {*_elements(network), *_cases(network), *_happened(network, records)}


# ---- the network -----------------------------------------------------------------------------------


def _laws(law: Law | None) -> Iterator[str]:
    if law is not None:
        yield f"law {law.kind.name.lower()}"
        for _, part in law.parts:
            yield from _laws(part)


def _elements(network: Network) -> Iterator[str]:
    for pool in network.pools:
        if pool.room >= 0:
            yield "room"
        if len(pool.capacity.times) > 1:
            yield "changing capacity"
    for node in network.nodes:
        yield f"kind {node.kind.name.lower()}"
        if any(node.counts):
            yield "counts"
        if node.stops_clock:
            yield "stops clock"
        if node.kind in (Kind.STEP, Kind.WAIT, Kind.BATCH):
            yield f"hands {node.hands.name.lower()}"
        if node.limit is not None:
            yield from _limit(node)
        yield from _element(node, network)
    yield from _nested(network)
    if {c.zone for c in network.calendars} - {network.zone}:
        yield "other zone"
    for calendar in network.calendars:
        midnights = [m for m, _ in calendar.dates if 0 <= m < network.horizon]
        if any((b - a) % DAY for a, b in pairwise(midnights)):
            yield "clock change"


def _element(node: Node, network: Network) -> Iterator[str]:
    if node.kind is Kind.STEP:
        yield from _step(node, network)
    elif node.kind is Kind.WAIT and node.delay is not None:
        yield from _laws(node.delay.law)
        if node.delay.calendar >= 0:
            yield "wait in working time"
    elif node.kind is Kind.CHOICE:
        yield f"choice by {node.by.name.lower()}"
    elif node.kind is Kind.BATCH:
        yield from _batch(node)
    elif node.kind is Kind.BLOCK and node.hold >= 0:
        yield "hold"
        yield from _laws(node.patience)
        if node.patience is not None:
            yield "patience of hold"
        if any(network.nodes[b].hold >= 0 for b in node.blocks if b != node.index):
            yield "hold within hold"


def _limit(node: Node) -> Iterator[str]:
    assert node.limit is not None
    on = "step" if node.kind is Kind.STEP else "block"
    yield f"limit on {on} by {node.limit.clock.name.lower()}"
    moves, changes = node.limit.escalate_to >= 0, node.limit.new_class >= 0
    if moves:
        yield "escalation"
    if changes:
        yield "class on miss"
    if moves and changes:
        yield "both on miss"


def _step(node: Node, network: Network) -> Iterator[str]:
    yield f"shift end {node.shift_end.name.lower()}"
    yield f"queue {network.pools[node.needs[0].pools[0]].rule.name.lower()}"
    if len(node.parts) > 1:
        yield "parts"
    for part in node.parts:
        yield from _laws(part.law)
    yield from _laws(node.patience)
    if node.patience is not None:
        yield "patience of step"
    units = any(u > 1 for need in node.needs for u in need.units)
    if units:
        yield "several units"
    if len(node.needs) > 1:
        yield "any with units" if units else "any"
    most = max(len(need.pools) for need in node.needs)
    if most > 1:
        yield "several pools"
    if most > 2:
        yield "three pools"


def _batch(node: Node) -> Iterator[str]:
    spec = node.meetings
    assert spec is not None
    yield "batch by size" if spec.size else "batch dated"
    yield f"batch order {spec.order.name.lower()}"
    for held, what in (
        (spec.agenda, "with agenda"), (spec.agenda_seconds, "with minutes"), (spec.cut_off, "with cut-off"),
        (spec.cut_off and spec.cut_off_calendar >= 0, "with cut-off in working time"),
        (spec.size and spec.or_after_calendar >= 0, "with working time-out"), (spec.whole, "whole effort"),
        (spec.each, "each effort"), (not spec.whole and not spec.each, "without effort"),
        (spec.attend.pools, "attended"), (not spec.attend.pools, "unattended"),
        (len(spec.attend.pools) > 1, "attended by several"),
        (any(u > 1 for u in spec.attend.units), "attended by units"), (spec.bundle, "bundled"),
    ):  # fmt: skip
        if held:
            yield f"batch {what}"
    for part in (spec.whole, spec.each):
        yield from _laws(part.law if part is not None else None)


def _nested(network: Network) -> Iterator[str]:
    """Yield what stands within branches, repeats and bundles."""
    for node in network.nodes:
        if node.kind is Kind.FORK:
            joins = {n.index for n in network.nodes if n.kind is Kind.JOIN and n.fork == node.index}
            within = _between(network, node.targets, joins)
            if Kind.FORK in within:
                yield "fork within fork"
            if Kind.END in within:
                yield "end within branch"
        elif node.kind is Kind.LOOP and Kind.LOOP in _between(network, node.targets[:1], {node.index}):
            yield "loop within loop"
        elif node.kind is Kind.BATCH and node.meetings is not None and node.meetings.bundle:
            ends = {n.index for n in network.nodes if n.kind is Kind.UNBUNDLE and n.batch == node.index}
            within = _between(network, (node.next,), ends)
            if Kind.STEP in within:
                yield "step within bundle"
            if Kind.WAIT in within:
                yield "wait within bundle"


def _between(network: Network, starts: tuple[int, ...], stops: set[int]) -> set[Kind]:
    """Return the kinds of the nodes that lie on ways from `starts` to `stops`."""
    seen: set[int] = set()
    todo = list(starts)
    while todo:
        index = todo.pop()
        if index >= 0 and index not in seen and index not in stops:
            seen.add(index)
            todo += [network.nodes[index].next, *network.nodes[index].targets]
    return {network.nodes[i].kind for i in seen}


# ---- the cases -------------------------------------------------------------------------------------


def _cases(network: Network) -> Iterator[str]:
    for stream in network.streams:
        yield "stream listed" if stream.times is not None else "stream by count"
        if stream.exactly:
            yield "stream exactly"
        if stream.growth:
            yield "stream growing" if stream.growth > 0 else "stream shrinking"
        if stream.rate is not None and len(set(stream.rate.values)) > 2:
            yield "stream uneven"
        if len(network.classes) > 1:
            stated = stream.classes is not None and max(stream.classes, default=-1) >= 0
            yield "stream with classes" if stated else "stream drawn"
        if stream.times and not 0 <= min(stream.times) <= max(stream.times) < network.horizon:
            yield "happened: recorded outside the run"
    for backlog in network.backlogs:
        yield "backlog"
        yield from _laws(backlog.age.law)
        if backlog.class_shares and len(network.classes) > 1:
            yield "backlog with classes"
    for number, _ in enumerate(network.attributes):
        fixed = [c.attributes[number] >= 0 for c in network.classes if c.attributes]
        if any(fixed):
            yield "attributes by class"
        if not all(fixed) or len(fixed) < len(network.classes):
            yield "attributes drawn"


# ---- what happened ---------------------------------------------------------------------------------


def _happened(network: Network, records: Records) -> Iterator[str]:
    cases, steps = records.cases, records.steps
    yield from (f"case {EndStatus(s).name.lower()}" for s in np.unique(cases["status"]))
    yield from (f"work {Work(s).name.lower()}" for s in np.unique(steps["status"]))
    kinds = np.array([n.kind for n in network.nodes])[steps["element"]]
    worked = (kinds == Kind.STEP) & (steps["started"] >= 0)
    late = steps[steps["missed"]]
    if (kinds[steps["missed"]] == Kind.STEP).any():
        yield "missed limit of step"
    if len(late) and (kinds[steps["missed"]] == Kind.BLOCK_END).any():
        yield "missed limit of block"
    waited = np.maximum(steps["started"] - np.maximum(steps["joined"], 0), 0) * worked
    instants = np.concatenate([steps["ended"][steps["ended"] >= 0], steps["joined"][steps["joined"] >= 0]])
    meetings = records.meetings
    for held, what in (
        (len(records.pieces), "paused work"),
        (records.excess_area.any(), "overtime"),
        (records.held_area.any(), "idle hold"),
        ((cases["final_class"] != cases["class"]).any(), "class changed"),
        (((steps["lead"] >= 0) & (steps["lead"] != steps["case"])).any(), "led by another"),
        (steps["rework"].any(), "rework"),
        ((steps["entry"] > 1).any(), "several entries"),
        ((worked & (steps["option"] > 0)).any(), "second alternative"),
        (_overflowed(network, records), "meeting overflowed"),
        (len(meetings) > 1 and (meetings["number"] > meetings["number"].min()).any(), "several meetings"),
        ((waited > 0).sum() >= 10, "busy pool"),
        ((worked & (steps["effort"] == 0)).any(), "zero work"),
        ((cases["initial"].any() and (steps["joined"] < 0).any()), "backlog waited"),
        (len(instants) >= 20 and len(np.unique(instants)) * 2 < len(instants), "ties"),
    ):
        if held:
            yield f"happened: {what}"


def _overflowed(network: Network, records: Records) -> bool:
    """Whether a meeting took as many as its agenda has room for, and another followed."""
    for node in network.nodes:
        agenda = node.meetings.agenda if node.meetings is not None else 0
        if agenda:
            mine = records.meetings[records.meetings["element"] == node.index]
            if len(mine) > 1 and (mine["taken"] == agenda).any():
                return True
    return False
