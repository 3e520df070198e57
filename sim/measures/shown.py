"""What the figures show of one run: tables so small that they can be sent around and kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.engine.records import Records, Table
from sim.measures.claims import ClaimSpec
from sim.measures.critical import CriticalPath
from sim.measures.kinds import kinds_of
from sim.measures.series import (
    lead_times,
    mean_open,
    utilisation_by_hour,
    utilisation_by_pool,
    weekly_by,
)
from sim.network.elements import Network

FloatArray = npt.NDArray[np.float64]

#: Lengths, in weeks, of the periods for which there is a table.
PERIODS = (1, 2, 4, 13)


@dataclass(frozen=True, eq=False)
class Shown:
    """One run as figures show it.

    Attributes
    ----------
    stopped : last second simulated.
    weeks : cases per period and in progress, as `series.weekly`, by the length of the period.
    mean_open : cases in progress, over the window.
    hours : staff on shift and at work by pool, weekday and hour, as `series.utilisation_by_hour`.
    staff : the same by pool, as `series.utilisation_by_pool`.
    kinds : mean seconds of a case by kind of time, as `kinds.kinds_of`; None without a case.
    lead_times : days from arrival to end, as `series.lead_times`.
    """

    stopped: int
    weeks: Mapping[int, Table]
    mean_open: float
    hours: Table
    staff: Table
    kinds: tuple[float, ...] | None
    lead_times: FloatArray


def shown(
    network: Network, records: Records, spec: ClaimSpec | None = None, path: CriticalPath | None = None
) -> Shown:
    """Return one run as figures show it.

    Parameters
    ----------
    spec : the claim whose time is split into kinds; None: the time from arrival to end.
    path : the critical path of every case, if known already.
    """
    return Shown(
        stopped=records.stopped,
        weeks=weekly_by(records, PERIODS),
        mean_open=mean_open(network, records),
        hours=utilisation_by_hour(network, records),
        staff=utilisation_by_pool(network, records),
        kinds=kinds_of(network, records, spec, path),
        lead_times=lead_times(network, records),
    )
