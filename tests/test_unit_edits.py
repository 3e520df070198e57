"""Every kind of edit on a small office: what it makes of the service, worked out by hand."""

from __future__ import annotations

import pytest

from sim.errors import InputError, ScenarioError
from sim.network.build import build
from sim.network.elements import Kind, Network, Node
from sim.scenario.load import loads
from sim.scenario.variant import Variant, check_levers, unknowns, variant
from tests.lever_office import BASE, edited, element, office, outline


def node(made: Variant, name: str) -> Node:
    return build(made).node(name)


def shares(made: Variant, name: str = "route") -> list[float]:
    """Shares of a choice in file order, to 12 digits."""
    cumulative = node(made, name).shares
    return [round(b - a, 12) for a, b in zip((0.0, *cumulative), cumulative, strict=False)]


def problems(*edits: str, also: str = "") -> str:
    with pytest.raises(ScenarioError) as error:
        office(*edits, also=also)
    return str(error.value)


# set, scale ------------------------------------------------------------------------------------------


def test_set_replaces_a_field_of_an_element() -> None:
    made = edited("- {set: notice.for, to: 3 working days}")
    assert build(made).node("notice").delay.law.params == (3 * 7 * 3600.0,)


def test_set_reaches_parameters_pools_cases_calendars_numbers_and_the_run() -> None:
    made = edited(
        """
- {set: register.effort.gamma.mean, to: 6 min}
- {set: pools.clerks.size, to: 7}
- {set: cases.arrive.count, to: 500}
- {set: numbers.handling, to: 30 min}
- {set: run.window, to: 8 weeks}
- {set: "calendars.late.open", to: {sat: ["08:00-20:00"]}}
"""
    )
    network = build(made)
    assert max(network.pools[0].capacity.values) == 7
    assert network.streams[0].count == 500
    assert network.node("check").parts[0].law.params == (1800.0,)
    assert network.node("register").parts[0].law.params == (4.0, 360.0 / 4)
    assert network.window == (7 * 86400, 9 * 7 * 86400)
    assert network.calendars[1].standard_day == 12 * 3600


def test_set_can_add_a_field_that_was_not_stated() -> None:
    made = edited("- {set: check.patience, to: 5 days}")
    assert build(made).node("check").patience.params == (5 * 86400.0,)


def test_set_of_a_share_lets_the_others_keep_their_proportions() -> None:
    # simple 0.5, complex 0.3, refuse 0.2: the others stand 5 to 2 and share 0.3
    made = edited("- {set: route.complex.share, to: 0.7}")
    assert shares(made) == [round(0.3 * 5 / 7, 12), 0.7, round(0.3 * 2 / 7, 12)]


def test_set_of_the_rest_scales_the_written_shares() -> None:
    made = edited("- {set: route.refuse.share, to: 0.6}")
    assert shares(made) == [0.25, 0.15, 0.6]


def test_set_of_shares_of_classes_and_attributes() -> None:
    made = edited(
        "- {set: cases.classes.question.share, to: 0.9}\n- {set: cases.attributes.size.large, to: 0.5}"
    )
    network = build(made)
    assert [round(c.share, 12) for c in network.classes] == [0.9, 0.1]
    assert network.attributes[0].shares == (0.5, 1.0)


def test_scale_multiplies_numbers_and_laws_and_scales_multiply() -> None:
    made = edited(
        "- {scale: supplement.again, times: 0.5}\n- {scale: register.effort, times: 0.5}",
        "- {scale: register.effort, times: 0.2}\n- {scale: check.effort, times: 2}",
    )
    network = build(made)
    assert network.node("supplement").again == pytest.approx(0.15)
    assert network.node("register").parts[0].law.scale == pytest.approx(0.1)
    assert network.node("check").parts[0].law.params == (2400.0,)


def test_scale_of_a_share_is_pro_rata_too() -> None:
    assert shares(edited("- {scale: route.complex.share, times: 2}")) == [
        round(0.4 * 5 / 7, 12),
        0.6,
        round(0.4 * 2 / 7, 12),
    ]


def test_scale_follows_set_whatever_the_order_in_the_file() -> None:
    made = edited("- {scale: pools.clerks.size, times: 0.5}", "- {set: pools.clerks.size, to: 10}")
    assert max(build(made).pools[0].capacity.values) == 5


