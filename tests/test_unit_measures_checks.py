"""The laws that every run is checked for, each broken on purpose."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from sim.chance.draws import Draws
from sim.engine.records import Records, Table, Work
from sim.engine.simpy_engine import run
from sim.errors import RunError
from sim.measures.checks import check, check_littles_law, waits_by_pool
from sim.network.elements import EndStatus, Kind, Need
from tests.figure_office import office
from tests.handmade import DAY, HOUR, Hand, node, shift, step

NETWORK = office("before", 2)
Tamper = Callable[[Table, Table], None]


@pytest.fixture(scope="module")
def records() -> Records:
    return run(NETWORK, Draws(3, 0, 0))


def test_a_run_keeps_every_law(records: Records) -> None:
    check(NETWORK, records, len(records.cases))
    assert records.queue_area.sum() > 0
    assert np.array_equal(waits_by_pool(NETWORK, records), records.queue_area)


def ended(cases: Table) -> int:
    return int(np.flatnonzero((cases["ended"] >= 0) & ~cases["initial"])[3])


def no_end(cases: Table, steps: Table) -> None:
    cases["ended"][ended(cases)] = -1


def other_status(cases: Table, steps: Table) -> None:
    cases["status"][ended(cases)] = EndStatus.REFUSED


def before_arrival(cases: Table, steps: Table) -> None:
    row = ended(cases)
    cases["ended"][row] = cases["arrived"][row] - 1


def less_work(cases: Table, steps: Table) -> None:
    check_papers = NETWORK.node("check-papers").index
    whole = (steps["element"] == check_papers) & (steps["started"] >= NETWORK.window[0])
    steps["ended"][np.flatnonzero(whole & (steps["ended"] < NETWORK.window[1]))[0]] -= 1


def after_the_run(cases: Table, steps: Table) -> None:
    cases["ended"][ended(cases)] = 10**9


def still_somewhere(cases: Table, steps: Table) -> None:
    steps["status"][steps["case"] == ended(cases)] = Work.STARTED


def went_on(cases: Table, steps: Table) -> None:
    row = np.flatnonzero(steps["case"] == ended(cases))[-1]
    steps["ended"][row] += 1


def unexplained(cases: Table, steps: Table) -> None:
    steps["joined"][steps["case"] == ended(cases)] += 5


def longer_wait(cases: Table, steps: Table) -> None:
    decide = NETWORK.node("decide").index
    rows = (steps["element"] == decide) & (steps["started"] >= NETWORK.window[0])
    steps["started"][np.flatnonzero(rows & (steps["started"] < NETWORK.window[1] - 1))[0]] += 1


@pytest.mark.parametrize(
    ("tamper", "said"),
    [
        (no_end, "case 3 of arrivals has an end time and is open, or neither"),
        (other_status, "has another status than its end"),
        (before_arrival, "ended before it arrived"),
        (after_the_run, "ended after the run"),
        (still_somewhere, "ended and is still somewhere"),
        (went_on, "went on after its end"),
        (unexplained, "case 3 of arrivals: nothing on its critical path explains seconds"),
        (less_work, "work of pool clerks of permit-desk .* does not add up"),
        (longer_wait, "Little's law broken in pool reviewers of permit-desk"),
    ],
)
def test_a_broken_record_is_named(records: Records, tamper: Tamper, said: str) -> None:
    cases, steps = records.cases.copy(), records.steps.copy()
    tamper(cases, steps)
    with pytest.raises(RunError, match=said):
        check(NETWORK, replace(records, cases=cases, steps=steps))


def test_a_case_open_and_nowhere() -> None:
    hand = Hand(node("notice", Kind.WAIT))
    hand.row(hand.case(0), "notice", 0, 0, 10)
    with pytest.raises(RunError, match="case 0 of backlog is open and nowhere"):
        check(hand.network, hand.records())


def test_a_lost_case(records: Records) -> None:
    with pytest.raises(RunError, match=f"{len(records.cases) + 1} cases were to come"):
        check(NETWORK, records, len(records.cases) + 1)


def test_a_run_that_stops_before_its_window_ends(records: Records) -> None:
    with pytest.raises(RunError, match="before its window ended"):
        check_littles_law(NETWORK, replace(records, stopped=NETWORK.window[1] - 2))


def test_hand_whose_wait_counts_for_which_pool() -> None:
    """Window: hours 10 to 20. Waits within it, each for the pool named first:

    | work                                     | pool | hours       | counted |
    |------------------------------------------|------|-------------|---------|
    | started                                  | 0    | 8 to 12     | 2       |
    | two pools at once, never started         | 1    | 9 to 11     | 1       |
    | any of 0 and 1                           | 0    | 15 to 15:30 | 0.5     |
    | for the unit of a hold                   | 1    | 18 to 23    | 2       |
    | moved to the other pool at hour 13       | 0, 1 | 12, 13, 14  | 1 and 1 |
    | waiting still                            | 0    | 19 to       | 1       |
    | paused at hour 16 (started at hour 15)   | 0    | 15 to 15    | 0       |
    | member of a bundle that case 0 leads     | -    | 8 to 12     | 0       |
    """
    hand = Hand(
        step("check", 0),
        step("visit", 1, 0),
        node("any", Kind.STEP, needs=(Need((0,), (1,)), Need((1,), (1,)))),
        node("file", Kind.BLOCK, hold=1),
        step("check/escalated", 1, escalated_from=0),
        capacity=(shift((0, 24)), shift((0, 24))),
        window=(10 * HOUR, 20 * HOUR),
        stopped=DAY,
    )
    hand.row(hand.case(0), "check", 8 * HOUR, 12 * HOUR, 13 * HOUR)
    hand.row(hand.case(0), "visit", 9 * HOUR, -1, 11 * HOUR, status=Work.WITHDRAWN)
    hand.row(hand.case(0), "any", 15 * HOUR, int(15.5 * HOUR), 16 * HOUR, option=1)
    hand.row(hand.case(0), "file", 18 * HOUR, 23 * HOUR, 23 * HOUR)
    moved = hand.case(0)
    hand.row(moved, "check", 12 * HOUR, -1, 13 * HOUR, status=Work.MOVED)
    hand.row(moved, "check/escalated", 13 * HOUR, 14 * HOUR, 15 * HOUR)
    hand.row(hand.case(0), "check", 19 * HOUR, -1, -1, status=Work.WAITING)
    work = ((15 * HOUR, 16 * HOUR), (18 * HOUR, 19 * HOUR))
    hand.row(hand.case(0), "check", 15 * HOUR, 15 * HOUR, 19 * HOUR, pieces=work)
    hand.row(hand.case(0), "check", 8 * HOUR, 12 * HOUR, 13 * HOUR, lead=0)
    wanted = (round(4.5 * HOUR), 4 * HOUR)
    assert tuple(waits_by_pool(hand.network, hand.records())) == wanted
    check_littles_law(hand.network, hand.records(wanted))
    with pytest.raises(RunError, match=r"pool pool-1 of hand .*: its queue held 14399 .* add up to 14400"):
        check_littles_law(hand.network, hand.records((wanted[0], wanted[1] - 1)))
