"""Local wall-clock time to and from seconds since the origin's local midnight."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

DAY = 86_400
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def find_zone(name: str) -> ZoneInfo:
    """Return the time zone called `name`; ValueError with the nearest names if there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        near = difflib.get_close_matches(name, available_timezones(), 1, 0.5)
        hint = f" Nearest: {near[0]}." if near else ""
        raise ValueError(
            f'no time zone is called "{name}": want a name such as Asia/Shanghai.{hint}'
        ) from None


def _unix(when: datetime) -> int:
    delta = when - EPOCH
    return delta.days * DAY + delta.seconds


def _instant(wall: datetime, zone: ZoneInfo) -> int:
    """Return Unix seconds of a wall-clock time.

    A time shown twice (clocks go back) is its first showing; a time never shown (clocks go forward)
    is the instant of the change. So later on the wall is never earlier in truth.
    """
    first = _unix(wall.replace(tzinfo=zone, fold=0).astimezone(UTC))
    second = _unix(wall.replace(tzinfo=zone, fold=1).astimezone(UTC))
    if second >= first:
        return first
    # Never shown: the change lies in (second, first]; find the first second with the new offset.
    low, high = second, first
    old = (EPOCH + timedelta(seconds=low)).astimezone(zone).utcoffset()
    while high - low > 1:
        middle = (low + high) // 2
        if (EPOCH + timedelta(seconds=middle)).astimezone(zone).utcoffset() == old:
            low = middle
        else:
            high = middle
    return high


@lru_cache(maxsize=256)
def _origin_instant(origin: date, zone: str) -> int:
    return _instant(datetime(origin.year, origin.month, origin.day), find_zone(zone))


@lru_cache(maxsize=32)  # they remember the midnights that they were asked for
def local_clock(zone: str, origin: date, origin_zone: str | None = None) -> Callable[[date, int], int]:
    """Return a function (date, wall-clock seconds from its midnight) -> seconds since the origin.

    Parameters
    ----------
    zone : zone of the wall clock.
    origin : start date; second 0 is its midnight in `origin_zone` (default: `zone`).
    """
    place = find_zone(zone)
    zero = _origin_instant(origin, origin_zone or zone)

    midnights: dict[int, int] = {}

    def midnight(day: int) -> int:
        if day not in midnights:
            midnights[day] = _instant(datetime.fromordinal(day), place) - zero
        return midnights[day]

    def seconds(day: date, wall: int) -> int:
        number = day.toordinal()
        start = midnight(number)
        # Two days of 48 h have no clock change within: the wall runs straight on.
        if 0 <= wall <= 2 * DAY and midnight(number + 2) - start == 2 * DAY:
            return start + wall
        return _instant(datetime.fromordinal(number) + timedelta(seconds=wall), place) - zero

    return seconds


def to_datetime(t: int, zone: str, origin: date, origin_zone: str | None = None) -> datetime:
    """Return the aware local time at `t` seconds after the origin's midnight (see `local_clock`)."""
    zero = _origin_instant(origin, origin_zone or zone)
    return (EPOCH + timedelta(seconds=zero + int(t))).astimezone(find_zone(zone))


def from_datetime(when: datetime, zone: str, origin: date, origin_zone: str | None = None) -> int:
    """Return seconds since the origin's midnight; a naive `when` is local time in `zone`.

    Fractions of a second are cut off.
    """
    zero = _origin_instant(origin, origin_zone or zone)
    if when.tzinfo is None:
        return _instant(when.replace(microsecond=0), find_zone(zone)) - zero
    return _unix(when.astimezone(UTC)) - zero
