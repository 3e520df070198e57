"""Where the time of each case goes, to the second: touch, queue, off-shift, batch, wait, rework."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.engine.records import Records, Table
from sim.measures.critical import CriticalPath, critical_path, node_kinds
from sim.measures.marks import between
from sim.measures.shifts import OffShift, off_shift
from sim.network.elements import Kind, Network

IntArray = npt.NDArray[np.int64]

#: Kinds of time that a single stretch can be.
PLAIN = ("touch", "queue", "off_shift", "batch", "wait")
#: Kinds that add up to the whole: rework takes all of a redo pass, whatever it was spent on.
KINDS = (*PLAIN, "rework")

#: Seconds of one case. ``KINDS`` add up to ``total``; the ``rework_*`` columns add up to ``rework``.
SPLIT_DTYPE = np.dtype(
    [(name, "i8") for name in ("case", *KINDS, *(f"rework_{kind}" for kind in PLAIN), "total")],
)


def split(network: Network, records: Records, path: CriticalPath | None = None) -> Table:
    """Split the lead time of every ended case, from arrival to end.

    Parameters
    ----------
    path : the critical path of every case, if known already.

    Returns
    -------
    Table of `SPLIT_DTYPE`, one row per ended case in the order of the case table, in seconds.

    Raises
    ------
    RunError
        Where the records leave a second of a case unexplained.
    """
    cases = records.cases
    ended = np.flatnonzero(cases["ended"] >= 0)
    return split_times(network, records, ended, cases["arrived"][ended], cases["ended"][ended], path)


def split_between(network: Network, records: Records, start: str, stop: str) -> Table:
    """Split the time from the first passing of mark `start` to the last passing of mark `stop`.

    Parameters
    ----------
    start, stop : names of marks; empty for the arrival and the end of the case.

    Returns
    -------
    Table of `SPLIT_DTYPE`: cases that passed both, ended or not.
    """
    seen, begin, end = between(network, records, start, stop)
    rows = np.flatnonzero(seen)
    return split_times(network, records, rows, begin[rows], end[rows])


def split_times(
    network: Network,
    records: Records,
    cases: npt.ArrayLike,
    start: npt.ArrayLike,
    stop: npt.ArrayLike,
    path: CriticalPath | None = None,
) -> Table:
    """Split ``[start, stop)`` of each of `cases` along its critical path.

    Parameters
    ----------
    cases : distinct rows of the case table. start, stop : seconds, within the life of each case.
    path : its critical path, if known already.
    """
    chosen = np.asarray(cases, dtype=np.int64)
    low = np.zeros(len(records.cases), dtype=np.int64)
    high = np.zeros(len(records.cases), dtype=np.int64)  # [0, 0) for the cases left out
    low[chosen], high[chosen] = np.asarray(start, dtype=np.int64), np.asarray(stop, dtype=np.int64)
    way = critical_path(network, records) if path is None else path
    parts = _stretches(network, records, way, low, high)
    again = records.steps["rework"][way.rows]
    table = np.zeros(len(chosen), dtype=SPLIT_DTYPE)
    table["case"] = chosen
    for kind, seconds in zip(PLAIN, parts, strict=True):
        table[kind] = _by_case(way, np.where(again, 0, seconds), len(low))[chosen]
        table[f"rework_{kind}"] = _by_case(way, np.where(again, seconds, 0), len(low))[chosen]
        table["rework"] += table[f"rework_{kind}"]
    table["total"] = np.sum([table[kind] for kind in KINDS], axis=0)
    return table


def _by_case(path: CriticalPath, seconds: IntArray, count: int) -> IntArray:
    # Sums of whole seconds stay far below 2**53, so that they are exact as floats.
    return np.bincount(path.case, weights=seconds, minlength=count).astype(np.int64)


def _stretches(
    network: Network, records: Records, path: CriticalPath, low: IntArray, high: IntArray
) -> list[IntArray]:
    """Seconds of each row of `path` within [low, high) of its case, by kind of `PLAIN`."""
    steps, rows = records.steps, path.rows
    lo, hi = low[path.case], high[path.case]
    begun = np.where(steps["started"][rows] >= 0, steps["started"][rows], path.stop)
    start, stop = np.clip(path.start, lo, hi), np.clip(path.stop, lo, hi)
    begun = np.clip(begun, start, stop)
    elements = steps["element"][rows]
    kind = node_kinds(network)[elements]
    closed = off_shift(network)
    touch, idle_off = _work(records, path, closed, (begun, stop), (lo, hi))
    waiting = (kind == Kind.STEP) | (kind == Kind.BLOCK)
    off = np.where(waiting, closed.seconds(elements, start, begun) + idle_off, 0)
    queue = np.where(waiting, stop - start - touch - off, 0)
    batch = np.where(kind == Kind.BATCH, stop - start - touch, 0)
    wait = np.where(kind == Kind.WAIT, stop - start, 0)
    return [np.where(kind == Kind.WAIT, 0, touch), queue, off, batch, wait]


def _work(
    records: Records, path: CriticalPath, closed: OffShift, work: tuple[IntArray, IntArray],
    clip: tuple[IntArray, IntArray],
) -> tuple[IntArray, IntArray]:  # fmt: skip
    """Seconds at work, and off-shift seconds while paused, of each row of `path`."""
    (begun, stop), (lo, hi) = work, clip
    touch = stop - begun
    off = np.zeros(len(touch), dtype=np.int64)
    pieces = records.pieces
    if not len(pieces):
        return touch, off
    place = np.full(len(records.steps), -1, dtype=np.int64)
    place[path.rows] = np.arange(len(path.rows))
    at = place[pieces["row"]]
    pieces, at = pieces[at >= 0], at[at >= 0]
    ends = np.where(pieces["stop"] >= 0, pieces["stop"], records.stopped + 1)
    a, b = np.clip(pieces["start"], lo[at], hi[at]), np.clip(ends, lo[at], hi[at])
    worked = np.bincount(at, weights=b - a, minlength=len(touch)).astype(np.int64)
    elements = records.steps["element"][path.rows]
    at_work = np.bincount(at, weights=closed.seconds(elements[at], a, b), minlength=len(touch))
    some = np.unique(at)  # rows with pieces: those that were paused
    touch[some] = worked[some]
    off[some] = closed.seconds(elements[some], begun[some], stop[some]) - at_work[some].astype(np.int64)
    return touch, off
