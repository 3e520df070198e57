"""Measures counted in bins, from records in parts, are those of whole tables."""

from __future__ import annotations

import math

import pytest

from sim.chance.draws import Draws
from sim.engine.choose import choose
from sim.engine.records import Records
from sim.errors import RunError
from sim.measures.bins import ERROR
from sim.measures.checks import Checking
from sim.measures.combine import Summary, combine, differences, short_runs, summarise, summary_of
from sim.measures.summary import QUANTILES, Gathered
from sim.network.build import build
from sim.network.elements import Network
from sim.report.single import Choice, chosen, run_single
from sim.runs.packed import pack, unpack
from sim.runs.replicate import Job, Plan, summarise_one
from sim.runs.standard import FIVE, OFFICE, network
from sim.scenario.files import find
from sim.scenario.load import load, loads
from tests.command_line import DESK
from tests.engines import OTHER, available, missing, run

DIAL = "check-papers.effort.exponential.mean"


def same(one: Summary, whole: Summary) -> None:
    """Compare a summary from bins with one from every value."""
    assert one.counts == whole.counts
    assert list(one.lead_times) == list(whole.lead_times)
    assert [(m.name, m.of, m.statistic, m.unit, m.at_least) for m in one.measures] == [
        (m.name, m.of, m.statistic, m.unit, m.at_least) for m in whole.measures
    ]
    for found, expected in zip(one.measures, whole.measures, strict=True):
        # A mean of floats is rounded at every step, that of whole seconds once.
        rel = ERROR if found.statistic in QUANTILES else 1e-12 if found.statistic == "mean" else 0.0
        assert math.isnan(found.value) == math.isnan(expected.value)
        if not math.isnan(expected.value):
            assert found.value == pytest.approx(expected.value, rel=rel, abs=1e-12 * rel), found


def binned(net: Network, *parts: Records) -> Summary:
    gathered = Gathered(net, binned=True)
    for part in parts:
        gathered.add(part)
    return summary_of(gathered)


@pytest.mark.parametrize("standard", [FIVE, OFFICE], ids=lambda s: s.name)
def test_measures_in_bins_are_those_of_every_value(standard) -> None:  # type: ignore[no-untyped-def]
    net = network(standard, 400)
    records = run(net, Draws(1))
    same(binned(net, records), summarise(net, records))


@pytest.mark.skipif(bool(missing(OTHER)), reason="there is no compiled engine here")
def test_parts_of_a_run_give_the_very_numbers_of_the_whole() -> None:
    from sim.engine.compiled.streaming import stream

    net = network(OFFICE, 600)
    parts: list[Records] = []
    stream(net, Draws(1), parts.append, rows=300, size=100)
    whole = run(net, Draws(1))
    assert len(parts) > 5
    assert str(binned(net, *parts).measures) == str(binned(net, whole).measures)
    same(binned(net, *parts), summarise(net, whole))


def test_intervals_and_changes_over_replications_are_taken_from_bins() -> None:
    net = network(FIVE, 200)
    runs = [run(net, Draws(1, 0, r)) for r in range(3)]
    in_bins, whole = [binned(net, r) for r in runs], [summarise(net, r) for r in runs]
    for found, expected in zip(combine(in_bins), combine(whole), strict=True):
        if not math.isnan(expected.interval.estimate):
            assert found.interval.estimate == pytest.approx(expected.interval.estimate, rel=ERROR)
    key = ("lead-time", "all", "p95")
    change = differences(in_bins[:2], in_bins[1:])[key].interval.estimate
    assert change == pytest.approx(differences(whole[:2], whole[1:])[key].interval.estimate, abs=0.001)
    assert short_runs(in_bins) == []


def close(found: float, expected: float, rel: float) -> bool:
    return found == pytest.approx(expected, rel=rel, abs=0.0, nan_ok=True)


@pytest.mark.parametrize("engine", available())
def test_a_run_without_records_measures_what_one_with_records_does(engine: str) -> None:
    plan, choice = Plan(reps=3, engine=engine), Choice("after", sets={DIAL: "40 min"})
    runs = {
        kept: run_single(loads(DESK), choice, plan, against="before", kept=kept)[0]
        for kept in ("none", "cases")
    }
    none, whole = runs["none"], runs["cases"]
    assert (none.records, len(whole.records), none.reps) == ((), 3, 3)
    assert none.counts == whole.counts
    assert none.changes.keys() == whole.changes.keys()
    for found, expected in zip(none.measures, whole.measures, strict=True):
        key = (found.name, found.of, found.statistic)
        assert key == (expected.name, expected.of, expected.statistic)
        rel = ERROR if found.statistic in QUANTILES else 1e-12
        assert close(found.interval.estimate, expected.interval.estimate, rel), key
        if found.statistic not in QUANTILES:
            assert close(found.interval.half_width, expected.interval.half_width, 1e-9), key
        if key in none.changes:
            # Both sides are near what was measured: so much may their difference be off.
            off = 2 * rel * (abs(expected.interval.estimate) + abs(whole.changes[key].interval.estimate))
            one, other = (run.changes[key].interval.estimate for run in (none, whole))
            assert one == pytest.approx(other, abs=off + 1e-12, nan_ok=True), key


@pytest.mark.skipif(bool(missing(OTHER)), reason="there is no compiled engine here")
def test_a_large_run_in_many_chunks_measures_what_its_whole_tables_do() -> None:
    from sim.engine.compiled.streaming import stream

    scenario = load(find("hotline-dongguan"))
    net = build(chosen(scenario, Choice(sets={"numbers.held": "3 working days"})), {})
    parts: list[int] = []
    stream(net, Draws(1), lambda records: parts.append(len(records.cases)))
    assert len(parts) > 5
    assert max(parts) < sum(parts) / 3
    whole = choose(OTHER).run(net, Draws(1))
    assert sum(parts) == len(whole.cases)
    same(summarise_one(Job(net, 1, 0, OTHER)), summarise(net, whole))


def test_a_summary_in_bins_is_kept_with_the_finished_jobs() -> None:
    net = network(FIVE, 200)
    summary = binned(net, run(net, Draws(1)))
    again = unpack(pack(summary))
    assert str(again.measures) == str(summary.measures)
    assert again.counts == summary.counts
    for of, bins in summary.lead_times.items():
        other = again.lead_times[of]
        assert (other.count, other.total, other.squares) == (bins.count, bins.total, bins.squares)
        assert other.quantile(0.9) == bins.quantile(0.9)


@pytest.mark.skipif(bool(missing(OTHER)), reason="there is no compiled engine here")
@pytest.mark.parametrize(
    "order",
    [(0, 2, 3, 4), (0, 1, 1, 2, 3, 4), (1, 2, 3, 4)],
    ids=["one is lost", "one comes twice", "the first is lost"],
)
def test_a_part_of_a_run_that_is_lost_or_comes_twice_breaks_conservation(order: tuple[int, ...]) -> None:
    from sim.engine.compiled.streaming import stream

    net = network(FIVE, 300)
    parts: list[Records] = []
    stream(net, Draws(1), parts.append, rows=400, size=100)
    assert len(parts) > 5

    def measured(chosen: list[int]) -> None:
        laws = Checking(net)
        for i in chosen:
            laws.add(parts[i])
        laws.end(parts[-1])

    rest = list(range(5, len(parts)))
    measured([*range(5), *rest])
    with pytest.raises(RunError, match=r"conservation broken: \d+ cases of .* each should be measured once"):
        measured([*order, *rest])
