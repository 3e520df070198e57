"""Laws of open time that hold for every calendar: inverse, additivity, arrays as scalars, origin."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.worktime.calendar import Steps, build_calendar, combine
from sim.worktime.clocks import legal_time, legal_time_many, minus, open_total, union
from sim.worktime.profile import rate

HOUR, DAY = 3600, 86_400
#: No deadline: a busy machine is no failure.
LAW = settings(max_examples=60, deadline=None, derandomize=True)
DAYS = 21
ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC")
#: Starts around clock changes of the zones above, public holidays of China, and a leap day.
STARTS = [date(2023, 3, 20), date(2023, 10, 20), date(2023, 4, 24), date(2023, 9, 25), date(2024, 2, 20)]


def clock_text(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


@st.composite
def weeks(draw):
    """Draw the hours of a week: cuts of the day in pairs, now and then the last over midnight."""
    week = {}
    for day in range(7):
        cuts = draw(st.lists(st.integers(60, 1440), unique=True, max_size=6).map(sorted))
        pairs = [(clock_text(a), clock_text(b)) for a, b in zip(cuts[::2], cuts[1::2], strict=False)]
        if len(cuts) % 2 and cuts[-1] < 1440:
            # No day begins before 01:00, so a night that ends by then never meets the morning.
            pairs.append((clock_text(cuts[-1]), draw(st.sampled_from(["00:00", "00:30", "01:00"]))))
        week[day] = pairs
    if not any(week.values()):
        week[draw(st.integers(0, 6))] = [("08:15", "16:45")]
    return week


@st.composite
def calendars(draw, zones=ZONES):
    first = draw(st.sampled_from(STARTS))
    return build_calendar(
        "office",
        draw(weeks()),
        zone=draw(st.sampled_from(zones)),
        origin=first + timedelta(days=draw(st.integers(-3, 3))),
        first=first,
        last=first + timedelta(days=DAYS - 1),
        region=draw(st.sampled_from([None, "CN", "HK"])),
        closed=[first + timedelta(days=4)],
        extra={first + timedelta(days=5): [("10:00", "11:00")]},
    )


def instant(data, calendar, *, end=True):
    first, last = calendar.cover
    near = [t + k for pair in calendar.open for t in pair for k in (-1, 0, 1)]
    allowed = [t for t in near if first <= t < last]
    return data.draw(st.one_of(st.integers(first, last if end else last - 1), st.sampled_from(allowed)))


@LAW
@given(calendars(), st.data())
def test_adding_is_the_inverse_of_measuring(calendar, data):
    """add_open(a, n) is the earliest instant with n open seconds after a; subtract_open the latest before."""
    a, b = sorted((instant(data, calendar), instant(data, calendar)))
    n = calendar.open_seconds(a, b)
    early, late = calendar.add_open(a, n), calendar.subtract_open(b, n)
    assert a <= early <= b
    assert a <= late <= b
    assert calendar.open_seconds(a, early) == n == calendar.open_seconds(late, b)
    if n:
        assert calendar.open_seconds(a, early - 1) == n - 1 == calendar.open_seconds(late + 1, b)
    else:
        assert (early, late) == (a, b)


@LAW
@given(calendars(), st.data())
def test_open_time_adds_up(calendar, data):
    """open(a, b) + open(b, c) = open(a, c); work in two pieces ends when it does in one."""
    a, b, c = sorted(instant(data, calendar) for _ in range(3))
    assert calendar.open_seconds(a, b) + calendar.open_seconds(b, c) == calendar.open_seconds(a, c)
    assert calendar.open_seconds(a, b) == -calendar.open_seconds(b, a)
    total = calendar.open_seconds(a, c)
    part = data.draw(st.integers(0, total))
    assert calendar.add_open(calendar.add_open(a, part), total - part) == calendar.add_open(a, total)


@LAW
@given(calendars(), st.data())
def test_open_time_is_the_sum_of_the_intervals(calendar, data):
    """Against the definition: every interval clipped to [a, b); and the shift's integral and length agree."""
    a, b = sorted((instant(data, calendar), instant(data, calendar)))
    clipped = sum(max(0, min(b, stop) - max(a, start)) for start, stop in calendar.open)
    assert calendar.open_seconds(a, b) == clipped == calendar.shift.integral(a, b)


@LAW
@given(calendars(), st.data())
def test_open_and_next_open_agree(calendar, data):
    """A second is open if and only if it holds one open second; the next opening skips none."""
    t = instant(data, calendar, end=False)
    assert (
        calendar.is_open(t)
        == any(a <= t < b for a, b in calendar.open)
        == (calendar.open_seconds(t, t + 1) == 1)
    )
    assert calendar.is_open(t) == calendar.shift.at(t)
    if any(b > t for _, b in calendar.open):
        opening = calendar.next_open(t)
        assert calendar.is_open(opening)
        assert calendar.open_seconds(t, opening) == 0


