"""Checks of staff: pools on shift, enough of them for a step, stretches long enough to finish."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from sim.scenario.check_numbers import broken, describe
from sim.scenario.model_pools import DAYS, Calendar, Pool
from sim.scenario.model_process import Batch, ForEach, Step, walk
from sim.scenario.model_work import Dates, Together, needs
from sim.scenario.reading import Checking
from sim.scenario.units import Dimension

if TYPE_CHECKING:
    from sim.scenario.model import Run, ScenarioModel

DAY = 86400


def run_days(run: Run) -> tuple[date, date]:
    """Return the first and last day on which the run can be."""
    lengths = [q.base() for q in (run.warm_up, run.window, run.follow_for) if q is not None]
    days = min(math.ceil(sum(lengths) / DAY), 366 * 200)
    try:
        return run.start, run.start + timedelta(days=max(days - 1, 0))
    except OverflowError:
        return run.start, date.max


def seconds(time: str) -> int:
    """Return the second of the day of a time such as ``09:30``."""
    hour, minute = time.split(":")
    return int(hour) * 3600 + int(minute) * 60


def spans(hours: tuple[tuple[str, str], ...] | list[tuple[str, str]]) -> list[tuple[int, int]]:
    """Return hours as seconds of the day; those that run over midnight end after 86 400."""
    found = [(seconds(a), seconds(b)) for a, b in hours]
    return [(a, b if b > a else b + DAY) for a, b in found]


def standard_day(calendar: Calendar) -> int:
    """Return the seconds of the longest day of a calendar's regular week."""
    if calendar.always:
        return DAY
    days = list(calendar.weekly.values()) or [list(h) for h in calendar.extra.values()]
    return max((sum(b - a for a, b in spans(hours)) for hours in days), default=0)


def longest_stretch(calendars: list[Calendar]) -> float:
    """Return the longest time, in seconds, for which one of some calendars is open without a break."""
    if any(c.always for c in calendars):
        return math.inf
    open_ = [
        (day * DAY + a, day * DAY + b)
        for c in calendars
        for day, hours in c.weekly.items()
        for a, b in spans(hours)
    ]
    week = 7 * DAY
    open_ += [(a + week, b + week) for a, b in open_]
    open_ += [s for c in calendars for hours in c.extra.values() for s in spans(hours)]
    longest, end, start = 0, -1, 0
    for a, b in sorted(open_):
        if a > end:
            start = a
        end = max(end, b)
        longest = max(longest, end - start)
    return math.inf if longest >= week else float(longest)


def never_open(calendar: Calendar, first: date, last: date) -> bool:
    """Whether a calendar has no hours between two days; over a month public holidays do not matter."""
    if calendar.always:
        return False
    days = min((last - first).days + 1, 28 + len(calendar.closed))
    for day in (first + timedelta(days=n) for n in range(days)):
        if calendar.extra.get(day):
            return False
        if day not in calendar.closed and day not in calendar.extra and calendar.weekly.get(day.weekday()):
            if calendar.region is None or days >= 28:
                return False
            return _never(calendar, first, last)
    return not any(first <= day <= last and hours for day, hours in calendar.extra.items())


def _never(calendar: Calendar, first: date, last: date) -> bool:
    """Decide by the calendar itself, public holidays and all."""
    from sim.worktime.calendar import build_calendar

    built = build_calendar(
        "",
        calendar.weekly,
        zone="UTC",
        origin=first,
        first=first,
        last=last,
        region=calendar.region,
        closed=calendar.closed,
        extra=calendar.extra,
    )
    return built.open_seconds(0, ((last - first).days + 1) * DAY) == 0


def _overlap(hours: tuple[tuple[str, str], ...]) -> bool:
    found = sorted(spans(hours))
    return any(b > c for (_, b), (c, _) in pairwise(found))


def _into_the_next(calendar: Calendar) -> list[str]:
    """Return the two weekdays of which one's night runs into the other's morning; empty if none does."""
    found = sorted(
        (day * DAY + a, day * DAY + b, day) for day, hours in calendar.weekly.items() for a, b in spans(hours)
    )
    if found:
        first = found[0]
        found.append((first[0] + 7 * DAY, first[1] + 7 * DAY, first[2]))
    for (_, stop, day), (start, _, following) in pairwise(found):
        if stop > start:
            return [DAYS[day], DAYS[following]]
    return []


def check_calendars(model: ScenarioModel, context: Checking) -> None:
    """Record calendars that contradict themselves."""
    for name, calendar in model.calendars.items():
        if calendar.always:
            for key in ("region", "closed", "extra", "make-up-hours"):
                if key in calendar.raw:
                    context.add(
                        calendar.place(key),
                        f"`{name}` is always open, so `{key}` has no meaning.",
                        "Leave one of them out.",
                    )
            continue
        week = calendar.open if isinstance(calendar.open, dict) else {}
        written = calendar.raw.get("open")
        if isinstance(written, dict) and not any(written.values()) and not any(calendar.extra.values()):
            context.add(
                calendar.place("open"),
                f"the calendar `{name}` is never open.",
                'Write its hours: `open: {mon-fri: ["09:00-12:00"]}`.',
            )
        for key, hours in week.items():
            if _overlap(hours):
                context.add(key, f"the hours of `{key}` overlap.", "Write each hour once.")
        into = [] if any(_overlap(hours) for hours in week.values()) else _into_the_next(calendar)
        if into:
            context.add(
                calendar.place("open"),
                f"the hours of {into[0]} run into those of {into[1]}.",
                "Let the night end before the next hours begin.",
            )
        for day, hours in calendar.extra.items():
            if _overlap(hours):
                context.add(
                    calendar.place("extra"), f"the hours of `{day}` overlap.", "Write each hour once."
                )
        both = sorted(set(calendar.closed) & set(calendar.extra))
        if both:
            context.add(
                calendar.place("closed"), f"{both[0]} is both `closed` and `extra`.", "Keep one of them."
            )


