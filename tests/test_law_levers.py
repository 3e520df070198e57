"""Laws of levers: every subset gives a valid, sound model, and a lever changes nothing but what it names."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.network.build import build
from sim.network.elements import Kind, Network
from sim.network.load import offered_load
from sim.scenario.edits import apply
from sim.scenario.edits_find import Finder, clone
from sim.scenario.edits_names import changes
from sim.scenario.expand import expand
from sim.scenario.load import Scenario
from sim.scenario.positions import NOWHERE
from sim.scenario.subsets import subsets
from sim.scenario.variant import after, before, check_levers, unknowns, variant
from tests.lever_office import office, outline

LEVERS = (
    "- {merge: [check, register], as: window, by: clerks, times: 0.8}",
    "- {remove: register}\n- {scale: supplement.again, times: {assume: [0.1, 0.4], why: guess}}",
    "- {parallel: [opinions, permits], as: together}\n- {set: notice.for, to: 1 days}",
    "- {merge-pools: [clerks, seniors], as: officers}\n- {scale: pools.clerks.size, times: 2}",
    """
- insert: [{step: screen, by: screeners, effort: {assume: [2 min, 9 min], why: guess}}]
  before: check
- insert-pools: {screeners: {size: 1, on: late}}
- insert-options: {online: {share: 0.1, do: [{wait: upload, for: 1 days}]}}
  into: route
""",
    "- {move: [opinions, permits.filing], before: check}\n- {route: route, shares: {complex: 0.1}}",
    "- {remove: [opinions.fire, permits.planning, screen]}\n- {calendar: hall, to: office}",
    # The backlog waits at `check`: without it, at the hand-over, outside the block that has a limit.
    """
- insert: [{wait: hand-over, for: 1 hours}]
  before: deciding
- {remove: [supplement, route.refuse, check]}
- {scale: permits.*.stamp.effort, times: 0.5}
""",
)
CONTEXT = """
context:
  - context: demand
    edits: [{scale: cases.arrive.count, times: 2}, {insert: [{wait: post, for: 2 days}], after: accepted}]
readings:
  - {reading: plain, why: "as it stands"}
  - {reading: early, why: "it was so before", edits: [{adopt: lever-3}, {set: supplement.again, to: 0.2}]}
