"""The critical path of every case: the rows that, one after the other, fill its time from arrival to end.

In a parallel block that is the branch that ends last (of several that end together the first in the
file). Where the case ended inside a branch, it is the branch that ended it: the others were cut off
in that second and bear the status ``CANCELLED``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.engine.records import Records, Table, Work
from sim.errors import RunError
from sim.network.elements import Kind, Network

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class CriticalPath:
    """Stretches in order of case and time; those of one case touch each other.

    Attributes
    ----------
    rows : rows of the steps table. case : rows of the case table.
    start, stop : seconds, ``[start, stop)``; together they cover arrival to end, or, for a case
        that is open, arrival to the end of the run.
    """

    rows: IntArray
    case: IntArray
    start: IntArray
    stop: IntArray


def node_kinds(network: Network) -> IntArray:
    """Return the kind of each node, by index."""
    return np.array([node.kind for node in network.nodes], dtype=np.int64)


def row_ends(network: Network, records: Records) -> IntArray:
    """Return when each row stops taking up its strand's time.

    That is its end, or the end of the run while it is open; the row of a hold is only the wait for
    the unit, so it stops when the unit is given.
    """
    steps = records.steps
    ends = np.where(steps["ended"] >= 0, steps["ended"], records.stopped + 1).astype(np.int64)
    held = (node_kinds(network)[steps["element"]] == Kind.BLOCK) & (steps["started"] >= 0)
    ends[held] = steps["started"][held]
    return ends


def takes_time(network: Network, records: Records) -> BoolArray:
    """Return which rows are elements that a case can spend time in (not marks, branches, limits)."""
    kinds = node_kinds(network)[records.steps["element"]]
    return np.isin(kinds, (Kind.STEP, Kind.WAIT, Kind.BATCH, Kind.BLOCK))


def row_starts(network: Network, records: Records) -> IntArray:
    """Return since when each row takes up its strand's time: since it was joined.

    A case of the backlog has been in its first element since it arrived, before the run began; where
    that is a parallel block, in the first element of every branch.
    """
    steps = records.steps
    starts = steps["joined"].astype(np.int64)
    rows = np.flatnonzero(takes_time(network, records))
    first = np.ones(len(rows), dtype=bool)
    first[1:] = steps["case"][rows[1:]] != steps["case"][rows[:-1]]
    begun = np.maximum.accumulate(np.where(first, np.arange(len(rows)), 0))  # first row of the same case
    first |= (starts[rows] == starts[rows[begun]]) & (steps["token"][rows] != steps["token"][rows[begun]])
    early = rows[first & records.cases["initial"][steps["case"][rows]]]
    starts[early] = records.cases["arrived"][steps["case"][early]]
    return starts


def critical_path(network: Network, records: Records) -> CriticalPath:
    """Find the critical path of every case.

    Raises
    ------
    RunError
        Where the rows on the path leave a second of the case unexplained.
    """
    steps, cases = records.steps, records.cases
    branches = node_kinds(network)[steps["element"]] == Kind.JOIN
    on_path = _on_path(network, steps, branches, records.stopped + 1)
    rows = np.flatnonzero(takes_time(network, records) & on_path)
    case = steps["case"][rows].astype(np.int64)
    start, stop = row_starts(network, records)[rows], row_ends(network, records)[rows]
    order = np.lexsort((stop, start, case))
    rows, case, start, stop = rows[order], case[order], start[order], stop[order]
    first = np.ones(len(rows), dtype=bool)
    first[1:] = case[1:] != case[:-1]
    before = np.where(first, cases["arrived"][case], 0)
    reached = running_max(case, stop)
    before[1:] = np.where(first[1:], before[1:], reached[:-1])
    _no_gap(network, records, rows, case, start, before)
    path = CriticalPath(rows, case, np.minimum(before, stop), stop)
    _whole(records, path, reached)
    return path


def running_max(group: IntArray, value: IntArray) -> IntArray:
    """Return the greatest value so far within each group; groups stand together, in ascending order."""
    if not len(value):
        return value
    low = int(value.min())
    width = int(value.max()) - low + 1
    place = group - group[0]
    result: IntArray = np.maximum.accumulate(value - low + place * width) - place * width + low
    return result


def _on_path(network: Network, steps: Table, branch: BoolArray, stopped: int) -> BoolArray:
    """Whether each row lies on the trunk or on a branch that decides."""
    on: BoolArray = steps["token"] == 0
    rows = np.flatnonzero(branch)
    if not len(rows):
        return on
    wide = int(max(steps["token"].max(), steps["child"].max())) + 1
    strand = steps["case"] * wide + steps["token"]
    chosen = rows[_deciding(network, steps[rows], stopped)]
    parent, child = strand[chosen], steps["case"][chosen] * wide + steps["child"][chosen]
    known = steps["token"][chosen] == 0
    while True:  # once for each level of nesting
        reached = known | np.isin(parent, child[known])
        if reached.sum() == known.sum():
            break
        known = reached
    return on | np.isin(strand, child[known])


def _deciding(network: Network, branches: Table, stopped: int) -> IntArray:
    """Rows of `branches` that decide when their parallel block is over, one for each time it is run."""
    forks = np.array([node.fork for node in network.nodes], dtype=np.int64)[branches["element"]]
    ends = np.where(branches["ended"] >= 0, branches["ended"], stopped)
    cut = branches["status"] == Work.CANCELLED
    order = np.lexsort((branches["element"], cut, -ends, branches["entry"], forks, branches["case"]))
    first = np.ones(len(order), dtype=bool)
    for key in (branches["case"], forks, branches["entry"]):
        first[1:] &= key[order][1:] == key[order][:-1]
    first[1:] = ~first[1:]
    return order[first].astype(np.int64)


def _no_gap(
    network: Network, records: Records, rows: IntArray, case: IntArray, start: IntArray, before: IntArray
) -> None:
    gaps = np.flatnonzero(start > before)
    if len(gaps):
        g = int(gaps[0])
        element = network.nodes[int(records.steps["element"][rows[g]])].name
        raise RunError(
            f"{case_name(network, records, int(case[g]))}: nothing on its critical path explains seconds "
            f"{before[g]} to {start[g]}, before {element}"
        )


def _whole(records: Records, path: CriticalPath, reached: IntArray) -> None:
    cases = records.cases
    end = cases["arrived"].astype(np.int64)
    end[path.case] = reached  # of several rows the last one is kept
    wrong = np.flatnonzero((cases["ended"] >= 0) & (end != cases["ended"]))
    if len(wrong):
        w = int(wrong[0])
        raise RunError(
            f"case in row {w}: its critical path ends at second {end[w]}, the case at {cases['ended'][w]} "
            f"({len(wrong)} such cases)"
        )


def case_name(network: Network, records: Records, case: int) -> str:
    """Return how messages name a case: its stream and number."""
    row = records.cases[case]
    stream = int(row["stream"])
    known = network.streams[stream].name if stream < len(network.streams) else "backlog"
    return f"case {int(row['number'])} of {known}"
