"""The evidence on synthetic worlds, in a small form: the whole is `make validation`."""

import pytest

from benchmarks.validation import Try, report, try_world
from sim.runs.jobs import run_jobs
from sim.runs.where import HERE

#: Worlds of the small form: two of each kind.
WORLDS = 12


@pytest.mark.slow
def test_worlds_of_known_truth() -> None:
    found = list(run_jobs(try_world, [Try(n, 0.0) for n in range(WORLDS)], HERE))
    known = [t for t in found if t.covered is not None]
    # Twelve intervals of 90 %: fewer than seven right has a probability below 1 in 1 000.
    assert len(known) >= 10
    assert sum(bool(t.covered) for t in known) >= 7
    text, _ = report(found, found[:2])
    assert "| the 90 % interval covers the realised figure after the reform |" in text
    levers = [lever for t in found for lever in t.levers]
    assert len(levers) >= 9
    signs = [lever[1] for lever in levers if lever[1] is not None]
    assert sum(signs) >= 0.8 * len(signs) > 0
