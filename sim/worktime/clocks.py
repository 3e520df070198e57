"""Clocks: how long something took, as a person, an office, a date stamp or the law would count it."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from sim.worktime.calendar import Calendar
from sim.worktime.steps import Seconds

#: ``[start, stop)`` in seconds.
Interval = tuple[int, int]


def elapsed(a: int, b: int) -> int:
    """Return the seconds from `a` to `b`, nights and holidays included."""
    return b - a


def working_time(calendar: Calendar, a: int, b: int) -> float:
    """Return the open time from `a` to `b` in standard days of `calendar` (0.5: half such a day)."""
    return calendar.open_seconds(a, b) / calendar.standard_day


def working_time_many(calendar: Calendar, a: npt.ArrayLike, b: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Return `working_time` for arrays of seconds."""
    return np.asarray(calendar.open_seconds_many(a, b) / calendar.standard_day, np.float64)


def working_dates(calendar: Calendar, a: int, b: int) -> int:
    """Return the working dates after the one of acceptance at `a`, up to that of the decision at `b`."""
    return calendar.working_dates_between(a, b)


def working_dates_many(calendar: Calendar, a: npt.ArrayLike, b: npt.ArrayLike) -> Seconds:
    """Return `working_dates` for arrays of seconds."""
    return calendar.working_dates_between_many(a, b)


def legal_time(calendar: Calendar, government: Iterable[Interval], stops: Iterable[Interval] = ()) -> float:
    """Return the time on the legal clock in standard days of `calendar`.

    The clock runs in open time while any branch of the case is in government hands, and stands
    still during every statutory stop, whatever else goes on.

    Parameters
    ----------
    government : intervals in which some branch is in government hands; they may overlap.
    stops : intervals of statutory stops; they may overlap.
    """
    return open_total(calendar, minus(government, stops)) / calendar.standard_day


def union(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """Return the union as disjoint ascending intervals; touching ones are joined, empty ones dropped."""
    merged: list[list[int]] = []
    for start, stop in sorted(intervals):
        if stop <= start:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], stop)
        else:
            merged.append([start, stop])
    return tuple((a, b) for a, b in merged)


def minus(intervals: Iterable[Interval], holes: Iterable[Interval]) -> tuple[Interval, ...]:
    """Return what of the union of `intervals` lies in none of `holes`."""
    rest: list[Interval] = []
    cuts = union(holes)
    for start, stop in union(intervals):
        for a, b in cuts:
            if b <= start:
                continue
            if a >= stop:
                break
            if a > start:
                rest.append((start, a))
            start = b
        if start < stop:
            rest.append((start, stop))
    return tuple(rest)


def open_total(calendar: Calendar, intervals: Iterable[Interval]) -> int:
    """Return the open seconds in the union of `intervals`; what overlaps counts once."""
    return sum(calendar.open_seconds(a, b) for a, b in union(intervals))


def legal_time_many(
    calendar: Calendar,
    cases: int,
    case: npt.ArrayLike,
    start: npt.ArrayLike,
    stop: npt.ArrayLike,
    *,
    government: npt.ArrayLike,
    stops: npt.ArrayLike,
) -> npt.NDArray[np.float64]:
    """Return `legal_time` of many cases at once.

    Parameters
    ----------
    cases : number of cases; the result has this shape, in standard days.
    case, start, stop : of each interval, its case (0 to ``cases - 1``) and seconds.
    government, stops : of each interval, whether it is in government hands, and whether it is a
        statutory stop; it may be both (then it stops the clock) or neither.
    """
    who, begin, end = (np.asarray(column, np.int64) for column in (case, start, stop))
    hands, holes = (np.asarray(column, np.int64) for column in (government, stops))
    real = end > begin
    who, begin, end, hands, holes = who[real], begin[real], end[real], hands[real], holes[real]
    # Sweep all cases in one go: every count is back to 0 where the next case begins.
    owner, time = np.concatenate([who, who]), np.concatenate([begin, end])
    order = np.lexsort((time, owner))
    owner, time = owner[order], time[order]
    active = np.cumsum(np.concatenate([hands, -hands])[order])
    stopped = np.cumsum(np.concatenate([holes, -holes])[order])
    runs = np.flatnonzero((active[:-1] > 0) & (stopped[:-1] == 0) & (owner[:-1] == owner[1:]))
    seconds = np.zeros(cases, np.int64)
    np.add.at(seconds, owner[runs], calendar.open_seconds_many(time[runs], time[runs + 1]))
    return np.asarray(seconds / calendar.standard_day, np.float64)