@LAW
@given(calendars(), st.data())
def test_arrays_give_what_scalars_give(calendar, data):
    """Every array method equals its scalar one, element by element."""
    inside = [instant(data, calendar, end=False) for _ in range(8)]
    a, b = np.array(inside[:4]), np.array(inside[4:])
    pairs = list(zip(a.tolist(), b.tolist(), strict=True))
    assert calendar.is_open_many(a).tolist() == [calendar.is_open(t) for t in inside[:4]]
    assert calendar.open_seconds_many(a, b).tolist() == [calendar.open_seconds(x, y) for x, y in pairs]
    left = [calendar.open_seconds(x, calendar.cover[1]) for x in a.tolist()]
    more = [data.draw(st.integers(0, n)) for n in left]
    added = [calendar.add_open(x, n) for x, n in zip(a.tolist(), more, strict=True)]
    assert calendar.add_open_many(a, more).tolist() == added
    closing = calendar.dates[-1][1] - 1
    early = np.minimum(a, closing)
    dates = [calendar.working_dates_between(x, y) for x, y in zip(early.tolist(), b.tolist(), strict=True)]
    assert calendar.working_dates_between_many(early, b).tolist() == dates


@LAW
@given(calendars(), st.data())
def test_working_dates_by_their_definition(calendar, data):
    """Counted date by date: d working, acceptance date < d <= decision date."""
    a = instant(data, calendar, end=False)
    b = instant(data, calendar, end=False)
    first, last = (calendar.local(t).date() for t in (calendar.cover[0], calendar.cover[1] - 1))
    span = [first + timedelta(days=k) for k in range((last - first).days + 1)]
    working = [d for d in span if calendar.is_working_date(d)]
    accepted = calendar.local(a).date()
    ends = {calendar.local(m).date(): close for m, close in calendar.dates}
    counts_as = [d for d in working if d > accepted or (d == accepted and a < ends[d])]
    if counts_as:
        decided = calendar.local(b).date()
        wanted = sum(1 for d in working if counts_as[0] < d <= decided)
        assert calendar.working_dates_between(a, b) == wanted
        assert working[calendar.working_date(a)] == counts_as[0]


@LAW
@given(weeks(), st.integers(-400, 400), st.sampled_from(ZONES), st.data())
def test_origin_is_only_a_label(week, shift, zone, data):
    """Counting from another date moves every instant by one constant and changes no length."""
    start = data.draw(st.sampled_from(STARTS))
    common = {"zone": zone, "first": start, "last": start + timedelta(days=DAYS), "region": "CN"}
    here = build_calendar("office", week, origin=start, **common)
    there = build_calendar("office", week, origin=start + timedelta(days=shift), **common)
    constant = here.second(start + timedelta(days=shift))
    assert there.open == tuple((a - constant, b - constant) for a, b in here.open)
    assert there.dates == tuple((a - constant, b - constant) for a, b in here.dates)
    assert here.local(constant) == there.local(0)


@LAW
@given(weeks(), st.sampled_from(STARTS))
def test_zone_without_clock_changes_is_only_a_label(week, start):
    """The same hours in two zones of fixed offset are the same seconds from their own midnights."""
    common = {"origin": start, "first": start, "last": start + timedelta(days=DAYS), "region": "HK"}
    zones = [build_calendar("office", week, zone=zone, **common) for zone in ("Asia/Shanghai", "UTC")]
    assert zones[0].open == zones[1].open
    assert zones[0].dates == zones[1].dates


@LAW
@given(weeks(), st.sampled_from(STARTS), st.integers(1, 10))
def test_longer_cover_changes_nothing_inside(week, start, more):
    """A cover that begins earlier and ends later has the same open seconds within the shorter one."""
    common = {"zone": "Europe/Berlin", "origin": start, "region": "CN"}
    short = build_calendar("a", week, first=start, last=start + timedelta(days=9), **common)
    wide = {"first": start - timedelta(days=more), "last": start + timedelta(days=9 + more)}
    long = build_calendar("a", week, **wide, **common)
    first, last = short.cover
    clipped = [(max(a, first), min(b, last)) for a, b in long.open if a < last and b > first]
    assert tuple(clipped) == short.open
    assert set(short.dates) <= set(long.dates)


@LAW
@given(calendars())
def test_intervals_and_dates_are_well_formed(calendar):
    """Ascending, disjoint, never touching, within the cover; each working date closes on its own date."""
    flat = [t for pair in calendar.open for t in pair]
    assert flat == sorted(set(flat))
    assert calendar.cover[0] <= flat[0]
    assert flat[-1] <= calendar.cover[1]
    for midnight, closing in calendar.dates:
        assert calendar.local(midnight).date() == calendar.local(closing - 1).date()


