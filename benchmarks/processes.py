"""Many replications on one process, on two, and on a Dask cluster of two workers on this machine."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from benchmarks.table import Table
from sim.runs.forked import begin
from sim.runs.jobs import run_jobs
from sim.runs.speed import engine, run_engine
from sim.runs.standard import FIVE, network
from sim.runs.where import Where

REPLICATIONS = 64
#: The best of so many counts: a disturbance can only make a turn slower.
TURNS = 3
#: Cases in a replication, so that it takes half a second with the compiled engine.
CASES = {"compiled": 250_000, "simpy": 1_000}


@dataclass(frozen=True)
class Job:
    """One replication; only how much was done comes back."""

    engine: str
    cases: int
    seed: int


def work(job: Job) -> int:
    """Run a replication of the five stations; return how many activities were begun."""
    run, why = engine(job.engine)
    if run is None:
        raise LookupError(why)
    return run_engine(run, network(FIVE, job.cases), job.seed)


def table(quick: bool = False) -> Table:
    """Wall-clock time of the same replications in each place."""
    name = "compiled" if engine("compiled")[0] is not None else "simpy"
    count, cases = (8, CASES[name] // 10) if quick else (REPLICATIONS, CASES[name])
    jobs = [Job(name, cases, seed) for seed in range(1, count + 1)]
    begin()  # the server of the processes, as a command does it: beside making the engine ready
    work(Job(name, 10, 1))  # compiles
    places = {"1 process": _processes(1), "2 processes": _processes(2), **_dask()}
    seconds: dict[str, list[float]] = {where: [] for where in places}
    expected: list[int] | None = None
    for turn in range(1 if quick else TURNS):
        # There and back: the machine has other work too, which comes and goes.
        for where, place in reversed(places.items()) if turn % 2 else places.items():
            spent, done = _timed(place, jobs)
            seconds[where].append(spent)
            expected = expected or done
            if done != expected:
                raise RuntimeError(f"{where} gave other numbers than one process")
    assert expected is not None
    alone = seconds["1 process"]
    rows = tuple(
        (
            where, min(spent), round(sum(expected) / min(spent)), min(alone) / min(spent),
            ", ".join(f"{one / there:.2f}" for one, there in zip(alone, spent, strict=True)),
        )
        for where, spent in seconds.items()
    )  # fmt: skip
    note = (
        f"{count} replications of the five stations on the {name} engine, wall-clock time with the start of "
        "the two processes. On Linux the server that they are forked from has begun before, as it does in a "
        "command, beside the engine's own loading; the Dask cluster (two workers, one thread each) stands "
        f"already. The best of {len(alone)} turns in which all ran one after the other, and how many times "
        "one process it was in each turn: what a second processor adds changes with what else the machine "
        "does. The same numbers came from each."
    )
    header = ("where", "seconds", "activities/s", "times 1 process", "in each turn")
    return Table("One process, two, and a cluster", note, header, rows)


Place = Callable[[], Any]


def _timed(place: Place, jobs: list[Job]) -> tuple[float, list[int]]:
    """Return the seconds that jobs take at a place that stands already, and what they did."""
    with place() as submit:
        began = time.perf_counter()
        done: list[int] = submit(jobs)
        return time.perf_counter() - began, done


def _processes(n: int) -> Place:
    @contextmanager
    def place() -> Iterator[Callable[[list[Job]], list[int]]]:
        yield lambda jobs: list(run_jobs(work, jobs, Where(processes=n)))

    return place


def _dask() -> dict[str, Place]:
    """Return the place of the cluster by its name, where Dask is there."""
    if find_spec("distributed") is None:
        return {}

    @contextmanager
    def place() -> Iterator[Callable[[list[Job]], list[int]]]:
        from sim.runs.cluster import opened

        with opened(Where(processes=2, cluster="local")) as where:
            yield lambda jobs: list(run_jobs(work, jobs, where))

    return {"Dask, 2 workers": place}
