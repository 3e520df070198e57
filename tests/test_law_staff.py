"""One more officer in a single first-come pool with one always-open step never lengthens any wait.

For each case, not on average: the start of the n-th case is monotone in the number of servers when all take
work in order of arrival and every case keeps its effort (Kiefer and Wolfowitz 1955, On the theory of queues
with many servers, Transactions of the American Mathematical Society 78: the ordered workload vector).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.random_cases import Arrivals
from tests.random_models import Dice, Raw, Scope, World, models
from tests.random_runs import Ran, laws, network_of, run_of

NEVER = 1 << 62


@st.composite
def single_desks(draw: Any) -> Raw:
    """Give models of one step with one always-open first-come pool, whatever arrives."""
    dice = Dice(lambda n: draw(st.integers(0, n - 1)) if n > 1 else 0)
    world = World(dice, Scope(always=True, levers=False), ties=dice.below(2) == 0)
    world.pools = {"clerks": {"size": 1, "on": "always"}}
    model = world.model([{"step": "serve", "by": "clerks", "effort": world.law()}])
    model["cases"].pop("patience", None)
    backlog = Arrivals(world).backlog(["serve"])
    return {**model, "cases": {**model["cases"], "backlog": backlog}} if backlog else model


def starts(one: Ran) -> dict[tuple[int, int], int]:
    """Return when the work on each case started; NEVER if it did not."""
    found = {}
    for row in one.records.steps:
        case = one.records.cases[row["case"]]
        found[int(case["stream"]), int(case["number"])] = (
            int(row["started"]) if row["started"] >= 0 else NEVER
        )
    return found


@laws
@given(model=single_desks(), size=st.integers(1, 3))
def test_one_more_officer_never_lengthens_any_wait(model: Raw, size: int) -> None:
    runs = []
    for officers in (size, size + 1):
        model["pools"]["clerks"]["size"] = officers
        runs.append(run_of(network_of(model)))
    fewer, more = (starts(one) for one in runs)
    # The runs may stop at different seconds: what starts later than both were watched is not compared.
    watched = min(one.records.stopped for one in runs)
    for case in fewer.keys() & more.keys():
        assert min(more[case], watched + 1) <= min(fewer[case], watched + 1), case


@laws
@given(model=single_desks())
def test_officers_beyond_the_number_of_cases_leave_no_wait(model: Raw) -> None:
    model["pools"]["clerks"]["size"] = 10_000
    one = run_of(network_of(model))
    rows = one.records.steps
    assert np.array_equal(rows["started"], np.maximum(rows["joined"], 0))


@laws
@given(model=models(Scope(alone=True, levers=False)))
def test_a_pool_that_nobody_needs_changes_nothing(model: Raw) -> None:
    one = run_of(network_of(model))
    model["pools"]["idle"] = {"size": 2, "on": next(iter(model["calendars"]))}
    other = run_of(network_of(model))
    assert np.array_equal(one.records.cases, other.records.cases)
    assert np.array_equal(one.records.steps, other.records.steps)
