"""Cases and numbers in the network of a small scenario, worked out by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.errors import InputError, ScenarioError
from sim.network.build import build
from sim.scenario.load import load, loads
from sim.scenario.variant import variant
from tests.desk import CASES, DAY, HEAD, HOUR, network, step


def test_the_rate_of_a_stream_is_open_time_times_the_profile() -> None:
    cases = """
cases:
  arrive:
    count: 400
    per: 4 weeks
    during: office
    profile: {weekday: {mon: 2, tue-wed: 0.5}, hours: {"09:00-10:00": 3}}
"""
    rate = network(f"  - {step('check')}\n", cases).streams[0].rate
    assert rate is not None
    at = {(day, hour): rate.at(day * DAY + hour * HOUR) for day in range(7) for hour in (8, 9, 11, 13, 15)}
    assert [at[0, h] for h in (8, 9, 11, 13, 15)] == [0, 6, 2, 0, 2]
    assert [at[1, h] for h in (9, 11)] == [1.5, 0.5]
    assert [at[3, h] for h in (9, 11)] == [3, 1]
    assert at[5, 9] == 0


def test_streams_with_classes_of_their_own() -> None:
    cases = """
cases:
  classes: {a: {share: 0.5}, b: {share: 0.5}, c: {share: 0}}
  arrive:
    main: {count: 100, per: 4 weeks, during: office, growth: 0.1, exactly: true}
    other: {count: 10, per: 3 weeks, classes: {c: 0.4, a: rest}}
"""
    made = network(f"  - {step('check')}\n", cases)
    assert [s.name for s in made.streams] == ["main", "other"]
    assert made.streams[0].class_shares == (0.5, 1.0, 1.0)
    assert made.streams[1].class_shares == (0.6, 0.6, 1.0)
    assert (made.streams[0].growth, made.streams[0].exactly) == (0.1, True)
    assert made.streams[1].per == 21 * DAY


def test_listed_arrivals_are_local_times() -> None:
    cases = 'cases: {arrive: {at: ["2023-02-07 09:30", "2023-02-06 09:00", "2030-01-01 00:00"]}}\n'
    made = network(f"  - {step('check')}\n", cases)
    assert made.streams[0].times is not None
    assert made.streams[0].times[:2] == (9 * HOUR, DAY + 9 * HOUR + 1800)
    assert any("1 of 3 arrivals lie outside the run" in text for text in made.warnings)


def test_arrivals_from_a_csv_beside_the_scenario(tmp_path: Path) -> None:
    (tmp_path / "days.csv").write_text(
        "received,kind\n2023-02-06T10:00:00,b\n2023-02-06 09:00,a\n", encoding="utf-8"
    )
    cases = """
cases:
  classes: {a: {share: 0.5}, b: {share: 0.5}}
  arrive: {from-csv: days.csv, time: received, class: kind}
"""
    (tmp_path / "desk.yaml").write_text(HEAD + cases + f"process:\n  - {step('check')}\n", encoding="utf-8")
    made = build(variant(load(tmp_path / "desk.yaml")))
    assert made.streams[0].times == (9 * HOUR, 10 * HOUR)
    assert made.streams[0].classes == (0, 1)


UNKNOWN = """
  - repeat: check-again
    do:
      - step: check
        by: clerks
        effort: {gamma: {mean: {assume: [10 min, 40 min], likely: 20 min, why: guess}, cv: 1}}
    again: {assume: [0.1, 0.3], why: guess}
    at-most: 2
"""


def test_unknowns_stand_at_their_likely_value_unless_given() -> None:
    made = network(UNKNOWN)
    assert made.node("check-again").again == 0.2
    assert made.node("check").parts[0].law.params == (1.0, 1200.0)
    names = [u.name for u in variant(loads(HEAD + CASES + "process:" + UNKNOWN)).unknowns]
    assert names == ["check.effort.gamma.mean", "check-again.again"]
    made = network(UNKNOWN, values={"check.effort.gamma.mean": 15, "check-again.again": 0.1})
    assert made.node("check-again").again == 0.1
    assert made.node("check").parts[0].law.params == (1.0, 900.0)


def test_bad_input_values_are_told_with_the_element() -> None:
    with pytest.raises(InputError, match=r"^check-again: the share comes to 1\.5"):
        network(UNKNOWN, values={"check-again.again": 1.5})


def test_bad_input_an_element_named_like_an_end_of_every_process() -> None:
    with pytest.raises((InputError, ScenarioError), match="done"):
        network("  - {step: done, by: clerks, effort: 1 min}\n")


def test_bad_input_two_names_with_one_hash() -> None:
    # CRC-32 of these two words is the same
    with pytest.raises((InputError, ScenarioError), match="names `plumless` and `buckeroo` have the same"):
        network(f"  - {step('plumless')}\n  - {step('buckeroo')}\n")
