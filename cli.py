"""The command line: reads arguments, calls one function of ``sim``, prints, and returns an exit status.

0: done. 1: a check failed or a run broke a law (never a verdict). 2: bad input. 130: interrupted.
The result goes to standard output; progress and messages go to standard error.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from sim import __version__
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


class Kept(StrEnum):
    """Which tables of records are kept."""

    NONE = "none"
    CASES = "cases"
    STEPS = "steps"


class Start(StrEnum):
    """Where a variant starts from."""

    BEFORE = "before"
    AFTER = "after"


class Attributed(StrEnum):
    """How the saving is split over the levers."""

    SAMPLED = "sampled"
    EXACT = "exact"
    NONE = "none"


class Lang(StrEnum):
    """Language of what is printed."""

    EN = "en"
    ZH = "zh"


LangOption = Annotated[Lang, typer.Option("--lang", help="Language of titles and words.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
CsvOption = Annotated[bool, typer.Option("--csv", help="Print a CSV table and nothing else.")]
ReadingOption = Annotated[
    str | None, typer.Option("--reading", metavar="NAME", help="Which reading; left out, the headline.")
]
RepsOption = Annotated[
    int | None, typer.Option("--reps", metavar="N", help="Replications; left out, what the scenario states.")
]
PrecisionOption = Annotated[
    float | None,
    typer.Option(
        "--precision", metavar="X", help="Replicate until half-widths are X or less, in the measure's unit."
    ),
]
SeedOption = Annotated[
    int | None,
    typer.Option("--seed", metavar="S", help="Seed of all chance; left out, what the scenario states."),
]
EngineOption = Annotated[
    str, typer.Option("--engine", help="auto, simpy (the reference) or compiled (fast).")
]
JobsOption = Annotated[
    int | None, typer.Option("--jobs", metavar="N", help="Processes at once; left out, one per processor.")
]
ClusterOption = Annotated[
    str | None,
    typer.Option(
        "--cluster", metavar="ADDRESS", help="Dask cluster: tcp://HOST:PORT, or local (--jobs workers)."
    ),
]
FreshOption = Annotated[
    bool, typer.Option("--fresh", help="Do not go on from what a stopped run has finished.")
]
OutOption = Annotated[Path, typer.Option("--out", metavar="DIR", help="Where results are kept.")]
ScenarioArgument = Annotated[str, typer.Argument(metavar="SCENARIO", help="A scenario's name, or a file.")]


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
        _say(message)
    _print(
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
    _say(f"Edit it, then: reform-replay validate {path}")


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
    _print(
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

        _print(json_document=json_schema, as_json=True)
        return
    if not files:
        raise InputError("name at least one scenario file to check, or ask for the --schema.")
    outcome = validation.validate(files)
    for problem in outcome.problems:
        _say(str(problem))
    _print(
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
    variant: Annotated[Start, typer.Option("--variant", help="before: no lever. after: all.")] = Start.BEFORE,
    more: Annotated[list[str] | None, typer.Option("--with", metavar="LEVER", help="Put a lever in.")] = None,
    less: Annotated[
        list[str] | None, typer.Option("--without", metavar="LEVER", help="Leave a lever out.")
    ] = None,
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
    _one_form(as_json, as_csv)
    from sim.report import run_text, single
    from sim.report.options import plan_of, sets_of, where_of
    from sim.scenario.files import find
    from sim.scenario.load import load

    loaded = load(find(scenario))
    choice = single.Choice(variant.value, tuple(more or ()), tuple(less or ()), sets_of(sets or ()), reading)
    where = where_of(jobs, cluster)
    plan = plan_of(loaded, reps=reps, precision=precision, seed=seed, engine=engine, where=where)
    with following(sys.stderr) as (tell, progress):
        result, folder = single.run_single(
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
        _say(f"Warning: {warning}")
    _print(
        json_document=result.to_json,
        rows=result.rows,
        text=lambda: run_text.as_text(result, lang.value),
        as_json=as_json,
        as_csv=as_csv,
    )
    _say(f"Kept in {folder}")


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
    _one_form(as_json, as_csv)
    from sim.evidence.study import Study
    from sim.report import replays
    from sim.report.options import where_of

    with following(sys.stderr) as (tell, progress):
        report = replays.replay_all(
            scenarios or (),
            replays.Options(
                reading=reading, reps=reps, precision=precision, seed=seed, engine=engine,
                study=Study(draws, attribution.value), where=where_of(jobs, cluster), fresh=fresh,
                out=out, kept=records.value, form="csv" if as_csv else "parquet", lang=lang.value,
            ),
            tell,
            progress,
        )  # fmt: skip
    for warning in report.warnings:
        _say(f"Warning: {warning}")
    _print(
        json_document=lambda: report.document,
        rows=report.rows,
        text=report.as_text,
        as_json=as_json,
        as_csv=as_csv,
    )
    for folder in report.folders:
        _say(f"Kept in {folder}")


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
    _one_form(as_json, as_csv)
    from sim.report import trace
    from sim.report.options import plan_of
    from sim.scenario.files import find
    from sim.scenario.load import load

    loaded = load(find(scenario))
    plan = plan_of(loaded, seed=seed, engine=engine)
    with following(sys.stderr) as (tell, _):
        told = trace.trace(loaded, case, plan, reading=reading, out=out, lang=lang.value, say=tell)
    _print(json_document=told.to_json, rows=told.rows, text=told.as_text, as_json=as_json, as_csv=as_csv)


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
    _print(json_document=speeds.to_json, text=speeds.as_text, as_json=as_json)


def _one_form(as_json: bool, as_csv: bool) -> None:
    """Refuse two forms of output before anything is run."""
    if as_json and as_csv:
        raise InputError("--json and --csv exclude each other: standard output holds one document.")


def _print(
    *,
    json_document: Callable[[], object],
    rows: Callable[[], Sequence[Mapping[str, object]]] | None = None,
    text: Callable[[], str] | None = None,
    as_json: bool = False,
    as_csv: bool = False,
) -> None:
    """Print a result in the one form that was asked for."""
    _one_form(as_json, as_csv)
    if as_json:
        from sim.store.documents import to_text

        typer.echo(to_text(json_document()))
    elif as_csv and rows is not None:
        from sim.report.layout import csv_text

        typer.echo(csv_text(rows()))
    elif text is not None and (words := text()):
        typer.echo(words)


def _say(message: str) -> None:
    """Write a message to standard error."""
    typer.echo(message, err=True)


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
        _say(f"Error: {error}")
        status = error.exit_code
    except SystemExit as stop:
        if stop.code == 130:
            _say("Interrupted.")
        raise
    except BrokenPipeError:  # the reader of a pipe, such as `head`, has seen enough
        sys.stdout = None
    sys.exit(status)


if __name__ == "__main__":
    main()
