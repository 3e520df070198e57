"""Which cases the measures of a run are about: the window's cohort, and how many cases came to what."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.engine.records import Records
from sim.network.elements import EndStatus, Network

BoolArray = npt.NDArray[np.bool_]


def case_counts(network: Network, records: Records) -> dict[str, int]:
    """Count cases over the window: open at its start and arrived in it, and what became of them.

    Returns
    -------
    dict
        ``initial`` (open when the window began), ``arrived`` (in it), ``finished``, ``withdrawn``,
        ``abandoned``, ``refused``, ``turned_away`` (ended in it, by status) and ``open`` (when the
        window ended): initial + arrived = open + all the others.
    """
    cases, (first, last) = records.cases, network.window
    arrived, ended = cases["arrived"], cases["ended"]
    over = (ended >= 0) & (ended < last)
    here = over & (ended >= first)
    names = {
        "finished": EndStatus.DONE,
        "withdrawn": EndStatus.WITHDRAWN,
        "abandoned": EndStatus.ABANDONED,
        "refused": EndStatus.REFUSED,
        "turned_away": EndStatus.TURNED_AWAY,
    }
    # The backlog was there before the first second, whatever its window.
    early = (arrived < first) | cases["initial"]
    counts = {
        "initial": int((early & ~(over & (ended < first))).sum()),
        "arrived": int((~early & (arrived < last)).sum()),
        "open": int(((early | (arrived < last)) & ~over).sum()),
    }
    return counts | {name: int((here & (cases["status"] == status)).sum()) for name, status in names.items()}


def cohort(network: Network, records: Records) -> BoolArray:
    """Return which cases arrived in the window, the backlog apart: those that lead times are about."""
    cases, (first, last) = records.cases, network.window
    return np.asarray((cases["arrived"] >= first) & (cases["arrived"] < last) & ~cases["initial"])
