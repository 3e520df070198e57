"""Tables over time and values: small cases by hand, and the totals that the engine itself counted."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from sim.chance import laws
from sim.chance.draws import Draws, name_key
from sim.engine.simpy_engine import run
from sim.measures.claims import ClaimSpec
from sim.measures.kinds import kinds_of, mean_kinds
from sim.measures.path import Time, average_case, case_path, spans
from sim.measures.series import (
    across,
    ecdf,
    lead_times,
    mean_open,
    utilisation_by_hour,
    utilisation_by_pool,
    weekly,
    work_intervals,
)
from sim.measures.split import KINDS, PLAIN, split
from sim.measures.statistics import mean_interval
from sim.network.elements import EndStatus, Kind, Network, Stream
from tests.figure_office import DAY, HOUR, MINUTE, WEEK, node, office, offices_run, step


def one_step_office(arrivals: tuple[int, ...], minutes: int) -> Network:
    """Return an office with one clerk (9-12 and 14-18, Monday to Friday) and one step of fixed length."""
    base = office("before")
    pool = dataclasses.replace(base.pools[0], capacity=base.calendars[0].shift)
    nodes = (
        step(0, "check", 1, 0, laws.constant(minutes * MINUTE)),
        node(1, "done", Kind.END, end_status=EndStatus.DONE),
        node(2, "withdrawn", Kind.END, end_status=EndStatus.WITHDRAWN),
        node(3, "turned-away", Kind.END, end_status=EndStatus.TURNED_AWAY),
    )
    stream = Stream(
        "given", name_key("given"), times=arrivals, classes=(0,) * len(arrivals), class_shares=(1.0,)
    )
    return dataclasses.replace(
        base, window=(0, 2 * WEEK), horizon=3 * WEEK, pools=(pool,), streams=(stream,), backlogs=(),
        nodes=nodes, withdrawn=2, turned_away=3,
    )  # fmt: skip


def test_hand_ecdf_counts_cases_at_or_below_each_value():
    table = ecdf([np.array([1.0, 2.0, 2.0, 4.0]), np.array([2.0, 3.0]), np.array([])], [0, 1, 2, 3, 5])
    assert table["mean"].tolist() == [0.0, 0.125, 0.625, 0.875, 1.0]
    assert (table["low"] >= 0).all()
    assert (table["high"] <= 1).all()
    assert len(ecdf([np.array([])], [0.0, 1.0])) == 0


def test_unit_bands_are_the_interval_of_the_mean_at_each_point():
    values = np.array([[1.0, 10.0], [2.0, 14.0], [6.0, 12.0]])
    table = across([0, 1], values)
    for point in (0, 1):
        interval = mean_interval(values[:, point])
        assert table["low"][point] == pytest.approx(interval.low)
        assert table["high"][point] == pytest.approx(interval.high)
    assert np.isnan(across([0], [[1.0]])["low"]).all()
    whole = across([0, 1], values, level=None)
    assert whole["low"].tolist() == [1.0, 10.0]
    assert whole["high"].tolist() == [6.0, 14.0]


def test_hand_week_counts_and_cases_in_progress():
    """Two cases of 3 h 30 on the first Monday, one on the second.

    ======  ========  =========  ==============================  ===========
    case    arrives   begins     works                           ends
    ======  ========  =========  ==============================  ===========
    0       Mon 9:00  Mon 9:00   9-12, 14-14:30                  Mon 14:30
    1       Mon 9:00  Mon 14:30  14:30-18:00                     Mon 18:00
    2       Mon 10:00 (week 2)   10-12, 14-15:30                 Mon 15:30
    ======  ========  =========  ==============================  ===========
    """
    network = one_step_office((9 * HOUR, 9 * HOUR, WEEK + 10 * HOUR), 210)
    records = run(network, Draws(1))
    table = weekly(network, records)
    assert table["arrived"][:2].tolist() == [2, 1]
    assert table["ended"][:2].tolist() == [2, 1]
    assert (table["open"][:2] * WEEK).tolist() == [5.5 * HOUR + 9 * HOUR, 5.5 * HOUR]
    assert (lead_times(network, records) * DAY).tolist() == [5.5 * HOUR, 9 * HOUR, 5.5 * HOUR]


def test_hand_utilisation_by_weekday_and_hour():
    """The same office: Monday 9 to 12 and 14 to 18 are worked in week 1, 10-12 and 14-15:30 in week 2."""
    network = one_step_office((9 * HOUR, 9 * HOUR, WEEK + 10 * HOUR), 210)
    (table,) = utilisation_by_hour(network, run(network, Draws(1)))
    busy = table["busy"].reshape(7, 24)
    capacity = table["capacity"].reshape(7, 24)
    assert busy[0, 9:18].tolist() == [3600, 7200, 7200, 0, 0, 7200, 5400, 3600, 3600]
    assert busy.sum() == busy[0].sum() == 3 * 210 * MINUTE
    assert capacity[0, 9:18].tolist() == [7200, 7200, 7200, 0, 0, 7200, 7200, 7200, 7200]
    assert capacity[5:].sum() == 0


def test_hand_path_of_a_case_across_lunch():
    """Case 1 of that office waits for the clerk, who is off from 12 to 14, and is then worked on."""
    network = one_step_office((9 * HOUR, 9 * HOUR), 210)
    records = run(network, Draws(1))
    segments = [
        (int(s["start"]), int(s["stop"]), Time(int(s["kind"]))) for s in case_path(network, records, 1)
    ]
    half_past_two = 14 * HOUR + 30 * MINUTE
    assert segments == [
        (9 * HOUR, 12 * HOUR, Time.QUEUE),
        (12 * HOUR, 14 * HOUR, Time.OFF_SHIFT),
        (14 * HOUR, half_past_two, Time.QUEUE),
        (half_past_two, 18 * HOUR, Time.TOUCH),
    ]
    first = [(int(s["start"]), int(s["stop"]), Time(int(s["kind"]))) for s in case_path(network, records, 0)]
    assert first[1] == (12 * HOUR, 14 * HOUR, Time.OFF_SHIFT)
    assert [kind for _, _, kind in first] == [Time.TOUCH, Time.OFF_SHIFT, Time.TOUCH]


@pytest.mark.parametrize("variant", ["before", "after"])
def test_law_utilisation_adds_up_to_what_the_engine_counted(variant: str):
    side = next(side for side in offices_run(2) if side.name == variant)
    for records in side.records:
        for pool, table in zip(side.network.pools, utilisation_by_hour(side.network, records), strict=True):
            assert table["busy"].sum() == records.busy_area[pool.index]
            assert table["capacity"].sum() == pool.capacity.integral(*side.network.window)
            assert (table["busy"] <= table["capacity"]).all()
            whole = utilisation_by_pool(side.network, records)[pool.index]
            assert (table["busy"].sum(), table["capacity"].sum()) == (whole["busy"], whole["capacity"])


@pytest.mark.parametrize("variant", ["before", "after"])
def test_law_weeks_conserve_cases(variant: str):
    side = next(side for side in offices_run(2) if side.name == variant)
    for records in side.records:
        table = weekly(side.network, records)
        cases, end = records.cases, int(table["stop"][-1])
        here = np.maximum(cases["arrived"], 0)
        gone = np.where(cases["ended"] < 0, end, np.minimum(cases["ended"], end))
        assert table["open"].sum() * WEEK == pytest.approx(np.maximum(gone - here, 0).sum(), rel=1e-12)
        months = weekly(side.network, records, 4)
        for field in ("arrived", "ended", "open"):
            assert months[field][0] == pytest.approx(table[field][:4].mean())
        inside = (table["start"] >= side.network.window[0]) & (table["stop"] <= side.network.window[1])
        assert mean_open(side.network, records) == pytest.approx(table["open"][inside].mean())
        still = cases["initial"].sum() + table["arrived"].sum() - table["ended"].sum()
        assert still == ((here < end) & ((cases["ended"] < 0) | (cases["ended"] >= end))).sum()


def test_law_path_covers_the_lead_time_and_agrees_with_the_split():
    side = offices_run(2)[0]
    records = side.records[0]
    parts = split(side.network, records)
    for row in range(0, len(parts), 23):
        case = int(parts["case"][row])
        segments = case_path(side.network, records, case)
        arrived, ended = (int(records.cases[case][field]) for field in ("arrived", "ended"))
        inside = sorted((int(s["start"]), int(s["stop"])) for s in segments)
        reached = arrived
        for start, stop in inside:
            assert start <= reached, "a second of the case is in no element"
            reached = max(reached, stop)
        assert reached == ended
        trunk = segments[segments["token"] == 0]
        for kind in (Time.BATCH, Time.WAIT):
            own = trunk[trunk["kind"] == kind]
            name = PLAIN[kind]
            assert (own["stop"] - own["start"]).sum() == parts[name][row] + parts[f"rework_{name}"][row]


def test_unit_average_case_is_the_same_case_on_both_sides():
    before, after = offices_run(2)
    pair = average_case((before.network, before.records[0], None), (after.network, after.records[0], None))
    assert pair is not None
    rows = [side.records[0].cases[row] for side, row in zip((before, after), pair, strict=True)]
    assert rows[0]["number"] == rows[1]["number"]
    assert rows[0]["arrived"] == rows[1]["arrived"]
    for side, row in zip((before, after), rows, strict=True):
        mean = lead_times(side.network, side.records[0]).mean() * DAY
        assert abs(row["ended"] - row["arrived"] - mean) < 0.25 * mean


def test_unit_spans_of_a_claim_lie_between_its_marks():
    side = offices_run(2)[0]
    records = side.records[0]
    whole = spans(side.network, records)
    assert (whole["start"] == records.cases["arrived"][whole["case"]]).all()
    assert (whole["stop"] == records.cases["ended"][whole["case"]]).all()
    marked = spans(side.network, records, ClaimSpec((("accepted", "decided"),)))
    assert set(marked["case"]) == set(whole["case"][~records.cases["initial"][whole["case"]]])
    twice = spans(side.network, records, ClaimSpec((("accepted", "decided"), ("accepted", "decided"))))
    assert (twice["seconds"] == 2 * marked["seconds"]).all()
    assert (twice["stop"] - twice["start"] == marked["seconds"]).all()


def test_law_mean_kinds_add_up_to_the_mean_lead_time():
    side = offices_run(2)[0]
    table = mean_kinds([kinds_of(side.network, records) for records in side.records])
    assert len(table) == len(KINDS)
    expected = np.mean([lead_times(side.network, records).mean() for records in side.records]) * DAY
    assert table["mean"].sum() == pytest.approx(expected, rel=1e-12)
    spec = ClaimSpec((("accepted", "decided"),), outcomes=("done",))
    marked = mean_kinds([kinds_of(side.network, records, spec) for records in side.records])["mean"].sum()
    assert 0 < marked < table["mean"].sum()  # the backlog never passed the first mark


def test_unit_work_of_a_meeting_counts_for_those_who_attend():
    side = offices_run(2)[0]
    records = side.records[0]
    table = work_intervals(side.network, records)
    reviewers = table[(table["pool"] == 1) & (table["units"] == 2)]
    assert len(reviewers) == (records.meetings["started"] >= 0).sum() > 0
