"""The clocks of a claim, worked out by hand."""

from datetime import date

import numpy as np
import pytest

from sim.chance.draws import Draws
from sim.engine.records import Work
from sim.engine.simpy_engine import run
from sim.errors import InputError
from sim.measures.clocks import Clock, clock_values, person_seconds
from sim.measures.critical import row_ends, takes_time
from sim.network.elements import Hands, Kind, Meetings, Need
from tests.figure_office import office
from tests.handmade import DAY, HOUR, Hand, hours, node, office_calendar, shift, step

ALWAYS = shift((0, 24))


def measure(hand: Hand, clock: Clock, start: int, stop: int, case: int = 0) -> float:
    """Hours (or dates) of one case on one clock."""
    found = clock_values(hand.network, hand.records(), clock, -1, [case], [start], [stop])
    return float(found[0]) / (1 if clock is Clock.WORKING_DATES else HOUR)


def test_hand_elapsed_and_working_time_and_dates_over_a_weekend_and_a_holiday() -> None:
    """Accepted Thursday 17:00, decided Tuesday 10:00; the Monday between is a holiday.

    Open: Thursday 17-18, Friday 9-12 and 14-18, Tuesday 9-10: 9 h. Dates after Thursday: Friday
    and Tuesday. Accepted at 18:00 instead (closed) it counts as Friday: only Tuesday is left.
    """
    hand = Hand(node("notice", Kind.WAIT), calendars=(office_calendar(closed=[date(2023, 2, 13)]),))
    start, stop = hours(17, 3), hours(10, 8)
    hand.row(hand.case(start, stop), "notice", start, start, stop)
    assert measure(hand, Clock.ELAPSED, start, stop) == 4 * 24 + 17
    assert measure(hand, Clock.WORKING_TIME, start, stop) == 9
    assert measure(hand, Clock.WORKING_DATES, start, stop) == 2
    assert measure(hand, Clock.WORKING_DATES, hours(18, 3), stop) == 1


def test_hand_the_legal_clock_with_two_stops_and_an_applicant() -> None:
    """Office open 9-12 and 14-18 o'clock.

    | element           | day  | from  | to    | hands      | counts (open hours)             |
    |-------------------|------|-------|-------|------------|---------------------------------|
    | check             | 0    | 9:00  | 11:00 | government | 2                               |
    | hearing (stops)   | 0    | 11:00 | 15:00 | government | 0                               |
    | check             | 0    | 15:00 | 17:00 | government | 2                               |
    | mend              | 0-1  | 17:00 | 10:00 | applicant  | 0                               |
    | opinions: a       | 1    | 10:00 | 16:00 | government | 2 + 2                           |
    | opinions: b       | 1    | 10:00 | 11:00 | applicant  | (a runs)                        |
    | opinions: b stops | 1    | 11:00 | 15:00 | third      | stops a too: less 11-12, 14-15  |
    """
    hand = Hand(
        step("check", 0),
        node("hearing", Kind.WAIT, stops_clock=True),
        node("mend", Kind.WAIT, hands=Hands.APPLICANT),
        node("opinions", Kind.FORK),
        node("opinions/a", Kind.JOIN, fork="opinions"),
        node("opinions/b", Kind.JOIN, fork="opinions"),
        node("expert", Kind.WAIT, hands=Hands.THIRD_PARTY, stops_clock=True),
        capacity=(ALWAYS,),
        calendars=(office_calendar(),),
    )
    start, stop = hours(9), hours(16, 1)
    case = hand.case(start, stop)
    hand.row(case, "check", hours(9), hours(10), hours(11))
    hand.row(case, "hearing", hours(11), hours(11), hours(15))
    hand.row(case, "check", hours(15), hours(15), hours(17), entry=2)
    hand.row(case, "mend", hours(17), hours(17), hours(10, 1))
    hand.row(case, "opinions/a", hours(10, 1), hours(10, 1), hours(16, 1), child=1)
    hand.row(case, "opinions/b", hours(10, 1), hours(10, 1), hours(15, 1), child=2)
    hand.row(case, "check", hours(10, 1), hours(15, 1), hours(16, 1), entry=3, token=1)
    hand.row(case, "mend", hours(10, 1), hours(10, 1), hours(11, 1), entry=2, token=2)
    hand.row(case, "expert", hours(11, 1), hours(11, 1), hours(15, 1), token=2)
    assert measure(hand, Clock.LEGAL, start, stop) == 2 + 2 + 4 - 2
    assert measure(hand, Clock.LEGAL, hours(10), hours(15.5)) == 1.5  # clipped: 10-11, 15-15:30
    assert measure(hand, Clock.APPLICANT, start, stop) == 17 + 1
    assert measure(hand, Clock.TOUCH, start, stop) == 1 + 2 + 1


