"""Our engines, with calendars, keyed draws and complete records; and the bare loop, the limit of speed."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.simulators.common import Done, Run, Tell
from sim.chance.draws import Draws
from sim.runs import bare_loop
from sim.runs.speed import engine
from sim.runs.standard import Standard, network


@dataclass(frozen=True)
class Engine:
    """One of our engines."""

    engine: str
    name: str
    scale: int

    def missing(self, standard: Standard) -> str:
        """Return why the engine is not there, or nothing."""
        run, why = engine(self.engine)
        return "" if run else why

    def prepare(self, standard: Standard, cases: int, seed: int) -> Run:
        """Return a run that makes its arrivals itself, and records everything."""
        run, why = engine(self.engine)
        if run is None:
            raise LookupError(why)
        net = network(standard, cases)

        def timed() -> Tell:
            records = run(net, Draws(seed))

            def tell() -> Done:
                rows = records.steps[records.steps["started"] >= 0]
                return Done(records.activities, float((rows["started"] - rows["joined"]).mean()))

            return tell

        return timed


class Limit:
    """The bare compiled loop."""

    name = "bare Numba loop (the limit)"
    scale = 60

    def missing(self, standard: Standard) -> str:
        """Return why it cannot run `standard` here, or nothing."""
        if standard.hours:
            return "has no calendar"
        return "" if bare_loop.available() else "Numba is not installed"

    def prepare(self, standard: Standard, cases: int, seed: int) -> Run:
        """Return a run that draws arrivals and efforts itself."""

        def timed() -> Tell:
            counted = bare_loop.run_bare(standard, cases, seed)
            return lambda: Done(counted.activities, counted.mean_wait)

        return timed


compiled = Engine("compiled", "compiled engine", 30)
reference = Engine("simpy", "reference engine", 1)
limit = Limit()
