"""The measures of one run and of several, worked out by hand."""

import math
from dataclasses import replace

import numpy as np
import pytest

from sim.chance.draws import Draws
from sim.engine.records import Work
from sim.engine.simpy_engine import run
from sim.measures.bins import Bins, deviation
from sim.measures.cohort import case_counts
from sim.measures.combine import Summary, combine, differences, short_runs, summarise
from sim.measures.summary import Measure, lead_times, measures
from sim.network.elements import Kind, Limit, LimitClock
from tests.figure_office import office
from tests.handmade import DAY, HOUR, WEEK, Hand, hours, node, office_calendar, shift, step


@pytest.fixture
def desk() -> Hand:
    """Window: days 7 to 21 (two weeks) of 30; one desk of two, always open.

    | case | class | arrived | queue, work (days)      | ended        |
    |------|-------|---------|-------------------------|--------------|
    | 0    | a     | -3      | -3 to 8, 8 to 9         | 9 done       |
    | 1    | a     | 2       | 2 to 3, 3 to 4          | 4 done       |
    | 2    | a     | 6       | 6 to 7, 7 to 8          | 8 refused    |
    | 3    | b     | 10      | 10 to 12, 12 to 13      | 13 done      |
    | 4    | b     | 14      | 14 to 18                | 18 withdrawn |
    | 5    | a     | 20      | 20 to 22, 22 to 24      | 24 done      |
    | 6    | a     | 20      | 20 to                   | open         |
    | 7    | b     | 22      | 22 to                   | open         |
    """
    hand = Hand(
        step("check", 0, limit=Limit(2 * DAY, LimitClock.ELAPSED)),
        capacity=(shift((0, 24), size=2, days=30),),
        calendars=(office_calendar(),),
        window=(WEEK, 3 * WEEK),
        stopped=30 * DAY,
        classes=("a", "b"),
        counters=("visits",),
    )
    story: list[tuple[int, int, int | None, int | None, str]] = [
        (0, -3, 8, 9, "done"), (0, 2, 3, 4, "done"), (0, 6, 7, 8, "refused"), (1, 10, 12, 13, "done"),
        (1, 14, None, 18, "withdrawn"), (0, 20, 22, 24, "done"), (0, 20, None, None, ""),
        (1, 22, None, None, ""),
    ]  # fmt: skip
    for cls, arrived, started, ended, end in story:
        stop = -1 if ended is None else ended * DAY
        case = hand.case(arrived * DAY, stop, end or "done", cls=cls, initial=arrived < 0, counts=(arrived,))
        status = Work.DONE if started else Work.WITHDRAWN if ended else Work.WAITING
        begin = -1 if started is None else started * DAY
        missed = arrived in (14, 22) or (ended is None)
        hand.row(case, "check", arrived * DAY, begin, stop, status=status, missed=missed)
    return hand


def values(hand: Hand, **areas: tuple[int, ...]) -> dict[tuple[str, str, str], float]:
    found = measures(hand.network, hand.records(**areas))
    return {(m.name, m.of, m.statistic): m.value for m in found}


def test_cases_are_counted_over_the_window_and_none_is_lost(desk: Hand) -> None:
    counts = case_counts(desk.network, desk.records())
    assert counts == {
        "initial": 2, "arrived": 4, "finished": 2, "refused": 1, "withdrawn": 1, "abandoned": 0,
        "turned_away": 0, "open": 2,
    }  # fmt: skip
    arrived = counts["initial"] + counts["arrived"]
    assert arrived == sum(n for name, n in counts.items() if name not in ("initial", "arrived"))


def test_lead_times_are_those_of_the_cohort_and_at_least_where_some_are_open(desk: Hand) -> None:
    found = lead_times(desk.network, desk.records())
    assert {of: days.tolist() for of, days in found.items()} == {
        "all": [3.0, 4.0, 4.0], "class a": [4.0], "class b": [3.0, 4.0], "end done": [3.0, 4.0],
        "end withdrawn": [4.0],
    }  # fmt: skip
    rows = {(m.of, m.statistic): m for m in measures(desk.network, desk.records()) if m.name == "lead-time"}
    assert rows["all", "mean"].value == pytest.approx(11 / 3)
    assert (rows["all", "median"].value, rows["all", "count"].value) == (4.0, 3.0)
    assert rows["all", "p90"].value == 4.0
    assert rows["all", "mean"].at_least
    assert rows["class a", "mean"].at_least
    assert not rows["class b", "mean"].at_least
    assert values(desk)["open-at-end", "all", "share"] == 0.25
    # Day 10 is a Thursday: Thursday, Friday; Monday of week 2 to Thursday; Sunday of week 2 to Wednesday.
    assert values(desk)["working-time", "all", "mean"] == pytest.approx((2 + 4 + 3) / 3)


