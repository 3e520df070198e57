"""Collects rows while a run goes on and turns them into the fixed tables of a run.

It only listens: it draws no numbers and schedules no events. Rows are packed into NumPy arrays a
chunk at a time, so that a long run does not keep millions of Python tuples.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.engine.freeze import AREAS, freeze
from sim.engine.members import WORK_DONE, WORK_STARTED
from sim.engine.records import (
    CASE_DTYPE,
    MEETING_DTYPE,
    PIECE_DTYPE,
    POOL_DTYPE,
    STEP_DTYPE,
    Records,
    Table,
    Work,
)
from sim.engine.state import CaseState, PoolState, Strand, Visit

if TYPE_CHECKING:
    from sim.engine.limits import RunningLimit

CHUNK = 32_768


class Rows:
    """An append-only table: a list of tuples that is packed every `CHUNK` rows."""

    def __init__(self, dtype: np.dtype[Any]) -> None:
        self.dtype = dtype
        self.fresh: list[tuple[Any, ...]] = []
        self.packed: list[Table] = []
        self.count = 0

    def add(self, row: tuple[Any, ...]) -> int:
        """Append `row`; return its number."""
        self.fresh.append(row)
        self.count += 1
        if len(self.fresh) >= CHUNK:
            self._pack()
        return self.count - 1

    def _pack(self) -> None:
        self.packed.append(np.array(self.fresh, dtype=self.dtype))
        self.fresh = []

    def table(self) -> Table:
        """Return all rows."""
        self._pack()
        return np.concatenate(self.packed)


class Recorder:
    """Rows of cases, steps, pieces of work, meetings and (on request) pool states."""

    def __init__(self, pool_states: bool) -> None:
        self.cases: list[tuple[Any, ...] | None] = []  # by row; None while open
        self.counts: dict[int, list[float]] = {}
        self.steps = Rows(STEP_DTYPE)
        self.pieces = Rows(PIECE_DTYPE)
        self.meetings = Rows(MEETING_DTYPE)
        self.pools = Rows(POOL_DTYPE)
        self.pool_states = pool_states

    def case(self, c: CaseState) -> None:
        """Write the row of a case that ended, or is still open as the run ends."""
        self.cases[c.row] = (
            c.stream, c.number, c.first_cls, c.cls, c.arrived, c.ended, int(c.status), c.end_node, c.initial,
        )  # fmt: skip
        if c.counts:
            self.counts[c.row] = c.counts

    def visit(self, visit: Visit, status: Work, ended: int) -> None:
        """Write the row of a step, hold or meeting, and those of the members of its bundle."""
        strand = visit.strand
        self._visit(visit, strand, visit.entry, status, ended)
        if strand.bundle:
            for member in strand.bundle:
                if member.case is not strand.case:
                    entry = member.case.enter(visit.node.index)
                    self._visit(visit, member.strand, entry, status, ended)

    def _visit(self, visit: Visit, strand: Strand, entry: int, status: Work, ended: int) -> None:
        """Write one row; in a bundle `strand` shares the work of the case that leads it."""
        row = self.steps.add(
            (
                strand.case.row, visit.node.index, entry, strand.token, -1, visit.joined, visit.started,
                ended, visit.effort, visit.served, visit.option, status, strand.rework > 0, visit.due,
                visit.limit is not None and visit.limit.missed, visit.case.row, visit.meeting,
            )
        )  # fmt: skip
        if visit.pieces is not None:
            for start, stop in visit.pieces:
                self.pieces.add((row, start, stop))

    def wait(
        self,
        strand: Strand,
        node: int,
        entry: int,
        began: int,
        ended: int,
        delay: int,
        status: Work = WORK_DONE,
    ) -> None:
        """Write the row of an element without staff (wait, mark), for the strand and all whom it leads."""
        row = strand.case.row
        self.plain(strand, node, entry, began, ended, delay, status, row)
        if strand.bundle:
            for member in strand.bundle:
                if member.case is not strand.case:
                    entry = member.case.enter(node)
                    self.plain(member.strand, node, entry, began, ended, delay, status, row)

    def mark(self, strand: Strand, node: int, entry: int, now: int) -> None:
        """Write the passing of a mark."""
        self.wait(strand, node, entry, now, now, 0)

    def plain(
        self,
        strand: Strand,
        node: int,
        entry: int,
        began: int,
        ended: int,
        effort: int,
        status: Work,
        lead: int,
    ) -> None:
        """Write one row without work."""
        row = strand.case.row
        self.steps.add(
            (
                row, node, entry, strand.token, -1, began, began,
                ended, effort, 0, -1, status, strand.rework > 0, -1,
                False, lead, -1,
            )
        )  # fmt: skip

    def branch(self, strand: Strand, ended: int, status: Work) -> None:
        """Write the row of one branch of a parallel block."""
        parent = strand.parent
        assert parent is not None
        row = strand.case.row
        self.steps.add(
            (
                row, strand.join_node, strand.branch_entry, parent.token, strand.token, strand.forked,
                strand.forked, ended, 0, 0, -1, status, strand.rework > 0, -1,
                False, row, -1,
            )
        )  # fmt: skip

    def block(self, running: RunningLimit, node: int, ended: int) -> None:
        """Write the row of a block that carries a limit (element: its BLOCK_END)."""
        row = running.case.row
        status = WORK_DONE if ended >= 0 else WORK_STARTED
        token = running.strand.token if running.strand is not None else 0
        rework = running.strand is not None and running.strand.rework > 0
        self.steps.add(
            (
                row, node, running.entry, token, -1, running.began, running.began,
                ended, 0, 0, -1, status, rework, running.due,
                running.missed, row, -1,
            )
        )  # fmt: skip

    def pool(self, pool: PoolState, now: int) -> None:
        """Note a pool's state after a change, if asked to."""
        if self.pool_states:
            self.pools.add((now, pool.index, pool.capacity, pool.busy, pool.held, pool.waiting))

    def records(
        self,
        counters: int,
        pools: list[PoolState],
        stopped: int,
        activities: int,
        elements: Collection[int] | None = None,
    ) -> Records:
        """Sort everything into its fixed order and freeze it; steps of `elements` only, if given."""
        steps, pieces = self.steps.table(), self.pieces.table()
        if elements is not None:
            kept = np.isin(steps["element"], list(elements))
            pieces = pieces[kept[pieces["row"]]]
            pieces["row"] = (np.cumsum(kept) - 1)[pieces["row"]]
            steps = steps[kept]
        order = np.lexsort((steps["token"], steps["entry"], steps["element"], steps["joined"], steps["case"]))
        places = np.empty(len(order), dtype=np.int64)
        places[order] = np.arange(len(order))
        pieces["row"] = places[pieces["row"]]
        counts = np.zeros((len(self.cases), counters))
        for case, amounts in self.counts.items():
            counts[case] = amounts
        records = freeze(
            cases=np.array(self.cases, dtype=CASE_DTYPE),
            counts=counts,
            steps=steps[order],
            pieces=pieces,
            meetings=self.meetings.table(),
            pools=self.pools.table(),
            areas={name: np.array([getattr(p, name) for p in pools], dtype=np.int64) for name in AREAS},
            stopped=stopped,
            activities=activities,
        )
        return records if elements is None else replace(records, elements=frozenset(elements))
