"""The simplest fields of the language: names, words, whole numbers, dates, times of day, fixed words."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainValidator, ValidationInfo, WithJsonSchema

from sim.scenario.nearest import BROKEN, near
from sim.scenario.reading import (
    MISSING,
    NAME,
    NAME_HINT,
    Checking,
    Flag,
    Model,
    check_name,
    checking,
    listing,
    named,
    place_of,
    reading,
    show,
)
from sim.scenario.tree import Text
from sim.scenario.units import WrongError

__all__ = [
    "BROKEN",
    "MISSING",
    "NAME",
    "Checking",
    "Day",
    "Flag",
    "Hours",
    "HoursSpan",
    "Instant",
    "Model",
    "Name",
    "Names",
    "Positive",
    "Reference",
    "Seed",
    "Switch",
    "TimeOfDay",
    "Titles",
    "WholeNumber",
    "Words",
    "checking",
    "listing",
    "named",
    "near",
    "one_of",
    "reading",
    "show",
]


def name_of(value: Any, context: Checking) -> Text:
    """Return `value` as a name."""
    if not isinstance(value, str):
        raise WrongError(f"a name is needed; found {show(value)}.", NAME_HINT)
    check_name(value, context.expanded)
    return value if isinstance(value, Text) else Text(value)


def _reference(value: Any, context: Checking) -> Text:
    if not isinstance(value, str):
        raise WrongError(f"a name is needed; found {show(value)}.", NAME_HINT)
    return value if isinstance(value, Text) else Text(value)


def _words(value: Any, context: Checking) -> Text:
    if isinstance(value, (dict, list, Flag)):
        raise WrongError(f"a text is needed; found {show(value)}.")
    if not str(value).strip():
        raise WrongError("the text is empty.", "Write it, or leave the key out.")
    if isinstance(value, Text):
        return value
    text = Text(value)
    text.mark = place_of(value)
    return text


def _flag(value: Any, context: Checking) -> bool:
    if isinstance(value, Flag):
        return value.value
    raise WrongError(f"{show(value)} is neither true nor false.", "Write `true` or `false`.")


def _whole(value: Any, context: Checking) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return int(value)
    raise WrongError(f"a whole number of 0 or more is needed; found {show(value)}.")


#: Seeds that there are: from 0 up to but not including this.
SEEDS = 2**32


def _seed(value: Any, context: Checking) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < SEEDS:
        return int(value)
    raise WrongError(f"a whole number from 0 to {SEEDS - 1} is needed; found {show(value)}.")


def _positive(value: Any, context: Checking) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and value >= 1:
        return int(value)
    raise WrongError(f"a whole number of 1 or more is needed; found {show(value)}.")


def _day(value: Any, context: Checking) -> date:
    try:
        if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
            return date.fromisoformat(value)
    except ValueError:
        raise WrongError(
            f"{show(value)} is no day of the calendar.", "Write year-month-day: 2023-02-06."
        ) from None
    raise WrongError(f"{show(value)} is not a date.", "Write year-month-day: 2023-02-06.")


def _instant(value: Any, context: Checking) -> datetime:
    if isinstance(value, str):
        found = re.fullmatch(r"(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2}(?::\d{2})?))?", value)
        try:
            if found:
                return datetime.fromisoformat(f"{found[1]}T{found[2] or '00:00'}")
        except ValueError:
            pass
    raise WrongError(f"{show(value)} is not a date and time.", "Write `2023-02-06 09:30`.")


def _time(value: Any, context: Checking) -> str:
    if isinstance(value, str) and re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d|24:00", value):
        return str(value)
    raise WrongError(f"{show(value)} is not a time of day.", "Write hours and minutes: 09:00.")


def _hours(value: Any, context: Checking) -> tuple[str, str]:
    ends = str(value).split("-") if isinstance(value, str) else []
    if len(ends) != 2:
        raise WrongError(f"{show(value)} is not a span of hours.", 'Write "09:00-12:00", in quotes.')
    start, stop = (_time(end.strip(), context) for end in ends)
    if start == "24:00":
        raise WrongError(
            f"{show(value)} begins at the end of the day.", 'Write "00:00-06:00", on the next day.'
        )
    return start, stop


Name = Annotated[
    Text, PlainValidator(reading(name_of, BROKEN)), WithJsonSchema({"type": "string", "pattern": f"^{NAME}$"})
]
Reference = Annotated[Text, PlainValidator(reading(_reference, BROKEN)), WithJsonSchema({"type": "string"})]
Words = Annotated[
    Text, PlainValidator(reading(_words, BROKEN)), WithJsonSchema({"type": ["string", "number"]})
]
Switch = Annotated[bool, PlainValidator(reading(_flag, False)), WithJsonSchema({"type": "boolean"})]
WholeNumber = Annotated[
    int, PlainValidator(reading(_whole, 0)), WithJsonSchema({"type": "integer", "minimum": 0})
]
Seed = Annotated[
    int,
    PlainValidator(reading(_seed, 1)),
    WithJsonSchema({"type": "integer", "minimum": 0, "maximum": SEEDS - 1}),
]
Positive = Annotated[
    int, PlainValidator(reading(_positive, 1)), WithJsonSchema({"type": "integer", "minimum": 1})
]
_DATE = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
Day = Annotated[date, PlainValidator(reading(_day, date(2000, 1, 3))), WithJsonSchema(_DATE)]
Instant = Annotated[
    datetime, PlainValidator(reading(_instant, datetime(2000, 1, 3))), WithJsonSchema({"type": "string"})
]
_CLOCK = {"type": "string", "pattern": r"^([01]\d|2[0-3]):[0-5]\d$|^24:00$"}
TimeOfDay = Annotated[str, PlainValidator(reading(_time, "09:00")), WithJsonSchema(_CLOCK)]
_SPAN = {"type": "string", "pattern": r"^\d{2}:\d{2}\s*-\s*\d{2}:\d{2}$"}
HoursSpan = Annotated[
    tuple[str, str], PlainValidator(reading(_hours, ("09:00", "10:00"))), WithJsonSchema(_SPAN)
]
Hours = Annotated[tuple[HoursSpan, ...], BeforeValidator(listing)]
Names = Annotated[tuple[Reference, ...], BeforeValidator(listing)]


def one_of(*allowed: str) -> Callable[[Any, ValidationInfo], str]:
    """Return a validator for one of some fixed words."""

    def read(value: Any, context: Checking) -> str:
        if isinstance(value, str) and value in allowed:
            return str(value)
        close = near(str(value), allowed) if isinstance(value, str) else ""
        meant = close + " " if close.startswith("Did") else ""
        raise WrongError(f"{show(value)} is not allowed here.", f"{meant}Allowed: {', '.join(allowed)}.")

    return reading(read, allowed[0])


class Titles(Model):
    """A title: in English and Chinese."""

    en: Words
    zh: Words
