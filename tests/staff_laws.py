"""What staff must keep in every run: head-count, order of priority, first come first served within a step.

The state of each pool is put together from the rows of the records and compared with what the engine said.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np

from sim.engine.records import Work
from sim.network.elements import Kind, LimitClock, Need, Node, QueueRule, ShiftEnd
from tests.random_runs import Ran

NEVER = 1 << 62
#: (start, stop, units, may exceed the head-count)
Stretch = tuple[int, int, int, bool]


def stretches(ran: Ran) -> tuple[dict[int, list[Stretch]], set[int]]:
    """Return when units of each pool were at work, and the pools of which the rows do not say it."""
    network, records = ran.network, ran.records
    found: dict[int, list[Stretch]] = defaultdict(list)
    unsure: set[int] = set()

    def add(need: Need, start: int, stop: int, over: bool) -> None:
        for pool, units in zip(need.pools, need.units, strict=True):
            if stop > start:
                found[pool].append((start, stop, units, over))

    held = {(int(m["element"]), int(m["number"])): m for m in records.meetings}
    going: dict[tuple[int, int], int] = {}
    for number, row in enumerate(records.steps):
        node = network.nodes[int(row["element"])]
        if node.kind == Kind.BATCH and row["started"] >= 0:
            going[node.index, int(row["meeting"])] = int(row["started"])
        if node.kind != Kind.STEP or row["started"] < 0 or row["lead"] not in (-1, row["case"]):
            continue
        pieces = records.pieces[records.pieces["row"] == number]
        stop = int(row["ended"]) if row["ended"] >= 0 else records.stopped + 1
        parts = [(int(p["start"]), int(p["stop"])) for p in pieces] or [(int(row["started"]), stop)]
        if len(parts) > 1 and len(node.needs) > 1:
            # Paused work may go on with another pool of `any`; the row says only the last.
            for need in node.needs:
                for pool in need.pools:
                    unsure.add(pool)
        for a, b in parts:
            add(node.needs[int(row["option"])], a, b, node.shift_end == ShiftEnd.FINISH)
    for (element, number), start in going.items():
        spec = network.nodes[element].meetings
        assert spec is not None
        meeting = held.get((element, number))
        add(spec.attend, start, records.stopped + 1 if meeting is None else int(meeting["ended"]), True)
    return found, unsure


def head_count_is_kept(ran: Ran) -> None:
    """No more units work than are on shift, but for work that finishes; the engine counted the same."""
    network, records = ran.network, ran.records
    work, unsure = stretches(ran)
    for row in records.pools[~np.isin(records.pools["pool"], sorted(unsure))]:
        t, pool = int(row["time"]), int(row["pool"])
        capacity = int(network.pools[pool].capacity.at(t))
        assert row["capacity"] == capacity, row
        now = [s for s in work[pool] if s[0] <= t < s[1]]
        busy = sum(units for _, _, units, _ in now)
        assert row["busy"] == busy, (row, now)
        assert row["held"] >= 0, row
        if busy > capacity:
            assert sum(units for _, _, units, over in now if over) >= busy - capacity, (row, now)
            assert all(start < t for start, _, _, _ in now), (row, now)


def waiting_is_counted(ran: Ran) -> None:
    """Cases waiting, as the engine counted them at each change, are those that the rows say."""
    records = ran.records
    pools = np.array(_first_pools(ran))[records.steps["element"]]
    left = np.where(records.steps["started"] >= 0, records.steps["started"], records.steps["ended"])
    left = np.where(left >= 0, left, NEVER)
    for pool in range(len(ran.network.pools)):
        mine = (pools == pool) & _own(ran)
        rows = records.pools[records.pools["pool"] == pool]
        came = np.searchsorted(np.sort(records.steps["joined"][mine]), rows["time"], side="right")
        went = np.searchsorted(np.sort(left[mine]), rows["time"], side="right")
        wrong = rows["waiting"] != came - went
        assert not wrong.any(), (rows[wrong], (came - went)[wrong])


def _own(ran: Ran) -> np.ndarray:
    """Return which rows are no copies of the work of a bundle's leader."""
    lead = ran.records.steps["lead"]
    return (lead == -1) | (lead == ran.records.steps["case"])


def _first_pools(ran: Ran) -> list[int]:
    """Return the first-named pool of each node; -1 where nobody is waited for."""
    found = []
    for node in ran.network.nodes:
        pools = node.needs[0].pools if node.kind == Kind.STEP else ()
        found.append(pools[0] if pools else node.hold if node.kind == Kind.BLOCK else -1)
    return found


def areas_are_those_of_the_states(ran: Ran) -> None:
    """Unit-seconds busy, beyond the head-count and held idle are the integrals of the pool states."""
    network, records = ran.network, ran.records
    first, last = network.window
    for pool in range(len(network.pools)):
        rows = records.pools[records.pools["pool"] == pool]
        sums = {"busy": 0, "excess": 0, "held": 0, "queue": 0}
        times = [*(int(t) for t in rows["time"]), NEVER]
        for i, row in enumerate(rows):
            span = max(0, min(times[i + 1], last) - max(times[i], first))
            sums["busy"] += span * int(min(row["busy"], row["capacity"]))
            sums["excess"] += span * int(max(0, row["busy"] - row["capacity"]))
            sums["held"] += span * int(min(row["held"], max(0, row["capacity"] - row["busy"])))
            sums["queue"] += span * int(row["waiting"])
        # Before the first change nobody works, but a backlog may wait: it joined at the first second.
        assert sums["busy"] == records.busy_area[pool]
        assert sums["excess"] == records.excess_area[pool]
        assert sums["held"] == records.held_area[pool]
        assert sums["queue"] == records.queue_area[pool]