@LAW
@given(st.lists(st.tuples(st.integers(0, 9), calendars(zones=("Asia/Shanghai",))), min_size=1, max_size=3))
def test_head_count_is_the_sum_at_every_change(groups):
    """Capacity at each instant is the sum of the groups then on shift, and unit-seconds add up."""
    groups = [(size, calendar) for size, calendar in groups if calendar.origin == groups[0][1].origin]
    first = max(calendar.cover[0] for _, calendar in groups)
    last = min(calendar.cover[1] for _, calendar in groups)
    if first >= last:
        return
    heads = combine(groups)
    edges = {t for _, c in groups for pair in c.open for t in pair if first <= t < last} | {first, last - 1}
    for t in edges:
        assert heads.at(t) == sum(size for size, calendar in groups if calendar.is_open(t))
    assert heads.integral(first, last) == sum(size * c.open_seconds(first, last) for size, c in groups)
    assert all(x != y for x, y in zip(heads.values, heads.values[1:], strict=False))


@LAW
@given(
    st.lists(st.integers(-50, 50), min_size=1, max_size=8, unique=True).map(sorted),
    st.data(),
    st.sampled_from([st.integers(-5, 5), st.floats(0, 7)]),
)
def test_step_functions_arrays_as_scalars(times, data, kind):
    """at and integral are bit-equal to their array forms; change by change the integral adds up."""
    steps = Steps(tuple(times), tuple(data.draw(kind) for _ in times), times[-1] + 9)
    inside = data.draw(st.lists(st.integers(times[0], times[-1] + 8), min_size=2, max_size=6))
    assert steps.at_many(inside).tolist() == [steps.at(t) for t in inside]
    a, b = inside, inside[::-1]
    pairs = list(zip(a, b, strict=True))
    assert steps.integral_many(a, b).tolist() == [steps.integral(x, y) for x, y in pairs]
    low, high = min(inside), max(inside)
    assert steps.integral(low, high) == pytest.approx(sum(steps.at(t) for t in range(low, high)), abs=1e-9)
    change = steps.first_change_after(low)
    assert change == min((t for t in times if t > low), default=None)


@LAW
@given(calendars(), st.data())
def test_legal_clock_by_its_definition(calendar, data):
    """Second by second on a coarse grid: open, some branch in government hands, no stop; arrays agree."""
    first, last = calendar.cover
    grid = range(first, last + 1, HOUR)
    pair = st.tuples(st.sampled_from(grid), st.sampled_from(grid)).map(sorted).map(tuple)
    cases = [(data.draw(st.lists(pair, max_size=4)), data.draw(st.lists(pair, max_size=3))) for _ in range(2)]
    wanted = []
    for government, stops in cases:
        hours = [
            t
            for t in grid[:-1]
            if any(a <= t < b for a, b in government) and not any(a <= t < b for a, b in stops)
        ]
        wanted.append(sum(calendar.open_seconds(t, t + HOUR) for t in hours) / calendar.standard_day)
    assert [legal_time(calendar, *case) for case in cases] == wanted
    rows = [(k, a, b, kind) for k, case in enumerate(cases) for kind in (0, 1) for a, b in case[kind]]
    columns = [list(column) for column in zip(*rows, strict=True)] or [[], [], [], []]
    hands, holes = [k == 0 for k in columns[3]], [k == 1 for k in columns[3]]
    found = legal_time_many(calendar, 2, *columns[:3], government=hands, stops=holes)
    assert found.tolist() == wanted


PAIRS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)))


@LAW
@given(PAIRS, PAIRS)
def test_sets_of_intervals_as_sets_of_seconds(intervals, holes):
    """Union and difference of intervals are those of their seconds."""

    def seconds(pairs):
        return {t for a, b in pairs for t in range(a, b)}

    assert seconds(union(intervals)) == seconds(intervals)
    rest = minus(intervals, holes)
    assert seconds(rest) == seconds(intervals) - seconds(holes)
    assert sum(b - a for a, b in rest) == len(seconds(rest))


@LAW
@given(calendars(), st.integers(1, 5))
def test_profile_of_one_factor_scales_the_shift(calendar, factor):
    """The same factor on every weekday multiplies the integral; closed stays closed."""
    weighted = rate(calendar, dict.fromkeys(range(7), factor))
    first, last = calendar.cover
    assert weighted.integral(first, last) == factor * calendar.open_seconds(first, last)
    assert open_total(calendar, [(first, last)]) == calendar.open_seconds(first, last)
