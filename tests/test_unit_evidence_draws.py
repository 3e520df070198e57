"""Draws of the inputs, the dial of one draw, weights."""

import math
import pickle

import numpy as np
import pytest
from scipy.stats import beta

from sim.errors import InputError
from sim.evidence.dial import MOST, slope_at, solve_draw
from sim.evidence.finding import DrawCount, Verdict
from sim.evidence.inputs import position, quantile, sample
from sim.evidence.judge import Predicted, judge
from sim.evidence.study import Study
from sim.evidence.weigh import bootstrap, effective, quantiles, resampled, spread, weights_of
from sim.scenario.load import loads
from sim.scenario.numbers import Unknown
from sim.scenario.stated import Stated
from sim.scenario.units import parse_quantity
from tests.worlds import _text


def unknown(low: float, high: float, likely: float | None = None, kind: str = "assumption") -> Unknown:
    middle = (low + high) / 2 if likely is None else likely
    return Unknown("x", kind, low, high, middle, likely is not None, parse_quantity("1").unit, "invented")  # type: ignore[arg-type]


def test_the_same_number_is_the_same_draw_however_many_are_made() -> None:
    several = [unknown(0, 1), unknown(10, 20, 12)]
    whole, positions = sample(several, 0, 64, seed=3)
    parts = [sample(several, a, b, seed=3) for a, b in ((0, 16), (16, 32), (32, 64))]
    assert np.array_equal(whole, np.concatenate([p[0] for p in parts]))
    assert np.array_equal(positions, np.concatenate([p[1] for p in parts]))
    assert not np.array_equal(whole, sample(several, 0, 64, seed=4)[0])
    assert ((positions > 0) & (positions < 1)).all()


def test_laws_of_the_inputs() -> None:
    p = (np.arange(20_000) + 0.5) / 20_000
    assert quantile(unknown(2, 6), p).mean() == pytest.approx(4)
    pert = quantile(unknown(2, 6, 3), p)
    assert pert.mean() == pytest.approx((2 + 4 * 3 + 6) / 6, rel=1e-4)  # by definition of PERT
    assert pert.var() == pytest.approx(16 * beta(2, 4).var(), rel=1e-3)
    dial = quantile(unknown(1, 100, kind="dial"), np.array([0.0, 0.5, 1.0]))
    assert dial == pytest.approx([1, 10, 100])


@pytest.mark.parametrize("one", [unknown(2, 6), unknown(2, 6, 3), unknown(1, 100, kind="dial")])
def test_a_value_lies_where_its_law_put_it(one: Unknown) -> None:
    p = np.array([0.001, 0.3, 0.5, 0.99])
    assert position(one, quantile(one, p)) == pytest.approx(p)


@pytest.mark.parametrize(
    ("written", "half"),
    [
        ("3.4", 0.05),
        ("3.0", 0.05),
        ("110", 0.5),
        ("2", 0.5),
        ("0.25", 0.005),
        ("90 %", 0.005),
        ("9.5 %", 5e-4),
    ],
)
def test_rounding_is_half_of_the_last_digit_written(written: str, half: float) -> None:
    text = _text("slack", 0, np.random.default_rng(0))(written, "5", "5")
    figure = loads(text).model.claims[0].before
    assert isinstance(figure, Stated)
    assert figure.rounding == pytest.approx(half)
    again = pickle.loads(pickle.dumps(figure))
    assert (again, again.rounding) == (figure, figure.rounding)


def test_an_effective_size_of_a_claims_own_draws_and_what_is_lost() -> None:
    text = _text("slack", 0, np.random.default_rng(0))("10", "5", "5")
    claim = loads(text).model.claims[0]
    count = DrawCount(made=128, solved=128, effective=128.0)

    def verdict(known: int, weight_of_others: float) -> Verdict:
        after = np.where(np.arange(128) < known, 5.0 + 0.001 * np.arange(128), math.nan)
        weights = np.where(np.arange(128) < known, 1.0, weight_of_others)
        shown = Predicted(np.full(128, 10.0), after, after, weights / weights.sum())
        return judge(claim, "stated", shown, count, calibrated=True, seed=1).verdict

    assert verdict(128, 1.0) is Verdict.SUPPORTED
    assert verdict(20, 1e-6) is Verdict.NOT_TESTABLE  # 20 draws have the figure
    assert verdict(100, 1.0) is Verdict.NOT_TESTABLE  # in a fifth of the draws nothing closed
    assert verdict(125, 1.0) is Verdict.SUPPORTED


