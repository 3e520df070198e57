"""The flat, frozen elements of one variant: all that an engine reads.

Times are integer seconds from local midnight of the scenario's start date. Every reference is an
index: ``Node.index`` is its place in ``Network.nodes`` (file order, which also decides ties),
``Pool.index`` its place in ``Network.pools``. ``-1`` means "none".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum

from sim.chance.laws import Law
from sim.worktime.calendar import Calendar, Steps


class Kind(IntEnum):
    """What a node does with the case that reaches it."""

    STEP = 0  # work by one or more pools
    WAIT = 1  # a delay without staff
    CHOICE = 2  # exclusive: one target
    FORK = 3  # start all branches
    JOIN = 4  # end of one branch; the last one lets the case go on
    LOOP = 5  # after `do`: again (to `redo`) or go on
    BATCH = 6  # wait for a meeting or a bundle
    UNBUNDLE = 7  # members of a bundle go on alone
    BLOCK = 8  # start of a named block: holds a unit, carries a limit
    BLOCK_END = 9  # its end: the unit is given back, the limit ends
    MARK = 10  # a named instant between which claims measure
    END = 11  # the case ends


class Hands(IntEnum):
    """In whose hands a case is while it is in an element."""

    GOVERNMENT = 0
    APPLICANT = 1
    THIRD_PARTY = 2


class ShiftEnd(IntEnum):
    """What becomes of work in progress that is in excess when capacity falls."""

    PAUSE = 0
    FINISH = 1
    FITS = 2


class QueueRule(IntEnum):
    """Order in which waiting work is taken."""

    FIRST_COME = 0
    CLASS = 1
    EARLIEST_DUE = 2
    SHORTEST_EFFORT = 3


class EndStatus(IntEnum):
    """Status of an ended case; ``OPEN`` while it has not ended."""

    OPEN = 0
    DONE = 1
    REFUSED = 2
    WITHDRAWN = 3
    ABANDONED = 4
    TURNED_AWAY = 5


class LimitClock(IntEnum):
    """Clock on which a limit runs."""

    ELAPSED = 0
    WORKING_TIME = 1
    LEGAL = 2


class ChoiceBy(IntEnum):
    """What a choice looks at."""

    CHANCE = 0
    CLASS = 1
    ATTRIBUTE = 2


@dataclass(frozen=True, slots=True)
class Duration:
    """A random length of time.

    ``law`` gives seconds. With ``calendar >= 0`` they are seconds of that calendar's open time
    (a wait of 3 working days ends when 3 standard days of it have been open); else elapsed.
    """

    law: Law
    calendar: int = -1


@dataclass(frozen=True, slots=True)
class Part:
    """One drawn piece of effort; merged steps keep the parts, and so the draws, of both."""

    name: str
    key: int  # 32-bit hash of the name: the draw's key
    law: Law  # seconds of work


@dataclass(frozen=True, slots=True)
class Need:
    """Pools and units taken at one instant."""

    pools: tuple[int, ...]
    units: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit on a step (from joining its queue) or a block (from entering it).

    ``seconds`` on ``clock``; ``calendar`` for working time and the legal clock. On a miss waiting
    work moves to the hidden step ``escalate_to`` (a node index) and/or the case gets class
    ``new_class``; -1 for neither: the miss is only recorded.
    """

    seconds: int
    clock: LimitClock
    calendar: int = -1
    escalate_to: int = -1
    new_class: int = -1


@dataclass(frozen=True, slots=True)
class Meetings:
    """When a batch is taken.

    Dated: ``times`` (seconds, ascending) are the meetings; ``size`` is 0. By size or age:
    ``size > 0`` and ``or_after`` (seconds, of ``or_after_calendar``'s open time if >= 0).
    ``agenda`` is the greatest number of cases (0: no bound); ``agenda_seconds`` the greatest total
    of item efforts (0: no bound). ``cut_off`` seconds: who joined later than meeting time - cut_off
    waits for the next. ``whole`` is one effort for the meeting, ``each`` one for each item; both
    None: no work. ``attend`` lists pools and units (may be empty). ``bundle``: those taken stay
    together, led by the first, until the node ``UNBUNDLE`` that names this batch.
    """

    times: tuple[int, ...] = ()
    size: int = 0
    or_after: int = 0
    or_after_calendar: int = -1
    agenda: int = 0
    agenda_seconds: int = 0
    cut_off: int = 0
    cut_off_calendar: int = -1
    order: QueueRule = QueueRule.FIRST_COME
    attend: Need = Need((), ())
    whole: Part | None = None
    each: Part | None = None
    bundle: bool = False


