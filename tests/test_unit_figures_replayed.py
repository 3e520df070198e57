"""What a replay found reaches the figures whole: sides, claims, titles, readings."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.evidence.outcome import Wanted
from sim.evidence.replay import replay
from sim.evidence.result import ReadingResult, ReplayResult
from sim.figures.all import draw_all
from sim.figures.data import FigureData
from sim.report.publish import figure_data
from sim.runs.replicate import Plan
from sim.scenario.load import loads
from tests.command_line import DESK

READINGS = """\
readings:
  - {reading: as-stated, title: {en: as stated, zh: 照原文}, why: the plain reading}
  - reading: busier
    why: the count may leave out those that came by post
    edits:
      - scale: cases.arrive.count
        times: {fact: 1.1, document: notice, at: table 2}
"""


def replayed(text: str, *readings: str, reps: int = 2) -> ReplayResult:
    return replay(loads(text), Plan(reps=reps, seed=1), readings=readings, wanted=Wanted(figures=True))


def drawn_from(result: ReplayResult) -> tuple[FigureData, ReadingResult]:
    return figure_data(result.scenario, result.readings[0]), result.readings[0]


@pytest.fixture(scope="module")
def result() -> ReplayResult:
    return replayed(DESK + READINGS)


def test_unit_the_first_reading_of_a_replay_can_be_drawn(result: ReplayResult, tmp_path: Path):
    data, _ = drawn_from(result)
    assert data.reading == {"en": "as stated", "zh": "照原文"}
    names = {path.name for path in draw_all(data, tmp_path)}
    assert {"lead-time-desk-mean.svg", "time-kinds.png", "weeks.png", "utilisation.png"} <= names
    assert "case-path.svg" in names
    assert [run.shown for run in result.readings[1].outcomes[0]] == [None, None]


def test_unit_another_reading_is_drawn_if_it_comes_first():
    data, _ = drawn_from(replayed(DESK + READINGS, "busier"))
    assert data.reading["en"] == "busier"
    assert [len(side.runs) for side in data.sides] == [2, 2]


def test_unit_figures_show_the_numbers_of_the_replay(result: ReplayResult):
    data, reading = drawn_from(result)
    assert [side.name for side in data.sides] == ["before", "after"]
    for side, runs in zip(data.sides, reading.outcomes, strict=True):
        assert [one is run.shown for one, run in zip(side.runs, runs, strict=True)] == [True, True]
    (claim,) = data.claims
    (found,) = reading.claims
    assert claim.simulated == {"before": found.before, "after": found.after}
    assert claim.documented == {"before": 1, "after": 0.5}
    assert (claim.unit, claim.comparator) == ("working days", "about")
    for name, samples in claim.values.items():
        assert len(samples) == 2
        assert sum(map(len, samples)) > 50, name
    assert data.named("check-papers", "zh") == "核对材料"
    assert data.named("decide", "en") == "decide"


def test_unit_one_reading_is_not_named(result: ReplayResult):
    assert "as stated" in drawn_from(result)[0].subject("x", "en")
    assert drawn_from(replayed(DESK, reps=1))[0].subject("x", "en") == "Permit desk: x"
