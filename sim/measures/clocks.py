"""The clocks of a claim: how long a case took, counted in one way or another, between two instants."""

from __future__ import annotations

from enum import StrEnum

import numpy as np
import numpy.typing as npt

from sim.engine.records import Records
from sim.errors import InputError
from sim.measures.columns import Columns
from sim.measures.critical import row_ends, row_starts, running_max, takes_time
from sim.measures.work import people, work_pieces
from sim.network.elements import Hands, Network
from sim.worktime.calendar import Calendar

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]


class Clock(StrEnum):
    """What is counted."""

    ELAPSED = "elapsed"  # every second
    WORKING_TIME = "working-time"  # open seconds of the calendar
    WORKING_DATES = "working-dates"  # working dates after the acceptance date, up to the decision
    LEGAL = "legal"  # open seconds in government hands, less those in which the law stops the clock
    APPLICANT = "applicant"  # seconds in the applicant's hands
    TOUCH = "touch"  # seconds of work on the case, all branches


#: Clocks for which it does not matter what happened between two instants.
BETWEEN_MARKS = (Clock.ELAPSED, Clock.WORKING_TIME, Clock.WORKING_DATES)


def clock_values(
    network: Network,
    records: Records,
    clock: Clock,
    calendar: int,
    cases: npt.ArrayLike,
    start: npt.ArrayLike,
    stop: npt.ArrayLike,
) -> IntArray:
    """Return what `clock` counts in ``[start, stop)`` of each case.

    Parameters
    ----------
    calendar : index of the calendar that counts working time, working dates and legal time; -1 for
        the default calendar of the scenario.
    cases : distinct rows of the case table. start, stop : seconds.

    Returns
    -------
    IntArray
        Seconds; for working dates the number of dates.

    Raises
    ------
    ValueError
        If not all elements were recorded and the clock needs them.
    """
    rows = np.asarray(cases, dtype=np.int64)
    a, b = np.asarray(start, dtype=np.int64), np.asarray(stop, dtype=np.int64)
    if clock is Clock.ELAPSED:
        return b - a
    if clock is Clock.WORKING_TIME:
        return _calendar(network, calendar).open_seconds_many(a, b)
    if clock is Clock.WORKING_DATES:
        return _calendar(network, calendar).working_dates_between_many(a, b)
    if records.elements is not None:
        raise ValueError(f"the clock {clock} needs a run that recorded all elements")
    low, high = np.zeros((2, len(records.cases)), dtype=np.int64)
    low[rows], high[rows] = a, b
    if clock is Clock.LEGAL:
        return _legal(network, records, _calendar(network, calendar), low, high)[rows]
    if clock is Clock.APPLICANT:
        return _applicant(network, records, low, high)[rows]
    return touch_seconds(network, records, low, high)[rows]


def touch_seconds(network: Network, records: Records, low: IntArray, high: IntArray) -> IntArray:
    """Return the seconds of work on every case in its [low, high); two branches at once count twice."""
    row, start, stop = work_pieces(network, records)
    case = records.steps["case"][row]
    length = np.maximum(np.minimum(stop, high[case]) - np.maximum(start, low[case]), 0)
    return np.bincount(case, weights=length, minlength=len(low)).astype(np.int64)


def person_seconds(network: Network, records: Records, low: IntArray, high: IntArray) -> FloatArray:
    """Return the person-seconds spent on every case in its [low, high).

    Two people at one step count twice; a meeting or a bundle is shared equally by its members.
    """
    row, start, stop = work_pieces(network, records)
    case = records.steps["case"][row]
    length = np.maximum(np.minimum(stop, high[case]) - np.maximum(start, low[case]), 0)
    shared = length * people(network, records)[row]
    return np.asarray(np.bincount(case, weights=shared, minlength=len(low)), dtype=np.float64)


def _calendar(network: Network, index: int) -> Calendar:
    found = index if index >= 0 else network.default_calendar
    if found < 0:
        raise InputError(
            f"scenario {network.scenario} ({network.variant}): a clock of working time needs a calendar, "
            "and there is no default one; name it in the claim or in run"
        )
    return network.calendars[found]


def _legal(network: Network, records: Records, calendar: Calendar, low: IntArray, high: IntArray) -> IntArray:
    hands = np.array([node.hands for node in network.nodes], dtype=np.int64)
    stops = np.array([node.stops_clock for node in network.nodes], dtype=bool)
    steps = Columns(records.steps)
    somewhere = takes_time(network, records, steps)
    stopped = somewhere & stops[steps["element"]]
    official = somewhere & (hands == Hands.GOVERNMENT)[steps["element"]]
    # Officially held and not stopped: held or stopped, less stopped.
    either = _union(network, records, steps, np.flatnonzero(official | stopped), low, high, calendar)
    return either - _union(network, records, steps, np.flatnonzero(stopped), low, high, calendar)


def _applicant(network: Network, records: Records, low: IntArray, high: IntArray) -> IntArray:
    hands = np.array([node.hands for node in network.nodes], dtype=np.int64)
    steps = Columns(records.steps)
    theirs = takes_time(network, records, steps) & (hands == Hands.APPLICANT)[steps["element"]]
    return _union(network, records, steps, np.flatnonzero(theirs), low, high, None)


def _union(
    network: Network,
    records: Records,
    steps: Columns,
    rows: IntArray,
    low: IntArray,
    high: IntArray,
    calendar: Calendar | None,
) -> IntArray:
    """Seconds (open ones, with a calendar) that the stretches of `rows` cover together, by case."""
    case = steps["case"][rows].astype(np.int64)
    lowest, highest = low[case], high[case]
    inside = np.flatnonzero(highest > lowest)  # elsewhere nothing is counted
    rows, case, lowest, highest = rows[inside], case[inside], lowest[inside], highest[inside]
    start = np.clip(row_starts(network, records, steps)[rows], lowest, highest)
    stop = np.clip(row_ends(network, records, steps)[rows], lowest, highest)
    order = np.lexsort((start, case))
    case, start, stop = case[order], start[order], stop[order]
    covered = running_max(case, stop)
    new = np.ones(len(case), dtype=bool)
    new[1:] = case[1:] != case[:-1]
    before = np.where(new, start, 0)
    before[1:] = np.where(new[1:], start[1:], np.maximum(start[1:], covered[:-1]))
    after = np.maximum(stop, before)
    length = after - before if calendar is None else calendar.open_seconds_many(before, after)
    return np.bincount(case, weights=length, minlength=len(low)).astype(np.int64)
