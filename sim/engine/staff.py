"""Pools at work: who waits, who starts, what happens when capacity falls or room runs out.

Waiting work is kept per step, and only heads are tried: pools in file order, and for each pool the
best head (by the pool's queue rule, then waiting-since, case, element, visit) among those that
could use a free unit of it. Meetings come before all other waiting work. A head that cannot start
never blocks another step.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import simpy

from sim.engine.free import held_unit, option
from sim.engine.members import BLOCK, WORK_STARTED
from sim.engine.order import ELEMENT_SHIFT, OFFSET, Rung, base
from sim.engine.parts import Parts
from sim.engine.room import Room
from sim.engine.shifts import Shifts
from sim.engine.state import CaseState, Happening, Held, PoolState, StepQueue, Visit, rule_value
from sim.network.elements import Need, Network


class MeetingWork(Protocol):
    """A meeting as work: it waits for all who attend and finishes first at the end of a shift."""

    planned: int
    attend: Need
    started: int
    ends: int
    taken: Sequence[tuple[PoolState, int, Held | None]]

    def rank(self) -> tuple[int, int, int]:
        """Return its place among equals."""

    def start(self) -> None:
        """Begin: all who attend have been taken."""


class Staff:
    """All pools of one run, with their queues."""

    def __init__(self, parts: Parts) -> None:
        network = parts.network
        self.parts = parts
        self.env = parts.env
        self.recorder = parts.recorder
        self.window = network.window
        self.pools = [PoolState(p) for p in network.pools]
        self.queues: dict[int, StepQueue] = {}
        self.activities = 0
        self.room = Room(self, parts)
        self._dirty: set[int] = set()
        self._dispatch_due = False
        self._dispatch_priority = base(Rung.DISPATCH, 0)
        for node in network.nodes:
            needs = node.needs
            if node.kind is BLOCK and node.hold >= 0:
                needs = (Need((node.hold,), (1,)),)
            if needs:
                named = [self.pools[p] for p in dict.fromkeys(p for need in needs for p in need.pools)]
                queue = StepQueue(node, named, named[0].pool.rule)
                self.queues[node.index] = queue
                for pool in named:
                    pool.queues.append(queue)
        self._find_kin(network)
        if network.pools:
            parts.env.process(Shifts(self, parts).changes())

    def _find_kin(self, network: Network) -> None:
        groups = [{p.index for p in q.pools} for q in self.queues.values()]
        groups += [set(node.meetings.attend.pools) for node in network.nodes if node.meetings is not None]
        for pool in self.pools:
            kin = {pool.index}
            for group in groups:
                if pool.index in group:
                    kin |= group
            pool.kin = [self.pools[i] for i in sorted(kin)]

    # ---- joining and leaving a queue -------------------------------------------------------------

    def join(self, visit: Visit) -> None:
        """Put new work at its place in the queue of its step."""
        queue = self.queues[visit.node.index]
        queue.push(visit)
        first = queue.pools[0]
        self.account(first)
        first.waiting += 1
        if first.pool.room >= 0:
            self.room.join(first, visit)
        if self.recorder.pool_states:
            self.recorder.pool(first, self.env.now)
        for pool in queue.pools:
            # A pool without a free unit now is looked at again when one comes free.
            if pool.capacity > pool.busy:
                self._dirty.add(pool.index)
                self._dispatch_later()

    def leave(self, visit: Visit) -> None:
        """Take waiting or paused work out of its queue for good."""
        queue = visit.queue
        if queue is None:
            return
        queue.leave(visit)
        if visit.started < 0:
            first = queue.pools[0]
            self.account(first)
            first.waiting -= 1
            self.recorder.pool(first, self.env.now)
        # Whoever stood behind it is a head now.
        for pool in queue.pools:
            self._dirty.add(pool.index)
        self._dispatch_later()

    def rekey(self, visit: Visit) -> None:
        """Give waiting work the place that its changed class gives it."""
        if visit.queue is not None and visit.started < 0:
            visit.queue.rekey(visit)
            self._dirty.update(pool.index for pool in visit.queue.pools)
            self._dispatch_later()

    def meet(self, meeting: MeetingWork) -> None:
        """Let a meeting wait for all who attend."""
        for p in meeting.attend.pools:
            self.pools[p].meetings.append(meeting)
            self.pools[p].meetings.sort(key=lambda m: (m.planned, m.rank()))
            self._dirty.add(p)
        self._dispatch_later()

    def call_off(self, meeting: MeetingWork) -> None:
        """Forget a meeting that has not begun."""
        for p in meeting.attend.pools:
            self.pools[p].meetings.remove(meeting)

    def look_at(self, pool: PoolState) -> None:
        """A unit of `pool` may be free: let a dispatch look at all that it could help to start."""
        for other in pool.kin:
            if other.meetings:
                self._dirty.add(other.index)
                self._dispatch_later()
                continue
            for queue in other.queues:
                if queue.length:
                    self._dirty.add(other.index)
                    self._dispatch_later()
                    break

    # ---- dispatch --------------------------------------------------------------------------------

    def _dispatch_later(self) -> None:
        if not self._dispatch_due:
            self._dispatch_due = True
            Happening(self.env, 0, self._dispatch_priority, self._dispatch)

    def _dispatch(self, _event: simpy.Event) -> None:
        self._dispatch_due = False
        dirty = self._dirty
        self._dirty = set()
        if len(dirty) == 1:
            self._serve(self.pools[dirty.pop()])
            return
        todo = [self.pools[i] for i in sorted(dirty)]
        # A start can bring forward a head that an earlier pool can take: go round until none starts.
        started = True
        while started:
            started = False
            for pool in todo:
                started |= self._serve(pool)

    def _serve(self, pool: PoolState) -> bool:
        """Start all that a free unit of `pool` lets start; True if anything started."""
        any_started = False
        while pool.capacity > pool.busy:
            meeting = self._ready_meeting(pool)
            if meeting is not None:
                self._start_meeting(meeting)
                any_started = True
                continue
            best: Visit | None = None
            best_option = -1
            best_key: tuple[int, ...] = ()
            rule = pool.pool.rule
            simple = 0 if pool.capacity - pool.busy - pool.held > 0 else -1
            for queue in pool.queues:
                if not queue.length:
                    continue
                visit = queue.head()
                if visit is None:
                    continue
                taken = simple if queue.simple else option(self.pools, visit, pool, self.env.now)
                if taken < 0:
                    continue
                if best is None and queue is pool.queues[-1]:
                    best, best_option = visit, taken
                    break
                key = (rule_value(rule, visit), visit.since, *visit.rank())
                if best is None or key < best_key:
                    best, best_option, best_key = visit, taken, key
            if best is None:
                break
            self._start(best, best_option)
            any_started = True
        return any_started

    # ---- starting and ending work ----------------------------------------------------------------

    def _take(self, work: Any, need: Need, visit: Visit | None) -> None:
        taken: list[tuple[PoolState, int, Held | None]] = []
        work.taken = taken
        for p, units in zip(need.pools, need.units, strict=True):
            pool = self.pools[p]
            self.account(pool)
            held = held_unit(visit, pool) if visit is not None and visit.case.holds else None
            if held is not None:
                held.used = True
                pool.held -= 1
            pool.busy += units
            pool.working[work] = units
            taken.append((pool, units, held))
            if self.recorder.pool_states:
                self.recorder.pool(pool, self.env.now)

    def give_back(self, work: Any) -> None:
        """Return all units of `work`, in every pool, and let others have them."""
        for pool, units, held in work.taken:
            self.account(pool)
            pool.busy -= units
            del pool.working[work]
            if held is not None:
                held.used = False
                pool.held += 1
            if self.recorder.pool_states:
                self.recorder.pool(pool, self.env.now)
            self.look_at(pool)
        work.taken = ()

    def _start(self, visit: Visit, taken: int) -> None:
        now = self.env.now
        queue = visit.queue
        assert queue is not None
        queue.leave(visit)
        if visit.started < 0:
            first = queue.pools[0]
            self.account(first)
            first.waiting -= 1
            if self.recorder.pool_states:
                self.recorder.pool(first, now)  # with `any` the unit may come from another pool
            visit.started = now
            if visit.patience is not None:
                visit.patience.call_off()
                visit.patience = None
        visit.state = WORK_STARTED
        node = visit.node
        if node.kind is BLOCK:
            self._hold(visit, queue.pools[0])
            return
        self.activities += 1
        visit.option = taken
        visit.work_from = now
        visit.ends = now + visit.remaining
        self._take(visit, node.needs[taken], visit)
        priority = (
            (node.index << ELEMENT_SHIFT) + visit.case.rank + visit.entry + OFFSET
        )  # rung END_WORK is 0
        end = Happening(self.env, visit.remaining, priority, self._finished)
        end.work = visit
        visit.end = end

    def _finished(self, event: simpy.Event) -> None:
        """Work ends now: free its units and tell the engine."""
        visit: Visit = event.work  # type: ignore[attr-defined]
        now = self.env.now
        visit.end = None
        visit.served += now - visit.work_from
        if visit.pieces is not None:
            visit.pieces.append((visit.work_from, now))
        self.give_back(visit)
        self.parts.walker.work_done(visit)

    def pause(self, visit: Visit) -> None:
        """Let work in progress wait, at the head, for its pools to be on shift again."""
        now = self.env.now
        assert visit.end is not None
        visit.end.call_off()
        visit.end = None
        visit.served += now - visit.work_from
        if visit.pieces is None:
            visit.pieces = []
        visit.pieces.append((visit.work_from, now))
        visit.remaining = visit.ends - now
        visit.since = now
        self.give_back(visit)
        queue = self.queues[visit.node.index]
        queue.push_paused(visit)
        for pool in queue.pools:
            self._dirty.add(pool.index)
        self._dispatch_later()

    def stop(self, visit: Visit) -> None:
        """Stop work in progress for good (its case ended elsewhere)."""
        now = self.env.now
        if visit.end is not None:
            visit.end.call_off()
            visit.end = None
            visit.served += now - visit.work_from
            if visit.pieces is not None:
                visit.pieces.append((visit.work_from, now))
            self.give_back(visit)

    def _hold(self, visit: Visit, pool: PoolState) -> None:
        self.account(pool)
        pool.held += 1
        self.recorder.pool(pool, self.env.now)
        case = visit.case
        if case.holds is None:
            case.holds = {}
        case.holds[visit.node.index] = Held(pool)
        self.parts.walker.work_done(visit)

    def release(self, case: CaseState, block: int) -> None:
        """Give back the unit that `case` kept through `block`."""
        assert case.holds is not None
        pool = case.holds.pop(block).pool
        self.account(pool)
        pool.held -= 1
        self.recorder.pool(pool, self.env.now)
        self.look_at(pool)

    def _ready_meeting(self, pool: PoolState) -> Any:
        for meeting in pool.meetings:
            for p, units in zip(meeting.attend.pools, meeting.attend.units, strict=True):
                other = self.pools[p]
                if other.capacity - other.busy - other.held < units:
                    break
            else:
                return meeting
        return None

    def _start_meeting(self, meeting: MeetingWork) -> None:
        for p in meeting.attend.pools:
            self.pools[p].meetings.remove(meeting)
        self._take(meeting, meeting.attend, None)
        self.activities += 1
        meeting.start()

    # ---- areas -----------------------------------------------------------------------------------

    def account(self, pool: PoolState) -> None:
        """Bring the areas of `pool` up to now; call before its state changes."""
        now = self.env.now
        if now != pool.last:
            pool.account(now, self.window[0], self.window[1])

    def close(self) -> None:
        """Bring the areas of all pools up to the end of the window."""
        for pool in self.pools:
            pool.account(max(self.window[1], pool.last), self.window[0], self.window[1])
