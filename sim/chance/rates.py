"""Arrival rates that vary in time: the integrated rate and its exact inverse.

A Poisson process of rate r(t) has its n-th arrival where the integral of r reaches a sum of n unit
exponentials (E. Cinlar, "Introduction to Stochastic Processes", 1975, section 4.7). Nothing is thinned,
so no rate is looked up at the wrong instant and no arrival falls where the rate is 0.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.errors import RunError
from sim.worktime.calendar import Steps

#: Seconds of a year of growth, 365.25 days.
YEAR = 31_557_600

Seconds = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
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
    starts: Seconds
    stops: Seconds
    rates: FloatArray
    sums: FloatArray
    total: float
    log_growth: float

    def up_to(self, t: float) -> float:
        """Return the integral from `first` to second `t`."""
        i = int(np.searchsorted(self.starts, t, "right")) - 1
        if i < 0:
            return 0.0
        seconds = np.array([min(t, self.stops[i]) - self.starts[i]])
        return float(self.sums[i] + _pieces(self.rates[i : i + 1], seconds, self.log_growth)[0])

    def instant(self, amount: float) -> int:
        """Return the whole second in which the integral reaches `amount`, below `total`."""
        return int(self.instants(np.array([amount], np.float64))[0])

    def instants(self, amounts: FloatArray) -> Seconds:
        """Return `instant` of many amounts."""
        i: npt.NDArray[np.intp] | int = 0
        if len(self.sums) != 1:
            i = np.maximum(np.searchsorted(self.sums, amounts, "right") - 1, 0)
        rest = (amounts - self.sums[i]) / self.rates[i]
        if self.log_growth:
            # A rounding at a piece's end must not leave the logarithm's domain.
            scaled = np.maximum(rest * self.log_growth, -0.999999999).tolist()
            rest = np.array(list(map(math.log1p, scaled)), np.float64) / self.log_growth
        whole = np.maximum(0.0, np.floor(rest)).astype(np.int64)
        # Rounding may touch the piece's end; an arrival stays in a second in which the rate is not 0.
        found: Seconds = np.minimum(self.starts[i] + whole, self.stops[i] - 1)
        return found


def _pieces(rates: FloatArray, seconds: npt.NDArray[Any], log_growth: float) -> FloatArray:
    """Return the integrals over `seconds` of rates that start at `rates` and grow."""
    if not log_growth:
        return np.asarray(rates * seconds, np.float64)
    grown = np.array(list(map(math.expm1, (log_growth * seconds).tolist())), np.float64)
    return np.asarray(rates * grown / log_growth, np.float64)


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
    times, values = rate.arrays
    begin = int(np.searchsorted(times, first, "right")) - 1
    end = int(np.searchsorted(times, last, "left"))
    starts = np.maximum(times[begin:end], first)
    stops = np.minimum(np.append(times[begin + 1 : end], last), last)
    relative = values[begin:end]
    wrong = np.flatnonzero(relative < 0)
    if len(wrong):
        at = int(wrong[0])
        raise RunError(f"an arrival rate must be 0 or more, found {relative[at]:g} at second {starts[at]}")
    some = relative > 0
    starts, stops = starts[some], stops[some]
    rates = factor * relative[some].astype(np.float64)
    if log_growth:  # the C library's exponential, as everywhere in chance: NumPy's differs in the last bit
        rates = rates * np.array(list(map(math.exp, (log_growth * (starts - base)).tolist())), np.float64)
    sums = np.cumsum(np.append(0.0, _pieces(rates, stops - starts, log_growth)))
    return RateTable(first, last, starts, stops, rates, sums[:-1], float(sums[-1]), log_growth)
