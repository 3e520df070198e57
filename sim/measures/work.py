"""When each row of the steps table was worked on, and by how many people."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.engine.records import Records, Table
from sim.measures.columns import Columns
from sim.measures.critical import node_kinds
from sim.network.elements import Kind, Need, Network

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]


def work_pieces(
    network: Network, records: Records, columns: Columns | None = None
) -> tuple[IntArray, IntArray, IntArray]:
    """Return stretches of work: row of the steps table, start and stop in seconds.

    One for each row that was worked on without a pause, one for each piece of those that were
    paused. Work that goes on when the run ends counts to its last second.
    """
    steps = Columns(records.steps) if columns is None else columns
    pieces = records.pieces
    works = np.isin(node_kinds(network), (Kind.STEP, Kind.BATCH))
    worked = (steps["started"] >= 0) & works[steps["element"]]
    whole = worked.copy()
    whole[pieces["row"]] = False
    rows = np.flatnonzero(whole)
    cut = pieces[worked[pieces["row"]]]
    row = np.concatenate([rows, cut["row"]]).astype(np.int64)
    start = np.concatenate([steps["started"][rows], cut["start"]]).astype(np.int64)
    stop = np.concatenate([steps["ended"][rows], cut["stop"]]).astype(np.int64)
    return row, start, np.where(stop >= 0, stop, records.stopped + 1)


def people(network: Network, records: Records) -> FloatArray:
    """Return, for each row of the steps table, the people at work on it, as this case's own share.

    A meeting or the work of a bundle is shared equally by its members, so that the person-hours of
    all cases add up to those that the pools gave.
    """
    steps = records.steps
    units = np.zeros(len(steps), dtype=np.float64)
    for node in network.nodes:
        if node.kind == Kind.STEP:
            here = np.flatnonzero(steps["element"] == node.index)
            by_option = np.array([0.0, *(sum(need.units) for need in node.needs)])
            units[here] = by_option[steps["option"][here] + 1]
        elif node.kind == Kind.BATCH and node.meetings is not None:
            attending: Need = node.meetings.attend
            units[steps["element"] == node.index] = sum(attending.units)
    return np.asarray(units / _members(network, steps), dtype=np.float64)


def _members(network: Network, steps: Table) -> FloatArray:
    """Return how many cases share the work of each row."""
    members = np.ones(len(steps), dtype=np.float64)
    met = np.flatnonzero(steps["meeting"] >= 0)
    _share(members, met, steps[["element", "meeting"]][met])
    led = (steps["lead"] >= 0) & (steps["lead"] != steps["case"]) & (steps["meeting"] < 0)
    if led.any():
        step = node_kinds(network)[steps["element"]] == Kind.STEP
        staffed = np.flatnonzero(step & (steps["started"] >= 0))
        _share(members, staffed, steps[["element", "lead", "started"]][staffed])
    return members


def _share(members: FloatArray, rows: IntArray, keys: Table) -> None:
    if len(rows):
        _, which, count = np.unique(keys, return_inverse=True, return_counts=True)
        members[rows] = count[which]
