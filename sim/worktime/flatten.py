"""Weekly hours and dated exceptions turned into open intervals in seconds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from sim.worktime.hours import DAY, WEEKDAYS, Spans, check_night
from sim.worktime.regions import SpecialDays
from sim.worktime.zones import LocalClock

Numbers = npt.NDArray[np.int64]
Pairs = tuple[tuple[int, int], ...]


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


def flatten(plan: Plan, first: date, last: date, clock: LocalClock) -> tuple[Pairs, Pairs]:
    """Return the open intervals and the working dates from `first` to `last`.

    Returns
    -------
    open : disjoint ``[start, stop)``, ascending, touching ones joined, cut to the cover.
    dates : (midnight, closing) of each date on which hours begin; the closing of a night shift is
        the next midnight.
    """
    eve = first - timedelta(days=1)  # a night shift of the day before reaches into the first date
    kinds, of_day = _kinds(plan, eve, last)
    _check_nights(kinds, of_day, eve)
    begin, end = clock(first, 0), clock(last + timedelta(days=1), 0)
    days, starts, stops = [], [], []
    opens = np.zeros(len(of_day), np.int64)
    closes = np.zeros(len(of_day), np.int64)
    midnights, plain = clock.midnights(eve, last)
    for number, hours in enumerate(kinds):
        mine = np.flatnonzero(of_day == number)
        for wall_start, wall_stop in hours:
            days.append(mine)
            starts.append(_walls(clock, eve, mine, midnights, plain, wall_start))
            stops.append(_walls(clock, eve, mine, midnights, plain, wall_stop))
        if hours:
            opens[mine] = midnights[mine]
            closes[mine] = _walls(clock, eve, mine, midnights, plain, min(hours[-1][1], DAY))
    if not days:
        return (), ()
    start, stop = np.maximum(np.concatenate(starts), begin), np.minimum(np.concatenate(stops), end)
    # Nothing is left of what lies outside the cover, or wholly within an hour that the clocks skip.
    some = start < stop
    order = np.lexsort((stop[some], start[some], np.concatenate(days)[some]))
    start, stop = start[some][order], np.maximum.accumulate(stop[some][order])
    begins = np.r_[True, start[1:] > stop[:-1]][: len(start)]
    ends = np.r_[begins[1:], True][: len(start)]
    start, stop = start[begins], stop[ends]
    working = np.array([bool(hours) for hours in kinds])[of_day]
    working[0] = False
    return _pairs(start, stop), _pairs(opens[working], closes[working])


def _kinds(plan: Plan, first: date, last: date) -> tuple[list[Spans], Numbers]:
    """Return the different hours of a day that there are, and which of them each date has."""
    numbers: dict[Spans, int] = {}
    week = [numbers.setdefault(plan.week.get(day, ()), len(numbers)) for day in range(7)]
    count = (last - first).days + 1
    of_day = np.array(week, np.int64)[(first.weekday() + np.arange(count)) % 7]
    for day in (*plan.extra, *plan.closed, *plan.special.make_up, *plan.special.closed):
        if first <= day <= last:
            of_day[(day - first).days] = numbers.setdefault(plan.hours(day), len(numbers))
    return list(numbers), of_day


def _check_nights(kinds: Sequence[Spans], of_day: Numbers, first: date) -> None:
    """Refuse a night that runs into the morning after it; the first one is told."""
    pairs = of_day[:-1] * len(kinds) + of_day[1:]
    _, places = np.unique(pairs, return_index=True)
    for place in sorted(places.tolist()):
        eve, day = (first + timedelta(days=place + k) for k in (0, 1))
        check_night(
            kinds[of_day[place]], f"{WEEKDAYS[eve.weekday()]} {eve}",
            kinds[of_day[place + 1]], f"{WEEKDAYS[day.weekday()]} {day}",
        )  # fmt: skip


def _walls(
    clock: LocalClock, first: date, days: Numbers, midnights: Numbers, plain: npt.NDArray[np.bool_], wall: int
) -> Numbers:
    """Return the second of one wall-clock time on each of `days` (counted from `first`)."""
    seconds = midnights[days] + wall
    for place in np.flatnonzero(~plain[days]).tolist():
        seconds[place] = clock(first + timedelta(days=int(days[place])), wall)
    return seconds


def _pairs(one: Numbers, other: Numbers) -> Pairs:
    return tuple(zip(one.tolist(), other.tolist(), strict=True))