def test_a_standard_deviation_stands_beside_every_mean_of_times(desk: Hand) -> None:
    rows = {(m.name, m.of, m.statistic): m for m in measures(desk.network, desk.records())}
    of_times = [(name, of) for name, of, statistic in rows if statistic == "median"]
    assert {name for name, _ in of_times} == {"lead-time", "working-time", "wait", "queue-age"}
    assert all((*key, "sd") in rows for key in of_times)
    # 3, 4 and 4 days; 3 and 4; one case says nothing of how cases differ.
    assert rows["lead-time", "all", "sd"].value == pytest.approx(math.sqrt(1 / 3))
    assert rows["lead-time", "class b", "sd"].value == pytest.approx(math.sqrt(1 / 2))
    assert math.isnan(rows["lead-time", "class a", "sd"].value)
    assert rows["lead-time", "all", "mean"].at_least
    assert not rows["lead-time", "all", "sd"].at_least


def test_equal_values_have_no_deviation_and_nearly_equal_ones_the_right_one() -> None:
    """Floats of days or hours would give 2.8e-17 for the first."""
    for unit, seconds in ((HOUR, 5 * HOUR), (DAY, 4_567)):
        bins = Bins(float(unit))
        bins.add(np.full(200, seconds))
        assert deviation(np.full(200, seconds / unit), float(unit)) == deviation(bins, float(unit)) == 0.0
    near = np.array([100 * DAY, 100 * DAY + 1]) / DAY
    assert deviation(near, float(DAY)) == pytest.approx(math.sqrt(0.5) / DAY, rel=1e-15)


def test_replications_with_one_value_say_nothing_of_a_deviation() -> None:
    key = ("lead-time", "all", "sd")
    summaries = [Summary((Measure(*key, "days", value),), {}, {}) for value in (math.nan, 2.0, 4.0)]
    (row,) = combine(summaries)
    assert row.interval.estimate == 3.0
    later = [Summary((Measure(*key, "days", value),), {}, {}) for value in (1.0, 3.0, 5.0)]
    assert differences(summaries, later)[key].interval.estimate == 1.0


def test_flow_of_the_window(desk: Hand) -> None:
    found = values(desk)
    assert found["throughput", "all", "mean"] == 4 / 2
    assert found["throughput", "end done", "mean"] == 2 / 2
    # Days in the window: 2, 0, 1, 3, 4, 1, 1, 0.
    assert found["in-progress", "all", "mean"] == pytest.approx(12 / 14)


def test_limits_and_waits_and_ages(desk: Hand) -> None:
    found = values(desk)
    # Limits that began in the window: cases 3 to 6, of which 4 and 6 missed theirs.
    assert found["in-time", "limit check", "share"] == 0.5
    # Started in the window: cases 0, 2, 3.
    assert found["wait", "step check", "count"] == 3
    assert found["wait", "step check", "mean"] == pytest.approx((11 + 1 + 2) * 24 / 3)
    # Waiting as day 21 begins: cases 5 and 6, both a day old.
    assert found["queue-age", "all", "count"] == 2
    assert found["queue-age", "all", "max"] == 1
    assert found["counted", "counter visits", "mean"] == pytest.approx((10 + 14 + 20) / 3)


