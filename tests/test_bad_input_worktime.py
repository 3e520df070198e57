"""Calendars that cannot be: each is refused with the place, the value and what is allowed."""

from datetime import date

import pytest

from sim.worktime.calendar import Steps, build_calendar, combine
from sim.worktime.hours import parse_interval, parse_weekdays
from sim.worktime.meetings import monthly_dates, weekly_dates, working_day_dates
from sim.worktime.steps import add_steps

DAY = date(2023, 5, 6)
MORNING = [("09:00", "12:00")]


def build(weekly, **more):
    settings = {"zone": "Asia/Shanghai", "origin": DAY, "first": DAY, "last": date(2023, 5, 31), **more}
    return build_calendar("office", weekly, **settings)


@pytest.mark.parametrize(
    ("weekly", "more", "says"),
    [
        ({0: [("09:00", "12:00"), ("11:00", "14:00")]}, {}, "mon: 09:00-12:00 and 11:00-14:00 overlap"),
        ({0: [("22:00", "06:00")], 1: [("05:00", "09:00")]}, {}, "22:00-06:00 of mon and 05:00-09:00 of tue"),
        ({6: [("22:00", "06:00")], 0: [("05:00", "09:00")]}, {}, "22:00-06:00 of sun and 05:00-09:00 of mon"),
        ({0: [("22:00", "06:00"), ("23:00", "24:00")]}, {}, "mon: 22:00-06:00 and 23:00-24:00 overlap"),
        ({0: [("09:00", "25:00")]}, {}, '"25:00" is no time of day: want HH:MM from 00:00 to 24:00'),
        ({0: [("9", "12:00")]}, {}, '"9" is no time of day'),
        ({0: [("09:61", "12:00")]}, {}, '"09:61" is no time of day'),
        ({0: [("24:00", "12:00")]}, {}, "opens at 24:00"),
        ({7: MORNING}, {}, "7 is no weekday"),
        ({}, {}, "no hours at all"),
        ({0: []}, {}, "no hours at all"),
        (
            {0: MORNING},
            {"zone": "Asia/Shangai"},
            'no time zone is called "Asia/Shangai".*Nearest: Asia/Shanghai',
        ),
        ({0: MORNING}, {"zone": "../etc"}, "no time zone"),
        ({0: MORNING}, {"region": "XX"}, 'no region is called "XX": want CN, HK, MO, MO-government'),
        ({0: MORNING}, {"closed": [DAY], "extra": {DAY: MORNING}}, "2023-05-06 is both closed and extra"),
        ({0: MORNING}, {"extra": {DAY: [("10:00", "9:70")]}}, '"9:70" is no time of day'),
        (
            {0: MORNING},
            {"make_up_hours": [("09:00", "12:00"), ("10:00", "11:00")]},
            "make-up-hours: .* overlap",
        ),
        ({0: MORNING}, {"last": date(2023, 5, 5)}, "would end on 2023-05-05, before it begins on 2023-05-06"),
        ({0: MORNING}, {"always": True}, "always open takes no hours"),
        ({}, {"always": True, "region": "CN"}, "always open takes no hours, region"),
    ],
)
def test_calendar_is_refused(weekly, more, says):
    """Overlaps by day, by night and round the week; wrong times, zones, regions, dates."""
    with pytest.raises(ValueError, match=says):
        build(weekly, **more)


def test_night_into_an_extra_morning_names_both_dates():
    """Friday's night to 06:00 and an extra Saturday from 05:00 overlap on known dates."""
    with pytest.raises(ValueError, match=r"22:00-06:00 of fri 2023-05-12 and 05:00-09:00 of sat 2023-05-13"):
        build({4: [("22:00", "06:00")]}, extra={date(2023, 5, 13): [("05:00", "09:00")]})


@pytest.mark.parametrize(
    ("act", "says"),
    [
        (lambda: parse_interval("09:00"), "no interval"),
        (lambda: parse_interval("09:00-noon"), '"noon" is no time of day'),
        (lambda: parse_weekdays("mon-fry"), '"mon-fry" is no weekday'),
        (lambda: parse_weekdays("mon-wed,tue"), "twice"),
        (lambda: list(monthly_dates([0], DAY, DAY)), "1 to 31"),
        (lambda: list(monthly_dates([], DAY, DAY)), "1 to 31"),
        (lambda: list(weekly_dates(1, 0, DAY, DAY)), "want 1 week or more"),
        (lambda: list(working_day_dates(build({0: MORNING}), 0, DAY, DAY)), "want 1 or more"),
        (lambda: Steps((0, 0), (1, 2)), "must ascend"),
        (lambda: Steps((), ()), "at least 1"),
        (lambda: Steps((0, 1), (1,)), "2 times and 1 values"),
        (lambda: Steps((0, 5), (1, 2), 5), "ends at 5 s"),
        (lambda: add_steps([]), "nothing to add"),
        (lambda: Steps.add(Steps((0,), (1,), 5), Steps((5,), (1,))), "no time in common"),
        (
            lambda: combine([(1, build({0: MORNING})), (1, build({0: MORNING}, origin=date(2023, 5, 1)))]),
            "origins",
        ),
        (lambda: build({0: MORNING}).add_open(0, -1), "want 0 or more"),
        (lambda: build({0: MORNING}).subtract_open(0, -1), "want 0 or more"),
        (lambda: build({0: MORNING}).add_open_many([0, 0], [1, -1]), "want 0 or more"),
    ],
)
def test_misuse_is_refused(act, says):
    """Text, dates, step functions and additions that make no sense."""
    with pytest.raises(ValueError, match=says):
        act()
