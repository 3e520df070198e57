"""Interval methods on numbers small enough for paper; `test_theory_intervals` tests their coverage."""

import math

import numpy as np
import pytest

from sim.measures.shortness import shortness
from sim.measures.statistics import (
    mean_interval,
    needed_replications,
    paired_difference,
    quantile,
    quantile_interval,
    sectioned,
    sectioned_difference,
    share_interval,
    student,
)


def test_student_quantiles_of_the_tables() -> None:
    assert [round(student(n), 3) for n in (2, 5, 10, 31)] == [12.706, 2.776, 2.262, 2.042]
    assert round(student(10, 0.9), 3) == 1.833
    assert student(1) == math.inf
    with pytest.raises(ValueError, match="between 0 and 1"):
        student(10, 95)


def test_mean_by_hand() -> None:
    # Sum 13.43, squares about the mean 1.50761: 1.343 plus or minus 1.8331 x sqrt(1.50761 / 9 / 10).
    found = mean_interval([1.20, 1.50, 1.68, 1.89, 0.95, 1.49, 1.58, 1.55, 0.50, 1.09], 0.9)
    assert found.estimate == pytest.approx(1.343)
    assert found.half_width == pytest.approx(1.8331 * math.sqrt(1.50761 / 90), rel=1e-3)
    assert (found.low, found.high) == (1.343 - found.half_width, 1.343 + found.half_width)
    assert (found.count, found.level) == (10, 0.9)


def test_one_replication_says_nothing_about_precision_and_none_says_nothing() -> None:
    one = mean_interval([3.0, math.nan])
    assert (one.estimate, one.low, one.high, one.count) == (3.0, -math.inf, math.inf, 1)
    none = mean_interval([])
    assert none.count == 0
    assert math.isnan(none.estimate)
    assert sectioned([np.empty(0)], np.mean).count == 0


def test_quantile_is_linear_between_order_statistics() -> None:
    assert [quantile([4, 1, 3, 2, 5], p) for p in (0, 0.5, 0.9, 1)] == [1, 3, 4.6, 5]
    assert math.isnan(quantile([], 0.5))
    with pytest.raises(ValueError, match="from 0 to 1"):
        quantile([1.0], 95)


def test_sectioning_by_hand() -> None:
    # Medians of the sections 1, 4, 5 and of all cases 4: squares about 4 are 9, 0, 1.
    samples = [np.array([0.0, 1.0, 2.0]), np.array([3.0, 4.0, 6.0]), np.array([4.0, 5.0, 7.0])]
    found = quantile_interval(samples, 0.5)
    assert found.estimate == 4.0
    assert found.half_width == pytest.approx(student(3) * math.sqrt(10 / 2 / 3))
    with_empty = quantile_interval([*samples, np.empty(0)], 0.5)
    assert with_empty == found


def test_sectioning_keeps_the_bias_of_short_runs_in_the_width_not_in_the_point() -> None:
    rng = np.random.default_rng(5)
    samples = [rng.exponential(size=15) for _ in range(400)]
    truth = -math.log(0.05)
    averaged = mean_interval([quantile(s, 0.95) for s in samples])
    found = quantile_interval(samples, 0.95)
    assert averaged.high < truth  # what averaging of per-replication quantiles makes of it
    assert found.low < truth < found.high


def test_shares_by_hand_and_at_the_edges() -> None:
    found = share_interval([5, 7, 9], [10, 10, 10])
    assert found.estimate == pytest.approx(0.7)
    assert found.half_width == pytest.approx(student(3) * 0.2 / math.sqrt(3))
    assert (found.low, found.high) == (pytest.approx(0.7 - found.half_width), 1.0)
    pooled = share_interval([0, 90], [10, 90])
    assert pooled.estimate == 0.9
    none = share_interval([0, 0, 0], [10, 10, 0])
    assert (none.estimate, none.low) == (0.0, 0.0)
    assert none.high == pytest.approx(1 - 0.025 ** (1 / 20))  # nothing in 20: Clopper and Pearson
    every = share_interval([10, 10], [10, 10])
    assert (every.low, every.high) == (pytest.approx(0.025 ** (1 / 20)), 1.0)
    with pytest.raises(ValueError, match="no more hits than cases"):
        share_interval([3], [2])


