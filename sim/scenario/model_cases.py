"""Cases: their classes and attributes, how they arrive, the backlog, patience and counters."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Discriminator, Field, Tag, ValidationInfo

from sim.scenario.fields import (
    HoursSpan,
    Instant,
    Model,
    Positive,
    Reference,
    Switch,
    Titles,
    Words,
    checking,
    listing,
    named,
)
from sim.scenario.laws import AnyLaw
from sim.scenario.model_pools import days_of
from sim.scenario.model_work import Counts, Patience, ShareOrRest
from sim.scenario.numbers import Amount, AnyNumber, Length
from sim.scenario.reading import keyed
from sim.scenario.tree import Text, mark_of
from sim.scenario.units import WrongError


class CaseClass(Model):
    """A class of cases: {share: 0.6, priority: 1}."""

    share: ShareOrRest | None = None
    priority: Positive | None = None
    attributes: Annotated[dict[Text, Reference], BeforeValidator(named)] = Field(default_factory=dict)
    title: Titles | None = None


def _weekdays(value: Any, info: ValidationInfo) -> Any:
    found = keyed(value, info)
    for key in list(found):
        try:
            days_of(str(key))
        except WrongError as wrong:
            checking(info).add(mark_of(key), wrong.what, wrong.hint)
    return found


class Profile(Model):
    """A profile: how arrivals spread over weekdays and hours, as weights."""

    weekday: Annotated[dict[Text, Amount], BeforeValidator(_weekdays)] = Field(default_factory=dict)
    hours: Annotated[dict[HoursSpan, Amount], BeforeValidator(keyed)] = Field(default_factory=dict)


class ByCount(Model):
    """Arrivals by count: {count: 1200, per: 26 weeks, during: office}."""

    count: Amount
    per: Length = Field(description="Say over what time they come: `per: 26 weeks`.")
    during: Reference | None = None
    growth: AnyNumber | None = None
    exactly: Switch = False
    profile: Profile | None = None
    classes: Annotated[dict[Text, ShareOrRest], BeforeValidator(named)] | None = None


class FromCsv(Model):
    """Recorded arrivals: {from-csv: arrivals.csv, time: received, class: kind}."""

    from_csv: Words
    time: Words = Field(description="Name the column that holds the times: `time: received`.")
    class_: Words | None = None


class Listed(Model):
    """Listed arrivals: {at: [2023-02-06 09:00, 2023-02-06 09:20]}."""

    at: Annotated[tuple[Instant, ...], BeforeValidator(listing)]
    class_: Reference | None = None


def _stream(value: Any) -> str:
    keys = set(value) if isinstance(value, dict) else set()
    return "csv" if "from-csv" in keys else "listed" if "at" in keys and "count" not in keys else "count"


Stream = Annotated[
    Annotated[ByCount, Tag("count")] | Annotated[FromCsv, Tag("csv")] | Annotated[Listed, Tag("listed")],
    Discriminator(_stream),
]
_STREAM_KEYS = {"count", "per", "from-csv", "at", "during", "exactly", "time"}


def _arrive(value: Any) -> str:
    return "one" if not isinstance(value, dict) or _STREAM_KEYS & set(value) else "named"


Arrive = Annotated[
    Annotated[Stream, Tag("one")] | Annotated[dict[Text, Stream], BeforeValidator(named), Tag("named")],
    Discriminator(_arrive),
]


class Backlog(Model):
    """A backlog: {at: review, count: 30, age: 10 days}."""

    at: Reference
    count: Amount
    age: AnyLaw = Field(description="Say how long ago they arrived: `age: 10 days`.")
    classes: Annotated[dict[Text, ShareOrRest], BeforeValidator(named)] | None = None


def _backlog(value: Any, info: ValidationInfo) -> Any:
    return listing([value] if isinstance(value, dict) and value else value, info)


class Cases(Model):
    """The description of the cases: classes, arrivals, backlog."""

    classes: Annotated[dict[Text, CaseClass], BeforeValidator(named)] = Field(default_factory=dict)
    attributes: Annotated[
        dict[Text, Annotated[dict[Text, ShareOrRest], BeforeValidator(named)]], BeforeValidator(named)
    ] = Field(default_factory=dict)
    arrive: Arrive | None = None
    backlog: Annotated[
        tuple[Backlog, ...], BeforeValidator(_backlog, json_schema_input_type=tuple[Backlog, ...] | Backlog)
    ] = ()
    patience: Patience | None = None
    counts: Counts = Field(default_factory=dict)

    @property
    def streams(self) -> dict[Text, ByCount | FromCsv | Listed]:
        """Streams of arrivals by name; a single one without a name is called ``arrivals``."""
        if self.arrive is None:
            return {}
        return self.arrive if isinstance(self.arrive, dict) else {Text("arrivals"): self.arrive}
