"""What a replay found reaches the figures whole: sides, claims, titles, readings."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.evidence.replay import replay
from sim.evidence.result import ReplayResult
from sim.figures.all import draw_all
from sim.figures.replayed import figure_data
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


@pytest.fixture(scope="module")
def result() -> ReplayResult:
    return replay(loads(DESK + READINGS), Plan(reps=2, seed=1))


def test_unit_every_reading_of_a_replay_can_be_drawn(result: ReplayResult, tmp_path: Path):
    drawn = figure_data(result)
    assert list(drawn) == ["as-stated", "busier"]
    assert drawn["as-stated"].reading == {"en": "as stated", "zh": "照原文"}
    assert drawn["busier"].reading["en"] == "busier"
    names = {path.name for path in draw_all(drawn["busier"], tmp_path)}
    assert {"lead-time-desk-mean.svg", "time-kinds.png", "weeks.png", "utilisation.png"} <= names


def test_unit_figures_show_the_numbers_of_the_replay(result: ReplayResult):
    data = figure_data(result)["as-stated"]
    reading = result.readings[0]
    assert [side.name for side in data.sides] == ["before", "after"]
    assert [side.records for side in data.sides] == list(reading.records)
    (claim,) = data.claims
    (found,) = reading.claims
    assert claim.simulated == {"before": found.before, "after": found.after}
    assert claim.documented == {"before": 1, "after": 0.5}
    assert (claim.unit, claim.clock, claim.comparator) == ("working days", "working-time", "about")
    for name, samples in claim.values.items():
        assert len(samples) == 2
        assert sum(map(len, samples)) > 50, name
    assert data.named("check-papers", "zh") == "核对材料"
    assert data.named("decide", "en") == "decide"


def test_unit_one_reading_is_not_named(result: ReplayResult):
    assert "as stated" in figure_data(result)["as-stated"].subject("x", "en")
    alone = replay(loads(DESK), Plan(reps=1, seed=1))
    (data,) = figure_data(alone).values()
    assert data.subject("x", "en") == "Permit desk: x"
