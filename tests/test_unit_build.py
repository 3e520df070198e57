"""What the network of a small scenario must be, worked out by hand."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from sim.errors import InputError, ScenarioError
from sim.network.build import build
from sim.network.elements import ChoiceBy, EndStatus, Kind, LimitClock, Network, Node, QueueRule
from sim.network.load import arrivals_in_window, expected_visits, load_warnings, offered_load
from sim.scenario.load import load, loads
from sim.scenario.variant import variant
from sim.worktime.calendar import to_datetime

HEAD = """
scenario: desk
title: {en: "Desk", zh: "窗口"}
run: {start: 2023-02-06, warm-up: 0 days, window: 4 weeks, follow-for: 4 weeks, calendar: office}
calendars:
  office: {open: {mon-fri: ["09:00-12:00", "14:00-18:00"]}}
  always: {open: always}
pools:
  clerks: {size: 2, on: office}
  seniors: {size: 1, on: office, queue: earliest-due, room: 5}
"""
CASES = """
cases:
  arrive: {count: 400, per: 4 weeks, during: office}
"""
HOUR, DAY = 3600, 86400


def network(
    process: str, cases: str = CASES, head: str = HEAD, values: dict[str, float] | None = None
) -> Network:
    return build(variant(loads(head + cases + "process:\n" + process)), values)


def ways(made: Network) -> list[tuple[str, str, list[str]]]:
    """(name, name of the next node, names of the targets) of each node."""
    names = [node.name for node in made.nodes]

    def name(index: int) -> str:
        return names[index] if index >= 0 else ""

    return [(n.name, name(n.next), [name(t) for t in n.targets]) for n in made.nodes]


def one(made: Network, kind: Kind) -> Node:
    found = [node for node in made.nodes if node.kind is kind]
    assert len(found) == 1
    return found[0]


STEP = "{step: %s, by: clerks, effort: 10 min}"


def step(name: str) -> str:
    return STEP % name


# nodes ------------------------------------------------------------------------------------------------


def test_a_sequence_ends_in_the_implicit_end() -> None:
    made = network(f"  - mark: in\n  - {step('check')}\n  - {{wait: post, for: 1 days}}\n")
    assert ways(made) == [
        ("in", "check", []),
        ("check", "post", []),
        ("post", "done", []),
        ("done", "", []),
        ("withdrawn", "", []),
        ("turned-away", "", []),
    ]
    assert [made.nodes[i].end_status for i in (3, made.withdrawn, made.turned_away)] == [
        EndStatus.DONE,
        EndStatus.WITHDRAWN,
        EndStatus.TURNED_AWAY,
    ]
    assert [node.index for node in made.nodes] == list(range(6))


def test_a_choice_leads_into_its_options_and_out_of_those_that_do_not_end() -> None:
    made = network(
        f"""
  - choice: way
    options:
      short: {{share: 0.25, do: []}}
      long: {{share: 0.25, do: [{step("read")}, {step("write")}]}}
      no: {{share: rest, do: [{{end: refused, status: refused}}]}}
  - {step("close")}
"""
    )
    assert ways(made)[:5] == [
        ("way", "", ["close", "read", "refused"]),
        ("read", "write", []),
        ("write", "close", []),
        ("refused", "", []),
        ("close", "done", []),
    ]
    choice = made.node("way")
    assert choice.shares == (0.25, 0.5, 1.0)
    assert choice.branches == ("short", "long", "no")
    assert made.node("refused").end_status is EndStatus.REFUSED


def test_choices_by_class_and_by_attribute() -> None:
    cases = """
cases:
  classes: {question: {share: 0.6, priority: 3, attributes: {size: small}}, request: {share: rest}}
  attributes: {size: {small: 0.7, large: 0.3}}
  arrive: {count: 400, per: 4 weeks, during: office}
"""
    made = network(
        f"""
  - choice: kind
    by: class
    options: {{request: {{do: [{step("open")}]}}, else: {{do: []}}}}
  - choice: bulk
    by: size
    options: {{small: {{do: []}}, large: {{do: [{step("carry")}]}}}}
