"""Runs one variant of a scenario (any levers, any fields set by hand) and gathers its measures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sim.engine.choose import choose, prepare
from sim.engine.records import Records
from sim.errors import InputError
from sim.measures.combine import Combined, Key, Summary, combine, differences, short_runs, summarise
from sim.measures.statistics import Difference
from sim.network.build import build
from sim.network.elements import Network
from sim.network.load import load_warnings
from sim.report.dial import dial_values
from sim.report.publish import Kept, window_dates
from sim.report.run_view import change_document, measure_row, measure_rows
from sim.report.working import resumable, workers
from sim.runs.replicate import Plan, Progress, replicate, replicate_by, summarise_one
from sim.scenario.load import Scenario
from sim.scenario.variant import Variant, lever_names, variant
from sim.store import results
from sim.store.again import KEY

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Choice:
    """Which variant to run.

    Attributes
    ----------
    start : ``before`` (no lever, no context) or ``after`` (all of both).
    more, less : levers put in, levers left out.
    sets : path of a field -> its value, as text.
    reading : name of a reading; None for the headline.
    """

    start: str = "before"
    more: tuple[str, ...] = ()
    less: tuple[str, ...] = ()
    sets: Mapping[str, str] = field(default_factory=dict)
    reading: str | None = None


@dataclass(frozen=True)
class SingleResult:
    """What one variant did.

    Attributes
    ----------
    reps : replications that were run.
    records : of each replication; none where none were to be kept.
    measures : every measure with its interval over the replications.
    counts : cases over the window by fate, mean of the replications.
    changes : against the variant compared with, paired by replication; empty if none was.
    """

    variant: Variant
    network: Network
    reps: int
    records: tuple[Records, ...] = field(repr=False)
    plan: Plan
    engine: str
    dials: Mapping[str, float]
    counts: Mapping[str, float]
    measures: tuple[Combined, ...]
    changes: Mapping[Key, Difference]
    warnings: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the document of `run --json`."""
        found: dict[str, Any] = {}
        for m in self.measures:
            row = measure_row(m)
            entry = {key: row[key] for key in ("unit", "mean", "low", "high", "at_least")}
            if (m.name, m.of, m.statistic) in self.changes:
                entry["change"] = change_document(self.changes[m.name, m.of, m.statistic])
            found.setdefault(m.name, {}).setdefault(m.of, {})[m.statistic] = entry
        return {
            "scenario": self.variant.scenario.name,
            "variant": self.variant.name,
            "reading": self.variant.reading,
            "reps": self.reps,
            "seed": self.plan.seed,
            "engine": self.engine,
            "dials": dict(self.dials),
            "cases": {name: int(n) if float(n).is_integer() else n for name, n in self.counts.items()},
            "measures": found,
            "warnings": list(self.warnings),
        }

    def rows(self) -> list[dict[str, object]]:
        """Return one row a measure, the change beside it where there is one."""
        return measure_rows(self.measures, self.changes)


def chosen(scenario: Scenario, choice: Choice) -> Variant:
    """Return the variant that `choice` names.

    Raises
    ------
    InputError : for an unknown lever or reading, and for a lever both put in and left out.
    """
    both = set(choice.more) & set(choice.less)
    if both:
        raise InputError(f"--with and --without both name `{min(both)}`; keep one of them.")
    every = lever_names(scenario, choice.reading)
    levers = [*(every if choice.start == "after" else ()), *choice.more]
    for name in choice.less:
        if name not in every:
            variant(scenario, levers=[name], reading=choice.reading)  # says what is wrong with the name
    return variant(
        scenario,
        levers=[name for name in dict.fromkeys(levers) if name not in choice.less],
        context=choice.start == "after",
        reading=choice.reading,
        sets=choice.sets,
    )


