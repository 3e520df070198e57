"""Local wall-clock time to and from seconds since the origin's local midnight."""

from __future__ import annotations

import difflib
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

import numpy as np
import numpy.typing as npt

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


class LocalClock:
    """Wall-clock times of one zone as seconds since the origin.

    Parameters
    ----------
    zone : zone of the wall clock.
    origin : start date; second 0 is its midnight in `origin_zone`.
    """

    def __init__(self, zone: str, origin: date, origin_zone: str) -> None:
        self._place = find_zone(zone)
        self._zero = _origin_instant(origin, origin_zone)
        self._midnights: dict[int, int] = {}

    def __call__(self, day: date, wall: int) -> int:
        """Return the second at which the clock shows `wall` seconds from midnight of `day`."""
        number = day.toordinal()
        start = self._midnight(number)
        # Two days of 48 h have no clock change within: the wall runs straight on.
        if 0 <= wall <= 2 * DAY and self._midnight(number + 2) - start == 2 * DAY:
            return start + wall
        return _instant(datetime.fromordinal(number) + timedelta(seconds=wall), self._place) - self._zero

    def midnights(self, first: date, last: date) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
        """Return the midnights from `first` to `last`, and where no clock changes in the two days after."""
        begin, end = first.toordinal(), last.toordinal()
        found = np.array([self._midnight(n) for n in range(begin, end + 3)], np.int64)
        return found[:-2], found[2:] - found[:-2] == 2 * DAY

    def _midnight(self, number: int) -> int:
        if number not in self._midnights:
            self._midnights[number] = _instant(datetime.fromordinal(number), self._place) - self._zero
        return self._midnights[number]


@lru_cache(maxsize=32)  # they remember the midnights that they were asked for
def local_clock(zone: str, origin: date, origin_zone: str | None = None) -> LocalClock:
    """Return the clock of `zone`; second 0 is the midnight of `origin` in `origin_zone` (default: `zone`)."""
    return LocalClock(zone, origin, origin_zone or zone)


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