"""
NAMES = tuple(f"lever-{n}" for n in range(1, len(LEVERS) + 1))


@cache
def rich() -> Scenario:
    return office(*LEVERS, also=CONTEXT)


def reachable(network: Network) -> set[int]:
    """Nodes that a case can come to."""
    todo, seen = [network.entry, network.withdrawn, network.turned_away], set()
    while todo:
        index = todo.pop()
        if index in seen:
            continue
        seen.add(index)
        node = network.nodes[index]
        if node.kind is not Kind.END:
            todo += [*node.targets, *([] if node.kind is Kind.CHOICE else [node.next])]
            if node.limit is not None and node.limit.escalate_to >= 0:
                todo.append(node.limit.escalate_to)
    return seen


def check_sound(network: Network) -> None:
    """Every reference leads somewhere, everything is reached, shares add up to 1."""
    size = len(network.nodes)
    assert [node.index for node in network.nodes] == list(range(size))
    assert len({node.name for node in network.nodes}) == size
    assert reachable(network) == set(range(size))
    for node in network.nodes:
        assert all(0 <= target < size for target in node.targets)
        assert (0 <= node.next < size) != (node.kind in (Kind.CHOICE, Kind.END))
        if node.kind is Kind.CHOICE and node.shares:
            assert node.shares[-1] == 1
            assert list(node.shares) == sorted(node.shares)
        for need in node.needs:
            assert all(0 <= pool < len(network.pools) for pool in need.pools)


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(st.sets(st.sampled_from(NAMES)), st.booleans(), st.sampled_from(["plain", "early"]))
def test_every_subset_under_every_reading_is_valid_and_sound(
    levers: set[str], context: bool, reading: str
) -> None:
    chosen = levers - {"lever-3"} if reading == "early" else levers
    check_sound(build(variant(rich(), levers=chosen, context=context, reading=reading)))


def test_all_subsets_are_checked_when_asked() -> None:
    assert len(list(subsets(NAMES))) == 2**8
    assert check_levers(rich(), thorough=False) == []


def test_above_eight_levers_pairs_complements_and_random_subsets_are_tried() -> None:
    names = tuple("abcdefghij")
    found = list(subsets(names))
    assert len(found) == 2 * 45 + 200
    assert {frozenset(s) for s in found} >= {frozenset("ab"), frozenset("cdefghij")}
    assert found == list(subsets(names))


@settings(max_examples=15, deadline=None, derandomize=True)
@given(st.permutations(NAMES))
def test_the_order_in_which_levers_are_named_does_not_matter(names: list[str]) -> None:
    chosen = names[:4]
    one = variant(rich(), levers=chosen)
    other = variant(rich(), levers=sorted(chosen))
    assert one.raw == other.raw
    assert one.name == other.name


@settings(max_examples=15, deadline=None, derandomize=True)
@given(st.sets(st.sampled_from(NAMES)))
def test_a_case_has_the_same_luck_wherever_a_name_stays(levers: set[str]) -> None:
    """The draws of an element are keyed by its name alone, also as a part of a merged step."""

    def keys(network: Network) -> dict[str, int]:
        found = {node.name: node.key for node in network.nodes}
        return found | {part.name: part.key for node in network.nodes for part in node.parts}

    base, made = keys(build(before(rich()))), keys(build(variant(rich(), levers=levers)))
    assert all(made[name] == key for name, key in base.items() if name in made)


def test_no_lever_and_no_context_is_before_and_nothing_is_changed_for_good() -> None:
    scenario = rich()
    first = build(before(scenario))
    build(after(scenario))
    assert build(before(scenario)) == first
    assert before(scenario).name == "before"


def test_unknowns_of_every_subset_are_known_from_the_scenario() -> None:
    known = {unknown.name for unknown in unknowns(rich())}
    for levers in list(subsets(NAMES))[::16]:
        assert {u.name for u in variant(rich(), levers=levers, context=True).unknowns} <= known


def test_edits_keep_the_places_of_the_file() -> None:
    """A problem of a variant points into the file: what comes from it keeps its line."""
    raw = after(rich()).raw
    todo, places = [raw], 0
    while todo:
        value = todo.pop()
        mark = getattr(value, "mark", None)
        places += mark is not None and mark != NOWHERE
        todo += list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
    assert places > 200


def test_a_pass_of_no_edits_changes_nothing() -> None:
    tree, problems = expand(rich().raw)
    copied = clone(tree)
    assert apply(copied, []) == problems == []
    assert copied == tree


def test_expansion_leaves_no_for_each_and_makes_every_name_once() -> None:
    tree, _ = expand(rich().raw)
    names = Finder(tree).names
    assert len(set(names)) == len(names)
    assert "for-each" not in str(tree)
    assert "permits.filing.stamp" in names
    assert len(changes(tree, "reform")) == sum(text.count("- ") for text in map(top_level, LEVERS))


def top_level(text: str) -> str:
    """Lines of a lever's edits that begin an edit."""
    return "\n".join(line for line in text.splitlines() if line.startswith("- "))


def test_more_cases_offer_more_load_and_scales_of_context_and_levers_multiply() -> None:
    calm, busy = (offered_load(build(variant(rich(), context=context))) for context in (False, True))
    for one, two in zip(calm, busy, strict=True):
        assert two.ratio == pytest.approx(2 * one.ratio)


def test_moves_come_before_parallels_and_removals_come_last() -> None:
    made = variant(rich(), levers=["lever-3", "lever-6", "lever-7"])
    names = outline(made.raw["process"])
    # lever-6 moves opinions and the copy to the front, so the span of lever-3 begins there
    together = next(item["together"] for item in names if isinstance(item, dict) and "together" in item)
    assert next(iter(together)) == "opinions"
    assert together["opinions"] == [{"opinions": ["traffic-letter"]}]
