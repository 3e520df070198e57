"""Edits of what is where on a small office (insert, move, merge, parallel, remove), by hand."""

from __future__ import annotations

from sim.network.build import build
from sim.network.elements import Kind, Network
from sim.scenario.variant import variant
from tests.lever_office import edited, element, office, outline, problems, shares

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


def network_is_sound(network: Network) -> bool:
    """Every reference of every node leads to a node."""
    size = len(network.nodes)
    for each in network.nodes:
        targets = [*each.targets, *([] if each.kind in (Kind.END, Kind.CHOICE) else [each.next])]
        if any(not 0 <= target < size for target in targets):
            return False
    return True


def test_every_reference_in_the_office_leads_to_a_node() -> None:
    assert network_is_sound(build(edited()))
