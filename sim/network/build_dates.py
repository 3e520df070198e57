"""Dates of meetings and rates of arrival in seconds: made once for many values of the unknowns."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from sim.worktime.calendar import Calendar, Steps, to_datetime
from sim.worktime.zones import local_clock

DAY = 86400


@dataclass(frozen=True)
class Regular:
    """When meetings are, with all numbers known; one of the four ways is given.

    Attributes
    ----------
    dates : stated one by one. month_days : days of each month.
    working : every so many working days. days : every so many days, on `weekday` (Monday 0) if given.
    begin : first date; None for the start of the run.
    """

    dates: tuple[date, ...] = ()
    month_days: tuple[int, ...] = ()
    working: int = 0
    days: int = 0
    weekday: int | None = None
    begin: date | None = None


@lru_cache(maxsize=64)
def meetings(
    on: Regular, wall: int, calendar: Calendar | None, zone: str, start: tuple[date, str], horizon: int
) -> tuple[int, ...]:
    """Return the seconds of all meetings from the start to the horizon.

    A date that is no working day of the calendar moves to the next one, at the same time; two that
    fall together are one.

    Parameters
    ----------
    wall : time of day in seconds, in `zone`.
    calendar : whose working days count; None: every day.
    start : date and zone of second 0.
    """
    clock = local_clock(zone, *start)
    midnights = [] if calendar is None else [midnight for midnight, _ in calendar.dates]
    found = set()
    for day in _dates(on, midnights, zone, start, horizon):
        if calendar is not None:
            place = bisect_left(midnights, clock(day, 0))
            if place == len(midnights):
                continue
            day = to_datetime(midnights[place], zone, *start).date()
        time = clock(day, wall)
        if 0 <= time < horizon:
            found.add(time)
    return tuple(sorted(found))


def _dates(
    on: Regular, midnights: list[int], zone: str, start: tuple[date, str], horizon: int
) -> Iterator[date]:
    origin = start[0]
    last = origin + timedelta(days=horizon // DAY + 1)
    if on.month_days:
        # From the month before: its last meeting may move into the run.
        month = (origin.replace(day=1) - timedelta(days=1)).replace(day=1)
        while month <= last:
            following = (month + timedelta(days=32)).replace(day=1)
            length = (following - month).days
            yield from (month.replace(day=min(day, length)) for day in on.month_days)
            month = following
    elif on.working:
        begin = bisect_left(midnights, local_clock(zone, *start)(on.begin or origin, 0))
        for midnight in midnights[begin :: on.working]:
            day = to_datetime(midnight, zone, *start).date()
            if day > last:
                return
            yield day
    elif on.days:
        yield from _every(on, origin, last)
    else:
        yield from on.dates


def _every(on: Regular, origin: date, last: date) -> Iterator[date]:
    day = on.begin or origin
    if on.weekday is not None:
        day += timedelta(days=(on.weekday - day.weekday()) % 7)
    step = timedelta(days=on.days)
    if day < origin - timedelta(days=31):  # keep the beat of a first date long past
        day += step * ((origin - timedelta(days=31) - day) // step)
    while day <= last:
        yield day
        day += step


@dataclass(frozen=True)
class Profile:
    """Weights of arrivals: by weekday, and of intervals of the day in seconds of the wall clock."""

    week: tuple[float, ...] = (1.0,) * 7
    spans: tuple[tuple[int, int, float], ...] = ()


@lru_cache(maxsize=64)
def rate(
    calendar: Calendar | None, profile: Profile | None, zone: str, start: tuple[date, str], until: int
) -> Steps:
    """Return the relative arrival rate up to second `until`: open time times the profile's weights.

    Parameters
    ----------
    zone : of the profile's wall clock.
    start : date and zone of second 0.
    """
    first = -DAY
    times = {first} | ({t for t in calendar.shift.times if first < t < until} if calendar else set())
    if profile is not None:
        edges = {0, *(edge for begin, stop, _ in profile.spans for edge in (begin, stop))}
        clock = local_clock(zone, *start)
        today = start[0] - timedelta(days=1)
        while clock(today, 0) < until:
            times |= {t for edge in edges if first <= (t := clock(today, edge)) < until}
            today += timedelta(days=1)
    ordered = sorted(times)
    is_open = [True] * len(ordered) if calendar is None else calendar.is_open_many(ordered).tolist()

    def weight(t: int) -> float:
        if profile is None:
            return 1.0
        local = to_datetime(t, zone, *start)
        wall = local.hour * 3600 + local.minute * 60 + local.second
        found = profile.week[local.weekday()]
        for begin, stop, factor in profile.spans:
            inside = begin <= wall < stop if begin < stop else wall >= begin or wall < stop
            found *= factor if inside else 1.0
        return found

    values = (weight(t) if here else 0.0 for t, here in zip(ordered, is_open, strict=True))
    return Steps(tuple(ordered), tuple(values), until)
