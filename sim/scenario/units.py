"""Reads quantities such as ``25 min``, ``3 working days`` or ``30 %``.

``parse_quantity("25 min")`` gives ``Quantity(25.0, unit)``; ``quantity.base(day)`` its size in seconds,
with `day` the seconds of a working day (plain numbers are their own base). Elapsed and working units are
different dimensions, and are never mixed.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from difflib import get_close_matches
from enum import Enum


class Dimension(Enum):
    """What a number measures."""

    PLAIN = "a plain number"
    ELAPSED = "elapsed time"
    WORKING = "working time"


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit; ``seconds`` is 0 for a working day, whose length the calendar decides."""

    name: str
    dimension: Dimension
    seconds: float


PLAIN = Unit("", Dimension.PLAIN, 1.0)
PERCENT = Unit("%", Dimension.PLAIN, 0.01)
SECOND = Unit("s", Dimension.ELAPSED, 1.0)
MINUTE = Unit("min", Dimension.ELAPSED, 60.0)
HOUR = Unit("h", Dimension.ELAPSED, 3600.0)
DAY = Unit("days", Dimension.ELAPSED, 86400.0)
WEEK = Unit("weeks", Dimension.ELAPSED, 604800.0)
MONTH = Unit("months", Dimension.ELAPSED, 30.44 * 86400)
YEAR = Unit("years", Dimension.ELAPSED, 365.25 * 86400)
WORKING_DAY = Unit("working days", Dimension.WORKING, 0.0)
WORKING_HOUR = Unit("working hours", Dimension.WORKING, 3600.0)

_SPELLINGS: dict[str, Unit] = {
    "%": PERCENT,
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), SECOND),
    **dict.fromkeys(("min", "mins", "minute", "minutes"), MINUTE),
    **dict.fromkeys(("h", "hour", "hours"), HOUR),
    **dict.fromkeys(("d", "day", "days"), DAY),
    **dict.fromkeys(("week", "weeks"), WEEK),
    **dict.fromkeys(("month", "months"), MONTH),
    **dict.fromkeys(("year", "years"), YEAR),
    **dict.fromkeys(("working day", "working days"), WORKING_DAY),
    **dict.fromkeys(("working hour", "working hours"), WORKING_HOUR),
}

UNITS = "s, min, h, days, weeks, months, years, working hours, working days"
#: Pattern of a quantity with a unit, for the JSON Schema.
PATTERN = r"^\s*-?[0-9.][0-9.eE+-]*\s*(" + "|".join(sorted(_SPELLINGS, key=len, reverse=True)) + r")\s*$"
_QUANTITY = re.compile(
    r"\s*([-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?)\s*(%|[A-Za-z][A-Za-z -]*)?\s*"
)


class WrongError(ValueError):
    """A value that cannot be taken: what is wrong, and what to do instead."""

    def __init__(self, what: str, hint: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Quantity:
    """A size with its unit."""

    value: float
    unit: Unit = PLAIN

    @property
    def dimension(self) -> Dimension:
        """What it measures."""
        return self.unit.dimension

    def base(self, day: float = 86400.0) -> float:
        """Return seconds (plain numbers: the number), a working day lasting `day` seconds."""
        return self.value * (self.unit.seconds or day)

    def __str__(self) -> str:
        return f"{self.value:g} {self.unit.name}".strip()


def parse_quantity(value: object) -> Quantity:
    """Return the quantity that a number or a text such as ``25 min`` stands for.

    Raises
    ------
    WrongError
        Not a number, not finite, or of an unknown unit.
    """
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise WrongError("a number is needed.", f"Write a number, with a unit if it is a time ({UNITS}).")
    if isinstance(value, str):
        found = _QUANTITY.fullmatch(value)
        if not found:
            raise WrongError(f"`{value}` is not a number with a unit.", _how(value))
        number, spelling = float(found[1]), " ".join((found[2] or "").split())
        unit = _SPELLINGS.get(spelling) if spelling else PLAIN
        if unit is None:
            near = get_close_matches(spelling.lower(), _SPELLINGS, 1, 0.6)
            meant = f"Did you mean `{near[0]}`? " if near else ""
            raise WrongError(f"`{spelling}` is no unit.", f"{meant}Units are {UNITS}.")
    else:
        try:
            number, unit = float(value), PLAIN
        except OverflowError:
            number, unit = math.inf, PLAIN
    if math.isnan(number):
        raise WrongError("`.nan` (not a number) is no value.", "Write the number itself.")
    if math.isinf(number):
        raise WrongError("an infinite number is no value.", "Write a finite number.")
    return Quantity(number, unit)


def _how(text: str) -> str:
    if re.fullmatch(r"\s*[0-9]{1,3}([ ,_'][0-9]{3})+\s*", text):
        return f"Write the digits together: {re.sub('[^0-9]', '', text)}."
    return f"Write it as `25 min` or `3 working days`. Units are {UNITS}."
