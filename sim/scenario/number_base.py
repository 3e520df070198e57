"""What all numbers of the language share, and the bare ones.

Every number has ``resolve(values, day)``: seconds if it is a time (a working day lasting `day` seconds),
else the plain value. ``values`` gives the unknowns that do not stand at their likely value, by name, each
in the unit of ``Unknown.unit``. ``number.unknowns()`` lists what it depends on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import PlainValidator, PrivateAttr, ValidationInfo, WithJsonSchema

from sim.scenario.fields import MISSING, Checking, Flag, Model, checking, reading, show
from sim.scenario.tree import NOWHERE, Mark, mark_of
from sim.scenario.units import PATTERN, Dimension, Quantity, Unit, WrongError, parse_quantity

#: What a place in the language asks of its number.
Wanted = Literal["time", "share", "amount", "any"]


@dataclass(frozen=True)
class Unknown:
    """A number that is not known exactly.

    ``low``, ``high`` and ``likely`` are in ``unit``, and so is the value that ``resolve`` takes for it.
    ``likely`` is the likeliest input: the stated one, else the middle (for the dial the geometric middle);
    ``stated`` tells whether it was stated (then its law is PERT, else uniform; the dial is log-uniform).
    """

    name: str
    kind: Literal["assumption", "dial"]
    low: float
    high: float
    likely: float
    stated: bool
    unit: Unit
    why: str
    source: str = ""
    direction: str = ""
    where: str = ""


class Number(Model):
    """A number: base of all its forms."""

    _wanted: Wanted = PrivateAttr("any")
    _broken: bool = PrivateAttr(False)

    @property
    def mark(self) -> Mark:
        """Its place in the file."""
        return self.raw.mark

    @property
    def wanted(self) -> Wanted:
        """What its place in the language asks for."""
        wanted: Wanted = self._private("_wanted")
        return wanted

    @property
    def broken(self) -> bool:
        """Whether it stands in for a number that could not be read."""
        broken: bool = self._private("_broken")
        return broken

    def parts(self) -> tuple[Number, ...]:
        """Return the numbers that it is made from."""
        return ()

    def dimension(self) -> Dimension | None:
        """Return what it measures; None where its parts cannot be combined or are not known."""
        return Dimension.PLAIN

    def resolve(self, values: Mapping[str, float] | None = None, day: float = 86400.0) -> float:
        """Return its value in seconds or as a plain number.

        Parameters
        ----------
        values : value of each unknown by name, in the unknown's unit; the likely value where left out.
        day : seconds of a working day.
        """
        raise NotImplementedError

    def unknowns(self) -> Iterator[Unknown]:
        """Yield the unknowns that it depends on, each as often as it occurs."""
        for part in self.parts():
            yield from part.unknowns()

    def bounds(self, day: float = 86400.0) -> tuple[float, float]:
        """Return the least and greatest value over the ranges of its unknowns."""
        value = self.resolve({}, day)
        return value, value


class Plain(Number):
    """A setting: a bare number, with a unit if it is a time."""

    quantity: Quantity
    at: Mark = NOWHERE

    @property
    def mark(self) -> Mark:
        """Its place in the file."""
        return self.at

    def dimension(self) -> Dimension:
        """Return what its unit measures."""
        return self.quantity.dimension

    def resolve(self, values: Mapping[str, float] | None = None, day: float = 86400.0) -> float:
        """Return the number itself."""
        return self.quantity.base(day)


def plain(quantity: Quantity, at: Mark = NOWHERE, broken: bool = False) -> Plain:
    """Return a bare number."""
    made = Plain.model_construct(quantity=quantity, at=at)
    made._broken = broken
    return made


def read_plain(value: Any, info: ValidationInfo) -> Plain:
    """Take a bare number."""
    if value is MISSING:
        return plain(Quantity(0.0), broken=True)
    mark = getattr(value, "mark", NOWHERE)
    try:
        if isinstance(value, Flag):
            raise WrongError(f"a number is needed; found {show(value)}.")
        return plain(parse_quantity(value), mark)
    except WrongError as wrong:
        checking(info).add(mark, wrong.what, wrong.hint)
        return plain(Quantity(0.0), mark, broken=True)


def _read_quantity(value: Any, context: Checking) -> Quantity:
    if isinstance(value, (dict, list, Flag)):
        raise WrongError(
            f"a bare number is needed here; found {show(value)}.",
            "Write a number, with its unit if it is a time.",
        )
    return parse_quantity(value)


SCALAR = {"anyOf": [{"type": "number"}, {"type": "string", "pattern": PATTERN}]}
#: A bare number inside a fact, an assumption or a dial.
Bare = Annotated[Quantity, PlainValidator(reading(_read_quantity, Quantity(0.0))), WithJsonSchema(SCALAR)]


def _read_range(value: Any, info: ValidationInfo) -> tuple[Quantity, Quantity]:
    context = checking(info)
    read = reading(_read_quantity, Quantity(0.0))
    if value is MISSING:
        return Quantity(0.0), Quantity(0.0)
    if not isinstance(value, list) or len(value) != 2:
        context.add(value, f"a range has two ends; found {show(value)}.", "Write [lowest, highest].")
        return Quantity(0.0), Quantity(0.0)
    before = len(context.problems)
    ends = (
        Flag(bool(v), mark_of(value, n)) if v is None or isinstance(v, bool) else v
        for n, v in enumerate(value)
    )
    low, high = (read(end, info) for end in ends)
    if len(context.problems) > before:
        return low, low
    if low.dimension is not high.dimension:
        context.add(
            value,
            f"{show(value[0])} is {low.dimension.value} and {show(value[1])} {high.dimension.value}.",
            "Give both ends the same kind of unit.",
        )
    elif low.dimension is Dimension.WORKING and low.unit != high.unit:
        context.add(
            value, "one end is in working hours, the other in working days.", "Use one unit for both."
        )
    elif low.base() >= high.base():
        context.add(
            value,
            f"the range runs from {low} to {high}.",
            "Write the lower end first; a known value is a `fact`.",
        )
    return low, high


_RANGE = {"type": "array", "items": SCALAR, "minItems": 2, "maxItems": 2}
Range = Annotated[tuple[Quantity, Quantity], PlainValidator(_read_range), WithJsonSchema(_RANGE)]
