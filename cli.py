"""The command line: reads arguments, calls one function of ``sim``, prints, and returns an exit status.

0: done. 1: a check failed or a run broke a law (never a verdict). 2: bad input. 130: interrupted.
The result goes to standard output; progress and messages go to standard error.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from sim import __version__
from sim.commands import kept, what_if
from sim.commands.options import (
    Attributed,
    ClusterOption,
    CsvOption,
    EngineOption,
    FreshOption,
    JobsOption,
    JsonOption,
    Kept,
    Lang,
    LangOption,
    OutOption,
    PrecisionOption,
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
from sim.errors import InputError, ReplayError
from sim.report.progress import following

# Other parts of `sim` are imported inside the commands: `list` and `--help` should not wait for SciPy.

app = typer.Typer(
    name="reform-replay",
    help="Replays a public service before and after a reform, next to the documented figures.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"reform-replay {__version__}")
        raise typer.Exit


@app.callback()
def _common(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and stop.")
    ] = False,
) -> None:
    """Hold what is common to all commands; its own help text is the program's."""


@app.command("list")
def list_command(lang: LangOption = Lang.EN, as_json: JsonOption = False, as_csv: CsvOption = False) -> None:
    """Every scenario: id, title, levers, claims."""
    from sim.report import listing

    found = listing.listing()
    for message in found.unreadable:
        say(message)
    print_result(
        json_document=lambda: found.entries,
        rows=lambda: listing.as_rows(found),
        text=lambda: listing.as_text(found, lang.value),
        as_json=as_json,
        as_csv=as_csv,
    )


@app.command("new")
def new_command(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name of the new scenario: permit-desk.")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder to write it to.")] = Path(
        "scenarios"
    ),
) -> None:
    """Write a commented, valid starter file."""
    from sim.scenario.starter import write_starter

    path = write_starter(name, out)
    typer.echo(path)
    say(f"Edit it, then: reform-replay validate {path}")


@app.command("show")
def show_command(
    scenario: ScenarioArgument,
    lang: LangOption = Lang.EN,
    as_json: JsonOption = False,
    as_csv: CsvOption = False,
) -> None:
    """The model in words: process, pools, levers, claims, each number and its source (--csv: the numbers)."""
    from sim.report import words
    from sim.scenario.files import find
    from sim.scenario.load import load

    tree = load(find(scenario)).raw
    print_result(
        json_document=lambda: words.as_document(tree, lang.value),
        rows=lambda: words.number_rows(tree),
        text=lambda: words.describe(tree, lang.value),
        as_json=as_json,
        as_csv=as_csv,
    )


