"""The commands that ask what would be: a grid of settings, the fewest staff that meet a goal."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from sim.commands.options import (
    ClusterOption,
    CsvOption,
    EngineOption,
    FreshOption,
    JobsOption,
    JsonOption,
    Lang,
    LangOption,
    OutOption,
    ReadingOption,
    RepsOption,
    ScenarioArgument,
    SeedOption,
    Start,
    VariantOption,
    WithOption,
    WithoutOption,
)
from sim.commands.output import one_form, print_result, say
from sim.report.progress import following


def sweep_command(
    scenario: ScenarioArgument,
    sets: Annotated[
        list[str] | None,
        typer.Option(
            "--set", metavar="ELEMENT.FIELD=VALUES", help="LOW:HIGH:STEP, a list 2,4,8, or one value."
        ),
    ] = None,
    within: Annotated[
        str | None,
        typer.Option("--within", metavar="TIME", help="Also the share of cases that end within this."),
    ] = None,
    variant: VariantOption = Start.BEFORE,
    more: WithOption = None,
    less: WithoutOption = None,
    reading: ReadingOption = None,
    reps: RepsOption = None,
    seed: SeedOption = None,
    engine: EngineOption = "auto",
    jobs: JobsOption = None,
    cluster: ClusterOption = None,
    fresh: FreshOption = False,
    out: OutOption = Path("results"),
    lang: LangOption = Lang.EN,
    as_json: JsonOption = False,
    as_csv: CsvOption = False,
) -> None:
    """Measures over a grid of settings, with a figure; several --set make the grid."""
    one_form(as_json, as_csv)
    from sim.report import sweeps
    from sim.report.options import plan_of, sets_of, where_of
    from sim.report.single import Choice
    from sim.scenario.files import find
    from sim.scenario.load import load
    from sim.whatif.goals import limit_of
    from sim.whatif.grid import grid_of

    grid = grid_of(sets_of(sets or ()))
    limit = None if within is None else limit_of(within, "--within")
    loaded = load(find(scenario))
    choice = Choice(variant.value, tuple(more or ()), tuple(less or ()), {}, reading)
    plan = plan_of(loaded, reps=reps, seed=seed, engine=engine, where=where_of(jobs, cluster))
    with following(sys.stderr) as (tell, progress):
        report, folder = sweeps.run_sweep(
            loaded, choice, grid, plan, limit,
            out=out, form="csv" if as_csv else "parquet", lang=lang.value, fresh=fresh,
            tell=tell, progress=progress,
        )  # fmt: skip
    for warning in report.document["warnings"]:
        say(f"Warning: {warning}")
    print_result(
        json_document=lambda: report.document,
        rows=report.rows,
        text=lambda: report.as_text(lang.value),
        as_json=as_json,
        as_csv=as_csv,
    )
    say(f"Kept in {folder}")


def staff_command(
    scenario: ScenarioArgument,
    goals: Annotated[
        list[str] | None,
        typer.Option("--goal", metavar="GOAL", help="Such as 'p90 <= 4 working days'; may be repeated."),
    ] = None,
    pools: Annotated[
        list[str] | None, typer.Option("--pool", metavar="NAME", help="Vary only this; may be repeated.")
    ] = None,
    costs: Annotated[
        list[str] | None,
        typer.Option("--cost", metavar="pools.NAME=COST", help="Cost of one person; left out, 1."),
    ] = None,
    most: Annotated[
        int | None, typer.Option("--most", metavar="N", help="Greatest head-count of a pool.")
    ] = None,
    confidence: Annotated[
        float, typer.Option("--confidence", metavar="P", help="How sure it must be that the goals are met.")
    ] = 0.95,
    budget: Annotated[
        int | None,
        typer.Option("--budget", metavar="N", help="Replications of a staffing at most; else 8 x --reps."),
    ] = None,
    sets: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="ELEMENT.FIELD=VALUE", help="Set a field: decide.effort='30 min'."),
    ] = None,
    variant: VariantOption = Start.BEFORE,
    more: WithOption = None,
    less: WithoutOption = None,
    reading: ReadingOption = None,
    reps: RepsOption = None,
    seed: SeedOption = None,
    engine: EngineOption = "auto",
    jobs: JobsOption = None,
    cluster: ClusterOption = None,
    fresh: FreshOption = False,
    out: OutOption = Path("results"),
    lang: LangOption = Lang.EN,
    as_json: JsonOption = False,
    as_csv: CsvOption = False,
) -> None:
    """The fewest staff that meet the goals, and how sure that is."""
    one_form(as_json, as_csv)
    from sim.report import staffs
    from sim.report.options import plan_of, sets_of, where_of
    from sim.report.single import Choice
    from sim.scenario.files import find
    from sim.scenario.load import load
    from sim.whatif.goals import goals_of

    wish = staffs.Wish(
        goals_of(goals or []), tuple(pools or ()), staffs.costs_of(costs or ()), most, confidence, budget
    )
    loaded = load(find(scenario))
    choice = Choice(variant.value, tuple(more or ()), tuple(less or ()), sets_of(sets or ()), reading)
    plan = plan_of(loaded, reps=reps, seed=seed, engine=engine, where=where_of(jobs, cluster))
    with following(sys.stderr) as (tell, _):
        report, folder = staffs.find_staff(
            loaded, choice, wish, plan,
            out=out, form="csv" if as_csv else "parquet", fresh=fresh, tell=tell,
        )  # fmt: skip
    for warning in report.document["warnings"]:
        say(f"Warning: {warning}")
    print_result(
        json_document=lambda: report.document,
        rows=report.rows,
        text=lambda: report.as_text(lang.value),
        as_json=as_json,
        as_csv=as_csv,
    )
    say(f"Kept in {folder}")
