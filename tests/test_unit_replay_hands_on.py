"""A replay hands on each reading when it is ready, builds its networks once and keeps no outcomes."""

from __future__ import annotations

import weakref
from typing import Any

import pytest

from sim.evidence import replay as module
from sim.evidence.outcome import Outcome
from sim.evidence.replay import replay
from sim.evidence.result import ReadingResult
from sim.runs.packed import pack
from sim.runs.replicate import Plan
from sim.runs.where import Where
from sim.scenario.load import Scenario, loads

DESK = """
scenario: desk
title: {en: Desk, zh: 窗口}
run: {start: 2023-02-06, warm-up: 0 s, window: 1 days, follow-for: 1 days}
calendars: {always: {open: always}}
cases: {arrive: {count: 10, per: 1 days}}
pools: {clerks: {size: 1, on: always}}
process: [{step: serve, by: clerks, effort: 10 min}]
readings:
  - {reading: slow, title: {en: Slow, zh: 慢}, why: unclear}
  - {reading: quick, title: {en: Quick, zh: 快}, why: unclear, edits: [{set: serve.effort, to: 5 min}]}
  - {reading: twice, title: {en: Twice, zh: 双}, why: unclear, edits: [{set: serve.effort, to: 20 min}]}
"""
READINGS = ("slow", "quick", "twice")


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return loads(DESK)


@pytest.mark.parametrize("precision", [None, 1e9])
def test_outcomes_are_let_go_of_reading_by_reading(scenario: Scenario, precision: float | None) -> None:
    handed: list[tuple[str, list[weakref.ref[Outcome]]]] = []
    runs: list[tuple[object, ...]] = []

    def gone(*told: object) -> None:
        """At each run: no reading handed on before it is still there."""
        runs.append(told)
        assert not [name for name, refs in handed for ref in refs if ref() is not None], told

    def hand_on(reading: ReadingResult) -> None:
        assert [len(side) for side in reading.outcomes] == [reading.reps] * 2
        handed.append((reading.reading, [weakref.ref(one) for side in reading.outcomes for one in side]))

    plan = Plan(reps=2, precision=precision)
    result = replay(scenario, plan, other_reps=1, progress=gone, hand_on=hand_on)
    assert len(runs) == (8 if precision is None else 14)
    assert tuple(name for name, _ in handed) == READINGS
    assert [reading.outcomes for reading in result.readings] == [((), ())] * 3
    assert [reading.reps for reading in result.readings] == [2 if precision is None else 5, 1, 1]


def test_what_is_handed_on_is_what_a_replay_returns(scenario: Scenario) -> None:
    handed: list[ReadingResult] = []
    told = replay(scenario, Plan(reps=2), hand_on=handed.append)
    whole = replay(scenario, Plan(reps=2))
    assert told.to_json() == whole.to_json()
    for mine, other in zip(handed, whole.readings, strict=True):
        assert mine.networks == other.networks
        for one, two in zip(mine.outcomes, other.outcomes, strict=True):
            assert all(pack(a) == pack(b) for a, b in zip(one, two, strict=True))


def test_each_network_is_built_once(scenario: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[str] = []
    made: list[str] = []

    def counting(name: str, into: list[str]) -> None:
        real: Any = getattr(module, name)

        def counted(*args: Any, **kwargs: Any) -> Any:
            into.append(name)
            return real(*args, **kwargs)

        monkeypatch.setattr(module, name, counted)

    counting("build", built)
    counting("before_and_after", made)
    replay(scenario, Plan(reps=2), readings=READINGS)
    assert len(built) == 2 * len(READINGS)
    # Setting the dial, which may happen in another process, makes `before` by itself.
    assert made == ["before_and_after"] * 3


def test_an_error_where_it_is_handed_on_ends_the_replay(scenario: Scenario) -> None:
    def full(_: ReadingResult) -> None:
        raise OSError("no space")

    with pytest.raises(OSError, match="no space"):
        replay(scenario, Plan(reps=2, where=Where(2)), hand_on=full)
