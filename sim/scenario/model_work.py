"""Who works, by when, and when meetings are: the parts that elements of the process are made of.

``needs(by)`` turns the ways to write `by:` and `attend:` into one: alternatives, each a tuple of (pool,
units).
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import (
    BeforeValidator,
    Discriminator,
    Field,
    PlainValidator,
    Tag,
    TypeAdapter,
    ValidationInfo,
    WithJsonSchema,
)

from sim.scenario.fields import (
    MISSING,
    Day,
    Model,
    Names,
    Positive,
    Reference,
    TimeOfDay,
    listing,
    named,
    one_of,
)
from sim.scenario.laws import LAWS, AnyLaw
from sim.scenario.model_pools import DAYS
from sim.scenario.numbers import FORMS, Amount, AnyNumber, Length, Number, Share, plain
from sim.scenario.reading import Flag
from sim.scenario.tree import Text
from sim.scenario.units import Quantity, WrongError, parse_quantity

HANDS = ("government", "applicant", "third-party")
SHIFT_ENDS = ("pause", "finish", "fits")
CLOCKS = ("elapsed", "working-time", "legal")
STATUSES = ("done", "refused", "withdrawn", "abandoned", "turned-away")
Hands = Annotated[
    Literal["government", "applicant", "third-party"],
    PlainValidator(one_of(*HANDS)),
    WithJsonSchema({"enum": list(HANDS)}),
]
AtShiftEnd = Annotated[
    Literal["pause", "finish", "fits"],
    PlainValidator(one_of(*SHIFT_ENDS)),
    WithJsonSchema({"enum": list(SHIFT_ENDS)}),
]
LimitClock = Annotated[str, PlainValidator(one_of(*CLOCKS)), WithJsonSchema({"enum": list(CLOCKS)})]
Status = Annotated[str, PlainValidator(one_of(*STATUSES)), WithJsonSchema({"enum": list(STATUSES)})]
Weekday = Annotated[str, PlainValidator(one_of(*DAYS)), WithJsonSchema({"enum": list(DAYS)})]
#: A law, or the word `none`.
Patience = Annotated[
    Annotated[AnyLaw, Tag("law")]
    | Annotated[
        Literal["none"], PlainValidator(one_of("none")), WithJsonSchema({"const": "none"}), Tag("none")
    ],
    Discriminator(lambda value: "none" if value == "none" else "law"),
]
#: A share, or the word `rest`: what the others leave.
ShareOrRest = Annotated[
    Annotated[Share, Tag("share")]
    | Annotated[
        Literal["rest"], PlainValidator(one_of("rest")), WithJsonSchema({"const": "rest"}), Tag("rest")
    ],
    Discriminator(lambda value: "rest" if value == "rest" else "share"),
]
Units = Annotated[dict[Text, Amount], BeforeValidator(named)]
Counts = Annotated[dict[Text, Amount], BeforeValidator(named)]
Together = tuple[tuple[Text, Number], ...]


# Who works


def _who(value: Any) -> str:
    if isinstance(value, dict):
        return "any" if "any" in value else "units"
    return "list" if isinstance(value, list) else "pool"


One = Annotated[
    Annotated[Reference, Tag("pool")] | Annotated[Names, Tag("list")] | Annotated[Units, Tag("units")],
    Discriminator(lambda value: _who(value).replace("any", "units")),
]


class AnyOf(Model):
    """Any of several: {any: [desk, hall]}, whichever can first."""

    any: Annotated[tuple[One, ...], BeforeValidator(listing)]


By = Annotated[
    Annotated[Reference, Tag("pool")]
    | Annotated[Names, Tag("list")]
    | Annotated[Units, Tag("units")]
    | Annotated[AnyOf, Tag("any")],
    Discriminator(_who),
]
_ONE_UNIT = plain(Quantity(1.0))


def _together(by: Any) -> Together:
    if isinstance(by, dict):
        return tuple(by.items())
    if isinstance(by, tuple):
        return tuple((pool, _ONE_UNIT) for pool in by)
    return ((by, _ONE_UNIT),)


def needs(by: Any) -> tuple[Together, ...]:
    """Return the alternatives of a `by:`, each a tuple of (pool, units as a number)."""
    return tuple(_together(one) for one in by.any) if isinstance(by, AnyOf) else (_together(by),)


# Limits


class Missed(Model):
    """What follows a missed limit: {move-to: POOL} or {class: CLASS}, or both."""

    move_to: Reference | None = None
    class_: Reference | None = None


class Limit(Model):
    """A limit: {within: 5 working days, clock: legal, missed: {move-to: seniors}}."""

    within: Length
    clock: LimitClock | None = None
    calendar: Reference | None = None
    missed: Missed | None = None


def _limit(value: Any, info: ValidationInfo) -> Any:
    if isinstance(value, dict) and not {"assume", "fact", "use", "dial", "product", "quotient", "sum"} & set(
        value
    ):
        return value
    return value if value is MISSING else {"within": value}


LimitField = Annotated[Limit, BeforeValidator(_limit, json_schema_input_type=Limit | AnyNumber)]


# Meetings


class Every(Model):
    """Regular dates: {every: 2 weeks, weekday: tue, at: "14:00"}."""

    every: Length
    at: TimeOfDay = Field(description='Say at what time: `at: "14:00"`.')
    weekday: Weekday | None = None
    calendar: Reference | None = None
    from_: Day | None = None


class MonthDays(Model):
    """Days of the month: {month-days: [1, 15], at: "14:00"}."""

    month_days: Annotated[tuple[Positive, ...], BeforeValidator(listing)]
    at: TimeOfDay = Field(description='Say at what time: `at: "14:00"`.')
    calendar: Reference | None = None


class Dates(Model):
    """Listed dates: {dates: [2023-03-01], at: "14:00"}."""

    dates: Annotated[tuple[Day, ...], BeforeValidator(listing)]
    at: TimeOfDay = Field(description='Say at what time: `at: "14:00"`.')
    calendar: Reference | None = None


class When(Model):
    """A bundle by size or age: {size: 10, or-after: 15 working days}."""

    size: Amount
    or_after: Length = Field(
        description="Say after what time a smaller bundle goes: `or-after: 15 working days`."
    )
    calendar: Reference | None = None


class Minutes(Model):
    """An agenda by time: {minutes: 120}."""

    minutes: Amount


class Whole(Model):
    """One effort for the whole meeting: {whole: 2 h}."""

    whole: AnyLaw


class Each(Model):
    """An effort for each item: {each: 20 min}."""

    each: AnyLaw


def dates_form(value: Any) -> str:
    """Return in which of its forms the dates of a batch are written."""
    keys = set(value) if isinstance(value, dict) else set()
    return "month-days" if "month-days" in keys else "dates" if "dates" in keys else "every"


# Values that a change or a copy gives to some field

_NUMBER: TypeAdapter[Any] = TypeAdapter(AnyNumber)
_LAW: TypeAdapter[Any] = TypeAdapter(AnyLaw)


def _value(value: Any, info: ValidationInfo) -> Any:
    if isinstance(value, Flag):
        return value.value
    if isinstance(value, dict):
        if any(k in value for k in FORMS):
            return _NUMBER.validate_python(value, context=info.context)
        if any(k in value for k in LAWS):
            return _LAW.validate_python(value, context=info.context)
        if "within" in value:
            return Limit.model_validate(value, context=info.context)
        return {key: _value(child, info) for key, child in value.items()}
    if isinstance(value, list):
        return tuple(_value(child, info) for child in value)
    if value is MISSING or value is None or isinstance(value, bool):
        return None if value is MISSING else value
    try:
        parse_quantity(value)
    except WrongError:
        if isinstance(value, str):
            return value
    return _NUMBER.validate_python(value, context=info.context)


#: Any value that some field may have: numbers and laws within it are read, the rest is kept as it stands.
Value = Annotated[Any, PlainValidator(_value), WithJsonSchema({})]
