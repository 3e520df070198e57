"""Pools at work: who waits, who starts, what happens when capacity falls or room runs out.

Waiting work is kept per step, and only heads are tried: pools in file order, and for each pool the
best head (by the pool's queue rule, then waiting-since, case, element, visit) among those that
could use a free unit of it. Meetings come before all other waiting work. A head that cannot start
never blocks another step.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable, Sequence
from typing import Any, Protocol

import simpy

from sim.engine.members import BLOCK, FINISH, FITS, WORK_STARTED
from sim.engine.order import ELEMENT_SHIFT, OFFSET, Rung, base
from sim.engine.recorder import Recorder
from sim.engine.state import CaseState, Env, Happening, Held, PoolState, StepQueue, Visit, rule_value
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

    def __init__(
        self,
        env: Env,
        network: Network,
        recorder: Recorder,
        work_done: Callable[[Visit], None],
        turn_away: Callable[[CaseState, Visit], None],
    ) -> None:
        self.env = env
        self.recorder = recorder
        self.window = network.window
        self.horizon = network.horizon
        self.work_done = work_done
        self.turn_away = turn_away
        self.pools = [PoolState(p) for p in network.pools]
        self.queues: dict[int, StepQueue] = {}
        self.activities = 0
        self._dirty: set[int] = set()
        self._dispatch_due = False
        self._room_due = False
        self._has_room = any(p.room >= 0 for p in network.pools)
        self._dispatch_priority = base(Rung.DISPATCH, 0)
        self._room_priority = base(Rung.ROOM, 0)
        self._shift_priority = base(Rung.SHIFT, 0)
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
            env.process(self._shifts(network))

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
        self._account(first)
        first.waiting += 1
        if first.pool.room >= 0:
            insort(first.room_list, (visit.joined, *visit.rank(), visit.stamp, visit))
            self._check_room_later()
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
            self._account(first)
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

    def _look_at(self, pool: PoolState) -> None:
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
                option = simple if queue.simple else self._option(visit, pool)
                if option < 0:
                    continue
                if best is None and queue is pool.queues[-1]:
                    best, best_option = visit, option
                    break
                key = (rule_value(rule, visit), visit.since, *visit.rank())
                if best is None or key < best_key:
                    best, best_option, best_key = visit, option, key
            if best is None:
                break
            self._start(best, best_option)
            any_started = True
        return any_started

    def _option(self, visit: Visit, pool: PoolState) -> int:
        """Index of the first alternative that can be taken now, if one of those uses `pool`; else -1."""
        node = visit.node
        if node.kind is BLOCK:
            return 0 if pool.capacity - pool.busy - pool.held > 0 else -1
        first = -1
        uses = False
        for i, need in enumerate(node.needs):
            if self._can(visit, need):
                if first < 0:
                    first = i
                if pool.index in need.pools:
                    uses = True
                    break
        return first if uses else -1

    def _can(self, visit: Visit, need: Need) -> bool:
        holds = visit.case.holds
        for p, units in zip(need.pools, need.units, strict=True):
            pool = self.pools[p]
            on_shift = pool.capacity - pool.busy
            if on_shift < units:
                return False
            wanted = units
            if holds:
                held = self._held(visit, pool)
                if held is not None:
                    if held.used:
                        return False
                    wanted -= 1
            if wanted and on_shift - pool.held < wanted:
                return False
        if visit.node.shift_end is FITS and visit.remaining:
            return all(
                self._fits(visit, self.pools[p], units)
                for p, units in zip(need.pools, need.units, strict=True)
            )
        return True

    @staticmethod
    def _held(visit: Visit, pool: PoolState) -> Held | None:
        """The unit of `pool` that an enclosing block keeps for this case, innermost first."""
        holds = visit.case.holds
        if holds:
            for block in reversed(visit.node.blocks):
                held = holds.get(block)
                if held is not None and held.pool is pool:
                    return held
        return None

    def _fits(self, visit: Visit, pool: PoolState, units: int) -> bool:
        """Whether the work ends before capacity falls below what it and later-ending work use."""
        now = self.env.now
        ends = now + visit.remaining
        steps = pool.pool.capacity
        t = steps.first_change_after(now)
        while t is not None and t < ends:
            used = units
            for work, n in pool.working.items():
                if work.ends > t:
                    used += n
            if steps.at(t) < used:
                return False
            t = steps.first_change_after(t)
        return True

    # ---- starting and ending work ----------------------------------------------------------------

    def _take(self, work: Any, need: Need, visit: Visit | None) -> None:
        taken: list[tuple[PoolState, int, Held | None]] = []
        work.taken = taken
        for p, units in zip(need.pools, need.units, strict=True):
            pool = self.pools[p]
            self._account(pool)
            held = self._held(visit, pool) if visit is not None and visit.case.holds else None
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
            self._account(pool)
            pool.busy -= units
            del pool.working[work]
            if held is not None:
                held.used = False
                pool.held += 1
            if self.recorder.pool_states:
                self.recorder.pool(pool, self.env.now)
            self._look_at(pool)
        work.taken = ()

    def _start(self, visit: Visit, option: int) -> None:
        now = self.env.now
        queue = visit.queue
        assert queue is not None
        queue.leave(visit)
        if visit.started < 0:
            first = queue.pools[0]
            self._account(first)
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
        visit.option = option
        visit.work_from = now
        visit.ends = now + visit.remaining
        self._take(visit, node.needs[option], visit)
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
        self.work_done(visit)

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
        self._account(pool)
        pool.held += 1
        self.recorder.pool(pool, self.env.now)
        case = visit.case
        if case.holds is None:
            case.holds = {}
        case.holds[visit.node.index] = Held(pool)
        self.work_done(visit)

    def release(self, case: CaseState, block: int) -> None:
        """Give back the unit that `case` kept through `block`."""
        assert case.holds is not None
        pool = case.holds.pop(block).pool
        self._account(pool)
        pool.held -= 1
        self.recorder.pool(pool, self.env.now)
        self._look_at(pool)

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

    # ---- shifts ----------------------------------------------------------------------------------

    def _shifts(self, network: Network) -> Any:
        """A SimPy process: change the head-count of each pool when a shift begins or ends."""
        changes: list[tuple[int, int, int]] = []
        for pool in network.pools:
            t = pool.capacity.first_change_after(0)
            while t is not None and t < self.horizon:
                changes.append((t, pool.index, int(pool.capacity.at(t))))
                t = pool.capacity.first_change_after(t)
        changes.sort()
        i = 0
        while i < len(changes):
            t = changes[i][0]
            yield Happening(self.env, t - self.env.now, self._shift_priority)
            while i < len(changes) and changes[i][0] == t:
                self._change(self.pools[changes[i][1]], changes[i][2])
                i += 1

    def _change(self, pool: PoolState, capacity: int) -> None:
        self._account(pool)
        rise = capacity > pool.capacity
        pool.capacity = capacity
        self.recorder.pool(pool, self.env.now)
        if rise:
            self._look_at(pool)
            return
        excess = pool.busy - capacity
        if excess <= 0:
            return
        # Latest first start first; equal starts: the later in (case, element, visit) first.
        for work in sorted(pool.working, key=lambda w: (w.started, *w.rank()), reverse=True):
            if excess <= 0:
                break
            excess -= pool.working[work]
            if isinstance(work, Visit) and work.node.shift_end is not FINISH:
                self._pause(work)

    def _pause(self, visit: Visit) -> None:
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

    # ---- bounded room ----------------------------------------------------------------------------

    def _check_room_later(self) -> None:
        if not self._room_due:
            self._room_due = True
            Happening(self.env, 0, self._room_priority, self._check_room)

    def _check_room(self, _event: simpy.Event) -> None:
        self._room_due = False
        for pool in self.pools:
            room = pool.pool.room
            if room < 0:
                continue
            while pool.waiting > room:
                visit = pool.room_list.pop()[-1]
                if visit.queue is not None and visit.started < 0 and visit.queue.pools[0] is pool:
                    self.turn_away(visit.case, visit)
            if len(pool.room_list) > 64 + 4 * pool.waiting:  # forget those that left in the meantime
                pool.room_list = [e for e in pool.room_list if e[-1].queue is not None and e[-1].started < 0]

    # ---- areas -----------------------------------------------------------------------------------

    def _account(self, pool: PoolState) -> None:
        now = self.env.now
        if now != pool.last:
            pool.account(now, self.window[0], self.window[1])

    def close(self) -> None:
        """Bring the areas of all pools up to the end of the window."""
        for pool in self.pools:
            pool.account(max(self.window[1], pool.last), self.window[0], self.window[1])
