"""What a run leaves behind: one row per case, one per case and step, and auxiliary tables.

All times are integer seconds from local midnight of the start date; -1 means "not (yet)".
Tables are NumPy structured arrays, in a fixed order, so that two runs can be compared cell by cell.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
import numpy.typing as npt

Table = npt.NDArray[Any]


class Work(IntEnum):
    """Status of a row of the steps table."""

    WAITING = 0  # in the queue when the run ended
    STARTED = 1  # in progress (or paused) when the run ended
    DONE = 2
    CANCELLED = 3  # stopped, or taken out of the queue, because the case ended elsewhere
    WITHDRAWN = 4  # left the queue by patience
    TURNED_AWAY = 5  # no room
    MOVED = 6  # escalated: goes on in the row of NAME/escalated


#: One row per case that arrived (or was open at the start), in order of (arrived, stream, number).
CASE_DTYPE = np.dtype(
    [
        ("stream", "i4"),  # index in Network.streams; backlogs follow: len(streams) + index
        ("number", "i4"),  # from 0 within the stream
        ("class", "i4"),  # at arrival
        ("final_class", "i4"),  # after escalations
        ("arrived", "i8"),  # negative for the backlog
        ("ended", "i8"),
        ("status", "i1"),  # EndStatus
        ("end", "i4"),  # node index of the END; -1 while open
        ("initial", "?"),  # open at the start (backlog)
    ]
)

#: One row per case and element entered: STEP, WAIT, BATCH, MARK, BLOCK with hold (its wait for the
#: unit), and one row per branch of a FORK (element = the branch's JOIN node).
#: Order: case, joined, element, entry, token.
STEP_DTYPE = np.dtype(
    [
        ("case", "i8"),  # row in the case table
        ("element", "i4"),  # node index
        ("entry", "i4"),  # n-th entry of this case into it, from 1
        ("token", "i4"),  # which strand of the case (0: the trunk)
        ("child", "i4"),  # branch rows: the token of the branch; `token` is its parent. else -1
        ("joined", "i8"),  # joined the queue (wait, mark, branch: began)
        ("started", "i8"),  # first start of work
        ("ended", "i8"),
        ("effort", "i8"),  # seconds of work drawn (waits: seconds of delay in its own clock)
        ("served", "i8"),  # seconds of work done
        ("option", "i4"),  # index into Node.needs that was taken; -1
        ("status", "i1"),  # Work
        ("rework", "?"),  # in a redo pass of a repeat
        ("due", "i8"),  # deadline of its limit when joined; -1 none
        ("missed", "?"),  # the limit passed before the end
        ("lead", "i8"),  # bundles: case row whose work this is (own row if alone or leading)
        ("meeting", "i4"),  # batch rows: number of the meeting, from 0; -1
    ]
)

#: Pieces of work of rows that were paused at least once: row of the steps table, [start, stop).
PIECE_DTYPE = np.dtype([("row", "i8"), ("start", "i8"), ("stop", "i8")])

#: Meetings held: batch node, number, planned time, start and end of the work, cases taken.
MEETING_DTYPE = np.dtype(
    [
        ("element", "i4"),
        ("number", "i4"),
        ("planned", "i8"),
        ("started", "i8"),
        ("ended", "i8"),
        ("taken", "i4"),
    ]
)

#: Pool state after each change (on request): head-count on shift, units at work, units held idle,
#: cases waiting whose first-named pool it is.
POOL_DTYPE = np.dtype(
    [("time", "i8"), ("pool", "i4"), ("capacity", "i4"), ("busy", "i4"), ("held", "i4"), ("waiting", "i4")]
)


@dataclass(frozen=True)
class Records:
    """Everything one run recorded.

    ``counts`` is float64 of shape (cases, counters). ``pools`` is empty unless asked for.
    ``stopped`` is the last second simulated (inclusive). ``queue_area`` holds, per pool, the
    integral over the window of cases waiting whose first-named pool it is, in case-seconds, kept by
    the engine from state changes: Little's law compares it with the sum of clipped waits.
    ``busy_area`` and ``excess_area`` are unit-seconds over the window: busy within capacity, and
    busy beyond it (overtime); ``held_area`` unit-seconds on shift, kept by holds and not at work.
    ``activities`` counts starts of work, for benchmarks. ``elements`` are those whose steps and pieces were
    recorded; None: all.
    """

    cases: Table
    counts: npt.NDArray[np.float64]
    steps: Table
    pieces: Table
    meetings: Table
    pools: Table
    queue_area: npt.NDArray[np.int64]
    busy_area: npt.NDArray[np.int64]
    excess_area: npt.NDArray[np.int64]
    held_area: npt.NDArray[np.int64]
    stopped: int
    activities: int
    elements: frozenset[int] | None = None
