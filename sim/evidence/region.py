"""What a claim allows: the region of values that agree with its documented figure."""

from __future__ import annotations

import math

from sim.scenario.model import Claim

Figure = float | tuple[float, ...] | None


def region(documented: Figure, comparator: str, tolerance: float) -> tuple[float, float] | None:
    """Return (low, high) of the values that agree with `documented`; None if nothing is documented.

    ``exact`` and ``about`` allow the tolerance on both sides, ``at-most`` and ``at-least`` beyond the
    figure on one side, ``range`` the stated pair widened by the tolerance.
    """
    if documented is None:
        return None
    if isinstance(documented, tuple):
        return min(documented) - tolerance, max(documented) + tolerance
    if comparator == "at-most":
        return -math.inf, documented + tolerance
    if comparator == "at-least":
        return documented - tolerance, math.inf
    return documented - tolerance, documented + tolerance


def documented_change(claim: Claim) -> Figure:
    """Return the change that `claim` states, or that its figures before and after make on its scale."""
    before, after = claim.before, claim.after
    if claim.change is not None or claim.scale == "level":
        return claim.change
    if not isinstance(before, float) or not isinstance(after, float):
        return None
    if claim.scale == "difference":
        return after - before
    return after / before - 1.0 if before else None


def claimed(claim: Claim) -> tuple[tuple[float, float] | None, str]:
    """Return the region that `claim` is judged by and which side it is of: ``after`` or ``change``."""
    tolerance = claim.tolerance if isinstance(claim.tolerance, float) else 0.0
    if claim.scale == "level" and claim.after is not None:
        return region(claim.after, claim.comparator, tolerance), "after"
    change = documented_change(claim)
    if change is not None:
        return region(change, claim.comparator, tolerance), "change"
    if claim.after is not None:
        return region(claim.after, claim.comparator, tolerance), "after"
    return None, "after"


def distance(value: float, allowed: tuple[float, float]) -> float:
    """How far `value` lies outside the region: 0 inside, negative below, positive above."""
    low, high = allowed
    if value < low:
        return value - low
    return value - high if value > high else 0.0
