"""The measures on runs of one network that has every element of the language in it."""

from datetime import timedelta

import numpy as np
import pytest

from sim.chance import laws
from sim.chance.draws import Draws, name_key
from sim.engine.records import Records, Work
from sim.engine.simpy_engine import run
from sim.measures.checks import check, work_by_pool
from sim.measures.clocks import person_seconds
from sim.measures.cohort import case_counts
from sim.measures.split import KINDS, split, split_between
from sim.network.elements import (
    CaseClass,
    Duration,
    EndStatus,
    Hands,
    Kind,
    Limit,
    LimitClock,
    Meetings,
    Need,
    Network,
    Node,
    Part,
    Pool,
    QueueRule,
    ShiftEnd,
    Stream,
)
from sim.worktime.calendar import build_calendar
from sim.worktime.steps import add_steps
from tests.handmade import DAY, HOUR, ORIGIN, WEEK

MINUTE = 60
NODES = (
    "accepted", "triage", "simple", "file", "both", "a", "both/a", "b", "inner", "x", "inner/x", "y",
    "y-stop", "refused", "inner/y", "both/b", "panel", "bundle", "send", "sent", "post", "bundle/unbundle",
    "again", "mend", "file/end", "check", "check/escalated", "decided", "done", "withdrawn", "turned-away",
)  # fmt: skip
AT = {name: i for i, name in enumerate(NODES)}


def made(name: str, kind: Kind, next_: str = "", **fields: object) -> Node:
    return Node(AT[name], name, name_key(name), kind, AT.get(next_, -1), **fields)  # type: ignore[arg-type]


def work(name: str, next_: str, minutes: float, *needs: Need, **fields: object) -> Node:
    part = Part(name, name_key(name), laws.gamma(minutes * MINUTE, 0.8))
    return made(name, Kind.STEP, next_, needs=needs, parts=(part,), **fields)


def rich() -> Network:
    calendar = build_calendar(
        "office", {day: [("09:00", "12:00"), ("14:00", "18:00")] for day in range(5)}, zone="Asia/Shanghai",
        origin=ORIGIN, first=ORIGIN, last=ORIGIN + timedelta(weeks=60),
    )  # fmt: skip
    night = build_calendar(
        "night", {day: [("20:00", "04:00")] for day in range(7)}, zone="Asia/Shanghai",
        origin=ORIGIN, first=ORIGIN, last=ORIGIN + timedelta(weeks=60),
    )  # fmt: skip

    def one(*pools: int) -> Need:
        return Need(pools, (1,) * len(pools))

    limit = Limit(4 * HOUR, LimitClock.ELAPSED, escalate_to=AT["check/escalated"], new_class=1)
    hour = Duration(laws.exponential(5 * HOUR))
    nodes = (
        made("accepted", Kind.MARK, "triage"),
        work("triage", "simple", 8, one(0), patience=laws.exponential(3 * DAY)),
        made("simple", Kind.CHOICE, shares=(0.4, 1.0), targets=(AT["check"], AT["file"])),
        made("file", Kind.BLOCK, "both", hold=3, limit=Limit(15 * DAY, LimitClock.LEGAL, 0)),
        made("both", Kind.FORK, "panel", targets=(AT["a"], AT["b"]), branches=("a", "b")),
        work("a", "both/a", 40, one(0), one(1), blocks=(AT["file"],)),
        made("both/a", Kind.JOIN, fork=AT["both"]),
        work("b", "inner", 20, Need((1, 0), (1, 1)), shift_end=ShiftEnd.FINISH, blocks=(AT["file"],)),
        made("inner", Kind.FORK, "both/b", targets=(AT["x"], AT["y"]), branches=("x", "y")),
        made("x", Kind.WAIT, "inner/x", delay=hour, hands=Hands.THIRD_PARTY, stops_clock=True),
        made("inner/x", Kind.JOIN, fork=AT["inner"]),
        work("y", "y-stop", 15, one(1), patience=laws.exponential(4 * DAY)),
        made("y-stop", Kind.CHOICE, shares=(0.1, 1.0), targets=(AT["refused"], AT["inner/y"])),
        made("refused", Kind.END, end_status=EndStatus.REFUSED),
        made("inner/y", Kind.JOIN, fork=AT["inner"]),
        made("both/b", Kind.JOIN, fork=AT["both"]),
        made("panel", Kind.BATCH, "bundle", meetings=Meetings(
            times=tuple(d * DAY + 15 * HOUR for d in range(0, 200, 2)), agenda=12, attend=Need((1,), (2,)),
            each=Part("panel", name_key("panel"), laws.constant(7 * MINUTE)))),
        made("bundle", Kind.BATCH, "send", meetings=Meetings(size=4, or_after=2 * DAY, bundle=True)),
        work("send", "sent", 30, one(2), hands=Hands.GOVERNMENT),
        made("sent", Kind.MARK, "post"),
        made("post", Kind.WAIT, "bundle/unbundle", delay=hour),
        made("bundle/unbundle", Kind.UNBUNDLE, "again", batch=AT["bundle"]),
        made("again", Kind.LOOP, "file/end", again=0.25, cap=2, targets=(AT["mend"],)),
        made("mend", Kind.WAIT, "both", delay=Duration(laws.exponential(4 * HOUR), 0), hands=Hands.APPLICANT),
        made("file/end", Kind.BLOCK_END, "check", block=AT["file"]),
        work("check", "decided", 10, one(0), limit=limit, patience=laws.exponential(6 * DAY)),
        work("check/escalated", "decided", 10, one(2), escalated_from=AT["check"]),
        made("decided", Kind.MARK, "done"),
        made("done", Kind.END, end_status=EndStatus.DONE),
        made("withdrawn", Kind.END, end_status=EndStatus.WITHDRAWN),
        made("turned-away", Kind.END, end_status=EndStatus.TURNED_AWAY),
    )  # fmt: skip
    pools = (
        Pool(0, "desk", add_steps([(3, calendar.shift)]), QueueRule.CLASS, room=40),
        Pool(1, "experts", add_steps([(3, calendar.shift), (1, night.shift)]), QueueRule.EARLIEST_DUE),
        Pool(2, "post", add_steps([(1, night.shift)])),
        Pool(3, "officers", add_steps([(30, calendar.shift)])),
    )
    stream = Stream(
        "arrivals", name_key("arrivals"), count=400.0, per=4 * WEEK, rate=calendar.shift,
        class_shares=(0.7, 1.0),
    )  # fmt: skip
    return Network(
        scenario="rich", variant="before", origin=ORIGIN.isoformat(), zone="Asia/Shanghai",
        window=(WEEK, 5 * WEEK), horizon=9 * WEEK, calendars=(calendar,), pools=pools,
        classes=(CaseClass("slow", 0.7, 2), CaseClass("fast", 0.3, 1)), attributes=(), streams=(stream,),
        backlogs=(), counters=(), case_counts=(), nodes=nodes, entry=0, withdrawn=AT["withdrawn"],
        turned_away=AT["turned-away"], default_calendar=0,
    )  # fmt: skip


