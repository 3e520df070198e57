"""Opening hours as people write them: "09:00-12:00", "22:00-06:00", "mon-fri"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

DAY = 86_400
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

#: Hours as written: opening and closing time of day.
Hours = Sequence[tuple[str, str]]
#: Hours as counted: seconds on the wall clock from midnight; a stop above 86400 lies on the next day.
Spans = tuple[tuple[int, int], ...]

_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?")


def time_of_day(text: str) -> int:
    """Return the seconds from midnight that "HH:MM" (or "HH:MM:SS") shows; "24:00" is 86400.

    Raises
    ------
    ValueError
        When `text` is no time of day.
    """
    found = _TIME.fullmatch(text.strip())
    if found is not None:
        hours, minutes, seconds = (int(part or 0) for part in found.groups())
        total = hours * 3600 + minutes * 60 + seconds
        if minutes < 60 and seconds < 60 and total <= DAY:
            return total
    raise ValueError(f'"{text}" is no time of day: want HH:MM from 00:00 to 24:00')


def parse_interval(text: str) -> tuple[str, str]:
    """Split "09:00-12:00" into ("09:00", "12:00"), both checked."""
    start, dash, stop = text.replace("–", "-").partition("-")
    if not dash:
        raise ValueError(f'"{text}" is no interval: want HH:MM-HH:MM, for example 09:00-12:00')
    time_of_day(start)
    time_of_day(stop)
    return start.strip(), stop.strip()


def parse_weekdays(text: str) -> tuple[int, ...]:
    """Return the weekdays (Monday 0) of "mon", "mon-fri", "sat-mon", "mon,wed,fri" or "daily"."""
    if text.strip().lower() == "daily":
        return tuple(range(7))
    days: list[int] = []
    for part in text.lower().split(","):
        first, dash, last = (word.strip() for word in part.partition("-"))
        if first not in WEEKDAYS or (dash and last not in WEEKDAYS):
            allowed = f"{', '.join(WEEKDAYS)}, a range such as mon-fri, or daily"
            raise ValueError(f'"{text}" is no weekday: want {allowed}')
        a = WEEKDAYS.index(first)
        b = WEEKDAYS.index(last) if dash else a
        days += [(a + k) % 7 for k in range((b - a) % 7 + 1)]
    if len(set(days)) != len(days):
        raise ValueError(f'"{text}" names a weekday twice')
    return tuple(days)


def spans(hours: Hours, where: str) -> Spans:
    """Return one day's hours as sorted wall-clock seconds, touching ones left apart.

    An interval that closes at or before its opening runs over midnight.

    Parameters
    ----------
    hours : pairs of opening and closing time.
    where : the day, for messages ("mon", "2023-05-06").

    Raises
    ------
    ValueError
        When a time is wrong or two intervals overlap.
    """
    result = []
    for opens, closes in hours:
        start, stop = time_of_day(opens), time_of_day(closes)
        if start == DAY:
            raise ValueError(f"{where}: {opens}-{closes} opens at 24:00: write 00:00 on the next day")
        result.append((start, stop if stop > start else stop + DAY))
    result.sort()
    for (a, b), (c, d) in pairwise(result):
        if c < b:
            raise ValueError(f"{where}: {shown(a, b)} and {shown(c, d)} overlap")
    return tuple(result)


def shown(start: int, stop: int) -> str:
    """Return wall-clock seconds as "22:00-06:00"."""

    def clock(t: int) -> str:
        t = t if t == DAY else t % DAY
        return f"{t // 3600:02d}:{t % 3600 // 60:02d}" + (f":{t % 60:02d}" if t % 60 else "")

    return f"{clock(start)}-{clock(stop)}"


def week_spans(weekly: Mapping[int, Hours]) -> dict[int, Spans]:
    """Return the spans of each weekday with hours, and check that no night runs into the next morning."""
    wrong = [day for day in weekly if day not in range(7)]
    if wrong:
        raise ValueError(f"{wrong[0]} is no weekday: want 0 (Monday) to 6 (Sunday)")
    week = {day: spans(weekly[day], WEEKDAYS[day]) for day in sorted(weekly) if weekly[day]}
    for day, today in week.items():
        following = (day + 1) % 7
        check_night(today, WEEKDAYS[day], week.get(following, ()), WEEKDAYS[following])
    return week


def check_night(today: Spans, name: str, tomorrow: Spans, next_name: str) -> None:
    """Raise ValueError if the last span of a day is still open when the next day opens."""
    if today and tomorrow and today[-1][1] - DAY > tomorrow[0][0]:
        raise ValueError(f"{shown(*today[-1])} of {name} and {shown(*tomorrow[0])} of {next_name} overlap")


def length(day: Spans) -> int:
    """Return the seconds of a day's hours on the wall clock."""
    return sum(b - a for a, b in day)