def test_paired_differences_profit_from_common_luck() -> None:
    before = np.array([10.0, 14.0, 12.0, 16.0])
    after = before - [2.0, 2.2, 1.8, 2.0]
    found = paired_difference(before, after)
    assert found.interval.estimate == pytest.approx(-2.0)
    assert found.interval.half_width == pytest.approx(student(4) * math.sqrt(0.08 / 3) / 2)
    assert found.correlation == pytest.approx(np.corrcoef(before, after)[0, 1])
    assert math.isnan(paired_difference([1.0, 1.0, 1.0], [1.0, 2.0, 3.0]).correlation)
    gap = paired_difference([1.0, math.nan, 3.0], [2.0, 2.0, 3.0])
    assert (gap.interval.count, gap.interval.estimate) == (2, 0.5)
    with pytest.raises(ValueError, match="there are 2 and 1"):
        paired_difference([1.0, 2.0], [1.0])


def test_sectioned_difference_of_medians_by_hand() -> None:
    before = [np.array([1.0, 2.0, 3.0]), np.array([2.0, 4.0, 6.0])]
    after = [np.array([1.0, 1.0, 2.0]), np.array([1.0, 2.0, 3.0])]
    # Medians of all: 2.5 and 1.5, difference -1; sections -1 and -2: squares about -1 are 0, 1.
    found = sectioned_difference(before, after, np.median)  # type: ignore[arg-type]
    assert found.interval.estimate == -1.0
    assert found.interval.half_width == pytest.approx(student(2) * math.sqrt(1 / 2))
    assert sectioned_difference([np.empty(0)], after[:1], np.median).interval.count == 0  # type: ignore[arg-type]


def test_needed_replications_is_the_least_number_that_does() -> None:
    values = [1.20, 1.50, 1.68, 1.89, 0.95, 1.49, 1.58, 1.55, 0.50, 1.09]
    spread = float(np.std(values, ddof=1))
    for target in (0.5, 0.2, 0.1, 0.03):
        n = needed_replications(values, target)
        assert n >= len(values)
        assert student(n) * spread / math.sqrt(n) <= target
        if n > len(values):
            assert student(n - 1) * spread / math.sqrt(n - 1) > target
    assert needed_replications(values, 1e-9, most=500) == 500
    assert needed_replications([2.0, 2.0], 0.1) == 2
    with pytest.raises(ValueError, match="at least two"):
        needed_replications([1.0], 0.1)
    with pytest.raises(ValueError, match="above 0"):
        needed_replications(values, 0.0)


def autoregressive(rho: float, runs: int, cases: int) -> list[np.ndarray]:
    """Stationary series with correlation rho**k at lag k."""
    rng = np.random.default_rng(8)
    series = np.empty((runs, cases))
    series[:, 0] = rng.normal(size=runs)
    for t in range(1, cases):
        series[:, t] = rho * series[:, t - 1] + math.sqrt(1 - rho * rho) * rng.normal(size=runs)
    return list(series)


@pytest.mark.parametrize("rho", [0.0, 0.5, 0.9])
def test_inefficiency_of_an_autoregressive_series(rho: float) -> None:
    found = shortness(autoregressive(rho, 10, 5000))
    assert found.inefficiency == pytest.approx((1 + rho) / (1 - rho), rel=0.15)
    assert found.effective == pytest.approx(5000 / found.inefficiency)
    assert found.warning == ""


def test_short_runs_are_warned_about_even_where_they_end_before_the_correlation_does() -> None:
    found = shortness(autoregressive(0.99, 10, 40))
    assert found.effective < 5
    assert "40 cases a replication weigh as much as about" in found.warning
    assert shortness(autoregressive(0.0, 10, 40)).warning == ""
    assert "p95" in shortness(autoregressive(0.0, 10, 38), 0.95).warning
    assert shortness([]).warning == "no case was measured"
    assert shortness([np.ones(50)] * 3).inefficiency == 1.0
