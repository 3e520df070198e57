"""Memory of one run's rows that the next run takes over, once nobody holds those rows any more.

Memory that is new to a process is cleared by the system, page by page, as it is first written to: a twentieth
of the time of a large run, and again in each of a hundred replications.
"""

from __future__ import annotations

import sys
import threading

import numpy as np

from sim.engine.records import STEP_DTYPE, Table

#: Shorter tables are found again by the C library itself (6 MB).
LEAST = 65_536

_kept: list[Table] = [np.empty(0, STEP_DTYPE)]
#: References to a table that only `_kept` holds, as they are counted here.
_ALONE = sys.getrefcount(_kept[0])
_lock = threading.Lock()


def step_rows(length: int) -> Table:
    """Return a steps table of `length` rows with anything in them; its base may be longer.

    It lies in the memory of the table returned before if that is long enough and neither that table nor any
    view of it is held; else in new memory, which is kept in its place.
    """
    if length < LEAST:
        return np.empty(length, STEP_DTYPE)
    with _lock:
        if len(_kept[0]) < length or sys.getrefcount(_kept[0]) > _ALONE:
            _kept[0] = np.empty(length, STEP_DTYPE)
        return _kept[0][:length]


def let_go() -> None:
    """Keep no memory: its run has outgrown it."""
    with _lock:
        _kept[0] = np.empty(0, STEP_DTYPE)
