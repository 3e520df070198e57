"""A whole scenario: the top of the language, its run and its claims.

``validate(raw, file)`` turns a raw tree (``positions.parse``, edited or not) into a ``ScenarioModel`` or
raises a ``ScenarioError`` with all problems, each at the place of the raw value. ``examine`` gives model
and problems instead of raising. Pass ``expanded=True`` for a tree in which for-each copies stand with
their dotted names.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, PlainValidator, ValidationInfo, WithJsonSchema

from sim.errors import Problem, ScenarioError
from sim.scenario.fields import (
    BROKEN,
    MISSING,
    NAME,
    Checking,
    Day,
    Flag,
    Model,
    Name,
    Positive,
    Reference,
    Seed,
    Switch,
    Titles,
    Words,
    checking,
    listing,
    named,
    one_of,
    reading,
    show,
)
from sim.scenario.model_cases import Cases
from sim.scenario.model_pools import Calendar, Pool, Zone
from sim.scenario.model_process import Elements
from sim.scenario.model_reform import Context, Lever, OneOrMore, Reading
from sim.scenario.numbers import AnyNumber, Bare
from sim.scenario.stated import stated
from sim.scenario.tree import Map, Text, places
from sim.scenario.units import Dimension, Quantity, WrongError, parse_quantity


class Document(Model):
    """A document: what numbers, levers and claims come from."""

    title: Words = Field(description="Give the title as it stands on the document.")
    issuer: Words | None = None
    date: Words | None = None
    kind: (
        Annotated[
            str, PlainValidator(one_of("seed", "outside")), WithJsonSchema({"enum": ["seed", "outside"]})
        ]
        | None
    ) = None
    address: Words | None = None


def _elapsed(value: Any, context: Checking) -> Quantity:
    if isinstance(value, (dict, list, Flag)):
        raise WrongError(f"a length of time is needed; found {show(value)}.", "Write `26 weeks`.")
    quantity = parse_quantity(value)
    if quantity.dimension is not Dimension.ELAPSED:
        kind = "has no unit" if quantity.dimension is Dimension.PLAIN else "is working time"
        raise WrongError(
            f"{show(value)} {kind}; the run is stated in elapsed time.", "Write `26 weeks` or `90 days`."
        )
    if quantity.value < 0:
        raise WrongError(f"{show(value)} is negative.", "Write `26 weeks`.")
    return quantity


Elapsed = Annotated[
    Quantity, PlainValidator(reading(_elapsed, Quantity(0.0))), WithJsonSchema({"type": "string"})
]


class Run(Model):
    """The run: dates, warm-up, window and follow-up."""

    start: Day = Field(description="Give the first day: `start: 2023-02-06`.")
    time_zone: Zone = "Asia/Shanghai"
    warm_up: Elapsed | None = None
    window: Elapsed = Field(description="Say how long arrivals are counted: `window: 26 weeks`.")
    follow_for: Elapsed = Field(
        description="Say how long the counted cases are followed at most: `follow-for: 26 weeks`."
    )
    evidence_window: Elapsed | None = None
    calendar: Reference | None = None
    seed: Seed = 1
    reps: Positive = 5


STATISTIC = r"mean|median|max|share|p[1-9][0-9]?(\.[0-9]+)?"
CLAIM_CLOCKS = ("elapsed", "working-time", "working-dates", "legal", "applicant", "touch")
CLAIM_UNITS = ("s", "min", "h", "days", "weeks", "months", "years", "working days", "working hours", "share")
COMPARATORS = ("exact", "at-most", "at-least", "about", "range")
_CLAIM = re.compile(rf"{NAME}(\.{NAME})*")


def _claim(value: Any, context: Checking) -> Text:
    if not isinstance(value, Text) or not _CLAIM.fullmatch(value):
        raise WrongError(
            f"{show(value)} is not a name.", "Write small letters, digits, hyphens and dots: hotline.mean."
        )
    return value


def _statistic(value: Any, context: Checking) -> str:
    if not isinstance(value, str) or not re.fullmatch(STATISTIC, value):
        raise WrongError(
            f"{show(value)} is no statistic.", "Write mean, median, max, share, or a percentile: p90."
        )
    return str(value)


def _figure(value: Any, context: Checking) -> float | tuple[float, ...]:
    if isinstance(value, list):
        return tuple(_one_figure(v) for v in value)
    return _one_figure(value)


def _one_figure(value: Any) -> float:
    if isinstance(value, (dict, list, Flag)) or value is None:
        raise WrongError(
            f"a figure is needed; found {show(value)}.",
            "Write the number alone; its unit stands under `unit`.",
        )
    quantity = parse_quantity(value)
    if quantity.dimension is not Dimension.PLAIN:
        raise WrongError(
            f"{show(value)} has a unit of its own.", "Write the number alone; its unit stands under `unit`."
        )
    written = value if isinstance(value, str) else getattr(value, "text", "") or repr(value)
    return stated(quantity.base(), written)


_FIGURE = {"anyOf": [{"type": ["number", "string", "null"]}, {"type": "array", "items": {"type": "number"}}]}
Figure = Annotated[float | tuple[float, ...], PlainValidator(reading(_figure, 0.0)), WithJsonSchema(_FIGURE)]
Statistic = Annotated[
    str,
    PlainValidator(reading(_statistic, "mean")),
    WithJsonSchema({"type": "string", "pattern": f"^({STATISTIC})$"}),
]
ClaimName = Annotated[Text, PlainValidator(reading(_claim, BROKEN)), WithJsonSchema({"type": "string"})]


class Place(Model):
    """A place in a document: {document: gdd39, at: item 2, says: in own words}."""

    document: Reference
    at: Words = Field(description="Say where in the document it stands.")
    says: Words | None = None
    note: Words | None = None


def _spans(value: Any, info: ValidationInfo) -> Any:
    found = listing(value, info)
    for pair in found:
        if not isinstance(pair, (list, tuple)) or len(pair) != 2:
            checking(info).add(
                pair if hasattr(pair, "mark") else value,
                f"a pair of marks is needed; found {show(pair)}.",
                "Write [[from, to], [from, to]].",
            )
            return ()
    return found


def _pair(value: Any, info: ValidationInfo) -> Any:
    return listing(value, info) or (MISSING, MISSING)


Span = Annotated[tuple[Reference, Reference], BeforeValidator(_pair)]


class Claim(Model):
    """A claim: what a document says about the service, to be judged."""

    nullable: ClassVar[frozenset[str]] = frozenset({"before", "after", "change"})
    name: ClaimName = Field(alias="claim")
    title: Titles | None = None
    document: Place = Field(description="Write `document: {document: .., at: ..}`.")
    from_: Reference | None = None
    to: Reference | None = None
    spans: Annotated[tuple[Span, ...], BeforeValidator(_spans)] | None = None
    class_: OneOrMore | None = None
    outcome: OneOrMore | None = None
    population: Annotated[
        Literal["closed-in", "arrived-in"],
        PlainValidator(one_of("closed-in", "arrived-in")),
        WithJsonSchema({"enum": ["closed-in", "arrived-in"]}),
    ] = "closed-in"
    statistic: Statistic = "mean"
    within: Bare | None = None
    clock: Annotated[
        str, PlainValidator(one_of(*CLAIM_CLOCKS)), WithJsonSchema({"enum": list(CLAIM_CLOCKS)})
    ] = Field(description=f"Name the clock: {', '.join(CLAIM_CLOCKS)}.")
    calendar: Reference | None = None
    unit: Annotated[
        str, PlainValidator(one_of(*CLAIM_UNITS)), WithJsonSchema({"enum": list(CLAIM_UNITS)})
    ] = Field(description=f"Name the unit of the figures: {', '.join(CLAIM_UNITS)}.")
    before: Figure | None = None
    after: Figure | None = None
    change: Figure | None = None
    comparator: Annotated[
        str, PlainValidator(one_of(*COMPARATORS)), WithJsonSchema({"enum": list(COMPARATORS)})
    ] = "about"
    scale: Annotated[
        str,
        PlainValidator(one_of("level", "difference", "ratio")),
        WithJsonSchema({"enum": ["level", "difference", "ratio"]}),
    ] = "level"
    tolerance: Figure | None = None
    why: Words | None = None
    calibrate: Switch | None = None

    @property
    def pairs(self) -> tuple[tuple[Text, Text], ...]:
        """Return the (from, to) marks whose spans add up."""
        if self.spans is not None:
            return self.spans
        return ((self.from_, self.to),) if self.from_ is not None and self.to is not None else ()


class ScenarioModel(Model):
    """A scenario: one service before its reform, the reform, and what documents claim."""

    scenario: Name = Field(description="Name it: `scenario: permit-desk`.")
    title: Titles = Field(description='Write `title: {en: "Permit desk", zh: "..."}`.')
    about: Titles | None = None
    documents: Annotated[dict[Text, Document], BeforeValidator(named)] = Field(default_factory=dict)
    run: Run = Field(
        description="Write `run: {start: 2023-02-06, warm-up: 8 weeks, window: 26 weeks, "
        "follow-for: 26 weeks}`."
    )
    calendars: Annotated[dict[Text, Calendar], BeforeValidator(named)] = Field(
        description='Say when the office is open: `calendars: {office: {open: {mon-fri: ["09:00-12:00"]}}}`.'
    )
    numbers: Annotated[dict[Text, AnyNumber], BeforeValidator(named)] = Field(default_factory=dict)
    cases: Cases = Field(
        description="Say how cases arrive: `cases: {arrive: {count: 1200, per: 26 weeks, during: office}}`."
    )
    pools: Annotated[dict[Text, Pool], BeforeValidator(named)] = Field(default_factory=dict)
    process: Elements = Field(
        description="List what happens to a case: `process:`, then lines of `- step: ..`."
    )
    reform: Annotated[tuple[Lever, ...], BeforeValidator(listing)] = ()
    context: Annotated[tuple[Context, ...], BeforeValidator(listing)] = ()
    readings: Annotated[tuple[Reading, ...], BeforeValidator(listing)] = ()
    claims: Annotated[tuple[Claim, ...], BeforeValidator(listing)] = ()

    @property
    def default_calendar(self) -> Text | None:
        """Name of the calendar of working days: the run's, or the only one; None where neither is stated."""
        if self.run.calendar is not None:
            return self.run.calendar
        return next(iter(self.calendars)) if len(self.calendars) == 1 else None


def examine(
    raw: Map, file: str, *, expanded: bool = False, folder: Path | None = None
) -> tuple[ScenarioModel, list[Problem]]:
    """Return the model of a raw tree (with stand-ins for what is wrong) and all its problems."""
    from sim.scenario.checks import check_all

    context = Checking(file, places(raw), expanded, folder)
    model = ScenarioModel.model_validate(raw, context=context)
    if not context.full:
        check_all(model, context)
    return model, sorted(context.problems, key=lambda p: (p.line, p.column))


def validate(raw: Map, file: str, *, expanded: bool = False) -> ScenarioModel:
    """Return the model of a raw tree.

    Raises
    ------
    ScenarioError
        With all problems of the tree.
    """
    model, problems = examine(raw, file, expanded=expanded)
    if problems:
        raise ScenarioError(problems)
    return model
