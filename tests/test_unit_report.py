"""Text of commands: tables that line up, wrapping, numbers, lengths of time, sources of numbers."""

from __future__ import annotations

import pytest

from sim.report import layout, quantities, replay_text
from sim.report.story import duration


def test_columns_line_up_under_chinese_letters() -> None:
    lines = layout.table(["name", "n"], [("窗口", "1"), ("desk", "10")], right=[1]).splitlines()
    assert lines == ["name   n", "----  --", "窗口   1", "desk  10"]
    assert {layout.width(line) for line in lines} == {8}


def test_paragraphs_keep_to_the_width_in_both_languages() -> None:
    english = "one word after another " * 20
    chinese = "窗口受理，当场办结；" * 30
    for text in (english, chinese, english + chinese):
        lines = layout.paragraph(text, "  ", "    ").splitlines()
        assert len(lines) > 3
        assert all(layout.width(line) <= layout.WIDTH + 2 for line in lines)
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")
        assert not any(line.strip().startswith(("，", "；")) for line in lines)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3.4, "3.40"),
        (154000, "154 000"),
        (0.0234, "0.0234"),
        (-0.8, "-0.800"),
        (0, "0"),
        (None, "-"),
        (1e-20, "0.000000000000"),
    ],
)
def test_numbers_have_three_significant_digits(value: float | None, text: str) -> None:
    assert layout.number(value) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (59, "59 s"),
        (60, "1 min"),
        (3_660, "1 h 1 min"),
        (86_400, "1 d"),
        (90_061, "1 d 1 h"),
        (86_459, "1 d"),
    ],
)
def test_lengths_of_time_have_their_two_greatest_units(seconds: int, text: str) -> None:
    assert duration(seconds) == text


def test_numbers_inside_copies_and_levers_are_named_by_their_elements() -> None:
    tree = {
        "process": [
            {
                "for-each": "permits",
                "over": {"a": {"check.effort": {"fact": 2, "document": "d", "at": "p"}}},
                "do": [{"step": "check", "effort": {"gamma": {"mean": {"assume": [1, 2], "why": "w"}}}}],
            }
        ],
        "reform": [
            {"lever": "less", "edits": [{"scale": "check.effort", "times": {"product": [{"use": "x"}, 2]}}]}
        ],
    }
    found = {number.where: number for number in quantities.numbers(tree)}
    assert list(found) == [
        "permits.over.a.check.effort",
        "permits.*.check.effort.gamma.mean",
        "lever less: scale check.effort.times",
    ]
    assert found["lever less: scale check.effort.times"].value == "x × 2"


CLAIM = {
    "id": "a.mean",
    "scenario": "a",
    "reading": "stated",
    "unit": "days",
    "clock": "elapsed",
    "statistic": "mean",
    "population": "closed-in",
    "comparator": "at-most",
    "tolerance": None,
    "documented": {"before": None, "after": [2, 3], "change": None},
    "simulated": {
        "before": {"mean": 4.0, "low": None, "high": None},
        "after": {"mean": 2.5, "low": 2.0, "high": 12.0},
        "change": None,
    },
    "calibrated": False,
    "verdict": None,
    "share": None,
    "effective_draws": None,
    "reason": "because",
}


def test_a_replay_shows_bounds_ranges_and_what_is_not_known() -> None:
    text = replay_text.as_text({"seed": 1, "reps": 1, "engine": "simpy", "claims": [CLAIM]})
    lines = [line.split() for line in text.splitlines()]
    assert ["before", "-", "4.00", "-"] in lines
    assert ["after", "at", "most", "2", "to", "3", "2.5", "2.0", "to", "12.0"] in lines
    assert "-> because" in text
    assert "the dial" not in text


def test_a_replay_tells_of_each_scenario_what_was_run() -> None:
    other = {**CLAIM, "scenario": "hotline"}
    runs = {
        str(CLAIM["scenario"]): replay_text.Runs({"as-stated": 20, "wide": 20}, 1, "simpy"),
        "hotline": replay_text.Runs({"narrow": 3, "wide": 1}, 2, "simpy"),
    }
    document = {"seed": 1, "reps": 3, "engine": "simpy", "claims": [CLAIM, other]}
    first, _, second = replay_text.as_text(document, "en", {}, runs).partition("\n\nhotline\n")
    assert first.endswith("\n  (20 replications; seed 1; engine simpy)")
    assert second.endswith("\n  (narrow: 3 replications, wide: 1 replication; seed 2; engine simpy)")
    assert "narrow：3 次模拟，wide：1 次模拟" in replay_text.as_text(document, "zh", {}, runs)


def test_rows_of_a_replay_are_flat() -> None:
    (row,) = replay_text.as_rows({"claims": [CLAIM]})
    assert (row["documented_after"], row["simulated_after_low"], row["simulated_change_mean"]) == (
        "2 3",
        2.0,
        None,
    )
