"""Counts, sums and squares in bins are exact, in whatever parts they come; quantiles within their error."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest

from sim.measures.bins import ERROR, Bins, merged

CHANCE = np.random.default_rng(1)
SAMPLES = {
    "small": CHANCE.integers(0, 2048, 5_000),
    "days": CHANCE.lognormal(13.0, 1.5, 20_000).astype(np.int64),
    "centuries": CHANCE.integers(3 * 10**9, 10**10, 3_000),
    "one": np.array([1_234_567]),
    "edges": np.array([2**k + d for k in range(1, 50) for d in (-1, 0, 1)]),
}


def _parts(values: np.ndarray) -> Bins:
    found = [Bins() for _ in range(3)]
    for i, part in enumerate(np.array_split(values, 7)):
        found[i % 3].add(part)
    return merged(found)


@pytest.mark.parametrize("name", SAMPLES)
def test_count_sum_and_squares_are_exact_however_they_come(name: str) -> None:
    values = [int(v) for v in SAMPLES[name]]
    bins = _parts(SAMPLES[name])
    assert (bins.count, bins.total, bins.squares) == (len(values), sum(values), sum(v * v for v in values))
    assert (bins.least, bins.most) == (min(values), max(values))
    assert bins.mean == sum(values) / len(values)
    if len(values) > 1:
        mean = Fraction(sum(values), len(values))
        variance = sum((v - mean) ** 2 for v in values[:300]) if len(values) <= 300 else None
        if variance is not None:
            assert bins.variance == pytest.approx(float(variance / (len(values) - 1)), rel=1e-14)
        else:
            assert bins.variance == pytest.approx(np.var(SAMPLES[name].astype(float), ddof=1), rel=1e-9)


@pytest.mark.parametrize("p", [0.0, 0.01, 0.5, 0.9, 0.95, 0.999, 1.0])
@pytest.mark.parametrize("name", SAMPLES)
def test_quantiles_are_within_the_stated_error(name: str, p: float) -> None:
    expected = float(np.quantile(SAMPLES[name], p))
    allowed = 1e-12 if name == "small" else ERROR
    assert _parts(SAMPLES[name]).quantile(p) == pytest.approx(expected, rel=allowed, abs=1e-9)


def test_squares_of_a_century_of_cases_do_not_overflow() -> None:
    bins = Bins()
    bins.add(np.full(100_000, 3_000_000_000))
    assert bins.squares == 100_000 * 3_000_000_000**2 > 2**63
    assert bins.variance == 0.0


def test_a_unit_divides_what_is_returned() -> None:
    bins = Bins(unit=60.0)
    bins.add([60, 180])
    assert (bins.mean, bins.greatest, bins.quantile(0.5)) == (2.0, 3.0, 2.0)
    assert bins.variance == 2.0


def test_without_values_there_is_nothing_to_return() -> None:
    empty = merged([Bins(), Bins()])
    empty.add([])
    assert len(empty) == 0
    assert all(math.isnan(v) for v in (empty.mean, empty.variance, empty.greatest, empty.quantile(0.5)))


def test_a_negative_duration_is_refused() -> None:
    with pytest.raises(ValueError, match="0 or more seconds, found -1"):
        Bins().add([3, -1])
