"""One run of a replay, done wherever a processor is free, and what of it is sent back and kept.

The records of a run have a hundred bytes a row. What the claims, the measures, the figures and the tables
need of them is made where the run is, so that the records themselves stay there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from sim.chance.draws import Draws
from sim.engine.choose import choose
from sim.engine.records import Records
from sim.measures.checks import check
from sim.measures.claims import ClaimSpec, ClaimValues, claim_values
from sim.measures.combine import Summary, summarise
from sim.measures.shown import Shown, shown
from sim.runs.replicate import Job


@dataclass(frozen=True)
class Wanted:
    """What is wanted of the runs of a replay besides their claims and measures.

    Attributes
    ----------
    tables : of records, as rows with names: ``cases``, ``steps``.
    figures : what figures show, and the records of the first replication.
    """

    tables: tuple[str, ...] = ()
    figures: bool = False


@dataclass(frozen=True)
class RunJob:
    """One run.

    Attributes
    ----------
    job : with the network.
    made_from : what the network was made from, besides the reading and side of `labels`: the content of the
        scenario and the values of unknowns.
    claims : to measure. wanted : what else is.
    labels : reading, variant and replication, as they stand in the rows of tables.
    """

    job: Job
    made_from: tuple[object, ...]
    claims: tuple[ClaimSpec, ...]
    wanted: Wanted
    labels: Mapping[str, str | int]

    def content_key(self) -> tuple[object, ...]:
        """Return what decides the outcome: a network has thousands of numbers, and follows from less."""
        job = self.job
        return (self.made_from, job.seed, job.replication, job.engine, self.claims, self.wanted, self.labels)


@dataclass(frozen=True, eq=False)
class Outcome:
    """What is kept of one run.

    Attributes
    ----------
    engine : that ran it.
    claims : the cases of each claim that was asked for.
    summary : its measures.
    shown : what figures show; None if not wanted.
    records : of the first replication, for the way of one case; None if not wanted.
    tables : by name, the rows as an Arrow stream (see ``store.tables``), in bytes.
    """

    engine: str
    claims: tuple[ClaimValues, ...]
    summary: Summary
    shown: Shown | None = None
    records: Records | None = field(default=None, repr=False)
    tables: Mapping[str, npt.NDArray[np.uint8]] = field(default_factory=dict, repr=False)


def run_job(given: RunJob) -> Outcome:
    """Run one replication, check its laws (conservation, Little, work) and note what is wanted of it."""
    job, wanted, network = given.job, given.wanted, given.job.network
    engine = choose(job.engine)
    records = engine.run(network, Draws(job.seed, 0, job.replication))
    path = check(network, records)
    tables = {}
    if wanted.tables:
        from sim.store.tables import stream_of

        tables = {name: stream_of(name, network, records, given.labels) for name in wanted.tables}
    return Outcome(
        engine=engine.name,
        claims=tuple(claim_values(network, records, spec) for spec in given.claims),
        summary=summarise(network, records),
        shown=shown(network, records, path=path) if wanted.figures else None,
        records=records if wanted.figures and job.replication == 0 else None,
        tables=tables,
    )
