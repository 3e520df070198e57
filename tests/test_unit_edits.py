"""Edits of values on a small office (set, scale, route, calendar): what they make of it, by hand."""

from __future__ import annotations

import pytest

from sim.network.build import build
from tests.lever_office import edited, shares

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
