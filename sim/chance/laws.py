"""Laws of random quantities as quantile functions: one uniform in, one value out.

A draw inverts its law, so that a case with a bad-luck uniform has it before and after a reform, and
only ``scipy.special``'s ``ndtri``, ``gammaincinv`` and ``betaincinv`` are applied to whole arrays:
their array and scalar forms run the same C code. Logarithm, exponential and power go through
``math`` one element at a time, because NumPy's own differ from it in the last bit.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from itertools import accumulate

import numpy as np
import numpy.typing as npt
from scipy import special
from scipy.special import cython_special

from sim.errors import InputError

FloatArray = npt.NDArray[np.float64]
_Invert = Callable[[float], float]

_ndtri: _Invert = cython_special.ndtri
_gammaincinv: Callable[[float, float], float] = cython_special.gammaincinv
_betaincinv: Callable[[float, float, float], float] = cython_special.betaincinv

#: Uniforms lie on a grid of step 2**-52; what a mixture keeps of one stays inside (0, 1).
_LEAST = 2.0**-53
_MOST = 1.0 - 2.0**-53


class LawKind(IntEnum):
    """Family of a law. Numbers are stored in results: never renumber."""

    CONSTANT = 0
    UNIFORM = 1
    TRIANGULAR = 2
    PERT = 3
    EXPONENTIAL = 4
    GAMMA = 5
    ERLANG = 6
    LOGNORMAL = 7
    WEIBULL = 8
    EMPIRICAL = 9
    MIXTURE = 10


@dataclass(frozen=True, slots=True)
class Law:
    """A law in its working parameters; make one with the functions below, never by hand.

    Attributes
    ----------
    kind : family.
    params : CONSTANT (value), UNIFORM (low, high), TRIANGULAR (low, mode, high), PERT (low, high,
        alpha, beta), EXPONENTIAL (mean), GAMMA and ERLANG (shape, scale), LOGNORMAL (mean and standard
        deviation of the logarithm), WEIBULL (shape, scale), EMPIRICAL (cumulative weight of each
        value of `table`, ending in 1), MIXTURE (cumulative weight of each of `parts`, ending in 1).
    parts : MIXTURE: weight and law of each part; the weights add up to 1.
    table : EMPIRICAL: the values, ascending.
    scale : factor applied to every value.
    """

    kind: LawKind
    params: tuple[float, ...] = ()
    parts: tuple[tuple[float, Law], ...] = ()
    table: tuple[float, ...] = ()
    scale: float = 1.0


def whole(x: float) -> int:
    """Round `x` seconds to whole seconds: floor(x + 0.5), at least 0."""
    return max(0, math.floor(x + 0.5))


# ---------------------------------------------------------------------------------- constructors


def _finite(what: str, *values: float) -> None:
    if not all(math.isfinite(v) for v in values):
        raise InputError(f"{what}: every parameter must be a finite number, found {values}")


def _not_negative(what: str, name: str, value: float) -> None:
    _finite(what, value)
    if value < 0:
        raise InputError(f"{what}: {name} must be 0 or more, found {value:g}")


def _positive(what: str, name: str, value: float) -> None:
    _finite(what, value)
    if value <= 0:
        raise InputError(f"{what}: {name} must be more than 0, found {value:g}")


def constant(value: float) -> Law:
    """Return the law that always gives `value`."""
    _finite("constant", value)
    return Law(LawKind.CONSTANT, (float(value),))


def uniform(low: float, high: float) -> Law:
    """Return the uniform law on [`low`, `high`]."""
    _finite("uniform", low, high)
    if low > high:
        raise InputError(f"uniform: low {low:g} is above high {high:g}")
    return Law(LawKind.UNIFORM, (float(low), float(high)))


def triangular(low: float, mode: float, high: float) -> Law:
    """Return the triangular law on [`low`, `high`] with its peak at `mode`."""
    _ordered("triangular", low, mode, high)
    if low == high:
        return constant(low)
    return Law(LawKind.TRIANGULAR, (float(low), float(mode), float(high)))


def pert(low: float, likely: float, high: float) -> Law:
    """Return the PERT law: a beta law on [`low`, `high`] of mean (low + 4 likely + high) / 6."""
    _ordered("pert", low, likely, high)
    if low == high:
        return constant(low)
    alpha = 1.0 + 4.0 * (likely - low) / (high - low)
    beta = 1.0 + 4.0 * (high - likely) / (high - low)
    return Law(LawKind.PERT, (float(low), float(high), alpha, beta))


def _ordered(what: str, low: float, middle: float, high: float) -> None:
    _finite(what, low, middle, high)
    if not low <= middle <= high:
        raise InputError(f"{what}: must ascend, found {low:g}, {middle:g}, {high:g}")


def exponential(mean: float) -> Law:
    """Return the exponential law of that mean."""
    _not_negative("exponential", "mean", mean)
    return Law(LawKind.EXPONENTIAL, (float(mean),))


def gamma(mean: float, cv: float) -> Law:
    """Return the gamma law of that mean and coefficient of variation (standard deviation / mean)."""
    _not_negative("gamma", "mean", mean)
    _not_negative("gamma", "cv", cv)
    if mean == 0 or cv == 0:
        return constant(mean)
    return Law(LawKind.GAMMA, (1.0 / (cv * cv), mean * cv * cv))


def erlang(k: int, mean: float) -> Law:
    """Return the law of a sum of `k` equal exponentials whose sum has that mean."""
    _not_negative("erlang", "mean", mean)
    if k != int(k) or k < 1:
        raise InputError(f"erlang: k must be a whole number of at least 1, found {k:g}")
    return Law(LawKind.ERLANG, (float(k), mean / k))


def lognormal(mean: float, cv: float) -> Law:
    """Return the lognormal law of that mean and coefficient of variation."""
    _not_negative("lognormal", "mean", mean)
    _not_negative("lognormal", "cv", cv)
    if mean == 0 or cv == 0:
        return constant(mean)
    spread = math.log(1.0 + cv * cv)
    return Law(LawKind.LOGNORMAL, (math.log(mean) - spread / 2.0, math.sqrt(spread)))


def lognormal_quantiles(median: float, p90: float) -> Law:
    """Return the lognormal law of that median and 90th percentile."""
    _positive("lognormal", "median", median)
    _finite("lognormal", p90)
    if p90 < median:
        raise InputError(f"lognormal: p90 {p90:g} is below the median {median:g}")
    if p90 == median:
        return constant(median)
    return Law(LawKind.LOGNORMAL, (math.log(median), math.log(p90 / median) / _ndtri(0.9)))


def _shape(shape: float) -> None:
    # Below 0.1 the mean is over three million scales (10!) and soon overflows.
    _finite("weibull", shape)
    if shape < 0.1:
        raise InputError(f"weibull: shape must be at least 0.1, found {shape:g}")


def weibull(shape: float, scale: float) -> Law:
    """Return the Weibull law P(X > x) = exp(-(x / scale) ** shape)."""
    _shape(shape)
    _not_negative("weibull", "scale", scale)
    return Law(LawKind.WEIBULL, (float(shape), float(scale)))


def weibull_mean(shape: float, mean: float) -> Law:
    """Return the Weibull law of that shape and mean."""
    _shape(shape)
    _not_negative("weibull", "mean", mean)
    return weibull(shape, mean / math.exp(math.lgamma(1.0 + 1.0 / shape)))


def empirical(values: Sequence[float], weights: Sequence[float] | None = None) -> Law:
    """Return the law that gives each of `values` by its weight (equal when not stated).

    Only listed values come out: the steps of the distribution function are not smoothed.
    """
    if not values:
        raise InputError("empirical: at least one value is needed")
    _finite("empirical", *values)
    heavy = [1.0] * len(values) if weights is None else [float(w) for w in weights]
    if len(heavy) != len(values):
        raise InputError(f"empirical: {len(values)} values but {len(heavy)} weights")
    pairs = sorted((float(v), w) for v, w in zip(values, heavy, strict=True))
    cumulative, kept = _cumulate("empirical", [w for _, w in pairs])
    return Law(LawKind.EMPIRICAL, cumulative, table=tuple(pairs[i][0] for i in kept))


def mixture(parts: Sequence[tuple[float, Law]]) -> Law:
    """Return the law that takes one of `parts` (weight, law) by weight.

    One uniform does both: it picks the part, and its place within that part's weight is the uniform
    of the part's own law.
    """
    if not parts:
        raise InputError("mixture: at least one part is needed")
    cumulative, kept = _cumulate("mixture", [float(w) for w, _ in parts])
    before = (0.0, *cumulative)
    shares = tuple(b - a for a, b in zip(before, cumulative, strict=False))
    chosen = tuple((share, parts[i][1]) for share, i in zip(shares, kept, strict=True))
    return Law(LawKind.MIXTURE, cumulative, parts=chosen)


def _cumulate(what: str, weights: list[float]) -> tuple[tuple[float, ...], list[int]]:
    """Return cumulative shares of the positive weights, ending in 1, and their places."""
    _finite(what, *weights)
    if min(weights) < 0 or max(weights) <= 0:
        raise InputError(f"{what}: weights must be 0 or more and not all 0, found {weights}")
    kept = [i for i, w in enumerate(weights) if w > 0]
    total = math.fsum(weights)
    sums = list(accumulate(weights[i] for i in kept))
    return (*(s / total for s in sums[:-1]), 1.0), kept


def scaled(law: Law, factor: float) -> Law:
    """Return `law` with every value multiplied by `factor` (0 or more)."""
    _not_negative("scale", "factor", factor)
    return replace(law, scale=law.scale * factor)


# ------------------------------------------------------------------------------------- quantiles


def quantile(law: Law, u: float) -> float:
    """Return the value of `law` at probability `u`, strictly between 0 and 1."""
    return law.scale * _SCALAR[law.kind](law, u)


def quantiles(law: Law, u: FloatArray) -> FloatArray:
    """Return the values of `law` at the probabilities `u` (1-d), equal to `quantile` bit by bit."""
    return law.scale * _ARRAY[law.kind](law, u)


def _q_constant(law: Law, u: float) -> float:
    return law.params[0]


def _q_uniform(law: Law, u: float) -> float:
    low, high = law.params
    return low + (high - low) * u


def _q_triangular(law: Law, u: float) -> float:
    low, mode, high = law.params
    width = high - low
    if u * width <= mode - low:
        return low + math.sqrt(u * width * (mode - low))
    return high - math.sqrt((1.0 - u) * width * (high - mode))


def _q_pert(law: Law, u: float) -> float:
    low, high, alpha, beta = law.params
    return low + (high - low) * _betaincinv(alpha, beta, u)


def _q_exponential(law: Law, u: float) -> float:
    return -law.params[0] * math.log(1.0 - u)


def _q_gamma(law: Law, u: float) -> float:
    return law.params[1] * _gammaincinv(law.params[0], u)


def _q_lognormal(law: Law, u: float) -> float:
    return math.exp(law.params[0] + law.params[1] * _ndtri(u))


def _q_weibull(law: Law, u: float) -> float:
    return law.params[1] * math.pow(-math.log(1.0 - u), 1.0 / law.params[0])


def _q_empirical(law: Law, u: float) -> float:
    return law.table[bisect_left(law.params, u)]


def _q_mixture(law: Law, u: float) -> float:
    i = bisect_left(law.params, u)
    share, part = law.parts[i]
    start = law.params[i - 1] if i else 0.0
    return quantile(part, min(max((u - start) / share, _LEAST), _MOST))


def _each(law: Law, u: FloatArray) -> FloatArray:
    one = _SCALAR[law.kind]
    return np.array([one(law, x) for x in u.tolist()], dtype=np.float64)


def _a_constant(law: Law, u: FloatArray) -> FloatArray:
    return np.full(u.shape, law.params[0])


def _a_uniform(law: Law, u: FloatArray) -> FloatArray:
    low, high = law.params
    return low + (high - low) * u


def _a_pert(law: Law, u: FloatArray) -> FloatArray:
    low, high, alpha, beta = law.params
    return low + (high - low) * np.asarray(special.betaincinv(alpha, beta, u), dtype=np.float64)


def _a_gamma(law: Law, u: FloatArray) -> FloatArray:
    return law.params[1] * np.asarray(special.gammaincinv(law.params[0], u), dtype=np.float64)


def _a_lognormal(law: Law, u: FloatArray) -> FloatArray:
    exponents = law.params[0] + law.params[1] * np.asarray(special.ndtri(u), dtype=np.float64)
    return np.array([math.exp(x) for x in exponents.tolist()], dtype=np.float64)


_SCALAR: dict[LawKind, Callable[[Law, float], float]] = {
    LawKind.CONSTANT: _q_constant,
    LawKind.UNIFORM: _q_uniform,
    LawKind.TRIANGULAR: _q_triangular,
    LawKind.PERT: _q_pert,
    LawKind.EXPONENTIAL: _q_exponential,
    LawKind.GAMMA: _q_gamma,
    LawKind.ERLANG: _q_gamma,
    LawKind.LOGNORMAL: _q_lognormal,
    LawKind.WEIBULL: _q_weibull,
    LawKind.EMPIRICAL: _q_empirical,
    LawKind.MIXTURE: _q_mixture,
}

_ARRAY: dict[LawKind, Callable[[Law, FloatArray], FloatArray]] = {
    **dict.fromkeys(LawKind, _each),
    LawKind.CONSTANT: _a_constant,
    LawKind.UNIFORM: _a_uniform,
    LawKind.PERT: _a_pert,
    LawKind.GAMMA: _a_gamma,
    LawKind.ERLANG: _a_gamma,
    LawKind.LOGNORMAL: _a_lognormal,
}


# --------------------------------------------------------------------------------------- moments


def mean(law: Law) -> float:
    """Return the mean of `law` in closed form."""
    return law.scale * _moments(law)[0]


def variance(law: Law) -> float:
    """Return the variance of `law` in closed form."""
    return law.scale * law.scale * _moments(law)[1]


def _moments(law: Law) -> tuple[float, float]:
    """Return mean and variance before `law.scale`."""
    p = law.params
    match law.kind:
        case LawKind.CONSTANT:
            return p[0], 0.0
        case LawKind.UNIFORM:
            return (p[0] + p[1]) / 2.0, (p[1] - p[0]) ** 2 / 12.0
        case LawKind.TRIANGULAR:
            a, c, b = p
            return (a + b + c) / 3.0, (a * a + b * b + c * c - a * b - a * c - b * c) / 18.0
        case LawKind.PERT:
            low, high, a, b = p
            wide = high - low
            return low + wide * a / (a + b), wide * wide * a * b / ((a + b) ** 2 * (a + b + 1.0))
        case LawKind.EXPONENTIAL:
            return p[0], p[0] * p[0]
        case LawKind.GAMMA | LawKind.ERLANG:
            return p[0] * p[1], p[0] * p[1] * p[1]
        case LawKind.LOGNORMAL:
            middle = math.exp(p[0] + p[1] * p[1] / 2.0)
            return middle, middle * middle * math.expm1(p[1] * p[1])
        case LawKind.WEIBULL:
            first = math.exp(math.lgamma(1.0 + 1.0 / p[0]))
            second = math.exp(math.lgamma(1.0 + 2.0 / p[0]))
            return p[1] * first, p[1] * p[1] * (second - first * first)
        case LawKind.EMPIRICAL:
            shares = [b - a for a, b in zip((0.0, *p), p, strict=False)]
            middle = math.fsum(s * v for s, v in zip(shares, law.table, strict=True))
            return middle, math.fsum(s * (v - middle) ** 2 for s, v in zip(shares, law.table, strict=True))
        case LawKind.MIXTURE:
            middle = math.fsum(w * mean(part) for w, part in law.parts)
            spread = math.fsum(w * (variance(part) + (mean(part) - middle) ** 2) for w, part in law.parts)
            return middle, spread


def lower_bound(law: Law) -> float:
    """Return the least value that `law` can give (approached, where it is not reached)."""
    match law.kind:
        case LawKind.CONSTANT | LawKind.UNIFORM | LawKind.TRIANGULAR | LawKind.PERT:
            return law.scale * law.params[0]
        case LawKind.EMPIRICAL:
            return law.scale * law.table[0]
        case LawKind.MIXTURE:
            return law.scale * min(lower_bound(part) for _, part in law.parts)
        case _:
            return 0.0


def upper_bound(law: Law) -> float:
    """Return the greatest value that `law` can give; infinite where it has none."""
    match law.kind:
        case LawKind.CONSTANT:
            return law.scale * law.params[0]
        case LawKind.UNIFORM | LawKind.PERT:
            return law.scale * law.params[1]
        case LawKind.TRIANGULAR:
            return law.scale * law.params[2]
        case LawKind.EMPIRICAL:
            return law.scale * law.table[-1]
        case LawKind.MIXTURE:
            return law.scale * max(upper_bound(part) for _, part in law.parts)
        case _:
            return 0.0 if law.scale == 0.0 or mean(law) == 0.0 else math.inf
