"""The shipped scenarios: they load, source every number, and every subset of their levers builds."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from sim.network.build import build
from sim.scenario.load import Scenario, load
from sim.scenario.subsets import subsets
from sim.scenario.variant import after, before, lever_names, reading_names, variant

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "scenarios"

#: What the documents name as changes, one lever each.
LEVERS = {
    "one-seal-approval": {
        "one-bureau", "parallel-handling", "no-drawing-review", "design-before-contract",
        "three-stage-permit", "area-assessments", "early-entry", "fewer-documents", "tailored-plan",
        "third-party-review", "acceptance-on-trust",
    },
    "hotline-dongguan": {"business-line", "direct-accounts"},
    "bankruptcy-fast-track": {
        "two-screens", "fast-panel", "standard-review", "administrators-in-bundles",
        "recommended-administrators", "shared-data", "help-before-petition", "settlement",
    },
}  # fmt: skip

#: Documented values of the claims: before, after.
CLAIMS = {
    "one-seal.time": (110, 0),
    "dongguan.mean": (3.4, 2.6),
    "bankruptcy.petition-time": (None, 2.5),
    "bankruptcy.simple-time": (None, 5),
}

NAMES = sorted(LEVERS)


@cache
def shipped(name: str) -> Scenario:
    return load(FOLDER / f"{name}.yaml")


def test_every_shipped_file_is_known_here() -> None:
    assert {p.stem for p in FOLDER.glob("*.yaml")} >= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_scenario_is_named_as_its_file_and_has_titles(name: str) -> None:
    scenario = shipped(name)
    assert scenario.name == name
    titles = [scenario.model.title, *(lever.title for lever in scenario.levers)]
    titles += [reading.title for reading in scenario.readings]
    for title in titles:
        assert title is not None
        assert title.en
        assert title.zh


@pytest.mark.parametrize("name", NAMES)
def test_levers_are_those_of_the_documents(name: str) -> None:
    scenario = shipped(name)
    assert {lever.name for lever in scenario.levers} == LEVERS[name]
    documents = set(scenario.raw["documents"])
    for lever in scenario.raw["reform"]:
        assert lever["from"]["document"] in documents
        assert re.search(r"item|part|东莞", lever["from"]["at"]), "the place in the document is not named"


@pytest.mark.parametrize("claim", sorted(CLAIMS))
def test_claims_state_the_documented_figures(claim: str) -> None:
    found = [c for name in NAMES for c in shipped(name).raw["claims"] if c["claim"] == claim]
    assert len(found) == 1
    assert (found[0]["before"], found[0]["after"]) == CLAIMS[claim]


#: Keys below which plain numbers are settings or the documented figures themselves.
#: (`per` says what a sourced count is a count of), and keys of words.
SETTINGS = {"run", "calendars", "at-most", "priority", "on", "per", "title", "why", "at", "note"}
SECTIONS = ("numbers", "cases", "pools", "process", "context", "reform", "readings")
#: Keys of a number that has a source, a reason or a range.
SOURCED = {"fact", "assume", "dial"}
QUANTITY = re.compile(r"^\s*-?\d+(\.\d+)?(e-?\d+)?\s*([a-z][a-z ]*)?$")


def bare(value: Any, path: str = "") -> list[str]:
    """Return the paths of numbers that are neither sourced nor 0 or 1."""
    if isinstance(value, dict):
        if SOURCED & set(value):
            return []
        return [
            found
            for key, below in value.items()
            if key not in SETTINGS
            for found in bare(below, f"{path}.{key}")
        ]
    if isinstance(value, list):
        return [found for n, below in enumerate(value) for found in bare(below, f"{path}[{n}]")]
    if isinstance(value, bool) or value is None:
        return []
    if isinstance(value, int | float):
        return [] if value in (0, 1) else [f"{path} = {value}"]
    return [f"{path} = {value}"] if QUANTITY.match(str(value)) else []


def test_bare_numbers_are_found() -> None:
    tree = {"a": {"effort": "5 min"}, "b": [{"share": 0.4}], "c": {"assume": ["1 h", "2 h"]}, "d": "words"}
    assert bare(tree) == [".a.effort = 5 min", ".b[0].share = 0.4"]


@pytest.mark.parametrize("name", NAMES)
def test_every_number_is_a_fact_an_assumption_or_the_dial(name: str) -> None:
    raw = shipped(name).raw
    sections = {key: raw.get(key) for key in SECTIONS}
    assert bare(sections) == []


def ranges(value: Any) -> list[Any]:
    """Return every assumption, fact and dial below a part of the tree."""
    if isinstance(value, dict):
        own = [value] if SOURCED & set(value) else []
        return own + [found for below in value.values() for found in ranges(below)]
    if isinstance(value, list):
        return [found for below in value for found in ranges(below)]
    return []


@pytest.mark.parametrize("name", NAMES)
def test_facts_have_a_place_and_assumptions_a_reason(name: str) -> None:
    raw = shipped(name).raw
    dials = 0
    for number in ranges(dict(raw)):
        if "fact" in number:
            assert number["document"] in raw["documents"]
            assert number["at"]
        else:
            assert len(str(number["why"]).split()) >= 4, number["why"]
        dials += "dial" in number
    assert dials == (1 if any(c["before"] is not None for c in raw["claims"]) else 0)


@pytest.mark.parametrize("name", NAMES)
def test_before_and_after_build_under_every_reading(name: str) -> None:
    scenario = shipped(name)
    for reading in reading_names(scenario):
        for made in (before(scenario, reading), after(scenario, reading)):
            network = build(made)
            assert network.scenario == name
            assert network.nodes


def builds(scenario: Scenario, chosen: tuple[str, ...]) -> bool:
    return bool(build(variant(scenario, levers=chosen, context=True)).nodes)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_each_lever_alone_left_out_and_some_subsets_build(name: str) -> None:
    scenario = shipped(name)
    levers = lever_names(scenario)
    wanted = [(lever,) for lever in levers]
    wanted += [tuple(other for other in levers if other != lever) for lever in levers]
    wanted += list(subsets(levers))[::16]
    assert all(builds(scenario, chosen) for chosen in dict.fromkeys(wanted))


@pytest.mark.slow
@pytest.mark.full
@pytest.mark.parametrize("name", NAMES)
def test_every_subset_of_levers_builds(name: str) -> None:
    """All subsets of up to 8 levers; above, all pairs, their complements and 200 random ones."""
    scenario = shipped(name)
    assert all(builds(scenario, chosen) for chosen in subsets(lever_names(scenario)))


def test_hotline_demand_follows_the_reading() -> None:
    """61 600 or 102 667 tickets before, 154 000 after, whatever the reading."""
    scenario = shipped("hotline-dongguan")
    found = {
        reading: [build(v(scenario, reading)).streams[0].count for v in (before, after)]
        for reading in reading_names(scenario)
    }
    assert found["forwarded-tickets"] == [61600, 154000]
    assert found["grew-by-half"] == [102667, 154000]


def test_hotline_line_is_no_lever_where_it_existed() -> None:
    scenario = shipped("hotline-dongguan")
    assert "business-line" not in lever_names(scenario, "line-existed")
    network = build(before(scenario, "line-existed"))
    reply = network.node("reply")
    line = build(after(scenario)).node("reply")
    assert reply.shares == line.shares


def test_permits_of_the_register_add_up_to_38() -> None:
    """Rows of the table name elements of the scenario, and the numbers add up to the documented 38."""
    text = (ROOT / "docs" / "evidence.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ((?:studies|permits|acceptance)\.[a-z-]+) \| (.+) \| (\d+) \|$", text, re.M)
    network = build(before(shipped("one-seal-approval")))
    blocks = {node.name for node in network.nodes}
    for row, names, number in rows:
        assert len(names.split(";")) == int(number)
        assert any(name.startswith(f"{row}.") or name == row for name in blocks), row
    copies = {".".join(n.split(".")[:2]) for n in blocks if re.match(r"(studies|permits|acceptance)\.", n)}
    assert {row for row, _, _ in rows} == copies
    assert sum(int(number) for _, _, number in rows) == 38
    at = [row for row, _, _ in rows].index("acceptance.planning-check")
    assert sum(int(number) for _, _, number in rows[:at]) == 29


def test_documents_required_fall_from_312_to_119() -> None:
    scenario = shipped("one-seal-approval")
    counts = [build(v(scenario)).case_counts for v in (before, after)]
    assert counts == [(312,), (119,)]


def test_bankruptcy_petitions_spread_over_the_assumed_period() -> None:
    scenario = shipped("bankruptcy-fast-track")
    stream = build(before(scenario)).streams[0]
    assert stream.count == pytest.approx(1332)
    assert stream.per == pytest.approx(30 * 30.44 * 86400)
