"""A table written piece by piece, so that only one piece at a time is in memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import pyarrow as pa


class Pieces:
    """One table in the making.

    Pieces may differ in their columns, which are known only when all are there; so each is kept beside
    the table's file until they are put together.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._schemas: list[pa.Schema] = []

    def add(self, stream: npt.NDArray[np.uint8]) -> None:
        """Keep the next rows of the table, given as the bytes of an Arrow stream."""
        import pyarrow as pa

        with pa.ipc.open_stream(pa.py_buffer(stream)) as reader:
            schema = reader.schema
        self._piece(len(self._schemas)).write_bytes(stream.data)
        self._schemas.append(schema)

    def join(self) -> None:
        """Put the pieces together, in order; a column that a piece lacks is null in it."""
        import pyarrow as pa
        import pyarrow.csv
        import pyarrow.parquet as pq

        if not self._schemas:
            return
        schema = pa.unify_schemas(self._schemas, promote_options="default")
        if self._path.suffix == ".csv":
            writer = pyarrow.csv.CSVWriter(self._path, schema)
        else:
            writer = pq.ParquetWriter(self._path, schema, compression="zstd")
        with writer:
            for place in range(len(self._schemas)):
                with pa.OSFile(str(self._piece(place))) as file, pa.ipc.open_stream(file) as piece:
                    writer.write_table(_widened(piece.read_all(), schema))
                self._piece(place).unlink()

    def _piece(self, place: int) -> Path:
        return self._path.with_name(f".{self._path.stem}-{place}.arrow")


@contextmanager
def pieces(path: Path) -> Iterator[Pieces]:
    """Open a table that is written piece by piece: as Parquet or CSV, by the ending of `path`.

    The table stands at `path` when the block ends; without a piece there is none.
    """
    made = Pieces(path)
    yield made
    made.join()


def _widened(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """Return a table with the columns of `schema`, null where it has them not."""
    import pyarrow as pa

    columns = [
        table[field.name] if field.name in table.column_names else pa.nulls(len(table), field.type)
        for field in schema
    ]
    return pa.table(columns, schema=schema)
