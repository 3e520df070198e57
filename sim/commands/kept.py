"""The commands about what is kept: verdicts, runs, questions to their tables, the reference set."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.commands.options import CsvOption, JsonOption, Lang, LangOption, OutOption
from sim.commands.output import one_form, print_result, say
from sim.errors import InputError


def claims_command(
    services: Annotated[
        list[str] | None,
        typer.Argument(metavar="[SERVICE...]", help="Services of the register; no name: all."),
    ] = None,
    sums: Annotated[
        bool, typer.Option("--arithmetic", help="The documents' own arithmetic, worked out, instead.")
    ] = False,
    out: OutOption = Path("results"),
    lang: LangOption = Lang.EN,
    as_json: JsonOption = False,
    as_csv: CsvOption = False,
) -> None:
    """The scoreboard of all documented figures, with the newest verdicts."""
    one_form(as_json, as_csv)
    from sim.report import scoreboard

    if sums:
        if services:
            raise InputError("--arithmetic is of all documents; leave the services out.")
        found = scoreboard.all_sums()
        print_result(
            json_document=lambda: scoreboard.sums_document(found),
            rows=lambda: scoreboard.sums_rows(found),
            text=lambda: scoreboard.sums_text(found, lang.value),
            as_json=as_json,
            as_csv=as_csv,
        )
        return
    board = scoreboard.scoreboard(services or (), out)
    print_result(
        json_document=board.document,
        rows=board.flat,
        text=lambda: board.as_text(lang.value),
        as_json=as_json,
        as_csv=as_csv,
    )


def results_command(
    scenario: Annotated[
        str | None, typer.Argument(metavar="[SCENARIO]", help="Only runs of this scenario.")
    ] = None,
    out: OutOption = Path("results"),
    lang: LangOption = Lang.EN,
    as_json: JsonOption = False,
    as_csv: CsvOption = False,
) -> None:
    """Runs that are kept, newest first."""
    one_form(as_json, as_csv)
    from sim.report.queries import runs_text
    from sim.store.catalogue import catalogue

    rows = catalogue(out, scenario)
    print_result(
        json_document=lambda: rows,
        rows=lambda: rows,
        text=lambda: runs_text(rows, out, lang.value),
        as_json=as_json,
        as_csv=as_csv,
    )


def sql_command(
    query: Annotated[
        str | None, typer.Argument(metavar="[QUERY]", help="Such as 'select * from claims'.")
    ] = None,
    tables: Annotated[
        bool, typer.Option("--tables", help="List the tables and their columns instead.")
    ] = False,
    out: OutOption = Path("results"),
    lang: LangOption = Lang.EN,
    as_json: JsonOption = False,
    as_csv: CsvOption = False,
) -> None:
    """A question in SQL to the tables of all runs that are kept."""
    one_form(as_json, as_csv)
    from sim.report import queries
    from sim.store.query import ask, table_list

    if tables == (query is not None):
        raise InputError('give one query, such as `sql "select * from runs"`, or ask for the --tables.')
    if query is None:
        found, warnings = table_list(out)
        for warning in warnings:
            say(f"Warning: {warning}")
        print_result(
            json_document=lambda: queries.tables_document(found),
            rows=lambda: queries.table_rows(found),
            text=lambda: queries.tables_text(found, out, lang.value),
            as_json=as_json,
            as_csv=as_csv,
        )
        return
    answer = ask(out, query)
    for warning in answer.warnings:
        say(f"Warning: {warning}")
    print_result(
        json_document=lambda: queries.answer_document(answer),
        rows=lambda: queries.answer_rows(answer),
        text=lambda: queries.answer_text(answer, lang.value),
        as_json=as_json,
        as_csv=as_csv,
    )


def verify_command(
    scenarios: Annotated[
        list[str] | None, typer.Argument(metavar="[SCENARIO...]", help="No name: all that have expectations.")
    ] = None,
    write: Annotated[
        bool, typer.Option("--write", help="Make what runs give now the expectations instead.")
    ] = False,
    out: OutOption = Path("results"),
    lang: LangOption = Lang.EN,
    as_json: JsonOption = False,
    as_csv: CsvOption = False,
) -> None:
    """Run the reference set again and compare; status 1 if a number differs."""
    one_form(as_json, as_csv)
    from sim.report import verifying

    if write:
        for path in verifying.write(scenarios or (), out, say):
            typer.echo(path)
        return
    found = verifying.verify(scenarios or (), out, say)
    print_result(
        json_document=found.document,
        rows=found.rows,
        text=lambda: found.as_text(lang.value),
        as_json=as_json,
        as_csv=as_csv,
    )
    if not found.agrees:
        raise typer.Exit(1)
