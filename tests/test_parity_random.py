"""Both engines give the same tables, cell by cell, for random models over the whole language.

`make parity N=10000` does the same at scale; here are the first few hundred, each in one variant. The models
must reach every part of the language and everything that can happen in a run, or equal tables would prove
little.
"""

from __future__ import annotations

import pytest

from sim.engine.choose import choose
from tests.census import ALL
from tests.engines import OTHER, REFERENCE, missing
from tests.parity import Looked, look

MODELS = 250


@pytest.mark.slow
def test_both_engines_give_the_same_for_random_models() -> None:
    why = missing(OTHER)
    names = (REFERENCE,) if why else (REFERENCE, OTHER)
    engines = tuple(choose(name) for name in names)
    found = Looked()
    for seed in range(MODELS):
        found.add(look(seed, engines, brief=True))
    assert ALL - set(found.reached) == set()
    assert set(found.reached) - ALL == set()
    assert found.failures == {}
    assert found.errors > 0
    if why:
        pytest.skip(f"only {REFERENCE} ran, with nothing to compare it with: {why}")
