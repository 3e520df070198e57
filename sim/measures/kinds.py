"""Mean time per case by kind (touch, queue, off-shift, batch, wait, rework), in one run and over several."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.engine.records import Records, Table
from sim.measures.claims import ClaimSpec, claim_split
from sim.measures.critical import CriticalPath
from sim.measures.series import across
from sim.measures.split import KINDS, split
from sim.network.elements import EndStatus, Network


def kinds_of(
    network: Network, records: Records, spec: ClaimSpec | None = None, path: CriticalPath | None = None
) -> tuple[float, ...] | None:
    """Return the mean elapsed seconds of each kind per case of one run; None without a case.

    Parameters
    ----------
    spec : a claim, whose cases and marks are taken; None: from arrival to end, of the cases that
        ended well (``done``) in the window.
    path : the critical path of every case, if known already.

    Returns
    -------
    One number for each of ``split.KINDS``, in that order.
    """
    if spec is not None:
        table = claim_split(network, records, spec, path)
    else:
        table = split(network, records, path)
        cases, (first, last) = records.cases[table["case"]], network.window
        done = cases["status"] == EndStatus.DONE
        table = table[done & (cases["ended"] >= first) & (cases["ended"] < last)]
    return tuple(float(table[kind].mean()) for kind in KINDS) if len(table) else None


def mean_kinds(runs: Sequence[tuple[float, ...] | None], level: float = 0.95) -> Table:
    """Return the mean seconds of each kind per case over replications.

    Parameters
    ----------
    runs : what `kinds_of` returned for each.
    level : confidence level of the intervals.

    Returns
    -------
    Table of ``x, mean, low, high``, one row for each of ``split.KINDS`` in that order (``x`` is its
    place): mean over replications of the mean over cases. All 0 without cases.
    """
    means = [run for run in runs if run is not None]
    return across(np.arange(len(KINDS)), means or np.zeros((1, len(KINDS))), level)
