"""The standard networks and the bare loop: known answers, and the same lines compiled or not."""

from __future__ import annotations

import numpy as np
import pytest

from sim.chance.draws import Draws
from sim.engine.simpy_engine import run
from sim.errors import InputError
from sim.runs import bare_loop
from sim.runs.standard import (
    DAY,
    FIVE,
    OFFICE,
    OFFICE_HOURS,
    ONE,
    STANDARDS,
    Standard,
    Station,
    many,
    network,
)
from tests import theory

EXPONENTIAL = Standard("three", "M/M/3", (Station(600.0, None, clerks=3),), load=0.7)


@pytest.mark.parametrize("standard", STANDARDS, ids=lambda s: s.name)
def test_as_many_cases_as_asked_for_come_and_all_end(standard: Standard) -> None:
    net = network(standard, 200)
    records = run(net, Draws(1))
    inside = records.cases[records.cases["arrived"] < net.window[1]]
    assert len(inside) == 200
    assert (inside["ended"] >= 0).all()
    assert len(records.steps) / len(records.cases) == pytest.approx(standard.per_case, rel=0.1)


def test_in_the_office_work_begins_and_cases_come_in_open_hours_only() -> None:
    records = run(network(OFFICE, 2_500), Draws(1))
    times = np.concatenate([records.steps["started"], records.cases["arrived"]])
    times = times[times >= 0]
    of_day = times % DAY
    assert np.all(np.any([(of_day >= a) & (of_day < b) for a, b in OFFICE_HOURS], axis=0))
    assert set(times // DAY % 7) == set(range(5))  # and some came on each weekday


def test_the_busiest_station_sets_the_rate() -> None:
    two = Standard("two", "two", (Station(60.0, None, 3), Station(60.0, None, 1)), again=0.5, load=0.6)
    assert two.rate == pytest.approx(0.6 / 60 * 0.5)
    assert (two.per_case, many(7).per_case) == (4.0, 7.0)


def test_the_bare_loop_waits_as_theory_says() -> None:
    seen = bare_loop.run_bare(EXPONENTIAL, 40_000, compiled=False)
    expected = theory.mmc(EXPONENTIAL.rate, 600.0, 3).waiting / EXPONENTIAL.rate
    assert seen.activities == 40_000
    assert seen.mean_wait == pytest.approx(expected, rel=0.1)


def test_the_bare_loop_sends_a_fifth_back() -> None:
    seen = bare_loop.run_bare(FIVE, 4_000, compiled=False)
    assert seen.activities / 4_000 == pytest.approx(6.25, rel=0.05)
    assert seen.activities % 5 == 0


def test_more_cases_wait_than_there_was_room_for() -> None:
    """Twice as much work as clerks can do: the slots of cases grow twice, and none is lost."""
    flooded = Standard("flooded", "flooded", (Station(600.0, None, 1),), load=3.0)
    assert bare_loop.run_bare(flooded, 4_000, compiled=False).activities == 4_000


@pytest.mark.skipif(not bare_loop.available(), reason="needs Numba")
@pytest.mark.parametrize("standard", [ONE, FIVE, EXPONENTIAL], ids=lambda s: s.name)
def test_compiled_or_not_the_bare_loop_does_the_same(standard: Standard) -> None:
    one, other = (bare_loop.run_bare(standard, 3_000, 7, compiled=c) for c in (True, False))
    assert one.activities == other.activities
    assert one.mean_wait == pytest.approx(other.mean_wait, rel=1e-9)


def test_the_bare_loop_has_no_calendar() -> None:
    with pytest.raises(InputError, match="no calendar"):
        bare_loop.run_bare(OFFICE, 10)
