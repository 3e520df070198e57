"""Public holidays and make-up days by region, as the governments published them."""

from datetime import date

import pytest

from sim.worktime.calendar import build_calendar
from sim.worktime.regions import special_days

JAN, DEC = (1, 1), (12, 31)


def closed(region: str, year: int, month: int) -> list[int]:
    days = special_days(region, date(year, *JAN), date(year, *DEC)).closed
    return sorted(d.day for d in days if d.month == month)


def open_dates(region: str, year: int, month: int) -> list[int]:
    """Return the working dates of a Monday to Friday office in a month."""
    office = build_calendar(
        "office",
        {day: [("09:00", "17:00")] for day in range(5)},
        zone="Asia/Shanghai",
        origin=date(year, 1, 1),
        first=date(year, 1, 1),
        last=date(year, 12, 31),
        region=region,
    )
    dates = [office.local(t).date() for t, _ in office.dates]
    return [d.day for d in dates if d.month == month]


def test_china_october_2023():
    """State Council: 29 September to 6 October free, Sat 7 and Sun 8 October worked."""
    assert open_dates("CN", 2023, 9)[-4:] == [25, 26, 27, 28]
    assert open_dates("CN", 2023, 10)[:6] == [7, 8, 9, 10, 11, 12]


def test_china_make_up_days_of_2023():
    """Seven make-up days: 28 and 29 January, 23 April, 6 May, 25 June, 7 and 8 October."""
    days = special_days("CN", date(2023, 1, 1), date(2023, 12, 31)).make_up
    assert sorted((d.month, d.day) for d in days) == [
        (1, 28),
        (1, 29),
        (4, 23),
        (5, 6),
        (6, 25),
        (10, 7),
        (10, 8),
    ]


def test_make_up_day_in_december_for_a_holiday_in_january():
    """Sun 31 December 2006 was worked for New Year 2007, though only 2006 is asked for."""
    assert date(2006, 12, 31) in special_days("CN", date(2006, 12, 1), date(2006, 12, 31)).make_up


def test_hong_kong_general_holidays_of_2023():
    """The 17 general holidays of 2023; 1 January, 22 January and 1 October were Sundays anyway.

    | month | days |
    |---|---|
    | January | 2, 23, 24, 25 |
    | April | 5, 7 (Good Friday), 8, 10 |
    | May, June, July | 1, 26; 22; 1 |
    | September, October | 30; 2, 23 |
    | December | 25, 26 |
    """
    wanted = {
        1: [2, 23, 24, 25],
        4: [5, 7, 8, 10],
        5: [1, 26],
        6: [22],
        7: [1],
        9: [30],
        10: [2, 23],
        12: [25, 26],
    }
    on_sunday = {1: [1, 22], 10: [1]}
    for month in range(1, 13):
        found = [d for d in closed("HK", 2023, month) if d not in on_sunday.get(month, [])]
        assert found == wanted.get(month, []), month
    assert open_dates("HK", 2023, 4)[:6] == [3, 4, 6, 11, 12, 13]
    assert 3 in open_dates("HK", 2023, 10)


def test_macao_government_has_more_holidays_than_the_public():
    """December 2023: by labour law the 20th; government offices also 8, 22, 25 and 26 (for Sun 24)."""
    assert closed("MO", 2023, 12) == [20]
    assert [d for d in closed("MO-government", 2023, 12) if d != 24] == [8, 20, 22, 25, 26]
    assert set(closed("MO", 2023, 12)) < set(closed("MO-government", 2023, 12))


@pytest.mark.parametrize("region", ["HK", "MO", "MO-government"])
def test_only_china_has_make_up_days(region):
    """Elsewhere no weekend is worked and no warning is due."""
    days = special_days(region, date(2023, 1, 1), date(2030, 12, 31))
    assert not days.make_up
    assert not days.warnings


def test_year_without_published_make_up_days_is_named():
    """2023 is published, 2040 and 2041 are not: one warning for each, on the calendar too."""
    assert special_days("CN", date(2023, 1, 1), date(2023, 12, 31)).warnings == ()
    texts = special_days("CN", date(2040, 6, 1), date(2041, 1, 1)).warnings
    assert [text[:5] for text in texts] == ["2040:", "2041:"]
    office = build_calendar(
        "hall",
        {0: [("09:00", "17:00")]},
        zone="Asia/Shanghai",
        origin=date(2040, 6, 1),
        first=date(2040, 6, 1),
        last=date(2040, 7, 1),
        region="CN",
    )
    assert len(office.warnings) == 1
    assert '"hall"' in office.warnings[0]
    assert "2040" in office.warnings[0]
