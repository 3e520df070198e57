"""Draws of what is not known: points of a scrambled Sobol sequence, through the law of each assumption.

With a likeliest value the law is PERT (a beta law on the range with mean (low + 4 likely + high) / 6;
D. G. Malcolm et al., Operations Research 7, 1959), else uniform. The dial is not drawn: it is solved for.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from sim.scenario.numbers import Unknown

FloatArray = npt.NDArray[np.float64]


def drawn_unknowns(unknowns: Sequence[Unknown]) -> tuple[Unknown, ...]:
    """Return the unknowns that are drawn: all but the dial."""
    return tuple(u for u in unknowns if u.kind != "dial")


def sample(unknowns: Sequence[Unknown], first: int, last: int, seed: int) -> tuple[FloatArray, FloatArray]:
    """Return the values of draws `first` to `last` - 1.

    Parameters
    ----------
    unknowns : what is drawn, one column each.
    first, last : numbers of draws; the same number is the same draw, however many are made.
    seed : of the scrambling.

    Returns
    -------
    values, positions
        (last - first, len(unknowns)) values, each in its unknown's unit; and (last - first,) numbers
        between 0 and 1 from one more dimension: where within its rounding the documented figure lies.
    """
    from scipy.stats import qmc

    engine = qmc.Sobol(len(unknowns) + 1, scramble=True, rng=np.random.default_rng([seed, 0x50B01]))
    if first:
        engine.fast_forward(first)
    power = (last - first).bit_length() - 1
    points = engine.random_base2(power) if _balanced(first, last) else engine.random(last - first)
    points = np.clip(points, 1e-9, 1.0 - 1e-9)
    columns = [quantile(u, points[:, i]) for i, u in enumerate(unknowns)]
    values = np.column_stack(columns) if columns else np.empty((last - first, 0))
    return values, points[:, -1]


def _balanced(first: int, last: int) -> bool:
    """Whether these points keep the sequence balanced: a power of two from the start, or a doubling."""
    count = last - first
    return count & (count - 1) == 0 and first % count == 0


def quantile(unknown: Unknown, p: FloatArray) -> FloatArray:
    """Return the values of an unknown, in its unit, below which its law has the probabilities `p`."""
    span = unknown.high - unknown.low
    if unknown.kind == "dial":
        return np.asarray(unknown.low * (unknown.high / unknown.low) ** p)
    if not unknown.stated:
        return np.asarray(unknown.low + span * p)
    from scipy.stats import beta

    rise = (unknown.likely - unknown.low) / span
    return np.asarray(unknown.low + span * beta.ppf(p, 1.0 + 4.0 * rise, 5.0 - 4.0 * rise))


def position(unknown: Unknown, values: FloatArray) -> FloatArray:
    """Return the probabilities of the law of an unknown below `values`, each in its unit."""
    at = np.clip((values - unknown.low) / (unknown.high - unknown.low), 0.0, 1.0)
    if unknown.kind == "dial":
        return np.asarray(np.log(values / unknown.low) / math.log(unknown.high / unknown.low))
    if not unknown.stated:
        return np.asarray(at)
    from scipy.special import betainc

    rise = (unknown.likely - unknown.low) / (unknown.high - unknown.low)
    return np.asarray(betainc(1.0 + 4.0 * rise, 5.0 - 4.0 * rise, at))