def room_is_kept(ran: Ran) -> None:
    """At the end of each second no more wait for a pool with bounded room than it has room for."""
    for row in ran.records.pools:
        room = ran.network.pools[int(row["pool"])].room
        assert room < 0 or row["waiting"] <= room, row


def no_unit_idles_while_work_waits(ran: Ran) -> None:
    """At the end of each second nothing waits that one free unit of its pool could do."""
    network, records = ran.network, ran.records
    steps = records.steps
    left = np.where(steps["started"] >= 0, steps["started"], steps["ended"])
    left = np.where(left >= 0, left, NEVER)
    for pool in range(len(network.pools)):
        plain = [
            n.index
            for n in network.nodes
            if n.kind == Kind.STEP and _plain(n) and n.needs[0].pools == (pool,)
        ]
        mine = steps[np.isin(steps["element"], plain) & _own(ran)]
        gone = left[np.isin(steps["element"], plain) & _own(ran)]
        rows = records.pools[records.pools["pool"] == pool]
        for row in rows[rows["capacity"] - rows["busy"] - rows["held"] > 0]:
            waiting = (np.maximum(mine["joined"], 0) <= row["time"]) & (gone > row["time"])
            assert not waiting.any(), (row, mine[waiting])


def nobody_overtakes_in_a_step(ran: Ran) -> None:
    """Within one step the work that starts is first by the queue rule among those that wait on."""
    _no_overtaking(ran, lambda one, other: one.index == other.index)


def nobody_overtakes_in_a_pool(ran: Ran) -> None:
    """Nor does lower work start while higher work that one free unit would have started waits on."""
    _no_overtaking(ran, lambda one, other: one.index != other.index and _plain(one) and _plain(other))


def _plain(node: Node) -> bool:
    """Whether any one free unit of its pool can start the work of a step."""
    needs = node.needs
    return len(needs) == 1 and needs[0].units == (1,) and node.shift_end != ShiftEnd.FITS and not node.blocks


def _no_overtaking(ran: Ran, comparable: Any) -> None:
    network, records = ran.network, ran.records
    steps, cases = records.steps, records.cases
    first = _first_pools(ran)
    if any(n.limit is not None and n.limit.new_class >= 0 for n in network.nodes):
        return  # the class by which work was ordered at some time is not on record
    own = [n.index for n in network.nodes if n.kind == Kind.STEP and n.escalated_from < 0]
    steps = steps[np.isin(steps["element"], own) & _own(ran)]
    pools = np.array(first)[steps["element"]]
    left = np.where(steps["started"] >= 0, steps["started"], steps["ended"])
    left = np.where(left >= 0, left, NEVER)
    keys = [_key(ran, network.pools[p].rule, row, cases) for p, row in zip(pools, steps, strict=True)]
    elements = steps["element"].tolist()
    for v in np.flatnonzero(steps["started"] >= 0):
        t = int(steps["started"][v])
        node = network.nodes[elements[v]]
        for w in np.flatnonzero((steps["joined"] < t) & (left > t) & (pools == pools[v])):
            other = network.nodes[elements[w]]
            if keys[v] < keys[w] or not comparable(node, other):
                continue
            if node.index != other.index and _somebody_paused(ran, other.index, t):
                continue  # paused work stands at the head of that step
            raise AssertionError((network.pools[pools[v]].rule, steps[v], steps[w]))


def _somebody_paused(ran: Ran, element: int, t: int) -> bool:
    rows = np.flatnonzero(ran.records.steps["element"] == element)
    paused = rows[np.isin(rows, ran.records.pieces["row"])]
    steps = ran.records.steps[paused]
    return bool(((steps["started"] <= t) & ((steps["ended"] >= t) | (steps["ended"] < 0))).any())


def _key(ran: Ran, rule: QueueRule, row: np.void, cases: np.ndarray) -> tuple[int, ...]:
    case = cases[row["case"]]
    value = 0
    if rule == QueueRule.CLASS:
        value = ran.network.classes[int(case["class"])].priority
    elif rule == QueueRule.EARLIEST_DUE:
        value = int(row["due"]) if row["due"] >= 0 else NEVER
    elif rule == QueueRule.SHORTEST_EFFORT:
        value = int(row["effort"])
    return (
        value,
        int(row["joined"]),
        int(case["stream"]),
        int(case["number"]),
        int(row["element"]),
        int(row["entry"]),
    )


def limits_are_judged_by_their_due_time(ran: Ran) -> None:
    """On a clock that never stops, a limit is missed if and only if the work ends after it was due."""
    for row in ran.rows(Kind.STEP):
        limit = ran.node_of(row).limit
        if limit is None or limit.clock == LimitClock.LEGAL or row["lead"] not in (-1, row["case"]):
            continue
        due = int(row["joined"]) + limit.seconds
        if limit.calendar >= 0:
            due = ran.network.calendars[limit.calendar].add_open(int(row["joined"]), limit.seconds)
        assert row["due"] == due, row
        if row["status"] == Work.MOVED:
            assert row["missed"], row
            assert row["ended"] == max(due, 0), row
        else:
            ended = int(row["ended"]) if row["ended"] >= 0 else ran.records.stopped + 1
            assert row["missed"] == (ended > due), row


LAWS = (
    head_count_is_kept,
    waiting_is_counted,
    areas_are_those_of_the_states,
    room_is_kept,
    no_unit_idles_while_work_waits,
    nobody_overtakes_in_a_step,
    nobody_overtakes_in_a_pool,
    limits_are_judged_by_their_due_time,
)
