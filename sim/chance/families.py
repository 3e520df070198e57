"""Families of laws: what a law is made of, and a function that makes each kind.

A law is kept in the working parameters of its quantile function (``sim.chance.quantiles``); the
functions here turn what people state - a mean, a spread, a median - into them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from itertools import accumulate

from sim.errors import InputError


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
    from scipy.special import cython_special  # not before it is needed: it takes a tenth of a second

    return Law(LawKind.LOGNORMAL, (math.log(median), math.log(p90 / median) / cython_special.ndtri(0.9)))


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
