"""Intervals across replications: means, quantiles, shares, paired differences, and how far to trust them.

Nothing here pools dependent cases as if they were independent: cases of one replication share a
queue, replications share nothing, so every variance is taken across replications.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from sim.measures.bins import Bins, merged

FloatArray = npt.NDArray[np.float64]
#: Values of cases: each of them, or counts in bins where there are too many to keep.
Sample = FloatArray | Bins
Estimator = Callable[[Any], float]


@dataclass(frozen=True)
class Interval:
    """A point estimate with a confidence interval.

    Attributes
    ----------
    estimate, low, high : in the unit of the data; ``low`` and ``high`` are infinite with one
        replication, and all are NaN with none.
    half_width : half the width before any clipping to a natural range (a share stays in 0..1).
    count : replications that gave a value.
    level : nominal confidence, for example 0.95.
    """

    estimate: float
    low: float
    high: float
    half_width: float
    count: int
    level: float


@dataclass(frozen=True)
class Difference:
    """Second minus first over paired replications.

    Attributes
    ----------
    interval : of the difference, in the unit of the data.
    correlation : between the two sides across replications: what common random numbers achieved;
        NaN with fewer than three pairs or where a side never varies.
    """

    interval: Interval
    correlation: float


def _special() -> Any:
    """Return SciPy's functions, loaded when they are needed (and not `stats`, which takes a second)."""
    from scipy import special

    return special


def student(count: int, level: float = 0.95) -> float:
    """Return the two-sided Student quantile for `count` replications (infinite below two)."""
    _check_level(level)
    return float(_special().stdtrit(count - 1, 0.5 + level / 2.0)) if count > 1 else math.inf


def mean_interval(values: Sequence[float] | FloatArray, level: float = 0.95) -> Interval:
    """Interval of the mean of independent, identically distributed replication results.

    Parameters
    ----------
    values : one number per replication, any unit; NaN (no case to measure) is left out.
    level : nominal confidence.

    Returns
    -------
    Interval
        Mean plus or minus t(n - 1) s / sqrt(n).

    References
    ----------
    Student (1908), The probable error of a mean, Biometrika 6(1); Law (2015), Simulation Modeling
    and Analysis, 5th ed., section 9.4.1 (fixed-sample-size procedure).
    """
    x = _finite(values)
    estimate = float(x.mean()) if x.size else math.nan
    return _about(estimate, x, level)


def quantile(values: Sequence[float] | Sample, p: float) -> float:
    """Return the sample `p`-quantile, linear between order statistics; NaN without values.

    Definition 7 of Hyndman and Fan (1996), Sample quantiles in statistical packages, The American
    Statistician 50(4). Of values in bins it is right within 0.05 % (``bins.ERROR``).
    """
    if not 0.0 <= p <= 1.0:
        raise ValueError(f"a quantile needs a probability from 0 to 1, not {p!r}")
    if isinstance(values, Bins):
        return values.quantile(p)
    x = np.asarray(values, dtype=np.float64)
    return float(np.quantile(x, p)) if x.size else math.nan


def sectioned(samples: Sequence[Sample], estimator: Estimator, level: float = 0.95) -> Interval:
    """Interval by sectioning of any statistic of all cases.

    The point is the statistic of all cases of all replications together; the variance is that of
    the per-replication statistics *about this point*, so that the small-sample bias of a
    replication's own quantile widens the interval instead of shifting it.

    Parameters
    ----------
    samples : per replication, the values of its cases; empty replications are left out.
    estimator : takes the values of cases, gives the statistic, in the unit of the data.
    level : nominal confidence.

    References
    ----------
    Asmussen and Glynn (2007), Stochastic Simulation, section III.5; Nakayama (2014), Confidence
    intervals for quantiles using sectioning when applying variance-reduction techniques, ACM
    TOMACS 24(4).
    """
    kept = [_plain(s) for s in samples if len(s)]
    if not kept:
        return _about(math.nan, np.empty(0), level)
    point = estimator(_together(kept))
    return _about(point, np.array([estimator(s) for s in kept]), level)


def quantile_interval(samples: Sequence[Sample], p: float, level: float = 0.95) -> Interval:
    """Interval of the `p`-quantile over cases, by sectioning (see `sectioned`)."""
    return sectioned(samples, lambda x: quantile(x, p), level)


def share_interval(hits: Sequence[int], totals: Sequence[int], level: float = 0.95) -> Interval:
    """Interval of a share: hits among all cases, sectioned across replications, kept within 0..1.

    Parameters
    ----------
    hits, totals : per replication, cases within the limit and cases in all.
    level : nominal confidence.

    Returns
    -------
    Interval
        Where every replication has the same extreme share (none, or all) replications show no
        variance; the bounds are then the exact binomial ones for all cases together, which is the
        best that the data can say and too narrow if cases of one run resemble each other.

    References
    ----------
    Clopper and Pearson (1934), The use of confidence or fiducial limits illustrated in the case of
    the binomial, Biometrika 26(4), for the extreme case.
    """
    h, n = np.asarray(hits, dtype=np.int64), np.asarray(totals, dtype=np.int64)
    if h.shape != n.shape or np.any(h < 0) or np.any(h > n):
        raise ValueError("a share needs as many hits as totals, and no more hits than cases")
    h, n = h[n > 0], n[n > 0]
    if not n.size:
        return _about(math.nan, np.empty(0), level)
    all_hits, all_cases = int(h.sum()), int(n.sum())
    raw = _about(all_hits / all_cases, h / n, level)
    low, high, half = max(0.0, raw.low), min(1.0, raw.high), raw.half_width
    if all_hits in (0, all_cases):
        # One-sided by nature, yet with the two-sided error probability: the customary limits.
        alpha = (1.0 - level) / 2.0
        low = float(_special().betaincinv(all_hits, 1, alpha)) if all_hits else 0.0
        high = 1.0 if all_hits else float(_special().betaincinv(1, all_cases, 1.0 - alpha))
        half = high - low
    return Interval(raw.estimate, low, high, half, raw.count, level)


