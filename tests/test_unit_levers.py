"""Levers that cannot be: what is told of bad edits, and of levers that do not go together."""

from __future__ import annotations

import pytest

from sim.network.build import build
from sim.scenario.variant import check_levers
from tests.lever_office import edited, office, outline, problems


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


def test_sound_levers_have_no_problems() -> None:
    scenario = office("- {scale: check.effort, times: 2}")
    assert check_levers(scenario, thorough=True) == []
