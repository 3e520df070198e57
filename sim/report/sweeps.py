"""Sweeps a grid of settings of one variant, keeps the table and the figure, and tells what came out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sim.engine.choose import choose, prepare
from sim.measures.statistics import Interval
from sim.network.build import build
from sim.network.elements import Network
from sim.network.load import load_warnings
from sim.report.dial import dial_values
from sim.report.language import Lang
from sim.report.publish import window_dates
from sim.report.run_view import change_document
from sim.report.single import Choice, chosen
from sim.report.sweep_text import as_rows, as_text
from sim.report.working import resumable, workers
from sim.runs.replicate import Plan, Progress
from sim.scenario.load import Scenario
from sim.scenario.variant import Variant
from sim.store import again, results
from sim.store.documents import plain
from sim.whatif.goals import Limit
from sim.whatif.grid import Grid
from sim.whatif.runs import Luck
from sim.whatif.sweep import Measured, Swept, sweep

Tell = Callable[[str], None]


@dataclass(frozen=True)
class SweepReport:
    """What a sweep found, new or kept: everything is in its document."""

    document: dict[str, Any]

    def as_text(self, lang: Lang) -> str:
        """Return the tables that a planner reads."""
        return as_text(self.document, lang)

    def rows(self) -> list[dict[str, object]]:
        """Return one row a point and measure."""
        return as_rows(self.document)


def run_sweep(
    scenario: Scenario,
    choice: Choice,
    grid: Grid,
    plan: Plan,
    within: Limit | None = None,
    *,
    out: Path,
    form: results.Format = "parquet",
    lang: Lang = "en",
    fresh: bool = False,
    tell: Tell | None = None,
    progress: Progress | None = None,
) -> tuple[SweepReport, Path]:
    """Run every point of the grid with the same luck; return what came out and where it is kept.

    A sweep of the same inputs that is kept is not run again.

    Parameters
    ----------
    choice : the variant; its own ``sets`` are not used, those of the grid are.
    plan : replications of every point, seed, engine and place.
    within : limit of lead time, of which the share kept is told.
    form, lang : of the kept tables, and of the figure.
    fresh : run it again, and forget what an earlier run, which was stopped, has finished.
    """
    say = tell or (lambda _message: None)
    engine = choose(plan.engine).name
    inputs = ("sweep", scenario, choice, grid, within, plan.seed, engine)
    key = again.run_key(inputs, plan.reps, form, lang)
    if not fresh and (found := again.earlier(out, scenario.name, key)) is not None:
        folder, manifest, document = found
        say(again.told(folder, manifest))
        return SweepReport(document), folder
    variants = [chosen(scenario, replace(choice, sets={**grid.fixed, **point})) for point in grid.points]
    with (
        workers(plan.where, plan.engine) as place,
        resumable(place, out, f"sweep-{scenario.name}", inputs, fresh=fresh, tell=tell) as where,
        results.new_run(out, scenario.name, label="sweep") as run,
    ):
        prepare(plan.engine, tell)
        here = replace(plan, where=where)
        solve = any(unknown.kind == "dial" for one in variants for unknown in one.unknowns)
        dials = dial_values(scenario, variants[0].reading, here, out, say) if solve else {}
        networks = [build(one, dials) for one in variants]
        luck = Luck(plan.seed, plan.engine, (), where)
        swept = sweep(networks, plan.reps, luck, within, progress=progress, tell=tell)
        document = _document(variants, networks, grid, swept, within, plan, engine, dials)
        run.manifest({**_manifest(document, scenario, variants[0], networks[0]), again.KEY: key})
        run.summary(document)
        run.rows("sweep", as_rows(document), form)
        _draw(scenario, variants[0], grid, swept, within, plan.reps, run.figures, lang)
    return SweepReport(document), run.final


def _draw(
    scenario: Scenario, variant: Variant, grid: Grid, swept: Swept, within: Limit | None, reps: int,
    folder: Path, lang: Lang,
) -> None:  # fmt: skip
    from sim.figures.sweep import SweepData, draw_sweep  # Matplotlib
    from sim.report.publish import titles

    named = titles({scenario.name: {"title": scenario.raw.get("title")}})
    limit = "" if within is None else f"{within.value:g} {within.unit}"
    data = SweepData(
        named.get(scenario.name, {"en": scenario.name}), _start(variant), grid.axes, swept.points,
        swept.unit, limit, reps,
    )  # fmt: skip
    draw_sweep(data, folder, lang)


def _start(variant: Variant) -> str:
    """Return the name of a variant without the fields that are set, which the axes tell."""
    return variant.name.partition(", ")[0]


def _document(
    variants: list[Variant], networks: list[Network], grid: Grid, swept: Swept, within: Limit | None,
    plan: Plan, engine: str, dials: Mapping[str, float],
) -> dict[str, Any]:  # fmt: skip
    first = variants[0]
    points = [
        {"set": {**grid.fixed, **point}, "measures": _measures(measured)}
        for point, measured in zip(grid.points, swept.points, strict=True)
    ]
    warnings = [
        f"{_shown(point)}: {warning}"
        for point, network in zip(grid.points, networks, strict=True)
        for warning in load_warnings(network)
    ]
    warnings += [w for network in networks for w in network.warnings]
    found: dict[str, Any] = plain(
        {
            "scenario": first.scenario.name,
            "variant": _start(first),
            "reading": first.reading,
            "reps": plan.reps,
            "seed": plan.seed,
            "engine": engine,
            "dials": dict(dials),
            "unit": swept.unit,
            "within": None if within is None else {"value": within.value, "unit": within.unit},
            "axes": [{"field": a.path, "values": a.texts} for a in grid.axes],
            "fixed": dict(grid.fixed),
            "points": points,
            "warnings": list(dict.fromkeys(warnings)),
        }
    )
    return found


def _shown(point: Mapping[str, str]) -> str:
    return ", ".join(f"{path}={value}" for path, value in point.items())


def _measures(measured: tuple[Measured, ...]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for m in measured:
        entry = interval_document(m.interval)
        if m.name in ("mean", "p90"):
            entry["at_least"] = m.at_least
        if m.change is not None:
            entry["change"] = change_document(m.change)
        if m.name in ("mean", "p90"):
            found.setdefault("lead-time", {})[m.name] = entry
        elif m.of == "all":
            found[m.name] = entry
        else:
            found.setdefault(m.name, {})[m.of] = entry
    return found


def interval_document(interval: Interval) -> dict[str, Any]:
    """Return an interval as printed documents have it."""
    return {"mean": interval.estimate, "low": interval.low, "high": interval.high}


def _manifest(
    document: Mapping[str, Any], scenario: Scenario, variant: Variant, network: Network
) -> dict[str, object]:
    return {
        "kind": "sweep",
        "scenario": scenario.name,
        "scenario_hash": scenario.text_hash,
        "written": datetime.now(UTC).replace(microsecond=0),
        "levers": variant.levers,
        "context": variant.context,
        **{
            name: document[name] for name in ("variant", "axes", "fixed", "reading", "seed", "reps", "engine")
        },
        "window": window_dates(network),
    }
