"""The split of lead time, worked out by hand, and against a second-by-second count."""

import numpy as np
import pytest

from sim.chance.draws import Draws
from sim.engine.records import Records, Work
from sim.engine.simpy_engine import run
from sim.errors import InputError, RunError
from sim.measures.critical import critical_path, running_max
from sim.measures.split import KINDS, PLAIN, SPLIT_DTYPE, split, split_between
from sim.network.elements import Hands, Kind, Need, Network
from tests.figure_office import office
from tests.handmade import HOUR, Hand, hours, node, shift, step

DESK = shift((9, 12), (14, 18))
ALWAYS = shift((0, 24))


def seconds(table: np.ndarray, case: int = 0, **kinds: float) -> None:
    """Check the hours of each kind of one case; kinds not named must be 0."""
    found = {name: int(table[name][case]) for name in SPLIT_DTYPE.names if name not in ("case", "total")}
    wanted = {name: round(kinds.get(name, 0) * HOUR) for name in found}
    assert found == wanted
    assert int(table["total"][case]) == sum(wanted[kind] for kind in KINDS)


def test_hand_one_case_through_every_kind_of_time() -> None:
    """One desk, 9-12 and 14-18 o'clock.

    | what                     | from        | to          | kind      | hours |
    |--------------------------|-------------|-------------|-----------|-------|
    | check: desk closed       | day 0 8:00  | 9:00        | off-shift | 1     |
    | check: somebody before   | 9:00        | 11:00       | queue     | 2     |
    | check                    | 11:00       | 12:00       | touch     | 1     |
    | check: paused at lunch   | 12:00       | 14:00       | off-shift | 2     |
    | check: another goes on   | 14:00       | 14:30       | queue     | 0.5   |
    | check                    | 14:30       | 15:00       | touch     | 0.5   |
    | notice                   | 15:00       | day 1 15:00 | wait      | 24    |
    | meeting awaited          | day 1 15:00 | day 2 10:00 | batch     | 19    |
    | meeting                  | day 2 10:00 | 11:00       | touch     | 1     |
    | redo: wait for applicant | 11:00       | 16:00       | rework    | 5     |
    | redo: check, queue       | 16:00       | 17:30       | rework    | 1.5   |
    | redo: check              | 17:30       | 18:00       | rework    | 0.5   |
    """
    hand = Hand(step("check", 0), node("notice", Kind.WAIT), node("meeting", Kind.BATCH), capacity=(DESK,))
    case = hand.case(hours(8), hours(18, 2))
    work = ((hours(11), hours(12)), (hours(14.5), hours(15)))
    hand.row(case, "check", hours(8), hours(11), hours(15), pieces=work)
    hand.row(case, "notice", hours(15), hours(15), hours(15, 1))
    hand.row(case, "meeting", hours(15, 1), hours(10, 2), hours(11, 2), meeting=0)
    hand.row(case, "notice", hours(11, 2), hours(11, 2), hours(16, 2), entry=2, rework=True)
    hand.row(case, "check", hours(16, 2), hours(17.5, 2), hours(18, 2), entry=2, rework=True)
    seconds(
        split(hand.network, hand.records()),
        touch=2.5, queue=2.5, off_shift=3, wait=24, batch=19, rework=7,
        rework_wait=5, rework_queue=1.5, rework_touch=0.5,
    )  # fmt: skip


