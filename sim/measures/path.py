"""The way of one case through the service, second by second: in which element, doing what."""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum
from itertools import pairwise

import numpy as np

from sim.engine.records import Records, Table
from sim.measures.shifts import OffShift, off_shift
from sim.network.elements import EndStatus, Kind, Network


class Time(IntEnum):
    """What a case is doing in a second of its lead time: the kinds of ``split.PLAIN``, in their order."""

    TOUCH = 0
    QUEUE = 1
    OFF_SHIFT = 2
    BATCH = 3
    WAIT = 4


#: Segment [start, stop) of a case's time in an element. ``token`` is the strand of the case that is
#: there, ``order`` numbers the elements by when the case first reached them.
SEGMENT_DTYPE = np.dtype(
    [
        ("order", "i4"),
        ("element", "i4"),
        ("token", "i4"),
        ("start", "i8"),
        ("stop", "i8"),
        ("kind", "i1"),
        ("rework", "?"),
    ]
)


def case_path(network: Network, records: Records, case: int) -> Table:
    """Return the segments of one case, by element in order of first arrival there, then by time.

    Parameters
    ----------
    case : row in the case table.

    Returns
    -------
    Table of `SEGMENT_DTYPE`; elements that took no time at all have no segment. Time in an element
    that had not ended when the run stopped is cut off there.
    """
    steps = records.steps
    closed = off_shift(network)
    first, last = np.searchsorted(steps["case"], (case, case + 1))
    found: list[tuple[int, int, int, int, int, int, bool]] = []
    order: dict[int, int] = {}
    for row in range(int(first), int(last)):
        step = steps[row]
        element = int(step["element"])
        for start, stop, kind in _pieces(network, records, closed, row):
            if stop > start:
                place = order.setdefault(element, len(order))
                found.append((place, element, int(step["token"]), start, stop, kind, bool(step["rework"])))
    return np.array(sorted(found), dtype=SEGMENT_DTYPE)


def _pieces(
    network: Network, records: Records, closed: OffShift, row: int
) -> Iterator[tuple[int, int, Time]]:
    step = records.steps[row]
    node = network.nodes[int(step["element"])]
    joined, started = int(step["joined"]), int(step["started"])
    ended = int(step["ended"]) if step["ended"] >= 0 else records.stopped + 1
    begun = started if started >= 0 else ended
    if node.kind is Kind.WAIT:
        yield joined, ended, Time.WAIT
    elif node.kind is Kind.BATCH:
        yield joined, begun, Time.BATCH
        yield begun, ended, Time.TOUCH
    elif node.kind is Kind.BLOCK:
        yield from _waiting(closed, node.index, joined, begun)
    elif node.kind is Kind.STEP:
        now = joined
        for start, stop in _work(records, row, begun, ended):
            yield from _waiting(closed, node.index, now, start)
            yield start, stop, Time.TOUCH
            now = stop
        yield from _waiting(closed, node.index, now, ended)


def _work(records: Records, row: int, begun: int, ended: int) -> list[tuple[int, int]]:
    pieces = records.pieces[records.pieces["row"] == row]
    if len(pieces) == 0:
        return [(begun, ended)]
    end = records.stopped + 1
    return [
        (int(p["start"]), int(p["stop"]) if p["stop"] >= 0 else end) for p in np.sort(pieces, order="start")
    ]


def _waiting(closed: OffShift, element: int, start: int, stop: int) -> Iterator[tuple[int, int, Time]]:
    """Cut [start, stop) where the staff that `element` needs go on or off shift."""
    which = int(closed.function[element])
    if which < 0 or stop <= start:
        yield start, stop, Time.QUEUE
        return
    times, off = closed.times[which], closed.off[which]
    inside = np.searchsorted(times, (start, stop), side="right")
    edges = [start, *(int(t) for t in times[inside[0] : inside[1]] if t < stop), stop]
    for begin, end in pairwise(edges):
        place = int(np.searchsorted(times, begin, side="right")) - 1
        yield begin, end, Time.OFF_SHIFT if place >= 0 and off[place] else Time.QUEUE


def average_case(before: tuple[Network, Records], after: tuple[Network, Records]) -> tuple[int, int] | None:
    """Return the rows of one case, before and after, whose lead times are nearest to both means.

    Only cases that arrived in the window of both variants and ended well (``done``) in both are
    looked at; None if there is none. Nearness is the sum of the relative distances from the means.
    """
    tables = []
    for network, records in (before, after):
        cases, (first, last) = records.cases, network.window
        good = (cases["status"] == EndStatus.DONE) & (cases["arrived"] >= first) & (cases["arrived"] < last)
        rows = np.flatnonzero(good)
        name = cases["stream"][rows].astype(np.int64) << 32 | cases["number"][rows]
        tables.append((rows, name, (cases["ended"] - cases["arrived"])[rows].astype(np.float64)))
    (rows_b, name_b, lead_b), (rows_a, name_a, lead_a) = tables
    _, in_b, in_a = np.intersect1d(name_b, name_a, assume_unique=True, return_indices=True)
    if len(in_b) == 0:
        return None
    distance = np.zeros(len(in_b))
    for lead, mean in ((lead_b[in_b], lead_b.mean()), (lead_a[in_a], lead_a.mean())):
        distance += np.abs(lead - mean) / mean if mean > 0 else 0.0
    best = int(np.argmin(distance))
    return int(rows_b[in_b[best]]), int(rows_a[in_a[best]])
