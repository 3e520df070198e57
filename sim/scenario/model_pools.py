"""Calendars and pools: when an office is open, and who works there.

``Calendar.weekly`` gives the regular week as the calendar builder takes it; ``Pool.shifts`` gives a pool's
(size, calendar) pairs however they are written.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    BeforeValidator,
    Discriminator,
    Field,
    PlainValidator,
    Tag,
    ValidationInfo,
    WithJsonSchema,
)

from sim.scenario.fields import (
    MISSING,
    Checking,
    Day,
    Flag,
    Hours,
    Model,
    Reference,
    Titles,
    WholeNumber,
    checking,
    listing,
    one_of,
    reading,
    show,
)
from sim.scenario.numbers import Amount, Number
from sim.scenario.tree import Mark, Text, mark_of
from sim.scenario.units import WrongError

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
REGIONS = ("CN", "HK", "MO", "MO-government")
ORDERS = ("first-come", "class", "earliest-due", "shortest-effort")
Order = Annotated[str, PlainValidator(one_of(*ORDERS)), WithJsonSchema({"enum": list(ORDERS)})]
Region = Annotated[str, PlainValidator(one_of(*REGIONS)), WithJsonSchema({"enum": list(REGIONS)})]


def days_of(key: str) -> tuple[int, ...]:
    """Return the weekdays (0 is Monday) that a key such as ``mon-fri`` or ``mon, wed`` names.

    Raises
    ------
    WrongError
        If a part of it names no weekday.
    """
    found: list[int] = []
    for part in re.split(r"\s*,\s*", key.strip()):
        ends = [e.strip() for e in part.split("-")]
        if len(ends) > 2 or any(e not in DAYS for e in ends):
            raise WrongError(
                f"`{key}` names no weekday.", "Write mon, tue, wed, thu, fri, sat, sun, or a span: mon-fri."
            )
        first, last = DAYS.index(ends[0]), DAYS.index(ends[-1])
        found += [d % 7 for d in range(first, last + 1 + (7 if last < first else 0))]
    return tuple(found)


def _week(value: Any, info: ValidationInfo) -> Any:
    if value is MISSING:
        return {}
    context = checking(info)
    if not isinstance(value, dict):
        what = f"the hours of a week are needed; found {show(value)}."
        context.add(value, what, 'Write `open: {mon-fri: ["09:00-12:00", "14:00-18:00"]}` or `open: always`.')
        return {}
    found: dict[Any, Any] = {}
    taken: dict[int, str] = {}
    for key, child in value.items():
        try:
            days = days_of(str(key))
        except WrongError as wrong:
            context.add(mark_of(key), wrong.what, wrong.hint)
            continue
        for day in days:
            if day in taken:
                context.add(
                    mark_of(key),
                    f"`{key}` names {DAYS[day]}, which `{taken[day]}` has already.",
                    "Name each day once.",
                )
            taken.setdefault(day, str(key))
        found[key] = (
            () if child is None else Flag(child, mark_of(value, key)) if isinstance(child, bool) else child
        )
    return found


def _dated(value: Any, info: ValidationInfo) -> Any:
    if value is MISSING:
        return {}
    if not isinstance(value, dict):
        checking(info).add(
            value,
            f"dates with hours are needed; found {show(value)}.",
            'Write `extra: {2023-05-06: ["09:00-12:00"]}`.',
        )
        return {}
    return {key: () if child is None else child for key, child in value.items()}


Week = Annotated[dict[Text, Hours], BeforeValidator(_week)]
Open = Annotated[
    Annotated[Week, Tag("week")]
    | Annotated[
        Literal["always"],
        PlainValidator(one_of("always")),
        WithJsonSchema({"const": "always"}),
        Tag("always"),
    ],
    Discriminator(lambda value: "always" if isinstance(value, str) else "week"),
]


def _zone(value: Any, context: Checking) -> str:
    try:
        if isinstance(value, str) and re.fullmatch(r"[A-Za-z0-9_+/-]{1,60}", value):
            ZoneInfo(value)
            return str(value)
    except (ZoneInfoNotFoundError, OSError, ValueError):
        pass
    raise WrongError(
        f"{show(value)} is no time zone.", "Write it as Asia/Shanghai, Asia/Hong_Kong, Asia/Macau or UTC."
    )


Zone = Annotated[str, PlainValidator(reading(_zone, "UTC")), WithJsonSchema({"type": "string"})]


class Calendar(Model):
    """A calendar: weekly hours with holidays and exceptions."""

    open: Open = Field(
        description='Give the hours: `open: {mon-fri: ["09:00-12:00", "14:00-18:00"]}` or `open: always`.'
    )
    region: Region | None = None
    closed: Annotated[tuple[Day, ...], BeforeValidator(listing)] = ()
    extra: Annotated[dict[Day, Hours], BeforeValidator(_dated)] = Field(default_factory=dict)
    make_up_hours: Hours | None = None
    time_zone: Zone | None = None
    title: Titles | None = None

    @property
    def always(self) -> bool:
        """Whether it never closes."""
        return self.open == "always"

    @property
    def weekly(self) -> dict[int, list[tuple[str, str]]]:
        """Hours by weekday, 0 being Monday; no entry for a day that is closed."""
        week: dict[int, list[tuple[str, str]]] = {}
        for key, hours in self.open.items() if isinstance(self.open, dict) else ():
            for day in days_of(str(key)):
                if hours:
                    week.setdefault(day, []).extend(hours)
        return week


class Group(Model):
    """A group of a pool: {size: 2, on: early}."""

    size: Amount = Field(description="Say how many they are: `size: 4`.")
    on: Reference = Field(description="Name the calendar of their hours: `on: office`.")


class Pool(Model):
    """A pool: staff who share work."""

    size: Amount | None = None
    on: Reference | None = None
    groups: Annotated[tuple[Group, ...], BeforeValidator(listing)] | None = None
    queue: Order = "first-come"
    room: WholeNumber | None = None
    title: Titles | None = None

    @property
    def shifts(self) -> tuple[tuple[Number, Text], ...]:
        """(head-count, calendar) of each group; a working day of effort is one of the first calendar's."""
        if self.groups:
            return tuple((g.size, g.on) for g in self.groups)
        return ((self.size, self.on),) if self.size is not None and self.on is not None else ()

    @property
    def mark(self) -> Mark:
        """Its place in the file."""
        return self.raw.mark
