"""The comparison of engines finds an engine that is wrong: in a tie, in a row, in an error, in a defect."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from benchmarks import parity as command
from sim.chance.arrivals import Cases
from sim.chance.draws import Draws
from sim.engine import order
from sim.engine.choose import Chosen, choose
from sim.engine.records import Records
from sim.engine.state import Visit
from sim.errors import InputError, RunError
from sim.network.elements import Network
from tests.parity import Engines, Looked, compare, endless, fails, look, networks, shrunk, told
from tests.parity_scenarios import Shipped, look_at, shipped
from tests.random_models import Raw, Scope, seeded

SIMPY = choose("simpy")
DESK: Raw = {
    "scenario": "desk",
    "title": {"en": "Desk", "zh": "窗口"},
    "run": {"start": "2023-02-06", "warm-up": "0 s", "window": "12 h", "follow-for": "1 days"},
    "calendars": {"office": {"open": {"mon-fri": ["09:00-12:00"]}}},
    "cases": {"arrive": {"at": ["2023-02-06 09:00", "2023-02-06 09:00"]}},
    "pools": {"clerks": {"size": 1, "on": "office"}},
    "process": [
        {"step": "serve", "by": "clerks", "effort": "1 s"},
        {"wait": "post", "for": "2 working hours"},
    ],
}


def swapping(network: Network, draws: Draws, cases: Cases | None = None, **options: Any) -> Records:
    """An engine that writes the first two rows that a case joined in one second the other way round."""
    records = SIMPY.run(network, draws, cases, **options)
    steps = records.steps.copy()
    same = (steps["case"][1:] == steps["case"][:-1]) & (steps["joined"][1:] == steps["joined"][:-1])
    for row in np.flatnonzero(same)[:1]:
        steps[[row, row + 1]] = steps[[row + 1, row]]
    return replace(records, steps=steps)


@contextmanager
def last_come_first(*_: object) -> Iterator[None]:
    """Among works that have waited as long, of several steps, let the last case go first."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Visit, "rank", lambda v: (-v.case.rank, v.node.index, v.entry))
        yield


def unfair(network: Network, draws: Draws, cases: Cases | None = None, **options: Any) -> Records:
    """An engine with another tie rule in its dispatch."""
    with last_come_first():
        return SIMPY.run(network, draws, cases, **options)


def engines(run: Any) -> Engines:
    return SIMPY, Chosen("wrong", run, "")


def first_failure(run: Any, scope: Scope, most: int) -> tuple[int, Looked]:
    """Return the first seed whose model tells an engine from simpy."""
    for seed in range(most):
        found = look(seed, engines(run), scope)
        if found.failures:
            return seed, found
    pytest.fail(f"{run.__name__} was not found in {most} models")


def test_two_rows_of_the_same_second_swapped_are_found() -> None:
    _, found = first_failure(swapping, Scope(levers=False), 20)
    where, lines = next(iter(found.failures.items()))
    assert where.startswith("model ")
    assert lines[0].startswith("steps, row "), lines


def test_another_tie_rule_is_found_and_the_model_made_smaller() -> None:
    scope = Scope(ties=True, levers=False)
    seed, found = first_failure(unfair, scope, 100)
    assert any("started is" in line for lines in found.failures.values() for line in lines)
    model = seeded(seed, scope)
    small = shrunk(model, lambda m: fails(m, seed, engines(unfair)), tries=60)
    assert fails(small, seed, engines(unfair))
    assert len(json.dumps(small)) < len(json.dumps(model))


def test_a_smaller_model_keeps_what_it_needs_to_fail() -> None:
    model = {"a": [1, {"b": [2, 3], "c": "long enough to go first"}], "d": {"e": 4}}
    assert shrunk(model, lambda m: "3" in json.dumps(m)) == {"a": [{"b": [3]}]}
    assert shrunk(model, lambda m: True, tries=1) == {"d": {"e": 4}}


def test_an_engine_equal_to_itself_has_no_mismatch() -> None:
    found = look(0, (SIMPY, SIMPY))
    assert found.failures == {}
    assert found.models == 1
    assert found.runs >= 3
    assert found.rows > 0
    assert found.reached


def test_errors_are_compared_by_kind_and_text() -> None:
    network = next(networks(DESK))
    names = ("simpy", "wrong")

    def told_of(one: Exception, other: Exception) -> list[str]:
        return told(one, other, network, names)

    assert told_of(RunError("no"), RunError("no")) == []
    assert told_of(RunError("no"), RunError("yes")) == ["simpy gives RunError: no; wrong gives RunError: yes"]
    assert len(told_of(RunError("no"), InputError("no"))) == 1
    stuck = "in second 3: time does not pass."
    assert told_of(RunError(f"Ten things happen {stuck}"), RunError(f"Too many {stuck}")) == []
    # A defect is told even if both engines have it.
    assert len(told_of(KeyError("no"), KeyError("no"))) == 1


