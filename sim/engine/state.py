"""What changes while the reference engine runs: cases, their strands and visits, pools, queues."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from heapq import heappop, heappush
from typing import Any

import simpy

from sim.engine.members import BY_PRIORITY, EARLIEST_DUE, FIRST_COME, FITS, OPEN, STEP, WORK_WAITING
from sim.network.elements import Node, Pool, QueueRule

#: Later than any time: sorts work without a due date last.
NEVER = 1 << 62


class Env(simpy.Environment):
    """SimPy's environment on whole seconds: every delay is an integer, so `now` is one too."""

    _now: int

    @property
    def now(self) -> int:
        """The current second."""
        return self._now


class Happening(simpy.Event):
    """An event that is due at a fixed time, with the packed order of equal times as its priority."""

    work: Any = None  # what it is about, for the callback

    def __init__(
        self,
        env: Env,
        delay: int,
        priority: int,
        callback: Callable[[simpy.Event], None] | None = None,
    ) -> None:
        # As simpy.Timeout does: the event is triggered from the start, only its time is to come.
        self.env = env
        self.callbacks = [] if callback is None else [callback]
        self._value = None
        self._ok = True
        env.schedule(self, priority, delay)  # type: ignore[arg-type]  # any integer orders

    def call_off(self) -> None:
        """Let the time pass without effect."""
        if self.callbacks is not None:
            self.callbacks.clear()


class CaseState:
    """One case in the run."""

    __slots__ = (
        "arrived",
        "attributes",
        "cls",
        "counts",
        "end_node",
        "ended",
        "entries",
        "first_cls",
        "gov",
        "holds",
        "in_cohort",
        "initial",
        "limits",
        "luck",
        "number",
        "priority",
        "rank",
        "row",
        "status",
        "stops",
        "strand_count",
        "strands",
        "stream",
    )  # fmt: skip

    def __init__(self, row: int, stream: int, number: int, arrived: int, cls: int, rank: int) -> None:
        self.row = row
        self.stream = stream
        self.number = number
        self.arrived = arrived
        self.cls = self.first_cls = cls
        self.luck = 0  # key of its stream in draws
        self.priority = 0
        self.rank = rank
        self.attributes: tuple[int, ...] = ()
        self.status = OPEN
        self.ended = -1
        self.end_node = -1
        self.initial = False
        self.in_cohort = False
        self.entries: dict[int, int] = {}
        self.counts: list[float] = []
        self.strands: dict[int, Strand] = {}  # live strands by token
        self.strand_count = 0
        self.holds: dict[int, Held] | None = None  # by BLOCK index
        self.limits: dict[int, Any] | None = None  # running block limits by BLOCK index
        self.gov = 0  # strands in government hands
        self.stops = 0  # strands in an element that stops the legal clock

    def enter(self, index: int) -> int:
        """Count an entry into node `index`; return its number, from 1."""
        n = self.entries.get(index, 0) + 1
        self.entries[index] = n
        return n


class Held:
    """A unit kept by a case through a block; `used` while one of its steps works with it."""

    __slots__ = ("pool", "used")

    def __init__(self, pool: PoolState) -> None:
        self.pool = pool
        self.used = False


class Strand:
    """One strand of a case: the trunk (token 0) or a branch of a parallel block."""

    __slots__ = (
        "branch_entry",
        "bundle",
        "case",
        "fork",
        "forked",
        "join_node",
        "led_by",
        "loops",
        "node",
        "parent",
        "rework",
        "token",
        "visit",
        "wait",
    )  # fmt: skip

    def __init__(self, case: CaseState, token: int, parent: Strand | None, rework: int) -> None:
        self.case = case
        self.token = token
        self.parent = parent
        self.rework = rework
        self.loops: dict[int, int] = {}
        self.visit: Visit | None = None
        self.wait: tuple[Happening, int, int, int] | None = None  # happening, began, entry, delay
        self.node = -1
        self.fork: Fork | None = None
        self.join_node = -1
        self.forked = -1
        self.branch_entry = 0
        self.bundle: list[Visit] | None = None  # members led by this strand, itself first
        self.led_by: Strand | None = None  # the strand that leads the bundle this one is in


class Fork:
    """A parallel block in progress: how many branches are still open."""

    __slots__ = ("done", "left")

    def __init__(self, left: int, done: simpy.Event) -> None:
        self.left = left
        self.done = done