""",
        cases,
    )
    assert ways(made)[0] == ("kind", "", ["bulk", "open"])  # by class: question, request
    assert ways(made)[2] == ("bulk", "", ["done", "carry"])
    assert made.node("bulk").by is ChoiceBy.ATTRIBUTE
    assert made.node("bulk").attribute == 0
    assert [(c.name, c.priority, c.attributes) for c in made.classes] == [
        ("question", 3, (0,)),
        ("request", 2, (-1,)),
    ]
    assert made.attributes[0].shares == (0.7, 1.0)


def test_parallel_branches_each_have_a_join_and_the_fork_knows_what_follows() -> None:
    made = network(
        f"""
  - parallel: opinions
    branches:
      fire: [{step("look")}, {step("write")}]
      water: [{{wait: letter, for: 3 days}}]
  - {step("decide")}
"""
    )
    assert ways(made)[:6] == [
        ("opinions", "decide", ["look", "letter"]),
        ("look", "write", []),
        ("write", "opinions/fire", []),
        ("opinions/fire", "decide", []),
        ("letter", "opinions/water", []),
        ("opinions/water", "decide", []),
    ]
    assert [n.fork for n in made.nodes if n.kind is Kind.JOIN] == [0, 0]


def test_a_repeat_is_do_then_loop_then_redo_which_leads_back_to_do() -> None:
    made = network(
        f"""
  - repeat: supplement
    do: [{step("review")}, {step("note")}]
    again: 0.3
    at-most: 4
    redo: [{{wait: mend, for: 1 days}}]
  - {step("close")}
"""
    )
    assert ways(made)[:5] == [
        ("review", "note", []),
        ("note", "supplement", []),
        ("supplement", "close", ["mend"]),
        ("mend", "review", []),
        ("close", "done", []),
    ]
    loop = made.node("supplement")
    assert (loop.again, loop.cap) == (0.3, 4)


def test_a_repeat_without_redo_leads_back_to_do() -> None:
    made = network(f"  - {{repeat: again, do: [{step('try')}], again: 0.5, at-most: 2}}\n")
    assert ways(made)[1] == ("again", "done", ["try"])


def test_blocks_that_hold_or_limit_have_nodes_and_plain_ones_have_none() -> None:
    made = network(
        f"""
  - block: outer
    hold: seniors
    do:
      - {step("read")}
      - block: inner
        limit: 3 working days
        do: [{step("write")}]
      - block: plain
        do: [{step("sign")}]
  - {step("post")}
"""
    )
    assert [n.name for n in made.nodes][:8] == [
        "outer", "read", "inner", "write", "inner/end", "sign", "outer/end", "post",
    ]  # fmt: skip
    assert [made.node(n).blocks for n in ("read", "write", "inner/end", "post")] == [(0,), (0, 2), (0,), ()]
    assert made.node("outer").hold == 1
    assert made.node("inner/end").block == 2
    limit = made.node("inner").limit
    assert limit is not None
    assert (limit.seconds, limit.clock, limit.calendar) == (3 * 7 * HOUR, LimitClock.WORKING_TIME, 0)


def test_a_missed_limit_that_moves_makes_a_hidden_step_right_behind() -> None:
    made = network(
        """
  - step: check
    by: clerks
    effort: 10 min
    limit: {within: 2 days, missed: {move-to: seniors, class: urgent}}
  - {wait: post, for: 1 days}
""",
        """
cases:
  classes: {plain: {share: 1}, urgent: {share: 0}}
  arrive: {count: 400, per: 4 weeks, during: office}
""",
    )
    assert ways(made)[:3] == [("check", "post", []), ("check/escalated", "post", []), ("post", "done", [])]
    limit = made.node("check").limit
    assert limit is not None
    assert (limit.escalate_to, limit.new_class, limit.clock) == (1, 1, LimitClock.ELAPSED)
    hidden = made.node("check/escalated")
    assert hidden.needs[0].pools == (1,)
    assert hidden.parts == made.node("check").parts
    assert hidden.escalated_from == 0


def test_who_works_several_at_once_or_any_of_several() -> None:
    made = network(
        """
  - {step: both, by: [clerks, seniors], effort: 1 min}
  - {step: two, by: {clerks: 2, seniors: 1}, effort: 1 min}
  - {step: either, by: {any: [seniors, clerks]}, effort: 1 min}
