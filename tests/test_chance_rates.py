"""The integrated arrival rate and its inverse, against hand sums and numerical integrals."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import integrate

from sim.chance.rates import YEAR, rate_table
from sim.errors import RunError
from sim.worktime.calendar import Steps

#: Closed to 100, 2 a second to 200, closed to 300, 1 a second from then on.
RATE = Steps((0, 100, 200, 300), (0, 2, 0, 1))


def test_hand_integral_of_a_rate_with_closed_stretches():
    table = rate_table(RATE, 0, 400, base=0)
    assert [table.up_to(t) for t in (0, 100, 150, 200, 300, 350, 400)] == [0, 0, 100, 200, 200, 250, 300]
    assert table.total == 300


def test_hand_inverse_skips_closed_stretches():
    """200 arrivals are reached at second 200, when the rate is 0: the next instant is 300."""
    table = rate_table(RATE, 0, 400, base=0)
    assert [table.instant(s) for s in (0, 1, 99.9, 199.9, 200, 200.5, 299.9)] == [
        100,
        100,
        149,
        199,
        300,
        300,
        399,
    ]


def test_hand_a_stretch_may_begin_and_end_inside_a_piece():
    table = rate_table(RATE, 150, 310, base=0, factor=0.5)
    assert table.total == pytest.approx(0.5 * (100 + 10))
    assert [table.instant(s) for s in (0, 49.9, 50)] == [150, 199, 300]


@pytest.mark.parametrize("growth", [0.25, -0.4, 1e-9, 0.0])
def test_theory_growth_compounds_from_the_base(growth):
    rate = Steps((-100, 0, 10 * 86400, 20 * 86400, 400 * 86400), (5, 1e-3, 0, 3e-3, 1e-3))
    base, last = 30 * 86400, 800 * 86400
    table = rate_table(rate, 0, last, base=base, growth=growth, factor=2.0)

    def density(t: float) -> float:
        return 2.0 * rate.at(int(t)) * (1 + growth) ** ((t - base) / YEAR)

    for t in (5 * 86400, 15 * 86400, 100 * 86400, last):
        parts = [t, *(x for x in rate.times if 0 < x < t)]
        known = integrate.quad(density, 0, t, points=sorted(parts), limit=200)[0]
        assert table.up_to(t) == pytest.approx(known, rel=1e-9)
    amounts = np.linspace(0, table.total, 2001)[:-1]
    for amount in amounts:
        second = table.instant(amount)
        assert rate.at(second) > 0
        # The amount is reached within the second given.
        assert table.up_to(second) <= amount + 1e-6
        assert table.up_to(second + 1) >= amount - 1e-6


def test_hand_doubling_in_a_year():
    """Growth 100 %: a year holds twice what the year before did."""
    rate = Steps((0,), (1e-3,))
    years = [rate_table(rate, k * YEAR, (k + 1) * YEAR, base=YEAR, growth=1.0).total for k in range(3)]
    assert years[1] / years[0] == pytest.approx(2)
    assert years[2] / years[1] == pytest.approx(2)


@pytest.mark.parametrize(
    ("rate", "text"),
    [
        (Steps((10,), (1,)), "needed from second 0 to 100"),
        (Steps((0,), (1,), 50), "known from 0 to 50"),
        (Steps((0, 60), (1, -2)), "found -2 at second 60"),
    ],
)
def test_bad_input_rates(rate, text):
    with pytest.raises(RunError, match=text):
        rate_table(rate, 0, 100, base=0)


def test_bad_input_growth_of_minus_100_percent():
    with pytest.raises(RunError, match="more than -1"):
        rate_table(Steps((0,), (1,)), 0, 100, base=0, growth=-1.0)
