"""What the options of the command line mean: how many runs, on how many processors, which fields are set."""

from __future__ import annotations

import os
from collections.abc import Sequence

from sim.errors import InputError
from sim.runs.replicate import Plan
from sim.runs.where import HERE, Where
from sim.scenario.fields import SEEDS
from sim.scenario.load import Scenario


def plan_of(
    scenario: Scenario,
    *,
    reps: int | None = None,
    precision: float | None = None,
    seed: int | None = None,
    engine: str = "auto",
    where: Where = HERE,
) -> Plan:
    """Return the plan of a run; what is left out is as the scenario states.

    Parameters
    ----------
    where : the runs take place; results do not depend on it.

    Raises
    ------
    InputError : for a number that is out of range.
    """
    run = scenario.model.run
    if seed is not None and not 0 <= seed < SEEDS:
        raise InputError(f"--seed must be a whole number from 0 to {SEEDS - 1}, found {seed}.")
    return Plan(
        reps=run.reps if reps is None else reps,
        precision=precision,
        seed=run.seed if seed is None else seed,
        engine=engine,
        where=where,
    )


def where_of(jobs: int | None, cluster: str | None) -> Where:
    """Return where jobs run.

    Parameters
    ----------
    jobs : processes at once; None for one a processor.
    cluster : address of a Dask scheduler, ``local``, or None for processes of this machine.

    Raises
    ------
    InputError : for a number or an address that cannot be.
    """
    return Where((os.cpu_count() or 1) if jobs is None else jobs, cluster)


def sets_of(texts: Sequence[str]) -> dict[str, str]:
    """Return ``ELEMENT.FIELD=VALUE`` texts as a mapping.

    Raises
    ------
    InputError : for a text without ``=``, and for a field that is set twice.
    """
    found: dict[str, str] = {}
    for text in texts:
        path, sign, value = text.partition("=")
        path = path.strip()
        if not (sign and path and value.strip()):
            raise InputError(f"--set {text}: write ELEMENT.FIELD=VALUE, such as --set pools.clerks.size=5.")
        if path in found:
            raise InputError(f"--set {path}: this field is set twice.")
        found[path] = value.strip()
    return found
