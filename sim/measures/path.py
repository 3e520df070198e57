"""The way of one case through the service, second by second: in which element, doing what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise

import numpy as np

from sim.engine.records import Records, Table
from sim.measures.claims import ClaimSpec
from sim.measures.marks import between
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


#: Rows of the case table with the seconds between which a case's time is measured, and that time.
SPAN_DTYPE = np.dtype([("case", "i8"), ("start", "i8"), ("stop", "i8"), ("seconds", "i8")])


@dataclass(frozen=True, eq=False)
class OneCase:
    """The way of one case.

    Attributes
    ----------
    number : within its stream. arrived : second.
    whole : seconds from its arrival to its end, or to that of the run.
    span : between which seconds since its arrival a claim's time is measured; None without a claim, or
        where the case did not pass its marks.
    took : the time measured in seconds, else `whole`.
    segments : as `case_path`.
    """

    number: int
    arrived: int
    whole: int
    span: tuple[int, int] | None
    took: int
    segments: Table


#: One run of one variant, and the claim by which cases are measured (see `spans`).
Measured = tuple[Network, Records, ClaimSpec | None]


def average_paths(*sides: Measured) -> tuple[OneCase, ...] | None:
    """Return the way of one and the same case in each of one or two runs, one whose times are near the means.

    None where no case has a time in all of them; see `average_case`.
    """
    chosen = average_case(sides[0], sides[-1])
    if chosen is None:
        return None
    return tuple(one_case(side, case) for side, case in zip(sides, chosen, strict=False))


def one_case(side: Measured, case: int) -> OneCase:
    """Return the way of the case in row `case` of the case table."""
    network, records, spec = side
    row = records.cases[case]
    arrived = int(row["arrived"])
    whole = (int(row["ended"]) if row["status"] != EndStatus.OPEN else records.stopped + 1) - arrived
    span, took = None, whole
    if spec is not None:
        measured = spans(network, records, spec)
        measured = measured[measured["case"] == case]
        if len(measured):
            span = (int(measured["start"][0]) - arrived, int(measured["stop"][0]) - arrived)
            took = int(measured["seconds"][0])
    return OneCase(int(row["number"]), arrived, whole, span, took, case_path(network, records, case))


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


def spans(network: Network, records: Records, spec: ClaimSpec | None = None) -> Table:
    """Return from when to when the time of each case is measured.

    Parameters
    ----------
    spec : a claim: from its first mark to its last, for all cases that passed its marks, whatever its
        population; None: from arrival to end, of cases that ended well (``done``).

    Returns
    -------
    Table of `SPAN_DTYPE`. ``seconds`` is the elapsed time between the marks of each pair, added up.
    """
    cases = records.cases
    pairs = (("", ""),) if spec is None else spec.spans
    seen = cases["status"] == EndStatus.DONE if spec is None else np.ones(len(cases), dtype=bool)
    found = [between(network, records, start, stop) for start, stop in pairs]
    for both, _, _ in found:
        seen = seen & both
    rows = np.flatnonzero(seen)
    table = np.zeros(len(rows), dtype=SPAN_DTYPE)
    table["case"] = rows
    table["start"] = np.min([begin[rows] for _, begin, _ in found], axis=0)
    table["stop"] = np.max([end[rows] for _, _, end in found], axis=0)
    table["seconds"] = np.sum([end[rows] - begin[rows] for _, begin, end in found], axis=0)
    return table


def average_case(before: Measured, after: Measured) -> tuple[int, int] | None:
    """Return the rows of one case, before and after, whose times are nearest to both means.

    Only cases that arrived in the window of both variants and have a time in both (see `spans`) are
    looked at; None if there is none. Nearness is the sum of the relative distances from the means.
    """
    tables = []
    for network, records, spec in (before, after):
        measured, (first, last) = spans(network, records, spec), network.window
        cases = records.cases[measured["case"]]
        inside = (cases["arrived"] >= first) & (cases["arrived"] < last) & ~cases["initial"]
        cases, measured = cases[inside], measured[inside]
        name = cases["stream"].astype(np.int64) << 32 | cases["number"]
        tables.append((measured["case"], name, measured["seconds"].astype(np.float64)))
    (rows_b, name_b, lead_b), (rows_a, name_a, lead_a) = tables
    _, in_b, in_a = np.intersect1d(name_b, name_a, assume_unique=True, return_indices=True)
    if len(in_b) == 0:
        return None
    distance = np.zeros(len(in_b))
    for lead, mean in ((lead_b[in_b], lead_b.mean()), (lead_a[in_a], lead_a.mean())):
        distance += np.abs(lead - mean) / mean if mean > 0 else 0.0
    best = int(np.argmin(distance))
    return int(rows_b[in_b[best]]), int(rows_a[in_a[best]])