def paired_difference(
    first: Sequence[float] | FloatArray, second: Sequence[float] | FloatArray, level: float = 0.95
) -> Difference:
    """Difference of two variants that saw the same cases with the same luck, replication by replication.

    Parameters
    ----------
    first, second : one number per replication, replication r of both under common random numbers;
        a pair with a NaN is left out.
    level : nominal confidence.

    References
    ----------
    Law (2015), section 10.2.1 (paired-t confidence interval) and 11.2 (common random numbers).
    """
    a, b = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    if a.shape != b.shape:
        raise ValueError(f"paired replications needed, but there are {a.size} and {b.size}")
    both = np.isfinite(a) & np.isfinite(b)
    a, b = a[both], b[both]
    return Difference(mean_interval(b - a, level), _correlation(a, b))


def sectioned_difference(
    first: Sequence[Sample], second: Sequence[Sample], estimator: Estimator, level: float = 0.95
) -> Difference:
    """Paired difference of a statistic of all cases (a quantile, a share), by sectioning.

    The point is the difference of the two statistics over all cases; the variance is that of the
    paired per-replication differences about it. Sources: as `sectioned` and `paired_difference`.
    """
    if len(first) != len(second):
        raise ValueError(f"paired replications needed, but there are {len(first)} and {len(second)}")
    pairs = [(_plain(a), _plain(b)) for a, b in zip(first, second, strict=True) if len(a) and len(b)]
    if not pairs:
        return Difference(_about(math.nan, np.empty(0), level), math.nan)
    a = np.array([estimator(x) for x, _ in pairs])
    b = np.array([estimator(y) for _, y in pairs])
    whole = [estimator(_together(side)) for side in zip(*pairs, strict=True)]
    return Difference(_about(whole[1] - whole[0], b - a, level), _correlation(a, b))


def needed_replications(
    values: Sequence[float] | FloatArray, half_width: float, level: float = 0.95, most: int = 1_000_000
) -> int:
    """Replications after which the half-width of the mean should be at most `half_width`.

    Parameters
    ----------
    values : per-replication results so far (at least two), any unit.
    half_width : absolute target in the same unit, above 0. Absolute, because a difference may be
        near zero or negative.
    level : nominal confidence.
    most : answer given when even this many would not do.

    References
    ----------
    Law (2015), section 9.4.1: the smallest i >= n with t(i - 1) s / sqrt(i) <= half-width.
    """
    if not half_width > 0.0:
        raise ValueError(f"a target half-width must be above 0, not {half_width!r}")
    x = _finite(values)
    if x.size < 2:
        raise ValueError("at least two replications are needed to judge the precision of more")
    spread = float(x.std(ddof=1))

    def wide(n: int) -> bool:
        return student(n, level) * spread / math.sqrt(n) > half_width

    if not wide(x.size):
        return int(x.size)
    if wide(most):
        return most
    low, high = int(x.size), most  # low is too few, high is enough; the half-width falls with n
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if wide(middle) else (low, middle)
    return high


def _plain(sample: Sample) -> Sample:
    return sample if isinstance(sample, Bins) else np.asarray(sample, dtype=np.float64)


def _together(samples: Sequence[Sample]) -> Sample:
    """Return all values of several samples, which are all of one kind."""
    if isinstance(samples[0], Bins):
        return merged(cast("Sequence[Bins]", samples))
    return np.concatenate(cast("Sequence[FloatArray]", samples))


def _finite(values: Sequence[float] | FloatArray) -> FloatArray:
    x = np.asarray(values, dtype=np.float64)
    return x[np.isfinite(x)]


def _about(point: float, sections: FloatArray, level: float) -> Interval:
    """Interval about `point` from the spread of `sections` about it."""
    n = int(sections.size)
    factor = student(n, level)
    if n == 0:
        return Interval(math.nan, math.nan, math.nan, math.nan, 0, level)
    if n == 1:
        return Interval(point, -math.inf, math.inf, math.inf, 1, level)
    half = factor * math.sqrt(float(np.sum((sections - point) ** 2)) / (n - 1) / n)
    return Interval(point, point - half, point + half, half, n, level)


def _correlation(a: FloatArray, b: FloatArray) -> float:
    if a.size < 3 or not np.ptp(a) or not np.ptp(b):
        return math.nan
    return float(np.corrcoef(a, b)[0, 1])


def _check_level(level: float) -> None:
    if not 0.0 < level < 1.0:
        raise ValueError(f"a confidence level lies between 0 and 1, not {level!r}")
