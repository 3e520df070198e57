"""Weekly hours and dated exceptions turned into open intervals in seconds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sim.worktime.hours import DAY, WEEKDAYS, Spans, check_night
from sim.worktime.regions import SpecialDays


@dataclass(frozen=True, slots=True)
class Plan:
    """What decides the hours of a date.

    Attributes
    ----------
    week : hours of the regular week, by weekday.
    special : public holidays and make-up days of the region.
    closed : dates closed by the scenario.
    extra : dates with hours of their own.
    make_up : hours of a make-up working day; None: those of its own weekday.
    """

    week: dict[int, Spans]
    special: SpecialDays
    closed: frozenset[date]
    extra: dict[date, Spans]
    make_up: Spans | None

    def hours(self, day: date) -> Spans:
        """Return the hours that begin on `day`; the scenario's own dates go before the region's."""
        if day in self.extra:
            return self.extra[day]
        if day in self.closed:
            return ()
        if day in self.special.make_up and self.make_up is not None:
            return self.make_up
        if day in self.special.closed and day not in self.special.make_up:
            return ()
        return self.week.get(day.weekday(), ())


def each_date(first: date, last: date) -> Iterator[date]:
    """Yield the dates from `first` to `last`, both included."""
    day = first
    while day <= last:
        yield day
        day += timedelta(days=1)


def flatten(
    plan: Plan, first: date, last: date, clock: Callable[[date, int], int]
) -> tuple[tuple[tuple[int, int], ...], tuple[tuple[int, int], ...]]:
    """Return the open intervals and the working dates from `first` to `last`.

    Parameters
    ----------
    clock : (date, wall-clock seconds) -> seconds, from `zones.local_clock`.

    Returns
    -------
    open : disjoint ``[start, stop)``, ascending, touching ones joined, cut to the cover.
    dates : (midnight, closing) of each date on which hours begin; the closing of a night shift is
        the next midnight.
    """
    begin, end = clock(first, 0), clock(last + timedelta(days=1), 0)
    opened: list[list[int]] = []
    dates = []
    before: Spans = ()
    # A night shift of the day before reaches into the first date.
    for day in each_date(first - timedelta(days=1), last):
        today = plan.hours(day)
        if before and today:
            eve = day - timedelta(days=1)
            check_night(before, f"{WEEKDAYS[eve.weekday()]} {eve}", today, f"{WEEKDAYS[day.weekday()]} {day}")
        before = today
        for wall_start, wall_stop in today:
            start, stop = max(begin, clock(day, wall_start)), min(end, clock(day, wall_stop))
            if start >= stop:
                continue  # outside the cover, or wholly within an hour that the clocks skip
            if opened and start <= opened[-1][1]:
                opened[-1][1] = max(opened[-1][1], stop)
            else:
                opened.append([start, stop])
        if today and day >= first:
            dates.append((clock(day, 0), clock(day, min(today[-1][1], DAY))))
    return tuple((a, b) for a, b in opened), tuple(dates)
