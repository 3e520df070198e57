"""Elements of the process: steps, waits, choices, branches, loops, meetings, blocks, copies, marks, ends.

Every element has ``.name``; ``.bodies()`` gives its inner lists of elements with the branch each stands
for, and ``walk(elements)`` visits a whole process in file order.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

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
    Model,
    Name,
    Positive,
    Reference,
    Switch,
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
from sim.scenario.model_work import (
    AtShiftEnd,
    By,
    Counts,
    Dates,
    Each,
    Every,
    Hands,
    LimitField,
    Minutes,
    MonthDays,
    Patience,
    ShareOrRest,
    Status,
    Value,
    When,
    Whole,
    dates_form,
)
from sim.scenario.numbers import Amount, Length, Share
from sim.scenario.tree import Mark, Text


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
    do: Elements = Field(description="List what happens: `do: [..]`, or `do: []` for nothing.")


class Choice(Element):
    """A choice: one of several ways."""

    name: Name = Field(alias="choice")
    by: Reference | None = None
    options: Annotated[dict[Text, Option], BeforeValidator(named)] = Field(
        description="Write the ways to go: `options: {simple: {share: 0.7, do: [..]}, "
        "complex: {share: rest, do: [..]}}`."
    )

    def bodies(self) -> tuple[tuple[str, Elements], ...]:
        """Return each option's name and elements."""
        return tuple((n, o.do) for n, o in self.options.items())


class Parallel(Element):
    """Parallel branches: all begin at once, and the case goes on when the last has ended."""

    name: Name = Field(alias="parallel")
    branches: Annotated[dict[Text, Elements], BeforeValidator(named)] = Field(
        description="Write the branches: `branches: {fire: [..], environment: [..]}`."
    )

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


class Batch(Element):
    """A batch: cases wait and are taken together, at dates or by size and age."""

    name: Name = Field(alias="batch")
    on: (
        Annotated[
            Annotated[Every, Tag("every")]
            | Annotated[MonthDays, Tag("month-days")]
            | Annotated[Dates, Tag("dates")],
            Discriminator(dates_form),
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
    do: Elements = Field(description="List the elements of the block.")
    hold: Reference | None = None
    limit: LimitField | None = None
    patience: Patience | None = None
    counts: Counts = Field(default_factory=dict)

    def bodies(self) -> tuple[tuple[str, Elements], ...]:
        """Return its elements."""
        return (("do", self.do),)


def _copies(value: Any, info: ValidationInfo) -> Any:
    found = named(value, info)
    return {key: own if isinstance(own, dict) else {} for key, own in found.items()}


class ForEach(Element):
    """Copies of a block: one for each name of a list."""

    name: Name = Field(alias="for-each")
    as_: Annotated[
        str,
        PlainValidator(one_of("sequence", "parallel", "choice")),
        WithJsonSchema({"enum": ["sequence", "parallel", "choice"]}),
    ] = Field(description="Say how the copies stand to each other: sequence, parallel or choice.")
    over: Annotated[
        Annotated[Annotated[tuple[Name, ...], BeforeValidator(listing)], Tag("list")]
        | Annotated[Annotated[dict[Text, dict[Text, Value]], BeforeValidator(_copies)], Tag("mapping")],
        Discriminator(lambda v: "mapping" if isinstance(v, dict) else "list"),
    ]
    pools: Annotated[dict[Text, Pool], BeforeValidator(named)] = Field(default_factory=dict)
    do: Elements

    def items(self) -> dict[Text, dict[str, Any]]:
        """Return what each copy has of its own: values by path into the body."""
        if isinstance(self.over, dict):
            return {k: {str(path): value for path, value in own.items()} for k, own in self.over.items()}
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
    "step": Step,
    "wait": Wait,
    "choice": Choice,
    "parallel": Parallel,
    "repeat": Repeat,
    "batch": Batch,
    "unbundle": Unbundle,
    "block": Block,
    "for-each": ForEach,
    "mark": MarkElement,
    "end": End,
}


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
        context.add(
            value,
            f"an element of the process is needed; found {show(value)}.",
            f"{hint}An element has one of the keys {', '.join(KINDS)}.",
        )
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


def walk(elements: Elements) -> Iterator[AnyElement]:
    """Yield every element of a process, inner ones after the one that holds them, in file order."""
    for element in elements:
        yield element
        for _, body in element.bodies():
            yield from walk(body)