def test_an_engine_that_breaks_down_or_fails_alone_is_found() -> None:
    network = next(networks(DESK))

    def broken(*_: object, **__: object) -> Records:
        raise ZeroDivisionError("by nothing")

    found = compare(network, engines(broken), (1, 0), "here")
    assert found.failures == {"here": ["simpy gives records; wrong gives ZeroDivisionError: by nothing"]}
    late = compare(endless(network), engines(swapping), (1, 0), "here")
    assert late.failures == {}
    assert late.errors == 1


@pytest.mark.parametrize(
    "element",
    [
        {"wait": "post", "for": "2 working hours"},
        {"block": "all", "limit": "2 working hours", "do": [{"wait": "post", "for": "1 s"}]},
        {"batch": "box", "when": {"size": 9, "or-after": "1 working days"}},
        {"batch": "panel", "on": {"every": "1 days", "at": "10:00"}, "cut-off": "1 working hours"},
    ],
)
def test_time_that_never_passes_ends_in_an_error(element: Raw) -> None:
    network = endless(next(networks({**DESK, "process": [element]})))
    found = compare(network, (SIMPY, SIMPY), (1, 0), "here")
    assert (found.failures, found.errors) == ({}, 1)


def test_a_loop_without_length_ends_in_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(order, "MOST_PER_INSTANT", 1000)
    stamp = {"step": "stamp", "by": "clerks", "effort": "0 s"}
    loop = {"repeat": "round", "do": [stamp], "again": 1, "at-most": 10_000}
    found = compare(next(networks({**DESK, "process": [loop]})), (SIMPY, SIMPY), (1, 0), "here")
    assert (found.failures, found.errors) == ({}, 1)


def test_shipped_scenarios_are_compared_in_every_variant() -> None:
    found = list(shipped([1, 2], 2))
    assert {w.scenario for w in found} >= {"bankruptcy-fast-track", "hotline-dongguan", "one-seal-approval"}
    assert {"before", "after", "business-line", "settlement"} <= {w.which for w in found}
    assert {w.reading for w in found} >= {"stated", "line-existed", "sum-of-limits"}
    assert {replace(w, seed=3 - w.seed) for w in found} == set(found), "each variant has both seeds"
    small = replace(next(w for w in found if w.scenario.startswith("hotline")), weeks=1)
    looked = look_at(small, (SIMPY,))
    assert looked.models == looked.runs == 1
    assert looked.rows > 1000


# ---- the command -----------------------------------------------------------------------------------


def test_the_command_counts_models_runs_and_rows(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--models", "3", "--start", "7", "--jobs", "1", "--engines", "simpy", "simpy"]) == 0
    shown = capsys.readouterr()
    assert "3 random models, " in shown.out
    assert "rows compared, 0 mismatches (simpy and simpy)" in shown.out
    assert "parts of the language and kinds of events reached; never: " in shown.out
    assert "3 of 3 models, " in shown.err


def test_the_command_shows_where_engines_differ(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    seed, _ = first_failure(swapping, Scope(), 20)
    monkeypatch.setattr(command, "engines_of", lambda _: engines(swapping))
    monkeypatch.setattr(command, "TRIES", 10)
    arguments = ["--models", "1", "--start", str(seed), "--jobs", "1", "--engines", "simpy", "simpy"]
    assert command.main(arguments) == 1
    shown = capsys.readouterr().out
    assert f"MISMATCH model {seed}, " in shown
    assert "steps, row " in shown
    small = json.loads(shown.split("on which they differ:\n")[1].splitlines()[0])
    assert fails(small, seed, engines(swapping))


def test_the_command_compares_shipped_scenarios(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Shipped] = []

    def noted(part: command.Part) -> Looked:
        seen.append(part.what)
        return Looked(models=1, runs=1, rows=5, failures={str(part): ["a cell"]} if len(seen) == 2 else {})

    monkeypatch.setattr(command, "compare_part", noted)
    arguments = ["--scenarios", "--seeds", "2", "--weeks", "0", "--jobs", "1", "--engines", "simpy", "simpy"]
    assert command.main(arguments) == 1
    shown = capsys.readouterr().out
    assert f"MISMATCH {seen[1]}\n  a cell\n" in shown
    assert f"{5 * len(seen)} rows compared, 1 mismatches (simpy and simpy)" in shown
    assert seen == list(shipped([1, 2], 0))


def test_the_command_says_that_an_engine_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--engines", "simpy", "steam"]) == 2
    assert capsys.readouterr().err == "parity needs the engine steam: there is no engine called steam\n"


def test_a_process_that_dies_is_a_failure_that_says_where(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def dying(*_: object) -> Iterator[Looked]:
        yield Looked(models=20, runs=40)
        raise RunError("a worker process ended unexpectedly")

    monkeypatch.setattr(command, "run_jobs", dying)
    assert command.main(["--models", "60", "--engines", "simpy", "simpy"]) == 1
    shown = capsys.readouterr().out
    assert "models 20 to 39, or the jobs beside it: a worker process ended unexpectedly" in shown
    assert "20 random models, 40 runs" in shown
