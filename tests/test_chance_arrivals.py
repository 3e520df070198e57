"""Cases made before a run: counts, times, classes, attributes, backlog.

Mass tests use fixed seeds; each would fail by chance once in 10 000 times, had its seed been drawn today.
"""

from __future__ import annotations

import math
from datetime import date
from itertools import accumulate

import numpy as np
import pytest
from scipy import stats

from sim.chance.arrivals import Cases, make_cases, pick
from sim.chance.draws import Draws, Purpose, name_key
from sim.chance.laws import constant, exponential, uniform
from sim.chance.rates import YEAR, rate_table
from sim.errors import RunError
from sim.network.elements import Attribute, Backlog, CaseClass, Duration, Network, Stream
from sim.worktime.calendar import Steps, build_calendar

P = 1e-4
HOUR, DAY = 3600, 86400
WEEK = 7 * DAY
OFFICE = build_calendar(
    "office",
    {day: [("09:00", "12:00"), ("14:00", "18:00")] for day in range(5)},
    zone="Asia/Shanghai",
    origin=date(2023, 2, 6),
    first=date(2022, 1, 3),
    last=date(2025, 12, 31),
)
ALWAYS = Steps((0,), (1,))


def stream(name: str = "arrivals", **fields) -> Stream:
    return Stream(name, name_key(name), **{"per": 10 * WEEK, "rate": OFFICE.shift} | fields)


def backlog(count: int, age: Duration, **fields) -> Backlog:
    return Backlog(fields.pop("node", 3), name_key("backlog/check"), count, age, **fields)


def network(
    *streams: Stream, backlogs=(), window=(4 * WEEK, 14 * WEEK), horizon=20 * WEEK, **fields
) -> Network:
    plain = {
        "scenario": "test",
        "variant": "before",
        "origin": "2023-02-06",
        "zone": "Asia/Shanghai",
        "calendars": (OFFICE,),
        "pools": (),
        "classes": (CaseClass("question", 0.6, 1), CaseClass("request", 0.4, 2)),
        "attributes": (),
        "counters": (),
        "case_counts": (),
        "nodes": (),
        "entry": 0,
        "withdrawn": -1,
        "turned_away": -1,
    }
    return Network(
        window=window, horizon=horizon, streams=tuple(streams), backlogs=tuple(backlogs), **plain | fields
    )


def within(cases: Cases, first: int, last: int) -> int:
    return int(((cases.arrived >= first) & (cases.arrived < last)).sum())


def unit_sums(name: str, n: int, entry: int, seed: int = 1) -> list[float]:
    """Return the sums S_1 .. S_n of the unit exponentials that belong to a stream."""
    key = name_key(name)
    u = [Draws(seed).uniform(key, key, i, entry, Purpose.ARRIVAL) for i in range(n)]
    return list(accumulate(-math.log(1 - x) for x in u))


# ------------------------------------------------------------------------------------------- counts


def test_hand_case_n_arrives_at_the_inverse_of_the_integrated_rate():
    """One case a minute, day and night, 120 expected in 2 hours: case n arrives at floor(60 S_n)."""
    net = network(stream(count=120, per=2 * HOUR, rate=ALWAYS), window=(0, 2 * HOUR), horizon=3 * HOUR)
    cases = make_cases(net, Draws(1))
    expected = [math.floor(60 * s) for s in unit_sums("arrivals", 400, 0)]
    assert cases.arrived.tolist() == [t for t in expected if t < 3 * HOUR]
    assert cases.number.tolist() == list(range(len(cases)))


def test_hand_exactly_spreads_n_cases_by_their_share_of_the_next_sum():
    """Window from 0: case n of 50 arrives at 7200 * S_n / S_51."""
    net = network(stream(count=50, per=7200, rate=ALWAYS, exactly=True), window=(0, 7200), horizon=7200)
    sums = unit_sums("arrivals", 51, 1)
    assert make_cases(net, Draws(1)).arrived.tolist() == [math.floor(7200 * s / sums[50]) for s in sums[:50]]


def test_theory_counts_are_poisson_over_replications():
    """1 000 replications, mean 40: the mean within 3.9 standard errors, the variance by chi-square."""
    net = network(stream(count=40), horizon=14 * WEEK)
    counts = np.array([within(make_cases(net, Draws(3, 0, r)), 4 * WEEK, 14 * WEEK) for r in range(1000)])
    assert abs(counts.mean() - 40) < stats.norm.isf(P / 2) * math.sqrt(40 / 1000)
    dispersion = ((counts - counts.mean()) ** 2).sum() / counts.mean()
    assert P < stats.chi2.cdf(dispersion, 999) < 1 - P


