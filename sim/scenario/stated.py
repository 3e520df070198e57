"""A figure as a document states it: the number, and the rounding that its last digit tells."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation


class Stated(float):
    """A documented figure.

    Attributes
    ----------
    rounding : half a unit of the last digit written, in the figure's own unit: 0.05 of 3.4 and of 3.0, 0.5 of
        110, 0.005 of 90 %.
    """

    rounding: float = 0.0


def stated(value: float, written: str) -> Stated:
    """Return the figure `value` that is written so; a text in per cent ends in ``%``."""
    found = Stated(value)
    digits = written.strip()
    share = digits.endswith("%")
    try:
        exponent = int(Decimal(digits.rstrip("% ")).as_tuple().exponent)
    except (InvalidOperation, ValueError):
        return found
    found.rounding = 0.5 * 10.0 ** (min(exponent, 0) - (2 if share else 0))
    return found
