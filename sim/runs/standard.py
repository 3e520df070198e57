"""Standard networks: what speeds are measured on, here and in the benchmarks.

Built from a few numbers, so that the same network can be written down in another simulator: stations in
a row, each with clerks and a law of effort, a share of cases that goes back to the first, hours or none.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta

from sim.chance import laws
from sim.chance.draws import name_key
from sim.chance.laws import Law
from sim.network.elements import CaseClass, EndStatus, Kind, Need, Network, Node, Part, Pool, Stream
from sim.worktime.calendar import Calendar, Steps, build_calendar, combine

#: Second 0: the midnight of a Monday.
ORIGIN = date(2023, 1, 2)
DAY = 86_400
WEEK = 7 * DAY
#: Monday to Friday with a lunch break, as seconds of the day.
OFFICE_HOURS = ((9 * 3600, 12 * 3600), (14 * 3600, 18 * 3600))
OFFICE_DAYS = range(5)


@dataclass(frozen=True)
class Station:
    """One step with clerks of its own. ``mean`` of the effort in seconds; ``cv`` None: exponential."""

    mean: float
    cv: float | None = None
    clerks: int = 3

    @property
    def law(self) -> Law:
        """The law of the effort: lognormal with this coefficient of variation, or exponential."""
        return laws.exponential(self.mean) if self.cv is None else laws.lognormal(self.mean, self.cv)


@dataclass(frozen=True)
class Standard:
    """A network in a few numbers.

    Attributes
    ----------
    name, title : short name, and what it is.
    stations : in the order in which a case passes them.
    again : share of the cases that goes back to the first after the last, each time.
    load : of the busiest station.
    hours : whether clerks and arrivals keep office hours (`OFFICE_HOURS`, weekdays), or never close.
    """

    name: str
    title: str
    stations: tuple[Station, ...]
    again: float = 0.0
    load: float = 0.8
    hours: bool = False

    @property
    def rate(self) -> float:
        """Arrivals per second of open time."""
        return min(self.load * s.clerks * (1.0 - self.again) / s.mean for s in self.stations)

    @property
    def per_case(self) -> float:
        """Activities that a case has in the mean."""
        return len(self.stations) / (1.0 - self.again)


ONE = Standard("one", "one station, 5 clerks", (Station(600, 0.8, clerks=5),))
FIVE = Standard(
    "five",
    "five stations in a row, 20 % rework",
    tuple(Station(600, 0.8 if i % 2 == 0 else None) for i in range(5)),
    again=0.2,
)
OFFICE = Standard(
    "office", "two stations with office hours", (Station(600, 0.8, 5), Station(600, None, 5)), hours=True
)
STANDARDS = (ONE, FIVE, OFFICE)


def many(pools: int) -> Standard:
    """Return `pools` stations in a row, otherwise like five of them."""
    stations = tuple(Station(600, 0.8 if i % 2 == 0 else None) for i in range(pools))
    return Standard(f"pools-{pools}", f"{pools} stations in a row", stations)


def calendar(standard: Standard, seconds: int) -> Calendar:
    """Return the hours of the clerks, known for at least so many seconds."""
    hours = [(_clock(start), _clock(stop)) for start, stop in OFFICE_HOURS]
    return build_calendar(
        "hours",
        dict.fromkeys(OFFICE_DAYS, hours) if standard.hours else {},
        zone="UTC",
        origin=ORIGIN,
        first=ORIGIN,
        last=ORIGIN + timedelta(days=seconds // DAY + 1),
        always=not standard.hours,
    )


def length(standard: Standard, cases: int) -> int:
    """Return the second by which so many cases have arrived in the mean."""
    seconds = math.ceil(cases / standard.rate)
    if not standard.hours:
        return seconds
    weeks = seconds // (len(OFFICE_DAYS) * sum(stop - start for start, stop in OFFICE_HOURS)) + 1
    return calendar(standard, weeks * WEEK).add_open(0, seconds)


def network(standard: Standard, cases: int) -> Network:
    """Return `standard` for an engine, with exactly `cases` cases in a window that begins at 0."""
    window = length(standard, cases)
    follow = max(window // 4, 4 * WEEK)
    hours = calendar(standard, window + follow + 4 * WEEK)
    n = len(standard.stations)
    nodes = [_step(i, station) for i, station in enumerate(standard.stations)]
    if standard.again:
        nodes.append(Node(n, "again", name_key("again"), Kind.LOOP, n + 1, again=standard.again,
                          cap=1_000_000, targets=(0,)))  # fmt: skip
    ends = len(nodes)
    for i, (name, status) in enumerate(
        [("done", EndStatus.DONE), ("withdrawn", EndStatus.WITHDRAWN), ("turned-away", EndStatus.TURNED_AWAY)]
    ):
        nodes.append(Node(ends + i, name, name_key(name), Kind.END, end_status=status))
    shift = hours.shift
    stream = Stream(
        "cases", name_key("cases"), count=float(cases), per=window, exactly=True,
        rate=Steps(shift.times, tuple(float(v) for v in shift.values), shift.stop), class_shares=(1.0,),
    )  # fmt: skip
    return Network(
        scenario=standard.name, variant="before", origin=ORIGIN.isoformat(), zone="UTC",
        window=(0, window), horizon=window + follow, calendars=(hours,),
        pools=tuple(Pool(i, f"clerks-{i}", combine([(s.clerks, hours)]), calendar=0)
                    for i, s in enumerate(standard.stations)),
        classes=(CaseClass("case", 1.0, 1),), attributes=(), streams=(stream,), backlogs=(), counters=(),
        case_counts=(), nodes=tuple(nodes), entry=0, withdrawn=ends + 1, turned_away=ends + 2,
        default_calendar=0,
    )  # fmt: skip


def _step(i: int, station: Station) -> Node:
    name = f"step-{i}"
    key = name_key(name)
    need = Need((i,), (1,))
    return Node(i, name, key, Kind.STEP, next=i + 1, needs=(need,), parts=(Part(name, key, station.law),))


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02d}:{seconds % 3600 // 60:02d}"
