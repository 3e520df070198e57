"""Checks of names: each once, each reference to something that is there, no two with the same hash."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from sim.scenario.bind import models
from sim.scenario.fields import BROKEN
from sim.scenario.model_cases import ByCount, CaseClass, Listed
from sim.scenario.model_pools import Group, Pool
from sim.scenario.model_process import (
    Batch,
    Block,
    Choice,
    End,
    ForEach,
    MarkElement,
    Step,
    Unbundle,
    Wait,
)
from sim.scenario.model_reform import (
    ChangeCalendar,
    Insert,
    InsertBranches,
    InsertCalendars,
    InsertClasses,
    InsertOptions,
    InsertPools,
    Lever,
    Merge,
    MergePools,
    Source,
)
from sim.scenario.model_work import AnyOf, Dates, Every, Limit, MonthDays, When, needs
from sim.scenario.nearest import near
from sim.scenario.numbers import Fact
from sim.scenario.reading import Checking
from sim.scenario.tree import Mark, Text

if TYPE_CHECKING:
    from sim.scenario.model import Claim, ScenarioModel

#: First words of paths, and words with a meaning of their own: no element may be called so.
RESERVED = frozenset(
    (
        "cases",
        "pools",
        "calendars",
        "numbers",
        "claims",
        "run",
        "documents",
        "process",
        "reform",
        "context",
        "readings",
        "title",
        "about",
        "scenario",
        "rest",
        "else",
        "none",
        "any",
        "always",
        "class",
    )
)
#: Ends that every process has.
ENDS = ("done", "withdrawn", "turned-away")


class Known:
    """The names that a scenario has, base and what its changes insert."""

    def __init__(self, model: ScenarioModel) -> None:
        self.pools: set[str] = set(model.pools)
        self.calendars: set[str] = set(model.calendars)
        self.classes: set[str] = set(model.cases.classes) or {"case"}
        self.elements: dict[str, Any] = {}
        for name, element in copies(model.process):
            self.elements.setdefault(name, element)
            if isinstance(element, ForEach):
                self.pools |= set(element.pools)
                self.pools |= {
                    f"{name}.{label}.{pool}" for label in element.items() for pool in element.pools
                }
        for one in models((model.reform, model.context, model.readings)):
            if isinstance(one, InsertPools):
                self.pools |= set(one.insert_pools)
            elif isinstance(one, InsertCalendars):
                self.calendars |= set(one.insert_calendars)
            elif isinstance(one, InsertClasses):
                self.classes |= set(one.insert_classes)
            elif isinstance(one, MergePools):
                self.pools.add(one.as_)
            elif isinstance(one, ForEach):
                self.pools |= set(one.pools)
        self.attributes = model.cases.attributes
        self.documents = set(model.documents)
        self.base = frozenset(self.elements)
        for name, element in inserted(model):
            self.elements.setdefault(name, element)
        self.marks = [n for n, e in self.elements.items() if isinstance(e, MarkElement)]
        self.ends = [n for n, e in self.elements.items() if isinstance(e, End)] + list(ENDS)


def qualified(elements: Iterable[Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield (name, element) of a process; in the body of a for-each names begin with ``permits.*.``."""
    for element in elements:
        yield f"{prefix}{element.name}", element
        inner = f"{prefix}{element.name}.*." if isinstance(element, ForEach) else prefix
        for _, body in element.bodies():
            yield from qualified(body, inner)


