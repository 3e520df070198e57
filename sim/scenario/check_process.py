"""Checks of the process as a whole: choices, ends that leave nothing to do, meetings, bundles, limits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sim.scenario.check_numbers import broken, check_shares
from sim.scenario.model_process import (
    Batch,
    Block,
    Choice,
    Element,
    End,
    ForEach,
    MarkElement,
    Parallel,
    Repeat,
    Step,
    Unbundle,
    Wait,
    walk,
)
from sim.scenario.model_work import Dates, Each, Every, Limit, Minutes, MonthDays
from sim.scenario.numbers import Number
from sim.scenario.reading import Checking
from sim.scenario.units import Dimension

if TYPE_CHECKING:
    from sim.scenario.law_parts import Law
    from sim.scenario.model import ScenarioModel


def check_process(model: ScenarioModel, context: Checking) -> None:
    """Record what no process may hold."""
    if not model.process and isinstance(model.raw.get("process"), list):
        context.add(model.place("process"), "the process is empty.", "Write at least one step or wait.")
    check_sequence(model.process, context)
    for element in walk(model.process):
        check_element(element, model, context)


def check_element(element: Any, model: ScenarioModel, context: Checking) -> None:
    """Record what is wrong with one element itself."""
    if isinstance(element, Step):
        _step(element, model, context)
    elif isinstance(element, Wait):
        needs_calendar(element.for_, element.calendar, model, context)
    elif isinstance(element, Choice):
        _choice(element, context)
    elif isinstance(element, Parallel):
        if len(element.branches) == 1 and not context.expanded:
            context.add(
                element.place("branches"), f"`{element.name}` has one branch.", "Write two branches or more."
            )
        _named_once(element, element.branches, "branches", context)
    elif isinstance(element, Repeat):
        if not element.do and "do" in element.raw:
            context.add(
                element.place("do"),
                f"there is nothing to repeat in `{element.name}`.",
                "Write the elements under `do`.",
            )
    elif isinstance(element, Batch):
        _batch(element, model, context)
    elif isinstance(element, Block):
        if element.patience is not None and element.hold is None:
            context.add(
                element.place("patience"),
                "a block without `hold` has no queue to leave.",
                "Put `patience` on its steps, or add `hold: POOL`.",
            )
        if element.limit is not None:
            check_limit(element.limit, model, context)
            if element.limit.missed is not None and element.limit.missed.move_to is not None:
                context.add(
                    element.limit.missed.place("move-to"),
                    "a block has no queue that could move to another pool.",
                    "Put the limit on the step, or write `missed: {class: ..}`.",
                )
    elif isinstance(element, ForEach) and not element.items() and element.raw.get("over") is not None:
        context.add(
            element.place("over"),
            f"`{element.name}` has nothing to copy for.",
            "Write `over: [first, second]`.",
        )
    patience = getattr(element, "patience", None)
    check_patience(patience, context)


def check_patience(patience: Any, context: Checking) -> None:
    """Record a patience in working time: it runs day and night."""
    if patience is None or patience == "none":
        return
    if patience.dimension() is Dimension.WORKING:
        context.add(
            patience.mark,
            "patience is in working time.",
            "It runs day and night: write `3 days`, not `3 working days`.",
        )


def needs_calendar(law: Law | Number, calendar: Any, model: ScenarioModel, context: Checking) -> None:
    """Record working time for which no calendar is named."""
    if law.dimension() is not Dimension.WORKING or calendar is not None or model.default_calendar is not None:
        return
    if not model.calendars:
        return
    context.add(
        law.mark,
        "working time is meant, and there is more than one calendar.",
        "Add `calendar: NAME` here, or `calendar: NAME` under `run` for all.",
    )


def check_limit(limit: Limit, model: ScenarioModel, context: Checking) -> None:
    """Record a limit whose unit and clock do not go together."""
    dimension = limit.within.dimension()
    if limit.within.broken or dimension is Dimension.PLAIN:
        return
    if limit.clock == "elapsed" and dimension is Dimension.WORKING:
        context.add(
            limit.place("within"),
            "the limit is in working time, its clock is elapsed time.",
            "Write it in `days`, or choose `clock: working-time`.",
        )
    elif limit.clock in ("working-time", "legal") and dimension is Dimension.ELAPSED:
        context.add(
            limit.place("within"),
            f"the limit is in elapsed time, its clock is `{limit.clock}`.",
            "Write it in `working days`, or choose `clock: elapsed`.",
        )
    if "within" in limit.raw and limit.within.resolve() == 0 and not broken(limit.within):
        context.add(limit.place("within"), "the limit is 0: every case would miss it.", "Write a longer one.")
    needs_calendar(limit.within, limit.calendar, model, context)


def _step(step: Step, model: ScenarioModel, context: Checking) -> None:
    if step.effort is None and not step.parts and "effort" not in step.raw:
        context.add(
            step.raw,
            f"the step `{step.name}` has no effort.",
            "Write `effort: 25 min` (`effort: 0 min` for none).",
        )
    if step.effort is not None and step.parts:
        context.add(step.place("parts"), "`effort` and `parts` stand in one step.", "Keep one of them.")
    if step.limit is not None:
        check_limit(step.limit, model, context)


def _choice(choice: Choice, context: Checking) -> None:
    if not choice.options:
        if isinstance(choice.raw.get("options"), dict):
            context.add(choice.place("options"), f"`{choice.name}` has no options.", "Write one or more.")
        return
    _named_once(choice, choice.options, "options", context)
    if choice.by is None:
        shares: dict[str, Number | str | None] = {str(n): o.share for n, o in choice.options.items()}
        check_shares(shares, choice.place("options"), f"`{choice.name}`", context)
        return
    for name, option in choice.options.items():
        if option.share is not None:
            context.add(
                option.place("share"),
                f"`{name}` has a share, but `{choice.name}` chooses by `{choice.by}`.",
                "Leave the share out, or leave `by` out.",
            )


def _named_once(element: Element, branches: Any, what: str, context: Checking) -> None:
    """Branches and options are addressed beside fields: ``route.simple``."""
    for name in branches:
        if name in element.field_names():
            context.add(
                name,
                f"one of the {what} is called `{name}`, which is a key of the element.",
                "Give it another name.",
            )


def check_sequence(elements: Sequence[Any], context: Checking) -> bool:
    """Record elements that no case can reach; return whether every case ends in the sequence."""
    ended: Element | None = None
    for element in elements:
        if ended is not None:
            how = "ends every case" if isinstance(ended, End) else "lets no case through"
            context.add(
                element.raw if element.raw else element.name,
                f"`{element.name}` can never be reached: `{ended.name}` before it {how}.",
                "Move it, or remove it.",
            )
            break
        if ends(element, context):
            ended = element
    for element in elements:
        for _, body in element.bodies():
            check_sequence(body, context)
    _bundles(elements, context)
    return ended is not None


def ends(element: Any, context: Checking) -> bool:
    """Whether no case goes on after the element."""
    if isinstance(element, End):
        return True
    bodies = [body for _, body in element.bodies()]
    through = [not any(ends(e, context) for e in body) for body in bodies]
    if isinstance(element, Choice) or (isinstance(element, ForEach) and element.as_ == "choice"):
        return bool(bodies) and not any(through)
    if isinstance(element, Repeat):
        return not through[0]
    return bool(bodies) and not all(through)


def _bundles(elements: Sequence[Any], context: Checking) -> None:
    open_batch: Batch | None = None
    for element in elements:
        if isinstance(element, Unbundle):
            if open_batch is None or element.batch != open_batch.name:
                context.add(
                    element.name,
                    f"there is no bundle `{element.batch}` here to take apart.",
                    "`unbundle` names a batch with `bundle: true` before it in the same list.",
                )
            open_batch = None
        elif open_batch is not None and not isinstance(element, (Step, Wait, MarkElement)):
            context.add(
                element.raw,
                f"`{element.name}` stands within the bundle `{open_batch.name}`.",
                f"Between a bundle and `unbundle: {open_batch.name}` only steps, waits and marks can stand.",
            )
            return
        if isinstance(element, Batch) and element.bundle:
            open_batch = element
    if open_batch is not None:
        context.add(
            open_batch.place("bundle"),
            f"the bundle `{open_batch.name}` is never taken apart.",
            f"Write `- unbundle: {open_batch.name}` after it, in the same list.",
        )


def _batch(batch: Batch, model: ScenarioModel, context: Checking) -> None:
    if (batch.on is None) == (batch.when is None) and not {"on", "when"} & {
        k for k, v in batch.raw.items() if v is None
    }:
        what = "states both `on` and `when`" if batch.on is not None else "does not say when it is taken"
        context.add(
            batch.raw,
            f"the batch `{batch.name}` {what}.",
            'Write either `on: {every: 2 weeks, weekday: tue, at: "14:00"}` or `when: {size: 10, or-after: '
            "5 days}`.",
        )
    if batch.order == "shortest-effort":
        context.add(
            batch.place("order"),
            "a batch cannot be taken by shortest effort.",
            "Allowed: first-come, class, earliest-due.",
        )
    if isinstance(batch.agenda, Minutes) and not isinstance(batch.effort, Each):
        context.add(
            batch.place("agenda"),
            "an agenda in minutes needs the minutes of each item.",
            "Write `effort: {each: 20 min}`.",
        )
    elif isinstance(batch.agenda, Number) and not broken(batch.agenda) and batch.agenda.bounds()[0] < 1:
        context.add(
            batch.place("agenda"), "the agenda is shorter than one item.", "Write 1 or more, or leave it out."
        )
    if batch.cut_off is not None:
        if batch.when is not None:
            context.add(
                batch.place("cut-off"),
                "a bundle by size or age has no date to be in time for.",
                "Leave `cut-off` out.",
            )
        calendar = getattr(batch.on, "calendar", None)
        needs_calendar(batch.cut_off, calendar, model, context)
    if batch.when is not None:
        needs_calendar(batch.when.or_after, batch.when.calendar, model, context)
        size = batch.when.size
        if not broken(size) and size.dimension() is Dimension.PLAIN and size.bounds()[0] < 1:
            context.add(size.mark, "a bundle needs at least one case.", "Write a size of 1 or more.")
    if isinstance(batch.on, Every):
        _every(batch.on, context)
    elif isinstance(batch.on, MonthDays):
        for day in batch.on.month_days:
            if day > 31:
                context.add(
                    batch.on.place("month-days"), f"no month has a day {day}.", "Write days from 1 to 31."
                )
    elif isinstance(batch.on, Dates) and not batch.on.dates and isinstance(batch.on.raw.get("dates"), list):
        context.add(batch.on.place("dates"), "the list of dates is empty.", "Write one date or more.")


def _every(every: Every, context: Checking) -> None:
    number = every.every
    dimension = number.dimension()
    if broken(number) or dimension in (None, Dimension.PLAIN):
        return
    count = number.resolve(day=86400.0) / 86400.0
    if count < 1 or count % 1:
        context.add(
            number.mark,
            "meetings come at whole days, weeks or working days.",
            "Write `every: 2 weeks` or `every: 1 working day`.",
        )
    elif every.weekday is not None and (dimension is Dimension.WORKING or count % 7):
        context.add(
            every.place("weekday"),
            "a weekday goes with whole weeks only.",
            "Write `every: 2 weeks`, or leave `weekday` out.",
        )
