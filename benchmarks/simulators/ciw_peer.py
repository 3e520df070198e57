"""Ciw: a node a station, with its own records of each service; office hours are server schedules."""

from __future__ import annotations

import math

from benchmarks.simulators.common import Done, Run, Tell, arrivals, installed, logarithm
from sim.runs.standard import DAY, OFFICE_DAYS, OFFICE_HOURS, WEEK, Standard

name = "Ciw"
scale = 2


def missing(standard: Standard) -> str:
    """Return why it cannot run `standard` here, or nothing."""
    return installed("ciw")


def prepare(standard: Standard, cases: int, seed: int) -> Run:
    """Return a run of `cases` cases."""
    import ciw

    times = arrivals(standard, cases, seed)
    gaps = [b - a for a, b in zip([0.0, *times], times, strict=False)]
    n = len(standard.stations)

    def law(mean: float, cv: float | None) -> object:
        return ciw.dists.Exponential(1.0 / mean) if cv is None else ciw.dists.Lognormal(*logarithm(mean, cv))

    routing = [[1.0 if j == i + 1 else 0.0 for j in range(n)] for i in range(n)]
    routing[-1][0] = standard.again
    made = ciw.create_network(
        arrival_distributions=[ciw.dists.Sequential([*gaps, math.inf]), *[None] * (n - 1)],
        service_distributions=[law(s.mean, s.cv) for s in standard.stations],
        number_of_servers=[_schedule(s.clerks) if standard.hours else s.clerks for s in standard.stations],
        routing=routing if n > 1 else [[standard.again]],
    )

    def run() -> Tell:
        ciw.seed(seed)
        simulation = ciw.Simulation(made)
        simulation.simulate_until_max_customers(cases, method="Finish")

        def tell() -> Done:
            # Interrupted work has a record for each of its pieces: its wait ends with the first.
            began: dict[tuple[int, int, float], float] = {}
            for r in simulation.get_all_records():
                visit = (r.id_number, r.node, r.arrival_date)
                began[visit] = min(r.service_start_date, began.get(visit, math.inf))
            waited = sum(start - joined for (_, _, joined), start in began.items())
            return Done(len(began), waited / len(began))

        return tell

    return run


def _schedule(clerks: int) -> object:
    """Return the office week as shifts; what is interrupted is resumed."""
    import ciw

    numbers, until = [], []
    for day in OFFICE_DAYS:
        for start, stop in OFFICE_HOURS:
            numbers += [0, clerks]
            until += [day * DAY + start, day * DAY + stop]
    return ciw.Schedule([*numbers, 0], [*until, WEEK], preemption="resume")
