"""Checks of the cases: classes, attributes, arrivals, backlog, and the run that they fall into."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from sim.scenario.check_names import Known
from sim.scenario.check_numbers import broken, check_shares, describe
from sim.scenario.check_process import check_patience
from sim.scenario.check_work import run_days, spans
from sim.scenario.model_cases import Backlog, ByCount, FromCsv, Listed
from sim.scenario.model_process import Batch, Block, ForEach, Parallel, Step, Wait
from sim.scenario.nearest import BROKEN, near
from sim.scenario.numbers import Number
from sim.scenario.reading import Checking
from sim.scenario.recorded import read_recorded
from sim.scenario.units import Dimension

if TYPE_CHECKING:
    from sim.scenario.model import ScenarioModel


def check_run(model: ScenarioModel, context: Checking) -> None:
    """Record a run that has no beginning or no length."""
    run = model.run
    if not run.raw:
        return
    if run.warm_up is None and "warm-up" not in run.raw and not model.cases.backlog:
        context.add(
            run.raw,
            "the run states no `warm-up`, and there is no `backlog`: the office would begin empty.",
            "Write `warm-up: 8 weeks` (`0 weeks` if it does begin empty), or a backlog under `cases`.",
        )
    if "window" in run.raw and run.window.value == 0 and run.window.unit.name:
        context.add(run.place("window"), "the window has no length.", "Write `window: 26 weeks`.")
    if run.calendar is not None and run.calendar != BROKEN and run.calendar not in model.calendars:
        context.add(
            run.calendar,
            f"there is no calendar `{run.calendar}`.",
            near(run.calendar, model.calendars, "calendars"),
        )
    total = sum(q.base() for q in (run.warm_up, run.window, run.follow_for) if q is not None)
    if total > 60 * 366 * 86400:
        context.add(
            run.raw,
            f"the run is {total / 365.25 / 86400:.0f} years long.",
            "Write a run of at most 60 years.",
        )
    elif not 1950 <= run.start.year <= 2150:
        context.add(
            run.place("start"), f"the run begins in {run.start.year}.", "Write a year from 1950 to 2150."
        )
    evidence = run.evidence_window if not context.expanded else None  # a user may shorten the window
    if evidence is not None and evidence.base() > run.window.base() > 0:
        context.add(
            run.place("evidence-window"),
            "the evidence window is longer than the window.",
            "It is the shorter one.",
        )


def check_cases(model: ScenarioModel, known: Known, context: Checking) -> None:
    """Record what is wrong with the cases."""
    cases = model.cases
    if not cases.streams and not cases.backlog and cases.raw and cases.raw.get("arrive", "") == "":
        context.add(
            cases.raw,
            "no case ever arrives.",
            "Write `arrive: {count: 1200, per: 26 weeks, during: office}`.",
        )
    if cases.classes:
        shares: dict[str, Number | str | None] = {str(n): c.share for n, c in cases.classes.items()}
        check_shares(shares, cases.place("classes"), "the classes", context)
    for name, values in cases.attributes.items():
        check_shares(
            {str(v): s for v, s in values.items()}, cases.raw["attributes"][name], f"`{name}`", context
        )
    for name, stream in cases.streams.items():
        check_stream(str(name), stream, known, model, context)
    for backlog in cases.backlog:
        _backlog(backlog, known, context)
    check_patience(cases.patience, context)


def check_stream(name: str, stream: Any, known: Known, model: ScenarioModel, context: Checking) -> None:
    """Record what is wrong with one stream of arrivals."""
    if isinstance(stream, ByCount):
        _by_count(stream, model, context)
    elif isinstance(stream, Listed):
        if not stream.at and isinstance(stream.raw.get("at"), list):
            context.add(stream.place("at"), "the list of arrivals is empty.", "Write one time or more.")
        _in_run(list(stream.at), stream.place("at"), model, context)
    elif isinstance(stream, FromCsv) and context.folder is not None:
        recorded = read_recorded(
            context.folder / str(stream.from_csv), str(stream.time), _text(stream.class_)
        )
        for what, hint in recorded.problems:
            context.add(stream.from_csv, what, hint)
        for wrong in sorted(set(recorded.classes) - known.classes)[:5]:
            context.add(
                stream.place("class"),
                f"{stream.from_csv} has the class `{wrong}`, which is not among the classes.",
                near(wrong, known.classes, "classes"),
            )
        _in_run(list(recorded.times), stream.from_csv.mark, model, context)


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _in_run(times: list[datetime], place: Any, model: ScenarioModel, context: Checking) -> None:
    first, last = run_days(model.run)
    if times and not any(first <= t.date() <= last for t in times):
        context.add(place, f"none of the arrivals lies in the run, {first} to {last}.", "Is the year right?")


def _by_count(stream: ByCount, model: ScenarioModel, context: Checking) -> None:
    per = stream.per
    if not broken(per) and per.dimension() is Dimension.WORKING:
        context.add(
            per.mark,
            f"{describe(per)} is working time; a count is over elapsed time.",
            "Write `per: 26 weeks`.",
        )
    elif not broken(per) and per.dimension() is Dimension.ELAPSED and per.bounds()[0] <= 0:
        context.add(per.mark, "the count is over no time at all.", "Write `per: 26 weeks`.")
    growth = stream.growth
    if growth is not None and not broken(growth):
        if growth.dimension() is not Dimension.PLAIN:
            context.add(
                growth.mark,
                f"{describe(growth)} is a time, and growth is a rate per year.",
                "Write `growth: 0.1` for 10 % a year.",
            )
        elif growth.bounds()[0] <= -1:
            context.add(
                growth.mark,
                f"{describe(growth)} would take away every case.",
                "Growth is above -1: -0.1 for 10 % fewer a year.",
            )
    if stream.classes is not None:
        check_shares(
            {str(n): s for n, s in stream.classes.items()},
            stream.place("classes"),
            "the classes of the stream",
            context,
        )
    if stream.profile is not None:
        hours = sorted(s for span in stream.profile.hours for s in spans([span]))
        if any(b > c for (_, b), (c, _) in pairwise(hours)):
            context.add(
                stream.profile.place("hours"), "the hours of the profile overlap.", "Write each hour once."
            )
        for key in ("weekday", "hours"):
            weights = list(getattr(stream.profile, key).values())
            if weights and not any(broken(w) for w in weights) and all(w.bounds()[1] == 0 for w in weights):
                context.add(
                    stream.profile.place(key),
                    "all weights of the profile are 0.",
                    "Give one of them a weight above 0.",
                )


def _backlog(backlog: Backlog, known: Known, context: Checking) -> None:
    if backlog.at == BROKEN:
        return
    element = known.elements.get(backlog.at)
    if element is None:
        context.add(
            backlog.at,
            f"there is no element `{backlog.at}` where a backlog could wait.",
            near(backlog.at, known.elements, "elements"),
        )
        return
    waits = isinstance(element, (Step, Wait, Batch)) or getattr(element, "hold", None) is not None
    if not waits and not (context.expanded and isinstance(element, Parallel)):  # an edit may lead there
        context.add(backlog.at, f"no case can wait at `{backlog.at}`.", "Name a step, a wait or a batch.")
    for around in known.elements.values():
        why = _why_not_within(around)
        if why and _holds(around, element):
            context.add(
                backlog.at,
                f"`{backlog.at}` stands in `{around.name}`, which {why}: a case cannot begin there.",
                f"Name an element outside `{around.name}`.",
            )
            break
    if backlog.classes is not None:
        check_shares(
            {str(n): s for n, s in backlog.classes.items()},
            backlog.place("classes"),
            "the classes of the backlog",
            context,
        )


def _why_not_within(around: Any) -> str:
    """Return why a case cannot begin inside an element, since it never came in at its start; else ""."""
    if isinstance(around, Parallel) or (isinstance(around, ForEach) and around.as_ == "parallel"):
        return "has several branches at once"
    if isinstance(around, Block) and around.hold is not None:
        return "holds staff"
    if isinstance(around, Block) and around.limit is not None:
        return "has a `limit` that runs from its start"
    return ""


def _holds(around: Any, element: Any) -> bool:
    return any(inner is element or _holds(inner, element) for _, body in around.bodies() for inner in body)
