"""Elements of the process: steps, waits, choices, branches, loops, meetings, blocks, copies, marks and ends.

Every element has ``.name``; ``.bodies()`` gives its inner lists of elements with the branch each stands for, so
that ``walk(elements)`` visits a whole process in file order. ``needs(by)`` turns the ways to write `by:` and
`attend:` into one: alternatives, each a tuple of (pool, units).
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

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
    BROKEN,
    MISSING,
    Day,
    Model,
    Name,
    Names,
    Positive,
    Reference,
    Switch,
    TimeOfDay,
    Titles,
    checking,
    listing,
    named,
    near,
    one_of,
    show,
)
from sim.scenario.laws import AnyLaw
from sim.scenario.model_pools import Order, Pool
from sim.scenario.numbers import Amount, Length, Number, Share, plain
from sim.scenario.positions import Mark, Text
from sim.scenario.units import Quantity

HANDS = ("government", "applicant", "third-party")
SHIFT_ENDS = ("pause", "finish", "fits")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
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


LimitField = Annotated[Limit, BeforeValidator(_limit)]


# Elements


class Element(Model):
    """An element of the process: base of all kinds."""

    name: Name
    title: Titles | None = None

    def bodies(self) -> tuple[tuple[str, Elements], ...]:
        """Return (branch name or key, elements) of each inner list."""
        return ()

    @property
    def mark_(self) -> Mark:
        """Place of the element's name."""
        return self.name.mark


class Step(Element):
    """A step: work that a case waits for."""

    name: Name = Field(alias="step")
    by: By = Field(description="Name the pool whose staff do it: `by: clerks`.")
    effort: AnyLaw | None = None
    parts: Annotated[tuple[Part, ...], BeforeValidator(listing)] | None = None
    hands: Hands = "government"
    at_shift_end: AtShiftEnd = "pause"
    patience: Patience | None = None
    counts: Counts = Field(default_factory=dict)
    limit: LimitField | None = None
    stops_clock: Switch = False

    @property
    def efforts(self) -> tuple[tuple[Text, AnyLaw], ...]:
        """(name, law) of each drawn piece of effort: of itself, or of the parts of a merged step."""
        if self.parts:
            return tuple((p.name, p.effort) for p in self.parts)
        return ((self.name, self.effort),) if self.effort is not None else ()


class Part(Model):
    """A part of a merged step: {part: check, effort: LAW}."""

    name: Name = Field(alias="part")
    effort: AnyLaw


class Wait(Element):
    """A wait: time that passes without staff."""

    name: Name = Field(alias="wait")
    for_: AnyLaw = Field(description="Say how long: `for: 3 working days`.")
    hands: Hands = "government"
    calendar: Reference | None = None
    stops_clock: Switch = False
    counts: Counts = Field(default_factory=dict)


class Option(Model):
    """An option of a choice: {share: 0.7, do: [...]}."""

    share: ShareOrRest | None = None
    do: Elements


class Choice(Element):
    """A choice: one of several ways."""

    name: Name = Field(alias="choice")
    by: Reference | None = None
    options: Annotated[dict[Text, Option], BeforeValidator(named)]

    def bodies(self) -> tuple[tuple[str, Elements], ...]:
        """Return each option's name and elements."""
        return tuple((n, o.do) for n, o in self.options.items())


class Parallel(Element):
    """Parallel branches: all begin at once, and the case goes on when the last has ended."""

    name: Name = Field(alias="parallel")
    branches: Annotated[dict[Text, Elements], BeforeValidator(named)]

    def bodies(self) -> tuple[tuple[str, Elements], ...]:
        """Return each branch's name and elements."""
        return tuple(self.branches.items())


class Repeat(Element):
    """A repeat: what is done once, and again with some probability."""

    name: Name = Field(alias="repeat")
    do: Elements
    again: Share = Field(description="Give the probability of another round: `again: 0.3`.")
    at_most: Positive = Field(
        description="Cap the rounds, so that no case goes round for ever: `at-most: 4`."
    )
    redo: Elements = ()

    def bodies(self) -> tuple[tuple[str, Elements], ...]:
        """Return what is done, then what comes before doing it again."""
        return (("do", self.do), ("redo", self.redo))


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


def _dates(value: Any) -> str:
    keys = set(value) if isinstance(value, dict) else set()
    return "month-days" if "month-days" in keys else "dates" if "dates" in keys else "every"


