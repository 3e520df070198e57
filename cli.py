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


class Lang(StrEnum):
    """Language of what is printed."""

    EN = "en"
    ZH = "zh"


LangOption = Annotated[Lang, typer.Option("--lang", help="Language of titles and words.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
CsvOption = Annotated[bool, typer.Option("--csv", help="Print a CSV table and nothing else.")]
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
    from sim.scenario.load import find, load

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


def _print(
    *,
    json_document: Callable[[], object],
    rows: Callable[[], Sequence[Mapping[str, object]]] | None = None,
    text: Callable[[], str] | None = None,
    as_json: bool = False,
    as_csv: bool = False,
) -> None:
    """Print a result in the one form that was asked for."""
    if as_json and as_csv:
        raise InputError("--json and --csv exclude each other: standard output holds one document.")
    if as_json:
        from sim.store.documents import to_text

        typer.echo(to_text(json_document()))
    elif as_csv and rows is not None:
        from sim.report.layout import csv_text

        typer.echo(csv_text(rows()))
    elif text is not None:
        typer.echo(text())


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
    status = 130
    try:
        app(args=None if arguments is None else list(arguments), prog_name="reform-replay")
    except ReplayError as error:
        _say(f"Error: {error}")
        status = error.exit_code
    except KeyboardInterrupt:
        _say("Interrupted.")
    except BrokenPipeError:  # the reader of a pipe, such as `head`, has seen enough
        status = 0
        sys.stdout = None
    sys.exit(status)


if __name__ == "__main__":
    main()