"""
    )
    needs = [[(n.pools, n.units) for n in made.nodes[i].needs] for i in range(3)]
    assert needs == [[((0, 1), (1, 1))], [((0, 1), (2, 1))], [((1,), (1,)), ((0,), (1,))]]


def test_counters_are_those_of_cases_and_elements_in_file_order() -> None:
    made = network(
        "  - {step: check, by: clerks, effort: 1 min, counts: {visits: 1}}\n"
        "  - {wait: post, for: 1 days, counts: {papers: 2, visits: 3}}\n",
        "cases: {counts: {papers: 312}, arrive: {count: 1, per: 4 weeks}}\n",
    )
    assert made.counters == ("papers", "visits")
    assert made.case_counts == (312, 0)
    assert [made.node(n).counts for n in ("check", "post", "done")] == [(0, 1), (2, 3), (0, 0)]


def test_patience_of_cases_holds_for_steps_that_do_not_say_otherwise() -> None:
    made = network(
        "  - {step: one, by: clerks, effort: 1 min}\n"
        "  - {step: two, by: clerks, effort: 1 min, patience: none}\n"
        "  - {step: three, by: clerks, effort: 1 min, patience: 2 days}\n",
        "cases: {patience: 1 days, arrive: {count: 1, per: 4 weeks}}\n",
    )
    patience = [made.nodes[i].patience for i in range(3)]
    assert [None if law is None else law.params for law in patience] == [(DAY,), None, (2 * DAY,)]


# time -------------------------------------------------------------------------------------------------


def test_a_working_day_of_effort_is_one_of_the_pool_and_of_a_wait_one_of_the_calendar() -> None:
    made = network(
        """
  - {step: write, by: clerks, effort: 2 working days}
  - {wait: here, for: 2 working days}
  - {wait: there, for: 2 working days, calendar: always}
  - {wait: elapsed, for: 2 days}
"""
    )
    assert made.node("write").parts[0].law.params == (14 * HOUR,)
    delays = [made.node(n).delay for n in ("here", "there", "elapsed")]
    assert [(d.law.params[0], d.calendar) for d in delays if d] == [
        (14 * HOUR, 0),
        (2 * DAY, 1),
        (2 * DAY, -1),
    ]


def test_window_horizon_and_the_cover_of_calendars() -> None:
    made = network(f"  - {step('check')}\n", head=HEAD.replace("warm-up: 0 days", "warm-up: 2 weeks"))
    assert made.window == (14 * DAY, 42 * DAY)
    assert made.horizon == 70 * DAY
    first, last = made.calendars[0].cover
    assert first <= -400 * DAY
    assert last >= made.horizon + 3 * 365 * DAY
    assert (made.origin, made.zone) == ("2023-02-06", "Asia/Shanghai")


def test_another_window_moves_the_horizon_along() -> None:
    made = build(variant(loads(HEAD + CASES + f"process:\n  - {step('check')}\n")), window=7 * DAY)
    assert made.window == (0, 7 * DAY)
    assert made.horizon == 35 * DAY


def test_an_old_backlog_stretches_the_calendars() -> None:
    backlog = "{at: check, count: 3, age: {uniform: [1 years, 5 years]}}"
    cases = f"cases: {{arrive: {{count: 1, per: 4 weeks}}, backlog: [{backlog}]}}\n"
    made = network(f"  - {step('check')}\n", cases)
    assert made.calendars[0].cover[0] < -5 * 365 * DAY
    assert (made.backlogs[0].count, made.backlogs[0].node) == (3, 0)


def test_pool_capacity_adds_its_groups() -> None:
    head = HEAD.replace(
        "clerks: {size: 2, on: office}", "clerks: {groups: [{size: 2, on: office}, {size: 1, on: always}]}"
    )
    pool = network(f"  - {step('check')}\n", head=head).pools[0]
    assert [pool.capacity.at(h * HOUR) for h in (8, 9, 12, 14, 18)] == [1, 3, 1, 3, 1]
    assert pool.calendar == 0


def test_room_and_queue_rule_of_a_pool() -> None:
    pools = network(f"  - {step('check')}\n").pools
    assert [(p.rule, p.room) for p in pools] == [(QueueRule.FIRST_COME, -1), (QueueRule.EARLIEST_DUE, 5)]


# meetings ---------------------------------------------------------------------------------------------

HOLIDAYS = HEAD.replace(
    'office: {open: {mon-fri: ["09:00-12:00", "14:00-18:00"]}}',
    'office: {open: {mon-fri: ["09:00-12:00", "14:00-18:00"]}, closed: [2023-02-21, 2023-02-22]}',
)


def meetings(on: str, more: str = "") -> list[str]:
    made = network(f"  - {{batch: review, on: {on}{more}}}\n", head=HOLIDAYS)
    found = one(made, Kind.BATCH).meetings
    assert found is not None
    origin = datetime(2023, 2, 6).date()
    return [f"{to_datetime(t, made.zone, origin):%m-%d %H:%M}" for t in found.times]


def test_meetings_every_second_tuesday_and_one_on_a_closed_day() -> None:
    # Tuesdays: 7 Feb, 21 Feb (closed like the 22nd: moves to Thursday the 23rd), 7 and 21 March
    on = '{every: 2 weeks, weekday: tue, at: "14:00"}'
    assert meetings(on) == ["02-07 14:00", "02-23 14:00", "03-07 14:00", "03-21 14:00"]


def test_meetings_keep_the_beat_of_their_first_date() -> None:
    on = '{every: 2 weeks, weekday: tue, at: "14:00", from: 2023-02-14}'
    assert meetings(on) == ["02-14 14:00", "02-28 14:00", "03-14 14:00", "03-28 14:00"]
    long_past = '{every: 2 weeks, weekday: tue, at: "14:00", from: 2020-01-07}'
    days = (datetime(2023, 2, 14) - datetime(2020, 1, 7)).days
    assert days % 14 == 0
    assert meetings(long_past) == meetings(on)


def test_meetings_on_days_of_the_month_move_to_the_next_working_date() -> None:
    # 18 Feb and 18 March are Saturdays and move to Monday; 21 Feb is closed and moves to the 23rd
    assert meetings('{month-days: [18, 21], at: "10:00"}') == [
        "02-20 10:00",
        "02-23 10:00",
        "03-20 10:00",
        "03-21 10:00",
    ]


def test_meetings_that_fall_together_are_one() -> None:
    assert meetings('{dates: [2023-02-18, 2023-02-19, 2023-02-20], at: "10:00"}') == ["02-20 10:00"]


def test_meetings_every_third_working_day() -> None:
    # Mon 6, Thu 9, Tue 14, Fri 17; then 20, 23 (21 and 22 are closed), 24
    assert meetings('{every: 3 working days, at: "09:00"}')[:6] == [
        "02-06 09:00",
        "02-09 09:00",
        "02-14 09:00",
        "02-17 09:00",
        "02-24 09:00",
        "03-01 09:00",
    ]


def test_what_a_meeting_does() -> None:
    made = network(
        """
  - batch: review
    on: {every: 1 weeks, weekday: tue, at: "14:00"}
    agenda: {minutes: 90}
    cut-off: 2 working days
    order: class
    attend: {seniors: 1, clerks: 2}
    effort: {each: 20 min}
