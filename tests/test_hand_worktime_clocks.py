"""Clocks worked out by hand: working time, working dates around a holiday, the legal clock."""

from datetime import date, datetime

import pytest

from sim.errors import RunError
from sim.worktime.calendar import build_calendar, from_datetime
from sim.worktime.clocks import (
    elapsed,
    legal_time,
    legal_time_many,
    minus,
    open_total,
    union,
    working_dates,
    working_dates_many,
    working_time,
    working_time_many,
)

ZONE, ORIGIN, HOUR = "Asia/Shanghai", date(2023, 4, 24), 3600
OFFICE = build_calendar(
    "office",
    {day: [("09:00", "12:00"), ("14:00", "18:00")] for day in range(5)},
    zone=ZONE,
    origin=ORIGIN,
    first=date(2023, 4, 1),
    last=date(2023, 5, 31),
    region="CN",
)


def at(text: str) -> int:
    return from_datetime(datetime.fromisoformat(f"2023-{text}"), ZONE, ORIGIN)


@pytest.mark.parametrize(
    ("accepted", "decided", "dates"),
    [
        ("04-25 10:00", "04-25 17:00", 0),
        ("04-25 10:00", "04-26 09:00", 1),
        ("04-25 17:59:59", "04-26 09:00", 1),
        ("04-25 18:00", "04-26 17:00", 0),
        ("04-25 18:00", "04-27 09:00", 1),
        ("04-25 12:30", "04-26 09:00", 1),
        ("04-25 07:00", "04-26 09:00", 1),
        ("04-29 10:00", "05-04 15:00", 0),
        ("04-29 10:00", "05-05 15:00", 1),
        ("04-28 17:00", "05-04 09:00", 1),
        ("04-28 19:00", "05-05 09:00", 1),
        ("05-05 10:00", "05-08 10:00", 2),
        ("05-05 10:00", "05-07 10:00", 1),
        ("04-25 18:30", "04-25 19:00", 0),
    ],
)
def test_working_dates_around_labour_day(accepted, decided, dates):
    """Labour Day 2023: Sat 29 April to Wed 3 May closed, Sat 6 May worked. Closing is at 18:00.

    | accepted | counts as | decided | working dates after it, up to the decision |
    |---|---|---|---|
    | Tue 25 Apr 10:00 | Tue 25 | Tue 25 17:00 | 0: the same date |
    | Tue 25 Apr 10:00 | Tue 25 | Wed 26 09:00 | 1 |
    | Tue 25 Apr 17:59:59 | Tue 25 | Wed 26 | 1 |
    | Tue 25 Apr 18:00 (closed) | Wed 26 | Wed 26 | 0 |
    | Tue 25 Apr 18:00 | Wed 26 | Thu 27 | 1 |
    | Tue 25 Apr 12:30 (lunch), 07:00 (early) | Tue 25 | Wed 26 | 1 |
    | Sat 29 Apr (closed date) | Thu 4 May | Thu 4, Fri 5 May | 0, 1 |
    | Fri 28 Apr 17:00 | Fri 28 | Thu 4 May | 1: no date between |
    | Fri 28 Apr 19:00 | Thu 4 May | Fri 5 May | 1 |
    | Fri 5 May | Fri 5 | Mon 8 May | 2: Sat 6 and Mon 8 |
    | Fri 5 May | Fri 5 | Sun 7 May (no working date) | 1: Sat 6 |
    | Tue 25 Apr 18:30 | Wed 26 | Tue 25 19:00 (before it counts) | 0, never less |
    """
    assert working_dates(OFFICE, at(accepted), at(decided)) == dates
    assert list(working_dates_many(OFFICE, [at(accepted)] * 2, [at(decided)] * 2)) == [dates, dates]


def test_numbers_of_working_dates_follow_each_other():
    """Fri 28 April, its evening (Thu 4 May), Thu 4 May, Sat 6 May: n, n + 1, n + 1, n + 3."""
    numbers = [
        OFFICE.working_date(at(x)) for x in ("04-28 10:00", "04-28 20:00", "05-04 10:00", "05-06 10:00")
    ]
    assert [n - numbers[0] for n in numbers] == [0, 1, 1, 3]


