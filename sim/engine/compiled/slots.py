"""Slots of what comes and goes - cases, strands, visits and the rest - taken from and given back to lists."""

from __future__ import annotations

from sim.engine.compiled import ahead
from sim.engine.compiled import layout as a
from sim.engine.compiled.jit import apart, inner, small
from sim.engine.compiled.memory import fetch


@small
def _take(m, table, free, live):
    n = a.numbers(m)
    slot = n[free]
    after = table[slot].free
    n[free] = after
    n[live] += 1
    if ahead.pays(m):
        fetch(table, after)
    return slot


@small
def _give(m, table, free, live, slot):
    n = a.numbers(m)
    table[slot].free = n[free]
    n[free] = slot
    n[live] -= 1


@inner
def new_strand(m, case, token, parent, rework):
    """Return a new strand of `case`, last in its list of strands."""
    table = a.strands(m)
    slot = _take(m, table, a.FREE_STRAND, a.LIVE_STRANDS)
    n = a.numbers(m)
    n[a.UID] += 1
    s = table[slot]
    s.uid = n[a.UID]
    s.case = case
    s.token = token
    s.parent = parent
    s.rework = rework
    s.visit = -1
    s.wait_end = 0
    s.node = -1
    s.left = 0
    s.join = -1
    s.forked = -1
    s.branch_entry = 0
    s.on_path = 0
    s.leads = 0
    s.led_by = -1
    s.follower = -1
    s.follower_before = -1
    s.next = -1
    c = a.cases(m)[case]
    s.previous = c.last_strand
    if c.last_strand >= 0:
        table[c.last_strand].next = slot
    else:
        c.strand = slot
    c.last_strand = slot
    return slot


@inner
def drop_strand(m, slot):
    """Forget a strand and take it out of the list of its case."""
    table = a.strands(m)
    s = table[slot]
    c = a.cases(m)[s.case]
    if s.previous >= 0:
        table[s.previous].next = s.next
    else:
        c.strand = s.next
    if s.next >= 0:
        table[s.next].previous = s.previous
    else:
        c.last_strand = s.previous
    s.uid = 0
    s.token = -1
    _give(m, table, a.FREE_STRAND, a.LIVE_STRANDS, slot)


@inner
def new_visit(m, strand, node, entry, now):
    """Return a new visit of `strand` to `node`, joined now."""
    table = a.visits(m)
    slot = _take(m, table, a.FREE_VISIT, a.LIVE_VISITS)
    case = a.strands(m)[strand].case
    v = table[slot]
    v.strand = strand
    v.case = case
    v.rank = a.cases(m)[case].rank
    v.node = node
    v.entry = entry
    v.joined = now
    v.since = now
    v.started = -1
    v.work_from = -1
    v.effort = 0
    v.remaining = 0
    v.served = 0
    v.option = -1
    v.state = 0
    v.due = -1
    v.end = 0
    v.ends = -1
    v.limit = -1
    v.patience = 0
    v.queue = -1
    v.paused = 0
    v.meeting = -1
    v.taken_by = -1
    v.take = -1
    v.first_piece = -1
    v.last_piece = -1
    v.in_room = 0
    return slot


@inner
def _drop_pieces(m, v):
    apart()
    table = a.pieces(m)
    piece = v.first_piece
    while piece >= 0:
        after = table[piece].next
        _give(m, table, a.FREE_PIECE, a.LIVE_PIECES, piece)
        piece = after
    v.first_piece = -1


@inner
def drop_visit(m, slot):
    """Forget a visit that is over, with its pieces of work."""
    table = a.visits(m)
    v = table[slot]
    if v.first_piece >= 0:
        _drop_pieces(m, v)
    _give(m, table, a.FREE_VISIT, a.LIVE_VISITS, slot)


@inner
def add_piece(m, visit, start, stop):
    """Note a piece of work of a visit that was paused."""
    apart()
    table = a.pieces(m)
    slot = _take(m, table, a.FREE_PIECE, a.LIVE_PIECES)
    piece = table[slot]
    piece.start = start
    piece.stop = stop
    piece.next = -1
    v = a.visits(m)[visit]
    if v.first_piece < 0:
        v.first_piece = slot
    else:
        table[v.last_piece].next = slot
    v.last_piece = slot


@inner
def new_limit(m):
    """Return a slot for a running limit."""
    return _take(m, a.limits(m), a.FREE_LIMIT, a.LIVE_LIMITS)


@inner
def drop_limit(m, slot):
    """Forget a limit."""
    _give(m, a.limits(m), a.FREE_LIMIT, a.LIVE_LIMITS, slot)


@inner
def new_meeting(m):
    """Return a slot for a meeting."""
    return _take(m, a.meetings(m), a.FREE_MEETING, a.LIVE_MEETINGS)


@inner
def drop_meeting(m, slot):
    """Forget a meeting."""
    _give(m, a.meetings(m), a.FREE_MEETING, a.LIVE_MEETINGS, slot)


@inner
def new_link(m):
    """Return a slot for a meeting that waits at a pool."""
    return _take(m, a.links(m), a.FREE_LINK, a.LIVE_LINKS)


@inner
def drop_link(m, slot):
    """Forget that a meeting waits at a pool."""
    _give(m, a.links(m), a.FREE_LINK, a.LIVE_LINKS, slot)


@small
def new_take(m):
    """Return a slot for units at work."""
    return _take(m, a.takes(m), a.FREE_TAKE, a.LIVE_TAKES)


@small
def drop_take(m, slot):
    """Forget units that are given back."""
    _give(m, a.takes(m), a.FREE_TAKE, a.LIVE_TAKES, slot)


@inner
def new_case(m):
    """Return a slot for a case, its counts of entries at zero."""
    n = a.numbers(m)
    slot = _take(m, a.cases(m), a.FREE_CASE, a.LIVE_CASES)
    width = n[a.WIDTH]
    tally = a.tally(m)
    for i in range(slot * width, (slot + 1) * width):
        tally[i] = 0
    return slot


@inner
def drop_case(m, slot):
    """Forget a case that has ended."""
    _give(m, a.cases(m), a.FREE_CASE, a.LIVE_CASES, slot)
