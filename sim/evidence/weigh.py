"""Weighted draws: weights from slopes, effective size, quantiles, resamples."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from sim.evidence.finding import Spread

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

#: A slope of 0 counts as so little, for a weight that truncation bounds.
FLAT = 1e-12
#: Probabilities of the interval that a verdict is given on: 90 %.
LOW, HIGH = 0.05, 0.95


def weights_of(slopes: FloatArray) -> FloatArray:
    """Return the weights of draws whose dial was solved, adding up to 1.

    The posterior density of a draw is the prior density of its solution over the slope of "before" there.
    The prior is uniform in the logarithm of the dial, so what is left is one over the slope in it. Slopes
    are estimates: no draw weighs more than the square root of the number of draws times their median
    (truncated importance weights, after E. L. Ionides, Journal of Computational and Graphical Statistics 17,
    2008, who takes the mean, which one weight can spoil).

    Parameters
    ----------
    slopes : change of "before" per unit of the logarithm of the dial, at least 0; NaN without solution
        (weight 0).
    """
    with np.errstate(invalid="ignore"):
        raw = np.where(np.isnan(slopes), 0.0, 1.0 / np.maximum(slopes, FLAT))
    solved = raw > 0
    if solved.any():
        raw = np.minimum(raw, math.sqrt(int(solved.sum())) * float(np.median(raw[solved])))
    total = raw.sum()
    return np.asarray(raw / total if total > 0 else raw)


def effective(weights: FloatArray) -> float:
    """Return the effective size of weights, (sum w)^2 / sum w^2 (L. Kish); 0 if all are 0."""
    squares = float((weights**2).sum())
    return float(weights.sum()) ** 2 / squares if squares > 0 else 0.0


def quantiles(values: FloatArray, weights: FloatArray, p: Sequence[float]) -> FloatArray:
    """Return weighted quantiles such that one more draw lies below each with the probability asked for.

    Of n equal draws the k-th smallest has k / (n + 1) of all further ones below it on average (W. Weibull,
    1939), so an interval between two such points covers as often as it says, however few draws there are:
    k / n would leave out too many. Here n is the effective size and a draw's rank that of the middle of its
    step.

    Parameters
    ----------
    values : no NaN among those with a weight.
    weights : not negative, at least one positive.
    """
    used = weights > 0
    order = np.argsort(values[used], kind="stable")
    x, w = values[used][order], weights[used][order]
    w = w / w.sum()
    n = effective(w)
    below = (n * (np.cumsum(w) - w / 2) + 0.5) / (n + 1)
    return np.interp(np.asarray(p, dtype=np.float64), below, x)


def spread(values: FloatArray, weights: FloatArray) -> Spread:
    """Return weighted mean and 5, 50, 95 % points of the draws."""
    low, middle, high = quantiles(values, weights, (LOW, 0.5, HIGH))
    used = weights > 0
    mean = float(np.average(values[used], weights=weights[used]))
    return Spread(mean, float(low), float(middle), float(high))


def resampled(weights: FloatArray, count: int, seed: int) -> IntArray:
    """Return `count` draws, each taken as often as its weight asks for (systematic resampling)."""
    used = weights / weights.sum()
    start = float(np.random.default_rng([seed, 0x5E1EC7]).random())
    points = (start + np.arange(count)) / count
    return np.asarray(np.minimum(np.searchsorted(np.cumsum(used), points), len(used) - 1))


def bootstrap(
    statistic: Callable[[IntArray], float], count: int, seed: int, resamples: int = 1000
) -> FloatArray:
    """Return `statistic` of resampled draws.

    Parameters
    ----------
    statistic : of draws given by their numbers, some of them several times.
    count : number of draws.
    """
    rng = np.random.default_rng([seed, 0xB007])
    return np.array([statistic(rng.integers(0, count, count)) for _ in range(resamples)])
