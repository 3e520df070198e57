"""Holds that can lock up are told of before a run."""

from __future__ import annotations

import pytest

from sim.network.build import build
from sim.scenario.load import loads
from sim.scenario.variant import before

DESK = """
scenario: desk
title: {en: Desk, zh: 窗口}
run: {start: 2023-02-06, warm-up: 0 weeks, window: 1 week, follow-for: 1 week}
calendars: {office: {open: {mon-fri: ["09:00-12:00"]}}}
cases: {arrive: {at: [2023-02-06 09:00]}}
pools: {clerks: {size: 2, on: office}}
process:
  - block: file
    hold: clerks
    do:
      - step: work
        by: BY
        effort: 1 h
      - batch: panel
        on: {every: 1 week, weekday: tue, at: "10:00"}
"""


@pytest.mark.parametrize(
    ("by", "attend", "told"),
    [
        ("clerks", "", []),
        ("{clerks: 2}", "", ["work: it needs 2 of clerks at once"]),
        ("clerks", "        attend: [clerks]\n", ["panel: clerks attend"]),
    ],
)
def test_a_hold_that_can_lock_up_is_told(by: str, attend: str, told: list[str]) -> None:
    """Two units, or a meeting, of the pool whose unit the case keeps."""
    network = build(before(loads(DESK.replace("BY", by) + attend)))
    assert len(network.warnings) == len(told)
    assert all(found.startswith(begin) for found, begin in zip(network.warnings, told, strict=True))