class Batch(Element):
    """A batch: cases wait and are taken together, at dates or by size and age."""

    name: Name = Field(alias="batch")
    on: (
        Annotated[
            Annotated[Every, Tag("every")]
            | Annotated[MonthDays, Tag("month-days")]
            | Annotated[Dates, Tag("dates")],
            Discriminator(_dates),
        ]
        | None
    ) = None
    when: When | None = None
    agenda: (
        Annotated[
            Annotated[Amount, Tag("count")] | Annotated[Minutes, Tag("minutes")],
            Discriminator(lambda v: "minutes" if isinstance(v, dict) and "minutes" in v else "count"),
        ]
        | None
    ) = None
    order: Order = "first-come"
    cut_off: Length | None = None
    attend: By | None = None
    effort: (
        Annotated[
            Annotated[Whole, Tag("whole")] | Annotated[Each, Tag("each")],
            Discriminator(lambda v: "each" if isinstance(v, dict) and "each" in v else "whole"),
        ]
        | None
    ) = None
    bundle: Switch = False
    hands: Hands = "government"
    counts: Counts = Field(default_factory=dict)
    stops_clock: Switch = False


class Unbundle(Element):
    """An unbundle: cases of a bundle go on alone."""

    name: Name = Field(alias="unbundle")

    @property
    def batch(self) -> Text:
        """The batch that made the bundle."""
        return self.name


class Block(Element):
    """A block: elements under one name, with a limit or an officer who keeps the case."""

    name: Name = Field(alias="block")
    do: Elements
    hold: Reference | None = None
    limit: LimitField | None = None
    patience: Patience | None = None
    counts: Counts = Field(default_factory=dict)

    def bodies(self) -> tuple[tuple[str, Elements], ...]:
        """Return its elements."""
        return (("do", self.do),)


class ForEach(Element):
    """Copies of a block: one for each name of a list."""

    name: Name = Field(alias="for-each")
    as_: Annotated[str, PlainValidator(one_of("sequence", "parallel", "choice")),
                   WithJsonSchema({"enum": ["sequence", "parallel", "choice"]})] = Field(
        description="Say how the copies stand to each other: sequence, parallel or choice.")  # fmt: skip
    over: Annotated[
        Annotated[Annotated[tuple[Name, ...], BeforeValidator(listing)], Tag("list")]
        | Annotated[Annotated[dict[Text, Any], BeforeValidator(named)], Tag("mapping")],
        Discriminator(lambda v: "mapping" if isinstance(v, dict) else "list"),
    ]
    pools: Annotated[dict[Text, Pool], BeforeValidator(named)] = Field(default_factory=dict)
    do: Elements

    def items(self) -> dict[Text, dict[str, Any]]:
        """Return what each copy has of its own: values by path into the body."""
        if isinstance(self.over, dict):
            return {k: dict(v) if isinstance(v, dict) else {} for k, v in self.over.items()}
        return {name: {} for name in self.over}

    def bodies(self) -> tuple[tuple[str, Elements], ...]:
        """Return the body that is copied."""
        return (("*", self.do),)


class MarkElement(Element):
    """A mark: a named instant between which claims measure."""

    name: Name = Field(alias="mark")


class End(Element):
    """An end: the case ends here."""

    name: Name = Field(alias="end")
    status: Status = "done"


KINDS: dict[str, type[Element]] = {
    "step": Step, "wait": Wait, "choice": Choice, "parallel": Parallel, "repeat": Repeat, "batch": Batch,
    "unbundle": Unbundle, "block": Block, "for-each": ForEach, "mark": MarkElement, "end": End,
}  # fmt: skip


def _kind(value: Any) -> str:
    kinds = [k for k in KINDS if k in value] if isinstance(value, dict) else []
    return kinds[0] if len(kinds) == 1 else "broken"


def _broken(value: Any, info: ValidationInfo) -> MarkElement:
    context = checking(info)
    kinds = [k for k in KINDS if k in value] if isinstance(value, dict) else []
    if len(kinds) > 1:
        context.add(
            value, f"`{kinds[0]}` and `{kinds[1]}` stand in one element.", "Begin each with its own `- `."
        )
    else:
        hints = [near(k, KINDS) for k in value] if isinstance(value, dict) else []
        hint = next((h + " " for h in hints if h.startswith("Did")), "")
        context.add(value, f"an element of the process is needed; found {show(value)}.",
                    f"{hint}An element has one of the keys {', '.join(KINDS)}.")  # fmt: skip
    return MarkElement.model_construct(name=BROKEN, title=None)


AnyElement = Annotated[
    Annotated[Step, Tag("step")]
    | Annotated[Wait, Tag("wait")]
    | Annotated[Choice, Tag("choice")]
    | Annotated[Parallel, Tag("parallel")]
    | Annotated[Repeat, Tag("repeat")]
    | Annotated[Batch, Tag("batch")]
    | Annotated[Unbundle, Tag("unbundle")]
    | Annotated[Block, Tag("block")]
    | Annotated[ForEach, Tag("for-each")]
    | Annotated[MarkElement, Tag("mark")]
    | Annotated[End, Tag("end")]
    | Annotated[MarkElement, PlainValidator(_broken), WithJsonSchema({"not": {}}), Tag("broken")],
    Discriminator(_kind),
]
Elements = Annotated[tuple[AnyElement, ...], BeforeValidator(listing)]
for _model in KINDS.values():
    _model.model_rebuild()