def test_scale_of_counts_and_of_a_limit() -> None:
    made = edited("- {scale: register.counts, times: 3}\n- {scale: decide.limit, times: 0.5}")
    network = build(made)
    assert dict(zip(network.counters, network.node("register").counts, strict=True)) == {
        "papers": 3,
        "visits": 3,
    }
    assert network.node("decide").limit.seconds == 2.5 * 7 * 3600


def test_wildcard_addresses_all_copies_of_a_for_each() -> None:
    made = edited(
        "- {scale: permits.*.stamp.effort, times: 2}\n- {scale: pools.permits.*.desk.size, times: 3}"
    )
    network = build(made)
    assert [network.node(f"permits.{p}.stamp").parts[0].law.params for p in ("filing", "planning")] == [
        (600,),
        (1200,),
    ]
    assert [max(p.capacity.values) for p in network.pools if p.name.startswith("permits")] == [3, 3]


def test_a_copy_with_one_step_is_addressed_by_its_own_name() -> None:
    network = build(edited("- {set: permits.filing.effort, to: 1 min}"))
    assert network.node("permits.filing.stamp").parts[0].law.params == (60,)


# insert ----------------------------------------------------------------------------------------------


def test_insert_before_after_and_at_both_ends() -> None:
    made = edited(
        """
- {insert: [{step: greet, by: clerks, effort: 1 min}], before: check}
- {insert: [{step: copy, by: clerks, effort: 1 min}], after: check}
- {insert: [{step: first, by: clerks, effort: 1 min}], at-start-of: deciding}
- {insert: [{step: last, by: clerks, effort: 1 min}], at-end-of: opinions.traffic}
- {insert: [{step: quick, by: clerks, effort: 1 min}], at-end-of: route.simple}
- {insert: [{step: ring, by: clerks, effort: 1 min}], at-end-of: supplement.redo}
- {insert: [{step: final, by: clerks, effort: 1 min}], at-end-of: process}
"""
    )
    names = outline(made.raw["process"])
    assert names[:4] == ["accepted", "greet", "check", "copy"]
    assert {"deciding": ["first", "decide", "notice"]} in names
    assert {"opinions": {"fire": ["fire-check"], "traffic": ["traffic-letter", "last"]}} in names
    assert {"supplement": [["review"], ["mend", "ring"]]} in names
    assert {"route": {"simple": ["quick"], "complex": ["study"], "refuse": ["refused"]}} in names
    assert names[-1] == "final"


def test_inserts_at_one_place_keep_the_order_of_the_file() -> None:
    made = edited(
        "- {insert: [{mark: one}, {mark: two}], after: check}",
        "- {insert: [{mark: three}], after: check}",
        "- {insert: [{mark: zero}], before: check}",
    )
    assert outline(made.raw["process"])[:6] == ["accepted", "zero", "check", "one", "two", "three"]


def test_insert_beside_what_the_same_lever_inserts_later() -> None:
    made = edited("- {insert: [{mark: two}], after: one}\n- {insert: [{mark: one}], after: check}")
    assert outline(made.raw["process"])[:4] == ["accepted", "check", "one", "two"]


def test_insert_of_pools_classes_streams_calendars_and_numbers() -> None:
    made = edited(
        """
- insert-numbers: {people: 3}
- insert-calendars: {night: {open: {mon-fri: ["20:00-23:00"]}}}
- insert-pools: {guards: {size: {use: people}, on: night}}
- insert-classes: {urgent: {share: 0.2}}
- insert-streams: {letters: {count: 10, per: 4 weeks, during: office, classes: {urgent: 1}}}
- {insert: [{step: patrol, by: guards, effort: 1 min}], after: closed}
"""
    )
    network = build(made)
    guards = network.pools[-1]
    assert (guards.name, max(guards.capacity.values)) == ("guards", 3)
    assert [(c.name, round(c.share, 12)) for c in network.classes] == [
        ("question", 0.48),
        ("request", 0.32),
        ("urgent", 0.2),
    ]
    assert [s.name for s in network.streams] == ["arrivals", "letters"]
    assert network.streams[1].class_shares == (0, 0, 1)


def test_insert_of_options_and_branches() -> None:
    made = edited(
        """
- insert-options: {online: {share: 0.5, do: [{step: online-check, by: clerks, effort: 1 min}]}}
  into: route
- insert-branches: {water: [{wait: water-letter, for: 1 days}]}
  into: opinions
"""
    )
    assert shares(made) == [0.25, 0.15, 0.1, 0.5]
    assert build(made).node("opinions").branches == ("fire", "traffic", "water")


