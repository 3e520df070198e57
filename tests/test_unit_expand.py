"""For-each written out: names, pools and references of the copies, worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest

from sim.errors import ScenarioError
from sim.network.build import build
from sim.network.elements import Kind
from sim.scenario.expand import MAX_COPIES, expand
from sim.scenario.load import loads
from sim.scenario.positions import parse
from sim.scenario.variant import variant
from tests.lever_office import outline

HEAD = """
scenario: permits
title: {en: "Permits", zh: "许可"}
run: {start: 2023-02-06, warm-up: 0 days, window: 4 weeks, follow-for: 4 weeks}
calendars:
  office: {open: {mon-fri: ["09:00-17:00"]}}
cases:
  arrive: {count: 100, per: 4 weeks}
pools:
  clerks: {size: 2, on: office}
process:
"""


def expanded(process: str) -> Any:
    tree, problems = expand(parse(HEAD + process, "<text>"), "<text>")
    assert problems == []
    return tree


BODY = """
    over: {filing: {%s}, planning: {}}
    pools: {desk: {size: 1, on: office}, hall: {size: 3, on: office}}
    do:
      - step: check
        by: {any: [desk, clerks]}
        effort: 10 min
        limit: {within: 2 days, missed: {move-to: hall}}
      - block: kept
        hold: desk
        do:
          - {batch: meet, when: {size: 2, or-after: 1 days}, attend: [hall], bundle: true}
          - {step: sign, by: [desk, hall], effort: 1 min}
          - unbundle: meet
"""


def test_a_sequence_of_copies_is_a_block_of_blocks() -> None:
    tree = expanded("  - for-each: permits\n    as: sequence" + BODY % "check.effort: 5 min")
    assert outline(tree["process"]) == [
        {
            "permits": [
                {
                    f"permits.{item}": [
                        f"permits.{item}.check",
                        {f"permits.{item}.kept": [f"permits.{item}.{x}" for x in ("meet", "sign", "meet")]},
                    ]
                }
                for item in ("filing", "planning")
            ]
        }
    ]
    assert list(tree["pools"]) == [
        "clerks",
        *(f"permits.{item}.{pool}" for item in ("filing", "planning") for pool in ("desk", "hall")),
    ]


def test_copies_refer_to_their_own_elements_and_pools() -> None:
    tree = expanded("  - for-each: permits\n    as: parallel" + BODY % "check.effort: 5 min, hall.size: 7")
    filing, planning = tree["process"][0]["branches"].values()
    assert filing[0]["by"] == {"any": ["permits.filing.desk", "clerks"]}
    assert filing[0]["limit"]["missed"]["move-to"] == "permits.filing.hall"
    assert planning[1]["hold"] == "permits.planning.desk"
    assert planning[1]["do"][0]["attend"] == ["permits.planning.hall"]
    assert planning[1]["do"][1]["by"] == ["permits.planning.desk", "permits.planning.hall"]
    assert planning[1]["do"][2] == {"unbundle": "permits.planning.meet"}
    assert [filing[0]["effort"], planning[0]["effort"]] == ["5 min", "10 min"]
    assert [tree["pools"][f"permits.{x}.hall"]["size"] for x in ("filing", "planning")] == [7, 3]


def test_a_choice_of_copies_takes_their_shares_or_equal_ones() -> None:
    body = "\n    over: {%s}\n    do: [{step: check, by: clerks, effort: 1 min}]\n"
    stated = expanded("  - for-each: kinds\n    as: choice" + body % "a: {share: 0.2}, b: {share: rest}")
    assert [o["share"] for o in stated["process"][0]["options"].values()] == [0.2, "rest"]
    equal = expanded("  - for-each: kinds\n    as: choice\n    over: [a, b]\n    do: [{mark: x}]\n")
    assert [o["share"] for o in equal["process"][0]["options"].values()] == [0.5, 0.5]


NESTED = """
  - for-each: towns
    as: parallel
    over: [east, west]
    pools: {desk: {size: 1, on: office}}
    do:
      - for-each: permits
        as: sequence
        over: [filing, planning]
        pools: {hall: {size: 1, on: office}}
        do:
          - {step: check, by: [desk, hall], effort: 1 min}
"""


def test_copies_within_copies() -> None:
    tree = expanded(NESTED)
    assert set(tree["pools"]) == {"clerks"} | {
        f"towns.{town}.{pool}"
        for town in ("east", "west")
        for pool in ("desk", "permits.filing.hall", "permits.planning.hall")
    }
    network = build(variant(loads(HEAD + NESTED)))
    step = network.node("towns.west.permits.planning.check")
    assert [network.pools[p].name for p in step.needs[0].pools] == [
        "towns.west.desk",
        "towns.west.permits.planning.hall",
    ]
    assert [n.name for n in network.nodes if n.kind is Kind.JOIN] == ["towns/east", "towns/west"]


def test_copies_keep_the_places_of_the_file_and_the_file_is_not_changed() -> None:
    raw = parse(HEAD + NESTED, "<text>")
    tree, _ = expand(raw, "<text>")
    step = tree["process"][0]["branches"]["west"][0]["do"][1]["do"][0]
    assert (
        step["effort"].mark.line
        == (HEAD + NESTED).splitlines().index("          - {step: check, by: [desk, hall], effort: 1 min}")
        + 1
    )
    assert "for-each" in raw["process"][0]


@pytest.mark.parametrize(
    ("own", "message"),
    [
        ("chek.effort: 5 min", "Did you mean `check`?"),
        ("check.effort.gamma.mean: 5 min", "has no fields"),
    ],
)
def test_bad_input_a_copy_that_sets_what_is_not_there(own: str, message: str) -> None:
    with pytest.raises(ScenarioError) as error:
        loads(HEAD + "  - for-each: permits\n    as: sequence" + BODY % own)
    assert message in str(error.value)


def test_bad_input_copies_that_multiply_beyond_measure() -> None:
    names = ", ".join(f"n{i}" for i in range(50))
    body = f"as: sequence, over: [{names}], do: ["
    process = f"  - {{for-each: a, {body}{{for-each: b, {body}{{mark: m}}]}}]}}\n"
    assert MAX_COPIES < 50 * 50
    with pytest.raises(ScenarioError, match=f"more than {MAX_COPIES}"):
        loads(HEAD + process)