class Visit:
    """One piece of work to be done for one case at a step, a hold or a meeting."""

    # Defaults stand on the class: a visit is made for every activity, and most keep most of them.
    started = -1
    work_from = -1
    effort = 0
    remaining = 0
    served = 0
    option = -1
    state = WORK_WAITING
    due = -1
    end: Happening | None = None
    ends = -1
    limit: Any = None
    patience: Happening | None = None
    pieces: list[tuple[int, int]] | None = None
    queue: StepQueue | None = None
    stamp = 0  # entries of the queue's heap with another stamp are stale
    meeting = -1
    taken_by: Any = None  # the meeting that took it
    taken: Sequence[tuple[PoolState, int, Held | None]] = ()

    def __init__(self, strand: Strand, node: Node, entry: int, now: int, done: simpy.Event) -> None:
        self.strand = strand
        self.case = strand.case
        self.node = node
        self.entry = entry
        self.joined = now
        self.since = now
        self.done = done

    def rank(self) -> tuple[int, int, int]:
        """Case, element, visit: the last tie-breaks, in this order."""
        return (self.case.rank, self.node.index, self.entry)


class PoolState:
    """A pool now: head-count on shift, units at work, units held idle, and the areas under them."""

    __slots__ = ("busy", "busy_area", "capacity", "excess_area", "held", "held_area", "index", "kin", "last",
                 "meetings", "pool", "queue_area", "queues", "room_list", "waiting", "working")  # fmt: skip

    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        self.index = pool.index
        self.capacity = int(pool.capacity.at(0))
        self.busy = 0
        self.held = 0
        self.waiting = 0  # cases waiting for a first start whose first-named pool this is
        self.last = 0
        self.queue_area = self.busy_area = self.excess_area = self.held_area = 0
        self.queues: list[StepQueue] = []
        self.kin: list[PoolState] = []  # pools that share a step with this one, itself included
        self.working: dict[Any, int] = {}  # visit or meeting at work -> units here
        self.meetings: list[Any] = []
        self.room_list: list[tuple[int, int, int, int, int, Visit]] = []

    def account(self, now: int, start: int, stop: int) -> None:
        """Add the time since the last change to the areas, clipped to the window [start, stop)."""
        a = self.last if self.last > start else start
        b = now if now < stop else stop
        if b > a:
            dt = b - a
            self.queue_area += self.waiting * dt
            over = self.busy - self.capacity
            if over > 0:
                self.excess_area += over * dt
                self.busy_area += self.capacity * dt
            else:
                self.busy_area += self.busy * dt
            if over < 0 and self.held:  # whoever is off shift is not kept idle
                self.held_area += (self.held if self.held < -over else -over) * dt
        self.last = now


class StepQueue:
    """Waiting work of one step: paused work first, in order of first start, then by the queue rule.

    The rule is that of the step's first-named pool. Stale heap entries (work that left) are dropped
    when they come to the head, so every operation is O(log n).
    """

    def __init__(self, node: Node, pools: list[PoolState], rule: QueueRule) -> None:
        self.node = node
        self.pools = pools
        self.rule = rule
        self.heap: list[tuple[int, int, int, int, int, Visit]] = []
        self.paused: list[tuple[int, int, int, int, Visit]] = []
        self.length = 0
        # One unit of one pool and nothing else to look at: whoever is free can start it.
        self.simple = (
            node.kind is STEP
            and len(node.needs) == 1
            and node.needs[0].units == (1,)
            and node.shift_end is not FITS
            and not node.blocks
        )

    def push(self, visit: Visit) -> None:
        """Let new work wait."""
        visit.queue = self
        visit.stamp += 1
        heappush(
            self.heap,
            (rule_value(self.rule, visit), visit.since, visit.case.rank, visit.entry, visit.stamp, visit),
        )
        self.length += 1

    def push_paused(self, visit: Visit) -> None:
        """Let paused work wait, ahead of what has not begun."""
        visit.queue = self
        visit.stamp += 1
        heappush(self.paused, (visit.started, visit.case.rank, visit.entry, visit.stamp, visit))
        self.length += 1

    def rekey(self, visit: Visit) -> None:
        """Put waiting work at the place that its changed class gives it."""
        if visit.started < 0 and visit.queue is self:
            self.length -= 1
            self.push(visit)

    def leave(self, visit: Visit) -> None:
        """Take `visit` out; its heap entry goes stale."""
        visit.queue = None
        self.length -= 1

    def head(self) -> Visit | None:
        """Return who is next, without taking it out."""
        paused = self.paused
        while paused:
            visit = paused[0][4]
            if visit.queue is self and visit.stamp == paused[0][3]:
                return visit
            heappop(paused)
        heap = self.heap
        while heap:
            entry = heap[0]
            visit = entry[5]
            if visit.queue is self and visit.stamp == entry[4]:
                return visit
            heappop(heap)
        return None


def rule_value(rule: QueueRule, visit: Visit) -> int:
    """Value by which `rule` orders waiting work, least first."""
    if rule is FIRST_COME:
        return 0
    if rule is BY_PRIORITY:
        return visit.case.priority
    if rule is EARLIEST_DUE:
        return visit.due if visit.due >= 0 else NEVER
    return visit.effort
