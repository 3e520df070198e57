"""Prints what a command found: one document on standard output, messages on standard error."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import typer

from sim.errors import InputError


def one_form(as_json: bool, as_csv: bool) -> None:
    """Refuse two forms of output before anything is run."""
    if as_json and as_csv:
        raise InputError("--json and --csv exclude each other: standard output holds one document.")


def print_result(
    *,
    json_document: Callable[[], object],
    rows: Callable[[], Sequence[Mapping[str, object]]] | None = None,
    text: Callable[[], str] | None = None,
    as_json: bool = False,
    as_csv: bool = False,
) -> None:
    """Print a result in the one form that was asked for."""
    one_form(as_json, as_csv)
    if as_json:
        from sim.store.documents import to_text

        typer.echo(to_text(json_document()))
    elif as_csv and rows is not None:
        from sim.report.layout import csv_text

        typer.echo(csv_text(rows()))
    elif text is not None and (words := text()):
        typer.echo(words)


def say(message: str) -> None:
    """Write a message to standard error."""
    typer.echo(message, err=True)
