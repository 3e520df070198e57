"""Instants of dated meetings: every so many weeks or working days, days of the month, listed dates."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from sim.worktime.calendar import Calendar


def weekly_dates(weekday: int, weeks: int, first: date, last: date) -> Iterator[date]:
    """Yield every `weeks`-th `weekday` (Monday 0), beginning with the one on or next after `first`."""
    if weeks < 1 or weekday not in range(7):
        raise ValueError(f"every {weeks} weeks on weekday {weekday}: want 1 week or more, weekday 0 to 6")
    day = first + timedelta(days=(weekday - first.weekday()) % 7)
    while day <= last:
        yield day
        day += timedelta(weeks=weeks)


def monthly_dates(days: Iterable[int], first: date, last: date) -> Iterator[date]:
    """Yield the given days of every month; a day that a month lacks is its last day."""
    wanted = sorted(set(days))
    if not wanted or not all(1 <= day <= 31 for day in wanted):
        raise ValueError(f"days of the month {wanted}: want one or more from 1 to 31")
    month = first.replace(day=1)
    while month <= last:
        length = monthrange(month.year, month.month)[1]
        for number in sorted({min(day, length) for day in wanted}):
            day = month.replace(day=number)
            if first <= day <= last:
                yield day
        month = (month + timedelta(days=31)).replace(day=1)


def working_day_dates(calendar: Calendar, every: int, first: date, last: date) -> Iterator[date]:
    """Yield every `every`-th working date of `calendar`, beginning with the first from `first` on."""
    if every < 1:
        raise ValueError(f"every {every} working days: want 1 or more")
    day, count = first, 0
    while day <= last:
        if calendar.is_working_date(day):
            if count % every == 0:
                yield day
            count += 1
        day += timedelta(days=1)


def meeting_times(calendar: Calendar, dates: Iterable[date], at: str) -> tuple[int, ...]:
    """Return the seconds of meetings on `dates` at time of day `at`, ascending.

    A date that is no working date of `calendar` moves to the next one that is; two meetings that
    fall together become one. A meeting that would move beyond the calendar's cover is left out.
    """
    last = calendar.local(calendar.cover[1] - 1).date()
    times = set()
    for day in dates:
        while day <= last and not calendar.is_working_date(day):
            day += timedelta(days=1)
        if day <= last:
            times.add(calendar.second(day, at))
    return tuple(sorted(times))