def test_hand_between_marks_is_clipped_inside_work_and_inside_a_pause() -> None:
    """Marks of another branch at 11:30 and at 14:15: half an hour of work, lunch, a quarter of queue."""
    hand = Hand(
        step("check", 0),
        node("both", Kind.FORK),
        node("both/a", Kind.JOIN, fork="both"),
        node("both/b", Kind.JOIN, fork="both"),
        node("from", Kind.MARK),
        node("to", Kind.MARK),
        capacity=(DESK,),
    )
    case = hand.case(hours(8), hours(15))
    hand.row(case, "both/a", hours(8), hours(8), hours(15), child=1)
    hand.row(case, "both/b", hours(8), hours(8), hours(14.25), child=2)
    work = ((hours(11), hours(12)), (hours(14.5), hours(15)))
    hand.row(case, "check", hours(8), hours(11), hours(15), token=1, pieces=work)
    hand.mark(case, "from", hours(11.5), token=2)
    hand.mark(case, "to", hours(14.25), token=2)
    seconds(split_between(hand.network, hand.records(), "from", "to"), touch=0.5, off_shift=2, queue=0.25)
    seconds(split_between(hand.network, hand.records(), "", "from"), off_shift=1, queue=2, touch=0.5)
    seconds(split_between(hand.network, hand.records(), "to", ""), queue=0.25, touch=0.5)
    with pytest.raises(InputError, match='has no mark "form"; did you mean "from"'):
        split_between(hand.network, hand.records(), "form", "to")


def fork(*branches: str) -> tuple[object, ...]:
    return (node("both", Kind.FORK), *(node(f"both/{b}", Kind.JOIN, fork="both") for b in branches))


def test_hand_the_branch_that_ends_last_decides() -> None:
    hand = Hand(*fork("a", "b"), step("work", 0), node("notice", Kind.WAIT), capacity=(ALWAYS,))
    case = hand.case(0, 5 * HOUR)
    hand.row(case, "both/a", 0, 0, 3 * HOUR, child=1)
    hand.row(case, "both/b", 0, 0, 4 * HOUR, child=2)
    hand.row(case, "work", 0, HOUR, 3 * HOUR, token=1)
    hand.row(case, "notice", 0, 0, 4 * HOUR, token=2)
    hand.row(case, "work", 4 * HOUR, 4 * HOUR, 5 * HOUR, entry=2)
    seconds(split(hand.network, hand.records()), wait=4, touch=1)


def test_hand_of_branches_that_end_together_the_first_in_the_file_decides() -> None:
    hand = Hand(*fork("a", "b"), step("work", 0), node("notice", Kind.WAIT), capacity=(ALWAYS,))
    case = hand.case(0, 4 * HOUR)
    hand.row(case, "both/a", 0, 0, 4 * HOUR, child=2)  # the number of the strand decides nothing
    hand.row(case, "both/b", 0, 0, 4 * HOUR, child=1)
    hand.row(case, "work", 0, HOUR, 4 * HOUR, token=2)
    hand.row(case, "notice", 0, 0, 4 * HOUR, token=1)
    seconds(split(hand.network, hand.records()), queue=1, touch=3)


def test_hand_an_end_inside_a_branch_follows_that_branch() -> None:
    """The first branch is cut off at hour 3 by the second one, whose end ends the case."""
    hand = Hand(*fork("a", "b"), step("work", 0), node("notice", Kind.WAIT), capacity=(ALWAYS,))
    case = hand.case(0, 3 * HOUR, "refused")
    hand.row(case, "both/a", 0, 0, 3 * HOUR, child=1, status=Work.CANCELLED)
    hand.row(case, "both/b", 0, 0, 3 * HOUR, child=2)
    hand.row(case, "work", 0, HOUR, 3 * HOUR, token=1, status=Work.CANCELLED)
    hand.row(case, "notice", 0, 0, 3 * HOUR, token=2)
    seconds(split(hand.network, hand.records()), wait=3)


