"""Laws of the records of any run: conservation, Little, the split, order of times, work, meetings, staff."""

from __future__ import annotations

import pytest
from hypothesis import given

from tests import record_laws, staff_laws
from tests.random_models import Raw, models, seeded
from tests.random_runs import laws, network_of, ran, run_of

LAWS = (*record_laws.LAWS, *staff_laws.LAWS)


@laws
@given(model=models())
def test_every_run_keeps_every_law(model: Raw) -> None:
    for law in LAWS:
        law(ran(model))


@pytest.mark.full
@pytest.mark.slow
@pytest.mark.parametrize("hundred", range(10))
def test_every_run_of_many_models_keeps_every_law(hundred: int) -> None:
    for seed in range(100 * hundred, 100 * (hundred + 1)):
        model = seeded(seed)
        for reformed in (False, True) if "reform" in model else (False,):
            one = run_of(network_of(model, reformed=reformed))
            for law in LAWS:
                try:
                    law(one)
                except Exception as error:
                    error.add_note(f"model of seed {seed}, law {law.__name__}, reformed {reformed}")
                    raise
