"""Flattens the time side of a variant: its cover, calendars, meetings and arrival rates."""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from sim.errors import InputError
from sim.network.build_laws import ELAPSED, Clock, Resolver, naming
from sim.scenario.model import ScenarioModel
from sim.scenario.model_pools import days_of
from sim.scenario.units import Dimension
from sim.worktime.calendar import Calendar, Steps, build_calendar, combine, to_datetime
from sim.worktime.hours import time_of_day
from sim.worktime.zones import local_clock

DAY = 86400
#: Calendars reach this far before the start and beyond the horizon, in days, so that no age and no deadline
#: falls off.
DAYS_BEFORE = 400
DAYS_BEYOND = 3 * 366
#: The cover ends on a whole number of these, so that draws of the inputs share their calendars.
COVER_STEP = 366


@dataclass(frozen=True)
class Span:
    """The time of a run, in seconds from local midnight of its first day.

    ``window`` is half-open; ``first`` and ``last`` are the dates that calendars cover, both included.
    """

    origin: date
    zone: str
    window: tuple[int, int]
    horizon: int
    first: date
    last: date


def span_of(model: ScenarioModel, window: float | None, age: float, ahead: float) -> Span:
    """Return the time of a run.

    Parameters
    ----------
    window : length of the window in seconds; None for the scenario's own.
    age : seconds before the start that calendars must cover.
    ahead : seconds from the start that calendars must cover whatever the horizon.
    """
    run = model.run
    begin = round(run.warm_up.base()) if run.warm_up is not None else 0
    end = begin + round(run.window.base() if window is None else window)
    horizon = end + round(run.follow_for.base())
    before = _stepped(max(DAYS_BEFORE, math.ceil(age / DAY) + 30))
    beyond = _stepped(math.ceil(max(horizon, ahead) / DAY) + DAYS_BEYOND)
    try:
        first, last = run.start - timedelta(days=before), run.start + timedelta(days=beyond)
    except OverflowError:
        raise InputError("the run reaches beyond the year 9999; shorten its window or follow-up.") from None
    return Span(run.start, run.time_zone, (begin, end), horizon, first, last)


