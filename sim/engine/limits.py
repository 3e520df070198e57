"""Limits: deadlines of steps and blocks on their clocks, and what follows when one is missed.

A limit on elapsed or working time is an instant known when it begins. One on the legal clock runs
only while a strand of the case is in government hands and none is in a statutory stop, so it is
suspended and resumed as the case moves.
"""

from __future__ import annotations

import simpy

from sim.engine.members import ELAPSED, GOVERNMENT, LEGAL
from sim.engine.order import Rung, base
from sim.engine.parts import Parts
from sim.engine.state import CaseState, Happening, Strand, Visit
from sim.network.elements import Limit, Node


class RunningLimit:
    """One limit that is running for one case."""

    def __init__(self, case: CaseState, node: Node, limit: Limit, entry: int, began: int) -> None:
        self.case = case
        self.node = node
        self.limit = limit
        self.entry = entry
        self.began = began
        self.due = -1
        self.left = limit.seconds
        self.resumed: int | None = None  # legal clock: since when it runs; None while suspended
        self.missed = False
        self.timer: Happening | None = None
        self.visit: Visit | None = None
        self.strand: Strand | None = None


class Limits:
    """All running limits of one run."""

    def __init__(self, parts: Parts) -> None:
        network = parts.network
        self.parts = parts
        self.env = parts.env
        self.network = network
        self.any_legal = any(n.limit is not None and n.limit.clock is LEGAL for n in network.nodes)
        self._priority = [base(Rung.LIMIT, n.index) for n in network.nodes]
        self._legal: dict[int, list[RunningLimit]] = {}  # by case row

    def begin(self, case: CaseState, node: Node, entry: int, visit: Visit | None) -> RunningLimit:
        """Start the limit of `node` for `case`: now, or when its work joined (backlog: before the run)."""
        assert node.limit is not None
        began = self.env.now if visit is None else visit.joined
        running = RunningLimit(case, node, node.limit, entry, began)
        running.visit = visit
        running.due = self._deadline(began, running.left, node.limit)
        if node.limit.clock is LEGAL:
            self._legal.setdefault(case.row, []).append(running)
            if case.gov > 0 and not case.stops:
                self._resume(running, began)
        else:
            self._set_timer(running)
        return running

    def _deadline(self, t: int, seconds: int, limit: Limit) -> int:
        if limit.clock is ELAPSED or limit.calendar < 0:
            return t + seconds
        return self.network.calendars[limit.calendar].add_open(t, seconds)

    def _set_timer(self, running: RunningLimit) -> None:
        if running.due < self.network.horizon:
            priority = self._priority[running.node.index] + running.case.rank + running.entry
            running.timer = Happening(self.env, max(running.due - self.env.now, 0), priority, self._passed)
            running.timer.work = running

    def end(self, running: RunningLimit, at: int) -> None:
        """Stop watching: the element ended at `at` (or is still open in the second before it)."""
        if running.limit.clock is not LEGAL or running.resumed is not None:
            running.missed = running.missed or at > running.due
        if running.timer is not None:
            running.timer.call_off()
            running.timer = None
        if running.limit.clock is LEGAL:
            mine = self._legal.get(running.case.row)
            if mine and running in mine:
                mine.remove(running)

    def _passed(self, event: simpy.Event) -> None:
        running: RunningLimit = event.work  # type: ignore[attr-defined]
        running.timer = None
        # Ending in this very second is still in time: what is in work may yet end in it.
        visit = running.visit
        if visit is None or visit.started < 0:
            self.parts.consequences.limit_missed(running)

    # ---- the legal clock -------------------------------------------------------------------------

    def _resume(self, running: RunningLimit, since: int) -> None:
        running.resumed = since
        if running.left < 0:
            return  # missed before it was suspended: its due time stays what it was
        running.due = self._deadline(since, running.left, running.limit)
        self._set_timer(running)

    def _suspend(self, running: RunningLimit, since: int) -> None:
        now = self.env.now
        if running.timer is not None:
            running.timer.call_off()
            running.timer = None
        calendar = running.limit.calendar
        passed = self.network.calendars[calendar].open_seconds(since, now) if calendar >= 0 else now - since
        running.left -= passed
        running.missed = running.missed or running.left < 0
        running.resumed = None

    def move(self, case: CaseState, node: Node, step: int) -> None:
        """Note that a strand of `case` enters (`step` 1) or leaves (-1) `node`."""
        ran = case.gov > 0 and not case.stops
        if node.hands is GOVERNMENT:
            case.gov += step
        if node.stops_clock:
            case.stops += step
        runs = case.gov > 0 and not case.stops
        if runs != ran:
            for running in list(self._legal.get(case.row, ())):
                if runs and running.resumed is None:
                    self._resume(running, self.env.now)
                elif not runs and running.resumed is not None:
                    self._suspend(running, running.resumed)

    def forget(self, case: CaseState) -> None:
        """The case ended: nothing of it is watched any more."""
        for running in self._legal.pop(case.row, ()):
            if running.timer is not None:
                running.timer.call_off()
