"""Calibration, comparison and the words of a replay, where cases are few, none, or too many."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pytest

from sim.engine.records import Records
from sim.evidence.calibrate import one_figure
from sim.evidence.figure import measure
from sim.evidence.region import claimed
from sim.evidence.replay import replay
from sim.evidence.result import ClaimResult
from sim.evidence.solve import solve
from sim.network.build import build
from sim.runs.replicate import Job, Plan, replicate, run_one
from sim.scenario.load import Scenario, loads
from sim.scenario.variant import before

DESK = """
scenario: office
title: {{en: Office, zh: 办事处}}
documents: {{notice: {{title: Notice, issuer: A city, date: 2023-05-01}}}}
run: {{start: 2023-02-06, warm-up: 0 days, window: 2 weeks, follow-for: {follow} {run}}}
calendars: {{office: {{open: {{mon-fri: ["09:00-12:00", "14:00-18:00"]}}}}}}
cases:
  arrive:
    count: {{fact: {count}, document: notice, at: "1"}}
    per: {{fact: 2 weeks, document: notice, at: "1"}}
    during: office
pools: {{clerks: {{size: {{fact: 1, document: notice, at: "1"}}, on: office}}}}
process:
  - mark: accepted
  - step: check
    by: clerks
    effort: {{exponential: {{mean: {effort}}}}}
  - wait: post
    for: {{fact: 1 working day, document: notice, at: "1"}}
  - mark: decided
claims:
  - claim: desk.claim
    title: {{en: A claim, zh: 主张}}
    document: {{document: notice, at: "2"}}
    from: accepted
    to: decided
    why: a figure
    {claim}
