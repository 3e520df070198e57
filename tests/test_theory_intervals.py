"""Do the intervals cover the truth as often as they promise? M/M/1 by Lindley's recursion.

The whole (`make coverage`, or ``python -m benchmarks.coverage_intervals``) runs 1 000 experiments at
each load and accepts 93 to 97 %; here fewer are run, with exact binomial limits.
"""

import numpy as np
import pytest

from benchmarks.coverage_intervals import Coverage, coverage, experiment, steady_wait, times_in_system
from sim.measures.shortness import shortness
from tests import theory

METHODS = 8


def test_lindley_by_hand() -> None:
    """Gaps 2, 1, 5 and services 3, 2, 1, 2, first wait 1: waits 1, 2, 3, 0."""
    gaps, services = np.array([[2.0, 1.0, 5.0, 9.0]]), np.array([[3.0, 2.0, 1.0, 2.0]])
    times = times_in_system(gaps, services, np.array([1.0]))
    assert times.tolist() == [[4.0, 4.0, 4.0, 2.0]]


def test_experiments_start_in_steady_state() -> None:
    waits = steady_wait(0.8, 0.2, (np.arange(100_000) + 0.5) / 100_000)
    assert waits.mean() == pytest.approx(theory.mm1(0.8, 1.0).wait, rel=1e-3)
    assert np.mean(waits == 0.0) == pytest.approx(0.2, abs=1e-4)
    first = np.array([experiment(0.6, 1, 2, (1, n))[0][0] for n in range(20_000)])
    truth = theory.mm1(0.6, 1.0).time
    assert first[:, 0].mean() == pytest.approx(truth, rel=0.04)
    assert first[:, 1].mean() == pytest.approx(truth, rel=0.04)


@pytest.mark.parametrize("load", [0.5, 0.7])
def test_intervals_cover_at_loads_where_they_are_valid(load: float) -> None:
    rows = coverage(load, experiments=150, replications=10, cases=2000)
    assert len(rows) == METHODS
    # Exact binomial limits at 1 in 1 000 over all methods and both loads (Bonferroni).
    wrong = [(row.what, row.share) for row in rows if not row.consistent(error=1e-3 / (2 * METHODS))]
    assert wrong == []


def test_the_limits_would_catch_intervals_of_nine_in_ten() -> None:
    assert not Coverage(0.5, "mean", 129, 150, 0.0, 0).consistent(error=1e-3 / (2 * METHODS))
    assert Coverage(0.5, "mean", 140, 150, 0.0, 0).consistent(error=1e-3 / (2 * METHODS))


def test_short_runs_of_a_loaded_queue_fall_short_and_are_warned_about() -> None:
    rows = {row.what: row for row in coverage(0.8, experiments=100, replications=10, cases=200)}
    assert rows["p95"].share < 0.9
    assert rows["p95"].warned == 100
    assert rows["mean"].warned == 100
    easy = [shortness(list(experiment(0.5, 10, 2000, (2, n))[0])) for n in range(20)]
    assert not any(found.warning for found in easy)


@pytest.mark.full
@pytest.mark.slow
@pytest.mark.parametrize("load", [0.5, 0.6, 0.7])
def test_coverage_whole(load: float) -> None:
    rows = coverage(load, experiments=1000, replications=10, cases=5000)
    assert {row.what: row.share for row in rows if not 0.93 <= row.share <= 0.97} == {}
