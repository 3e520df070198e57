"""Tables written piece by piece: the same rows as in one go, whatever columns the pieces have."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pytest

from sim.store.pieces import pieces


def named(name: str, **columns: list[int]) -> pa.Table:
    count = len(next(iter(columns.values())))
    names = pa.array([name] * count).dictionary_encode()
    return pa.table({"name": names, **columns})


def streamed(table: pa.Table) -> npt.NDArray[np.uint8]:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return np.frombuffer(sink.getvalue(), dtype=np.uint8)


PARTS = (named("a", case=[1, 2], visits=[5, 6]), named("b", case=[3], papers=[7]), named("c", case=[4]))
ROWS = [
    {"name": "a", "case": 1, "visits": 5, "papers": None},
    {"name": "a", "case": 2, "visits": 6, "papers": None},
    {"name": "b", "case": 3, "visits": None, "papers": 7},
    {"name": "c", "case": 4, "visits": None, "papers": None},
]


@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_pieces_become_one_table_with_null_where_one_has_no_such_column(tmp_path: Path, form: str) -> None:
    path = tmp_path / f"cases.{form}"
    with pieces(path) as table:
        for part in PARTS:
            table.add(streamed(part))
        assert not path.exists()
    read = pyarrow.csv.read_csv if form == "csv" else pyarrow.parquet.read_table
    assert read(path).to_pylist() == ROWS
    assert [found.name for found in tmp_path.iterdir()] == [path.name]


def test_without_a_piece_there_is_no_table(tmp_path: Path) -> None:
    with pieces(tmp_path / "cases.parquet"):
        pass
    assert list(tmp_path.iterdir()) == []


def test_an_error_leaves_no_table(tmp_path: Path) -> None:
    def broken() -> None:
        with pieces(tmp_path / "cases.parquet") as table:
            table.add(streamed(PARTS[0]))
            raise KeyError

    with pytest.raises(KeyError):
        broken()
    assert not (tmp_path / "cases.parquet").exists()
