"""The grid of a sweep: which values each field takes, and all combinations of them.

A value of ``--set`` may be one value (``5``, ``30 min``), a range ``LOW:HIGH:STEP`` (``4:12:1``,
``10 min:60 min:10 min``; both ends included) or a list (``2, 4, 8``). Texts that begin with a bracket are
single values of the scenario language.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import product

from sim.errors import InputError
from sim.scenario.units import Quantity, WrongError, parse_quantity

#: Combinations that one sweep may have.
MOST_POINTS = 400
_HOW = "Write LOW:HIGH:STEP, such as 4:12:1 or `10 min:60 min:10 min`, a list such as 2,4,8, or one value."


@dataclass(frozen=True)
class Axis:
    """One field that varies.

    Attributes
    ----------
    path : of the field, as in ``pools.clerks.size``.
    texts : its values as the scenario language writes them.
    sizes : the same as numbers, in `unit`; NaN where a text is no number.
    unit : of `sizes`; empty for plain numbers.
    """

    path: str
    texts: tuple[str, ...]
    sizes: tuple[float, ...]
    unit: str


@dataclass(frozen=True)
class Grid:
    """All settings of a sweep.

    Attributes
    ----------
    axes : fields that vary, in the order in which they were given.
    fixed : path -> value of the fields that are set to one value at every point.
    """

    axes: tuple[Axis, ...]
    fixed: Mapping[str, str]

    @property
    def points(self) -> tuple[dict[str, str], ...]:
        """Path -> value of every point, the last axis varying fastest; without the fixed fields."""
        names = [axis.path for axis in self.axes]
        return tuple(
            dict(zip(names, values, strict=True)) for values in product(*(axis.texts for axis in self.axes))
        )


def grid_of(sets: Mapping[str, str], most: int = MOST_POINTS) -> Grid:
    """Return the grid that ``--set`` texts mean.

    Parameters
    ----------
    sets : path -> text of a value, a range or a list.
    most : combinations that are allowed.

    Raises
    ------
    InputError : for a range or list that cannot be read, if nothing varies, or too much does.
    """
    axes: list[Axis] = []
    fixed: dict[str, str] = {}
    for path, text in sets.items():
        texts = _values(path, text, most)
        if len(texts) == 1:
            fixed[path] = texts[0]
        else:
            axes.append(_axis(path, texts))
    if not axes:
        raise InputError(f"a sweep needs a --set with more than one value. {_HOW}")
    count = math.prod(len(axis.texts) for axis in axes)
    if count > most:
        sizes = " x ".join(str(len(axis.texts)) for axis in axes)
        raise InputError(
            f"the grid has {sizes} = {count} points; at most {most} are allowed. "
            "Take a larger step, or sweep fewer fields at once."
        )
    return Grid(tuple(axes), fixed)


def _values(path: str, text: str, most: int) -> tuple[str, ...]:
    if text.lstrip().startswith(("{", "[", '"', "'")):
        return (text,)
    if ":" in text:
        return _range(path, text, most)
    if "," in text:
        found = [part.strip() for part in text.split(",")]
        if not all(found):
            raise InputError(f"--set {path}={text}: a value of the list is empty. {_HOW}")
        if twice := [part for i, part in enumerate(found) if part in found[:i]]:
            raise InputError(f"--set {path}={text}: `{twice[0]}` is in the list twice.")
        return tuple(found)
    return (text,)


def _range(path: str, text: str, most: int) -> tuple[str, ...]:
    """Return the values of LOW:HIGH:STEP, computed as decimals so that 0.1:0.3:0.1 ends at 0.3."""
    shown = f"--set {path}={text}"
    parts = text.split(":")
    if len(parts) != 3:
        raise InputError(f"{shown}: a range has three parts, found {len(parts)}. {_HOW}")
    try:
        low, high, step = (parse_quantity(part.strip()) for part in parts)
    except WrongError as wrong:
        raise InputError(f"{shown}: {wrong.what} {_HOW}") from None
    if len({low.unit, high.unit, step.unit}) > 1:
        units = ", ".join(f"`{part.strip()}`" for part in parts)
        raise InputError(f"{shown}: the three parts need one unit, found {units}.")
    start, stop, by = (_decimal(quantity) for quantity in (low, high, step))
    if by <= 0 or stop <= start:
        raise InputError(f"{shown}: the range must go up: LOW below HIGH, STEP above 0.")
    count = int((stop - start) / by) + 1
    if count > most:
        raise InputError(f"{shown}: that is {count} values; a sweep has at most {most} points.")
    if count == 1:
        raise InputError(f"{shown}: the step is wider than the range, so only {low} is in it.")
    return tuple(f"{start + by * i:f} {low.unit.name}".strip() for i in range(count))


def _decimal(quantity: Quantity) -> Decimal:
    try:
        return Decimal(repr(quantity.value)).normalize()
    except InvalidOperation:  # not reached by a finite number
        raise InputError(f"{quantity} is no number.") from None


def _axis(path: str, texts: tuple[str, ...]) -> Axis:
    found = []
    for text in texts:
        try:
            found.append(parse_quantity(text))
        except WrongError:  # a word, such as the name of a calendar
            found.append(Quantity(math.nan))
    units = {quantity.unit.name for quantity in found}
    if len(units) > 1:  # 30 min, 1 h: in the unit of the first
        first = found[0].unit
        if len({quantity.dimension for quantity in found}) > 1 or not first.seconds:
            return Axis(path, texts, (math.nan,) * len(texts), "")
        sizes = tuple(quantity.base() / first.seconds for quantity in found)
        return Axis(path, texts, sizes, first.name)
    return Axis(path, texts, tuple(quantity.value for quantity in found), units.pop())
