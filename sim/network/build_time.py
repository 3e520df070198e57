"""Flattens the time side of a variant: its cover, calendars, meetings and arrival rates."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from sim.errors import InputError
from sim.network import build_dates
from sim.network.build_dates import Profile, Regular
from sim.network.build_laws import ELAPSED, Clock, Resolver, naming
from sim.scenario.model import ScenarioModel
from sim.scenario.model_pools import days_of
from sim.scenario.units import Dimension
from sim.worktime.calendar import Calendar, Steps, build_calendar, combine
from sim.worktime.hours import time_of_day
from sim.worktime.zones import local_clock

DAY = 86400
#: Calendars reach this far before the start and beyond the horizon, in days, so that no age and no deadline
#: falls off.
DAYS_BEFORE = 400
DAYS_BEYOND = 3 * 366


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
    # What the unknowns decide is rounded up, so that many values of them have the same calendars.
    before = max(DAYS_BEFORE, _years(age / DAY + 30))
    beyond = max(math.ceil(horizon / DAY), _years(ahead / DAY) if ahead > horizon else 0) + DAYS_BEYOND
    try:
        first, last = run.start - timedelta(days=before), run.start + timedelta(days=beyond)
    except OverflowError:
        raise InputError("the run reaches beyond the year 9999; shorten its window or follow-up.") from None
    return Span(run.start, run.time_zone, (begin, end), horizon, first, last)


def _years(days: float) -> int:
    """Return the days of the whole years of 366 days that hold so many."""
    return 366 * math.ceil(days / 366)


@lru_cache(maxsize=64)  # many draws and variants have the same calendars
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

    # Dates ---------------------------------------------------------------------------------------

    def _start(self) -> tuple[date, str]:
        return self.span.origin, self.span.zone

    def meetings(self, on: Any) -> tuple[int, ...]:
        """Return the seconds of all meetings from the start to the horizon."""
        name = on.calendar if on.calendar is not None else self.default
        calendar = None if name is None else self.calendars[self.index[str(name)]]
        zone = self.span.zone if calendar is None else calendar.zone
        return build_dates.meetings(
            self._regular(on), time_of_day(on.at), calendar, zone, self._start(), self.span.horizon
        )

    def _regular(self, on: Any) -> Regular:
        if hasattr(on, "dates"):
            return Regular(dates=tuple(on.dates))
        if hasattr(on, "month_days"):
            return Regular(month_days=tuple(on.month_days))
        if on.every.dimension() is Dimension.WORKING:
            step = max(1, round(self.resolver.seconds(on.every, Clock(-1, 1.0))))
            return Regular(working=step, begin=on.from_)
        days = self.resolver.seconds(on.every) / DAY
        if days < 1 - 1e-9:
            raise InputError(f"meetings every {days:g} days: the least is 1 day.")
        weekday = None if on.weekday is None else days_of(on.weekday)[0]
        return Regular(days=round(days), weekday=weekday, begin=on.from_)

    def rate(self, during: str | None, profile: Any, until: int) -> Steps:
        """Return the relative arrival rate up to second `until`: open time times the profile's weights."""
        calendar = None if during is None else self.calendars[self.index[str(during)]]
        zone = self.span.zone if calendar is None else calendar.zone
        weights = None
        if profile is not None:
            week = [1.0] * 7
            for key, weight in profile.weekday.items():
                for day in days_of(str(key)):
                    week[day] = self.resolver.amount(weight)
            spans = tuple(
                (time_of_day(start), time_of_day(stop), self.resolver.amount(weight))
                for (start, stop), weight in profile.hours.items()
            )
            weights = Profile(tuple(week), spans)
        return build_dates.rate(calendar, weights, zone, self._start(), until)

    def instant(self, when: datetime) -> int:
        """Return the second of a local time of the run's zone."""
        clock = local_clock(self.span.zone, self.span.origin, self.span.zone)
        return clock(when.date(), when.hour * 3600 + when.minute * 60 + when.second)
