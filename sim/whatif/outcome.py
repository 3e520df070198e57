"""What is kept of one run of a what-if question: times of its cases, use of its pools.

Cases are those that arrived in the window, as for the lead times of ``run``. Times are in seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from sim.chance.draws import Draws
from sim.engine.choose import choose
from sim.engine.records import Records
from sim.errors import InputError
from sim.measures.checks import check
from sim.measures.cohort import cohort
from sim.measures.summary import limits
from sim.network.elements import Kind, Network

IntArray = npt.NDArray[np.int64]
What = Literal["lead", "wait"]
Clock = Literal["elapsed", "working"]


@dataclass(frozen=True)
class Ask:
    """One time to be measured of every case.

    Attributes
    ----------
    what : ``lead``, from arrival to end; ``wait``, from joining a step's queue to the start of its work,
        all steps and holds of the case added up (of branches side by side too).
    clock : ``elapsed``, or ``working`` time by the default calendar.
    """

    what: What = "lead"
    clock: Clock = "elapsed"


@dataclass(frozen=True)
class Sample:
    """One time of every case of one run, in seconds.

    Attributes
    ----------
    done : of the cases that ended, in order of arrival.
    open : of those that had not ended when the run did: their time so far.
    """

    done: IntArray
    open: IntArray


@dataclass(frozen=True)
class Outcome:
    """One run.

    Attributes
    ----------
    samples : for each `Ask` of the job, in its order.
    utilisation : work over staff on shift in the window, by pool in the network's order; NaN for a pool
        that had nobody.
    limits : share of each limit's cases that were in time, as in `limit_names`; NaN for none.
    """

    samples: tuple[Sample, ...]
    utilisation: tuple[float, ...]
    limits: tuple[float, ...] = ()


@dataclass(frozen=True)
class OutcomeJob:
    """One replication of one network, and what to measure of it."""

    network: Network
    seed: int
    replication: int
    engine: str
    asks: tuple[Ask, ...]


def run_outcome(job: OutcomeJob) -> Outcome:
    """Run one replication, check its laws, and return what is asked of it."""
    records = choose(job.engine).run(job.network, Draws(job.seed, 0, job.replication))
    check(job.network, records)
    return outcome(job.network, records, job.asks)


def outcome(network: Network, records: Records, asks: tuple[Ask, ...]) -> Outcome:
    """Return what is asked of the records of one run."""
    first, last = network.window
    use = []
    for pool in network.pools:
        capacity = float(pool.capacity.integral(first, last))
        use.append(float(records.busy_area[pool.index]) / capacity if capacity else float("nan"))
    kept = tuple(m.value for m in limits(network, records) if m.statistic == "share")
    return Outcome(tuple(_sample(network, records, ask) for ask in asks), tuple(use), kept)


def limit_names(network: Network) -> tuple[str, ...]:
    """Return the names of the steps and blocks that have a limit, in the order of the network."""
    return tuple(n.name for n in network.nodes if n.limit is not None and n.escalated_from < 0)


def unit_seconds(network: Network, name: str) -> tuple[Clock, float]:
    """Return the clock of a unit of time and its length in seconds.

    Raises
    ------
    InputError : for working time where the scenario names no default calendar.
    """
    fixed = {"seconds": 1.0, "minutes": 60.0, "hours": 3600.0, "days": 86_400.0}
    if name in fixed:
        return "elapsed", fixed[name]
    if network.default_calendar < 0:
        raise InputError(
            f"{network.scenario}: working time needs `run: {{calendar: NAME}}` in the scenario, which names "
            "none. Ask in days, hours or minutes, or name a calendar there."
        )
    if name == "working hours":
        return "working", 3600.0
    return "working", float(network.calendars[network.default_calendar].standard_day)


def _sample(network: Network, records: Records, ask: Ask) -> Sample:
    member = cohort(network, records)
    over = records.cases["ended"] >= 0
    if ask.what == "lead":
        until = np.where(over, records.cases["ended"], records.stopped)
        rows = np.flatnonzero(member)
        times = np.zeros(len(records.cases), dtype=np.int64)
        times[rows] = _length(network, ask, records.cases["arrived"][rows], until[rows])
    else:
        times = _waits(network, records, ask, member)
    return Sample(times[member & over], times[member & ~over])


def _waits(network: Network, records: Records, ask: Ask, member: npt.NDArray[np.bool_]) -> IntArray:
    steps = records.steps
    staffed = np.array([n.kind == Kind.STEP or n.hold >= 0 for n in network.nodes])[steps["element"]]
    rows = np.flatnonzero(staffed & member[steps["case"]])
    joined, started, ended = (steps[name][rows] for name in ("joined", "started", "ended"))
    # Work that moved to another step ends here and goes on in a row of its own.
    until = np.where(started >= 0, started, np.where(ended >= 0, ended, records.stopped))
    lengths = _length(network, ask, joined, until)
    found = np.bincount(steps["case"][rows], weights=lengths, minlength=len(records.cases))
    return found.astype(np.int64)


def _length(network: Network, ask: Ask, begin: IntArray, end: IntArray) -> IntArray:
    if ask.clock == "elapsed":
        return np.asarray(end - begin, dtype=np.int64)
    calendar = network.calendars[network.default_calendar]
    return np.asarray(calendar.open_seconds_many(begin, end), dtype=np.int64)
