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
from sim.measures.columns import Columns, group_starts
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


def row_ends(network: Network, records: Records, steps: Columns | None = None) -> IntArray:
    """Return when each row stops taking up its strand's time.

    That is its end, or the end of the run while it is open; the row of a hold is only the wait for
    the unit, so it stops when the unit is given.
    """
    steps = Columns(records.steps) if steps is None else steps
    ended = steps["ended"]
    ends: IntArray = np.where(ended >= 0, ended, records.stopped + 1)
    blocks = node_kinds(network) == Kind.BLOCK
    if blocks.any():
        held = np.flatnonzero(blocks[steps["element"]] & (steps["started"] >= 0))
        ends[held] = steps["started"][held]
    return ends


def takes_time(network: Network, records: Records, steps: Columns | None = None) -> BoolArray:
    """Return which rows are elements that a case can spend time in (not marks, branches, limits)."""
    some = np.isin(node_kinds(network), (Kind.STEP, Kind.WAIT, Kind.BATCH, Kind.BLOCK))
    found: BoolArray = some[(records.steps if steps is None else steps)["element"]]
    return found


def row_starts(network: Network, records: Records, steps: Columns | None = None) -> IntArray:
    """Return since when each row takes up its strand's time: since it was joined.

    A case of the backlog has been in its first element since it arrived, before the run began; where
    that is a parallel block, in the first element of every branch.
    """
    steps = Columns(records.steps) if steps is None else steps
    starts = np.array(steps["joined"], dtype=np.int64)
    initial = records.cases["initial"]
    if not initial.any():
        return starts
    of = steps["case"]
    rows = np.flatnonzero(takes_time(network, records, steps) & initial[of])
    case, token, joined = of[rows], steps["token"][rows], starts[rows]
    begins = group_starts(case)
    begun = np.repeat(begins, np.diff(np.append(begins, len(rows))))  # first row of the same case
    first = (joined == joined[begun]) & (token != token[begun])
    first[begins] = True
    starts[rows[first]] = records.cases["arrived"][case[first]]
    return starts


def critical_path(network: Network, records: Records, steps: Columns | None = None) -> CriticalPath:
    """Find the critical path of every case.

    Parameters
    ----------
    steps : the columns of the steps table, where they are at hand.

    Raises
    ------
    RunError
        Where the rows on the path leave a second of the case unexplained.
    """
    steps = Columns(records.steps) if steps is None else steps
    on_path = _on_path(network, records, steps)
    rows = np.flatnonzero(takes_time(network, records, steps) & on_path)
    case: IntArray = steps["case"][rows].astype(np.int64)
    start, stop = row_starts(network, records, steps)[rows], row_ends(network, records, steps)[rows]
    if not _in_order(case, start, stop):
        order = np.lexsort((stop, start, case))
        rows, case, start, stop = rows[order], case[order], start[order], stop[order]
    begins = group_starts(case)
    before = np.empty(len(rows), dtype=np.int64)
    reached = running_max(case, stop)
    before[1:] = reached[:-1]
    before[begins] = records.cases["arrived"][case[begins]]
    _no_gap(network, records, rows, case, start, before)
    path = CriticalPath(rows, case, np.minimum(before, stop), stop)
    _whole(records, path, begins, reached)
    return path


def _in_order(case: IntArray, start: IntArray, stop: IntArray) -> bool:
    """Whether rows stand in order of case, start and stop: without parallel branches most do."""
    later = case[1:] - case[:-1]
    since = start[1:] - start[:-1]
    wrong = (since < 0) | ((since == 0) & (stop[1:] < stop[:-1]))
    return not ((later < 0) | ((later == 0) & wrong)).any()


def running_max(group: IntArray, value: IntArray) -> IntArray:
    """Return the greatest value so far within each group; groups stand together, in ascending order."""
    if not len(value):
        return value
    low = int(value.min())
    width = int(value.max()) - low + 1
    place = group - group[0]
    result: IntArray = np.maximum.accumulate(value - low + place * width) - place * width + low
    return result


def _on_path(network: Network, records: Records, steps: Columns) -> BoolArray:
    """Whether each row lies on the trunk or on a branch that decides."""
    on: BoolArray = steps["token"] == 0
    joins = node_kinds(network) == Kind.JOIN
    rows = np.flatnonzero(joins[steps["element"]]) if joins.any() else np.zeros(0, dtype=np.int64)
    if not len(rows):
        return on
    wide = int(max(steps["token"].max(), steps["child"].max())) + 1
    strand = steps["case"] * wide + steps["token"]
    chosen = rows[_deciding(network, records.steps[rows], records.stopped + 1)]
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


def _whole(records: Records, path: CriticalPath, begins: IntArray, reached: IntArray) -> None:
    cases = records.cases
    end = cases["arrived"].astype(np.int64)
    last = np.append(begins[1:], len(reached))[: len(begins)] - 1  # of several rows of a case the last
    end[path.case[last]] = reached[last]
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