def _stepped(days: int) -> int:
    return -(-days // COVER_STEP) * COVER_STEP


@lru_cache(maxsize=32)  # many draws and variants have the same calendars
def _flattened(
    name: str,
    weekly: tuple[tuple[int, tuple[tuple[str, str], ...]], ...],
    zone: str,
    cover: tuple[date, str, date, date],
    special: tuple[Any, ...],
    always: bool,
) -> Calendar:
    origin, origin_zone, first, last = cover
    region, closed, extra, make_up_hours = special
    return build_calendar(
        name,
        dict(weekly),
        zone=zone,
        origin=origin,
        origin_zone=origin_zone,
        first=first,
        last=last,
        region=region,
        closed=closed,
        extra=dict(extra),
        make_up_hours=make_up_hours,
        always=always,
    )


@lru_cache(maxsize=128)
def capacity(groups: tuple[tuple[int, Calendar], ...]) -> Steps:
    """Return the head-count of a pool: the sum of its groups (size, calendar) on shift."""
    return combine(groups)


@lru_cache(maxsize=64)
def _open_until(calendar: Calendar, first: int, until: int) -> Steps:
    """Return 1 where a calendar is open, else 0, from second `first` to `until`."""
    shift = calendar.shift
    begin, end = bisect_right(shift.times, first), bisect_left(shift.times, until)
    values = (float(calendar.is_open(first)), *map(float, shift.values[begin:end]))
    return Steps((first, *shift.times[begin:end]), values, until)


class Times:
    """Calendars of a variant by name, and what is made from them."""

    def __init__(self, model: ScenarioModel, resolver: Resolver, span: Span) -> None:
        self.span = span
        self.resolver = resolver
        self.calendars: list[Calendar] = []
        self.index: dict[str, int] = {}
        self.default = model.default_calendar
        for name, calendar in model.calendars.items():
            self.index[str(name)] = len(self.calendars)
            with naming(f"calendars.{name}"):
                self.calendars.append(self._calendar(str(name), calendar))

    def _calendar(self, name: str, calendar: Any) -> Calendar:
        weekly = {} if calendar.always else calendar.weekly
        return _flattened(
            name,
            tuple((day, tuple(hours)) for day, hours in weekly.items()),
            calendar.time_zone or self.span.zone,
            (self.span.origin, self.span.zone, self.span.first, self.span.last),
            (calendar.region, tuple(calendar.closed), tuple(calendar.extra.items()), calendar.make_up_hours),
            calendar.always,
        )

    def warnings(self) -> Iterator[str]:
        """Yield the warnings of the calendars about the years of the run, not those of the margins."""
        last = self.span.origin + timedelta(days=self.span.horizon // DAY + 1)
        for calendar in self.calendars:
            for text in calendar.warnings:
                years = [int(y) for y in re.findall(r"\b(?:19|20|21)\d\d\b", text)]
                if not years or any(self.span.origin.year <= year <= last.year for year in years):
                    yield text

    def clock(self, name: str | None) -> Clock:
        """Return the clock of a calendar; None for the scenario's default one."""
        chosen = name if name is not None else self.default
        if chosen is None:
            return ELAPSED
        index = self.index[str(chosen)]
        return Clock(index, float(self.calendars[index].standard_day))

    def length(self, number: Any, calendar: str | None) -> tuple[int, int]:
        """Return (seconds, calendar index or -1) of a fixed length of time."""
        clock = self.clock(calendar)
        seconds = math.floor(self.resolver.seconds(number, clock) + 0.5)
        if number.dimension() is not Dimension.WORKING:
            return seconds, -1
        if clock.index < 0:
            raise InputError("working time needs a calendar; name one under `run: {calendar: ...}`.")
        return seconds, clock.index

    # Meetings ------------------------------------------------------------------------------------

    def meetings(self, on: Any) -> tuple[int, ...]:
        """Return the seconds of all meetings from the start to the horizon.

        A date that is no working day of the calendar moves to the next one, at the same time; two that
        fall together are one.
        """
        name = on.calendar if on.calendar is not None else self.default
        calendar = None if name is None else self.calendars[self.index[str(name)]]
        zone = self.span.zone if calendar is None else calendar.zone
        clock = local_clock(zone, self.span.origin, self.span.zone)
        wall = time_of_day(on.at)
        midnights = [] if calendar is None else [midnight for midnight, _ in calendar.dates]
        found = set()
        for day in self._dates(on, midnights, zone):
            if calendar is not None:
                place = bisect_left(midnights, clock(day, 0))
                if place == len(midnights):
                    continue
                day = calendar.days[place]
            time = clock(day, wall)
            if 0 <= time < self.span.horizon:
                found.add(time)
        return tuple(sorted(found))

    def _dates(self, on: Any, midnights: list[int], zone: str) -> Iterator[date]:
        origin = self.span.origin
        last = origin + timedelta(days=self.span.horizon // DAY + 1)
        if hasattr(on, "dates"):
            yield from on.dates
        elif hasattr(on, "month_days"):
            # From the month before: its last meeting may move into the run.
            month = (origin.replace(day=1) - timedelta(days=1)).replace(day=1)
            while month <= last:
                following = (month + timedelta(days=32)).replace(day=1)
                length = (following - month).days
                yield from (month.replace(day=min(day, length)) for day in on.month_days)
                month = following
        elif on.every.dimension() is Dimension.WORKING:
            step = max(1, round(self.resolver.seconds(on.every, Clock(-1, 1.0))))
            begin = bisect_left(midnights, local_clock(zone, origin, self.span.zone)(on.from_ or origin, 0))
            for midnight in midnights[begin::step]:
                day = to_datetime(midnight, zone, origin, self.span.zone).date()
                if day > last:
                    return
                yield day
        else:
            yield from self._every(on, last)

    def _every(self, on: Any, last: date) -> Iterator[date]:
        days = self.resolver.seconds(on.every) / DAY
        if days < 1 - 1e-9:
            raise InputError(f"meetings every {days:g} days: the least is 1 day.")
        day = on.from_ or self.span.origin
        if on.weekday is not None:
            day += timedelta(days=(days_of(on.weekday)[0] - day.weekday()) % 7)
        step = timedelta(days=round(days))
        if day < self.span.origin - timedelta(days=31):  # keep the beat of a first date long past
            day += step * ((self.span.origin - timedelta(days=31) - day) // step)
        while day <= last:
            yield day
            day += step

    # Arrivals ------------------------------------------------------------------------------------

    def rate(self, during: str | None, profile: Any, until: int) -> Steps:
        """Return the relative arrival rate up to second `until`: open time times the profile's weights."""
        calendar = None if during is None else self.calendars[self.index[str(during)]]
        zone = self.span.zone if calendar is None else calendar.zone
        first = -DAY
        if calendar is not None and profile is None:
            return _open_until(calendar, first, until)
        times = {first} | ({t for t in calendar.shift.times if first < t < until} if calendar else set())
        week = [1.0] * 7
        spans: list[tuple[int, int, float]] = []
        if profile is not None:
            for key, weight in profile.weekday.items():
                for day in days_of(str(key)):
                    week[day] = self.resolver.amount(weight)
            for (start, stop), weight in profile.hours.items():
                spans.append((time_of_day(start), time_of_day(stop), self.resolver.amount(weight)))
            edges = {0, *(edge for start, stop, _ in spans for edge in (start, stop))}
            clock = local_clock(zone, self.span.origin, self.span.zone)
            today = self.span.origin - timedelta(days=1)
            while clock(today, 0) < until:
                times |= {t for edge in edges if first <= (t := clock(today, edge)) < until}
                today += timedelta(days=1)


        def value(t: int) -> float:
            if calendar is not None and not calendar.is_open(t):
                return 0.0
            if profile is None:
                return 1.0
            local = to_datetime(t, zone, self.span.origin, self.span.zone)
            wall = local.hour * 3600 + local.minute * 60 + local.second
            weight = week[local.weekday()]
            for start, stop, factor in spans:
                inside = start <= wall < stop if start < stop else wall >= start or wall < stop
                weight *= factor if inside else 1.0
            return weight

        ordered = sorted(times)
        return Steps(tuple(ordered), tuple(value(t) for t in ordered), until)

    def instant(self, when: datetime) -> int:
        """Return the second of a local time of the run's zone."""
        clock = local_clock(self.span.zone, self.span.origin, self.span.zone)
        return clock(when.date(), when.hour * 3600 + when.minute * 60 + when.second)
