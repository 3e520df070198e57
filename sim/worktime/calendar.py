"""Working calendars: open hours flattened to seconds, and arithmetic on open time."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import accumulate, chain
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.errors import RunError
from sim.worktime.flatten import Plan, flatten
from sim.worktime.hours import DAY, Hours, length, spans, time_of_day, week_spans
from sim.worktime.regions import SpecialDays, special_days
from sim.worktime.steps import Seconds, Steps, add_steps
from sim.worktime.zones import from_datetime, local_clock, to_datetime

__all__ = ["Calendar", "Steps", "build_calendar", "combine", "from_datetime", "to_datetime"]


@dataclass(frozen=True)
class Calendar:
    """When an office is open, over a bounded stretch of time.

    Times are whole seconds from local midnight of `origin` in `origin_zone`. Anything asked about
    time outside the cover is a RunError, never a guess.

    Attributes
    ----------
    name : name in the scenario.
    open : disjoint ``[start, stop)``, ascending; intervals that touch are joined.
    standard_day : seconds of the longest day of the regular week.
    zone : time zone of its wall clock.
    origin, origin_zone : date and zone whose midnight is second 0.
    cover : first second, and the second after the last.
    dates : of each working date (a date on which hours begin): its midnight, and the second from
        which an acceptance counts as the next working date (closing, at the latest the next midnight).
    warnings : texts for the user.
    """

    name: str
    open: tuple[tuple[int, int], ...]
    standard_day: int
    zone: str
    origin: date
    cover: tuple[int, int]
    dates: tuple[tuple[int, int], ...] = ()
    warnings: tuple[str, ...] = ()
    origin_zone: str = ""

    def __getstate__(self) -> dict[str, Any]:
        # Caches are made again where needed: jobs sent to other processes stay small.
        return {f.name: self.__dict__[f.name] for f in fields(self)}

    def __hash__(self) -> int:
        # Calendars are keys of caches: thousands of intervals need not be hashed each time.
        return hash((self.name, self.zone, self.origin, self.cover, self.standard_day, len(self.open)))

    def content_key(self) -> tuple[object, ...]:
        """Return what two equal calendars have alike, long tables as arrays: those are hashed quickly."""
        open_, dates = np.array(self.open, np.int64), np.array(self.dates, np.int64)
        rest = (self.name, self.standard_day, self.zone, self.origin, self.cover, self.origin_zone)
        return (*rest, open_, dates, self.warnings)

    # Open time -----------------------------------------------------------------------------------

    @cached_property
    def edge_table(self) -> tuple[list[int], list[int], list[int], int, int]:
        """Return edges, open seconds before each edge, number of edges by day, and the cover.

        Edge 0 is the start of the cover; odd edges open, even ones close. Edges up to midnight of day
        k of the cover (24 h each) number ``by_day[k]``, so that a search looks at one day only.
        """
        first, last = self.cover
        edges = [first, *chain.from_iterable(self.open)]
        spent = list(accumulate(stop - start for start, stop in self.open))
        before = [0, 0, *chain.from_iterable((total, total) for total in spent)][: len(edges)]
        by_day = [bisect_right(edges, first + k * DAY) for k in range((last - first) // DAY + 2)]
        return edges, before, by_day, first, last

    @cached_property
    def edge_arrays(self) -> tuple[Seconds, Seconds, Seconds]:
        """The lists of `edge_table` as arrays, for reading only."""
        edges, before, by_day, _, _ = self.edge_table
        return np.array(edges, np.int64), np.array(before, np.int64), np.array(by_day, np.int64)

    @cached_property
    def _arrays(self) -> tuple[Seconds, Seconds]:
        return self.edge_arrays[:2]

    @cached_property
    def shift(self) -> Steps:
        """1 while open, 0 while closed, over the cover."""
        first, last = self.cover
        changes = {first: 0}
        for start, stop in self.open:
            changes[start] = 1
            if stop < last:
                changes[stop] = 0
        return Steps(tuple(changes), tuple(changes.values()), last)

    def _outside(self, t: int) -> RunError:
        first, last = self.cover
        days = f"{self.local(first):%Y-%m-%d} to {self.local(last - 1):%Y-%m-%d}"
        return RunError(
            f'calendar "{self.name}" is known from {days}; second {t} is outside. '
            "Shorten the run or its follow-up, or bound the delay that leads there."
        )

    def _runs_out(self, t: int, seconds: int) -> RunError:
        last = self.local(self.cover[1] - 1)
        return RunError(
            f'calendar "{self.name}" has no {seconds} s of open time left after second {t} '
            f"before its end on {last:%Y-%m-%d}. Shorten the run or its follow-up, or bound the delay."
        )

    def is_open(self, t: int) -> bool:
        """Return whether second `t` is open."""
        edges, _, by_day, first, last = self.edge_table
        if not first <= t < last:
            raise self._outside(t)
        k = (t - first) // DAY
        return bisect_right(edges, t, by_day[k], by_day[k + 1]) % 2 == 0

    def open_seconds(self, a: int, b: int) -> int:
        """Return the open seconds in ``[a, b)``; their negative if ``b < a``."""
        edges, before, by_day, first, last = self.edge_table
        if not first <= a <= last:
            raise self._outside(a)
        if not first <= b <= last:
            raise self._outside(b)
        k = (a - first) // DAY
        i = bisect_right(edges, a, by_day[k], by_day[k + 1]) - 1
        k = (b - first) // DAY
        j = bisect_right(edges, b, by_day[k], by_day[k + 1]) - 1
        seconds = before[j] - before[i]
        if i & 1:
            seconds -= a - edges[i]
        if j & 1:
            seconds += b - edges[j]
        return seconds

    def add_open(self, t: int, seconds: int) -> int:
        """Return the earliest instant, from `t` on, after `seconds` >= 0 of open time; `t` if 0."""
        if seconds <= 0:
            if seconds < 0:
                raise ValueError(f"cannot add {seconds} s of open time: want 0 or more")
            return t
        edges, before, by_day, first, last = self.edge_table
        if not first <= t <= last:
            raise self._outside(t)
        k = (t - first) // DAY
        i = bisect_right(edges, t, by_day[k], by_day[k + 1]) - 1
        target = before[i] + seconds
        if i & 1:
            target += t - edges[i]
        j = bisect_left(before, target, i)
        if j == len(before):
            raise self._runs_out(t, seconds)
        return edges[j] - before[j] + target

    def subtract_open(self, t: int, seconds: int) -> int:
        """Return the latest instant, up to `t`, with `seconds` >= 0 open from it to `t`; `t` if 0."""
        if seconds <= 0:
            if seconds < 0:
                raise ValueError(f"cannot subtract {seconds} s of open time: want 0 or more")
            return t
        edges, before, _, first, _ = self.edge_table
        target = self.open_seconds(first, t) - seconds
        if target < 0:
            raise self._outside(first - 1)
        i = bisect_right(before, target) - 1
        return edges[i] + target - before[i]

    def next_open(self, t: int) -> int:
        """Return the first open second from `t` on."""
        edges, _, by_day, first, last = self.edge_table
        if not first <= t <= last:
            raise self._outside(t)
        k = (t - first) // DAY
        i = bisect_right(edges, t, by_day[k], by_day[k + 1])
        if i % 2 == 0 and t < last:
            return t
        if i == len(edges):
            raise self._runs_out(t, 1)
        return edges[i]

    # Local time ----------------------------------------------------------------------------------

    def local(self, t: int) -> datetime:
        """Return the aware local time at second `t`."""
        return to_datetime(t, self.zone, self.origin, self.origin_zone)

    def second(self, day: date, at: str = "00:00") -> int:
        """Return the second at which the local wall clock shows `day` and time of day `at`."""
        return local_clock(self.zone, self.origin, self.origin_zone)(day, time_of_day(at))

    def is_working_date(self, day: date) -> bool:
        """Return whether hours begin on `day`."""
        t = self.second(day)
        if not self.cover[0] <= t < self.cover[1]:
            raise self._outside(t)
        midnights = self._dates[0]
        i = bisect_left(midnights, t)
        return i < len(midnights) and midnights[i] == t

    def next_working_date(self, day: date) -> date:
        """Return `day` if it is a working date, else the next one."""
        while not self.is_working_date(day):
            day += timedelta(days=1)
        return day

    # Working dates -------------------------------------------------------------------------------

    @cached_property
    def _dates(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        return tuple(a for a, _ in self.dates), tuple(b for _, b in self.dates)

    def working_date(self, t: int) -> int:
        """Return the number (from 0) of the working date as which an acceptance at `t` counts.

        That is the date itself, before its closing; after closing, and on a date that is no working
        date, it is the next working date.
        """
        if not self.cover[0] <= t < self.cover[1]:
            raise self._outside(t)
        number = bisect_right(self._dates[1], t)
        if number == len(self.dates):
            raise self._runs_out(t, 1)
        return number

    def working_dates_between(self, a: int, b: int) -> int:
        """Return the working dates d with acceptance date < d <= date of the decision.

        Acceptance at `a` counts as `working_date(a)`; the decision at `b` has the date on the wall.
        """
        if not self.cover[0] <= b < self.cover[1]:
            raise self._outside(b)
        decided = bisect_right(self._dates[0], b) - 1
        return max(0, decided - self.working_date(a))

    # Arrays --------------------------------------------------------------------------------------

    def _checked(self, t: npt.ArrayLike, *, end: bool) -> Seconds:
        seconds = np.asarray(t, np.int64)
        first, last = self.cover
        wrong = (seconds < first) | ((seconds > last) if end else (seconds >= last))
        if wrong.any():
            raise self._outside(int(seconds[wrong].flat[0]))
        return seconds

    def is_open_many(self, t: npt.ArrayLike) -> npt.NDArray[np.bool_]:
        """Return `is_open` for an array of seconds."""
        seconds = self._checked(t, end=False)
        return np.asarray(np.searchsorted(self._arrays[0], seconds, "right") % 2 == 0)

    def _open_before(self, t: npt.ArrayLike) -> Seconds:
        """Return the open seconds from the start of the cover to each of `t`."""
        seconds = self._checked(t, end=True)
        edges, before = self._arrays
        i = np.searchsorted(edges, seconds, "right") - 1
        result: Seconds = before[i] + np.where(i % 2 == 1, seconds - edges[i], 0)
        return result

    def open_seconds_many(self, a: npt.ArrayLike, b: npt.ArrayLike) -> Seconds:
        """Return `open_seconds` for arrays of seconds."""
        return self._open_before(b) - self._open_before(a)

    def add_open_many(self, t: npt.ArrayLike, seconds: npt.ArrayLike) -> Seconds:
        """Return `add_open` for arrays of seconds."""
        start, more = np.broadcast_arrays(np.asarray(t, np.int64), np.asarray(seconds, np.int64))
        if (more < 0).any():
            raise ValueError(f"cannot add {int(more.min())} s of open time: want 0 or more")
        some = more > 0
        # Like the scalar one, an addition of nothing asks nothing of the calendar.
        target = self._open_before(np.where(some, start, self.cover[0])) + more
        edges, before = self._arrays
        i = np.searchsorted(before, target, "left")
        late = some & (i == len(before))
        if late.any():
            raise self._runs_out(int(start[late].flat[0]), int(more[late].flat[0]))
        i = np.minimum(i, len(before) - 1)
        result: Seconds = np.where(some, edges[i] - before[i] + target, start)
        return result

    def working_dates_between_many(self, a: npt.ArrayLike, b: npt.ArrayLike) -> Seconds:
        """Return `working_dates_between` for arrays of seconds."""
        begin, decision = self._checked(a, end=False), self._checked(b, end=False)
        midnights, closings = (np.array(column, np.int64) for column in self._dates)
        accepted = np.searchsorted(closings, begin, "right")
        late = accepted == len(closings)
        if late.any():
            raise self._runs_out(int(begin[late].flat[0]), 1)
        decided = np.searchsorted(midnights, decision, "right") - 1
        result: Seconds = np.maximum(0, decided - accepted)
        return result


def build_calendar(
    name: str,
    weekly: Mapping[int, Hours],
    *,
    zone: str,
    origin: date,
    first: date,
    last: date,
    region: str | None = None,
    closed: Collection[date] = (),
    extra: Mapping[date, Hours] | None = None,
    make_up_hours: Hours | None = None,
    always: bool = False,
    origin_zone: str | None = None,
) -> Calendar:
    """Flatten opening hours into a `Calendar` that covers `first` to `last`, both included.

    Parameters
    ----------
    weekly : hours by weekday (Monday 0): pairs of opening and closing time of day ("09:00", "12:00").
        A pair that closes at or before its opening runs over midnight; "24:00" may close.
    zone : time zone of the hours, for example "Asia/Shanghai".
    origin, origin_zone : second 0 is the midnight of this date in this zone (default: `zone`).
    region : CN, HK, MO or MO-government: its public holidays close, its make-up days open.
    closed : further dates on which no hours begin.
    extra : dates with hours of their own, whatever the week and the region say.
    make_up_hours : hours of a make-up day; default: those of the first open weekday from Monday to Friday.
    always : open day and night, every date; nothing else may then be given.

    Raises
    ------
    ValueError
        When a time, zone or region is wrong, or hours overlap or never occur; the text names the place.
    """
    if last < first:
        raise ValueError(f"the calendar would end on {last}, before it begins on {first}")
    if always:
        if weekly or region or closed or extra or make_up_hours:
            raise ValueError("a calendar that is always open takes no hours, region, closed or extra dates")
        weekly = {day: [("00:00", "24:00")] for day in range(7)}
    week = week_spans(weekly)
    own = {day: spans(hours, str(day)) for day, hours in (extra or {}).items()}
    twice = sorted(set(closed) & set(own))
    if twice:
        raise ValueError(f"{twice[0]} is both closed and extra: keep one")
    standard = max(map(length, week.values()), default=0) or max(map(length, own.values()), default=0)
    if not standard:
        raise ValueError("no hours at all: want hours on at least one weekday or extra date")
    special = SpecialDays(frozenset(), frozenset(), ())
    if region is not None:
        special = special_days(region, first - timedelta(days=1), last)
    make_up = next((week[day] for day in range(5) if day in week), None)
    if make_up_hours is not None:
        make_up = spans(make_up_hours, "make-up-hours")
    clock = local_clock(zone, origin, origin_zone)
    opened, dates = flatten(Plan(week, special, frozenset(closed), own, make_up), first, last, clock)
    return Calendar(
        name=name,
        open=opened,
        standard_day=standard,
        zone=zone,
        origin=origin,
        cover=(clock(first, 0), clock(last + timedelta(days=1), 0)),
        dates=dates,
        warnings=tuple(f'calendar "{name}": {text}' for text in special.warnings),
        origin_zone=origin_zone or zone,
    )


def combine(groups: Sequence[tuple[int, Calendar]]) -> Steps:
    """Return the head-count of a pool: the sum of the sizes of its groups on shift.

    Covers what all calendars cover. A hand-over between shifts of one size is no change.

    Raises
    ------
    ValueError
        When there is no group, or calendars count from different origins.
    """
    if len({(calendar.origin, calendar.origin_zone) for _, calendar in groups}) > 1:
        raise ValueError("the calendars of one pool count from different origins")
    return add_steps([(size, calendar.shift) for size, calendar in groups])
