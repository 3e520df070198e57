"""Mean time per case by kind (touch, queue, off-shift, batch, wait, rework), across replications."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.engine.records import Records, Table
from sim.measures.marks import between
from sim.measures.series import across
from sim.measures.split import KINDS, split, split_between
from sim.network.elements import EndStatus, Network


def mean_kinds(
    network: Network,
    replications: Sequence[Records],
    span: tuple[str, str] | None = None,
    level: float = 0.95,
) -> Table:
    """Return the mean seconds of each kind per case that was closed in the window.

    Parameters
    ----------
    replications : runs of one variant.
    span : marks between which time is split, of cases that last passed the second one in the
        window; None: from arrival to end, of cases that ended well (``done``) in the window.
    level : confidence level of the intervals.

    Returns
    -------
    Table of ``x, mean, low, high``, one row for each of ``split.KINDS`` in that order (``x`` is its
    place): mean over replications of the mean over cases, in seconds. All 0 if no case was closed.
    """
    means = [row for records in replications if (row := _means(network, records, span)) is not None]
    return across(np.arange(len(KINDS)), means or np.zeros((1, len(KINDS))), level)


def _means(network: Network, records: Records, span: tuple[str, str] | None) -> list[float] | None:
    first, last = network.window
    if span is None:
        table = split(network, records)
        cases = records.cases[table["case"]]
        closed = cases["ended"]
        counted = cases["status"] == EndStatus.DONE
    else:
        table = split_between(network, records, *span)
        closed = between(network, records, *span)[2][table["case"]]
        counted = np.ones(len(table), dtype=bool)
    table = table[counted & (closed >= first) & (closed < last)]
    return [float(table[kind].mean()) for kind in KINDS] if len(table) else None