@pytest.mark.parametrize("rises", [True, False])
def test_a_handful_of_values_solves_a_queue_near_full(rises: bool) -> None:
    def waiting(dial: float) -> float:  # M/M/1 with load = dial / 10, or 10 / dial
        load = dial / 10 if rises else 10 / dial
        return load / (1 - load) if load < 1 else math.nan

    low, high = (0.5, 15) if rises else (6, 200)
    found = solve_draw(waiting, 4.0, low, high, rises=rises, start=5 if rises else 30)
    assert not found.why
    assert len(found.tried) <= MOST
    assert abs(found.error) <= 0.02
    assert found.value == pytest.approx(8.0 if rises else 12.5, rel=0.01)
    # d W / d ln load = load / (1 - load)^2 = 20 at load 0.8; the fit averages over a tenth on both sides.
    assert found.slope == pytest.approx(20, rel=0.5)


def test_no_solution_is_explained() -> None:
    above = solve_draw(lambda d: 5 + d, 4.0, 0.1, 10, rises=True, start=1)
    assert "above" in above.why
    assert math.isnan(above.value)
    below = solve_draw(lambda d: d, 40.0, 0.1, 10, rises=True, start=1)
    assert "below" in below.why


def test_one_value_tried_still_gives_a_slope() -> None:
    found = solve_draw(lambda d: 2 * d, 4.0, 0.1, 10, rises=True, start=2.0)
    assert found.error == 0
    assert found.slope == pytest.approx(4, rel=0.05)  # d (2 d) / d ln d = 2 d


def test_slope_of_noisy_values_is_that_of_the_curve_not_of_neighbours() -> None:
    x = np.array([0.0, 0.3, 0.301, 0.6])
    y = np.array([0.0, 0.31, 0.29, 0.6])  # the two neighbours alone would say a slope below 0
    assert slope_at(x, y, 0.3, 1.0) == pytest.approx(1, rel=0.3)


def test_weights_are_one_over_the_slope_and_bounded() -> None:
    weights = weights_of(np.array([1.0, 2.0, np.nan, 4.0, *[2.0] * 9]))
    assert weights.sum() == pytest.approx(1)
    assert weights[2] == 0
    assert weights[0] / weights[1] == pytest.approx(2)
    spoilt = weights_of(np.array([0.0, *np.ones(99)]))
    assert spoilt[0] == pytest.approx(10 * spoilt[1])  # the root of a hundred draws, times their median


def test_effective_size_and_weighted_quantiles() -> None:
    assert effective(np.full(8, 0.125)) == pytest.approx(8)
    assert effective(np.array([1.0, 0, 0])) == pytest.approx(1)
    assert effective(np.zeros(3)) == 0
    x = np.arange(1001.0)
    equal = np.full(1001, 1 / 1001)
    assert quantiles(x, equal, (0.05, 0.5, 0.95)) == pytest.approx([50, 500, 950], abs=1)
    twice = quantiles(np.array([1.0, 2, 2, 3]), np.full(4, 0.25), (0.25, 0.5, 0.75))
    once = quantiles(np.array([3.0, 2, 1]), np.array([0.25, 0.5, 0.25]), (0.25, 0.5, 0.75))
    assert once[1] == pytest.approx(twice[1]) == 2
    found = spread(np.array([1.0, 3, math.nan]), np.array([0.25, 0.75, 0]))
    assert found.mean == pytest.approx(2.5)


def test_an_interval_of_few_draws_covers_one_more_as_often_as_it_says() -> None:
    rng = np.random.default_rng(7)
    inside = 0
    for _ in range(4000):
        x = rng.normal(size=31)
        low, high = quantiles(x[:30], np.full(30, 1 / 30), (0.05, 0.95))
        inside += int(low <= x[30] <= high)
    assert inside / 4000 == pytest.approx(0.9, abs=0.015)  # with ranks over n it is 0.87


def test_systematic_resampling_keeps_proportions() -> None:
    rows = resampled(np.array([0.5, 0.25, 0.25, 0.0]), 32, seed=1)
    assert np.bincount(rows, minlength=4) == pytest.approx([16, 8, 8, 0], abs=1)


def test_bootstrap_of_a_mean_has_its_standard_error() -> None:
    x = np.random.default_rng(1).normal(size=200)
    means = bootstrap(lambda i: float(x[i].mean()), 200, seed=2)
    assert means.std() == pytest.approx(x.std() / math.sqrt(200), rel=0.15)


@pytest.mark.parametrize("draws", [100, 8, 8192])
def test_a_number_of_draws_that_cannot_be(draws: int) -> None:
    with pytest.raises(InputError, match=f"power of two from 16 to 4096, found {draws}"):
        Study(draws)


def test_an_attribution_that_there_is_not() -> None:
    with pytest.raises(InputError, match="sampled, exact, none; found all"):
        Study(128, "all")