def test_insert_of_a_for_each_brings_its_pools() -> None:
    made = edited(
        """
- insert:
    - for-each: visits
      as: parallel
      over: [tax, labour]
      pools: {inspector: {size: 2, on: office}}
      do: [{step: look, by: inspector, effort: 1 h}]
  after: decided
"""
    )
    network = build(made)
    assert network.node("visits").kind is Kind.FORK
    assert [p.name for p in network.pools[-2:]] == ["visits.tax.inspector", "visits.labour.inspector"]


# route, calendar -------------------------------------------------------------------------------------


def test_route_states_several_shares_at_once() -> None:
    assert shares(edited("- {route: route, shares: {simple: 0.1, complex: 0.1}}")) == [0.1, 0.1, 0.8]


def test_two_levers_that_route_one_choice_hold_together() -> None:
    made = edited("- {route: route, shares: {simple: 0.1}}", "- {route: route, shares: {complex: 0.1}}")
    assert shares(made) == [0.1, 0.1, 0.8]


def test_calendar_changes_the_hours_of_a_pool_and_of_all_its_groups() -> None:
    network = build(edited("- {calendar: clerks, to: late}\n- {calendar: hall, to: office}"))
    assert network.pools[0].calendar == 1
    assert network.pools[0].capacity.at(19 * 3600) == 4
    assert network.pools[2].capacity.at(9 * 3600) == 2
    assert network.pools[2].capacity.at(19 * 3600) == 0


# move ------------------------------------------------------------------------------------------------


def test_move_before_and_after_a_mark() -> None:
    made = edited("- {move: [register, check], after: decided}\n- {move: deciding, before: accepted}")
    names = outline(made.raw["process"])
    assert names[0] == {"deciding": ["decide", "notice"]}
    assert names[names.index("decided") :][:3] == ["decided", "register", "check"]


def test_move_of_all_elements_of_a_branch_drops_it_and_a_lone_branch_becomes_a_block() -> None:
    made = edited("- {move: traffic-letter, before: check}")
    names = outline(made.raw["process"])
    assert names[1] == "traffic-letter"
    assert {"opinions": ["fire-check"]} in names
    assert element(made, "opinions")["block"] == "opinions"


def test_move_into_itself_is_an_error() -> None:
    assert "cannot be moved to a place within itself" in problems("- {move: deciding, before: decide}")


# merge -----------------------------------------------------------------------------------------------


def test_merged_steps_keep_the_names_and_draws_of_their_parts() -> None:
    made = edited("- {merge: [check, register], as: window, by: clerks}")
    before = build(variant(office()))
    network = build(made)
    merged = network.node("window")
    assert [p.name for p in merged.parts] == ["check", "register"]
    assert [p.key for p in merged.parts] == [before.node("check").key, before.node("register").key]
    assert [p.law for p in merged.parts] == [before.node(n).parts[0].law for n in ("check", "register")]
    assert dict(zip(network.counters, merged.counts, strict=True)) == {"papers": 3, "visits": 1}
    assert network.backlogs[0].node == merged.index
    assert [n.pools for n in merged.needs] == [(0,)]


def test_merge_with_a_factor_and_a_scale_of_a_part() -> None:
    made = edited(
        "- {merge: [check, register], as: window, by: seniors, times: 0.5}",
        "- {scale: check.effort, times: 3}",
    )
    parts = build(made).node("window").parts
    assert [p.law.scale for p in parts] == [0.5, 0.5]
    assert parts[0].law.params == (3600.0,)


def test_removing_a_part_of_merged_steps_drops_it() -> None:
    made = edited("- {merge: [check, register], as: window, by: clerks}", "- {remove: register}")
    assert [p.name for p in build(made).node("window").parts] == ["check"]
    both = edited("- {merge: [check, register], as: window, by: clerks}", "- {remove: [register, check]}")
    assert "window" not in outline(both.raw["process"])


def test_merged_steps_must_be_in_the_same_hands() -> None:
    other = "- {set: register.hands, to: applicant}"
    assert "are in different hands" in problems(other, "- {merge: [check, register], as: window, by: clerks}")


def test_a_backlog_within_a_span_put_in_parallel_begins_the_whole_span() -> None:
    made = build(edited("- {parallel: [check, register], as: together}"))
    assert made.nodes[made.backlogs[0].node].name == "together"