def test_pools_are_measured_by_the_areas_of_the_engine(desk: Hand) -> None:
    capacity = 2 * 14 * DAY
    found = values(
        desk, busy_area=(capacity // 4,), excess_area=(5 * HOUR,), held_area=(capacity // 8,),
        queue_area=(14 * DAY * 3,),
    )  # fmt: skip
    assert found["utilisation", "pool pool-0", "share"] == 0.25
    assert found["held-idle", "pool pool-0", "share"] == 0.125
    assert found["overtime", "pool pool-0", "count"] == 5
    assert found["queue", "pool pool-0", "mean"] == 3


def test_the_limit_of_a_block_is_read_from_its_end() -> None:
    limit = Limit(DAY, LimitClock.ELAPSED)
    hand = Hand(
        node("phase", Kind.BLOCK, limit=limit),
        node("notice", Kind.WAIT),
        node("phase/end", Kind.BLOCK_END, block="phase"),
    )
    for days in (1, 2, 1):
        case = hand.case(0, days * DAY)
        hand.row(case, "notice", 0, 0, days * DAY)
        hand.row(case, "phase/end", 0, 0, days * DAY, missed=days > 1)
    assert values(hand)["in-time", "limit phase", "share"] == pytest.approx(2 / 3)


def test_nothing_to_measure_is_nan_not_an_error() -> None:
    hand = Hand(step("check", 0), capacity=(shift((9, 12)),))
    found = values(hand)
    assert math.isnan(found["lead-time", "all", "mean"])
    assert math.isnan(found["queue-age", "all", "max"])
    assert found["throughput", "all", "mean"] == 0


def test_replications_combine_with_quantiles_of_all_cases() -> None:
    network = office("before", 2)
    runs = [summarise(network, run(network, Draws(11, 0, r))) for r in range(3)]
    rows = {(c.name, c.of, c.statistic): c for c in combine(runs)}
    assert list(rows) == [(m.name, m.of, m.statistic) for m in runs[0].measures]
    every = np.concatenate([r.lead_times["all"] for r in runs])
    assert rows["lead-time", "all", "p90"].interval.estimate == pytest.approx(np.quantile(every, 0.9))
    means = [float(r.lead_times["all"].mean()) for r in runs]
    assert rows["lead-time", "all", "mean"].interval.estimate == pytest.approx(np.mean(means))
    assert rows["lead-time", "all", "mean"].interval.count == 3
    assert 0 < rows["utilisation", "pool experts", "share"].interval.estimate < 1
    few = [replace(r, lead_times={"all": r.lead_times["all"][:20]}) for r in runs]
    [warning] = short_runs(few)
    assert warning.startswith("runs are short for the mean: ")


def test_differences_are_paired_and_a_measure_that_one_run_lacks_is_left_out() -> None:
    network = office("before", 2)
    runs = [summarise(network, run(network, Draws(11, 0, r))) for r in range(4)]
    later = [
        replace(r, measures=tuple(replace(m, value=m.value - 1.0) for m in r.measures),
                lead_times={of: days - 2.0 for of, days in r.lead_times.items()})
        for r in runs
    ]  # fmt: skip
    later[3] = replace(later[3], measures=tuple(m for m in later[3].measures if m.name != "utilisation"))
    found = differences(runs, later)
    mean, p90 = found["lead-time", "all", "mean"], found["lead-time", "all", "p90"]
    assert mean.interval.estimate == pytest.approx(-1.0)
    assert mean.interval.half_width == pytest.approx(0.0, abs=1e-9)
    assert mean.correlation == pytest.approx(1.0)
    assert p90.interval.estimate == pytest.approx(-2.0)
    utilised = next(value for key, value in found.items() if key[0] == "utilisation")
    assert utilised.interval.count == 3
    assert differences([], runs) == {}


def test_an_end_that_one_run_never_reached_counts_as_none_there() -> None:
    """Three replications with 1, 0 and 2 refused cases a week have a mean of 1, not of 1.5."""

    def week(refused: float, lead: float) -> Summary:
        rows = [
            Measure("throughput", "end refused", "mean", "cases/week", refused),
            Measure("lead-time", "end refused", "count", "cases", refused),
            Measure("lead-time", "end refused", "mean", "days", lead),
        ]
        return Summary(tuple(rows) if refused else (), {}, {})

    runs = [week(1.0, 4.0), week(0.0, 0.0), week(2.0, 6.0)]
    rows = {(c.name, c.statistic): c.interval for c in combine(runs)}
    assert (rows["throughput", "mean"].estimate, rows["throughput", "mean"].count) == (1.0, 3)
    assert (rows["lead-time", "count"].estimate, rows["lead-time", "count"].count) == (1.0, 3)
    assert (rows["lead-time", "mean"].estimate, rows["lead-time", "mean"].count) == (5.0, 2)
    fewer = differences(runs, [week(1.0, 4.0)] * 3)
    assert fewer["throughput", "end refused", "mean"].interval.estimate == 0.0


def test_office_hours_of_the_helper() -> None:
    capacity = shift((9, 12), (14, 18), size=3)
    assert (capacity.at(hours(9)), capacity.at(hours(12, 2)), capacity.at(hours(17.9, 19))) == (3, 0, 3)
