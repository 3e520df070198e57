"""Open time of a small office, worked out by hand: lunch, weekends, holidays, make-up days, nights."""

from datetime import date, datetime

import pytest

from sim.errors import RunError
from sim.worktime.calendar import Calendar, Steps, build_calendar, combine, from_datetime

OFFICE = [("09:00", "12:00"), ("14:00", "18:00")]
WEEK = dict.fromkeys(range(5), OFFICE)
MINUTE, HOUR, DAY = 60, 3600, 86_400


def calendar(weekly=None, *, region=None, first="2023-01-01", last="2023-12-31", **more) -> Calendar:
    """Return a calendar of 2023 that counts from Monday 2023-02-06 in Shanghai."""
    settings = {"zone": "Asia/Shanghai", "origin": date(2023, 2, 6), "region": region, **more}
    hours = WEEK if weekly is None else weekly
    return build_calendar("office", hours, first=day(first), last=day(last), **settings)


def day(text: str) -> date:
    return date.fromisoformat(text)


def at(text: str, zone: str = "Asia/Shanghai") -> int:
    """Return the second that the wall clock of `zone` shows as `text`."""
    return from_datetime(datetime.fromisoformat(text), zone, date(2023, 2, 6))


def wall(office: Calendar, t: int) -> str:
    return f"{office.local(t):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("start", "minutes", "stop"),
    [
        ("2023-02-07 09:00", 60, "2023-02-07 10:00"),
        ("2023-02-07 11:30", 30, "2023-02-07 12:00"),
        ("2023-02-07 11:30", 31, "2023-02-07 14:01"),
        ("2023-02-07 12:30", 10, "2023-02-07 14:10"),
        ("2023-02-07 08:00", 420, "2023-02-07 18:00"),
        ("2023-02-07 12:30", 0, "2023-02-07 12:30"),
    ],
)
def test_work_pauses_over_lunch(start, minutes, stop):
    """Office 09:00-12:00 and 14:00-18:00, Tuesday.

    | start | work | end |
    |---|---|---|
    | 09:00 | 60 min | 10:00 |
    | 11:30 | 30 min | 12:00, the earliest instant at which it is done, not 14:00 |
    | 11:30 | 31 min | 14:01 |
    | 12:30 | 10 min | 14:10 |
    | 08:00 | 7 h (one standard day) | 18:00 |
    | 12:30 | none | 12:30 |
    """
    office = calendar()
    assert wall(office, office.add_open(at(start), minutes * MINUTE)) == stop


def test_backwards_the_latest_instant_is_taken():
    """30 min before 14:00 is 11:30; 1 h before 14:30 is 11:30; 4 h before Mon 10:00 is Fri 15:00."""
    office = calendar()
    back = [("2023-02-07 14:00", 30), ("2023-02-07 14:30", 60), ("2023-02-13 10:00", 240)]
    found = [wall(office, office.subtract_open(at(t), minutes * MINUTE)) for t, minutes in back]
    assert found == ["2023-02-07 11:30", "2023-02-07 11:30", "2023-02-10 15:00"]


def test_friday_evening_goes_on_on_monday():
    """Two hours begun on Friday 17:00 end on Monday 10:00; the weekend has no open second.

    | from | to | open |
    |---|---|---|
    | Fri 17:00 | Mon 10:00 | 1 h + 1 h |
    | Fri 18:00 | Mon 09:00 | 0 |
    | Mon 09:00 | Mon 09:00 a week later | 5 x 7 h |
    """
    office = calendar()
    friday, monday = at("2023-02-10 17:00"), at("2023-02-13 10:00")
    assert office.add_open(friday, 2 * HOUR) == monday
    assert office.open_seconds(friday, monday) == 2 * HOUR
    assert office.open_seconds(at("2023-02-10 18:00"), at("2023-02-13 09:00")) == 0
    assert office.open_seconds(at("2023-02-06 09:00"), at("2023-02-13 09:00")) == 35 * HOUR
    assert office.open_seconds(monday, friday) == -2 * HOUR


def test_hours_are_half_open():
    """Open at 09:00:00, closed at 12:00:00 and 18:00:00; the next opening is the same second if open."""
    office = calendar()
    times = ["08:59:59", "09:00:00", "11:59:59", "12:00:00", "14:00:00", "18:00:00"]
    assert [office.is_open(at(f"2023-02-07 {t}")) for t in times] == [False, True, True, False, True, False]
    opens = [wall(office, office.next_open(at(f"2023-02-10 {t}"))) for t in ("09:30", "12:00", "18:00")]
    assert opens == ["2023-02-10 09:30", "2023-02-10 14:00", "2023-02-13 09:00"]


def test_public_holiday_closes_the_date():
    """Labour Day 2023 in China: Mon 1 to Wed 3 May closed. Fri 28 April 17:00 + 2 h = Thu 4 May 10:00."""
    office = calendar(region="CN")
    assert wall(office, office.add_open(at("2023-04-28 17:00"), 2 * HOUR)) == "2023-05-04 10:00"
    assert not office.is_open(at("2023-05-01 10:00"))
    assert calendar().is_open(at("2023-05-01 10:00"))


