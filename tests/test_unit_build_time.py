"""Times, pools and meetings in the network of a small scenario, worked out by hand."""

from __future__ import annotations

from datetime import datetime

from sim.network.build import build
from sim.network.elements import Kind, QueueRule
from sim.scenario.load import loads
from sim.scenario.variant import variant
from sim.worktime.calendar import to_datetime
from tests.desk import CASES, DAY, HEAD, HOUR, network, one, step


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


def test_people_are_rounded_to_whole_numbers() -> None:
    head = HEAD.replace("size: 2, on", "size: {product: [3, {quotient: [1, 2]}]}, on").replace(
        "seniors: {size: 1", "seniors: {size: {quotient: [12, 10]}"
    )
    made = network(f"  - {step('check')}\n", head=head)
    assert [max(p.capacity.values) for p in made.pools] == [2, 1]  # 1.5 and 1.2


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


def test_a_day_of_the_month_beyond_its_end_is_the_last() -> None:
    # 28 February is a Tuesday, 31 March a Friday
    assert meetings('{month-days: [31], at: "10:00"}') == ["02-28 10:00", "03-31 10:00"]
