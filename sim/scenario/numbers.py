"""Numbers of the language: settings, facts, assumptions, the dial, and what is made from them.

``use`` is bound to its target, and unknowns get their names, by ``bind.bind_numbers`` when a scenario is
validated. A place in the language asks for a ``Length`` (a time), a ``Share`` (0 to 1), an ``Amount``
(plain, not negative) or ``AnyNumber``.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Discriminator,
    Field,
    PlainValidator,
    PrivateAttr,
    Tag,
    ValidationInfo,
    WithJsonSchema,
)

from sim.scenario.fields import MISSING, Reference, Words, checking, listing, near, one_of, show
from sim.scenario.number_base import SCALAR, Bare, Number, Plain, Range, Unknown, Wanted, plain, read_plain
from sim.scenario.tree import NOWHERE
from sim.scenario.units import Dimension, Quantity

__all__ = [
    "FORMS",
    "Amount",
    "AnyNumber",
    "Assume",
    "Bare",
    "Complement",
    "Dial",
    "Fact",
    "Length",
    "Number",
    "Plain",
    "Product",
    "Quotient",
    "Range",
    "Share",
    "Sum",
    "Unknown",
    "Use",
    "plain",
]


class Fact(Number):
    """A fact: a documented value."""

    fact: Bare
    document: Reference = Field(description="Name the document, as it is listed under `documents:`.")
    at: Words = Field(description="Say where in the document the value stands.")
    note: Words | None = None

    def dimension(self) -> Dimension:
        """Return what its unit measures."""
        return self.fact.dimension

    def resolve(self, values: Mapping[str, float] | None = None, day: float = 86400.0) -> float:
        """Return the documented value."""
        return self.fact.base(day)


class _Ranged(Number):
    """A number with a range: what assumptions and dials share."""

    _name: str = PrivateAttr("")
    if TYPE_CHECKING:  # each kind has it as the last of its keys
        name: Reference | None = None

    def likeliest(self) -> float:
        """Return its likely value, in its own unit."""
        raise NotImplementedError

    @property
    def ends(self) -> tuple[Quantity, Quantity]:
        """The range."""
        raise NotImplementedError

    def dimension(self) -> Dimension:
        """Return what its unit measures."""
        return self.ends[0].dimension

    def unknown(self) -> Unknown:
        """Return what is not known."""
        raise NotImplementedError

    def unknowns(self) -> Iterator[Unknown]:
        """Yield itself."""
        yield self.unknown()

    def resolve(self, values: Mapping[str, float] | None = None, day: float = 86400.0) -> float:
        """Return the value given for it, else its likely value."""
        value = (values or {}).get(self.name or self._private("_name"))
        return Quantity(self.likeliest() if value is None else value, self.ends[0].unit).base(day)

    def bounds(self, day: float = 86400.0) -> tuple[float, float]:
        """Return the ends of the range."""
        return self.ends[0].base(day), self.ends[1].base(day)

    def _in(self, quantity: Quantity) -> float:
        unit = self.ends[0].unit
        return quantity.value if quantity.unit == unit else quantity.base() / (unit.seconds or 86400.0)


class Assume(_Ranged):
    """An assumption: a plausible range with its reason."""

    assume: Range
    likely: Bare | None = None
    why: Words = Field(description="Say why the range is plausible.")
    source: Words | None = None
    name: Reference | None = None
    independent: Words | None = None

    @property
    def ends(self) -> tuple[Quantity, Quantity]:
        """The range."""
        return self.assume

    def likeliest(self) -> float:
        """Return the likely value stated, else the middle of the range."""
        if self.likely is not None:
            return self._in(self.likely)
        low, high = (self._in(q) for q in self.assume)
        return (low + high) / 2

    def unknown(self) -> Unknown:
        """Return what is not known."""
        low, high = (self._in(q) for q in self.assume)
        return Unknown(
            self.name or self._name,
            "assumption",
            low,
            high,
            self.likeliest(),
            self.likely is not None,
            self.assume[0].unit,
            self.why,
            self.source or "",
            where=self._name,
        )


class Dial(_Ranged):
    """The dial: the one number solved for."""

    dial: Range
    direction: Annotated[
        str, PlainValidator(one_of("up", "down")), WithJsonSchema({"enum": ["up", "down"]})
    ] = Field(description="Write `up` if the claim's figure grows with the dial, else `down`.")
    why: Words = Field(description="Say why this is the number solved for, and why the range is plausible.")
    name: Reference | None = None

    @property
    def ends(self) -> tuple[Quantity, Quantity]:
        """The range."""
        return self.dial

    def likeliest(self) -> float:
        """Return the geometric middle of the range."""
        low, high = (self._in(q) for q in self.dial)
        return math.sqrt(low * high)

    def unknown(self) -> Unknown:
        """Return what is not known."""
        low, high = (self._in(q) for q in self.dial)
        return Unknown(
            self.name or self._name,
            "dial",
            low,
            high,
            self.likeliest(),
            False,
            self.dial[0].unit,
            self.why,
            direction=self.direction,
            where=self._name,
        )


class Use(Number):
    """A use of a named number."""

    use: Reference
    _target: Number | None = PrivateAttr(None)

    def _bound(self) -> Number | None:
        """Return the number that it names; None before it is bound, and where there is none."""
        target: Number | None = self._private("_target")
        return target

    def parts(self) -> tuple[Number, ...]:
        """Return the number named."""
        target = self._bound()
        return (target,) if target is not None else ()

    def dimension(self) -> Dimension | None:
        """Return what the number named measures."""
        target = self._bound()
        return target.dimension() if target is not None else None

    def resolve(self, values: Mapping[str, float] | None = None, day: float = 86400.0) -> float:
        """Return the value of the number named."""
        target = self._bound()
        return target.resolve(values, day) if target is not None else 0.0

    def bounds(self, day: float = 86400.0) -> tuple[float, float]:
        """Return the bounds of the number named."""
        target = self._bound()
        return target.bounds(day) if target is not None else (0.0, 0.0)


def _numbers(value: Any, info: ValidationInfo) -> Any:
    found = listing(value, info)
    if len(found) < 2 and isinstance(value, list):
        checking(info).add(value, f"two numbers or more are needed; found {len(found)}.")
    return found


def _pair(value: Any, info: ValidationInfo) -> Any:
    found = listing(value, info)
    if len(found) != 2 and isinstance(value, list):
        checking(info).add(value, f"two numbers are needed; found {len(found)}.", "Write [above, below].")
    return found if len(found) == 2 else (MISSING, MISSING)


class Product(Number):
    """A product: numbers multiplied."""

    product: Annotated[tuple[AnyNumber, ...], BeforeValidator(_numbers)]

    def parts(self) -> tuple[Number, ...]:
        """Return the factors."""
        return self.product

    def dimension(self) -> Dimension | None:
        """Return that of the one factor that is a time."""
        return _combined([p.dimension() for p in self.product])

    def resolve(self, values: Mapping[str, float] | None = None, day: float = 86400.0) -> float:
        """Return the product."""
        return math.prod(p.resolve(values, day) for p in self.product)

    def bounds(self, day: float = 86400.0) -> tuple[float, float]:
        """Return the products of the bounds."""
        ends = [p.bounds(day) for p in self.product]
        return math.prod(e[0] for e in ends), math.prod(e[1] for e in ends)


class Quotient(Number):
    """A quotient: one number over another."""

    quotient: Annotated[tuple[AnyNumber, ...], BeforeValidator(_pair)]

    def parts(self) -> tuple[Number, ...]:
        """Return both."""
        return self.quotient

    def dimension(self) -> Dimension | None:
        """Return that of the upper, or a plain number for two of a kind."""
        above, below = (p.dimension() for p in self.quotient)
        if above is below and above is not None:
            return Dimension.PLAIN
        return above if below is Dimension.PLAIN else None

    def resolve(self, values: Mapping[str, float] | None = None, day: float = 86400.0) -> float:
        """Return the quotient."""
        above, below = (p.resolve(values, day) for p in self.quotient)
        return above / below if below else math.inf

    def bounds(self, day: float = 86400.0) -> tuple[float, float]:
        """Return the quotients of opposite bounds."""
        (a, b), (c, d) = (p.bounds(day) for p in self.quotient)
        return a / d if d else math.inf, b / c if c else math.inf


class Sum(Number):
    """A sum: numbers added."""

    sum: Annotated[tuple[AnyNumber, ...], BeforeValidator(_numbers)]

    def parts(self) -> tuple[Number, ...]:
        """Return the terms."""
        return self.sum

    def dimension(self) -> Dimension | None:
        """Return that of all terms."""
        found = {p.dimension() for p in self.sum}
        return found.pop() if len(found) == 1 else None

    def resolve(self, values: Mapping[str, float] | None = None, day: float = 86400.0) -> float:
        """Return the sum."""
        return math.fsum(p.resolve(values, day) for p in self.sum)

    def bounds(self, day: float = 86400.0) -> tuple[float, float]:
        """Return the sums of the bounds."""
        ends = [p.bounds(day) for p in self.sum]
        return math.fsum(e[0] for e in ends), math.fsum(e[1] for e in ends)


class Complement(Number):
    """A complement: one minus a share."""

    complement: AnyNumber

    def parts(self) -> tuple[Number, ...]:
        """Return the share."""
        return (self.complement,)

    def dimension(self) -> Dimension | None:
        """Return that it is plain if the share is."""
        return Dimension.PLAIN if self.complement.dimension() is Dimension.PLAIN else None

    def resolve(self, values: Mapping[str, float] | None = None, day: float = 86400.0) -> float:
        """Return one minus the share."""
        return 1.0 - self.complement.resolve(values, day)

    def bounds(self, day: float = 86400.0) -> tuple[float, float]:
        """Return one minus the bounds."""
        low, high = self.complement.bounds(day)
        return 1.0 - high, 1.0 - low


def _combined(found: list[Dimension | None]) -> Dimension | None:
    if None in found:
        return None
    times = [d for d in found if d is not Dimension.PLAIN]
    return Dimension.PLAIN if not times else times[0] if len(times) == 1 else None


FORMS = ("fact", "assume", "dial", "use", "product", "quotient", "sum", "complement")


def _form(value: Any) -> str:
    if isinstance(value, dict):
        kinds = [k for k in FORMS if k in value]
        return kinds[0] if len(kinds) == 1 else "broken"
    return "broken" if isinstance(value, list) else "plain"


def _broken(value: Any, info: ValidationInfo) -> Plain:
    kinds = [k for k in FORMS if k in value] if isinstance(value, dict) else []
    context = checking(info)
    if len(kinds) > 1:
        context.add(value, f"`{kinds[0]}` and `{kinds[1]}` stand in one number.", "A number has one of them.")
    else:
        hints = [near(k, FORMS) for k in value] if isinstance(value, dict) else []
        hint = next((h + " " for h in hints if h.startswith("Did")), "")
        context.add(
            value,
            f"a number is needed; found {show(value)}.",
            f"{hint}Write a number, or one of {{{': }, {'.join(FORMS)}: }}.",
        )
    return plain(Quantity(0.0), getattr(value, "mark", NOWHERE), broken=True)


AnyNumber = Annotated[
    Annotated[Plain, PlainValidator(read_plain), WithJsonSchema(SCALAR), Tag("plain")]
    | Annotated[Fact, Tag("fact")]
    | Annotated[Assume, Tag("assume")]
    | Annotated[Dial, Tag("dial")]
    | Annotated[Use, Tag("use")]
    | Annotated[Product, Tag("product")]
    | Annotated[Quotient, Tag("quotient")]
    | Annotated[Sum, Tag("sum")]
    | Annotated[Complement, Tag("complement")]
    | Annotated[Plain, PlainValidator(_broken), WithJsonSchema({"not": {}}), Tag("broken")],
    Discriminator(_form),
]
for _model in (Product, Quotient, Sum, Complement):
    _model.model_rebuild()


def _want(wanted: Wanted) -> AfterValidator:
    def mark(number: Number) -> Number:
        number._wanted = wanted
        return number

    return AfterValidator(mark)


#: A length of time; a probability or share; a plain number of 0 or more; either.
Length = Annotated[AnyNumber, _want("time")]
Share = Annotated[AnyNumber, _want("share")]
Amount = Annotated[AnyNumber, _want("amount")]
