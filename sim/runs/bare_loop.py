"""The limit of speed: a bare compiled event loop for stations in a row, and nothing else.

No calendars, keys, records or checks: a binary heap of events, first-come queues and the generator's own
stream of random numbers. What an engine takes longer than this is the price of what it does besides.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.errors import InputError
from sim.runs.standard import Standard

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Counted:
    """What the loop counted: cases, starts of work, and their mean time in a queue in seconds."""

    cases: int
    activities: int
    mean_wait: float


def available() -> bool:
    """Return whether Numba is installed."""
    from importlib.util import find_spec

    return find_spec("numba") is not None


def run_bare(standard: Standard, cases: int, seed: int = 1, *, compiled: bool = True) -> Counted:
    """Run `cases` cases through `standard`.

    Parameters
    ----------
    standard : a network without hours.
    cases : how many arrive; the loop ends with the last of them.
    seed : of NumPy's generator.
    compiled : False runs the same lines in Python, for tests.

    Raises
    ------
    InputError
        If the network keeps hours: the loop has no calendar.
    """
    if standard.hours:
        raise InputError(f'the bare loop has no calendar, and "{standard.name}" keeps office hours')
    cv = [s.cv for s in standard.stations]
    sigma = np.array([-1.0 if c is None else np.sqrt(np.log1p(c * c)) for c in cv])
    mean = np.array([s.mean for s in standard.stations])
    # exp(mu + sigma z) has this mean; an exponential effort is its mean times a unit exponential.
    scale = np.where(sigma < 0.0, mean, mean * np.exp(-0.5 * sigma * sigma))
    clerks = np.array([s.clerks for s in standard.stations], dtype=np.int64)
    loop = _compiled() if compiled else _loop
    rng = np.random.default_rng(seed)
    activities, waited = loop(rng, cases, 1.0 / standard.rate, scale, sigma, clerks, standard.again)
    return Counted(cases, int(activities), float(waited) / int(activities))


@cache
def _compiled() -> Callable[..., tuple[int, float]]:
    import numba

    compiled: Callable[..., tuple[int, float]]
    try:
        compiled = numba.njit(cache=True)(_loop)
    except RuntimeError:  # nowhere to write
        compiled = numba.njit(_loop)
    return compiled


# One function, draws and heap written in place: a call that Numba does not inline costs a tenth of the speed.
def _loop(  # noqa: C901
    rng: Any, cases: int, gap: float, scale: Floats, sigma: Floats, clerks: Any, again: float
) -> tuple[int, float]:
    """Run until all cases have left; return the starts of work and the seconds waited in all."""
    stations = len(scale)
    free = clerks.copy()
    # A heap of (time, station, case): one arrival (station -1) and one end of work for each busy clerk.
    times = np.empty(clerks.sum() + 2)
    places = np.empty(len(times), np.int32)
    who = np.empty(len(times), np.int32)
    # Slots of cases are used again, so that only those present take up memory. A queue is a chain.
    room = 1024
    joined = np.empty(room)
    behind = np.empty(room, np.int32)
    first = np.full(stations, -1, np.int32)
    last = np.full(stations, -1, np.int32)
    slots = np.arange(room, dtype=np.int32)
    unused = room
    arrived = activities = 0
    waited = 0.0
    times[0], places[0], who[0] = rng.standard_exponential() * gap, -1, -1
    size = 1
    while size > 0:
        now, station, case = times[0], places[0], who[0]
        # 1. What takes the place of this event at the top: the next arrival, or work on who waits here.
        fill = False
        at, what, whose = 0.0, np.int32(-1), np.int32(-1)
        if station < 0:
            arrived += 1
            if arrived < cases:
                fill = True
                at = now + rng.standard_exponential() * gap
            if unused == 0:
                more = 2 * room
                longer, chain = np.empty(more), np.empty(more, np.int32)
                longer[:room], chain[:room] = joined, behind
                joined, behind = longer, chain
                slots = np.empty(more, np.int32)
                for i in range(more - room):
                    slots[i] = room + i
                unused = more - room
                room = more
            unused -= 1
            case = slots[unused]
            target = 0
        else:
            target = station + 1
            if target == stations:
                target = 0 if again > 0.0 and rng.random() < again else -1
            head = first[station]
            if head >= 0:
                first[station] = behind[head]
                waited += now - joined[head]
                fill = True
                what, whose = station, head
                if sigma[station] < 0.0:
                    at = now + scale[station] * rng.standard_exponential()
                else:
                    at = now + scale[station] * np.exp(sigma[station] * rng.standard_normal())
                activities += 1
            else:
                free[station] += 1
        if not fill:
            size -= 1
            at, what, whose = times[size], places[size], who[size]
        if size > 0:
            i = 0
            while True:
                child = 2 * i + 1
                if child >= size:
                    break
                if child + 1 < size and times[child + 1] < times[child]:
                    child += 1
                if times[child] >= at:
                    break
                times[i], places[i], who[i] = times[child], places[child], who[child]
                i = child
            times[i], places[i], who[i] = at, what, whose
        # 2. The case itself: to a free clerk, to the end of the queue, or out.
        if target < 0:
            slots[unused] = case
            unused += 1
        elif free[target] > 0:
            free[target] -= 1
            activities += 1
            if sigma[target] < 0.0:
                at = now + scale[target] * rng.standard_exponential()
            else:
                at = now + scale[target] * np.exp(sigma[target] * rng.standard_normal())
            i = size
            size += 1
            while i > 0:
                parent = (i - 1) // 2
                if times[parent] <= at:
                    break
                times[i], places[i], who[i] = times[parent], places[parent], who[parent]
                i = parent
            times[i], places[i], who[i] = at, target, case
        else:
            joined[case] = now
            behind[case] = -1
            if first[target] < 0:
                first[target] = case
            else:
                behind[last[target]] = case
            last[target] = case
    return activities, waited
