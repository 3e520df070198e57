"""Answers SQL questions about all kept runs: reading only, no files but theirs, memory bounded."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import InputError
from sim.store.views import make_views

if TYPE_CHECKING:
    import duckdb

#: Memory that a query may take, and rows that an answer may have.
MEMORY = "1GB"
MOST_ROWS = 100_000


@dataclass(frozen=True)
class Answer:
    """The answer to a query.

    Attributes
    ----------
    columns : (name, type) of each, names made different from one another.
    rows : values as JSON knows them.
    warnings : tables that could not be read.
    """

    columns: tuple[tuple[str, str], ...]
    rows: tuple[tuple[Any, ...], ...]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class TableInfo:
    """One table that can be asked: its name, its rows, its columns as (name, type)."""

    name: str
    rows: int
    columns: tuple[tuple[str, str], ...]


def ask(out: Path, sql: str) -> Answer:
    """Return the answer to one SELECT (or WITH, FROM, DESCRIBE, SUMMARIZE, SHOW, EXPLAIN).

    Parameters
    ----------
    out : the results store.

    Raises
    ------
    InputError : for a query that is wrong, does more than read, or answers with too many rows.
    """
    import duckdb

    with _store(out) as (connection, warnings):
        try:
            statements = duckdb.extract_statements(sql)
        except duckdb.Error as error:
            raise _wrong(error) from None
        if len(statements) != 1:
            raise InputError(f"one query is needed, found {len(statements)}.")
        kind = statements[0].type
        if kind not in (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN):
            raise InputError(f"only questions are answered, such as SELECT; found {kind.name}.")
        try:
            connection.execute(statements[0])
            described = [(str(name), str(type_)) for name, type_, *_ in connection.description or ()]
            rows = connection.fetchmany(MOST_ROWS + 1)
        except duckdb.OutOfMemoryException as error:
            raise InputError(f"the query needs more than {MEMORY} of memory: {_first(error)}") from None
        except duckdb.Error as error:
            raise _wrong(error) from None
    if len(rows) > MOST_ROWS:
        raise InputError(f"the answer has more than {MOST_ROWS} rows; aggregate, or add LIMIT {MOST_ROWS}.")
    values = tuple(tuple(_value(value) for value in row) for row in rows)
    return Answer(tuple(_different(described)), values, tuple(warnings))


def table_list(out: Path) -> tuple[tuple[TableInfo, ...], tuple[str, ...]]:
    """Return the tables that can be asked, by name, and what could not be read."""
    with _store(out) as (connection, warnings):
        found = []
        names = connection.execute(
            "SELECT view_name FROM duckdb_views() WHERE NOT internal AND NOT temporary ORDER BY view_name"
        ).fetchall()
        for (name,) in names:
            described = connection.execute(f'DESCRIBE "{name}"').fetchall()
            (count,) = connection.execute(f'SELECT count(*) FROM "{name}"').fetchone() or (0,)
            found.append(TableInfo(str(name), int(count), tuple((str(c), str(t)) for c, t, *_ in described)))
    return tuple(found), tuple(warnings)


@contextmanager
def _store(out: Path) -> Iterator[tuple[duckdb.DuckDBPyConnection, list[str]]]:
    """Open a database in memory with the views, then shut it off from files, network and settings."""
    try:
        import duckdb
    except ImportError:
        raise InputError(
            "`sql` needs the package duckdb, which is not installed: pip install duckdb."
        ) from None

    connection = duckdb.connect(
        ":memory:",
        config={
            "memory_limit": MEMORY,
            "temp_directory": "",
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "python_enable_replacements": False,
        },
    )
    try:
        warnings = make_views(connection, out)
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        yield connection, warnings
    finally:
        connection.close()


def _wrong(error: Exception) -> InputError:
    """Return what DuckDB says of a query, without the names of its parts inside."""
    return InputError(f"the query cannot be answered. {_first(error)} `sql --tables` lists what there is.")


def _first(error: Exception) -> str:
    """Return the first paragraphs of a message, up to the picture of the query, on one line."""
    words = str(error).partition("\n\nLINE ")[0]
    line = " ".join(words.split()).rstrip(".?!")
    return line + ("?" if "Did you mean" in line else ".")


def _different(columns: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    seen: dict[str, int] = {}
    for name, kind in columns:
        seen[name] = seen.get(name, 0) + 1
        yield (name if seen[name] == 1 else f"{name}_{seen[name]}"), kind


def _value(value: object) -> Any:
    """Return a value of a row as JSON knows it."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, list | tuple):
        return [_value(one) for one in value]
    if isinstance(value, dict):
        return {str(key): _value(one) for key, one in value.items()}
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, bytes | bytearray):
        return value.hex()
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return value.isoformat(" ") if isinstance(value, datetime) else str(value)