@dataclass(frozen=True, slots=True)
class Node:
    """One element of the process; which fields mean something follows from ``kind``.

    Attributes
    ----------
    name : element name, unique; generated nodes use ``NAME/end``, ``NAME/BRANCH``, ``NAME/escalated``.
    key : 32-bit hash of the name, part of the key of its draws.
    next : node that follows; -1 only for END and CHOICE/FORK (see ``targets``).
    hands, stops_clock : for STEP, WAIT and BATCH.
    needs : STEP: one Need, or several of which the first that can is taken (``any``).
    parts : STEP: efforts that add up.
    shift_end : STEP.
    patience : STEP and BLOCK with hold: elapsed time from joining to first start; None: exempt.
    counts : per counter of ``Network.counters``, added once when the node is entered.
    limit : STEP or BLOCK.
    delay : WAIT.
    by, attribute, shares, values, targets : CHOICE. By chance: ``shares`` cumulate to 1, one target
        each. By class: ``targets[class]``. By attribute: ``targets[value]``.
        FORK: ``targets`` are first nodes of the branches; ``branches`` their names.
    fork : JOIN: index of its FORK; FORK: index of the node after all branches is ``next``.
    again, cap, targets[0] : LOOP: chance to go to ``targets[0]`` (``redo``) again, at most ``cap`` times.
        ``enter`` on the node that starts the repeat is not needed: counters reset when LOOP is left.
    meetings : BATCH.
    batch : UNBUNDLE: index of its BATCH.
    hold : BLOCK: pool of which one unit is kept until BLOCK_END; -1 none.
    block : BLOCK_END: index of its BLOCK.
    end_status : END.
    blocks : indices of the enclosing BLOCK nodes, outermost first (for holds and limits).
    escalated_from : STEP: for a hidden step, the step that it stands in for.
    """

    index: int
    name: str
    key: int
    kind: Kind
    next: int = -1
    hands: Hands = Hands.GOVERNMENT
    stops_clock: bool = False
    needs: tuple[Need, ...] = ()
    parts: tuple[Part, ...] = ()
    shift_end: ShiftEnd = ShiftEnd.PAUSE
    patience: Law | None = None
    counts: tuple[float, ...] = ()
    limit: Limit | None = None
    delay: Duration | None = None
    by: ChoiceBy = ChoiceBy.CHANCE
    attribute: int = -1
    shares: tuple[float, ...] = ()
    targets: tuple[int, ...] = ()
    branches: tuple[str, ...] = ()
    fork: int = -1
    again: float = 0.0
    cap: int = 0
    meetings: Meetings | None = None
    batch: int = -1
    hold: int = -1
    block: int = -1
    end_status: EndStatus = EndStatus.OPEN
    blocks: tuple[int, ...] = ()
    escalated_from: int = -1


@dataclass(frozen=True, slots=True)
class Pool:
    """Staff shared by any number of steps.

    ``capacity`` is the head-count as a step function of time (sum of the groups on shift).
    ``room`` bounds those waiting whose first-named pool this is; -1: unbounded.
    """

    index: int
    name: str
    capacity: Steps
    rule: QueueRule = QueueRule.FIRST_COME
    room: int = -1
    calendar: int = -1  # of its first group: what "working day" of effort means


@dataclass(frozen=True, slots=True)
class CaseClass:
    """A class of cases. ``priority``: lower goes first. ``share`` of arrivals."""

    name: str
    share: float
    priority: int
    attributes: tuple[int, ...] = ()  # fixed value index per attribute; -1: drawn


@dataclass(frozen=True, slots=True)
class Attribute:
    """A categorical attribute of a case, fixed by class or drawn once per case."""

    name: str
    key: int
    values: tuple[str, ...]
    shares: tuple[float, ...]  # cumulative; used where the class does not fix it


@dataclass(frozen=True, slots=True)
class Stream:
    """A stream of arrivals.

    By rate: ``count`` expected (or, with ``exactly``, exact) arrivals over ``per`` seconds from the
    window's start; ``rate`` is the relative rate as a step function (open time of the calendar times
    the profile, 0 when closed); ``growth`` per year compounds from the window's start.
    Recorded or listed: ``times`` ascending, with ``classes`` (index or -1: drawn) beside them.
    ``class_shares``: cumulative shares over all classes for this stream.
    """

    name: str
    key: int
    count: float = 0.0
    per: int = 0
    exactly: bool = False
    growth: float = 0.0
    rate: Steps | None = None
    times: tuple[int, ...] | None = None
    classes: tuple[int, ...] | None = None
    class_shares: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Backlog:
    """Cases open at time 0: ``count`` of them waiting at ``node``, arrived ``age`` before."""

    node: int
    key: int
    count: int
    age: Duration
    class_shares: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Network:
    """One variant of a scenario, with every unknown given a value.

    ``window`` is half-open [start, end). Arrivals go on and the run may last until ``horizon``
    (exclusive). ``zone`` and ``origin`` (ISO date) turn seconds back into local time.
    ``entry`` is the first node. ``turned_away`` and ``withdrawn`` index the END nodes used by
    bounded room and by patience.
    """

    scenario: str
    variant: str
    origin: str
    zone: str
    window: tuple[int, int]
    horizon: int
    calendars: tuple[Calendar, ...]
    pools: tuple[Pool, ...]
    classes: tuple[CaseClass, ...]
    attributes: tuple[Attribute, ...]
    streams: tuple[Stream, ...]
    backlogs: tuple[Backlog, ...]
    counters: tuple[str, ...]
    case_counts: tuple[float, ...]  # added once per case at arrival
    nodes: tuple[Node, ...]
    entry: int
    withdrawn: int
    turned_away: int
    default_calendar: int = -1
    warnings: tuple[str, ...] = field(default=())

    def node(self, name: str) -> Node:
        """Return the node called `name`; KeyError if there is none."""
        for n in self.nodes:
            if n.name == name:
                return n
        raise KeyError(name)