""",
    )
    found = one(made, Kind.BATCH).meetings
    assert found is not None
    assert found.agenda_seconds == 90 * 60
    assert (found.cut_off, found.cut_off_calendar) == (14 * HOUR, 0)
    assert (found.attend.pools, found.attend.units) == ((1, 0), (1, 2))
    assert found.order is QueueRule.CLASS
    assert found.each is not None
    assert found.each.law.params == (1200.0,)
    assert found.whole is None


def test_a_bundle_by_size_or_age_and_its_end() -> None:
    made = network(
        f"""
  - {{batch: bundle, when: {{size: 10, or-after: 15 working days}}, bundle: true}}
  - {step("draw")}
  - unbundle: bundle
"""
    )
    found = one(made, Kind.BATCH).meetings
    assert found is not None
    assert (found.size, found.or_after, found.or_after_calendar, found.bundle) == (10, 15 * 7 * HOUR, 0, True)
    end = one(made, Kind.UNBUNDLE)
    assert (end.name, end.batch) == ("bundle/unbundle", 0)


# cases ------------------------------------------------------------------------------------------------


def test_the_rate_of_a_stream_is_open_time_times_the_profile() -> None:
    cases = """
cases:
  arrive:
    count: 400
    per: 4 weeks
    during: office
    profile: {weekday: {mon: 2, tue-wed: 0.5}, hours: {"09:00-10:00": 3}}
"""
    rate = network(f"  - {step('check')}\n", cases).streams[0].rate
    assert rate is not None
    at = {(day, hour): rate.at(day * DAY + hour * HOUR) for day in range(7) for hour in (8, 9, 11, 13, 15)}
    assert [at[0, h] for h in (8, 9, 11, 13, 15)] == [0, 6, 2, 0, 2]
    assert [at[1, h] for h in (9, 11)] == [1.5, 0.5]
    assert [at[3, h] for h in (9, 11)] == [3, 1]
    assert at[5, 9] == 0


def test_streams_with_classes_of_their_own() -> None:
    cases = """
