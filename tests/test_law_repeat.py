"""Laws of repetition: the same seed gives the same tables, wherever, whenever and whoever looks on."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import numpy as np
from hypothesis import given

from sim.chance.arrivals import make_cases
from sim.chance.draws import Draws
from sim.engine.compare import differences
from sim.engine.records import Records
from tests.engines import run
from tests.random_models import Raw, models, seeded
from tests.random_runs import Ran, built, laws, network_of, ran, run_of

SEEDS = range(900, 904)


@laws
@given(model=models())
def test_same_seed_same_tables(model: Raw) -> None:
    """Also where the network is built again."""
    first = ran(model)
    assert differences(first.records, run_of(built(model)).records, first.network) == []


@laws
@given(model=models())
def test_nothing_depends_on_who_looks_on(model: Raw) -> None:
    seen = ran(model)
    unseen = run_of(seen.network, pool_states=False)
    assert len(unseen.records.pools) == 0
    assert differences(seen.records, unseen.records, seen.network, leave_out=["pools"]) == []


@laws
@given(model=models(), other=models())
def test_nothing_remains_of_another_run(model: Raw, other: Raw) -> None:
    """The same draws, used for another model before (and so with blocks in their cache), give the same."""
    draws = Draws(1)
    run(ran(other).network, draws)
    network = ran(model).network
    cases = make_cases(network, draws)
    again = run(network, draws, cases, pool_states=True)
    assert differences(ran(model).records, again, network) == []


def digest(one: Ran) -> str:
    """Return a fingerprint of all tables of a run."""
    found = hashlib.sha256()
    for field in fields(Records):
        value = getattr(one.records, field.name)
        found.update(value.tobytes() if isinstance(value, np.ndarray) else str(value).encode())
    return found.hexdigest()


PROGRAM = """
from tests.engines import using
from tests.random_models import seeded
from tests.random_runs import network_of, run_of
from tests.test_law_repeat import SEEDS, digest
with using("{engine}"):
    for seed in {order}(SEEDS):
        print(seed, digest(run_of(network_of(seeded(seed)))))
"""


def test_another_process_gives_the_same_tables(engine: str) -> None:
    """With other hashes of words and in another order of runs."""
    here = {str(seed): digest(run_of(network_of(seeded(seed)))) for seed in SEEDS}
    for order, salt in (("list", "1"), ("reversed", "77")):
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM.format(order=order, engine=engine)],
            cwd=Path(__file__).parents[1],
            env={**os.environ, "PYTHONHASHSEED": salt},
            capture_output=True,
            text=True,
            check=True,
        )
        assert dict(line.split() for line in done.stdout.splitlines()) == here
