"""Every subset of levers of every shipped scenario builds and runs, on a short window.

In the test suite none, some pairs of neighbours and all; the whole (all subsets of up to 8 levers, above
all pairs, their complements and 200 random ones, under every reading) is marked `full`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from sim.network.build import build
from sim.network.elements import Network
from sim.scenario.load import Scenario, load, loads
from sim.scenario.subsets import subsets
from sim.scenario.variant import lever_names, reading_names, variant
from tests import record_laws, staff_laws
from tests.random_runs import run_of

WEEK = 7 * 86400
FOLDER = Path(__file__).parents[1] / "scenarios"
NAMES = sorted(p.stem for p in FOLDER.glob("*.yaml"))
PARTS = 8  # of the whole, so that processes share it


@cache
def shipped(name: str) -> Scenario:
    return load(FOLDER / f"{name}.yaml")


def short(network: Network) -> Network:
    """Return a network with a window of one week, into which each stream brings a few cases."""
    times = tuple(day * 86400 + hour * 3600 for day in range(5) for hour in (0, 9, 15))
    streams = tuple(replace(s, times=times, classes=None) for s in network.streams)
    return replace(network, streams=streams, window=(0, WEEK), horizon=min(network.horizon, 60 * WEEK))


def check_variant(name: str, reading: str, levers: tuple[str, ...]) -> int:
    """Build one variant, run it, check every law; return its number of cases."""
    made = variant(shipped(name), levers=levers, context=True, reading=reading)
    one = run_of(short(build(made)))
    for law in (*record_laws.LAWS, *staff_laws.LAWS):
        law(one)
    return len(one.records.cases)


def some(levers: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield none, every third pair of neighbours, and all."""
    yield ()
    yield from list(pairwise(levers))[::3]
    yield levers


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_some_subsets_of_levers_run_and_keep_the_laws(name: str) -> None:
    headline = reading_names(shipped(name))[0]
    found = [check_variant(name, headline, levers) for levers in some(lever_names(shipped(name)))]
    assert min(found) > 0


@pytest.mark.full
@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("name", NAMES)
def test_every_subset_of_levers_runs_and_keeps_the_laws(name: str, part: int) -> None:
    for reading in reading_names(shipped(name)):
        for levers in list(subsets(lever_names(shipped(name), reading)))[part::PARTS]:
            try:
                check_variant(name, reading, levers)
            except Exception as error:
                error.add_note(f"{name}, reading {reading}, levers {', '.join(levers)}")
                raise


OFFICE = """
scenario: shares
title: {en: Shares, zh: 份额}
run: {start: 2023-02-06, warm-up: 0 s, window: 1 days, follow-for: 1 days}
calendars: {always: {open: always}}
cases:
  classes: {a: {share: rest}, b: {share: 0.5}, c: {share: 0.5}}
  arrive: {count: 10, per: 1 days}
pools: {clerks: {size: 1, on: always}}
process:
  - choice: way
    options: {first: {share: rest, do: []}, second: {share: 0.3, do: []}, third: {share: 0.2, do: []}}
  - {step: serve, by: clerks, effort: 1 min}
reform:
  - lever: more
    edits:
      - {insert-options: {fourth: {share: 0.2, do: []}}, into: way}
      - {insert-classes: {d: {share: 0.1}}}
"""


def test_an_inserted_option_takes_its_share_from_all_others_in_proportion() -> None:
    """0.5, 0.3, 0.2 leave room for 0.2: 0.4, 0.24, 0.16; also where one is the rest."""
    network = build(variant(loads(OFFICE), levers=["more"]))
    shares = network.node("way").shares
    assert [round(b - a, 9) for a, b in pairwise((0.0, *shares))] == [0.4, 0.24, 0.16, 0.2]
    assert [round(c.share, 9) for c in network.classes] == [0.0, 0.45, 0.45, 0.1]