def check_pools(model: ScenarioModel, context: Checking) -> None:
    """Record pools without staff or hours, or never on shift while the run lasts."""
    first, last = run_days(model.run)
    bodies = [element.pools for element in walk(model.process) if isinstance(element, ForEach)]
    for name, pool in [(n, p) for pools in (model.pools, *bodies) for n, p in pools.items()]:
        keys = set(pool.raw)
        if pool.groups is not None and keys & {"size", "on"}:
            context.add(
                pool.raw,
                f"the pool `{name}` has `groups`, and `size` or `on` too.",
                "Keep the groups, or size and on.",
            )
            continue
        if pool.groups is None and not {"size", "on"} <= keys:
            missing = "size" if "size" not in keys else "on"
            hint = (
                "Write `size: 4`." if missing == "size" else "Name the calendar of its hours: `on: office`."
            )
            if pool.raw:
                context.add(pool.raw, f"the pool `{name}` has no `{missing}`.", hint)
            continue
        _sizes(str(name), pool, context)
        known = [model.calendars[on] for _, on in pool.shifts if on in model.calendars]
        if any(not (c.always or any(c.weekly.values()) or any(c.extra.values())) for c in known):
            continue  # said of the calendar already
        if known and len(known) == len(pool.shifts) and all(never_open(c, first, last) for c in known):
            on = next(iter(pool.shifts))[1]
            context.add(
                on,
                f"the pool `{name}` is never on shift: `{on}` has no hours from {first} to {last}.",
                "Change the calendar's hours, or name another.",
            )


def _sizes(name: str, pool: Pool, context: Checking) -> None:
    sizes = [size for size, _ in pool.shifts if not broken(size) and size.dimension() is Dimension.PLAIN]
    for size in sizes:
        low, high = size.bounds()
        if low == high and low % 1 and not size.parts() and not list(size.unknowns()):
            context.add(size.mark, f"the pool `{name}` has {describe(size)} staff.", "Write a whole number.")
    if sizes and len(sizes) == len(pool.shifts) and sum(s.bounds()[1] for s in sizes) < 0.5:
        context.add(sizes[0].mark, f"the pool `{name}` has no staff.", "Write a size of 1 or more.")


def check_steps(model: ScenarioModel, context: Checking) -> None:
    """Record steps that nobody could ever do."""
    pools: dict[str, Pool] = {str(n): p for n, p in model.pools.items()}
    for element in walk(model.process):
        if isinstance(element, ForEach):
            pools.update({str(n): p for n, p in element.pools.items()})
    first, last = run_days(model.run)
    for element in walk(model.process):
        if isinstance(element, Step):
            for together in needs(element.by):
                _enough(together, pools, context)
            if element.at_shift_end == "fits":
                _fits(element, pools, model, context)
        elif isinstance(element, Batch):
            for together in needs(element.attend) if element.attend is not None else ():
                _enough(together, pools, context)
            dates = element.on.dates if isinstance(element.on, Dates) else ()
            if dates and not any(first <= day <= last for day in dates) and isinstance(element.on, Dates):
                context.add(
                    element.on.place("dates"),
                    f"none of the dates lies in the run, {first} to {last}.",
                    "Is the year right?",
                )


def _enough(together: Together, pools: Mapping[str, Pool], context: Checking) -> None:
    for name, units in together:
        if name not in pools or broken(units) or units.dimension() is not Dimension.PLAIN:
            continue
        low, high = units.bounds()
        if high < 1 or (low == high and low % 1):
            context.add(
                units.mark,
                f"{describe(units)} staff of `{name}` are asked for.",
                "Write a whole number of 1 or more.",
            )
            continue
        sizes = [size for size, _ in pools[name].shifts]
        if any(broken(s) for s in sizes) or not sizes:
            continue
        most = sum(s.bounds()[1] for s in sizes)
        if 0.5 <= most < low:
            context.add(
                units.mark,
                f"{describe(units)} staff of `{name}` are asked for, and it has at most {most:g}.",
                "Ask for fewer, or make the pool larger.",
            )


def _fits(step: Step, pools: Mapping[str, Pool], model: ScenarioModel, context: Checking) -> None:
    best, day = 0.0, float(DAY)
    for together in needs(step.by):
        stretch = math.inf
        for name, _ in together:
            calendars = (
                [model.calendars[on] for _, on in pools[name].shifts if on in model.calendars]
                if name in pools
                else []
            )
            if not calendars:
                return
            stretch = min(stretch, longest_stretch(calendars))
            day = standard_day(calendars[0])
        best = max(best, stretch)
    if any(
        broken(n) or n.dimension() in (None, Dimension.PLAIN) for _, law in step.efforts for n in law.times()
    ):
        return
    upper = sum(law.upper(day) for _, law in step.efforts)
    if math.isinf(upper):
        context.add(
            step.place("effort"),
            f"the effort of `{step.name}` has no upper bound, and with `fits` work starts only if it can "
            "end.",
            "Use uniform, triangular, pert or a constant, or another `at-shift-end`.",
        )
    elif upper > best:
        context.add(
            step.place("effort"),
            f"`{step.name}` can take {upper / 3600:g} h, and its pool is never on shift longer than "
            f"{best / 3600:g} h at a stretch.",
            "With `fits` it would never start: shorten it, or choose `pause` or `finish`.",
        )