@pytest.mark.parametrize("growth", [0.0, 0.3])
def test_law_exactly_gives_exactly_n_in_the_period_and_poisson_outside(growth):
    net = network(stream(count=200, exactly=True, growth=growth))
    runs = [make_cases(net, Draws(5, 0, r)) for r in range(200)]
    assert {within(c, 4 * WEEK, 14 * WEEK) for c in runs} == {200}
    before = np.array([within(c, 0, 4 * WEEK) for c in runs])
    after = np.array([within(c, 14 * WEEK, 20 * WEEK) for c in runs])
    grown = [
        rate_table(OFFICE.shift, *stretch, base=4 * WEEK, growth=growth).total
        for stretch in ((0, 4 * WEEK), (4 * WEEK, 14 * WEEK), (14 * WEEK, 20 * WEEK))
    ]
    for counts, amount in ((before, grown[0]), (after, grown[2])):
        expected = 200 * amount / grown[1]
        assert abs(counts.mean() - expected) < stats.norm.isf(P / 2) * math.sqrt(expected / 200)
        assert counts.var() == pytest.approx(expected, rel=0.4)


def test_law_growth_leaves_the_count_of_the_period_and_moves_it_later():
    flat, grown = (stream(count=3000, exactly=True, growth=g) for g in (0.0, 4.0))
    one, other = (make_cases(network(s), Draws(1)) for s in (flat, grown))
    assert within(one, 4 * WEEK, 14 * WEEK) == within(other, 4 * WEEK, 14 * WEEK) == 3000
    assert within(other, 4 * WEEK, 9 * WEEK) < within(one, 4 * WEEK, 9 * WEEK) - 100
    assert within(other, 14 * WEEK, 20 * WEEK) > within(one, 14 * WEEK, 20 * WEEK) + 100


def test_theory_growth_of_25_percent_between_two_years():
    """4 000 expected in year one and 25 % growth: 5 000 in year two, within 3.9 standard errors."""
    s = stream(count=4000, per=YEAR, growth=0.25)
    cases = make_cases(network(s, window=(0, YEAR), horizon=2 * YEAR), Draws(2))
    first, second = within(cases, 0, YEAR), within(cases, YEAR, 2 * YEAR)
    expected = 4000 * rate_table(OFFICE.shift, YEAR, 2 * YEAR, base=0, growth=0.25).total
    expected /= rate_table(OFFICE.shift, 0, YEAR, base=0, growth=0.25).total
    assert expected == pytest.approx(5000, rel=0.01)
    assert abs(first - 4000) < stats.norm.isf(P / 2) * math.sqrt(4000)
    assert abs(second - expected) < stats.norm.isf(P / 2) * math.sqrt(expected)


# -------------------------------------------------------------------------------------------- times


def profiled() -> Steps:
    """Return an office's rate: Mondays three times, mornings twice as busy."""
    times, values = [OFFICE.cover[0]], [0.0]
    for a, b in OFFICE.open:
        day, begin = divmod(a, DAY)
        times += [a, b]
        values += [(3.0 if day % 7 == 0 else 1.0) * (2.0 if begin < 12 * HOUR else 1.0), 0.0]
    return Steps(tuple(times), tuple(values), OFFICE.cover[1])


@pytest.mark.parametrize("exactly", [False, True])
@pytest.mark.parametrize("growth", [0.0, 2.0])
def test_theory_times_follow_the_integral_of_a_varying_rate(exactly, growth):
    """Times sent through the integrated rate are uniform, and their gaps exponential (KS)."""
    s = stream(count=5000, rate=profiled(), growth=growth, exactly=exactly)
    cases = make_cases(network(s), Draws(11))
    table = rate_table(profiled(), 4 * WEEK, 14 * WEEK, base=4 * WEEK, growth=growth, factor=1.0)
    inside = [int(t) for t in cases.arrived if 4 * WEEK <= t < 14 * WEEK]
    sent = np.array([table.up_to(t + 0.5) for t in inside]) / table.total
    assert stats.kstest(sent, "uniform").pvalue > P
    gaps = np.diff(sent) * len(sent)
    assert stats.kstest(gaps, "expon").pvalue > P


