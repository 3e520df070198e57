"""Replications of one or more networks: a fixed number, or until the intervals are narrow enough.

Replication r of every network has the same luck (common random numbers), so differences between
networks are paired.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from sim.chance.draws import Draws
from sim.engine.choose import choose, stream
from sim.engine.records import Records
from sim.errors import InputError
from sim.measures.checks import Checking, check
from sim.measures.columns import Columns
from sim.measures.combine import Summary, summary_of
from sim.measures.summary import Gathered
from sim.network.elements import Network
from sim.runs.jobs import run_jobs
from sim.runs.where import HERE, Where

#: Told (done, planned, what) after each run.
Progress = Callable[[int, int, str], None]
#: What is kept of a run.
R = TypeVar("R")

#: Fewest replications before a half-width is believed.
FIRST = 5


@dataclass(frozen=True)
class Plan:
    """How many replications.

    Attributes
    ----------
    reps : their number, or with `precision` the first batch (at least 5).
    precision : run until every half-width is at most this, in the unit of the measure; None: `reps`.
    budget : with `precision`, the greatest number of replications.
    seed, engine : of the runs.
    where : they run; it decides nothing, so plans that differ only in it are equal.
    """

    reps: int = 5
    precision: float | None = None
    budget: int = 200
    seed: int = 1
    engine: str = "auto"
    where: Where = field(default=HERE, compare=False)

    def __post_init__(self) -> None:
        for name, value, least in (
            ("--reps", self.reps, 1),
            ("budget", self.budget, 1),
        ):
            if value < least:
                raise InputError(f"{name} must be at least {least}, found {value}")
        if self.precision is not None and not self.precision > 0:
            raise InputError(f"--precision must be above 0, found {self.precision}")


@dataclass(frozen=True)
class Job:
    """One run."""

    network: Network
    seed: int
    replication: int
    engine: str


def run_one(job: Job) -> Records:
    """Run one replication and check its laws (conservation, Little)."""
    records = choose(job.engine).run(job.network, Draws(job.seed, 0, job.replication))
    check(job.network, records)
    return records


def summarise_one(job: Job) -> Summary:
    """Run one replication, check its laws and return its summary; durations are counted in bins.

    With the compiled engine memory does not grow with the number of cases.
    """
    gathered, laws = Gathered(job.network, binned=True), Checking(job.network)
    last: list[Records] = []

    def take(records: Records) -> None:
        steps = Columns(records.steps)
        laws.add(records, steps)
        gathered.add(records, steps)
        last[:] = [records]

    stream(job.engine, job.network, Draws(job.seed, 0, job.replication), take)
    laws.end(last[0])
    return summary_of(gathered)


@dataclass(frozen=True)
class Replicated(Generic[R]):
    """What is kept of each network, one per replication, and whether the precision was reached."""

    records: tuple[tuple[R, ...], ...]
    reached: bool


def replicate(
    networks: Sequence[Network],
    plan: Plan,
    *,
    half_widths: Callable[[Sequence[Sequence[Records]]], Sequence[float]] | None = None,
    progress: Progress | None = None,
    tell: Callable[[str], None] | None = None,
) -> Replicated[Records]:
    """Run every network `plan` many times with shared luck, and keep all records; see `replicate_by`."""
    return replicate_by(run_one, networks, plan, half_widths=half_widths, progress=progress, tell=tell)


def replicate_by(
    work: Callable[[Any], R],
    networks: Sequence[Network],
    plan: Plan,
    *,
    half_widths: Callable[[Sequence[Sequence[R]]], Sequence[float]] | None = None,
    progress: Progress | None = None,
    tell: Callable[[str], None] | None = None,
    jobs_of: Callable[[int], Sequence[object]] | None = None,
) -> Replicated[R]:
    """Run every network `plan` many times with shared luck.

    Parameters
    ----------
    work : runs one job and returns what is to be kept of it.
    networks : variants to compare; replication r of each sees the same cases with the same luck.
    plan : number of replications or precision, seed, engine, and where they run.
    half_widths : with a precision: what must become narrow, of what has been run so far, one list a network.
    progress : told after each run.
    tell : told in words of runs that were done before.
    jobs_of : the jobs of a replication, one a network; left out, each is a `Job`.
    """
    done: list[list[R]] = [[] for _ in networks]
    each = jobs_of or (lambda r: [Job(n, plan.seed, r, plan.engine) for n in networks])
    first = plan.reps if plan.precision is None else min(max(plan.reps, FIRST), plan.budget)
    target = first
    while True:
        jobs = [job for r in range(len(done[0]), target) for job in each(r)]
        finished = sum(len(d) for d in done)
        for i, records in enumerate(run_jobs(work, jobs, plan.where, tell)):
            done[i % len(networks)].append(records)
            if progress is not None:
                progress(finished + i + 1, target * len(networks), networks[i % len(networks)].variant)
        if plan.precision is None or half_widths is None:
            return Replicated(tuple(tuple(d) for d in done), True)
        widths = list(half_widths(done))
        known = [w for w in widths if not math.isnan(w)]  # NaN: no case to measure, in any replication
        widest = max(known, default=0.0)
        if widest <= plan.precision:
            return Replicated(tuple(tuple(d) for d in done), len(known) == len(widths))
        if target >= plan.budget:
            return Replicated(tuple(tuple(d) for d in done), False)
        # A half-width falls as one over the square root: aim a little short, then look again.
        wanted = int(target * min((widest / plan.precision) ** 2, 2.0)) + 1
        target = min(max(wanted, target + 1), plan.budget)