def test_make_up_saturday_is_worked():
    """Sat 6 May 2023 is worked in China for 3 May: Fri 5 May 17:00 + 2 h = Sat 10:00, + 8 h = Sat 18:00."""
    office = calendar(region="CN")
    friday = at("2023-05-05 17:00")
    assert wall(office, office.add_open(friday, 2 * HOUR)) == "2023-05-06 10:00"
    assert wall(office, office.add_open(friday, 8 * HOUR)) == "2023-05-06 18:00"
    assert not office.is_open(at("2023-05-13 10:00"))


def test_make_up_hours_and_local_dates_override():
    """What the scenario says of a date goes before the region, and the region before the week.

    | date | said | open |
    |---|---|---|
    | Sat 6 May, make-up | make-up-hours 10:00-12:00 | 2 h |
    | Sat 6 May, make-up | closed | 0 |
    | Mon 1 May, holiday | extra 09:00-10:00 | 1 h |
    | Tue 9 May | extra 09:00-10:00 (in place of the 7 h) | 1 h |
    | Wed 10 May | closed | 0 |
    """

    def hours(office: Calendar, text: str) -> float:
        return office.open_seconds(at(text), at(text) + DAY) / HOUR

    short = [("09:00", "10:00")]
    named = calendar(region="CN", make_up_hours=[("10:00", "12:00")])
    own = calendar(
        region="CN",
        closed=[day("2023-05-06"), day("2023-05-10")],
        extra={day("2023-05-01"): short, day("2023-05-09"): short},
    )
    assert hours(named, "2023-05-06") == 2
    dates = ("2023-05-06", "2023-05-01", "2023-05-09", "2023-05-10", "2023-05-11")
    assert [hours(own, text) for text in dates] == [0, 1, 1, 0, 7]


def test_make_up_day_has_the_hours_of_the_first_open_weekday():
    """Open Tue 6 h, Wed 2 h and Sat 1 h: make-up Saturday 6 May has Tuesday's 6 h, 13 May its own."""
    week = {1: [("09:00", "15:00")], 2: [("09:00", "11:00")], 5: [("09:00", "10:00")]}
    office = calendar(week, region="CN")
    open_hours = [office.open_seconds(at(t), at(t) + DAY) / HOUR for t in ("2023-05-06", "2023-05-13")]
    assert open_hours == [6, 1]


def test_make_up_day_without_weekday_hours_has_its_own():
    """Open on Sundays only: make-up Sunday 23 April 2 h as ever, make-up Saturday 6 May stays closed."""
    office = calendar({6: [("09:00", "11:00")]}, region="CN")
    open_hours = [office.open_seconds(at(t), at(t) + DAY) / HOUR for t in ("2023-04-23", "2023-05-06")]
    assert open_hours == [2, 0]


def test_night_shift_runs_over_midnight():
    """22:00-06:00 from Monday to Friday, 8 h a night; the last night of a week ends on Saturday 06:00.

    | from | work | end |
    |---|---|---|
    | Mon 23:00 | 2 h | Tue 01:00 |
    | Tue 05:00 | 2 h | Tue 23:00 |
    | Sat 05:00 | 2 h | Mon 23:00 |
    """
    desk = calendar({d: [("22:00", "06:00")] for d in range(5)})
    assert desk.standard_day == 8 * HOUR
    for start, stop in [
        ("2023-02-06 23:00", "2023-02-07 01:00"),
        ("2023-02-07 05:00", "2023-02-07 23:00"),
        ("2023-02-11 05:00", "2023-02-13 23:00"),
    ]:
        assert wall(desk, desk.add_open(at(start), 2 * HOUR)) == stop
    assert desk.is_open(at("2023-02-11 05:59:59"))
    assert not desk.is_open(at("2023-02-11 06:00"))
    assert desk.open_seconds(at("2023-02-06 12:00"), at("2023-02-13 12:00")) == 40 * HOUR


def test_night_before_a_holiday_keeps_its_tail():
    """Wed 5 April 2023 is a holiday in China: Tuesday's night ends on Wed 06:00, Wednesday's is dropped."""
    desk = calendar({d: [("22:00", "06:00")] for d in range(7)}, region="CN")
    assert desk.is_open(at("2023-04-05 05:59"))
    assert not desk.is_open(at("2023-04-05 22:00"))
    assert not desk.is_open(at("2023-04-06 05:59"))
    assert desk.is_open(at("2023-04-06 22:00"))


def test_night_from_before_the_cover_reaches_into_it():
    """A cover from Tue 7 Feb begins inside Monday's night, open until 06:00; the last night is cut."""
    desk = calendar({d: [("22:00", "06:00")] for d in range(7)}, first="2023-02-07", last="2023-02-08")
    assert desk.open == (
        (at("2023-02-07 00:00"), at("2023-02-07 06:00")),
        (at("2023-02-07 22:00"), at("2023-02-08 06:00")),
        (at("2023-02-08 22:00"), at("2023-02-09 00:00")),
    )


