"""Mean, variance and bounds of the laws in closed form."""

from __future__ import annotations

import math

from sim.chance.families import Law, LawKind


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
