"""Two runs compared: each kind of difference is found, and said with table, row, column and both values."""

from __future__ import annotations

from dataclasses import fields, replace
from functools import cache
from typing import Any

import numpy as np
import pytest

from sim.engine.compare import differences
from sim.engine.records import Records
from sim.network.elements import Network
from tests.offices import play

TABLES = ("cases", "steps", "pieces", "meetings", "pools")
AREAS = ("queue_area", "busy_area", "excess_area", "held_area")


@cache
def office() -> tuple[Network, Records]:
    """Two cases, a lunch that interrupts, a meeting, two counters: no table is empty."""
    found = play(
        """
        cases:
          classes: {small: {share: 1}, large: {share: rest}}
          arrive: {letters: {at: [2023-02-06 11:00, 2023-02-06 11:30]}}
          counts: {papers: 2}
        pools: {clerks: {size: 1, on: office}, board: {size: 1, on: office}}
        process:
          - {step: serve, by: clerks, effort: 2 h, counts: {visits: 1}}
          - {batch: panel, on: {every: 1 days, at: "17:00"}, attend: board, effort: {whole: 30 min}}
        """,
        pool_states=True,
    )
    return found.network, found.records


def copied(records: Records) -> Records:
    values = {f.name: getattr(records, f.name) for f in fields(Records)}
    return Records(**{k: v.copy() if isinstance(v, np.ndarray) else v for k, v in values.items()})


def compared(other: Records, **options: Any) -> list[str]:
    network, records = office()
    return differences(records, other, network, names=("simpy", "compiled"), **options)


def test_equal_runs_have_no_differences() -> None:
    network, records = office()
    assert differences(records, copied(records), network) == []
    for table in TABLES:
        assert len(getattr(records, table)), table


@pytest.mark.parametrize(
    ("table", "column"), [(t, c) for t in TABLES for c in (getattr(office()[1], t).dtype.names or ())]
)
def test_every_column_of_every_row_is_compared(table: str, column: str) -> None:
    for row in range(len(getattr(office()[1], table))):
        other = copied(office()[1])
        cell = getattr(other, table)[column]
        cell[row] = not cell[row] if cell.dtype == bool else cell[row] + 1
        (line,) = compared(other)
        assert line.startswith(f"{table}, row {row}, "), line
        assert f": {column} is " in line, line


@pytest.mark.parametrize("table", AREAS)
def test_every_area_is_compared(table: str) -> None:
    other = copied(office()[1])
    value = int(getattr(other, table)[1])
    getattr(other, table)[1] += 7
    assert compared(other) == [f"{table}, row 1, board (1): is {value} in simpy, {value + 7} in compiled"]


def test_counts_are_compared_by_case_and_counter() -> None:
    other = copied(office()[1])
    other.counts[1, 0] = np.nan
    assert compared(other) == [
        "counts, row 1, case 1 (letters/1): papers is 2.0 in simpy, nan in compiled",
    ]
    assert differences(other, copied(other), office()[0]) == []


@pytest.mark.parametrize("name", ["stopped", "activities"])
def test_numbers_are_compared_with_their_types(name: str) -> None:
    value = getattr(office()[1], name)
    assert compared(replace(office()[1], **{name: value + 1})) == [
        f"{name} is {value} in simpy, {value + 1} in compiled"
    ]
    assert compared(replace(office()[1], **{name: np.int64(value)})) == [
        f"{name} is of type int in simpy, int64 in compiled"
    ]


def test_a_line_names_the_element_the_case_and_what_numbers_stand_for() -> None:
    other = copied(office()[1])
    other.steps["status"][0] = 3
    other.steps["started"][0] += 60
    other.cases["end"][1] = 99
    row = "steps, row 0, serve (0), entry 1, of case 0 (letters/0)"
    assert compared(other) == [
        "cases, row 1, case 1 (letters/1): end is done (2) in simpy, 99 (which is nothing) in compiled",
        f"{row}: started is 39600 in simpy, 39660 in compiled",
        f"{row}: status is done (2) in simpy, cancelled (3) in compiled",
    ]


@pytest.mark.parametrize("table", [*TABLES, *AREAS, "counts"])
def test_a_row_missing_or_too_many_is_told(table: str) -> None:
    rows = getattr(office()[1], table)
    last = len(rows) - 1
    for other, alone in ((rows[:-1], "simpy"), (np.concatenate([rows, rows[-1:]]), "compiled")):
        first, second = compared(replace(copied(office()[1]), **{table: other}))
        assert first == f"{table} has {last + 1} rows in simpy, {len(other)} in compiled"
        assert second.startswith(f"{table}, row {last + (alone == 'compiled')}, "), second
        assert second.endswith(f": is in {alone} alone"), second


def test_rows_in_another_order_are_told() -> None:
    other = copied(office()[1])
    other.steps[[0, 1]] = other.steps[[1, 0]]
    assert any("steps, row 0" in line and "element is" in line for line in compared(other))


@pytest.mark.parametrize("table", [*TABLES, *AREAS, "counts"])
def test_other_types_of_columns_are_told(table: str) -> None:
    rows = getattr(office()[1], table)
    names = rows.dtype.names
    wide = [(n, "f8") for n in names] if names else "f4"
    (line,) = compared(replace(office()[1], **{table: rows.astype(wide)}))
    assert line.startswith(f"{table} is "), line
    assert ("element: <i4" in line) == ("element" in (names or ())), line


def test_another_number_of_counters_is_told() -> None:
    other = replace(office()[1], counts=office()[1].counts[:, :1])
    assert compared(other) == ["counts has the shape (2, 2) in simpy, (2, 1) in compiled"]


def test_of_many_differences_the_first_are_told_and_the_others_counted() -> None:
    other = copied(office()[1])
    other.steps["effort"] += 1
    count = len(other.steps)
    lines = compared(other, most=2)
    assert len(lines) == 3
    assert lines[-1] == f"steps: {count - 2} more cells differ"
    assert compared(other, leave_out=["steps"]) == []


def test_a_row_that_belongs_to_nothing_is_told_all_the_same() -> None:
    other = copied(office()[1])
    other.pieces["row"][:] = 10_000
    other.steps["case"][:] = -1
    assert any("pieces, row 0" in line for line in compared(other))
    network, records = office()
    swapped = differences(other, records, network)
    assert any("row 10000 of steps (which is none)" in line for line in swapped)
    assert any("case -1 (which is none)" in line for line in swapped)
