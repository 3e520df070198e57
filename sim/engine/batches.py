"""Meetings and bundles: cases wait until a date, a number or an age is reached, then go on together.

A meeting at t takes whoever waits before its rung (work and waits that end in that second are in,
arrivals of that second are not). It is one work item ahead of all waiting work, starts when all who
attend are free, and finishes first at the end of a shift.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Generator, Sequence

import simpy

from sim.chance.laws import whole
from sim.engine.members import MEETING, WORK_STARTED, WORK_WAITING
from sim.engine.order import ELEMENT_SHIFT, NUMBER_SHIFT, OFFSET, Rung, base
from sim.engine.parts import Parts
from sim.engine.state import Happening, Held, PoolState, Visit, rule_value
from sim.network.elements import Meetings, Need, Node


class Meeting:
    """One meeting (or bundle) that has been called: its items and its work."""

    __slots__ = ("attend", "batch", "end", "ends", "items", "number", "planned", "started", "taken")

    def __init__(self, batch: Batch, number: int, planned: int, items: list[Visit], attend: Need) -> None:
        self.batch = batch
        self.number = number
        self.planned = planned
        self.items = items
        self.attend = attend
        self.started = -1
        self.ends = -1
        self.end: Happening | None = None
        self.taken: Sequence[tuple[PoolState, int, Held | None]] = ()

    def rank(self) -> tuple[int, int, int]:
        """Before all cases, by batch and number."""
        return (-1, self.batch.node.index, self.number)

    def start(self) -> None:
        """Begin: all who attend have been taken."""
        self.batch.start(self)


class Batch:
    """One batch element: its waiting cases and its meetings."""

    def __init__(self, parts: Parts, node: Node) -> None:
        assert node.meetings is not None
        self.parts = parts
        self.env = parts.env
        self.network = parts.network
        self.node = node
        self.spec: Meetings = node.meetings
        self.draws = parts.draws
        self.staff = parts.staff
        self.recorder = parts.recorder
        self.waiting: list[tuple[int, int, int, int, Visit]] = []
        self.number = 0
        # Bundles take their size, or fewer where an agenda bounds them.
        self._most = min(self.spec.size, self.spec.agenda or self.spec.size)
        self._fire_due = False
        self._priority = base(Rung.MEETING, node.index)
        if not self.spec.size:
            self.env.process(self._dates())

    def join(self, visit: Visit) -> None:
        """Let a case wait for the next meeting."""
        insort(self.waiting, self._key(visit))
        if self.spec.size:
            due = self._after(visit.joined, self.spec.or_after, self.spec.or_after_calendar)
            priority = self._priority + 1
            if visit.joined < self.env.now and due <= self.env.now:
                # Overdue backlog goes when all cases of this second are here, not one by one.
                due, priority = self.env.now, base(Rung.DISPATCH, self.node.index)
            timer = Happening(self.env, due - self.env.now, priority, self._too_old)
            timer.work = visit
            visit.patience = timer  # the slot for what is called off when the visit is taken
            if len(self.waiting) >= self.spec.size:
                self._fire_later()

    def rekey(self, visit: Visit) -> None:
        """Give a waiting case the place that its changed class gives it."""
        if visit.taken_by is None:
            self.waiting = [entry for entry in self.waiting if entry[-1] is not visit]
            insort(self.waiting, self._key(visit))

    def _key(self, visit: Visit) -> tuple[int, int, int, int, Visit]:
        return (rule_value(self.spec.order, visit), visit.since, visit.case.rank, visit.entry, visit)

    def leave(self, visit: Visit) -> None:
        """Take a case out (it ended elsewhere); a meeting left without items is not held."""
        if visit.patience is not None:
            visit.patience.call_off()
        meeting = visit.taken_by
        if meeting is None:
            self.waiting = [entry for entry in self.waiting if entry[-1] is not visit]
            return
        if meeting.started >= 0:
            visit.served = self.env.now - visit.work_from
            return
        meeting.items.remove(visit)
        if not meeting.items:
            self.staff.call_off(meeting)

    def _after(self, t: int, seconds: int, calendar: int) -> int:
        return self.network.calendars[calendar].add_open(t, seconds) if calendar >= 0 else t + seconds

    def _dates(self) -> Generator[simpy.Event, None, None]:
        """A SimPy process: hold the dated meetings."""
        for number, t in enumerate(self.spec.times):
            if t < 0 or t >= self.network.horizon:
                continue
            yield Happening(self.env, t - self.env.now, self._priority)
            self.number = number
            self._call(t, self.spec.agenda)

    def _fire_later(self) -> None:
        if not self._fire_due:
            self._fire_due = True
            Happening(self.env, 0, self._priority, self._fire)

    def _fire(self, _event: simpy.Event) -> None:
        self._fire_due = False
        while len(self.waiting) >= self.spec.size:
            self._call(self.env.now, self._most)
            self.number += 1

    def _too_old(self, event: simpy.Event) -> None:
        visit: Visit = event.work  # type: ignore[attr-defined]
        # Others may go before it on the agenda: call until it is taken, for it has no timer any more.
        while visit.taken_by is None and visit.state is WORK_WAITING:
            self._call(self.env.now, self._most)
            self.number += 1

    def _call(self, planned: int, most: int) -> None:
        """Take the cases of one meeting and let it begin or wait for its staff."""
        spec = self.spec
        taken: list[Visit] = []
        left: list[tuple[int, int, int, int, Visit]] = []
        minutes = 0
        full = False
        for entry in self.waiting:
            visit = entry[-1]
            if (
                full
                or (most and len(taken) >= most)
                or (spec.cut_off and self._after(visit.joined, spec.cut_off, spec.cut_off_calendar) > planned)
            ):
                left.append(entry)
                continue
            if spec.agenda_seconds and taken and minutes + visit.effort > spec.agenda_seconds:
                full = True  # the first that does not fit closes the agenda; one alone always fits
                left.append(entry)
                continue
            minutes += visit.effort
            taken.append(visit)
        if not taken:
            return
        self.waiting = left
        for visit in taken:
            if visit.patience is not None:
                visit.patience.call_off()
                visit.patience = None
            visit.meeting = self.number
        meeting = Meeting(self, self.number, planned, taken, spec.attend)
        for visit in taken:
            visit.taken_by = meeting
        if spec.attend.pools:
            self.staff.meet(meeting)
        else:
            self.start(meeting)

    def start(self, meeting: Meeting) -> None:
        """Begin the work of a meeting whose staff (if any) has been taken."""
        now = self.env.now
        seconds = sum(visit.effort for visit in meeting.items)
        whole_part = self.spec.whole
        if whole_part is not None:
            # Keyed by (batch, number): a meeting belongs to no case.
            seconds += whole(self.draws.value(whole_part.law, whole_part.key, 0, meeting.number, 1, MEETING))
        meeting.started = now
        meeting.ends = now + seconds
        for visit in meeting.items:
            visit.started = now
            visit.work_from = now
            visit.state = WORK_STARTED
        priority = (self.node.index << ELEMENT_SHIFT) + (meeting.number << NUMBER_SHIFT) + OFFSET
        meeting.end = Happening(self.env, seconds, priority, self._ended)
        meeting.end.work = meeting

    def _ended(self, event: simpy.Event) -> None:
        meeting: Meeting = event.work  # type: ignore[attr-defined]
        now = self.env.now
        self.recorder.meetings.add(
            (self.node.index, meeting.number, meeting.planned, meeting.started, now, len(meeting.items))
        )
        self.staff.give_back(meeting)
        items = [visit for visit in meeting.items if visit.state is WORK_STARTED]
        for visit in items:
            visit.served = now - visit.work_from
        if self.spec.bundle and items:
            leader = items[0]
            for visit in items[1:]:
                self.parts.walker.follow(visit)
                visit.strand.led_by = leader.strand
            self.parts.walker.work_done(leader)
            leader.strand.bundle = items
        else:
            for visit in items:
                self.parts.walker.work_done(visit)
