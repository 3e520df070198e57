"""The reform: levers, context and readings, each a list of typed edits on named elements.

Edits are applied to the raw tree (``sim.scenario.edits``); the models here check their shape when a file is
read and describe them for the JSON Schema.
"""

from __future__ import annotations

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
    Model,
    Name,
    Names,
    Reference,
    Titles,
    Words,
    checking,
    listing,
    named,
    near,
    show,
)
from sim.scenario.model_cases import CaseClass, Stream
from sim.scenario.model_pools import Calendar, Pool
from sim.scenario.model_process import Elements, Option
from sim.scenario.model_work import By, ShareOrRest, Value
from sim.scenario.numbers import Amount, AnyNumber
from sim.scenario.tree import Text


class Source(Model):
    """A source: {document: gdd39, at: item 2}."""

    document: Reference
    at: Words = Field(description="Say where in the document it stands.")
    note: Words | None = None


class Edit(Model):
    """An edit: base of all kinds."""


class _Placed(Edit):
    before: Reference | None = None
    after: Reference | None = None
    at_start_of: Reference | None = None
    at_end_of: Reference | None = None


class Insert(_Placed):
    """An edit `insert`: new elements at a place of the process."""

    insert: Elements


class InsertPools(Edit):
    """An edit `insert-pools`: new pools."""

    insert_pools: Annotated[dict[Text, Pool], BeforeValidator(named)]


class InsertClasses(Edit):
    """An edit `insert-classes`: new classes of cases."""

    insert_classes: Annotated[dict[Text, CaseClass], BeforeValidator(named)]


class InsertStreams(Edit):
    """An edit `insert-streams`: new streams of arrivals."""

    insert_streams: Annotated[dict[Text, Stream], BeforeValidator(named)]


class InsertCalendars(Edit):
    """An edit `insert-calendars`: new calendars."""

    insert_calendars: Annotated[dict[Text, Calendar], BeforeValidator(named)]


class InsertNumbers(Edit):
    """An edit `insert-numbers`: new named numbers."""

    insert_numbers: Annotated[dict[Text, AnyNumber], BeforeValidator(named)]


class InsertOptions(Edit):
    """An edit `insert-options`: new options of a choice."""

    insert_options: Annotated[dict[Text, Option], BeforeValidator(named)]
    into: Reference = Field(description="Name the choice: `into: route`.")


class InsertBranches(Edit):
    """An edit `insert-branches`: new branches of a parallel."""

    insert_branches: Annotated[dict[Text, Elements], BeforeValidator(named)]
    into: Reference = Field(description="Name the parallel: `into: opinions`.")


class Set(Edit):
    """An edit `set`: a field gets a new value."""

    set: Reference
    to: Value = Field(description="Give the new value: `to: 20 min`.")


class Scale(Edit):
    """An edit `scale`: a number is multiplied."""

    scale: Reference
    times: Amount = Field(description="Give the factor: `times: 0.5`.")


class Route(Edit):
    """An edit `route`: a choice gets other shares."""

    route: Reference
    shares: Annotated[dict[Text, ShareOrRest], BeforeValidator(named)]


class ChangeCalendar(Edit):
    """An edit `calendar`: a pool gets other hours."""

    calendar: Reference
    to: Reference = Field(description="Name the calendar: `to: evenings`.")


def _one_or_more(value: Any, info: ValidationInfo) -> Any:
    return listing([value] if isinstance(value, str) else value, info)


OneOrMore = Annotated[
    tuple[Reference, ...],
    BeforeValidator(_one_or_more),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
]


class Move(_Placed):
    """An edit `move`: elements go to another place."""

    move: OneOrMore


class Merge(Edit):
    """An edit `merge`: several steps become one."""

    merge: Names
    as_: Name = Field(description="Name the new step: `as: check-and-register`.")
    by: By = Field(description="Name the pool that does it: `by: clerks`.")
    times: Amount | None = None


