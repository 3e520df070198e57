"""Salabim: a component a case, a resource a station, with the monitors that it keeps by default."""

from __future__ import annotations

import random
from typing import Any

from benchmarks.simulators.common import Done, Run, Tell, arrivals, effort, ends, installed
from sim.runs.standard import Standard

name = "salabim"
scale = 1


def missing(standard: Standard) -> str:
    """Return why it cannot run `standard` here, or nothing (the calendar is written by hand)."""
    return installed("salabim")


def prepare(standard: Standard, cases: int, seed: int) -> Run:
    """Return a run of `cases` cases."""
    import salabim

    times = arrivals(standard, cases, seed)
    end = ends(standard, cases)

    def run() -> Tell:
        luck = random.Random(seed)  # noqa: S311  # no keys here
        env = salabim.Environment(trace=False, yieldless=False)
        stations = [
            (salabim.Resource(f"clerks-{i}", capacity=station.clerks), effort(station, luck))
            for i, station in enumerate(standard.stations)
        ]
        activities = 0
        waited = 0.0

        class Case(salabim.Component):  # type: ignore[misc]
            def process(self) -> Any:
                nonlocal activities, waited
                while True:
                    for clerks, draw in stations:
                        joined = env.now()
                        yield self.request(clerks)
                        activities += 1
                        now = env.now()
                        waited += now - joined
                        yield self.hold(end(now, draw()) - now)
                        self.release(clerks)
                    if luck.random() >= standard.again:
                        return

        class Source(salabim.Component):  # type: ignore[misc]
            def process(self) -> Any:
                for at in times:
                    yield self.hold(till=at)
                    Case()

        Source()
        env.run()
        return lambda: Done(activities, waited / activities)

    return run
