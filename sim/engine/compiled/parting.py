"""Parts the rows of cases that have ended from those of open cases, which move to the front of their tables.

Compiled, for a run hands on its rows often, and NumPy copies records field by field.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from sim.engine.compiled.copying import copy_row
from sim.engine.compiled.jit import entry_with_arrays

#: ``lead`` of a row whose bundle is led by a case of another chunk: this and the number of that case.
ELSEWHERE = 1 << 40


Table = npt.NDArray[Any]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]


@entry_with_arrays
def _moved(steps, case, pieces, chosen, places, names, rows, cut):
    """Copy the rows of cases that are `chosen` to `rows` and `cut`; return how many there are of each.

    They may be the tables that the rows come from: none is written before it has been read.
    """
    # Of each row where it went.
    place = np.empty(len(steps), np.int64)
    found = 0
    for i in range(len(steps)):
        place[i] = -1
        if chosen[case[i]]:
            place[i] = found
            copy_row(rows, found, steps, i)
            rows[found].case = places[case[i]]
            lead = steps[i].lead
            if 0 <= lead < ELSEWHERE:
                rows[found].lead = places[lead] if chosen[lead] else ELSEWHERE + names[lead]
            found += 1
    others = 0
    for i in range(len(pieces)):
        row = place[pieces[i].row]
        if row >= 0:
            copy_row(cut, others, pieces, i)
            cut[others].row = row
            others += 1
    return found, others


class Rows:
    """Rows of cases that have ended and of others, as they were written.

    Attributes
    ----------
    case : of each row of `steps`, in a table of its own, which is read much faster.
    """

    def __init__(self, steps: Table, pieces: Table, names: IntArray) -> None:
        """Take the used part of both tables, and the number of each case in the whole run."""
        self.steps, self.pieces, self.names = steps, pieces, names
        self.case: IntArray = np.array(steps["case"])

    def count(self) -> IntArray:
        """Return how many rows of `steps` each case has."""
        return np.bincount(self.case, minlength=len(self.names))

    def copy(self, chosen: BoolArray, count: int) -> tuple[Table, Table]:
        """Return the rows of the cases that are chosen, `count` of `steps`, with these cases numbered anew.

        A ``lead`` that is not chosen becomes `ELSEWHERE` and its number in the whole run.
        """
        steps, pieces = np.empty(count, self.steps.dtype), np.empty(len(self.pieces), self.pieces.dtype)
        _, found = self._move(chosen, steps, pieces)
        return steps, pieces[:found].copy()

    def keep(self, chosen: BoolArray) -> tuple[int, int]:
        """Move the rows of the cases that are chosen to the front of both tables, numbered as by `copy`.

        Returns
        -------
        How many rows of each there are then.
        """
        return self._move(chosen, self.steps, self.pieces)

    def _move(self, chosen: BoolArray, steps: Table, pieces: Table) -> tuple[int, int]:
        places = np.cumsum(chosen, dtype=np.int64) - 1
        found = _moved(self.steps, self.case, self.pieces, chosen, places, self.names, steps, pieces)
        return int(found[0]), int(found[1])
