"""Every simulator of the benchmarks does the same work: as many activities, waits that agree.

All peers get the same arrivals, so with efforts that hardly vary their waits are equal; with random efforts
they agree within sampling error. Simulators that are not installed are left out.
"""

from __future__ import annotations

import statistics
from typing import cast

import pytest

from benchmarks.simulators import bare_simpy, ciw_peer, ours, prosimos_peer, salabim_peer
from benchmarks.simulators.common import Done, Simulator, arrivals, ends
from sim.chance.draws import Draws
from sim.runs.speed import engine
from sim.runs.standard import DAY, FIVE, OFFICE, OFFICE_HOURS, ONE, STANDARDS, Standard, Station, network

PEERS = [cast("Simulator", m) for m in (salabim_peer, ciw_peer, prosimos_peer)]
OTHERS = [*PEERS, ours.reference, ours.compiled, ours.limit]
CONSTANT = [
    Standard("row", "three in a row", (Station(600, 1e-6, 2), Station(500, 1e-6, 2), Station(300, 1e-6, 1))),
    Standard("desk", "long work", (Station(7_200, 1e-6, 3), Station(3_600, 1e-6, 2)), hours=True),
]
SEEDS = range(1, 7)
CASES = 250


def runs(simulator: Simulator, standard: Standard) -> list[Done]:
    """Run a simulator with each seed, or skip the test."""
    if why := simulator.missing(standard):
        pytest.skip(f"{simulator.name}: {why}")
    return [simulator.prepare(standard, CASES, seed)()() for seed in SEEDS]


@pytest.mark.slow
@pytest.mark.parametrize("standard", STANDARDS, ids=lambda s: s.name)
@pytest.mark.parametrize("simulator", OTHERS, ids=lambda s: s.name)
@pytest.mark.filterwarnings("default:::prosimos", "default:::pix_framework", "default:::salabim")
def test_counts_and_waits_agree_with_bare_simpy(simulator: Simulator, standard: Standard) -> None:
    theirs, base = runs(simulator, standard), runs(cast("Simulator", bare_simpy), standard)
    mean = statistics.mean(d.activities for d in theirs) / CASES
    # Ours go on with arrivals until the last case of the window has ended.
    assert mean == pytest.approx(standard.per_case, rel=0.15 if simulator in OTHERS[3:5] else 0.05)
    waits, expected = ([d.mean_wait for d in done] for done in (theirs, base))
    error = (statistics.variance(waits) + statistics.variance(expected)) ** 0.5 / len(SEEDS) ** 0.5
    assert abs(statistics.mean(waits) - statistics.mean(expected)) < 3.5 * error


@pytest.mark.slow
@pytest.mark.parametrize("standard", CONSTANT, ids=lambda s: s.name)
@pytest.mark.parametrize("simulator", PEERS, ids=lambda s: s.name)
@pytest.mark.filterwarnings("default:::prosimos", "default:::pix_framework", "default:::salabim")
def test_with_constant_efforts_all_wait_alike(simulator: Simulator, standard: Standard) -> None:
    """Over lunch, nights and weekends too, with work that is interrupted and goes on."""
    theirs, base = runs(simulator, standard), runs(cast("Simulator", bare_simpy), standard)
    assert [d.activities for d in theirs] == [d.activities for d in base]
    assert [d.mean_wait for d in theirs] == pytest.approx([d.mean_wait for d in base], rel=1e-3)


@pytest.mark.parametrize("standard", CONSTANT, ids=lambda s: s.name)
@pytest.mark.parametrize("name", ["simpy", "compiled"])
def test_with_the_arrivals_of_our_engines_bare_simpy_waits_as_they_do(
    name: str, standard: Standard, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, why = engine(name)
    if run is None:
        pytest.skip(why)
    net = network(standard, CASES)
    records = run(net, Draws(1))
    # Those of the window: who comes later keeps nobody waiting.
    times = [float(t) for t in records.cases["arrived"] if t < net.window[1]]
    rows = records.steps[records.steps["case"] < len(times)]
    monkeypatch.setattr(bare_simpy, "arrivals", lambda *_: times)
    base = bare_simpy.prepare(standard, len(times), 1)()()
    assert len(rows) == base.activities
    assert float((rows["started"] - rows["joined"]).mean()) == pytest.approx(base.mean_wait, abs=0.5)


def test_arrivals_in_the_office_keep_its_hours_and_are_as_many_an_hour() -> None:
    times = arrivals(OFFICE, 5_000, 1)
    assert times == sorted(times)
    assert all(any(a <= t % DAY < b for a, b in OFFICE_HOURS) and t // DAY % 7 < 5 for t in times)
    open_per_week = 5 * sum(b - a for a, b in OFFICE_HOURS)
    first = sum(t < 7 * DAY for t in times)
    assert first == pytest.approx(OFFICE.rate * open_per_week, rel=0.15)
    assert arrivals(FIVE, 100, 1)[-1] == pytest.approx(100 / FIVE.rate, rel=0.4)


def test_work_written_by_hand_pauses_over_lunch_and_nights() -> None:
    end = ends(OFFICE, 100)
    noon, two, six, nine = 12 * 3600, 14 * 3600, 18 * 3600, DAY + 9 * 3600
    assert end(noon - 100.5, 60.25) == noon - 40.25
    assert end(noon - 100.5, 100.75) == pytest.approx(two + 0.25)
    assert end(six - 30.0, 90.5) == pytest.approx(nine + 60.5)
    assert ends(ONE, 100)(5.0, 2.5) == 7.5
