"""Variants of a small office: context, readings, what a user sets, and numbers that are not known."""

from __future__ import annotations

import pytest

from sim.errors import InputError, ScenarioError
from sim.network.build import build
from sim.scenario.load import loads
from sim.scenario.variant import unknowns, variant
from tests.lever_office import BASE, office

# context, readings, --set ----------------------------------------------------------------------------

ALSO = """
context:
  - context: demand
    edits: [{scale: cases.arrive.count, times: 2}, {set: pools.clerks.size, to: 8}]
readings:
  - {reading: plain, why: "as it stands", edits: []}
  - reading: early
    why: "the lever was there before"
    edits: [{adopt: lever-1}, {set: numbers.handling, to: 30 min}]
  - {reading: without, why: "no such lever", edits: [{remove: reform.lever-2}]}
"""
LEVERS = (
    "- {scale: cases.arrive.count, times: 1.5}\n- {set: pools.clerks.size, to: 6}",
    "- {scale: decide.effort, times: 0.5}",
)


def test_context_comes_first_and_levers_build_on_it() -> None:
    scenario = office(*LEVERS, also=ALSO)
    network = build(variant(scenario, levers=["lever-1"], context=True))
    assert network.streams[0].count == 1200
    assert max(network.pools[0].capacity.values) == 6
    assert build(variant(scenario, context=True)).streams[0].count == 800


def test_a_reading_can_adopt_or_remove_a_lever() -> None:
    scenario = office(*LEVERS, also=ALSO)
    early = variant(scenario, reading="early")
    assert build(early).streams[0].count == 600
    assert build(early).node("check").parts[0].law.params == (1800.0,)
    with pytest.raises(InputError, match="takes the lever `lever-1` as part of the service before"):
        variant(scenario, reading="early", levers=["lever-1"])
    with pytest.raises(InputError, match="there is no lever `lever-2`"):
        variant(scenario, reading="without", levers=["lever-2"])


def test_names_of_variants() -> None:
    scenario = office(*LEVERS, also=ALSO)
    assert variant(scenario).name == "before"
    assert variant(scenario, levers=["lever-2", "lever-1"], context=True).name == "after"
    assert variant(scenario, levers=["lever-2"], context=True).name == "context+lever-2"


def test_what_a_user_sets_comes_last() -> None:
    scenario = office(*LEVERS)
    made = variant(
        scenario, levers=["lever-1"], sets={"pools.clerks.size": "9", "check.effort": "{constant: 1 min}"}
    )
    network = build(made)
    assert max(network.pools[0].capacity.values) == 9
    assert network.node("check").parts[0].law.params == (60.0,)
    with pytest.raises(InputError, match=r"Did you mean `check`\?"):
        variant(scenario, sets={"chek.effort": "1 min"})
    with pytest.raises(ScenarioError, match="not a number"):
        variant(scenario, sets={"check.effort": "soon"})


# numbers that are not known --------------------------------------------------------------------------


def test_an_unknown_keeps_its_name_through_edits() -> None:
    scenario = office(
        "- {scale: numbers.handling, times: {assume: [0.5, 1], why: guess}}\n- {move: check, after: register}"
    )
    before, after = variant(scenario), variant(scenario, levers=["lever-1"])
    assert [u.name for u in before.unknowns] == ["handling"]
    assert [u.name for u in after.unknowns] == ["handling", "reform.lever-1.edits.1.times"]
    network = build(after, {"handling": 30, "reform.lever-1.edits.1.times": 0.5})
    assert network.node("check").parts[0].law.params == (900.0,)


def test_a_number_set_by_a_lever_is_another_unknown() -> None:
    scenario = office("- {set: numbers.handling, to: {assume: [1 min, 3 min], why: guess}}")
    assert [u.name for u in unknowns(scenario)] == ["handling", "reform.lever-1.edits.1.to"]
    assert build(variant(scenario, levers=["lever-1"]), {"handling": 30}).node("check").parts[
        0
    ].law.params == (120.0,)


def test_a_value_for_a_name_that_is_no_unknown_is_refused() -> None:
    scenario = office("- {scale: numbers.handling, times: {assume: [0.5, 1], why: guess}}")
    plain, reformed = variant(scenario), variant(scenario, levers=["lever-1"])
    for made in (plain, reformed):
        with pytest.raises(InputError, match=r"`handlin` is no unknown .* Did you mean `handling`\?"):
            build(made, {"handlin": 30.0})
    # What another variant of the scenario depends on may be given: it changes nothing here.
    assert build(plain, {"reform.lever-1.edits.1.times": 0.5}) == build(plain)


def test_an_unknown_of_copies_that_a_lever_brings_is_known_to_the_variant_without_it() -> None:
    made = "{assume: [5 min, 15 min], why: guess, independent: other officers}"
    stamp = f"{{step: stamp, by: clerks, effort: {{constant: {made}}}}}"
    scenario = office(
        "- {insert: [{for-each: stamps, as: sequence, over: [red, blue], do: [" + stamp + "]}], after: check}"
    )
    names = [u.name for u in variant(scenario, levers=["lever-1"]).unknowns if "stamp" in u.name]
    assert len(names) == 2
    assert build(variant(scenario), dict.fromkeys(names, 6.0)) == build(variant(scenario))
    with pytest.raises(InputError, match="is no unknown"):
        build(variant(scenario), {f"{names[0]}s": 6.0})


def test_copies_share_their_unknown_unless_it_is_independent() -> None:
    body = "do:\n      - {step: stamp, by: desk, effort: 10 min}"
    assume = (
        "do:\n      - {step: stamp, by: desk, effort: {constant: {assume: [5 min, 15 min], why: guess%s}}}"
    )
    planning = "over: [filing, planning]"
    base = BASE.replace("over: {filing: {stamp.effort: 5 min}, planning: {}}", planning)
    shared = loads(base.replace(body, assume % ""))
    assert len([u for u in variant(shared).unknowns if "stamp" in u.name]) == 1
    apart = loads(base.replace(body, assume % ", independent: other officers"))
    names = [u.name for u in variant(apart).unknowns if "stamp" in u.name]
    assert names == ["permits.filing.stamp.effort.constant", "permits.planning.stamp.effort.constant"]