def copies(elements: Iterable[Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield (name, element) of a process as they are once the copies of each for-each stand."""
    for element in elements:
        yield f"{prefix}{element.name}", element
        labels = (
            [f"{prefix}{element.name}.{label}." for label in element.items()]
            if isinstance(element, ForEach)
            else [prefix]
        )
        for _, body in element.bodies():
            for inner in labels:
                yield from copies(body, inner)


def inserted(model: ScenarioModel) -> Iterable[tuple[str, Any]]:
    """Yield name and element of all that changes insert into the process."""
    for one in models((model.reform, model.context, model.readings)):
        bodies: list[Any] = []
        if isinstance(one, Insert):
            bodies = [one.insert]
        elif isinstance(one, InsertOptions):
            bodies = [option.do for option in one.insert_options.values()]
        elif isinstance(one, InsertBranches):
            bodies = list(one.insert_branches.values())
        elif isinstance(one, Merge):
            yield str(one.as_), one
        for body in bodies:
            yield from copies(body)


def check_names(model: ScenarioModel, context: Checking) -> Known:
    """Record names that are used twice, reserved, unknown or collide; return those known."""
    known = Known(model)
    _unique(model, known, context)
    for one in models(model):
        _references(one, known, model, context)
    for claim in model.claims:
        _claim(claim, known, context)
    return known


def _unique(model: ScenarioModel, known: Known, context: Checking) -> None:
    seen: dict[str, Any] = {}
    for full, element in qualified(model.process):
        name = element.name
        if name == BROKEN or isinstance(element, Unbundle):
            continue
        if name in RESERVED:
            context.add(name, f"`{name}` is a word of the language.", "Give the element another name.")
        elif name in ENDS:
            hint = "Call yours `completed`, say." if name == "done" else "Give yours another name."
            context.add(
                name, f"`{name}` is a name that every process has already, for one of its ends.", hint
            )
        elif full in seen:
            context.add(
                name,
                f"a second element is called `{name}` (the first is in line {seen[full].mark.line}).",
                "Give each element its own name.",
            )
        seen.setdefault(full, name)
    for what, entries in (
        ("lever", [c.name for c in model.reform]),
        ("context", [c.name for c in model.context]),
        ("reading", [c.name for c in model.readings]),
        ("claim", [c.name for c in model.claims]),
    ):
        first: dict[str, Text] = {}
        for name in entries:
            if name != BROKEN and name in first:
                context.add(
                    name,
                    f"a second {what} is called `{name}` (the first is in line {first[name].mark.line}).",
                    f"Give each {what} its own name.",
                )
            first.setdefault(str(name), name)
    for pool in known.pools & {"any"}:
        context.add(
            next(p for p in model.pools if p == pool),
            "`any` is a word of the language.",
            "Give the pool another name.",
        )
    _hashes([*known.elements.values(), *model.cases.streams, *model.cases.attributes], context)


def _hashes(entries: list[Any], context: Checking) -> None:
    """Draws are keyed by 32 bits of the name: two names with the same key would share their luck."""
    keys: dict[int, str] = {}
    for entry in entries:
        name = entry if isinstance(entry, Text) else getattr(entry, "name", getattr(entry, "as_", BROKEN))
        if name == BROKEN:
            continue
        other = keys.setdefault(zlib.crc32(name.encode()), str(name))
        if other != name:
            context.add(
                name,
                f"the names `{other}` and `{name}` have the same short code, which chance is drawn by.",
                "Change one of them a little.",
            )


def _one(name: Text | None, names: Iterable[str], what: str, context: Checking, kind: str) -> None:
    if name is None or name == BROKEN or name in names:
        return
    context.add(name, f"there is no {what} `{name}`.", near(name, names, kind))


def _references(one: Any, known: Known, model: ScenarioModel, context: Checking) -> None:
    if isinstance(one, (Step, Merge)):
        _pools(one.by, one.place("by"), known, context)
    elif isinstance(one, Batch) and one.attend is not None:
        _pools(one.attend, one.place("attend"), known, context)
    elif isinstance(one, Block):
        _one(one.hold, known.pools, "pool", context, "pools")
    elif isinstance(one, Choice):
        _choice(one, known, context)
    elif isinstance(one, (Pool, Group)):
        _one(one.on, known.calendars, "calendar", context, "calendars")
    elif isinstance(one, (Fact, Source)):
        _one(one.document, known.documents, "document", context, "documents")
    elif isinstance(one, CaseClass):
        _attributes(one, known, context)
    elif isinstance(one, Listed):
        _one(one.class_, known.classes, "class", context, "classes")
    elif isinstance(one, ChangeCalendar):
        _one(one.to, known.calendars, "calendar", context, "calendars")
    if isinstance(one, (Wait, Limit, Every, MonthDays, Dates, When)):
        _one(one.calendar, known.calendars, "calendar", context, "calendars")
    if isinstance(one, Limit) and one.missed is not None:
        _one(one.missed.move_to, known.pools, "pool", context, "pools")
        _one(one.missed.class_, known.classes, "class", context, "classes")
    if isinstance(one, ByCount):
        _one(one.during, known.calendars, "calendar", context, "calendars")
        for name in one.classes or ():
            _one(name, known.classes, "class", context, "classes")
    if isinstance(one, Lever) and model.claims and one.from_ is None and not context.expanded:
        context.add(
            one.raw,
            f"the lever `{one.name}` does not say which document it comes from.",
            "Write `from: {document: .., at: ..}`.",
        )


def _pools(by: Any, place: Mark, known: Known, context: Checking) -> None:
    for together in needs(by):
        pools = [pool for pool, _ in together]
        if not pools:
            context.add(place, "no pool is named.", "Name one: `clerks`, or [clerks, reviewers].")
        for pool in pools:
            _one(pool, known.pools, "pool", context, "pools")
        for pool in {p for p in pools if pools.count(p) > 1} - {BROKEN}:
            context.add(
                pool, f"the pool `{pool}` is named twice.", f"Write {{{pool}: 2}} for two of its staff."
            )
    if isinstance(by, AnyOf) and len(by.any) < 2:
        context.add(by.raw, "`any` names fewer than two pools.", "Write {any: [desk, hall]}.")


def _choice(choice: Choice, known: Known, context: Checking) -> None:
    if choice.by is None or choice.by == BROKEN:
        return
    if choice.by == "class":
        values, what = known.classes, "class"
    elif choice.by in known.attributes:
        values, what = set(known.attributes[choice.by]), f"value of `{choice.by}`"
    else:
        names = ["class", *known.attributes]
        context.add(
            choice.by,
            f"there is no attribute `{choice.by}` to choose by.",
            near(choice.by, names, "attributes"),
        )
        return
    for option in choice.options:
        if option != "else":
            _one(option, values, what, context, "classes" if choice.by == "class" else "values")
    missing = sorted(values - set(choice.options))
    if missing and "else" not in choice.options:
        context.add(
            choice.place("options"),
            f"nothing is said for the {what} `{missing[0]}`.",
            "Add it, or an option `else` for all the others.",
        )


def _attributes(one: CaseClass, known: Known, context: Checking) -> None:
    for name, value in one.attributes.items():
        if name not in known.attributes:
            _one(name, known.attributes, "attribute", context, "attributes")
        else:
            _one(value, known.attributes[name], f"value of `{name}`", context, "values")


def _claim(claim: Claim, known: Known, context: Checking) -> None:
    _one(claim.document.document, known.documents, "document", context, "documents")
    for pair in claim.pairs:
        for mark in pair:
            _one(mark, known.marks, "mark", context, "marks")
    for name in claim.class_ or ():
        _one(name, known.classes, "class", context, "classes")
    for name in claim.outcome or ():
        _one(name, known.ends, "end", context, "ends")
    _one(claim.calendar, known.calendars, "calendar", context, "calendars")
