"""What the records of every run must keep, whatever the model: one function a law.

Each takes a run (`tests.random_runs.Ran`) and fails with an assertion that shows the row.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from sim.chance.draws import Draws, Purpose
from sim.chance.laws import whole
from sim.engine.records import Work
from sim.measures.checks import check
from sim.measures.split import KINDS, PLAIN, split, split_between
from sim.network.elements import EndStatus, Kind
from tests.random_runs import Ran

TIMED = (Kind.STEP, Kind.WAIT, Kind.BATCH, Kind.BLOCK)


def conservation_and_little(ran: Ran) -> None:
    """Every case that was to come is somewhere; queue length and waits agree to the case-second."""
    check(ran.network, ran.records, made=ran.made)


def split_adds_up(ran: Ran) -> None:
    """Touch, queue, off-shift, batch, wait and rework fill the life of every ended case."""
    cases, table = ran.records.cases, split(ran.network, ran.records)
    assert len(table) == (cases["ended"] >= 0).sum()
    mine = cases[table["case"]]
    assert np.array_equal(table["total"], mine["ended"] - mine["arrived"])
    _parts(table)


def split_between_marks_adds_up(ran: Ran) -> None:
    """So do the parts between two marks, in the order of the file."""
    marks = [n.name for n in ran.network.nodes if n.kind == Kind.MARK]
    steps = ran.records.steps
    index = {n.name: n.index for n in ran.network.nodes}
    for start, stop in pairwise(["", *marks, ""]):
        table = split_between(ran.network, ran.records, start, stop)
        for row in table:
            case = ran.records.cases[row["case"]]
            mine = steps[steps["case"] == row["case"]]
            begin = mine["ended"][mine["element"] == index[start]].min() if start else case["arrived"]
            end = mine["ended"][mine["element"] == index[stop]].max() if stop else case["ended"]
            assert row["total"] == end - begin, (start, stop, row)
        _parts(table)


def _parts(table: np.ndarray) -> None:
    for kind in (*KINDS, *(f"rework_{kind}" for kind in PLAIN)):
        assert (table[kind] >= 0).all(), (kind, table[table[kind] < 0])
    assert np.array_equal(table["total"], sum(table[kind] for kind in KINDS))
    assert np.array_equal(table["rework"], sum(table[f"rework_{kind}"] for kind in PLAIN))


def times_are_in_order(ran: Ran) -> None:
    """Joined, then started, then ended, and all within the life of the case and the run."""
    steps = ran.records.steps
    joined, started, ended = steps["joined"], steps["started"], steps["ended"]
    case = ran.records.cases[steps["case"]]
    status = steps["status"]
    none(steps, joined < case["arrived"])
    none(steps, (started >= 0) & (started < joined))
    none(steps, (ended >= 0) & (ended < np.maximum(joined, started)))
    none(steps, ended > ran.records.stopped)
    none(steps, (ended >= 0) & (case["ended"] >= 0) & (ended > case["ended"]))
    none(steps, (ended < 0) != np.isin(status, (Work.WAITING, Work.STARTED)))
    none(steps, np.isin(status, (Work.STARTED, Work.DONE)) & (started < 0))
    idle = (Work.WAITING, Work.WITHDRAWN, Work.TURNED_AWAY, Work.MOVED)
    none(steps, np.isin(status, idle) & (started >= 0))


def none(rows: np.ndarray, wrong: np.ndarray) -> None:
    """Fail if there is any wrong row."""
    assert not wrong.any(), rows[wrong][:3]


def work_is_served_once(ran: Ran) -> None:
    """Done work was served in full, no work more than its effort, and pieces are what was served."""
    records = ran.records
    steps = [n.index for n in ran.network.nodes if n.kind == Kind.STEP]
    for number, row in enumerate(records.steps):
        pieces = records.pieces[records.pieces["row"] == number]
        assert (pieces["stop"] >= pieces["start"]).all(), (row, pieces)
        assert (pieces["start"][1:] >= pieces["stop"][:-1]).all(), (row, pieces)
        if len(pieces):
            assert (pieces["stop"] - pieces["start"]).sum() == row["served"], (row, pieces)
            assert pieces["start"][0] == row["started"], (row, pieces)
        if row["element"] not in steps:
            continue
        assert 0 <= row["served"] <= row["effort"], row
        if row["status"] == Work.DONE:
            assert row["served"] == row["effort"], row
        if row["started"] < 0:
            assert row["served"] == 0, row
        elif row["ended"] >= 0 and not len(pieces):
            assert row["served"] == row["ended"] - row["started"], row


def lengths_are_those_drawn(ran: Ran) -> None:
    """Efforts and waits are the draws of their case, element and entry; waits last just so long."""
    draws, records = Draws(1), ran.records
    for row in ran.rows(Kind.STEP, Kind.WAIT):
        node, case = ran.node_of(row), records.cases[row["case"]]
        if row["lead"] not in (-1, row["case"]) or node.escalated_from >= 0:
            continue
        place = (ran.cases.stream_keys[case["stream"]], int(case["number"]), int(row["entry"]))
        if node.kind == Kind.STEP:
            drawn = [draws.value(p.law, p.key, *place, Purpose.EFFORT) for p in node.parts]
            assert row["effort"] == sum(whole(d) for d in drawn), row
            continue
        assert node.delay is not None
        assert row["effort"] == whole(draws.value(node.delay.law, node.key, *place, Purpose.WAIT)), row
        if row["status"] == Work.DONE:
            until = int(row["joined"]) + int(row["effort"])
            if node.delay.calendar >= 0:
                calendar = ran.network.calendars[node.delay.calendar]
                until = calendar.add_open(max(0, int(row["joined"])), int(row["effort"]))
            assert row["ended"] == until, row


def a_strand_is_in_one_place(ran: Ran) -> None:
    """Of one strand of a case no two elements overlap in time, and a branch lies within its parallel."""
    records = ran.records
    timed = ran.rows(*TIMED)
    held = np.isin(timed["element"], [n.index for n in ran.network.nodes if n.kind == Kind.BLOCK])
    ends = np.where(timed["ended"] >= 0, timed["ended"], records.stopped + 1)
    ends = np.where(held & (timed["started"] >= 0), timed["started"], ends)
    order = np.lexsort((ends, timed["joined"], timed["token"], timed["case"]))
    rows, ends = timed[order], ends[order]
    for i in range(1, len(rows)):
        a, b = rows[i - 1], rows[i]
        if (a["case"], a["token"]) == (b["case"], b["token"]):
            assert b["joined"] >= ends[i - 1], (a, b)
    for branch in ran.rows(Kind.JOIN):
        inside = (rows["case"] == branch["case"]) & (rows["token"] == branch["child"])
        assert (rows["joined"][inside] >= branch["joined"]).all(), branch
        if branch["ended"] >= 0:
            assert (ends[inside] <= branch["ended"]).all(), branch
        beside = (rows["case"] == branch["case"]) & (rows["token"] == branch["token"])
        until = branch["ended"] if branch["ended"] >= 0 else records.stopped + 1
        # The trunk is nowhere else while its branches run.
        assert not ((rows["joined"] < until) & (ends > branch["joined"]) & beside).any(), branch


def patience_is_not_outlived(ran: Ran) -> None:
    """Work with patience starts before its patience ends; a withdrawal comes just when it ends."""
    draws = Draws(1)
    bundled = _bundled(ran)
    for row in ran.rows(Kind.STEP, Kind.BLOCK):
        node = ran.node_of(row)
        case = ran.records.cases[row["case"]]
        if node.patience is None or case["initial"] or node.index in bundled:
            continue
        key = ran.cases.stream_keys[case["stream"]]
        drawn = draws.value(
            node.patience, node.key, key, int(case["number"]), int(row["entry"]), Purpose.PATIENCE
        )
        waited = (row["started"] if row["started"] >= 0 else row["ended"]) - row["joined"]
        if row["status"] == Work.WITHDRAWN:
            assert waited == whole(drawn), (row, drawn)
        elif row["started"] >= 0:
            assert waited < whole(drawn), (row, drawn)


def _bundled(ran: Ran) -> set[int]:
    """Return the nodes between a bundle and its end: whoever is in a bundle has no patience."""
    found = set()
    for batch in ran.network.nodes:
        if batch.meetings is not None and batch.meetings.bundle:
            index = batch.next
            while ran.network.nodes[index].kind != Kind.UNBUNDLE:
                found.add(index)
                index = ran.network.nodes[index].next
    return found


def meetings_keep_their_rules(ran: Ran) -> None:
    """A meeting takes no more than its agenda, none who came after the cut-off, and begins when due."""
    items = ran.rows(Kind.BATCH)
    for meeting in ran.records.meetings:
        node = ran.network.nodes[int(meeting["element"])]
        spec = node.meetings
        assert spec is not None
        assert meeting["planned"] <= meeting["started"] <= meeting["ended"], meeting
        mine = items[(items["element"] == node.index) & (items["meeting"] == meeting["number"])]
        mine = mine[mine["started"] >= 0]
        assert len(mine) >= meeting["taken"], meeting
        assert meeting["taken"] >= 1, meeting
        if spec.agenda:
            assert meeting["taken"] <= spec.agenda, meeting
        if spec.size:
            assert meeting["taken"] <= spec.size, meeting
        else:
            assert meeting["planned"] in spec.times, meeting
        assert (mine["started"] == meeting["started"]).all(), (meeting, mine)
        for item in mine:
            joined = int(item["joined"])
            if spec.cut_off_calendar >= 0:
                calendar = ran.network.calendars[spec.cut_off_calendar]
                assert calendar.add_open(joined, spec.cut_off) <= meeting["planned"], (meeting, item)
            else:
                assert joined + spec.cut_off <= meeting["planned"], (meeting, item)
            if item["status"] == Work.DONE:
                assert item["ended"] == meeting["ended"], (meeting, item)


def counters_add_up(ran: Ran) -> None:
    """What a case has counted is what it brought, and what each element it entered adds."""
    network, records = ran.network, ran.records
    if any(n.counts and any(n.counts) and n.kind == Kind.BLOCK for n in network.nodes):
        return  # a block that holds nobody leaves no row
    table = np.array([n.counts for n in network.nodes], dtype=float).reshape(len(network.nodes), -1)
    expected = np.tile(np.array(network.case_counts, dtype=float), (len(records.cases), 1))
    entered = ran.rows(Kind.STEP, Kind.WAIT, Kind.BATCH)
    for counter in range(len(network.counters)):
        np.add.at(expected[:, counter], entered["case"], table[entered["element"], counter])
    assert np.allclose(records.counts, expected), np.argwhere(records.counts != expected)


def statuses_follow_from_ends(ran: Ran) -> None:
    """Withdrawn by patience, turned away by room, stopped: the rows say the same as the case."""
    steps = ran.records.steps
    case, status = ran.records.cases[steps["case"]], steps["status"]
    none(steps, (status == Work.WITHDRAWN) & (case["status"] != EndStatus.WITHDRAWN))
    none(steps, (status == Work.TURNED_AWAY) & (case["status"] != EndStatus.TURNED_AWAY))
    cut = np.isin(status, (Work.WITHDRAWN, Work.TURNED_AWAY, Work.CANCELLED))
    none(steps, cut & (case["ended"] != steps["ended"]))
    movable = [n.index for n in ran.network.nodes if n.limit is not None and n.limit.escalate_to >= 0]
    none(steps, (status == Work.MOVED) & ~np.isin(steps["element"], movable))


LAWS = (
    conservation_and_little,
    split_adds_up,
    split_between_marks_adds_up,
    times_are_in_order,
    work_is_served_once,
    lengths_are_those_drawn,
    a_strand_is_in_one_place,
    patience_is_not_outlived,
    meetings_keep_their_rules,
    counters_add_up,
    statuses_follow_from_ends,
)
