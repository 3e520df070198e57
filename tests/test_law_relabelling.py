"""Laws of writing: what says the same gives the same, in another order, unit, week or zone.

Where the order in the file does decide, it decides ties alone; and what one element draws is its own:
a step put in leaves the luck of all others as it was.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from sim.engine.compare import differences
from sim.network.elements import Kind
from tests.random_models import Raw, Scope, models
from tests.random_runs import Ran, laws, network_of, ran, run_of
from tests.relabelling import by_name, copy, elsewhere, finer, other_streams, reordered, weeks_later

ALONE = Scope(alone=True, fixed_classes=True, levers=False)
WEEKLY = Scope(dateless=True, levers=False)
CALM = Scope(ties=False, levers=False)


def named(one: Ran) -> dict[str, Any]:
    return by_name(one.network, one.records)


def again(model: Raw) -> Ran:
    return run_of(network_of(model))


@laws
@given(model=models(ALONE), seed=st.integers(0, 9))
def test_another_order_in_the_file_changes_nothing(model: Raw, seed: int) -> None:
    """Pools, classes, calendars and keys: with steps of one pool each not even ties are touched."""
    for i, one in enumerate(model["cases"].get("classes", {}).values()):
        one.setdefault("priority", i + 1)
    assert named(again(reordered(model, seed))) == named(again(model))


@laws
@given(model=models(CALM))
def test_another_order_of_streams_changes_only_ties(model: Raw) -> None:
    assume("stream-1" in model["cases"]["arrive"])
    first = ran(model)
    assume(not tied(first))
    assert named(again(other_streams(model))) == named(first)


def tied(one: Ran) -> bool:
    """Whether cases of two streams joined, ended or fell due in the same second."""
    steps = one.records.steps
    streams = one.records.cases["stream"][steps["case"]]
    for field in ("joined", "ended", "due"):
        seconds = {(int(t), int(s)) for t, s in zip(steps[field], streams, strict=True) if t >= 0}
        if len({t for t, _ in seconds}) < len(seconds):
            return True
    return False


@laws
@given(model=models(WEEKLY), weeks=st.sampled_from([1, 3, 52]))
def test_whole_weeks_later_all_is_the_same(model: Raw, weeks: int) -> None:
    first = ran(model)
    assert differences(first.records, again(weeks_later(model, weeks)).records, first.network) == []


@laws
@given(model=models(WEEKLY), zone=st.sampled_from(["UTC", "Asia/Tokyo"]))
def test_in_another_zone_all_is_the_same(model: Raw, zone: str) -> None:
    plain = again(elsewhere(model, model["run"]["time-zone"]))
    assert differences(plain.records, again(elsewhere(model, zone)).records, plain.network) == []


@laws
@given(model=models(Scope(levers=False)))
def test_in_smaller_units_all_is_the_same(model: Raw) -> None:
    first = ran(model)
    assert differences(first.records, again(finer(model)).records, first.network) == []


@laws
@given(model=models(Scope(levers=False)))
def test_a_step_put_in_leaves_the_luck_of_all_others(model: Raw) -> None:
    """Arrivals, classes, attributes, and efforts by case, element and entry are as they were."""
    more = copy(model)
    more["pools"]["added"] = {"size": 1, "on": next(iter(model["calendars"]))}
    more["process"].insert(0, {"step": "put-in", "by": "added", "effort": "1 s"})
    first, second = ran(model), again(more)
    for field in ("stream", "number", "arrived", "cls", "attributes"):
        assert np.array_equal(getattr(first.cases, field), getattr(second.cases, field))
    ours, theirs = efforts(first), efforts(second)
    both = ours.keys() & theirs.keys()
    assert {key: ours[key] for key in both} == {key: theirs[key] for key in both}


def efforts(one: Ran) -> dict[tuple[int, int, str, int], int]:
    """Return what each case drew at each entry into each element."""
    found = {}
    for row in one.rows(Kind.STEP, Kind.WAIT, Kind.BATCH):
        node, case = one.node_of(row), one.records.cases[row["case"]]
        if node.escalated_from < 0 and row["lead"] in (-1, row["case"]):
            key = (int(case["stream"]), int(case["number"]), node.name, int(row["entry"]))
            found[key] = int(row["effort"])
    return found
