"""The columns of a table of records, each made contiguous once: a pass over one reads only its own bytes."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.engine.records import Table


class Columns:
    """A table of records for reading column by column.

    A row of the steps table has a hundred bytes, so that an operation on one of its columns waits for
    memory. Whoever makes several passes over a table reads it through this.
    """

    def __init__(self, table: Table) -> None:
        self._table = table
        self._known: dict[str, Table] = {}

    def __len__(self) -> int:
        return len(self._table)

    def __getitem__(self, name: str) -> Table:
        found = self._known.get(name)
        if found is None:
            found = self._known[name] = np.ascontiguousarray(self._table[name])
        return found


def group_starts(group: npt.NDArray[np.integer]) -> npt.NDArray[np.int64]:
    """Return where each run of equal neighbours begins; none for an empty array."""
    if not len(group):
        return np.zeros(0, dtype=np.int64)
    return np.concatenate([[0], np.flatnonzero(group[1:] != group[:-1]) + 1])
