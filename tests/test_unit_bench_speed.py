"""Speeds of the engines: who is asked in which order, what is said where one is missing."""

from __future__ import annotations

import pytest

from sim.engine import choose as choosing
from sim.errors import InputError
from sim.runs import bare_loop, speed
from tests.command_line import CommandLine


def test_the_best_turn_counts_and_turns_alternate(monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[str] = []
    told: list[tuple[int, int, str]] = []
    paces = iter([5.0, 1.0, 2.0, 4.0])
    monkeypatch.setattr(speed, "speed", lambda work: (work(), next(paces))[1])

    def work(name: str) -> speed.Turn:
        return lambda: called.append(name) or 1

    best = speed.in_turn({"a": work("a"), "b": work("b")}, 2, lambda *args: told.append(args))
    assert called == ["a", "b", "a", "b"]
    assert best == {"a": 5.0, "b": 4.0}
    assert told == [(1, 4, "a"), (2, 4, "b"), (3, 4, "a"), (4, 4, "b")]


def test_speed_is_work_over_the_time_of_the_clock() -> None:
    clock = iter([10.0, 14.0])
    assert speed.speed(lambda: 100, lambda: next(clock)) == 25.0


def test_an_engine_that_is_missing_is_null_and_its_reason_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def choose(name: str) -> choosing.Chosen:
        if name == "compiled":
            raise InputError("no such engine here")
        return choosing.choose("simpy")

    monkeypatch.setattr(speed, "choose", choose)
    monkeypatch.setattr(bare_loop, "available", lambda: False)
    speeds = speed.measure(0.01, 1)
    document = speeds.to_json()
    assert document["network"] == "five stations in a row, 20 % rework"
    assert document["activities_per_second"]["compiled"] is None  # type: ignore[index]
    assert document["activities_per_second"]["limit"] is None  # type: ignore[index]
    assert document["activities_per_second"]["simpy"] > 0  # type: ignore[index]
    assert "no such engine here" in speeds.as_text()
    assert "Numba is not installed" in speeds.as_text()


def test_an_engine_that_falls_back_is_not_measured_as_another(monkeypatch: pytest.MonkeyPatch) -> None:
    fallen = choosing.Chosen("simpy", choosing.choose("simpy").run, "Numba is missing")
    monkeypatch.setattr(speed, "choose", lambda _name: fallen)
    assert speed.engine("compiled") == (None, "Numba is missing")
    assert speed.engine("simpy")[0] is fallen.run


def test_ratios_are_to_the_reference_engine() -> None:
    shown = speed.Speeds("a network", {"simpy": 10.0, "compiled": 400.0, "limit": None}, {"limit": "why"})
    lines = shown.as_text().splitlines()
    assert "40.0 times simpy" in lines[2]
    assert lines[3].split() == ["limit", "-", "why"]


def test_the_command_prints_one_document(capsys: pytest.CaptureFixture[str]) -> None:
    done = CommandLine(capsys)("bench", "--quick", "--json")
    document = done.document()
    assert list(document) == ["network", "activities_per_second"]
    assert list(document["activities_per_second"]) == ["simpy", "compiled", "limit"]
    assert document["activities_per_second"]["simpy"] > 0
    assert "run 1 of" in done.err
