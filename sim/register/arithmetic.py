"""The documents' own arithmetic: figures that follow from others that the same document states, worked out.

Every number stands for all that round to it, so that what is computed is a range; a stated figure is
consistent if one of these values rounds to it, or gives it when the digits after are cut off.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import product
from typing import Any

from sim.register.register import read

Rule = Callable[[Sequence[float]], float]

RULES: Mapping[str, Rule] = {
    "share": lambda x: x[0] / x[1],
    "cut": lambda x: 1 - x[1] / x[0],
    "growth": lambda x: x[1] / x[0] - 1,
    "ratio": lambda x: x[0] / x[1],
    "per-hundred": lambda x: 100 * x[0] / x[1],
    "sum": math.fsum,
    "difference": lambda x: x[0] - x[1],
    "product": math.prod,
    "yearly": lambda x: (x[1] / x[0]) ** (1 / x[2]) - 1,
}
#: Stands for "no upper bound" of a number that is a lower bound: large beside any figure, yet finite.
ENDLESS = 1e12
_NUMBER = re.compile(r"([~>]?)\s*(-?\d+(?:\.\d+)?)\s*(%?)")
#: Room for the last bits of floating-point numbers, relative.
_SLACK = 1e-12


@dataclass(frozen=True)
class Stated:
    """A number as a document states it.

    Attributes
    ----------
    value : a percentage is a share.
    unit : one in its last digit; 0 for an exact number.
    at_least : it is a lower bound.
    percent : it was written as a percentage.
    """

    value: float
    unit: float
    at_least: bool = False
    percent: bool = False

    @property
    def ends(self) -> tuple[float, float]:
        """The values that round to it."""
        if self.at_least:
            return self.value, ENDLESS
        return self.value - self.unit / 2, self.value + self.unit / 2


@dataclass(frozen=True)
class Sum:
    """One piece of arithmetic, worked out.

    Attributes
    ----------
    inputs : the documented numbers, as texts. stated : what the document states of them, as a text.
    computed : from the numbers as they are. low, high : from all numbers that round to them.
    tolerance : half a unit of the last digit of what is stated.
    consistent : whether it is so; `how` says ``rounded``, ``cut off``, ``at least`` or ``no``.
    """

    id: str
    what: str
    document: str
    at: str
    rule: str
    inputs: tuple[str, ...]
    stated: str
    value: float
    computed: float
    low: float
    high: float
    tolerance: float
    percent: bool
    how: str
    note: str

    @property
    def consistent(self) -> bool:
        """Whether the stated figure follows from the others."""
        return self.how != "no"


@cache
def arithmetic() -> tuple[Sum, ...]:
    """Return every piece of arithmetic of the register, worked out."""
    return tuple(work_out(entry) for entry in read("arithmetic.yaml")["services"])


def work_out(entry: Mapping[str, Any]) -> Sum:
    """Return one entry of the file, worked out."""
    rule = RULES[entry["rule"]]
    inputs = [number(text) for text in entry["from"]]
    stated = number(entry["stated"], exact_whole=False)
    # Each rule rises or falls in each of its inputs, so that its ends are at their ends.
    corners = [rule(corner) for corner in product(*(one.ends for one in inputs))]
    low, high = min(corners), max(corners)
    return Sum(
        entry["id"], entry["what"], entry["document"], entry["at"], entry["rule"],
        tuple(str(text) for text in entry["from"]), str(entry["stated"]), stated.value,
        rule([one.value for one in inputs]), low, high, stated.unit / 2, stated.percent,
        _how(stated, low, high), entry.get("note", ""),
    )  # fmt: skip


def number(text: object, *, exact_whole: bool = True) -> Stated:
    """Return a number as it is stated.

    Parameters
    ----------
    text : ``46 %``, ``5866.7``, ``~60`` (rounded), ``>2500`` (a lower bound), ``135``.
    exact_whole : a whole number without a mark is exact; else it is rounded in its last digit.
    """
    found = _NUMBER.fullmatch(str(text).strip())
    if found is None:
        raise ValueError(f"{text!r} is no number of the register")
    mark, digits, percent = found.groups()
    decimals = -int(Decimal(digits).as_tuple().exponent)
    scale = 0.01 if percent else 1.0
    exact = exact_whole and not mark and not decimals and not percent
    return Stated(
        float(Decimal(digits)) * scale, 0.0 if exact else 10.0**-decimals * scale, mark == ">", bool(percent)
    )


def _how(stated: Stated, low: float, high: float) -> str:
    slack = _SLACK * max(abs(low), abs(high), abs(stated.value))
    if stated.at_least:
        return "at least" if high >= stated.value - slack else "no"
    first, last = stated.ends
    if low <= last + slack and high >= first - slack:
        return "rounded"
    if low < stated.value + stated.unit - slack and high >= stated.value - slack:
        return "cut off"
    return "no"
