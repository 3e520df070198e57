"""Rows of a run as it goes on, in the form of ``sim.engine.records``; the driver sorts them (``sorting``).

This part only listens, as the recorder of the reference does. The driver sees to it that there is room.
"""

from __future__ import annotations

import numpy as np

from sim.engine.compiled import ahead
from sim.engine.compiled import layout as a
from sim.engine.compiled.jit import apart, inner, small
from sim.engine.compiled.memory import fetch
from sim.engine.records import Work

_DONE = int(Work.DONE)
_STARTED = int(Work.STARTED)
#: Rows ahead of the one that is written.
_NEXT = 4


@small
def enter(m, case, column):
    """Count an entry of a case; return its number, from 1. Without a column (-1) it is the only one."""
    if column < 0:
        return np.int64(1)
    tally = a.tally(m)
    place = case * a.numbers(m)[a.WIDTH] + column
    tally[place] += 1
    return np.int64(tally[place])


@small
def _next_row(m):
    n = a.numbers(m)
    place = n[a.STEP_ROWS]
    n[a.STEP_ROWS] = place + 1
    if ahead.pays(m):
        fetch(a.step_rows(m), place + _NEXT)
    return a.step_rows(m)[place]


@small
def _visit_row(m, v, strand, entry, status, ended):
    if not a.nodes(m)[v.node].recorded:
        return
    row = _next_row(m)
    table = a.cases(m)
    s = a.strands(m)[strand]
    row.case = table[s.case].row
    row.element = v.node
    row.entry = entry
    row.token = s.token
    row.child = -1
    row.joined = v.joined
    row.started = v.started
    row.ended = ended
    row.effort = v.effort
    row.served = v.served
    row.option = v.option
    row.status = status
    row.rework = s.rework > 0
    row.due = v.due
    row.missed = v.limit >= 0 and a.limits(m)[v.limit].missed != 0
    row.lead = table[v.case].row
    row.meeting = v.meeting
    if v.first_piece >= 0:
        _piece_rows(m, v.first_piece)


@inner
def _piece_rows(m, piece):
    apart()
    n = a.numbers(m)
    while piece >= 0:
        p = a.pieces(m)[piece]
        out = a.piece_rows(m)[n[a.PIECE_ROWS]]
        n[a.PIECE_ROWS] += 1
        out.row = n[a.STEP_ROWS] - 1
        out.start = p.start
        out.stop = p.stop
        piece = p.next


@inner
def _member_rows(m, visit, leader, status, ended):
    apart()
    table = a.strands(m)
    v = a.visits(m)[visit]
    member = table[leader].follower
    while member >= 0:
        if table[member].case != table[leader].case:
            _visit_row(m, v, member, enter(m, table[member].case, a.nodes(m)[v.node].entries), status, ended)
        member = table[member].follower


@small
def write_visit(m, visit, status, ended):
    """Write the row of a step, hold or meeting, and those of the members of its bundle."""
    v = a.visits(m)[visit]
    _visit_row(m, v, v.strand, v.entry, status, ended)
    if a.strands(m)[v.strand].leads:
        _member_rows(m, visit, v.strand, status, ended)


@inner
def _plain_row(m, strand, node, entry, began, ended, delay, status, lead):
    if not a.nodes(m)[node].recorded:
        return
    row = _next_row(m)
    s = a.strands(m)[strand]
    row.case = a.cases(m)[s.case].row
    row.element = node
    row.entry = entry
    row.token = s.token
    row.child = -1
    row.joined = began
    row.started = began
    row.ended = ended
    row.effort = delay
    row.served = 0
    row.option = -1
    row.status = status
    row.rework = s.rework > 0
    row.due = -1
    row.missed = False
    row.lead = lead
    row.meeting = -1


@inner
def _plain_members(m, leader, node, began, ended, delay, status, lead):
    apart()
    table = a.strands(m)
    member = table[leader].follower
    while member >= 0:
        case = table[member].case
        if case != table[leader].case:
            entry = enter(m, case, a.nodes(m)[node].entries)
            _plain_row(m, member, node, entry, began, ended, delay, status, lead)
        member = table[member].follower


@inner
def write_wait(m, strand, node, entry, began, ended, delay, status):
    """Write the row of an element without staff, for the strand and all whom it leads."""
    s = a.strands(m)[strand]
    lead = a.cases(m)[s.case].row
    _plain_row(m, strand, node, entry, began, ended, delay, status, lead)
    if s.leads:
        _plain_members(m, strand, node, began, ended, delay, status, lead)


@inner
def write_branch(m, strand, ended, status):
    """Write the row of one branch of a parallel block."""
    apart()
    table = a.strands(m)
    s = table[strand]
    if not a.nodes(m)[s.join].recorded:
        return
    row = _next_row(m)
    case = a.cases(m)[s.case].row
    row.case = case
    row.element = s.join
    row.entry = s.branch_entry
    row.token = table[s.parent].token
    row.child = s.token
    row.joined = s.forked
    row.started = s.forked
    row.ended = ended
    row.effort = 0
    row.served = 0
    row.option = -1
    row.status = status
    row.rework = s.rework > 0
    row.due = -1
    row.missed = False
    row.lead = case
    row.meeting = -1


@inner
def write_block(m, limit, ended):
    """Write the row of a block that carries a limit."""
    apart()
    r = a.limits(m)[limit]
    element = a.nodes(m)[r.node].block_end
    if not a.nodes(m)[element].recorded:
        return
    row = _next_row(m)
    case = a.cases(m)[r.case].row
    row.case = case
    row.element = element
    row.entry = r.entry
    row.token = a.strands(m)[r.strand].token
    row.child = -1
    row.joined = r.began
    row.started = r.began
    row.ended = ended
    row.effort = 0
    row.served = 0
    row.option = -1
    row.status = _DONE if ended >= 0 else _STARTED
    row.rework = a.strands(m)[r.strand].rework > 0
    row.due = r.due
    row.missed = r.missed != 0
    row.lead = case
    row.meeting = -1


@inner
def write_case(m, case):
    """Write the row of a case that ended, or is still open as the run ends."""
    n = a.numbers(m)
    c = a.cases(m)[case]
    row = a.case_rows(m)[c.row]
    row.stream = c.stream
    row.number = c.number
    row.class_ = c.first_cls
    row.final_class = c.cls
    row.arrived = c.arrived
    row.ended = c.ended
    row.status = c.status
    row.end = c.end
    row.initial = c.initial != 0
    width = n[a.COUNTERS]
    for i in range(width):
        a.count_rows(m)[c.row * width + i] = a.counts(m)[case * width + i]


@inner
def write_meeting(m, meeting, ended):
    """Write the row of a meeting that was held."""
    n = a.numbers(m)
    g = a.meetings(m)[meeting]
    row = a.meeting_rows(m)[n[a.MEETING_ROWS]]
    n[a.MEETING_ROWS] += 1
    row.element = a.batches(m)[g.batch].node
    row.number = g.number
    row.planned = g.planned
    row.started = g.started
    row.ended = ended
    row.taken = g.items


@small
def note_pool(m, pool):
    """Note a pool's state after a change, if asked to."""
    n = a.numbers(m)
    if n[a.POOL_STATES]:
        p = a.pools(m)[pool]
        row = a.pool_rows(m)[n[a.POOL_ROWS]]
        n[a.POOL_ROWS] += 1
        row.time = n[a.NOW]
        row.pool = pool
        row.capacity = p.capacity
        row.busy = p.busy
        row.held = p.held
        row.waiting = p.waiting
