"""A small permit office, before and after a reform, for the tests of the figures."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from datetime import date, timedelta

from sim.chance import laws
from sim.chance.draws import Draws, name_key
from sim.engine.records import Records
from sim.engine.simpy_engine import run
from sim.figures.data import FigureClaim, FigureData, Side
from sim.measures.claims import ClaimSpec
from sim.measures.path import average_paths
from sim.measures.shown import shown
from sim.measures.statistics import mean_interval
from sim.network.elements import (
    Backlog,
    CaseClass,
    Duration,
    EndStatus,
    Hands,
    Kind,
    Meetings,
    Need,
    Network,
    Node,
    Part,
    Pool,
    Stream,
)
from sim.worktime.calendar import build_calendar
from sim.worktime.steps import add_steps

MINUTE, HOUR, DAY = 60, 3600, 86400
WEEK = 7 * DAY
ORIGIN = date(2023, 2, 6)
ZONE = "Asia/Shanghai"
OPEN = {day: [("09:00", "12:00"), ("14:00", "18:00")] for day in range(5)}


def node(index: int, name: str, kind: Kind, next_: int = -1, **fields: object) -> Node:
    """Return a node with the key of its name."""
    return Node(index, name, name_key(name), kind, next_, **fields)  # type: ignore[arg-type]


def step(index: int, name: str, next_: int, pool: int, effort: laws.Law) -> Node:
    """Return a step by one unit of `pool`."""
    part = Part(name, name_key(name), effort)
    return node(index, name, Kind.STEP, next_, needs=(Need((pool,), (1,)),), parts=(part,))


@functools.cache
def office(variant: str, weeks: int = 12) -> Network:
    """Return the office: check, review with rework, two opinions at a time, a weekly meeting, decide.

    After the reform rework is rarer, the meeting is held twice a week and opinions take half the work.
    """
    after = variant == "after"
    last = ORIGIN + timedelta(weeks=weeks + 60)
    calendar = build_calendar("office", OPEN, zone=ZONE, origin=ORIGIN, first=ORIGIN, last=last)
    meeting_days = (1, 3) if after else (1,)
    meetings = tuple(
        week * WEEK + day * DAY + 14 * HOUR for week in range(weeks + 50) for day in meeting_days
    )
    half = 0.5 if after else 1.0
    nodes = (
        node(0, "accepted", Kind.MARK, 1),
        step(1, "check-papers", 2, 0, laws.lognormal(25 * MINUTE, 0.8)),
        step(2, "review", 3, 1, laws.lognormal(40 * MINUTE, 0.8)),
        node(3, "supplement", Kind.LOOP, 5, again=0.08 if after else 0.3, cap=4, targets=(4,)),
        node(4, "applicant-mends", Kind.WAIT, 2, hands=Hands.APPLICANT,
             delay=Duration(laws.lognormal_quantiles(3 * 7 * HOUR, 10 * 7 * HOUR), 0)),
        node(5, "opinions", Kind.FORK, 10, targets=(6, 8), branches=("fire", "environment")),
        step(6, "fire-opinion", 7, 2, laws.scaled(laws.gamma(150 * MINUTE, 0.6), half)),
        node(7, "opinions/fire", Kind.JOIN, -1, fork=5),
        step(8, "environment-opinion", 9, 2, laws.scaled(laws.gamma(60 * MINUTE, 0.6), half)),
        node(9, "opinions/environment", Kind.JOIN, -1, fork=5),
        node(10, "meeting", Kind.BATCH, 11, meetings=Meetings(
            times=meetings, agenda=60, attend=Need((1,), (2,)),
            each=Part("meeting", name_key("meeting"), laws.constant(2 * MINUTE)))),
        step(11, "decide", 12, 1, laws.gamma(30 * MINUTE, 0.6)),
        node(12, "decided", Kind.MARK, 13),
        node(13, "done", Kind.END, end_status=EndStatus.DONE),
        node(14, "withdrawn", Kind.END, end_status=EndStatus.WITHDRAWN),
        node(15, "turned-away", Kind.END, end_status=EndStatus.TURNED_AWAY),
    )  # fmt: skip
    sizes = (("clerks", 2), ("reviewers", 4), ("experts", 5))
    pools = tuple(
        Pool(i, name, add_steps([(size, calendar.shift)]), calendar=0) for i, (name, size) in enumerate(sizes)
    )
    window = (4 * WEEK, (4 + weeks) * WEEK)
    stream = Stream(
        "arrivals",
        name_key("arrivals"),
        count=40.0 * weeks,
        per=weeks * WEEK,
        rate=calendar.shift,
        class_shares=(1.0,),
    )
    backlog = Backlog(2, name_key("backlog"), 12, Duration(laws.uniform(0, 5 * DAY)), (1.0,))
    return Network(
        scenario="permit-desk", variant=variant, origin=ORIGIN.isoformat(), zone=ZONE, window=window,
        horizon=window[1] + 20 * WEEK, calendars=(calendar,), pools=pools,
        classes=(CaseClass("case", 1.0, 1),), attributes=(), streams=(stream,),
        backlogs=(backlog,), counters=(), case_counts=(), nodes=nodes, entry=0,
        withdrawn=14, turned_away=15, default_calendar=0,
    )  # fmt: skip


@dataclass(frozen=True)
class Ran:
    """One variant of the office and its runs."""

    name: str
    network: Network
    records: tuple[Records, ...]

    def side(self, spec: ClaimSpec | None = None) -> Side:
        """Return the runs as figures show them, time being split by `spec`."""
        return Side(self.name, self.network, tuple(shown(self.network, one, spec) for one in self.records))


@functools.cache
def offices_run(replications: int = 4, variants: tuple[str, ...] = ("before", "after")) -> tuple[Ran, ...]:
    """Return the runs of the office before and after."""
    return tuple(
        Ran(name, office(name), tuple(run(office(name), Draws(1, 0, r)) for r in range(replications)))
        for name in variants
    )


@functools.cache
def figure_data(replications: int = 4, *, spec: ClaimSpec | None = None) -> FigureData:
    """Return the runs of the office with one documented claim; `spec`: by which time is split."""
    ran = offices_run(replications)
    sides = tuple(one.side(spec) for one in ran)
    values = {side.name: tuple(one.lead_times for one in side.runs) for side in sides}
    claim = FigureClaim(
        claim="permit-desk.mean",
        title={"en": "time from acceptance to decision", "zh": "受理至决定的时间"},
        unit="days",
        statistic="mean",
        comparator="exact",
        documented={"before": 16.0, "after": 9.0},
        simulated={name: mean_interval([float(v.mean()) for v in each]) for name, each in values.items()},
        values=values,
        specs={} if spec is None else {side.name: spec for side in sides},
    )
    elements = {"check-papers": {"en": "Check papers", "zh": "核对材料"}}
    return FigureData(
        "permit-desk", {"en": "Permit desk", "zh": "许可窗口"}, sides, (claim,), {"en": "as stated"},
        elements, average_paths(*((one.network, one.records[0], spec) for one in ran)),
    )  # fmt: skip
