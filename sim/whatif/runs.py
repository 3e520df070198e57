"""Runs many settings of one service with shared luck: replication r of each sees the same cases."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from sim.network.elements import Network
from sim.runs.jobs import run_jobs, was_done
from sim.runs.where import HERE, Where
from sim.whatif.outcome import Ask, Outcome, OutcomeJob, run_outcome

#: Told (done, planned, what) after each run.
Progress = Callable[[int, int, str], None]
Tell = Callable[[str], None]

#: Seconds of work below which other processes cost more, by being started, than they save.
WORTH_SPREADING = 6.0


@dataclass(frozen=True)
class Luck:
    """What all settings share.

    Attributes
    ----------
    seed, engine : of the runs.
    asks : what is measured of every case.
    where : the runs take place; it decides nothing.
    """

    seed: int
    engine: str
    asks: tuple[Ask, ...]
    where: Where = HERE


def run_outcomes(
    networks: Sequence[Network],
    replications: range,
    luck: Luck,
    *,
    progress: Progress | None = None,
    tell: Tell | None = None,
    what: str = "",
) -> list[list[Outcome]]:
    """Run the given replications of every network; return them by network.

    Parameters
    ----------
    networks : settings to compare.
    replications : numbers of the replications.
    progress : told after each run of how many are done, planned, and `what` they are.
    tell : told in words of runs that were done before.
    """
    jobs = [OutcomeJob(n, luck.seed, r, luck.engine, luck.asks) for r in replications for n in networks]
    found: list[list[Outcome]] = [[] for _ in networks]
    done = 0

    def take(outcome: Outcome) -> None:
        nonlocal done
        found[done % len(networks)].append(outcome)
        done += 1
        if progress is not None:
            progress(done, len(jobs), what)

    alone = replace(luck.where, processes=1)
    ahead = [was_done(run_outcome, job, luck.where) for job in jobs[:1]]
    began = time.monotonic()
    take(next(iter(run_jobs(run_outcome, jobs[:1], luck.where))))
    short = (time.monotonic() - began) * (len(jobs) - 1) < WORTH_SPREADING and luck.where.cluster is None
    for outcome in run_jobs(run_outcome, jobs[1:], alone if short else luck.where, tell, ahead=ahead):
        take(outcome)
    return found
