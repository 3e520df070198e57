"""Solve for the dial: the value at which a simulated figure meets a documented one.

The figure is known only by simulation, and every evaluation is a run, so the search is sparing: it
starts in the middle of the range, moves by the stated direction until two values bracket the
documented figure, and closes in with Brent's method (SciPy) on the logarithm of the dial. All
evaluations share their luck (the same seed and replication), so the figure is a smooth enough
function of the dial.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Solution:
    """What the search found.

    Attributes
    ----------
    value : the dial, in its own unit; the best value tried if there is no solution in the range.
    figure : the simulated figure there.
    target : the documented figure.
    solved : whether a value within the range meets it, to within `tolerance`.
    tried : (dial, figure) of all runs, in order.
    """

    value: float
    figure: float
    target: float
    solved: bool
    tried: tuple[tuple[float, float], ...]

    @property
    def gap(self) -> float:
        """Simulated minus documented, in the figure's unit."""
        return self.figure - self.target


class _EnoughError(Exception):
    """A value close enough has been found, or the budget is spent."""


def solve(
    figure: Callable[[float], float],
    target: float,
    low: float,
    high: float,
    *,
    rises: bool,
    tolerance: float,
    start: float | None = None,
    budget: int = 14,
    overload_rises: bool = True,
) -> Solution:
    """Find the dial in [low, high] at which ``figure(dial)`` is within `tolerance` of `target`.

    Parameters
    ----------
    figure : the simulated figure as a function of the dial; NaN where nothing was closed to measure.
    target, tolerance : in the figure's unit.
    low, high : range of the dial, both positive.
    rises : whether the figure grows with the dial.
    start : first value tried; None: the geometric middle.
    budget : greatest number of evaluations.
    overload_rises : whether NaN, a service so overloaded that it closes nothing, is read as far too high
        (a time), whichever way the dial goes; or as far too low (a share of cases in time).
    """
    from scipy.optimize import brentq

    tried: list[tuple[float, float]] = []
    known: dict[float, float] = {}  # Brent's method asks again for the ends of the bracket

    def excess(log_dial: float) -> float:
        if log_dial not in known:
            known[log_dial] = evaluate(log_dial)
        return known[log_dial]

    def evaluate(log_dial: float) -> float:
        if len(tried) >= budget:
            raise _EnoughError
        dial = min(max(math.exp(log_dial), low), high)
        value = figure(dial)
        tried.append((dial, value))
        if abs(value - target) <= tolerance:
            raise _EnoughError
        if math.isnan(value):
            return math.inf if overload_rises else -math.inf
        # Relative scale: a queue near full load grows without bound, its logarithm is nearly straight.
        return math.log(value / target) if value > 0 and target > 0 else value - target

    log_low, log_high = math.log(low), math.log(high)
    middle = (log_low + log_high) / 2 if start is None else math.log(start)
    try:
        at = middle
        f = excess(at)
        step = (log_high - log_low) / 4
        while True:
            up = (f < 0) == rises
            edge = log_high if up else log_low
            if at == edge:
                break
            other = min(at + step, log_high) if up else max(at - step, log_low)
            g = excess(other)
            if (g < 0) != (f < 0):
                lower, upper = sorted((at, other))
                finite = [x for x in (f, g) if math.isfinite(x)]
                if len(finite) == 2:
                    brentq(excess, lower, upper, xtol=1e-6, rtol=1e-9)
                else:
                    _bisect(excess, lower, upper, rises)
                break
            at, f = other, g
    except _EnoughError:
        pass
    best = min(tried, key=lambda t: abs(t[1] - target) if not math.isnan(t[1]) else math.inf)
    return Solution(best[0], best[1], target, abs(best[1] - target) <= tolerance, tuple(tried))


def _bisect(excess: Callable[[float], float], lower: float, upper: float, rises: bool) -> None:
    """Halve the bracket: where one end is overloaded there is nothing to interpolate."""
    while upper - lower > 1e-6:
        middle = (lower + upper) / 2
        if (excess(middle) < 0) == rises:
            lower = middle
        else:
            upper = middle