"""
DIAL = '{dial: [1 min, 20 min], direction: up, why: "never measured"}'
FACT = '{fact: 5 min, document: notice, at: "1"}'
MEAN = ("statistic: mean", "clock: working-time", "unit: working days")


def desk(
    *claim: str, run: str = "", count: int = 30, effort: str = FACT, follow: str = "2 weeks"
) -> Scenario:
    """Load a desk whose cases take a few minutes, a working day in the post, and one claim."""
    rest = () if any(line.startswith("after") for line in claim) else ("after: 1", "comparator: at-most")
    lines = "\n    ".join((*claim, *rest))
    return loads(DESK.format(run=run, count=count, effort=effort, follow=follow, claim=lines))


def replayed(scenario: Scenario, plan: Plan | None = None) -> ClaimResult:
    """Replay and return the only claim."""
    return replay(scenario, plan or Plan(reps=1)).claims[0]


def test_an_overload_at_the_low_end_of_a_dial_is_searched_upwards() -> None:
    """Nothing is closed below 5, as the figure is too high: a dial with direction down goes up."""

    def figure(dial: float) -> float:
        return math.nan if dial < 5 else 20 / (dial - 4)

    found = solve(figure, 4.0, 1.0, 16.0, rises=False, tolerance=0.02)
    assert found.solved
    assert found.value == pytest.approx(9.0, rel=0.01)


def test_an_overload_is_a_low_share_in_time() -> None:
    """Nothing is closed above 5: the share in time, which falls with the dial, is met below."""

    def figure(dial: float) -> float:
        return math.nan if dial > 5 else 1.0 - dial / 8

    found = solve(figure, 0.75, 1.0, 60.0, rises=False, tolerance=0.005, overload_rises=False)
    assert found.solved
    assert found.value == pytest.approx(2.0, rel=0.03)


def test_a_share_within_working_dates_counts_dates() -> None:
    """All are decided by the third working date after acceptance, none on the same."""
    share = ("statistic: share", "clock: working-dates", "unit: share")
    assert replayed(desk(*share, "within: 3 working days")).before.estimate == 1.0
    assert replayed(desk(*share, "within: 0.5 working days")).before.estimate == 0.0


def test_a_dial_is_solved_for_the_figure_that_is_reported() -> None:
    """A median is that of the cases of all replications, not the mean of their medians."""
    scenario = desk(
        "statistic: p90", "clock: working-time", "unit: working days", "before: 1.5", count=7, effort=DIAL
    )
    model = before(scenario)
    claim, network, plan = model.model.claims[0], build(model), Plan(reps=3)
    records = [run_one(Job(network, plan.seed, r, plan.engine)) for r in range(plan.reps)]
    assert one_figure(claim, network, plan) == measure(claim, network, records).interval.estimate


def test_a_documented_figure_of_nothing_has_a_gap_all_the_same() -> None:
    """The evidence window is compared with a documented 0 without dividing by it."""
    share = ("statistic: share", "clock: working-time", "unit: share", "within: 1 working day", "before: 0")
    found = replayed(desk(*share, run=", evidence-window: 1 week", effort=DIAL))
    assert found.before.estimate == 0.0
    assert found.calibration.window == "evidence"


def test_a_precision_of_what_cannot_be_measured_is_not_reached() -> None:
    """No case closes in the window: that is told, and no replications are spent on it."""
    network = build(before(desk(*MEAN)))

    def unknown(_done: Sequence[Sequence[Records]]) -> list[float]:
        return [math.nan]

    found = replicate([network], Plan(reps=1, precision=0.1), half_widths=unknown)
    assert not found.reached
    assert len(found.records[0]) == 5
    result = replay(desk(*MEAN, count=0), Plan(reps=1, precision=0.1, budget=6))
    assert math.isnan(result.claims[0].before.estimate)
    assert any("precision" in warning for warning in result.warnings)


def test_words_where_a_figure_is_documented_but_no_dial_is_solved() -> None:
    """The reason does not deny the documented figure."""
    assert "no dial" in replayed(desk(*MEAN, "before: 1.2")).reason
    assert "no figure before the reform is documented" in replayed(desk(*MEAN)).reason


def test_words_where_the_dial_reaches_both_sides_of_a_figure_but_not_it() -> None:
    """Working dates come in whole numbers, so that their maximum jumps over 2.5."""
    figure = ("statistic: max", "clock: working-dates", "unit: working days", "before: 2.5")
    reason = replayed(desk(*figure, effort=DIAL.replace("20 min", "4 h"))).reason
    assert "no value tried of the dial meets the documented 2.5" in reason


def test_words_of_a_share_while_cases_are_open() -> None:
    """Cases still open could only lower a share: the reason does not call it a minimum."""
    share = ("statistic: share", "clock: working-time", "unit: share", "within: 9 working days")
    found = replayed(desk(*share, "population: arrived-in", count=60, follow="0 days"))
    assert found.measured["before"].open > 0
    assert "the shares may be smaller than shown" in found.reason
    assert "the means are at least" in replayed(desk(*MEAN, "population: arrived-in", follow="0 days")).reason


@pytest.mark.parametrize(
    ("scale", "low", "high"), [("difference", -1.6, -1.4), ("ratio", -0.85, -0.65), ("level", 0.4, 0.6)]
)
def test_a_change_may_be_stated_by_its_two_ends(scale: str, low: float, high: float) -> None:
    """From 2 days to half a day is 1.5 days less, or a cut of three quarters: that is compared."""
    figures = ("before: 2", "after: 0.5", "comparator: about", "tolerance: 0.1", f"scale: {scale}")
    found = replayed(desk(*MEAN, *figures))
    assert claimed(found.claim)[0] == pytest.approx((low, high))
    assert claimed(found.claim)[1] == ("after" if scale == "level" else "change")
    assert f"documented {(low + high) / 2:.4g}" in found.reason


def test_a_dial_that_reaches_nothing_is_not_blamed_on_the_evidence_window() -> None:
    """The figure out of reach is the same on the short window and on the full one."""
    short = DIAL.replace("20", "2")
    scenario = desk(*MEAN, "before: 9", run=", evidence-window: 1 week", count=300, effort=short)
    result = replay(scenario, Plan(reps=1))
    assert not result.claims[0].calibration.solution.solved
    assert result.claims[0].calibration.window == "evidence"
    assert not any("too short" in warning for warning in result.warnings)


def test_one_replication_of_a_share_casts_no_doubt() -> None:
    """Its interval is all that a share can be, which says nothing."""
    share = ("statistic: share", "clock: working-time", "unit: share", "within: 1.02 working days")
    found = replayed(desk(*share, "after: 0.2", "comparator: at-least"))
    assert 0.2 < found.after.estimate < 1.0
    assert "reaches beyond" not in found.reason


def test_a_dial_solved_on_one_replication_is_compared_with_all_of_them() -> None:
    """A crowded desk: solved anew with one replication; the three together miss it, and that is told."""
    scenario = desk(
        *MEAN, "before: 2", run=", evidence-window: 1 week", count=200, effort=DIAL.replace("20", "60")
    )
    result = replay(scenario, Plan(reps=3))
    found = result.claims[0]
    assert found.calibration.window == "full"
    assert abs(found.before.estimate / 2 - 1) > 0.05
    assert any("over all replications `before` is -5." in warning for warning in result.warnings)