NETWORK = rich()


@pytest.fixture(scope="module", params=range(3))
def records(request: pytest.FixtureRequest) -> Records:
    return run(NETWORK, Draws(40, 0, request.param))


def test_the_network_does_what_it_was_made_for(records: Records) -> None:
    steps, cases = records.steps, records.cases
    assert set(np.unique(steps["status"])) >= {Work.DONE, Work.CANCELLED, Work.WITHDRAWN, Work.MOVED}
    ends = {NODES[e] for e in np.unique(cases["end"]) if e >= 0}
    assert {"done", "refused", "withdrawn"} <= ends
    assert steps["rework"].any()
    assert (steps["lead"] != steps["case"]).any()
    assert len(records.pieces) > 100
    assert records.held_area[3] > 0


def test_laws_and_splits_hold(records: Records) -> None:
    check(NETWORK, records)
    table = split(NETWORK, records)
    lead = records.cases["ended"] - records.cases["arrived"]
    assert np.array_equal(table["total"], lead[table["case"]])
    assert (np.array([table[kind] for kind in KINDS]) >= 0).all()
    assert all(table[kind].sum() > 0 for kind in KINDS)
    first = split_between(NETWORK, records, "", "sent")
    assert (first["total"] > 0).all()


def test_cases_are_conserved(records: Records) -> None:
    counts = case_counts(NETWORK, records)
    into = counts["initial"] + counts["arrived"]
    assert into == sum(number for name, number in counts.items() if name not in ("initial", "arrived"))


def test_person_hours_of_the_cases_are_those_that_the_pools_gave(records: Records) -> None:
    start, stop = NETWORK.window
    count = len(records.cases)
    people = person_seconds(NETWORK, records, np.full(count, start), np.full(count, stop))
    given = records.busy_area + records.excess_area
    assert people.sum() == pytest.approx(float(given.sum()), rel=1e-9)
    # Of one pool alone the work is exact where it is no alternative of `any` and attends no meeting.
    work = work_by_pool(NETWORK, records)
    assert work[2] == given[2] > 0
    meetings = records.meetings
    met = np.clip(meetings["ended"], start, stop) - np.clip(meetings["started"], start, stop)
    served = meetings["element"] == AT["panel"]
    assert work.sum() + 2 * met[served].sum() == given.sum()