cases:
  classes: {a: {share: 0.5}, b: {share: 0.5}, c: {share: 0}}
  arrive:
    main: {count: 100, per: 4 weeks, during: office, growth: 0.1, exactly: true}
    other: {count: 10, per: 3 weeks, classes: {c: 0.4, a: rest}}
"""
    made = network(f"  - {step('check')}\n", cases)
    assert [s.name for s in made.streams] == ["main", "other"]
    assert made.streams[0].class_shares == (0.5, 1.0, 1.0)
    assert made.streams[1].class_shares == (0.6, 0.6, 1.0)
    assert (made.streams[0].growth, made.streams[0].exactly) == (0.1, True)
    assert made.streams[1].per == 21 * DAY


def test_listed_arrivals_are_local_times() -> None:
    cases = 'cases: {arrive: {at: ["2023-02-07 09:30", "2023-02-06 09:00", "2030-01-01 00:00"]}}\n'
    made = network(f"  - {step('check')}\n", cases)
    assert made.streams[0].times is not None
    assert made.streams[0].times[:2] == (9 * HOUR, DAY + 9 * HOUR + 1800)
    assert any("1 of 3 arrivals lie outside the run" in text for text in made.warnings)


def test_arrivals_from_a_csv_beside_the_scenario(tmp_path: Path) -> None:
    (tmp_path / "days.csv").write_text(
        "received,kind\n2023-02-06T10:00:00,b\n2023-02-06 09:00,a\n", encoding="utf-8"
    )
    cases = """
cases:
  classes: {a: {share: 0.5}, b: {share: 0.5}}
  arrive: {from-csv: days.csv, time: received, class: kind}
"""
    (tmp_path / "desk.yaml").write_text(HEAD + cases + f"process:\n  - {step('check')}\n", encoding="utf-8")
    made = build(variant(load(tmp_path / "desk.yaml")))
    assert made.streams[0].times == (9 * HOUR, 10 * HOUR)
    assert made.streams[0].classes == (0, 1)


# numbers ----------------------------------------------------------------------------------------------

UNKNOWN = """
  - repeat: check-again
    do:
      - step: check
        by: clerks
        effort: {gamma: {mean: {assume: [10 min, 40 min], likely: 20 min, why: guess}, cv: 1}}
    again: {assume: [0.1, 0.3], why: guess}
    at-most: 2
"""


def test_unknowns_stand_at_their_likely_value_unless_given() -> None:
    made = network(UNKNOWN)
    assert made.node("check-again").again == 0.2
    assert made.node("check").parts[0].law.params == (1.0, 1200.0)
    names = [u.name for u in variant(loads(HEAD + CASES + "process:" + UNKNOWN)).unknowns]
    assert names == ["check.effort.gamma.mean", "check-again.again"]
    made = network(UNKNOWN, values={"check.effort.gamma.mean": 15, "check-again.again": 0.1})
    assert made.node("check-again").again == 0.1
    assert made.node("check").parts[0].law.params == (1.0, 900.0)


def test_bad_input_values_are_told_with_the_element() -> None:
    with pytest.raises(InputError, match=r"^check-again: the share comes to 1\.5"):
        network(UNKNOWN, values={"check-again.again": 1.5})


def test_bad_input_an_element_named_like_an_end_of_every_process() -> None:
    with pytest.raises((InputError, ScenarioError), match="done"):
        network("  - {step: done, by: clerks, effort: 1 min}\n")


def test_bad_input_two_names_with_one_hash() -> None:
    # CRC-32 of these two words is the same
    with pytest.raises((InputError, ScenarioError), match="names `plumless` and `buckeroo` have the same"):
        network(f"  - {step('plumless')}\n  - {step('buckeroo')}\n")


# offered load -----------------------------------------------------------------------------------------


def test_load_of_one_desk() -> None:
    # 400 cases x 10 min = 66.67 h of work; 2 clerks x 20 days x 7 h = 280 h
    made = network(f"  - {step('check')}\n")
    clerks, seniors = offered_load(made)
    assert clerks.ratio == pytest.approx(400 / 6 / 280)
    assert clerks.offered == pytest.approx(400 / 6 / (28 * 24))
    assert clerks.capacity == pytest.approx(280 / (28 * 24))
    assert seniors.ratio == 0
    assert load_warnings(made) == ()


def test_load_counts_passes_of_a_repeat_shares_and_any() -> None:
    made = network(
        f"""
  - {{repeat: loop, do: [{step("check")}], again: 0.5, at-most: 2, redo: [{step("mend")}]}}
  - choice: way
    options:
      some: {{share: 0.25, do: [{{step: study, by: {{any: [clerks, seniors]}}, effort: 1 h}}]}}
      none: {{share: rest, do: []}}
