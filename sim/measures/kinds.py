"""Mean time per case by kind (touch, queue, off-shift, batch, wait, rework), across replications."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.engine.records import Records, Table
from sim.measures.claims import ClaimSpec, claim_split
from sim.measures.series import across
from sim.measures.split import KINDS, split
from sim.network.elements import EndStatus, Network


def mean_kinds(
    network: Network, replications: Sequence[Records], spec: ClaimSpec | None = None, level: float = 0.95
) -> Table:
    """Return the mean seconds of each kind per case.

    Parameters
    ----------
    replications : runs of one variant.
    spec : a claim, whose cases and marks are taken; None: from arrival to end, of the cases that
        ended well (``done``) in the window.
    level : confidence level of the intervals.

    Returns
    -------
    Table of ``x, mean, low, high``, one row for each of ``split.KINDS`` in that order (``x`` is its
    place): mean over replications of the mean over cases, in elapsed seconds. All 0 without cases.
    """
    means = [row for records in replications if (row := _means(network, records, spec)) is not None]
    return across(np.arange(len(KINDS)), means or np.zeros((1, len(KINDS))), level)


def _means(network: Network, records: Records, spec: ClaimSpec | None) -> list[float] | None:
    if spec is not None:
        table = claim_split(network, records, spec)
    else:
        table = split(network, records)
        cases, (first, last) = records.cases[table["case"]], network.window
        done = cases["status"] == EndStatus.DONE
        table = table[done & (cases["ended"] >= first) & (cases["ended"] < last)]
    return [float(table[kind].mean()) for kind in KINDS] if len(table) else None