def test_merged_pools_add_up_and_take_the_work() -> None:
    made = edited("- {merge-pools: [clerks, seniors], as: officers}")
    network = build(made)
    assert max(network.pools[0].capacity.values) == 6
    assert [p.name for p in network.pools][:2] == ["officers", "hall"]
    assert network.node("check").needs[0].pools == (0,)
    assert network.node("review").needs[0].pools == (0,)


def test_merged_pools_with_other_hours_become_groups_and_a_given_size_replaces_them() -> None:
    network = build(edited("- {merge-pools: [clerks, hall], as: front}"))
    assert network.pools[0].capacity.at(10 * 3600) == 5
    assert network.pools[0].capacity.at(19 * 3600) == 1
    assert network.node("register").needs[0].units == (2,)  # it needed one of each
    network = build(edited("- {merge-pools: [seniors, hall], as: front, size: 9}"))
    assert max(network.pools[1].capacity.values) == 9
    assert len(network.node("decide").needs) == 1  # any of two is one


# parallel --------------------------------------------------------------------------------------------


def test_parallel_takes_the_span_with_all_between_and_marks_stay_behind() -> None:
    made = edited("- {parallel: [opinions, permits], as: together}")
    names = outline(made.raw["process"])
    assert names[-2] == {
        "together": {
            "opinions": [{"opinions": {"fire": ["fire-check"], "traffic": ["traffic-letter"]}}],
            "deciding": [{"deciding": ["decide", "notice"]}, "decided"],
            "permits": [
                {
                    "permits": [
                        {"permits.filing": ["permits.filing.stamp"]},
                        {"permits.planning": ["permits.planning.stamp"]},
                    ]
                }
            ],
        }
    }


def test_parallel_of_elements_at_different_depth_takes_their_blocks() -> None:
    made = edited("- {parallel: [fire-check, decide], as: together}")
    assert outline(made.raw["process"])[5] == {
        "together": {
            "opinions": [{"opinions": {"fire": ["fire-check"], "traffic": ["traffic-letter"]}}],
            "deciding": [{"deciding": ["decide", "notice"]}],
        }
    }


def test_parallel_of_two_copies_of_a_for_each() -> None:
    made = edited("- {parallel: [permits.filing, permits.planning], as: beside}")
    fork = build(made).node("beside")
    assert fork.branches == ("permits.filing", "permits.planning")


# remove ----------------------------------------------------------------------------------------------


def test_remove_of_elements_branches_options_and_fields() -> None:
    made = edited(
        "- {remove: register}\n- {remove: [opinions.fire, route.complex]}\n- {remove: decide.limit}"
    )
    names = outline(made.raw["process"])
    assert names[:3] == ["accepted", "check", {"route": {"simple": [], "refuse": ["refused"]}}]
    assert {"opinions": ["traffic-letter"]} in names
    assert shares(made) == [round(5 / 7, 12), round(2 / 7, 12)]
    assert build(made).node("decide").limit is None


def test_remove_of_all_in_a_parallel_or_a_repeat_removes_it() -> None:
    made = edited("- {remove: [fire-check, traffic-letter, review, mend, decide, notice]}")
    assert not {"opinions", "supplement", "deciding"} & {
        key for item in outline(made.raw["process"]) if isinstance(item, dict) for key in item
    }


def test_remove_of_a_class_renormalises_and_of_a_step_moves_its_backlog_on() -> None:
    made = edited("- {remove: cases.classes.question}\n- {remove: check}")
    network = build(made)
    assert [(c.name, c.share) for c in network.classes] == [("request", 1.0)]
    assert network.nodes[network.backlogs[0].node].name == "register"


def test_remove_of_a_batch_takes_its_unbundle_along() -> None:
    bundle = """
- insert:
    - {batch: bundle, when: {size: 3, or-after: 1 days}, bundle: true}
    - {step: draw, by: clerks, effort: 1 min}
    - {unbundle: bundle}
  after: decided
"""
    assert "bundle/unbundle" in [n.name for n in build(edited(bundle)).nodes]
    network = build(edited(bundle, "- {remove: bundle}"))
    assert not [n for n in network.nodes if "bundle" in n.name]


