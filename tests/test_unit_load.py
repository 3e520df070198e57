"""The load offered to the pools of a small scenario, worked out by hand."""

from __future__ import annotations

import pytest

from sim.network.load import arrivals_in_window, expected_visits, load_warnings, offered_load
from tests.desk import network, step


def test_load_of_one_desk() -> None:
    # 400 cases x 10 min = 66.67 h of work; 2 clerks x 20 days x 7 h = 280 h
    made = network(f"  - {step('check')}\n")
    clerks, seniors = offered_load(made)
    assert clerks.ratio == pytest.approx(400 / 6 / 280)
    assert clerks.offered == pytest.approx(400 / 6 / (28 * 24))
    assert clerks.capacity == pytest.approx(280 / (28 * 24))
    assert seniors.ratio == 0
    assert load_warnings(made) == ()


def test_load_counts_passes_of_a_repeat_shares_and_any() -> None:
    made = network(
        f"""
  - {{repeat: loop, do: [{step("check")}], again: 0.5, at-most: 2, redo: [{step("mend")}]}}
  - choice: way
    options:
      some: {{share: 0.25, do: [{{step: study, by: {{any: [clerks, seniors]}}, effort: 1 h}}]}}
      none: {{share: rest, do: []}}
"""
    )
    visits = expected_visits(made)
    found = {node.name: float(visits[node.index]) for node in made.nodes}
    # passes 1 + 0.5 + 0.25; redone 0.5 + 0.25
    assert found["check"] == pytest.approx(400 * 1.75)
    assert found["mend"] == pytest.approx(400 * 0.75)
    assert found["study"] == pytest.approx(100)
    clerks, seniors = offered_load(made)
    assert clerks.offered * 28 * 24 == pytest.approx(400 * 2.5 / 6 + 50)
    assert seniors.offered * 28 * 24 == pytest.approx(50)


def test_load_of_parallel_branches_meetings_and_holds() -> None:
    made = network(
        """
  - parallel: both
    branches:
      left: [{step: one, by: clerks, effort: 6 min}]
      right: [{step: two, by: clerks, effort: 12 min}]
  - {batch: review, on: {every: 1 weeks, weekday: tue, at: "14:00"}, attend: [seniors], effort: {whole: 2 h}}
  - block: kept
    hold: seniors
    do:
      - {wait: letter, for: 1 working hours}
      - {step: read, by: seniors, effort: 3 min}
"""
    )
    clerks, seniors = offered_load(made)
    assert clerks.offered * 28 * 24 == pytest.approx(400 * 0.3)
    # four meetings of 2 h, and 400 cases that keep a senior for 1 h 3 min (read is done by the one kept)
    assert seniors.offered * 28 * 24 == pytest.approx(8 + 400 * 1.05)
    assert seniors.ratio == pytest.approx((8 + 420) / 140)
    (text,) = load_warnings(made)
    assert "pools.seniors: the work offered is 3.06 times" in text


def test_load_by_class_and_attribute() -> None:
    made = network(
        f"""
  - choice: bulk
    by: size
    options: {{small: {{do: []}}, large: {{do: [{step("carry")}]}}}}
  - choice: kind
    by: class
    options: {{a: {{do: [{step("open")}]}}, b: {{do: []}}}}
""",
        """
cases:
  classes: {a: {share: 0.5, attributes: {size: small}}, b: {share: 0.5}}
  attributes: {size: {small: 0.7, large: 0.3}}
  arrive: {count: 400, per: 4 weeks, during: office}
""",
    )
    visits = expected_visits(made)
    assert visits[made.node("carry").index] == pytest.approx(400 * 0.5 * 0.3)
    assert visits[made.node("open").index] == pytest.approx(200)


def test_arrivals_of_the_window_follow_the_period_and_the_growth() -> None:
    cases = "cases: {arrive: {count: 1200, per: 12 weeks, during: office}}\n"
    made = network(f"  - {step('check')}\n", cases)
    assert arrivals_in_window(made, made.streams[0]) == pytest.approx(400)
    grown = network(f"  - {step('check')}\n", cases.replace("during", "growth: 0.5, during"))
    assert arrivals_in_window(grown, grown.streams[0]) < 400
