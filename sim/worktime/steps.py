"""Step functions of time: a pool's capacity, an arrival rate, open or closed."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import lt
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.errors import RunError

Seconds = npt.NDArray[np.int64]
Number = npt.NDArray[Any]


@dataclass(frozen=True)
class Steps:
    """A right-continuous step function of time.

    ``values[i]`` holds on ``[times[i], times[i + 1])``; the last one holds to ``stop``, or for ever
    when ``stop`` is None. Outside ``[times[0], stop)`` there is no value: asking is a RunError.

    Attributes
    ----------
    times : ascending, seconds from the origin; may start below 0.
    values : one for each time; whole numbers stay whole.
    stop : end of the cover in seconds (not covered itself), or None.
    """

    times: tuple[int, ...]
    values: tuple[float, ...]
    stop: int | None = None

    def __post_init__(self) -> None:
        times = self.times
        if not times or len(times) != len(self.values):
            raise ValueError(f"{len(times)} times and {len(self.values)} values: want as many, at least 1")
        if not all(map(lt, times, times[1:])):
            raise ValueError("the times of a step function must ascend")
        if self.stop is not None and self.stop <= times[-1]:
            raise ValueError(f"the cover ends at {self.stop} s, not after the last step at {times[-1]} s")

    def __getstate__(self) -> dict[str, Any]:
        # Caches are made again where needed: jobs sent to other processes stay small.
        return {"times": self.times, "values": self.values, "stop": self.stop}

    @cached_property
    def _sums(self) -> tuple[float, ...]:
        """Integral from ``times[0]`` to each of ``times``."""
        total: float = 0
        sums = [total]
        for i, value in enumerate(self.values[:-1]):
            total += value * (self.times[i + 1] - self.times[i])
            sums.append(total)
        return tuple(sums)

    @cached_property
    def arrays(self) -> tuple[Seconds, Number]:
        """``times`` and ``values`` as arrays, for reading only; whole numbers stay whole."""
        values = np.array(self.values)  # floats as soon as one of them is no whole number
        return np.array(self.times, np.int64), values.astype(
            np.int64 if values.dtype.kind in "iub" else float
        )

    @cached_property
    def _arrays(self) -> tuple[Seconds, Number, Number]:
        times, values = self.arrays
        return times, values, np.array(self._sums, values.dtype)

    def _outside(self, t: int) -> RunError:
        return RunError(
            f"second {t} is outside the time covered, {self.times[0]} to {self.stop}: "
            "the run is longer than its calendars"
        )

    def at(self, t: int) -> float:
        """Return the value at second `t`."""
        i = bisect_right(self.times, t) - 1
        if i < 0 or (self.stop is not None and t >= self.stop):
            raise self._outside(t)
        return self.values[i]

    def _sum_to(self, t: int) -> float:
        i = bisect_right(self.times, t) - 1
        if i < 0 or (self.stop is not None and t > self.stop):
            raise self._outside(t)
        return self._sums[i] + self.values[i] * (t - self.times[i])

    def integral(self, a: int, b: int) -> float:
        """Return the integral over ``[a, b)``, in value-seconds; its negative if ``b < a``."""
        return self._sum_to(b) - self._sum_to(a)

    def first_change_after(self, t: int) -> int | None:
        """Return the first step strictly after second `t`; None if there is none within the cover."""
        i = bisect_right(self.times, t)
        return self.times[i] if i < len(self.times) else None

    def _places(self, t: npt.ArrayLike, *, end: bool) -> tuple[Seconds, Seconds]:
        seconds = np.asarray(t, np.int64)
        places = np.searchsorted(self._arrays[0], seconds, side="right") - 1
        wrong = places < 0
        if self.stop is not None:
            wrong = wrong | ((seconds > self.stop) if end else (seconds >= self.stop))
        if wrong.any():
            raise self._outside(int(seconds[wrong].flat[0]))
        return seconds, places

    def at_many(self, t: npt.ArrayLike) -> Number:
        """Return ``at`` for an array of seconds, of the same shape."""
        _, places = self._places(t, end=False)
        result: Number = self._arrays[1][places]
        return result

    def integral_many(self, a: npt.ArrayLike, b: npt.ArrayLike) -> Number:
        """Return ``integral`` for arrays of seconds; equal to the scalar one to the last bit."""
        times, values, sums = self._arrays

        def sum_to(t: npt.ArrayLike) -> Number:
            seconds, places = self._places(t, end=True)
            result: Number = sums[places] + values[places] * (seconds - times[places])
            return result

        return sum_to(b) - sum_to(a)

    @staticmethod
    def add(*parts: Steps) -> Steps:
        """Return the sum of step functions, on the stretch that all of them cover."""
        return add_steps([(1, part) for part in parts])


def add_steps(weighted: Sequence[tuple[float, Steps]]) -> Steps:
    """Return the sum of ``weight * steps``, on the stretch that all of them cover.

    Only true changes become steps: a hand-over between equal shifts leaves none.
    """
    if not weighted:
        raise ValueError("nothing to add up: want at least one step function")
    if len(weighted) == 1:
        return _scaled(*weighted[0])
    first = max(part.times[0] for _, part in weighted)
    stops = [part.stop for _, part in weighted if part.stop is not None]
    stop = min(stops, default=None)
    if stop is not None and stop <= first:
        raise ValueError("the step functions cover no time in common")
    instants = sorted(
        {t for _, p in weighted for t in p.times if first <= t and (stop is None or t < stop)} | {first}
    )
    cursors = [bisect_right(part.times, first) - 1 for _, part in weighted]
    times: list[int] = []
    values: list[float] = []
    for t in instants:
        for k, (_, part) in enumerate(weighted):
            while cursors[k] + 1 < len(part.times) and part.times[cursors[k] + 1] <= t:
                cursors[k] += 1
        total: float = 0
        for k, (weight, part) in enumerate(weighted):
            total += weight * part.values[cursors[k]]
        if not values or values[-1] != total:
            times.append(t)
            values.append(total)
    return Steps(tuple(times), tuple(values), stop)


def _scaled(weight: float, part: Steps) -> Steps:
    """Return ``weight * part``, without steps between equal values."""
    times, values = part.arrays
    values = weight * values
    kept = np.r_[True, values[1:] != values[:-1]]
    return Steps(tuple(times[kept].tolist()), tuple(values[kept].tolist()), part.stop)
