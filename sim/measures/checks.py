"""Laws that the records of every run must keep: conservation, Little's law, work done - to the second."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.engine.records import Records, Work
from sim.errors import RunError
from sim.measures.columns import Columns, group_starts
from sim.measures.critical import CriticalPath, case_name, critical_path
from sim.measures.shifts import needs_of
from sim.measures.work import work_pieces
from sim.network.elements import EndStatus, Kind, Network

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]


def check(network: Network, records: Records, made: int | None = None) -> CriticalPath:
    """Check every law.

    Parameters
    ----------
    made : cases that were made for the run (backlog and arrivals up to its last second), if known.

    Returns
    -------
    The critical path of every case, which is found on the way.

    Raises
    ------
    RunError
        Naming the law, what broke it and by how much.
    """
    steps = Columns(records.steps)
    check_conservation(network, records, made, steps)
    check_littles_law(network, records, waits_by_pool(network, records, steps))
    check_work(network, records, work_by_pool(network, records, steps))
    return critical_path(network, records, steps)  # raises where a second of a case is unexplained


class Checking:
    """The laws of one run whose records come in parts: whole cases, the last part with the areas."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.waits = np.zeros(len(network.pools), dtype=np.int64)
        self.work = np.zeros(len(network.pools), dtype=np.int64)
        sources = len(network.streams) + len(network.backlogs)
        #: By stream: cases, the sum of their numbers, and the greatest of these.
        self.cases, self.sums = np.zeros((2, sources), dtype=np.int64)
        self.last = np.full(sources, -1, dtype=np.int64)

    def add(self, records: Records, steps: Columns | None = None) -> None:
        """Check what holds case by case, and count in what holds of the run.

        Parameters
        ----------
        steps : the columns of ``records.steps``, where some have been read before.

        Raises
        ------
        RunError
            As `check`.
        """
        steps = Columns(records.steps) if steps is None else steps
        check_conservation(self.network, records, steps=steps)
        stream, number = records.cases["stream"], records.cases["number"].astype(np.int64)
        np.add.at(self.cases, stream, 1)
        np.add.at(self.sums, stream, number)
        np.maximum.at(self.last, stream, number)
        self.waits += waits_by_pool(self.network, records, steps)
        self.work += work_by_pool(self.network, records, steps)
        critical_path(self.network, records, steps)

    def end(self, last: Records) -> None:
        """Check what holds of the run, given its last part once it has been counted in.

        Raises
        ------
        RunError
            As `check`.
        """
        self._none_is_lost(last.stopped)
        check_littles_law(self.network, last, self.waits)
        check_work(self.network, last, self.work)

    def _none_is_lost(self, stopped: int) -> None:
        """Check that no case was left out between two parts, or came in both, by the cases' numbers."""
        # Cases drawn by a rate are numbered from 0 as they come.
        counts = self.last + 1
        sums = counts * self.last // 2
        streams, backlogs = self.network.streams, self.network.backlogs
        for i, stream in enumerate(streams):
            if stream.times is not None:  # recorded: by place in the record, whatever its order
                times = np.array(stream.times, dtype=np.int64)
                came = np.flatnonzero((times >= 0) & (times <= stopped))
                counts[i], sums[i] = len(came), came.sum()
        for i, backlog in enumerate(backlogs, start=len(streams)):
            counts[i], sums[i] = backlog.count, backlog.count * (backlog.count - 1) // 2
        wrong = np.flatnonzero((self.cases != counts) | (self.sums != sums))
        if len(wrong):
            i = int(wrong[0])
            name = streams[i].name if i < len(streams) else "backlog"
            raise RunError(
                f"conservation broken: {counts[i]} cases of {name} came, and each should be measured once; "
                f"{self.cases[i]} were, their numbers adding up to {self.sums[i]} in place of {sums[i]}"
            )


def check_conservation(
    network: Network, records: Records, made: int | None = None, steps: Columns | None = None
) -> None:
    """Open at the start plus arrived equals open at the end plus all that ended, case by case."""
    cases = records.cases
    steps = Columns(records.steps) if steps is None else steps
    if made is not None and made != len(cases):
        raise RunError(f"conservation broken: {made} cases were to come, {len(cases)} are in the records")
    is_open = cases["ended"] < 0
    ends = np.array([n.end_status if n.kind == Kind.END else EndStatus.OPEN for n in network.nodes])
    status = np.where(cases["end"] >= 0, ends[cases["end"]], EndStatus.OPEN)
    torn = is_open != (cases["status"] == EndStatus.OPEN)
    _none(network, records, torn, "has an end time and is open, or neither")
    _none(network, records, cases["status"] != status, "has another status than its end")
    _none(network, records, ~is_open & (cases["ended"] < cases["arrived"]), "ended before it arrived")
    _none(network, records, cases["ended"] > records.stopped, "ended after the run")
    _none(network, records, ~is_open & (cases["end"] < 0), "ended nowhere")
    running = (steps["status"] == Work.WAITING) | (steps["status"] == Work.STARTED)
    busy = np.zeros(len(cases), dtype=bool)
    busy[steps["case"][running]] = True
    _none(network, records, ~is_open & busy, "ended and is still somewhere")
    _none(network, records, is_open & ~busy, "is open and nowhere")
    last = np.zeros(len(cases), dtype=np.int64)
    if len(steps):  # the rows of a case stand together
        begins = group_starts(steps["case"])
        np.maximum.at(last, steps["case"][begins], np.maximum.reduceat(steps["ended"], begins))
    _none(network, records, ~is_open & (last > cases["ended"]), "went on after its end")