class MergePools(Edit):
    """An edit `merge-pools`: several pools become one."""

    merge_pools: Names
    as_: Name = Field(description="Name the new pool: `as: one-desk`.")
    size: Amount | None = None


class InParallel(Edit):
    """An edit `parallel`: elements in turn come to run at the same time."""

    parallel: Names
    as_: Name | None = None


class Remove(Edit):
    """An edit `remove`: an element, a pool, a branch or an option goes."""

    remove: OneOrMore


class Adopt(Edit):
    """An edit `adopt`: a reading takes a lever as part of the service before the reform."""

    adopt: OneOrMore


EDITS: dict[str, type[Edit]] = {
    "insert": Insert,
    "insert-pools": InsertPools,
    "insert-classes": InsertClasses,
    "insert-streams": InsertStreams,
    "insert-calendars": InsertCalendars,
    "insert-numbers": InsertNumbers,
    "insert-options": InsertOptions,
    "insert-branches": InsertBranches,
    "set": Set,
    "scale": Scale,
    "route": Route,
    "calendar": ChangeCalendar,
    "move": Move,
    "merge": Merge,
    "merge-pools": MergePools,
    "parallel": InParallel,
    "remove": Remove,
    "adopt": Adopt,
}


def _kind(value: Any) -> str:
    kinds = [k for k in EDITS if k in value] if isinstance(value, dict) else []
    return kinds[0] if len(kinds) == 1 else "broken"


def _broken(value: Any, info: ValidationInfo) -> Edit:
    context = checking(info)
    kinds = [k for k in EDITS if k in value] if isinstance(value, dict) else []
    if len(kinds) > 1:
        context.add(
            value, f"`{kinds[0]}` and `{kinds[1]}` stand in one edit.", "Begin each with its own `- `."
        )
    else:
        hints = [near(k, EDITS) for k in value] if isinstance(value, dict) else []
        hint = next((h + " " for h in hints if h.startswith("Did")), "")
        context.add(
            value,
            f"an edit is needed; found {show(value)}.",
            f"{hint}An edit has one of the keys {', '.join(EDITS)}.",
        )
    return Edit.model_construct()


AnyEdit = Annotated[
    Annotated[Insert, Tag("insert")]
    | Annotated[InsertPools, Tag("insert-pools")]
    | Annotated[InsertClasses, Tag("insert-classes")]
    | Annotated[InsertStreams, Tag("insert-streams")]
    | Annotated[InsertCalendars, Tag("insert-calendars")]
    | Annotated[InsertNumbers, Tag("insert-numbers")]
    | Annotated[InsertOptions, Tag("insert-options")]
    | Annotated[InsertBranches, Tag("insert-branches")]
    | Annotated[Set, Tag("set")]
    | Annotated[Scale, Tag("scale")]
    | Annotated[Route, Tag("route")]
    | Annotated[ChangeCalendar, Tag("calendar")]
    | Annotated[Move, Tag("move")]
    | Annotated[Merge, Tag("merge")]
    | Annotated[MergePools, Tag("merge-pools")]
    | Annotated[InParallel, Tag("parallel")]
    | Annotated[Remove, Tag("remove")]
    | Annotated[Adopt, Tag("adopt")]
    | Annotated[Edit, PlainValidator(_broken), WithJsonSchema({"not": {}}), Tag("broken")],
    Discriminator(_kind),
]
Edits = Annotated[tuple[AnyEdit, ...], BeforeValidator(listing)]


class Lever(Model):
    """A lever: one documented change of the reform."""

    name: Name = Field(alias="lever")
    title: Titles | None = None
    from_: Source | None = None
    edits: Edits


class Context(Model):
    """A context: a documented change that is not the reform."""

    name: Name = Field(alias="context")
    title: Titles | None = None
    from_: Source | None = None
    edits: Edits


class Reading(Model):
    """A reading: one way to understand the documents."""

    name: Name = Field(alias="reading")
    title: Titles | None = None
    why: Words = Field(description="Say why the documents may be read so.")
    edits: Edits = ()