"""
    )
    visits = expected_visits(made)
    found = {node.name: float(visits[node.index]) for node in made.nodes}
    # passes 1 + 0.5 + 0.25; redone 0.5 + 0.25
    assert found["check"] == pytest.approx(400 * 1.75)
    assert found["mend"] == pytest.approx(400 * 0.75)
    assert found["study"] == pytest.approx(100)
    clerks, seniors = offered_load(made)
    assert clerks.offered * 28 * 24 == pytest.approx(400 * 2.5 / 6 + 50)
    assert seniors.offered * 28 * 24 == pytest.approx(50)


def test_load_of_parallel_branches_meetings_and_holds() -> None:
    made = network(
        """
  - parallel: both
    branches:
      left: [{step: one, by: clerks, effort: 6 min}]
      right: [{step: two, by: clerks, effort: 12 min}]
  - {batch: review, on: {every: 1 weeks, weekday: tue, at: "14:00"}, attend: [seniors], effort: {whole: 2 h}}
  - block: kept
    hold: seniors
    do:
      - {wait: letter, for: 1 working hours}
      - {step: read, by: seniors, effort: 3 min}
"""
    )
    clerks, seniors = offered_load(made)
    assert clerks.offered * 28 * 24 == pytest.approx(400 * 0.3)
    # four meetings of 2 h, and 400 cases that keep a senior for 1 h 3 min (read is done by the one kept)
    assert seniors.offered * 28 * 24 == pytest.approx(8 + 400 * 1.05)
    assert seniors.ratio == pytest.approx((8 + 420) / 140)
    (text,) = load_warnings(made)
    assert "pools.seniors: the work offered is 3.06 times" in text


def test_load_by_class_and_attribute() -> None:
    made = network(
        f"""
  - choice: bulk
    by: size
    options: {{small: {{do: []}}, large: {{do: [{step("carry")}]}}}}
  - choice: kind
    by: class
    options: {{a: {{do: [{step("open")}]}}, b: {{do: []}}}}
""",
        """
cases:
  classes: {a: {share: 0.5, attributes: {size: small}}, b: {share: 0.5}}
  attributes: {size: {small: 0.7, large: 0.3}}
  arrive: {count: 400, per: 4 weeks, during: office}
""",
    )
    visits = expected_visits(made)
    assert visits[made.node("carry").index] == pytest.approx(400 * 0.5 * 0.3)
    assert visits[made.node("open").index] == pytest.approx(200)


def test_arrivals_of_the_window_follow_the_period_and_the_growth() -> None:
    cases = "cases: {arrive: {count: 1200, per: 12 weeks, during: office}}\n"
    made = network(f"  - {step('check')}\n", cases)
    assert arrivals_in_window(made, made.streams[0]) == pytest.approx(400)
    grown = network(f"  - {step('check')}\n", cases.replace("during", "growth: 0.5, during"))
    assert arrivals_in_window(grown, grown.streams[0]) < 400


# whole numbers, ends of months -------------------------------------------------------------------------


def test_people_are_rounded_to_whole_numbers() -> None:
    head = HEAD.replace("size: 2, on", "size: {product: [3, {quotient: [1, 2]}]}, on").replace(
        "seniors: {size: 1", "seniors: {size: {quotient: [12, 10]}"
    )
    made = network(f"  - {step('check')}\n", head=head)
    assert [max(p.capacity.values) for p in made.pools] == [2, 1]  # 1.5 and 1.2


def test_a_day_of_the_month_beyond_its_end_is_the_last() -> None:
    # 28 February is a Tuesday, 31 March a Friday
    assert meetings('{month-days: [31], at: "10:00"}') == ["02-28 10:00", "03-31 10:00"]