def run_single(
    scenario: Scenario,
    choice: Choice,
    plan: Plan,
    *,
    against: str | None = None,
    out: Path | None = None,
    kept: Kept = "steps",
    form: results.Format = "parquet",
    fresh: bool = False,
    key: str = "",
    tell: Tell | None = None,
    progress: Progress | None = None,
) -> tuple[SingleResult, Path | None]:
    """Run one variant; return what it did and the folder where it is kept.

    Parameters
    ----------
    plan : replications, or a precision: half-width of mean lead time, and of its change, in days.
    against : ``before`` or ``after``: also run this and report paired differences from it.
    out : results store; None to keep nothing.
    kept, form : which tables of records are kept, and how. With ``none`` cases are measured as they end,
        and quantiles have the small error of ``sim.measures.bins``.
    fresh : forget what an earlier run, which was stopped, has finished.
    key : of the inputs, by which the run is found again.
    tell, progress : told what is done, and how many runs are done.
    """
    say = tell or (lambda _message: None)
    wanted = [chosen(scenario, choice)]
    if against is not None:
        wanted.append(chosen(scenario, Choice(start=against, reading=choice.reading)))
    inputs = ("run", scenario, choice, against, plan.seed, plan.engine)
    with workers(plan.where, plan.engine, many=plan.reps > 1 or plan.precision is not None) as place:
        prepare(plan.engine, tell)
        if kept == "none" and choose(plan.engine).name != "compiled":
            say(
                "--records none: the reference engine holds all records of a run in memory until it has "
                "ended; only the compiled engine lets go of each case as it ends."
            )
        with resumable(place, out, f"run-{scenario.name}", inputs, fresh=fresh, tell=tell) as where:
            result = _run(scenario, wanted, replace(plan, where=where), out, kept, say, progress)
            return result, None if out is None else _keep(result, out, kept, form, key)


def _run(
    scenario: Scenario,
    wanted: Sequence[Variant],
    plan: Plan,
    out: Path | None,
    kept: Kept,
    say: Tell,
    progress: Progress | None,
) -> SingleResult:
    """Run the variant that is `wanted` first, and a second one that it is compared with if there is."""
    solve = any(unknown.kind == "dial" for one in wanted for unknown in one.unknowns)
    dials = dial_values(scenario, wanted[0].reading, plan, out, say) if solve else {}
    networks = [build(one, dials) for one in wanted]
    warnings = [w for network in networks for w in (*network.warnings, *load_warnings(network))]

    def half_widths(sides: Sequence[Sequence[Summary]]) -> list[float]:
        widths = [m.interval.half_width for side in sides for m in combine(side) if _headline(m)]
        if len(sides) > 1:
            widths.append(differences(sides[1], sides[0])["lead-time", "all", "mean"].interval.half_width)
        return widths

    def summaries_of(done: Sequence[Sequence[Records]]) -> list[list[Summary]]:
        return [[summarise(n, one) for one in each] for n, each in zip(networks, done, strict=True)]

    records: tuple[Records, ...] = ()
    if kept == "none":
        small = replicate_by(
            summarise_one, networks, plan, half_widths=half_widths, progress=progress, tell=say
        )
        reached, summaries = small.reached, [list(each) for each in small.records]
    else:
        done = replicate(
            networks,
            plan,
            half_widths=lambda done: half_widths(summaries_of(done)),
            progress=progress,
            tell=say,
        )
        reached, summaries, records = done.reached, summaries_of(done.records), done.records[0]
    if not reached:
        warnings.append("the precision asked for was not reached within the budget of replications")
    return SingleResult(
        variant=wanted[0],
        network=networks[0],
        reps=len(summaries[0]),
        records=records,
        plan=plan,
        engine=choose(plan.engine).name,
        dials=dials,
        counts=_mean_counts(summaries[0]),
        measures=tuple(combine(summaries[0])),
        changes=differences(summaries[1], summaries[0]) if len(summaries) > 1 else {},
        warnings=tuple(dict.fromkeys([*warnings, *short_runs(summaries[0])])),
    )


def _headline(measure: Combined) -> bool:
    return (measure.name, measure.of, measure.statistic) == ("lead-time", "all", "mean")


def _mean_counts(summaries: Sequence[Summary]) -> dict[str, float]:
    return {name: sum(s.counts[name] for s in summaries) / len(summaries) for name in summaries[0].counts}


def _keep(result: SingleResult, out: Path, kept: Kept, form: results.Format, key: str) -> Path:
    """Write the run to the store and return its folder."""
    from sim.store.tables import replications_table  # PyArrow, which no run needs until it is kept

    scenario = result.variant.scenario
    with results.new_run(out, scenario.name) as run:
        run.manifest(
            {
                "kind": "run",
                KEY: key,
                "scenario": scenario.name,
                "scenario_hash": scenario.text_hash,
                "written": datetime.now(UTC).replace(microsecond=0),
                "variant": result.variant.name,
                "levers": result.variant.levers,
                "context": result.variant.context,
                "sets": dict(result.variant.sets),
                "reading": result.variant.reading,
                "seed": result.plan.seed,
                "reps": result.reps,
                "engine": result.engine,
                "window": window_dates(result.network),
            }
        )
        run.summary(result.to_json())
        run.rows("measures", result.rows(), form)
        for name in ("cases", "steps") if kept == "steps" else ("cases",) if kept == "cases" else ():
            run.table(name, replications_table(name, result.network, result.records), form)
    return run.final