# what cannot be ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        ("- {set: chek.effort, to: 5 min}", "Did you mean `check`?"),
        ("- {scale: pools.clerk.size, times: 2}", "Did you mean `pools.clerks`?"),
        ("- {scale: check.patience, times: 2}", "has no value that could be scaled"),
        ("- {scale: pools.clerks.on, times: 2}", "is `office`, not a number"),
        ("- {insert: [{mark: x}], after: chck}", "Did you mean `check`?"),
        ("- {insert: [{mark: x}]}", "where it goes must be said once"),
        ("- {insert: [{mark: decided}], after: check}", "there is already an element `decided`"),
        ("- insert-pools: {clerks: {size: 1, on: office}}", "there is already a pool `clerks`"),
        ("- {merge: [check, notice], as: x, by: clerks}", "`notice` is a wait: only steps can be merged"),
        ("- {merge: [check, mend], as: x, by: clerks}", "only steps can be merged"),
        ("- {parallel: [route, refused], as: x}", ""),
        ("- {parallel: [decided, permits], as: x}", "cannot be a branch of its own"),
        ("- {remove: opinions.fir}", "opinions.fir"),
        ("- {remove: pools.seniors}", "seniors"),
        ("- {remove: reform.lever-1}", "only a reading can remove a lever"),
        ("- {calendar: clerks, to: lat}", "late"),
        ("- {route: route, shares: {simple: 0.8, complex: 0.5}}", "shares"),
    ],
)
def test_bad_input_edits_say_what_is_wrong(edit: str, message: str) -> None:
    if not message:  # allowed: the second lies within the first
        office(edit)
        return
    text = problems(edit)
    assert message in text
    assert "<text>:" in text


def test_two_sets_of_one_field_are_an_error_at_load() -> None:
    text = problems("- {set: check.effort, to: 5 min}", "- {set: check.effort, to: 6 min}")
    assert "`check.effort` is set twice" in text
    assert "lever `lever-1`" in text


def test_two_contexts_that_set_one_field_are_an_error_too() -> None:
    twice = "[{set: check.effort, to: 5 min}, {set: check.effort, to: 6 min}]"
    text = problems(also=f"context:\n  - {{context: demand, edits: {twice}}}\n")
    assert "is set twice" in text
    assert "context `demand`" in text


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("- {set: register.effort, to: 5 min}", "- {set: register.effort.gamma.cv, to: 0.1}"),
        ("- {route: route, shares: {simple: 0.1}}", "- {set: route.simple.share, to: 0.2}"),
        ("- {calendar: clerks, to: late}", "- {set: pools.clerks.on, to: late}"),
        ("- {set: permits.*.stamp.effort, to: 1 min}", "- {set: permits.filing.stamp.effort, to: 2 min}"),
        ("- {set: cases.arrive.count, to: 1}", "- {set: cases.arrive.arrivals.count, to: 2}"),
    ],
)
def test_two_ways_to_set_one_field_are_found(one: str, other: str) -> None:
    assert "is set twice" in problems(one, other)


def test_an_edit_of_what_an_absent_lever_inserts_does_nothing() -> None:
    insert, scale = (
        "- {insert: [{step: copy, by: clerks, effort: 4 min}], after: check}",
        "- {scale: copy.effort, times: 0.5}",
    )
    assert "copy" not in outline(edited(insert, scale, levers=("lever-2",)).raw["process"])
    assert build(edited(insert, scale)).node("copy").parts[0].law.params == (120.0,)


def test_an_insert_beside_what_another_lever_inserts_is_an_error() -> None:
    text = problems("- {insert: [{mark: one}], after: check}", "- {insert: [{mark: two}], after: one}")
    assert "not there in every combination of levers" in text


def test_levers_that_cannot_both_apply_are_an_error() -> None:
    text = problems("- {insert: [{mark: one}], after: check}", "- {insert: [{mark: one}], after: register}")
    assert "there is already an element `one`" in text


def test_a_lever_that_is_valid_only_with_another_is_an_error() -> None:
    text = problems("- insert-pools: {extra: {size: 1, on: office}}", "- {set: check.by, to: extra}")
    assert "extra" in text
    assert "with `lever-2`" in text


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


def test_problems_of_levers_come_with_their_line() -> None:
    scenario = office("- {scale: check.effort, times: 2}")
    assert check_levers(scenario, thorough=True) == []


def network_is_sound(network: Network) -> bool:
    """Every reference of every node leads to a node."""
    size = len(network.nodes)
    for each in network.nodes:
        targets = [*each.targets, *([] if each.kind in (Kind.END, Kind.CHOICE) else [each.next])]
        if any(not 0 <= target < size for target in targets):
            return False
    return True


def test_element_helper_finds_what_it_names() -> None:
    assert element(edited(), "mend")["for"] == "2 working days"
    assert network_is_sound(build(edited()))
