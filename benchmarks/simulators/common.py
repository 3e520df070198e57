"""What every simulator is given and must give back, so that all are seen to do the same work."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Protocol

import numpy as np

from sim.runs.standard import Standard, Station, calendar, length


@dataclass(frozen=True)
class Done:
    """What a run did: starts of work, and their mean time in a queue in seconds."""

    activities: int
    mean_wait: float


#: Tells what a run did; called after the clock has stopped.
Tell = Callable[[], Done]
#: The part that is timed.
Run = Callable[[], Tell]


class Simulator(Protocol):
    """A simulator and the networks that it can run."""

    name: str
    #: Times as many cases as the slowest get: a turn of each should take about a second.
    scale: int

    def missing(self, standard: Standard) -> str:
        """Return why it cannot run `standard` here, or nothing."""
        ...

    def prepare(self, standard: Standard, cases: int, seed: int) -> Run:
        """Return a run of so many cases; what is done here is not timed."""
        ...


def installed(module: str) -> str:
    """Return why `module` cannot be imported, or nothing."""
    from importlib.util import find_spec

    return "" if find_spec(module) else "not installed"


def arrivals(standard: Standard, cases: int, seed: int) -> list[float]:
    """Return the times at which cases come, in seconds: a Poisson process in open time.

    All other simulators are given these times beforehand; our engines and the bare loop draw theirs within
    the time measured.
    """
    open_time = np.cumsum(np.random.default_rng(seed).exponential(1.0 / standard.rate, cases))
    if not standard.hours:
        return [float(t) for t in open_time]
    whole = open_time.astype(np.int64)
    hours = calendar(standard, 2 * length(standard, cases))
    wall = hours.add_open_many(np.zeros(cases, np.int64), whole + 1) - 1
    return [float(t) for t in wall + (open_time - whole)]


def effort(station: Station, luck: Random) -> Callable[[], float]:
    """Return a function that draws efforts of `station`, in seconds."""
    if station.cv is None:
        rate = 1.0 / station.mean
        return lambda: luck.expovariate(rate)
    mu, sigma = logarithm(station.mean, station.cv)
    return lambda: luck.lognormvariate(mu, sigma)


def logarithm(mean: float, cv: float) -> tuple[float, float]:
    """Return mean and standard deviation of the logarithm of a lognormal effort."""
    variance = math.log1p(cv * cv)
    return math.log(mean) - variance / 2, math.sqrt(variance)


def ends(standard: Standard, cases: int) -> Callable[[float, float], float]:
    """Return a function of start and effort that gives the end of work, by the clerks' hours.

    For simulators without calendars: as all clerks keep the same hours and cases arrive within them, work
    always starts within them too, and a clerk stays with the work that a break interrupts.
    """
    if not standard.hours:
        return lambda start, work: start + work
    hours = calendar(standard, 2 * length(standard, cases))
    add_open = hours.add_open

    def end(start: float, work: float) -> float:
        second = int(start)
        # The first `rest` of a second is worked already; a whole number of seconds is asked for.
        total = work + (start - second)
        whole = int(total)
        return add_open(second, whole + 1) - 1 + (total - whole)

    return end
