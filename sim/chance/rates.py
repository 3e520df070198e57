"""Arrival rates that vary in time: the integrated rate and its exact inverse.

A Poisson process of rate r(t) has its n-th arrival where the integral of r reaches a sum of n unit
exponentials (E. Cinlar, "Introduction to Stochastic Processes", 1975, section 4.7). Nothing is thinned,
so no rate is looked up at the wrong instant and no arrival falls where the rate is 0.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.errors import RunError
from sim.worktime.calendar import Steps

#: Seconds of a year of growth, 365.25 days.
YEAR = 31_557_600


@dataclass(frozen=True)
class RateTable:
    """The integral from `first` to `last` of a rate that is constant, or grows, on each piece.

    Attributes
    ----------
    first, last : seconds between which the table holds.
    starts, stops : the pieces with a rate above 0, ascending, seconds.
    rates : rate at each piece's start, arrivals per second.
    sums : integral from `first` to each piece's start.
    total : integral from `first` to `last`, expected arrivals.
    log_growth : logarithm of the growth per second; 0 for none.
    """

    first: int
    last: int
    starts: tuple[int, ...]
    stops: tuple[int, ...]
    rates: tuple[float, ...]
    sums: tuple[float, ...]
    total: float
    log_growth: float

    def up_to(self, t: float) -> float:
        """Return the integral from `first` to second `t`."""
        i = bisect_right(self.starts, t) - 1
        if i < 0:
            return 0.0
        end = min(t, self.stops[i])
        return self.sums[i] + _piece(self.rates[i], end - self.starts[i], self.log_growth)

    def instant(self, amount: float) -> int:
        """Return the whole second in which the integral reaches `amount`, below `total`."""
        i = max(0, bisect_right(self.sums, amount) - 1)
        rest = (amount - self.sums[i]) / self.rates[i]
        if self.log_growth:
            # A rounding at a piece's end must not leave the logarithm's domain.
            rest = math.log1p(max(rest * self.log_growth, -0.999999999)) / self.log_growth
        # Rounding may touch the piece's end; an arrival stays in a second in which the rate is not 0.
        return min(self.starts[i] + max(0, math.floor(rest)), self.stops[i] - 1)

    def instants(self, amounts: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
        """Return `instant` of many amounts, equal to it second by second."""
        starts, stops = np.array(self.starts, np.int64), np.array(self.stops, np.int64)
        i = np.maximum(np.searchsorted(self.sums, amounts, "right") - 1, 0)
        rest = (amounts - np.array(self.sums)[i]) / np.array(self.rates)[i]
        if self.log_growth:
            growth = self.log_growth
            scaled = np.maximum(rest * growth, -0.999999999).tolist()
            rest = np.array([math.log1p(x) for x in scaled], np.float64) / growth
        whole = np.maximum(0.0, np.floor(rest)).astype(np.int64)
        found: npt.NDArray[np.int64] = np.minimum(starts[i] + whole, stops[i] - 1)
        return found


def _piece(rate: float, seconds: float, log_growth: float) -> float:
    """Return the integral over `seconds` of a rate that starts at `rate` and grows."""
    if log_growth:
        return rate * math.expm1(log_growth * seconds) / log_growth
    return rate * seconds


def rate_table(
    rate: Steps, first: int, last: int, *, base: int, growth: float = 0.0, factor: float = 1.0
) -> RateTable:
    """Integrate ``factor * rate(t) * (1 + growth) ** ((t - base) / YEAR)`` over [`first`, `last`).

    Parameters
    ----------
    rate : relative rate, 0 or more; must cover the stretch.
    first, last, base : seconds.
    growth : share per year, compounding from `base`; more than -1.

    Raises
    ------
    RunError
        When `rate` does not cover the stretch or falls below 0, or growth is -100 % or worse.
    """
    if rate.times[0] > first or (rate.stop is not None and rate.stop < last):
        raise RunError(
            f"arrivals are needed from second {first} to {last}, but their rate is known from "
            f"{rate.times[0]} to {rate.stop}: lengthen its calendar or shorten the run"
        )
    if growth <= -1:
        raise RunError(f"growth per year must be more than -1 (-100 %), found {growth:g}")
    log_growth = math.log1p(growth) / YEAR
    starts: list[int] = []
    stops: list[int] = []
    rates: list[float] = []
    sums: list[float] = []
    total = 0.0
    for start, stop, relative in _pieces(rate, first, last):
        if relative < 0:
            raise RunError(f"an arrival rate must be 0 or more, found {relative:g} at second {start}")
        if relative == 0:
            continue
        now = factor * relative * math.exp(log_growth * (start - base))
        starts.append(start)
        stops.append(stop)
        rates.append(now)
        sums.append(total)
        total += _piece(now, stop - start, log_growth)
    return RateTable(first, last, tuple(starts), tuple(stops), tuple(rates), tuple(sums), total, log_growth)


def _pieces(rate: Steps, first: int, last: int) -> Iterator[tuple[int, int, float]]:
    """Yield (start, stop, value) of `rate` clipped to [`first`, `last`)."""
    i = bisect_right(rate.times, first) - 1
    while i < len(rate.times) and rate.times[i] < last:
        stop = rate.times[i + 1] if i + 1 < len(rate.times) else last
        yield max(rate.times[i], first), min(stop, last), rate.values[i]
        i += 1