def test_night_desk_keeps_the_date_on_the_wall():
    """Shifts 22:00-06:00 begin Monday to Friday. Any hour of Tuesday is Tuesday; Saturday 02:00 is Monday.

    | accepted | counts as | decided | dates |
    |---|---|---|---|
    | Tue 02:00 (Monday's night) | Tue | Wed 03:00 | 1 |
    | Tue 23:59 | Tue | Wed 00:01 | 1 |
    | Sat 02:00 (Friday's night) | Mon | Mon 23:00 | 0 |
    """
    desk = build_calendar(
        "desk",
        {day: [("22:00", "06:00")] for day in range(5)},
        zone=ZONE,
        origin=ORIGIN,
        first=date(2023, 5, 1),
        last=date(2023, 5, 31),
    )
    pairs = [("05-09 02:00", "05-10 03:00"), ("05-09 23:59", "05-10 00:01"), ("05-13 02:00", "05-15 23:00")]
    assert [desk.working_dates_between(at(a), at(b)) for a, b in pairs] == [1, 1, 0]


def test_working_time_is_in_standard_days():
    """Tue 25 April 10:00 to Wed 26 April 16:00: 2 + 4 h, then 3 + 2 h: 11 h of 7 h a day; 30 h elapsed."""
    a, b = at("04-25 10:00"), at("04-26 16:00")
    assert working_time(OFFICE, a, b) == 11 / 7
    assert list(working_time_many(OFFICE, [a, b], [b, b])) == [11 / 7, 0.0]
    assert elapsed(a, b) == 30 * HOUR


def test_sets_of_intervals():
    """Overlaps count once, touching intervals join, holes cut, empty ones vanish."""
    assert union([(5, 9), (0, 2), (2, 4), (8, 12), (20, 20)]) == ((0, 4), (5, 12))
    assert minus([(0, 10), (20, 30)], [(2, 3), (3, 5), (8, 22), (29, 40), (50, 60)]) == (
        (0, 2),
        (5, 8),
        (22, 29),
    )
    assert minus([(0, 10)], [(0, 10)]) == ()
    a = at("04-25 09:00")
    assert open_total(OFFICE, [(a, a + HOUR), (a, a + 2 * HOUR), (a + 3 * HOUR, a + 6 * HOUR)]) == 3 * HOUR


def test_legal_clock_with_two_branches_and_two_stops():
    """Two branches in government hands, two statutory stops; office 09-12 and 14-18, Tuesday to Thursday.

    | interval | what | open hours |
    |---|---|---|
    | Tue 09:00-Tue 16:00 | branch A | 5 |
    | Tue 11:00-Wed 11:00 | branch B | to 16:00 with A; then 2 + 2 |
    | Thu 09:00-Thu 18:00 | branch A again | 7 |
    | Tue 15:00-Wed 10:00 | stop 1 | - (3 + 1) |
    | Thu 12:00-Thu 15:00 | stop 2 | - 1 |
    | Wed 11:00-Thu 09:00 | with the applicant | 0, the clock does not run |

    Union 5 + 2 + 2 + 7 = 16 h, less 5 h of stops = 11 h = 11/7 standard days.
    """
    hands = [("04-25 09:00", "04-25 16:00"), ("04-25 11:00", "04-26 11:00"), ("04-27 09:00", "04-27 18:00")]
    stops = [("04-25 15:00", "04-26 10:00"), ("04-27 12:00", "04-27 15:00")]
    government = [(at(a), at(b)) for a, b in hands]
    still = [(at(a), at(b)) for a, b in stops]
    assert legal_time(OFFICE, government, still) == 11 / 7
    assert legal_time(OFFICE, government) == 16 / 7
    rows = [*government, *still]
    # Case 0 has it all, case 1 nothing, case 2 only branch A of Tuesday.
    found = legal_time_many(
        OFFICE,
        3,
        [0] * 5 + [2],
        [a for a, _ in rows] + [government[0][0]],
        [b for _, b in rows] + [government[0][1]],
        government=[1, 1, 1, 0, 0, 1],
        stops=[0, 0, 0, 1, 1, 0],
    )
    assert list(found) == [11 / 7, 0.0, 5 / 7]


def test_stop_in_government_hands_stops_the_clock():
    """A notice in government hands that is a statutory stop, Tue 09:00-12:00, adds nothing."""
    notice = (at("04-25 09:00"), at("04-25 12:00"))
    assert legal_time(OFFICE, [notice], [notice]) == 0
    one = legal_time_many(OFFICE, 1, [0], [notice[0]], [notice[1]], government=[True], stops=[True])
    assert list(one) == [0.0]


def test_no_working_date_left_is_an_error():
    """After the last closing of the cover there is no date as which an acceptance could count."""
    for ask in (OFFICE.working_date, lambda t: working_dates_many(OFFICE, [t], [t])):
        with pytest.raises(RunError):
            ask(at("05-31 18:00"))
