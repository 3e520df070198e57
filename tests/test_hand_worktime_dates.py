"""Arrival profiles and meeting dates, worked out by hand."""

from datetime import date

import pytest

from sim.worktime.calendar import Steps, build_calendar
from sim.worktime.hours import parse_interval, parse_weekdays
from sim.worktime.meetings import meeting_times, monthly_dates, weekly_dates, working_day_dates
from sim.worktime.profile import rate

HOUR, DAY = 3600, 86_400


def office(first: str, last: str, hours=None, **more):
    """Return an office of 09:00-12:00 and 14:00-18:00 that counts from the first date."""
    weekly = {d: hours or [("09:00", "12:00"), ("14:00", "18:00")] for d in range(5)}
    begin, end = date.fromisoformat(first), date.fromisoformat(last)
    settings = {"zone": "Asia/Shanghai", "origin": begin, "first": begin, "last": end, **more}
    return build_calendar("office", weekly, **settings)


def test_profile_multiplies_weekday_and_hour():
    """Monday twice, 09:00-11:00 three times, 17:00-20:00 half; closed stays 0. Mon 6 and Tue 7 Feb 2023.

    | from | Monday | Tuesday |
    |---|---|---|
    | 09:00 | 6 | 3 |
    | 11:00 | 2 | 1 |
    | 12:00 | 0 | 0 |
    | 14:00 | 2 | 1 |
    | 17:00 | 1 | 0.5 |
    | 18:00 | 0 | 0 |
    """
    found = rate(office("2023-02-06", "2023-02-07"), {0: 2}, {("09:00", "11:00"): 3, ("17:00", "20:00"): 0.5})
    hours = (9, 11, 12, 14, 17, 18)
    times = (0, *(h * HOUR for h in hours), *(DAY + h * HOUR for h in hours))
    assert found == Steps(times, (0, 6, 2, 0, 2, 1, 0, 3, 1, 0, 1, 0.5, 0), 2 * DAY)


def test_profile_over_midnight_and_none():
    """22:00-02:00 twice at an always open desk: 00:00-02:00 and 22:00-24:00; no profile: the shift itself."""
    day = date(2023, 2, 6)
    desk = build_calendar("desk", {}, zone="Asia/Shanghai", origin=day, first=day, last=day, always=True)
    night = rate(desk, None, {("22:00", "02:00"): 2})
    assert night == Steps((0, 2 * HOUR, 22 * HOUR), (2, 1, 2), DAY)
    assert rate(desk) == desk.shift


def test_profile_follows_the_wall_over_a_clock_change():
    """Berlin, Sun 26 March 2023: 01:00-04:00 at factor 5 lasts 2 h of 23."""
    day = date(2023, 3, 26)
    desk = build_calendar("desk", {}, zone="Europe/Berlin", origin=day, first=day, last=day, always=True)
    busy = rate(desk, None, {("01:00", "04:00"): 5})
    assert busy == Steps((0, HOUR, 3 * HOUR), (1, 5, 1), 23 * HOUR)
    assert busy.integral(0, 23 * HOUR) == (2 * 5 + 21) * HOUR


@pytest.mark.parametrize(
    ("weekdays", "hours", "says"),
    [
        ({0: -1}, None, "want 0 or more"),
        (None, {("09:00", "11:00"): 1, ("10:00", "12:00"): 2}, "09:00-11:00 and 10:00-12:00 overlap"),
        (None, {("22:00", "02:00"): 1, ("01:00", "03:00"): 2}, "overlap"),
    ],
)
def test_bad_profiles_are_refused(weekdays, hours, says):
    """A negative factor, and intervals that overlap by day or over midnight."""
    with pytest.raises(ValueError, match=says):
        rate(office("2023-02-06", "2023-02-07"), weekdays, hours)


def test_fortnightly_meeting_moves_off_a_holiday():
    """Every 2 weeks on Tuesday 14:00 from Mon 17 April 2023: 18 April, 2 May (holiday: Thu 4 May), 16 May."""
    hall = office("2023-04-17", "2023-05-20", region="CN")
    dates = weekly_dates(1, 2, date(2023, 4, 17), date(2023, 5, 20))
    times = meeting_times(hall, dates, "14:00")
    assert [f"{hall.local(t):%m-%d %H:%M}" for t in times] == ["04-18 14:00", "05-04 14:00", "05-16 14:00"]


def test_days_of_the_month():
    """The 15th and 31st from 10 January to 20 April 2023; February and April lack a 31st: their last day."""
    found = list(monthly_dates([31, 15], date(2023, 1, 10), date(2023, 4, 20)))
    assert [(d.month, d.day) for d in found] == [
        (1, 15),
        (1, 31),
        (2, 15),
        (2, 28),
        (3, 15),
        (3, 31),
        (4, 15),
    ]


def test_every_second_working_day_skips_closed_dates():
    """From Thu 27 April 2023: 27 (counted), 28, [29 Apr-3 May free], 4 May (counted), 5, 6 (counted)."""
    hall = office("2023-04-27", "2023-05-06", region="CN")
    found = list(working_day_dates(hall, 2, date(2023, 4, 27), date(2023, 5, 6)))
    assert [(d.month, d.day) for d in found] == [(4, 27), (5, 4), (5, 6)]


def test_meetings_that_fall_together_are_one():
    """Listed Mon 1, Tue 2 and Thu 4 May 2023, all held on Thu 4 May; one beyond the cover is left out."""
    hall = office("2023-05-01", "2023-05-06", region="CN")
    days = [date(2023, 5, 2), date(2023, 5, 1), date(2023, 5, 4), date(2023, 5, 8)]
    assert meeting_times(hall, days, "09:30") == (3 * DAY + 9 * HOUR + 1800,)


def test_working_dates_by_date():
    """Mon 1 May 2023 is none, the next is Thu 4 May; Sat 6 May is one."""
    hall = office("2023-05-01", "2023-05-07", region="CN")
    assert not hall.is_working_date(date(2023, 5, 1))
    assert hall.next_working_date(date(2023, 5, 1)) == date(2023, 5, 4)
    assert hall.next_working_date(date(2023, 5, 6)) == date(2023, 5, 6)


def test_hours_and_weekdays_as_written():
    """Ranges may wrap; lists and "daily" are allowed."""
    assert parse_interval("09:00-12:00") == ("09:00", "12:00")
    assert parse_interval("22:00 - 06:00") == ("22:00", "06:00")
    assert parse_weekdays("mon-fri") == (0, 1, 2, 3, 4)
    assert parse_weekdays("Sat-Mon") == (5, 6, 0)
    assert parse_weekdays("mon,wed,fri") == (0, 2, 4)
    assert parse_weekdays("daily") == (0, 1, 2, 3, 4, 5, 6)
