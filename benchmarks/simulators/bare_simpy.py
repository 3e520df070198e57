"""Bare SimPy: a process a case, a resource a station, no records but two sums."""

from __future__ import annotations

import random
from collections.abc import Generator
from typing import Any

import simpy

from benchmarks.simulators.common import Done, Run, Tell, arrivals, effort, ends
from sim.runs.standard import Standard

name = "bare SimPy"
scale = 4


def missing(standard: Standard) -> str:
    """Return nothing: it runs every network (the calendar is written by hand)."""
    return ""


def prepare(standard: Standard, cases: int, seed: int) -> Run:
    """Return a run of `cases` cases."""
    times = arrivals(standard, cases, seed)
    end = ends(standard, cases)

    def run() -> Tell:
        luck = random.Random(seed)  # noqa: S311  # no keys here
        env = simpy.Environment()
        stations = [
            (simpy.Resource(env, station.clerks), effort(station, luck)) for station in standard.stations
        ]
        activities = 0
        waited = 0.0

        def case() -> Generator[simpy.Event, Any, None]:
            nonlocal activities, waited
            while True:
                for clerks, draw in stations:
                    joined = env.now
                    with clerks.request() as turn:
                        yield turn
                        activities += 1
                        waited += env.now - joined
                        yield env.timeout(end(env.now, draw()) - env.now)
                if luck.random() >= standard.again:
                    return

        def source() -> Generator[simpy.Event, Any, None]:
            for at in times:
                yield env.timeout(at - env.now)
                env.process(case())

        env.process(source())
        env.run()
        return lambda: Done(activities, waited / activities)

    return run
