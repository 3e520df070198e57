"""Laws: quantiles against SciPy's, moments against integrals, and one bit pattern from two paths."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special, stats
from scipy.special import cython_special

from sim.chance import laws
from sim.chance.laws import Law, LawKind, quantile, quantiles
from sim.errors import InputError

WEIBULL_SCALE = 700.0 / math.gamma(1 + 1 / 1.5)

#: Name, law, the same law in SciPy.
SMOOTH = [
    ("uniform", laws.uniform(60, 600), stats.uniform(60, 540)),
    ("triangular", laws.triangular(60, 120, 600), stats.triang(60 / 540, 60, 540)),
    ("triangular, peak at low", laws.triangular(60, 60, 600), stats.triang(0, 60, 540)),
    ("triangular, peak at high", laws.triangular(60, 600, 600), stats.triang(1, 60, 540)),
    ("pert", laws.pert(60, 120, 600), stats.beta(1 + 4 * 60 / 540, 1 + 4 * 480 / 540, 60, 540)),
    ("pert, likely at low", laws.pert(0, 0, 10), stats.beta(1, 5, 0, 10)),
    ("pert, symmetric", laws.pert(0, 5, 10), stats.beta(3, 3, 0, 10)),
    ("exponential", laws.exponential(1500), stats.expon(0, 1500)),
    ("gamma, cv 0.6", laws.gamma(1200, 0.6), stats.gamma(1 / 0.36, 0, 1200 * 0.36)),
    ("gamma, cv 2", laws.gamma(1200, 2), stats.gamma(0.25, 0, 4800)),
    ("erlang 1", laws.erlang(1, 900), stats.expon(0, 900)),
    ("erlang 4", laws.erlang(4, 900), stats.erlang(4, 0, 225)),
    (
        "lognormal, cv 0.8",
        laws.lognormal(1500, 0.8),
        stats.lognorm(math.sqrt(math.log(1.64)), 0, 1500 / math.sqrt(1.64)),
    ),
    ("weibull 1.5", laws.weibull(1.5, 700), stats.weibull_min(1.5, 0, 700)),
    ("weibull 0.7", laws.weibull(0.7, 700), stats.weibull_min(0.7, 0, 700)),
    ("weibull by mean", laws.weibull_mean(1.5, 700), stats.weibull_min(1.5, 0, WEIBULL_SCALE)),
    ("scaled", laws.scaled(laws.gamma(1200, 0.6), 0.25), stats.gamma(1 / 0.36, 0, 300 * 0.36)),
]
TABLE = laws.empirical([600, 60, 120], [3, 1, 2])
MIXED = laws.mixture([(3, laws.constant(60)), (5, laws.lognormal(900, 1.1)), (2, laws.gamma(90, 2))])
STEPPED = [
    ("constant", laws.constant(60)),
    ("empirical", TABLE),
    ("mixture", MIXED),
    ("mixture of mixtures", laws.mixture([(1, MIXED), (1, laws.scaled(TABLE, 2))])),
]
ALL = [(name, law) for name, law, _ in SMOOTH] + STEPPED
names = [name for name, _ in ALL]


@pytest.mark.parametrize(("name", "law", "known"), SMOOTH, ids=[s[0] for s in SMOOTH])
def test_theory_quantiles_against_scipy(name, law, known):
    u = np.concatenate([np.linspace(0.0005, 0.9995, 1999), [1e-9, 1 - 1e-9]])
    np.testing.assert_allclose(quantiles(law, u), known.ppf(u), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize(("name", "law", "known"), SMOOTH, ids=[s[0] for s in SMOOTH])
def test_theory_moments_against_scipy(name, law, known):
    assert laws.mean(law) == pytest.approx(known.mean(), rel=1e-9)
    assert laws.variance(law) == pytest.approx(known.var(), rel=1e-9)


#: Where quantile functions jump or turn.
BREAKS = {
    "empirical": [0, 1 / 6, 0.5, 1],
    "mixture": [0, 0.3, 0.8, 1],
    "mixture of mixtures": [0, 0.15, 0.4, 0.5, 0.5 + 1 / 12, 0.75, 1],
}


@pytest.mark.parametrize(("name", "law"), ALL, ids=names)
def test_theory_moments_against_the_integral_of_the_quantile_function(name, law):
    """Mean = integral of Q(u) du, by z with u = Phi(z) on each smooth stretch."""
    z = np.linspace(-8, 8, 20_001)
    weight = np.exp(-z * z / 2) / math.sqrt(2 * math.pi) * (z[1] - z[0])
    breaks = BREAKS.get(name, [0, 1])
    stretches = list(pairwise(breaks))
    q = np.concatenate([quantiles(law, a + (b - a) * special.ndtr(z)) for a, b in stretches])
    weights = np.concatenate([(b - a) * weight for a, b in stretches])
    mean = float((q * weights).sum())
    assert mean == pytest.approx(laws.mean(law), rel=2e-4)
    assert float(((q - mean) ** 2 * weights).sum()) == pytest.approx(laws.variance(law), rel=1e-3, abs=1e-6)


@pytest.mark.parametrize(("name", "law"), ALL, ids=names)
def test_law_array_and_scalar_quantiles_agree_bit_by_bit(name, law):
    u = np.random.default_rng(11).random(5_000)
    u = np.concatenate([u, [2.0**-53, 2.0**-40, 0.5, 1 - 2.0**-53]])
    assert quantiles(law, u).tolist() == [quantile(law, x) for x in u.tolist()]


@pytest.mark.parametrize(("name", "law"), ALL, ids=names)
def test_law_quantiles_ascend_within_the_bounds(name, law):
    """Ascending except in a mixture, whose parts may overlap."""
    u = np.concatenate([[2.0**-53, 1e-12], np.linspace(0.001, 0.999, 999), [1 - 1e-12, 1 - 2.0**-53]])
    q = quantiles(law, u)
    assert np.isfinite(q).all()
    assert "mixture" in name or (np.diff(q) >= 0).all()
    assert laws.lower_bound(law) <= q.min()
    assert q.max() <= laws.upper_bound(law)


@pytest.mark.parametrize(("name", "law"), ALL, ids=names)
def test_law_a_bound_is_approached(name, law):
    """An upper bound that is never near would turn away work that fits before the end of a shift."""
    if math.isfinite(laws.upper_bound(law)):
        assert quantile(law, 1 - 2.0**-53) == pytest.approx(laws.upper_bound(law), rel=1e-3)
    if name != "mixture" and laws.lower_bound(law) > 0:
        assert quantile(law, 2.0**-53) == pytest.approx(laws.lower_bound(law), rel=1e-3)


def test_law_special_functions_give_one_bit_pattern_in_arrays_and_as_scalars():
    """The promise of one result from two engines rests on this: 3 x 10 000 values, no difference."""
    rng = np.random.default_rng(5)
    u, a, b = rng.random(10_000), rng.gamma(1.0, 3.0, 10_000) + 1e-3, rng.uniform(1, 5, 10_000)
    pairs = list(zip(u.tolist(), a.tolist(), b.tolist(), strict=True))
    assert special.ndtri(u).tolist() == [cython_special.ndtri(x) for x, _, _ in pairs]
    assert special.gammaincinv(a, u).tolist() == [cython_special.gammaincinv(s, x) for x, s, _ in pairs]
    assert special.betaincinv(b, 6 - b, u).tolist() == [
        cython_special.betaincinv(s, 6 - s, x) for x, _, s in pairs
    ]
    for shape in (0.25, 1.0, 2.75, 40.0):
        assert special.gammaincinv(shape, u).tolist() == [
            cython_special.gammaincinv(shape, x) for x, _, _ in pairs
        ]


def test_hand_lognormal_by_median_and_p90_hits_both():
    law = laws.lognormal_quantiles(3, 10)
    assert quantile(law, 0.5) == pytest.approx(3, rel=1e-14)
    assert quantile(law, 0.9) == pytest.approx(10, rel=1e-14)


def test_hand_pert_mean_and_weight_of_the_likely_value():
    """(60 + 4 * 120 + 600) / 6 = 190; the classical variance at the middle, (high - low)^2 / 28."""
    assert laws.mean(laws.pert(60, 120, 600)) == pytest.approx(190)
    assert laws.variance(laws.pert(0, 5, 10)) == pytest.approx(100 / 28)


def test_hand_erlang_of_k_is_a_sum_of_k_exponentials():
    """P(X <= x) for k = 2 of mean 2 is 1 - exp(-x)(1 + x)."""
    for x in (0.1, 1.0, 2.5, 7.0):
        assert quantile(laws.erlang(2, 2.0), 1 - math.exp(-x) * (1 + x)) == pytest.approx(x)


def test_hand_empirical_gives_listed_values_by_weight():
    """Weights 1, 2, 3 of 60, 120, 600: up to 1/6, up to 1/2, then the rest. Nothing in between."""
    assert [quantile(TABLE, u) for u in (0.01, 0.166, 0.167, 0.5, 0.51, 0.99)] == [60, 60, 120, 120, 600, 600]
    assert [quantile(laws.empirical([1, 2, 2, 3]), u) for u in (0.25, 0.26, 0.75, 0.76)] == [1, 2, 2, 3]


def test_hand_a_value_without_weight_never_comes():
    law = laws.empirical([1, 2, 3], [0, 1, 0])
    assert {quantile(law, u) for u in (2.0**-53, 0.5, 1 - 2.0**-53)} == {2.0}
    assert (laws.lower_bound(law), laws.upper_bound(law)) == (2, 2)


def test_hand_mixture_uses_the_rest_of_the_uniform():
    """0.3 of constant 60, then 0.7 of uniform [100, 200]: u = 0.65 is half-way through the second."""
    law = laws.mixture([(0.3, laws.constant(60)), (0.7, laws.uniform(100, 200))])
    assert quantile(law, 0.3) == 60
    assert quantile(law, 0.65) == pytest.approx(150)
    assert quantile(law, 1 - 2.0**-53) <= 200
    assert laws.mean(law) == pytest.approx(0.3 * 60 + 0.7 * 150)
    assert (laws.lower_bound(law), laws.upper_bound(law)) == (60, 200)


def test_hand_scaling_twice_multiplies():
    law = laws.scaled(laws.scaled(laws.triangular(1, 2, 5), 3), 0.5)
    assert quantile(law, 0.3) == pytest.approx(1.5 * quantile(laws.triangular(1, 2, 5), 0.3))
    assert (laws.lower_bound(law), laws.upper_bound(law)) == (1.5, 7.5)
    assert laws.upper_bound(laws.scaled(laws.exponential(5), 0)) == 0


@pytest.mark.parametrize(
    ("law", "value"),
    [
        (laws.gamma(60, 0), 60),
        (laws.lognormal(60, 0), 60),
        (laws.lognormal_quantiles(60, 60), 60),
        (laws.triangular(60, 60, 60), 60),
        (laws.pert(60, 60, 60), 60),
        (laws.gamma(0, 0.5), 0),
        (laws.lognormal(0, 0.5), 0),
    ],
)
def test_hand_a_law_without_spread_is_constant(law, value):
    assert law == Law(LawKind.CONSTANT, (float(value),))


def test_hand_whole_seconds():
    assert [laws.whole(x) for x in (-3.0, 0.0, 0.49, 0.5, 1.49, 1.5, 2.5)] == [0, 0, 0, 1, 1, 2, 3]


@settings(max_examples=200, deadline=None, derandomize=True)
@given(
    weights=st.lists(st.floats(0, 1e6), min_size=1, max_size=6).filter(lambda w: max(w) > 1e-3),
    u=st.floats(2.0**-53, 1 - 2.0**-53),
)
def test_law_a_mixture_of_ascending_parts_is_one_quantile_function(weights, u):
    """Parts uniform on [i, i + 1]: the value lies in the part that the cumulative weights say."""
    law = laws.mixture([(w, laws.uniform(i, i + 1)) for i, w in enumerate(weights)])
    value = quantile(law, u)
    assert weights[min(int(value), len(weights) - 1)] > 0 or value == int(value)
    below = math.fsum(weights[: int(value)]) + (value - int(value)) * (
        weights[int(value)] if int(value) < len(weights) else 0
    )
    assert below / math.fsum(weights) == pytest.approx(u, abs=1e-9)


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda: laws.uniform(2, 1), "low 2 is above high 1"),
        (lambda: laws.triangular(1, 5, 3), "must ascend, found 1, 5, 3"),
        (lambda: laws.pert(3, 2, 5), "must ascend, found 3, 2, 5"),
        (lambda: laws.exponential(-1), "mean must be 0 or more, found -1"),
        (lambda: laws.gamma(5, -0.1), "cv must be 0 or more, found -0.1"),
        (lambda: laws.lognormal(-5, 0.1), "mean must be 0 or more, found -5"),
        (lambda: laws.lognormal_quantiles(0, 1), "median must be more than 0, found 0"),
        (lambda: laws.lognormal_quantiles(5, 3), "p90 3 is below the median 5"),
        (lambda: laws.erlang(0, 5), "k must be a whole number of at least 1, found 0"),
        (lambda: laws.erlang(1.5, 5), "k must be a whole number of at least 1, found 1.5"),
        (lambda: laws.weibull(0.05, 5), "shape must be at least 0.1, found 0.05"),
        (lambda: laws.empirical([]), "at least one value"),
        (lambda: laws.empirical([1, 2], [1]), "2 values but 1 weights"),
        (lambda: laws.empirical([1, 2], [0, 0]), "not all 0"),
        (lambda: laws.mixture([]), "at least one part"),
        (lambda: laws.mixture([(-1, laws.constant(1)), (2, laws.constant(2))]), "0 or more"),
        (lambda: laws.scaled(laws.constant(1), -2), "factor must be 0 or more, found -2"),
        (lambda: laws.constant(math.nan), "finite"),
        (lambda: laws.uniform(0, math.inf), "finite"),
    ],
)
def test_bad_input_parameters_are_named(make, text):
    with pytest.raises(InputError, match=text):
        make()