def test_hand_touch_counts_branches_apart_and_people_apart_and_shares_bundles() -> None:
    """Two at once for 2 h, a colleague beside them for 1 h; a meeting of 3 for 1 h, shared by two cases."""
    two = node("visit", Kind.STEP, needs=(Need((0,), (1,)), Need((0,), (2,))))
    meeting = node("meeting", Kind.BATCH, meetings=Meetings(attend=Need((0,), (3,))))
    hand = Hand(
        two,
        step("desk", 0),
        meeting,
        node("both", Kind.FORK),
        node("both/a", Kind.JOIN, fork="both"),
        node("both/b", Kind.JOIN, fork="both"),
        capacity=(ALWAYS,),
    )
    for case in (hand.case(0, 6 * HOUR), hand.case(0, 6 * HOUR)):
        hand.row(case, "both/a", 0, 0, 4 * HOUR, child=1)
        hand.row(case, "both/b", 0, 0, HOUR, child=2)
        hand.row(case, "visit", 0, 0, 4 * HOUR, token=1, option=1, pieces=((0, HOUR), (3 * HOUR, 4 * HOUR)))
        hand.row(case, "desk", 0, 0, HOUR, token=2)
        hand.row(case, "meeting", 4 * HOUR, 5 * HOUR, 6 * HOUR, meeting=0, option=-1)
        assert measure(hand, Clock.TOUCH, 0, 6 * HOUR, case) == 2 + 1 + 1
    whole = np.full(2, 6 * HOUR)
    people = person_seconds(hand.network, hand.records(), np.zeros(2, dtype=np.int64), whole) / HOUR
    assert people.tolist() == [2 * 2 + 1 + 1.5] * 2
    clipped = person_seconds(hand.network, hand.records(), np.full(2, HOUR // 2), np.full(2, HOUR)) / HOUR
    assert clipped.tolist() == [1.5, 1.5]


def test_hand_a_bundle_is_worked_on_once() -> None:
    hand = Hand(step("send", 0), capacity=(ALWAYS,))
    for _ in range(4):
        hand.row(hand.case(0, HOUR), "send", 0, 0, HOUR, lead=0)
    people = person_seconds(hand.network, hand.records(), np.zeros(4, dtype=np.int64), np.full(4, HOUR))
    assert people.tolist() == [HOUR / 4] * 4


def test_work_and_hands_that_go_on_when_the_run_ends_count_to_its_last_second() -> None:
    hand = Hand(step("check", 0), capacity=(ALWAYS,), calendars=(office_calendar(),), stopped=hours(11) - 1)
    hand.row(hand.case(0), "check", hours(8), hours(10), -1, status=Work.STARTED)
    assert measure(hand, Clock.TOUCH, 0, DAY) == 1
    assert measure(hand, Clock.LEGAL, 0, DAY) == 2  # 9 to 11 o'clock


def test_a_clock_of_working_time_needs_a_calendar() -> None:
    hand = Hand(node("notice", Kind.WAIT))
    hand.row(hand.case(0, 10), "notice", 0, 0, 10)
    with pytest.raises(InputError, match="needs a calendar"):
        measure(hand, Clock.WORKING_TIME, 0, 10)


def test_the_clocks_of_a_run_agree_second_by_second() -> None:
    network = office("before", 2)
    records = run(network, Draws(7, 0, 0))
    cases = np.flatnonzero((records.cases["ended"] >= 0) & (records.cases["arrived"] >= 0))[::10]
    start, stop = records.cases["arrived"][cases], records.cases["ended"][cases]
    fast = {c: clock_values(network, records, c, -1, cases, start, stop) for c in Clock}
    counted, ends = takes_time(network, records), row_ends(network, records)
    assert fast[Clock.APPLICANT].max() > 0
    for i, case in enumerate(cases):
        second = np.arange(start[i], stop[i])
        held = {hands: np.zeros(len(second), dtype=bool) for hands in Hands}
        for row in np.flatnonzero((records.steps["case"] == case) & counted):
            here = (records.steps["joined"][row] <= second) & (second < ends[row])
            held[network.nodes[records.steps["element"][row]].hands] |= here
        is_open = network.calendars[0].is_open_many(second)
        assert fast[Clock.ELAPSED][i] == len(second)
        assert fast[Clock.WORKING_TIME][i] == is_open.sum()
        assert fast[Clock.LEGAL][i] == (is_open & held[Hands.GOVERNMENT]).sum()
        assert fast[Clock.APPLICANT][i] == held[Hands.APPLICANT].sum()
