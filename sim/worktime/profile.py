"""Relative rate of arrivals: open time weighted by weekday and hour of the local wall clock."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from itertools import pairwise

from sim.worktime.calendar import Calendar
from sim.worktime.flatten import each_date
from sim.worktime.hours import DAY, shown, spans
from sim.worktime.steps import Steps
from sim.worktime.zones import local_clock


def rate(
    calendar: Calendar,
    weekdays: Mapping[int, float] | None = None,
    hours: Mapping[tuple[str, str], float] | None = None,
) -> Steps:
    """Return the relative rate over the calendar's cover: 0 while closed, else the product of the factors.

    Parameters
    ----------
    weekdays : factor by weekday (Monday 0) on the local wall clock; 1 where not given.
    hours : factor by interval of the day ("09:00", "11:00"); 1 where not given.

    Raises
    ------
    ValueError
        When a factor is negative, a time is wrong, or two intervals overlap.
    """
    by_day = dict(weekdays or {})
    by_hour = dict(hours or {})
    for name, factor in [*by_day.items(), *by_hour.items()]:
        if not 0 <= factor < float("inf"):
            raise ValueError(f"profile {name}: {factor} is no factor: want 0 or more")
    if not by_day and not by_hour:
        return calendar.shift
    pieces = _pieces(by_hour)
    clock = local_clock(calendar.zone, calendar.origin, calendar.origin_zone)
    first, last = calendar.cover
    start, end = calendar.local(first).date(), calendar.local(last - 1).date()
    changes: dict[int, float] = {}
    for day in each_date(start, end + timedelta(days=1)):
        for wall, factor in pieces:
            # At a clock change two walls may be one instant: the later wall's factor holds.
            changes[clock(day, wall)] = by_day.get(day.weekday(), 1.0) * factor
    return _product(calendar, sorted(changes.items()))


def _pieces(by_hour: Mapping[tuple[str, str], float]) -> list[tuple[int, float]]:
    """Return (wall-clock second, factor that holds from it) of one day, from second 0 on."""
    marks = []
    for pair, factor in by_hour.items():
        ((a, b),) = spans([pair], "profile hours")
        marks += [(a, min(b, DAY), factor)] + ([(0, b - DAY, factor)] if b > DAY else [])
    marks.sort()
    for (a, b, _), (c, d, _) in pairwise(marks):
        if c < b:
            raise ValueError(f"profile hours: {shown(a, b)} and {shown(c, d)} overlap")
    pieces = {0: 1.0}
    for a, b, factor in marks:
        pieces[a] = factor
        if b < DAY:
            pieces[b] = 1.0
    return sorted(pieces.items())


def _product(calendar: Calendar, factors: list[tuple[int, float]]) -> Steps:
    """Return the calendar's shift times the step function given by (time, factor)."""
    shift = calendar.shift
    weights = Steps(tuple(t for t, _ in factors), tuple(f for _, f in factors))
    first, last = calendar.cover
    times: list[int] = []
    values: list[float] = []
    for t in sorted({t for t in shift.times + weights.times if first <= t < last}):
        value = shift.at(t) * weights.at(t)
        if not values or values[-1] != value:
            times.append(t)
            values.append(value)
    return Steps(tuple(times), tuple(values), last)