def test_hand_nested_branches_and_the_same_block_twice() -> None:
    """Outer block: `a` lasts 2 h, `b` holds an inner block of 3 h; then all again, `a` deciding."""
    hand = Hand(
        *fork("a", "b"),
        node("inner", Kind.FORK),
        node("inner/x", Kind.JOIN, fork="inner"),
        node("inner/y", Kind.JOIN, fork="inner"),
        step("work", 0),
        node("notice", Kind.WAIT),
        capacity=(ALWAYS,),
    )
    case = hand.case(0, 7 * HOUR)
    for entry, (begin, a, b) in enumerate([(0, 2, 3), (3, 7, 4)], start=1):
        t0, t = begin * HOUR, 4 * (entry - 1)
        again = entry == 2
        hand.row(case, "both/a", t0, t0, a * HOUR, child=t + 1, entry=entry, rework=again)
        hand.row(case, "both/b", t0, t0, b * HOUR, child=t + 2, entry=entry, rework=again)
        hand.row(case, "work", t0, t0, a * HOUR, token=t + 1, entry=entry, rework=again)
        hand.row(case, "inner/x", t0, t0, b * HOUR, token=t + 2, child=t + 3, entry=entry, rework=again)
        hand.row(case, "inner/y", t0, t0, t0 + HOUR, token=t + 2, child=t + 4, entry=entry, rework=again)
        hand.row(case, "notice", t0, t0, b * HOUR, token=t + 3, entry=2 * entry - 1, rework=again)
        hand.row(case, "notice", t0, t0, t0 + HOUR, token=t + 4, entry=2 * entry, rework=again)
    seconds(split(hand.network, hand.records()), wait=3, rework=4, rework_touch=4)


def test_hand_off_shift_needs_one_pool_of_several_but_all_of_any() -> None:
    """`and` needs both desks (9-12 and 11-18 o'clock), `any` either of them; both wait from 8 to 18."""
    needs = (Need((0,), (1,)), Need((1,), (1,)))
    hand = Hand(
        step("and", 0, 1), node("any", Kind.STEP, needs=needs), capacity=(shift((9, 12)), shift((11, 18)))
    )
    for element, off in (("and", 9), ("any", 1)):
        case = hand.case(hours(8), hours(18))
        hand.row(case, element, hours(8), hours(18), hours(18))
        seconds(split(hand.network, hand.records()), case, off_shift=off, queue=10 - off)


def test_hand_waiting_for_the_unit_of_a_hold() -> None:
    hand = Hand(node("file", Kind.BLOCK, hold=0), step("work", 1), capacity=(DESK, ALWAYS))
    case = hand.case(hours(8), hours(12))
    hand.row(case, "file", hours(8), hours(10), hours(10))
    hand.row(case, "work", hours(10), hours(10), hours(12))
    seconds(split(hand.network, hand.records()), off_shift=1, queue=1, touch=2)


def test_hand_work_moved_to_another_pool_counts_as_waiting_in_both() -> None:
    hand = Hand(step("check", 0), step("check/escalated", 1, escalated_from=0), capacity=(DESK, ALWAYS))
    case = hand.case(hours(8), hours(13))
    hand.row(case, "check", hours(8), -1, hours(10), status=Work.MOVED, option=-1)
    hand.row(case, "check/escalated", hours(10), hours(12), hours(13))
    seconds(split(hand.network, hand.records()), off_shift=1, queue=3, touch=1)


@pytest.mark.parametrize("joined", [0, -5 * HOUR])
def test_hand_the_backlog_waited_since_it_arrived(joined: int) -> None:
    """Five hours before the run: beyond the calendars' cover nobody knows who was on shift."""
    hand = Hand(step("check", 0), capacity=(DESK,))
    case = hand.case(-5 * HOUR, hours(10), initial=True)
    hand.row(case, "check", joined, hours(9.5), hours(10))
    seconds(split(hand.network, hand.records()), queue=5.5, off_shift=9, touch=0.5)


def test_hand_an_open_case_counts_between_marks_but_not_as_ended() -> None:
    marks = node("in", Kind.MARK), node("out", Kind.MARK)
    hand = Hand(*marks, node("notice", Kind.WAIT), step("file", 0), capacity=(DESK,))
    case = hand.case(0)
    hand.mark(case, "in", 0)
    hand.row(case, "notice", 0, 0, 2 * HOUR)
    hand.mark(case, "out", 2 * HOUR)
    hand.row(case, "file", 2 * HOUR, -1, -1, status=Work.WAITING, option=-1)
    assert len(split(hand.network, hand.records())) == 0
    seconds(split_between(hand.network, hand.records(), "in", "out"), wait=2)