def test_theory_a_profile_gives_each_hour_its_share():
    """Mondays 3 of 7 parts; a morning of 3 hours at rate 2 and an afternoon of 4 at 1: 6 of 10."""
    cases = make_cases(network(stream(count=6000, rate=profiled(), exactly=True)), Draws(12))
    arrived = cases.arrived[(cases.arrived >= 4 * WEEK) & (cases.arrived < 14 * WEEK)]
    mondays = int((arrived // DAY % 7 == 0).sum())
    mornings = int((arrived % DAY < 12 * HOUR).sum())
    assert stats.binomtest(mondays, 6000, 3 / 7).pvalue > P
    assert stats.binomtest(mornings, 6000, 0.6).pvalue > P


@pytest.mark.parametrize("exactly", [False, True])
@pytest.mark.parametrize("growth", [-0.5, 0.0, 0.5])
def test_law_nobody_arrives_when_closed(exactly, growth):
    cases = make_cases(network(stream(count=20_000, exactly=exactly, growth=growth)), Draws(4))
    assert len(cases) > 30_000
    assert OFFICE.is_open_many(cases.arrived).all()


def test_hand_many_cases_may_arrive_in_one_second():
    """1 000 exact arrivals in 10 seconds, each a case of its own, numbered in order."""
    s = stream(count=1000, per=10, rate=ALWAYS, exactly=True)
    cases = make_cases(network(s, window=(0, 10), horizon=10), Draws(1))
    assert len(cases) == 1000
    assert cases.number.tolist() == list(range(1000))
    assert set(cases.arrived.tolist()) == set(range(10))


def test_hand_recorded_times_keep_their_places_and_the_rest_is_counted():
    """Two of five records lie outside the run: the others keep the numbers of their lines."""
    s = stream(rate=None, times=(-5, 0, 100, 100, WEEK), classes=(0, 1, -1, 0, 1))
    cases = make_cases(network(s, window=(0, WEEK), horizon=WEEK), Draws(1))
    assert (cases.arrived.tolist(), cases.number.tolist()) == ([0, 100, 100], [1, 2, 3])
    assert cases.left_out == 2
    assert cases.cls[[0, 2]].tolist() == [1, 0]


def test_law_a_longer_run_only_adds_cases():
    for exactly in (False, True):
        s = stream(count=300, exactly=exactly)
        short, long = (make_cases(network(s, horizon=h * WEEK), Draws(1)) for h in (10, 30))
        assert 0 < len(short) < len(long)
        assert (long.arrived[: len(short)] == short.arrived).all()
        assert (long.cls[: len(short)] == short.cls).all()


def test_law_more_demand_brings_every_case_forward():
    """Case n keeps its sum of exponentials: with twice the rate it never arrives later."""
    one, two = (make_cases(network(stream(count=c)), Draws(1)) for c in (300, 600))
    assert (two.arrived[: len(one)] <= one.arrived).all()
    assert len(two) > 1.7 * len(one)


# -------------------------------------------------------------------------- classes and attributes


SIZE = Attribute("size", name_key("size"), ("small", "large"), (0.7, 1.0))
CHANNEL = Attribute("channel", name_key("channel"), ("post", "desk", "online"), (0.2, 0.2, 1.0))


def test_theory_classes_and_attributes_come_by_share():
    """4 000 cases, shares 0.6, 0.7 and 0.2; a value without share never; class and size independent."""
    net = network(stream(count=4000, exactly=True), horizon=14 * WEEK, attributes=(SIZE, CHANNEL))
    cases = make_cases(net, Draws(6))
    small, post = cases.attributes[:, 0] == 0, cases.attributes[:, 1] == 0
    n = len(cases)
    for chosen, share in ((cases.cls == 0, 0.6), (small, 0.7), (post, 0.2)):
        assert stats.binomtest(int(chosen.sum()), n, share).pvalue > P
    assert not (cases.attributes[:, 1] == 1).any()
    table = np.histogram2d(cases.cls, cases.attributes[:, 0], bins=2)[0]
    assert stats.chi2_contingency(table).pvalue > P


def test_hand_a_class_fixes_an_attribute_and_draws_the_others():
    classes = (CaseClass("question", 0.6, 1, (1, -1)), CaseClass("request", 0.4, 2))
    net = network(stream(count=500), classes=classes, attributes=(SIZE, CHANNEL))
    cases = make_cases(net, Draws(6))
    assert set(cases.attributes[cases.cls == 0, 0].tolist()) == {1}
    assert set(cases.attributes[cases.cls == 1, 0].tolist()) == {0, 1}
    assert set(cases.attributes[cases.cls == 0, 1].tolist()) == {0, 2}


def test_hand_a_stream_may_have_shares_of_its_own():
    net = network(
        stream(count=500, class_shares=(0.0, 1.0)), stream("other", count=500, class_shares=(1.0, 1.0))
    )
    cases = make_cases(net, Draws(6))
    assert set(cases.cls[cases.stream == 0].tolist()) == {1}
    assert set(cases.cls[cases.stream == 1].tolist()) == {0}


def test_law_a_stream_or_attribute_put_in_changes_no_other_case():
    """Streams are keyed by name: the new one comes first in the file, and still changes nothing."""
    main, late = stream(count=300), backlog(20, Duration(exponential(5 * DAY)))
    plain = make_cases(network(main, backlogs=[late], attributes=(SIZE,)), Draws(1))
    new = make_cases(
        network(stream("new", count=100), main, backlogs=[late], attributes=(CHANNEL, SIZE)), Draws(1)
    )
    kept = new.stream != 0
    assert 0 < (~kept).sum() < len(new)
    assert new.arrived[kept].tolist() == plain.arrived.tolist()
    assert new.cls[kept].tolist() == plain.cls.tolist()
    assert new.attributes[kept, 1].tolist() == plain.attributes[:, 0].tolist()
    assert [new.stream_keys[i] for i in new.stream[kept]] == [plain.stream_keys[i] for i in plain.stream]


def test_law_a_share_that_grows_only_moves_cases_into_its_class():
    low, high = (make_cases(network(stream(count=2000, class_shares=(s, 1.0))), Draws(1)) for s in (0.4, 0.5))
    assert ((low.cls == 0) <= (high.cls == 0)).all()


def test_hand_pick_by_cumulative_share():
    """Rounding may leave the last sum just below 1; a place without share is passed over even then."""
    u = np.array([2.0**-53, 0.2, 0.21, 0.7, 0.71, 1 - 2.0**-53])
    assert pick((0.2, 0.7, 1.0), u).tolist() == [0, 0, 1, 1, 2, 2]
    assert pick((0.0, 0.5, 0.5, 1 - 1e-16, 1 - 1e-16), u).tolist() == [1, 1, 1, 3, 3, 3]


# ----------------------------------------------------------------------------- backlog, order, errors


def test_hand_backlog_arrived_before_the_start():
    late = backlog(4, Duration(constant(3 * DAY)))
    cases = make_cases(network(stream(count=100), backlogs=[late]), Draws(1))
    assert cases.arrived[:4].tolist() == [-3 * DAY] * 4
    assert cases.initial.tolist() == [True] * 4 + [False] * (len(cases) - 4)
    assert cases.stream[:5].tolist() == [1, 1, 1, 1, 0]
    assert cases.node[:5].tolist() == [3, 3, 3, 3, 0]


def test_hand_backlog_age_in_working_time():
    """10 open hours before Monday 6 February 00:00: Friday 14-18, 9-12, and from 15:00 on Thursday."""
    late = backlog(1, Duration(constant(10 * HOUR), 0))
    assert make_cases(network(backlogs=[late]), Draws(1)).arrived.tolist() == [-4 * DAY + 15 * HOUR]


def test_hand_backlog_of_no_age_arrived_a_second_ago():
    assert make_cases(network(backlogs=[backlog(2, Duration(constant(0)))]), Draws(1)).arrived.tolist() == [
        -1,
        -1,
    ]


def test_law_cases_are_in_order_of_arrival_stream_and_number():
    streams = [stream(name, count=400, per=60, rate=ALWAYS) for name in ("a", "b", "c")]
    net = network(*streams, window=(0, 60), horizon=60, backlogs=[backlog(50, Duration(uniform(0, 20)))])
    cases = make_cases(net, Draws(1))
    order = list(zip(cases.arrived.tolist(), cases.stream.tolist(), cases.number.tolist(), strict=True))
    assert order == sorted(order)
    assert len(set(order)) == len(cases) > 1100


def test_hand_a_network_without_arrivals_has_no_cases():
    cases = make_cases(network(stream(count=0), attributes=(SIZE,)), Draws(1))
    assert len(cases) == 0
    assert cases.attributes.shape == (0, 1)


def test_law_replications_draws_and_seeds_give_other_cases():
    runs = [Draws(1), Draws(1, 0, 1), Draws(1, 1, 0), Draws(2)]
    made = {tuple(make_cases(network(stream(count=50)), d).arrived.tolist()) for d in runs}
    assert len(made) == 4
    again = make_cases(network(stream(count=50)), Draws(1)).arrived.tolist()
    assert tuple(again) in made


@pytest.mark.parametrize(
    ("net", "text"),
    [
        (network(stream(count=5, per=3600)), "leave no open time"),  # midnight to 1 o'clock
        (network(stream(count=10.5, exactly=True)), "an exact count must be whole.*found 10.5"),
        (network(stream(count=5, rate=None)), "needs a rate"),
        (network(stream(count=5, per=400 * WEEK)), "their rate is known from"),
        (network(stream(count=1e9)), "over the limit"),
        (network(stream(count=5), stream(count=5)), "share their luck"),
        (network(stream(count=5, growth=-1.0)), "growth per year must be more than -1"),
    ],
)
def test_bad_input_streams(net, text):
    with pytest.raises(RunError, match=text):
        make_cases(net, Draws(1))


def test_bad_input_backlog_older_than_its_calendar():
    late = backlog(1, Duration(constant(5 * YEAR), 0))
    with pytest.raises(RunError, match="office"):
        make_cases(network(backlogs=[late]), Draws(1))