@app.command("validate")
def validate_command(
    files: Annotated[
        list[str] | None, typer.Argument(metavar="FILE...", help="Files, or names of scenarios.")
    ] = None,
    schema: Annotated[
        bool, typer.Option("--schema", help="Print the JSON Schema for editors instead.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Check scenario files and report all problems of each."""
    from sim.report import validation

    if schema:
        from sim.scenario.schema import json_schema

        print_result(json_document=json_schema, as_json=True)
        return
    if not files:
        raise InputError("name at least one scenario file to check, or ask for the --schema.")
    outcome = validation.validate(files)
    for problem in outcome.problems:
        say(str(problem))
    print_result(
        json_document=outcome.as_document,
        text=outcome.as_text,
        as_json=as_json,
        as_csv=False,
    )
    if outcome.problems:
        raise typer.Exit(2)


@app.command("run")
def run_command(
    scenario: ScenarioArgument,
    variant: VariantOption = Start.BEFORE,
    more: WithOption = None,
    less: WithoutOption = None,
    sets: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="ELEMENT.FIELD=VALUE", help="Set a field: pools.clerks.size=5."),
    ] = None,
    against: Annotated[
        Start | None, typer.Option("--against", help="Run this too and report paired changes from it.")
    ] = None,
    reading: ReadingOption = None,
    reps: RepsOption = None,
    precision: PrecisionOption = None,
    seed: SeedOption = None,
    engine: EngineOption = "auto",
    records: Annotated[Kept, typer.Option("--records", help="Which tables to keep.")] = Kept.STEPS,
    jobs: JobsOption = None,
    cluster: ClusterOption = None,
    fresh: FreshOption = False,
    out: OutOption = Path("results"),
    lang: LangOption = Lang.EN,
    as_json: JsonOption = False,
    as_csv: CsvOption = False,
) -> None:
    """One variant and its measures."""
    one_form(as_json, as_csv)
    from sim.report import run_text
    from sim.report.options import plan_of, sets_of, where_of
    from sim.report.run_kept import run_or_found
    from sim.report.single import Choice
    from sim.scenario.files import find
    from sim.scenario.load import load

    loaded = load(find(scenario))
    choice = Choice(variant.value, tuple(more or ()), tuple(less or ()), sets_of(sets or ()), reading)
    where = where_of(jobs, cluster)
    plan = plan_of(loaded, reps=reps, precision=precision, seed=seed, engine=engine, where=where)
    with following(sys.stderr) as (tell, progress):
        result, folder = run_or_found(
            loaded,
            choice,
            plan,
            against=None if against is None else against.value,
            out=out,
            kept=records.value,
            form="csv" if as_csv else "parquet",
            fresh=fresh,
            tell=tell,
            progress=progress,
        )
    for warning in result.warnings:
        say(f"Warning: {warning}")
    print_result(
        json_document=lambda: result.document,
        rows=result.rows,
        text=lambda: run_text.as_text(result, lang.value),
        as_json=as_json,
        as_csv=as_csv,
    )
    say(f"Kept in {folder}")


@app.command("replay")
def replay_command(
    scenarios: Annotated[
        list[str] | None, typer.Argument(metavar="[SCENARIO...]", help="No name: all.")
    ] = None,
    reading: ReadingOption = None,
    reps: RepsOption = None,
    precision: PrecisionOption = None,
    seed: SeedOption = None,
    engine: EngineOption = "auto",
    draws: Annotated[
        int,
        typer.Option(
            "--draws", metavar="N", help="Draws of what is not known, a power of two; 0: no verdicts."
        ),
    ] = 128,
    attribution: Annotated[
        Attributed, typer.Option("--attribution", help="How the saving is split over the levers.")
    ] = Attributed.SAMPLED,
    total_indices: Annotated[
        bool, typer.Option("--total-indices", help="Total sensitivity indices too, on an emulator.")
    ] = False,
    records: Annotated[Kept, typer.Option("--records", help="Which tables to keep.")] = Kept.CASES,
    jobs: JobsOption = None,
    cluster: ClusterOption = None,
    fresh: FreshOption = False,
    out: OutOption = Path("results"),
    lang: LangOption = Lang.EN,
    as_json: JsonOption = False,
    as_csv: CsvOption = False,
) -> None:
    """Before and after against the claims, with verdicts and figures; --reading NAME: only that reading."""
    one_form(as_json, as_csv)
    from sim.evidence.study import Study
    from sim.report import replays
    from sim.report.options import where_of

    with following(sys.stderr) as (tell, progress):
        report = replays.replay_all(
            scenarios or (),
            replays.Options(
                reading=reading, reps=reps, precision=precision, seed=seed, engine=engine,
                study=Study(draws, attribution.value, total=total_indices),
                where=where_of(jobs, cluster), fresh=fresh,
                out=out, kept=records.value, form="csv" if as_csv else "parquet", lang=lang.value,
            ),
            tell,
            progress,
        )  # fmt: skip
    for warning in report.warnings:
        say(f"Warning: {warning}")
    print_result(
        json_document=lambda: report.document,
        rows=report.rows,
        text=report.as_text,
        as_json=as_json,
        as_csv=as_csv,
    )
    for folder in report.folders:
        say(f"Kept in {folder}")


@app.command("trace")
def trace_command(
    scenario: ScenarioArgument,
    case: Annotated[
        str, typer.Option("--case", metavar="N", help="Its number as in the tables, or STREAM:N.")
    ],
    reading: ReadingOption = None,
    seed: SeedOption = None,
    engine: EngineOption = "auto",
    out: OutOption = Path("results"),
    lang: LangOption = Lang.EN,
    as_json: JsonOption = False,
    as_csv: CsvOption = False,
) -> None:
    """The story of one case in words and dates, before and after side by side."""
    one_form(as_json, as_csv)
    from sim.report import trace
    from sim.report.options import plan_of
    from sim.scenario.files import find
    from sim.scenario.load import load

    loaded = load(find(scenario))
    plan = plan_of(loaded, seed=seed, engine=engine)
    with following(sys.stderr) as (tell, _):
        told = trace.trace(loaded, case, plan, reading=reading, out=out, lang=lang.value, say=tell)
    print_result(
        json_document=told.to_json, rows=told.rows, text=told.as_text, as_json=as_json, as_csv=as_csv
    )


app.command("sweep")(what_if.sweep_command)
app.command("staff")(what_if.staff_command)
app.command("claims")(kept.claims_command)
app.command("results")(kept.results_command)
app.command("sql")(kept.sql_command)
app.command("verify")(kept.verify_command)


@app.command("bench")
def bench_command(
    quick: Annotated[bool, typer.Option("--quick", help="A tenth of the size, to see that it runs.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Speed of both engines on this machine, for a small standard network."""
    from sim.runs.speed import measure

    size = (0.1, 1) if quick else (1.0, 3)
    with following(sys.stderr) as (tell, progress):
        speeds = measure(*size, tell=tell, progress=progress)
    print_result(json_document=speeds.to_json, text=speeds.as_text, as_json=as_json)


def _utf8() -> None:
    """Let any text be printed: a Windows console may otherwise refuse Chinese."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure: Any = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="replace")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and end the process with its exit status."""
    _utf8()
    status = 0
    try:
        app(args=None if arguments is None else list(arguments), prog_name="reform-replay")
    except ReplayError as error:
        say(f"Error: {error}")
        status = error.exit_code
    except SystemExit as stop:
        if stop.code == 130:
            say("Interrupted.")
        raise
    except BrokenPipeError:  # the reader of a pipe, such as `head`, has seen enough
        sys.stdout = None
    sys.exit(status)


if __name__ == "__main__":
    main()