def _none(network: Network, records: Records, wrong: BoolArray, what: str) -> None:
    rows = np.flatnonzero(wrong)
    if len(rows):
        who = case_name(network, records, int(rows[0]))
        raise RunError(f"conservation broken: {who} {what} ({len(rows)} such cases)")


def waits_by_pool(network: Network, records: Records, steps: Columns | None = None) -> IntArray:
    """Return, per pool, the seconds that cases waited for it within the window.

    A wait is from joining a step (or asking for the unit of a hold) to the first start, to leaving
    or to the end of the window. It belongs to the pool that the step names first. A bundle waits
    once, as the case that leads it.
    """
    first, last = network.window
    steps = Columns(records.steps) if steps is None else steps
    none = len(network.pools)
    pools = np.full(len(network.nodes), none, dtype=np.int64)
    for node in network.nodes:
        needs = needs_of(node)
        if needs and needs[0].pools:
            pools[node.index] = needs[0].pools[0]
    over = np.where(steps["started"] >= 0, steps["started"], steps["ended"])
    over = np.where(over >= 0, over, last)
    waited = np.maximum(np.minimum(over, last) - np.maximum(steps["joined"], first), 0)
    waited[(steps["lead"] >= 0) & (steps["lead"] != steps["case"])] = 0
    totals = np.zeros(none + 1, dtype=np.int64)
    np.add.at(totals, pools[steps["element"]], waited)
    return totals[:none]


def check_littles_law(network: Network, records: Records, totals: IntArray | None = None) -> None:
    """Little's law as an integer identity, pool by pool.

    The integral over the window of the number waiting, which the engine keeps from its queues,
    equals the sum of the waits in the records clipped to the window (Little 1961, A proof for the
    queuing formula L = lambda W, Operations Research 9(3); Stidham 1974 for the sample-path form).

    Parameters
    ----------
    totals : `waits_by_pool` of the whole run, where `records` are the last part of it.
    """
    if records.stopped + 1 < network.window[1]:
        raise RunError(
            f"the run of {network.scenario} ({network.variant}) stopped at second {records.stopped}, "
            f"before its window ended at {network.window[1]}"
        )
    if totals is None:
        totals = waits_by_pool(network, records)
    wrong = np.flatnonzero(totals != records.queue_area)
    if len(wrong):
        pool = int(wrong[0])
        raise RunError(
            f"Little's law broken in pool {network.pools[pool].name} of {network.scenario} "
            f"({network.variant}): its queue held {records.queue_area[pool]} case-seconds in the window, "
            f"the waits on record add up to {totals[pool]}"
        )


def work_by_pool(network: Network, records: Records, steps: Columns | None = None) -> IntArray:
    """Return, per pool, the unit-seconds of work at steps within the window, from the pieces of work.

    A bundle is worked on once, as the case that leads it. Meetings are left out.
    """
    first, last = network.window
    steps = Columns(records.steps) if steps is None else steps
    led = (steps["lead"] >= 0) & (steps["lead"] != steps["case"])
    row, start, stop = work_pieces(network, records, steps)
    length = np.maximum(np.minimum(stop, last) - np.maximum(start, first), 0)
    if led.any():
        length[led[row]] = 0
    widest = max((len(node.needs) for node in network.nodes), default=0) + 1
    spent = np.zeros(len(network.nodes) * widest, dtype=np.int64)  # by element and option taken
    np.add.at(spent, steps["element"][row] * widest + steps["option"][row] + 1, length)
    totals = np.zeros(len(network.pools), dtype=np.int64)
    for node in network.nodes:
        for option, need in enumerate(node.needs):
            for pool, units in zip(need.pools, need.units, strict=True):
                totals[pool] += units * spent[node.index * widest + option + 1]
    return totals


def check_work(network: Network, records: Records, totals: IntArray | None = None) -> None:
    """Busy unit-seconds kept by the engine equal the work in the records, pool by pool.

    Within capacity and beyond it (overtime) together. Not compared are pools that attend meetings (a
    meeting goes on though a case ends during it, and no row tells how long) and alternatives of
    ``any`` (paused work may go on with another one, and its row names only one).

    Parameters
    ----------
    totals : `work_by_pool` of the whole run, where `records` are the last part of it.
    """
    given = records.busy_area + records.excess_area
    left_out = {p for n in network.nodes if n.meetings is not None for p in n.meetings.attend.pools}
    left_out |= {p for n in network.nodes if len(n.needs) > 1 for need in n.needs for p in need.pools}
    if totals is None:
        totals = work_by_pool(network, records)
    for pool in network.pools:
        if pool.index not in left_out and totals[pool.index] != given[pool.index]:
            raise RunError(
                f"work of pool {pool.name} of {network.scenario} ({network.variant}) does not add up: it was "
                f"busy {given[pool.index]} unit-seconds in the window, the records hold {totals[pool.index]}"
            )