def test_24_00_closes_and_touching_hours_join():
    """00:00-24:00 on Monday and Tuesday is one interval of 48 h; 09-12 and 12-14 are one of 5 h."""
    both = calendar({0: [("00:00", "24:00")], 1: [("00:00", "24:00")]}, first="2023-02-06", last="2023-02-12")
    assert both.open == ((0, 2 * DAY),)
    assert both.standard_day == DAY
    joined = calendar({0: [("12:00", "14:00"), ("09:00", "12:00")]}, first="2023-02-06", last="2023-02-12")
    assert joined.open == ((9 * HOUR, 14 * HOUR),)


def test_always_open_counts_every_second():
    """Always open: 30 h of open time are 30 h, a standard day has 24 h, and every date is a working date."""
    desk = calendar({}, always=True)
    assert desk.standard_day == DAY
    assert desk.add_open(at("2023-02-11 20:00"), 30 * HOUR) == at("2023-02-13 02:00")
    assert desk.open == (desk.cover,)
    assert desk.working_dates_between(at("2023-02-11 20:00"), at("2023-02-13 02:00")) == 2


def test_standard_day_is_the_longest_of_the_regular_week():
    """Mon 7 h, Sat 3 h: 7 h. A longer extra date does not count, unless the week has no hours at all."""
    long = {day("2023-05-06"): [("08:00", "20:00")]}
    assert calendar({0: OFFICE, 5: [("09:00", "12:00")]}, extra=long).standard_day == 7 * HOUR
    assert calendar({}, extra=long).standard_day == 12 * HOUR


def test_beyond_the_cover_is_an_error_that_says_so():
    """The calendar ends with 2023: asking later, or for more open time than is left, is never answered."""
    office = calendar()
    last = at("2023-12-29 17:00")
    assert office.add_open(last, HOUR) == at("2023-12-29 18:00")
    with pytest.raises(RunError, match=r"no 3601 s of open time left.*2023-12-31"):
        office.add_open(last, HOUR + 1)
    for ask in (office.is_open, office.next_open, office.working_date):
        with pytest.raises(RunError, match="2023-01-01 to 2023-12-31"):
            ask(at("2024-01-02 10:00"))
    with pytest.raises(RunError, match="outside"):
        office.open_seconds(at("2022-12-31 10:00"), 0)
    with pytest.raises(RunError, match="outside"):
        office.open_seconds(0, at("2024-01-01 00:00:01"))
    assert office.open_seconds(at("2023-12-29 17:00"), at("2024-01-01 00:00")) == HOUR
    with pytest.raises(RunError):
        office.open_seconds_many([0, at("2024-01-02 10:00")], [0, 0])
    with pytest.raises(RunError):
        office.subtract_open(at("2023-01-02 10:00"), 2 * HOUR)


def test_head_count_is_the_sum_of_groups_on_shift():
    """Three early (06-14) and three late (14-22), two in the office (09-12, 14-18), on Monday.

    | from | heads |
    |---|---|
    | 00:00 | 0 |
    | 06:00 | 3 |
    | 09:00 | 5 |
    | 12:00 | 3 |
    | 14:00 | 5 (early hands over to late, and the office is back) |
    | 18:00 | 3 |
    | 22:00 | 0 |
    """
    cover = {"first": "2023-02-06", "last": "2023-02-06"}
    early, late = calendar({0: [("06:00", "14:00")]}, **cover), calendar({0: [("14:00", "22:00")]}, **cover)
    heads = combine([(3, early), (3, late), (2, calendar(**cover))])
    hours = (0, 6, 9, 12, 14, 18, 22)
    assert heads == Steps(tuple(h * HOUR for h in hours), (0, 3, 5, 3, 5, 3, 0), DAY)
    assert heads.integral(0, DAY) == (3 * 16 + 2 * 7) * HOUR
    alone = combine([(3, early), (3, late)])
    assert alone.times == (0, 6 * HOUR, 22 * HOUR)  # a hand-over between equal shifts is no change
    assert alone.first_change_after(6 * HOUR) == 22 * HOUR
    assert alone.first_change_after(22 * HOUR) is None


def test_step_function_by_hand():
    """2 on [-10, 0), 5 on [0, 4), 1 on [4, 10): integral from -1 to 5 is 2 + 20 + 1 = 23."""
    steps = Steps((-10, 0, 4), (2, 5, 1), 10)
    assert [steps.at(t) for t in (-10, -1, 0, 3, 4, 9)] == [2, 2, 5, 5, 1, 1]
    assert steps.integral(-1, 5) == 23
    assert steps.integral(5, -1) == -23
    assert list(steps.integral_many([-1, 4], [5, 10])) == [23, 6]
    assert Steps.add(steps, Steps((2,), (10,))) == Steps((2, 4), (15, 11), 10)
    for t in (-11, 10):
        with pytest.raises(RunError, match="outside the time covered"):
            steps.at(t)
        with pytest.raises(RunError):
            steps.at_many([0, t])
    with pytest.raises(RunError):
        steps.integral(0, 11)
