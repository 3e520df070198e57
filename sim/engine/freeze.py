"""Puts the rows that an engine wrote as things happened into the fixed order of a run's records."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from sim.engine.records import Records, Table

#: Areas of the pools, by the names of their fields in `Records`.
AREAS = ("queue_area", "busy_area", "excess_area", "held_area")


def freeze(
    *,
    cases: Table,
    counts: npt.NDArray[np.float64],
    steps: Table,
    pieces: Table,
    meetings: Table,
    pools: Table,
    areas: Mapping[str, npt.NDArray[np.int64]],
    stopped: int,
    activities: int,
) -> Records:
    """Return the records of a run.

    Parameters
    ----------
    cases, counts : in the order of the cases.
    steps : by case, joined, element, entry and token.
    pieces : in any order.
    meetings : as written.
    pools : one row for every change; of several in one second the last one stands.
    areas : of each pool, by `AREAS`.
    """
    if len(pieces):
        pieces = pieces[np.lexsort((pieces["stop"], pieces["start"], pieces["row"]))]
    meetings = meetings[np.lexsort((meetings["number"], meetings["element"]))]
    if len(pools):
        pools = pools[np.lexsort((np.arange(len(pools)), pools["pool"], pools["time"]))]
        last = np.ones(len(pools), dtype=bool)
        last[:-1] = (pools["time"][1:] != pools["time"][:-1]) | (pools["pool"][1:] != pools["pool"][:-1])
        pools = pools[last]
    return Records(
        cases=cases,
        counts=counts,
        steps=steps,
        pieces=pieces,
        meetings=meetings,
        pools=pools,
        queue_area=areas["queue_area"],
        busy_area=areas["busy_area"],
        excess_area=areas["excess_area"],
        held_area=areas["held_area"],
        stopped=stopped,
        activities=activities,
    )
