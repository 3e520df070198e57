"""Measures counted in bins, from records in parts, are those of whole tables."""

from __future__ import annotations

import math

import pytest

from sim.chance.draws import Draws
from sim.engine.records import Records
from sim.measures.bins import ERROR
from sim.measures.combine import Summary, combine, differences, short_runs, summarise, summary_of
from sim.measures.summary import QUANTILES, Gathered
from sim.network.elements import Network
from sim.report.single import Choice, run_single
from sim.runs.replicate import Plan
from sim.runs.standard import FIVE, OFFICE, network
from sim.scenario.files import find
from sim.scenario.load import load
from tests.engines import OTHER, missing, run


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


def test_a_run_without_records_measures_what_one_with_records_does() -> None:
    scenario = load(find("one-seal-approval"))
    plan = Plan(reps=2, engine="simpy")
    none, _ = run_single(scenario, Choice(), plan, kept="none")
    whole, _ = run_single(scenario, Choice(), plan, kept="cases")
    assert (none.records, len(whole.records), none.reps) == ((), 2, 2)
    assert none.counts == whole.counts
    for found, expected in zip(none.measures, whole.measures, strict=True):
        assert (found.name, found.of, found.statistic) == (expected.name, expected.of, expected.statistic)
        if not math.isnan(expected.interval.estimate):
            rel = ERROR if found.statistic in QUANTILES else 1e-12
            assert found.interval.estimate == pytest.approx(expected.interval.estimate, rel=rel), found
