"""Small networks and records written down by hand, row by row, for the tests of the measures."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np

from sim.engine.records import (
    CASE_DTYPE,
    MEETING_DTYPE,
    PIECE_DTYPE,
    POOL_DTYPE,
    STEP_DTYPE,
    Records,
    Work,
)
from sim.network.elements import CaseClass, EndStatus, Kind, Need, Network, Node, Pool
from sim.worktime.calendar import Calendar, build_calendar
from sim.worktime.steps import Steps

MINUTE, HOUR, DAY, WEEK = 60, 3600, 86_400, 7 * 86_400
ORIGIN = date(2023, 2, 6)  # a Monday

#: Two desks open from 9 to 12 and from 14 to 18 o'clock, on each of the first 20 days.
DESK_HOURS = ((9, 12), (14, 18))


def hours(clock: float, day: int = 0) -> int:
    """Second at which the clock shows `clock` (14.5 is half past two) on a day of the run."""
    return day * DAY + round(clock * HOUR)


def shift(*spans: tuple[float, float], days: int = 20, size: int = 1) -> Steps:
    """Capacity of `size` within the given hours of each of the first `days` days, else 0."""
    changes = {0: 0}
    for day in range(days):
        for start, stop in spans:
            changes[hours(start, day)] = size
            changes[hours(stop, day)] = 0
    return Steps(tuple(changes), tuple(changes.values()))


def office_calendar(**more: Any) -> Calendar:
    """Monday to Friday, 9 to 12 and 14 to 18 o'clock, Shanghai, without holidays unless asked."""
    week = {day: [("09:00", "12:00"), ("14:00", "18:00")] for day in range(5)}
    cover = {"first": ORIGIN, "last": date(2023, 12, 31)}
    return build_calendar("office", week, zone="Asia/Shanghai", origin=ORIGIN, **cover, **more)


def node(name: str, kind: Kind, **fields: Any) -> Node:
    """Return a node; indices come with `Hand`. ``fork`` and ``block`` may be names."""
    return Node(-1, name, 0, kind, **fields)


def step(name: str, *pools: int, **fields: Any) -> Node:
    """Return a step that needs one unit of each of `pools` at once."""
    return node(name, Kind.STEP, needs=(Need(pools, (1,) * len(pools)),), **fields)


class Hand:
    """A network of named nodes, and rows added one by one."""

    def __init__(
        self,
        *nodes: Node,
        capacity: tuple[Steps, ...] = (),
        window: tuple[int, int] = (0, 20 * DAY),
        stopped: int = 20 * DAY,
        calendars: tuple[Calendar, ...] = (),
        classes: tuple[str, ...] = ("case",),
        counters: tuple[str, ...] = (),
    ) -> None:
        every = (*nodes, node("done", Kind.END, end_status=EndStatus.DONE),
                 node("refused", Kind.END, end_status=EndStatus.REFUSED),
                 node("withdrawn", Kind.END, end_status=EndStatus.WITHDRAWN),
                 node("turned-away", Kind.END, end_status=EndStatus.TURNED_AWAY))  # fmt: skip
        self.index = {n.name: i for i, n in enumerate(every)}
        pools = tuple(Pool(i, f"pool-{i}", c) for i, c in enumerate(capacity))
        self.network = Network(
            scenario="hand", variant="before", origin=ORIGIN.isoformat(), zone="Asia/Shanghai", window=window,
            horizon=stopped + 1, calendars=calendars, pools=pools,
            classes=tuple(CaseClass(name, 1 / len(classes), i) for i, name in enumerate(classes)),
            attributes=(), streams=(), backlogs=(), counters=counters, case_counts=(),
            nodes=tuple(self._numbered(n) for n in every), entry=0, withdrawn=self.index["withdrawn"],
            turned_away=self.index["turned-away"], default_calendar=0 if calendars else -1,
        )  # fmt: skip
        self.stopped = stopped
        self.cases: list[tuple[Any, ...]] = []
        self.rows: list[tuple[Any, ...]] = []
        self.pieces: list[tuple[int, int, int]] = []
        self.counts: list[list[float]] = []

    def _numbered(self, n: Node) -> Node:
        named = {f: self.index[getattr(n, f)] for f in ("fork", "block") if isinstance(getattr(n, f), str)}
        return replace(n, index=self.index[n.name], **named)

    def case(
        self, arrived: int, ended: int = -1, end: str = "done", *, cls: int = 0, initial: bool = False,
        counts: tuple[float, ...] = (),
    ) -> int:  # fmt: skip
        """Add a case, in order of arrival; return its row."""
        at = self.index[end] if ended >= 0 else -1
        status = self.network.nodes[at].end_status if ended >= 0 else EndStatus.OPEN
        self.cases.append((0, len(self.cases), cls, cls, arrived, ended, status, at, initial))
        self.counts.append(list(counts))
        return len(self.cases) - 1

    def row(
        self, case: int, element: str, joined: int, started: int, ended: int, *, entry: int = 1,
        token: int = 0, child: int = -1, status: Work = Work.DONE, option: int = 0, rework: bool = False,
        lead: int = -1, meeting: int = -1, missed: bool = False, pieces: tuple[tuple[int, int], ...] = (),
    ) -> None:  # fmt: skip
        """Add a row of the steps table, in any order, with the pieces of work of paused work."""
        self.pieces += [(len(self.rows), start, stop) for start, stop in pieces]
        served = sum(stop - start for start, stop in pieces) if pieces else max(ended - started, 0)
        self.rows.append(
            (case, self.index[element], entry, token, child, joined, started, ended, served, served, option,
             status, rework, -1, missed, case if lead < 0 else lead, meeting)
        )  # fmt: skip

    def mark(self, case: int, name: str, at: int, entry: int = 1, token: int = 0) -> None:
        """Let a case pass a mark."""
        self.row(case, name, at, at, at, entry=entry, token=token, option=-1)

    def records(self, queue_area: tuple[int, ...] | None = None, **areas: tuple[int, ...]) -> Records:
        """Return the records, rows in their fixed order; areas not given are 0."""
        steps = np.array(self.rows, dtype=STEP_DTYPE)
        order = np.lexsort((steps["token"], steps["entry"], steps["element"], steps["joined"], steps["case"]))
        place = np.empty(len(order), dtype=np.int64)
        place[order] = np.arange(len(order))
        pieces = np.array(self.pieces, dtype=PIECE_DTYPE)
        pieces["row"] = place[pieces["row"]]
        count, counters = len(self.network.pools), len(self.network.counters)
        given = {"queue_area": queue_area or (0,) * count, **areas}
        every = {
            name: np.array(given.get(name, (0,) * count), dtype=np.int64)
            for name in ("queue_area", "busy_area", "excess_area", "held_area")
        }
        return Records(
            cases=np.array(self.cases, dtype=CASE_DTYPE),
            counts=np.array(self.counts, dtype=np.float64).reshape(len(self.cases), counters),
            steps=steps[order], pieces=np.sort(pieces, order=("row", "start")),
            meetings=np.zeros(0, dtype=MEETING_DTYPE), pools=np.zeros(0, dtype=POOL_DTYPE),
            stopped=self.stopped, activities=0, **every,
        )  # fmt: skip
