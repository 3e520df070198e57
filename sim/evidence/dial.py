"""The dial of one draw: a handful of values, the solution with its error, and the slope there.

All values of one draw share their luck, so the figure is a nearly smooth, monotone function of the dial.
The search starts where a regression over earlier draws puts the solution; once a value is near, the last
step is told by the slope instead of run. The slope of the weights is taken from a monotone curve through all
values tried, never from a small difference.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

#: Most values of the dial that one draw tries.
MOST = 7
#: Relative gap to the documented figure at which the search ends, and that from which the solution is told by
#: the slope, without a further run.
SAME, CLOSE = 0.005, 0.02
#: Values of the dial nearer than this, in its logarithm, differ by luck too much for a slope.
APART = 0.02
#: Half-width, in the logarithm of the dial, over which its slope is taken.
HALF_WIDTH = 0.1


@dataclass(frozen=True)
class DialSolution:
    """How far one draw came.

    Attributes
    ----------
    value : the dial, in its own unit; NaN where the draw has no solution.
    figure : "before" as simulated at the nearest value tried, in the claim's unit.
    error : (figure - target) / target, which the last step, told by the slope, takes away up to the
        curvature; absolute where the target is 0.
    slope : change of the figure per unit of the logarithm of the dial; at least 0.
    tried : (dial, figure) in the order tried.
    why : in words, why there is no solution; empty if there is one.
    """

    value: float
    figure: float
    error: float
    slope: float
    tried: tuple[tuple[float, float], ...]
    why: str = ""


def solve_draw(
    figure: Callable[[float], float],
    target: float,
    low: float,
    high: float,
    *,
    rises: bool,
    start: float,
    elasticity: float = 1.0,
    overload_rises: bool = True,
    close: float = CLOSE,
) -> DialSolution:
    """Solve ``figure(dial) = target`` for the dial in [low, high].

    Parameters
    ----------
    figure : "before" as a function of the dial; NaN where nothing was closed to measure.
    target : drawn within the rounding of the documented figure, in the claim's unit.
    low, high : range of the dial, both positive, in its unit.
    rises : whether the figure grows with the dial.
    start : first value tried.
    elasticity : expected size of d ln figure / d ln dial, positive; says how far the second value is from
        the first.
    overload_rises : NaN counts as far too high (a time) or else far too low (a share in time).
    close : relative gap at which the search ends with a last step along the slope.
    """
    search = _Search(figure, target, low, high, rises, overload_rises)
    at = min(max(math.log(start), search.low), search.high)
    gap = search.look(at)
    while abs(gap) > SAME and search.solution(close) is None and len(search.points) < MOST:
        step = search.next(elasticity)
        if step is None:
            break
        gap = search.look(step)
    if len(search.points) < 2:  # a slope needs two
        up = search.high - at >= at - search.low
        search.look(min(at + 2 * HALF_WIDTH, search.high) if up else max(at - 2 * HALF_WIDTH, search.low))
    return search.result(close)


class _Search:
    """The values tried so far, on the scale on which the figure is nearly straight."""

    def __init__(
        self,
        figure: Callable[[float], float],
        target: float,
        low: float,
        high: float,
        rises: bool,
        overload_rises: bool,
    ) -> None:
        self.figure = figure
        self.target = target
        self.low, self.high = math.log(low), math.log(high)
        self.sign = 1.0 if rises else -1.0
        self.overload = math.inf if overload_rises else -math.inf
        self.points: list[tuple[float, float, float]] = []  # log dial, figure, gap

    def look(self, at: float) -> float:
        value = self.figure(math.exp(at))
        gap = self.gap(value)
        self.points.append((at, value, gap))
        return gap

    def gap(self, value: float) -> float:
        """How far a figure is too high: relative, on a logarithmic scale above the target."""
        if math.isnan(value):
            return self.overload
        if self.target <= 0:
            return value - self.target
        return math.log(value / self.target) if value > 0 else value / self.target - 1.0

    def next(self, elasticity: float) -> float | None:
        """Return the log dial to try next; None where the range holds no solution."""
        below = [(x, g) for x, _, g in self.points if g * self.sign < 0]
        above = [(x, g) for x, _, g in self.points if g * self.sign >= 0]
        lower = max(below, default=None)
        upper = min(above, default=None)
        if lower is None or upper is None:
            return self._outward(elasticity)
        (x0, g0), (x1, g1) = lower, upper
        if x1 <= x0:  # not monotone by luck: halve
            return (x0 + x1) / 2 if abs(x1 - x0) > 1e-6 else None
        if not (math.isfinite(g0) and math.isfinite(g1)):
            return (x0 + x1) / 2
        middle = x0 + (x1 - x0) * (-g0) / (g1 - g0)
        # Regula falsi creeps where the curve bends: twice on one side, and the bracket is halved.
        sides = [g * self.sign < 0 for _, _, g in self.points[-3:]]
        if len(sides) == 3 and len(set(sides)) == 1:
            middle = (x0 + x1) / 2
        margin = 0.05 * (x1 - x0)
        return min(max(middle, x0 + margin), x1 - margin) if x1 - x0 > 1e-6 else None

    def _outward(self, elasticity: float) -> float | None:
        """Step towards the solution from the nearest value tried, by the slope known or expected."""
        finite = [p for p in self.points if math.isfinite(p[2])]
        if not finite:
            at, step = self.points[-1][0], -self.sign * math.copysign(1.0, self.points[-1][2])
        else:
            at, _, gap = min(finite, key=lambda p: abs(p[2]))
            slope = self.sign * max(elasticity, 0.05)
            if len(finite) > 1:
                (xa, _, ga), (xb, _, gb) = sorted(finite, key=lambda p: abs(p[2]))[:2]
                if xa != xb and (ga - gb) / (xa - xb) * self.sign > 0.05:
                    slope = (ga - gb) / (xa - xb)
            step = -gap / slope
            step *= 1.1 if len(finite) > 1 else 1.0  # rather beyond it: a bracket is worth more
            step = math.copysign(min(max(abs(step), 0.02), 1.2 * len(self.points)), step)
        edge = self.high if step > 0 else self.low
        if at == edge:
            return None
        to = min(max(at + step, self.low), self.high)
        return to if all(x != to for x, _, _ in self.points) else None

    def result(self, close: float) -> DialSolution:
        tried = tuple((math.exp(x), f) for x, f, _ in self.points)
        _, value, _ = min(self.points, key=lambda p: abs(p[2]))
        error = (value - self.target) / self.target if self.target else value - self.target
        x = self.solution(close)
        if x is None or not self.low <= x <= self.high:
            return DialSolution(math.nan, value, error, math.nan, tried, self._why_not(close))
        xs, ys = np.array([p[0] for p in self.points]), np.array([p[1] for p in self.points])
        if np.nanmin(ys) > 0:  # straighter as a logarithm, most of all with two values on one side
            slope = slope_at(xs, np.log(ys), x, self.sign) * value
        else:
            slope = slope_at(xs, ys, x, self.sign)
        return DialSolution(math.exp(x), value, error, slope, tried)

    def solution(self, close: float) -> float | None:
        """Return the log dial of the solution, if a value is near enough for it; None if not."""
        near, _, gap = min(self.points, key=lambda p: abs(p[2]))
        if abs(gap) > close:
            return None
        x = self._last_step(near, gap)
        if x is None and abs(gap) <= SAME:
            return near
        return x

    def _last_step(self, near: float, gap: float) -> float | None:
        """Return the log dial at which the gap ends, on the line through the nearest value not too near.

        Between two values very near each other the line would follow luck.
        """
        others = [(x, g) for x, _, g in self.points if math.isfinite(g) and abs(x - near) >= APART]
        if not others:
            return None
        beyond, other = min(others, key=lambda p: abs(p[0] - near))
        slope = self.sign * (other - gap) / (beyond - near)
        step = gap / slope if slope > 0 else math.inf
        return near - self.sign * step if abs(step) <= HALF_WIDTH else None

    def _why_not(self, close: float) -> str:
        gaps = [g for _, _, g in self.points]
        at_low, at_high = (
            any(abs(x - end) < 1e-9 for x, _, _ in self.points) for end in (self.low, self.high)
        )
        below_it = at_low if self.sign > 0 else at_high  # the end at which `before` is least was tried
        above_it = at_high if self.sign > 0 else at_low
        near = min(map(abs, gaps)) <= close
        if all(g > 0 for g in gaps) and (below_it or near):
            return "`before` stays above its documented figure over the whole range of the dial"
        if all(g < 0 for g in gaps) and (above_it or near):
            return "`before` stays below its documented figure over the whole range of the dial"
        return f"none of up to {MOST} values tried leads within {close:.0%} of the documented figure"


def slope_at(x: FloatArray, y: FloatArray, at: float, sign: float) -> float:
    """Return the size of the slope at `at` of a monotone curve through (x, y), averaged over +- 0.1.

    The curve is the isotonic regression of the values, joined by a monotone cubic (PCHIP), and goes on
    straight beyond them.

    Parameters
    ----------
    x : logarithm of the dial, any order, without repeats.
    y : the figure there; NaN is left out.
    sign : 1 for a figure that grows, -1 for one that falls.
    """
    from scipy.interpolate import PchipInterpolator
    from scipy.optimize import isotonic_regression

    known = np.isfinite(y)
    order = np.argsort(x[known])
    xs, ys = x[known][order], sign * y[known][order]
    if len(xs) < 2:
        return 0.0
    # Values out of order are luck: each block that the regression makes level counts as one value.
    blocks = isotonic_regression(ys).blocks
    sizes = np.diff(blocks)
    xs, ys = np.add.reduceat(xs, blocks[:-1]) / sizes, np.add.reduceat(ys, blocks[:-1]) / sizes
    if len(xs) < 2:
        return 0.0
    curve = PchipInterpolator(xs, ys, extrapolate=False)
    ends = []
    for p in (at - HALF_WIDTH, at + HALF_WIDTH):
        inside = min(max(p, xs[0]), xs[-1])
        pair = (0, 1) if p < xs[0] else (-2, -1)
        end = (ys[pair[1]] - ys[pair[0]]) / (xs[pair[1]] - xs[pair[0]])
        ends.append(float(curve(inside)) + (p - inside) * end)
    return max(float(ends[1] - ends[0]) / (2 * HALF_WIDTH), 0.0)
