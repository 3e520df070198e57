"""Clock changes and zones, worked out by hand: what the wall shows is not always what passes."""

import pickle
from datetime import UTC, date, datetime

import pytest

from sim.worktime.calendar import build_calendar, combine
from sim.worktime.zones import from_datetime, local_clock, to_datetime

HOUR, DAY = 3600, 86_400
BERLIN = {"zone": "Europe/Berlin", "origin": date(2023, 3, 20)}


def berlin(weekly):
    return build_calendar("desk", weekly, first=date(2023, 3, 20), last=date(2023, 11, 5), **BERLIN)


def t(text: str) -> int:
    return from_datetime(datetime.fromisoformat(text), **BERLIN)


def test_night_shift_over_a_clock_change_has_7_or_9_hours():
    """Europe/Berlin 2023: clocks go forward on Sun 26 March 02:00, back on Sun 29 October 03:00.

    | night of | 22:00-06:00 has |
    |---|---|
    | Fri 24 March | 8 h |
    | Sat 25 March | 7 h |
    | Sat 28 October | 9 h |
    | Sun 29 October | 8 h |
    """
    desk = berlin({d: [("22:00", "06:00")] for d in range(7)})
    nights = ["2023-03-24", "2023-03-25", "2023-10-28", "2023-10-29"]
    length = [desk.open_seconds(t(f"{n} 12:00"), t(f"{n} 12:00") + DAY) / HOUR for n in nights]
    assert length == [8, 7, 9, 8]
    assert desk.standard_day == 8 * HOUR
    end = desk.add_open(t("2023-03-25 22:00"), 7 * HOUR)
    assert f"{desk.local(end):%d %H:%M %z}" == "26 06:00 +0200"


def test_day_of_the_change_has_23_or_25_hours():
    """Always open: Sun 26 March has 23 h, Sun 29 October 25 h; the dates stay whole."""
    desk = build_calendar("desk", {}, first=date(2023, 3, 20), last=date(2023, 11, 5), always=True, **BERLIN)
    days = [(t("2023-03-26"), t("2023-03-27")), (t("2023-10-29"), t("2023-10-30"))]
    assert [desk.open_seconds(a, b) / HOUR for a, b in days] == [23, 25]
    assert [desk.working_dates_between(a, b) for a, b in days] == [1, 1]


def test_times_that_the_wall_skips_or_shows_twice():
    """02:30 on 26 March never shows: it is the change itself. 02:30 on 29 October is its first showing.

    | hours | date | open |
    |---|---|---|
    | 01:00-02:30 | 26 March | 1 h |
    | 02:10-02:50 | 26 March | 0 |
    | 02:30-04:00 | 26 March | 1 h (03:00-04:00) |
    | 01:00-02:30 | 29 October | 1.5 h |
    | 02:30-04:00 | 29 October | 2.5 h |
    """

    def hours(opens: str, closes: str, day: str) -> float:
        desk = berlin({6: [(opens, closes)]})
        return desk.open_seconds(t(day), t(day) + 20 * HOUR) / HOUR

    spring, autumn = "2023-03-26", "2023-10-29"
    assert hours("01:00", "02:30", spring) == 1
    assert hours("02:10", "02:50", spring) == 0
    assert hours("02:30", "04:00", spring) == 1
    assert hours("01:00", "02:30", autumn) == 1.5
    assert hours("02:30", "04:00", autumn) == 2.5


def test_local_time_there_and_back():
    """Second 0 is the origin's midnight; Berlin is at +1 h in winter and +2 h in summer."""
    assert to_datetime(0, **BERLIN).isoformat() == "2023-03-20T00:00:00+01:00"
    assert to_datetime(-1, **BERLIN).isoformat() == "2023-03-19T23:59:59+01:00"
    noon = datetime(2023, 3, 27, 10, tzinfo=UTC)
    assert (
        from_datetime(noon, **BERLIN)
        == from_datetime(datetime(2023, 3, 27, 12), **BERLIN)
        == 7 * DAY + 11 * HOUR
    )
    assert to_datetime(7 * DAY + 11 * HOUR, **BERLIN) == noon
    assert (
        local_clock("Europe/Berlin", date(2023, 3, 20))(date(2023, 3, 27), 12 * HOUR) == 7 * DAY + 11 * HOUR
    )


def test_desk_abroad_counts_from_the_midnight_of_the_run():
    """Counted from midnight in Shanghai, a desk in Berlin that opens at 09:00 (+1) opens at 16:00."""
    day = date(2023, 2, 6)
    span = {"origin": day, "first": day, "last": date(2023, 2, 10)}
    here = build_calendar("here", {0: [("09:00", "17:00")]}, zone="Asia/Shanghai", **span)
    abroad = build_calendar(
        "abroad", {0: [("09:00", "17:00")]}, zone="Europe/Berlin", origin_zone="Asia/Shanghai", **span
    )
    assert here.open == ((9 * HOUR, 17 * HOUR),)
    assert abroad.open == ((16 * HOUR, 24 * HOUR),)
    both = combine([(1, here), (1, abroad)])
    assert [both.at(h * HOUR) for h in (8, 9, 16, 17, 23, 24)] == [0, 1, 2, 1, 1, 0]


def test_hong_kong_and_shanghai_have_no_clock_change():
    """A year of midnights in either zone is a whole number of days."""
    for zone in ("Asia/Shanghai", "Asia/Hong_Kong", "Asia/Macau"):
        clock = local_clock(zone, date(2023, 1, 1))
        assert clock(date(2024, 1, 1), 0) == 365 * DAY


def test_calendar_survives_a_trip_to_another_process():
    """Pickled, with caches filled, and back: equal, and it answers the same."""
    desk = berlin({d: [("22:00", "06:00")] for d in range(7)})
    answer = desk.open_seconds(0, 30 * DAY)
    fresh = len(pickle.dumps(berlin({d: [("22:00", "06:00")] for d in range(7)})))
    twin = pickle.loads(pickle.dumps(desk))
    assert twin == desk
    assert twin.open_seconds(0, 30 * DAY) == answer
    assert len(pickle.dumps(desk)) == fresh  # no cache travels


@pytest.mark.parametrize("text", ["2023-10-29 01:59:59", "2023-10-29 03:00:00", "2023-03-26 03:00:00"])
def test_edges_of_a_change_are_exact(text):
    """The seconds beside a clock change show what they should."""
    assert f"{to_datetime(t(text), **BERLIN):%Y-%m-%d %H:%M:%S}" == text


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo"])
def test_every_quarter_of_an_hour_shows_what_was_asked(zone):
    """Through 2023 and 2024, a wall time asked for is the one shown, unless the wall skips it that day."""
    clock = local_clock(zone, date(2023, 1, 1))
    skipped = 0
    for number in range(730):
        day = date.fromordinal(date(2023, 1, 1).toordinal() + number)
        walls = range(0, DAY, HOUR // 4)
        shown = [to_datetime(clock(day, w), zone, date(2023, 1, 1)) for w in walls]
        wrong = [x for x, w in zip(shown, walls, strict=True) if (x.hour * 60 + x.minute) * 60 != w]
        assert all(x.date() == day for x in shown)
        skipped += len(wrong)
    # Two springs, each one hour (four quarters) that never shows; half an hour on Lord Howe Island.
    assert skipped == (4 if zone == "Australia/Lord_Howe" else 8)