def test_a_second_that_nothing_explains_is_an_error() -> None:
    hand = Hand(node("notice", Kind.WAIT))
    case = hand.case(0, 10)
    hand.row(case, "notice", 1, 1, 10)
    with pytest.raises(RunError, match="explains seconds 0 to 1, before notice"):
        split(hand.network, hand.records())
    hand.rows.clear()
    hand.row(case, "notice", 0, 0, 9)
    with pytest.raises(RunError, match="path ends at second 9, the case at 10"):
        split(hand.network, hand.records())


def test_running_max_starts_anew_in_each_group() -> None:
    group, value = np.array([0, 0, 0, 7, 7]), np.array([3, -9, 5, -8, -9])
    assert running_max(group, value).tolist() == [3, 3, 5, -8, -8]


def second_by_second(network: Network, records: Records, case: int) -> dict[str, int]:
    """The same split, the slow way: what the rows of one case say of each of its seconds."""
    path = critical_path(network, records)
    found = dict.fromkeys([*KINDS, *(f"rework_{kind}" for kind in PLAIN)], 0)
    for i in np.flatnonzero(path.case == case):
        row = records.steps[path.rows[i]]
        n = network.nodes[row["element"]]
        mine = records.pieces[records.pieces["row"] == path.rows[i]]
        t = np.arange(path.start[i], path.stop[i])
        working = (row["started"] >= 0) & (t >= row["started"])
        if len(mine):
            working = np.any([(p["start"] <= t) & (t < p["stop"]) for p in mine], axis=0)
        absent = np.zeros(len(t), dtype=bool)
        if n.kind == Kind.STEP:
            empty = [[network.pools[p].capacity.at_many(t) == 0 for p in need.pools] for need in n.needs]
            absent = np.all([np.any(pools, axis=0) for pools in empty], axis=0)
        kinds = np.where(absent, "off_shift", "queue")
        kinds = np.where(working, "touch", "batch" if n.kind == Kind.BATCH else kinds)
        for kind in PLAIN:
            count = len(t) * (kind == "wait") if n.kind == Kind.WAIT else int(np.sum(kinds == kind))
            found["rework" if row["rework"] else kind] += count
            if row["rework"]:
                found[f"rework_{kind}"] += count
    return found


def test_the_split_of_a_run_adds_up_and_agrees_second_by_second() -> None:
    network = office("before", 2)
    records = run(network, Draws(7, 0, 0))
    table = split(network, records)
    ended = records.cases["ended"] >= 0
    assert table["case"].tolist() == np.flatnonzero(ended).tolist()
    assert np.array_equal(table["total"], (records.cases["ended"] - records.cases["arrived"])[ended])
    assert sum(table[kind].sum() for kind in KINDS) == table["total"].sum()
    chosen = np.flatnonzero(~records.cases["initial"][table["case"]])[::10]
    assert any(table["rework"][chosen] > 0)
    for place in chosen:
        slow = second_by_second(network, records, int(table["case"][place]))
        assert {kind: int(table[kind][place]) for kind in slow} == slow
    marked = split_between(network, records, "accepted", "decided")
    assert len(marked) > 50
    ahead = split_between(network, records, "", "accepted")
    behind = split_between(network, records, "decided", "")
    whole, before, after = ({int(row["case"]): row for row in part} for part in (table, ahead, behind))
    for part in marked:
        case = int(part["case"])
        for kind in KINDS:
            assert part[kind] + before[case][kind] + after[case][kind] == whole[case][kind]


def test_hands_do_not_matter_to_the_split() -> None:
    hand = Hand(node("mend", Kind.WAIT, hands=Hands.APPLICANT))
    hand.row(hand.case(0, HOUR), "mend", 0, 0, HOUR)
    seconds(split(hand.network, hand.records()), wait=1)
