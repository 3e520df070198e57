"""Collects values of whole seconds: each of them, or exact counts, sums and bins where they are too many.

Bins hold whole numbers only, so that nothing depends on the order in which parts are added.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int64]

#: Bits of a bin's number within its power of two: values below 2048 have bins of their own, others share one
#: with those that differ from them by less than 1/1024 (0.1 %).
BITS = 10
#: Greatest relative error of a quantile: values stand for the middle of their bin.
ERROR = 1 / 2048

#: Squares of values below are added up as 64-bit numbers, in two halves.
_HALF = 16
_SMALL = 1 << 2 * _HALF


@dataclass(eq=False)
class Bins:
    """Values of whole seconds, 0 or more, as counts per bin.

    Attributes
    ----------
    unit : seconds in the unit of everything that is returned.
    count, total, squares : number, sum and sum of squares in seconds, exact whatever their size.
    least, most : smallest and greatest value in seconds; -1 without any.
    counts : number of values by bin.
    """

    unit: float = 1.0
    count: int = 0
    total: int = 0
    squares: int = 0
    least: int = -1
    most: int = -1
    counts: IntArray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    def __len__(self) -> int:
        return self.count

    def add(self, seconds: npt.ArrayLike) -> None:
        """Count in values.

        Raises
        ------
        ValueError
            If one is negative.
        """
        values = np.asarray(seconds, dtype=np.int64)
        if not values.size:
            return
        low, high = int(values.min()), int(values.max())
        if low < 0:
            raise ValueError(f"a duration must be 0 or more seconds, found {low}")
        self.least = low if self.least < 0 else min(self.least, low)
        self.most = max(self.most, high)
        self.count += values.size
        self.total += _sum(values)
        self.squares += _sum_of_squares(values)
        self.counts = _added(self.counts, np.bincount(_bins(values)))

    def merge(self, other: Bins) -> None:
        """Count in all values of `other`, of the same unit."""
        if other.count:
            self.least = other.least if self.least < 0 else min(self.least, other.least)
            self.most = max(self.most, other.most)
            self.count += other.count
            self.total += other.total
            self.squares += other.squares
            self.counts = _added(self.counts, other.counts)

    @property
    def mean(self) -> float:
        """The mean, exact up to the last rounding; NaN without values."""
        return self.total / self.count / self.unit if self.count else math.nan

    @property
    def variance(self) -> float:
        """The sample variance, exact up to the last rounding; NaN with fewer than two values."""
        return _variance(self.count, self.total, self.squares) / self.unit**2

    @property
    def greatest(self) -> float:
        """The greatest value, exact; NaN without values."""
        return self.most / self.unit if self.count else math.nan

    def quantile(self, p: float) -> float:
        """Return the `p`-quantile, linear between order statistics; NaN without values.

        Exact where values are below 2048 s; else within 0.05 % (`ERROR`) of the quantile of all values.
        """
        if not self.count:
            return math.nan
        upto = np.cumsum(self.counts)
        place = p * (self.count - 1)
        low = math.floor(place)
        ends = [self._of_rank(upto, rank) for rank in (low, min(low + 1, self.count - 1))]
        return (ends[0] + (place - low) * (ends[1] - ends[0])) / self.unit

    def _of_rank(self, upto: IntArray, rank: int) -> float:
        """Return the middle of the bin of an order statistic, from 0, within what was seen."""
        found = int(np.searchsorted(upto, rank, side="right"))
        shift = max(0, (found >> BITS) - 1)
        start = (found - (shift << BITS)) << shift
        return min(max(start + ((1 << shift) - 1) / 2, self.least), self.most)


@dataclass
class Values:
    """Values of whole seconds, each of them kept; `unit` as in `Bins`."""

    unit: float
    parts: list[npt.NDArray[np.float64]] = field(default_factory=list)

    def add(self, seconds: IntArray) -> None:
        """Take in values."""
        self.parts.append(seconds / self.unit)

    def all(self) -> npt.NDArray[np.float64]:
        """Return all values, in the order in which they came."""
        return np.concatenate([np.zeros(0), *self.parts])


def deviation(values: npt.NDArray[np.float64] | Bins, unit: float) -> float:
    """Return the sample standard deviation of whole seconds in `unit`; NaN with fewer than two values.

    Taken from the seconds, which are exact: equal values have none, whether they are kept or in bins.
    """
    if isinstance(values, Bins):
        return math.sqrt(values.variance)
    seconds = np.rint(values * unit).astype(np.int64)
    return math.sqrt(_variance(len(seconds), _sum(seconds), _sum_of_squares(seconds)) / unit**2)


def merged(parts: Sequence[Bins]) -> Bins:
    """Return all values of `parts`, which have one unit, together."""
    found = Bins(parts[0].unit)
    for part in parts:
        found.merge(part)
    return found


def _variance(count: int, total: int, squares: int) -> float:
    """Return the sample variance, exact up to the last rounding; NaN with fewer than two values."""
    return (count * squares - total**2) / (count * (count - 1)) if count > 1 else math.nan


def _bins(values: IntArray) -> IntArray:
    """Return the bin of each value: its leading bits, and by how many it was shortened."""
    shift = np.maximum(np.frexp(values.astype(np.float64))[1].astype(np.int64) - (BITS + 1), 0)
    return (shift << BITS) + (values >> shift)


def _sum(values: IntArray) -> int:
    """Return an exact sum."""
    return int((values >> 32).sum()) * (1 << 32) + int((values & 0xFFFF_FFFF).sum())


def _sum_of_squares(values: IntArray) -> int:
    """Return an exact sum of squares: those of long times do not fit into 64 bits."""
    large = values >= _SMALL
    small = values[~large]
    high, low = small >> _HALF, small & ((1 << _HALF) - 1)
    exact = int((high * high).sum()) << 2 * _HALF
    exact += int((high * low).sum()) << _HALF + 1
    exact += int((low * low).sum())
    return exact + sum(int(v) ** 2 for v in values[large].tolist())


def _added(one: IntArray, other: IntArray) -> IntArray:
    """Return the sum of two tables of counts of any length."""
    found = np.zeros(max(len(one), len(other)), dtype=np.int64)
    found[: len(one)] += one
    found[: len(other)] += other
    return found
