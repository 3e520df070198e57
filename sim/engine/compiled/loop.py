"""The loop of a compiled run: what is due next, until the run ends or a table is full.

``advance`` returns why it came back. When room is short nothing has been begun, so the driver makes room
and calls again.
"""

from __future__ import annotations

from sim.engine.compiled import batches, ends, events, recording, slots, staff, walk
from sim.engine.compiled import layout as a
from sim.engine.compiled.jit import entry, inner
from sim.engine.order import MOST_PER_INSTANT
from sim.network.elements import ShiftEnd

#: Why `advance` returns.
ENDED, NEEDS_ROOM, NEEDS_ARRIVALS, FAILED, STUCK = range(5)

#: What the driver sets `BEGUN` to when it has brought more arrivals.
MORE_ARRIVALS = 2

_FINISH = int(ShiftEnd.FINISH)
_NEVER = 1 << 62
#: Rows and slots that any one happening may take beyond one for each thing that is alive.
SPARE = 64


# ---- room --------------------------------------------------------------------------------------------


@inner
def _has_room(m):
    """Whether whatever happens next finds room: at most a few rows or slots for each thing alive."""
    n = a.numbers(m)
    branches = n[a.MOST_BRANCHES]
    work = n[a.LIVE_VISITS] + SPARE
    alive = 2 * (work + n[a.LIVE_STRANDS] + n[a.LIVE_LIMITS]) + branches
    return (
        len(a.step_rows(m)) - n[a.STEP_ROWS] > alive
        and len(a.events(m)) - n[a.N_EVENTS] > alive
        and len(a.visits(m)) - n[a.LIVE_VISITS] > SPARE
        and len(a.strands(m)) - n[a.LIVE_STRANDS] > branches + SPARE
        and len(a.cases(m)) - n[a.LIVE_CASES] > SPARE
        and len(a.limits(m)) - n[a.LIVE_LIMITS] > SPARE
        and len(a.takes(m)) - n[a.LIVE_TAKES] > n[a.MOST_POOLS] * (work + n[a.LIVE_MEETINGS])
        and len(a.pieces(m)) - n[a.LIVE_PIECES] > work
        and len(a.normal(m)) - n[a.NORMAL_N] > work + n[a.LIVE_STRANDS]
        and len(a.urgent(m)) - n[a.URGENT_N] > branches + SPARE
        and len(a.piece_rows(m)) - n[a.PIECE_ROWS] > (n[a.LIVE_PIECES] + work) * (1 + n[a.MOST_BUNDLE])
        and len(a.scratch(m)) > n[a.LIVE_STRANDS] + n[a.LIVE_TAKES] + n[a.N_POOLS]
        and (n[a.N_BATCHES] == 0 or _meetings_have_room(m))
        and (n[a.POOL_STATES] == 0 or _pool_rows_have_room(m))
    )


@inner
def _meetings_have_room(m):
    n = a.numbers(m)
    work = n[a.LIVE_VISITS] + SPARE
    return (
        len(a.meetings(m)) - n[a.LIVE_MEETINGS] > work
        and len(a.links(m)) - n[a.LIVE_LINKS] > work * n[a.MOST_POOLS]
        and len(a.meeting_rows(m)) - n[a.MEETING_ROWS] > SPARE
    )


@inner
def _pool_rows_have_room(m):
    n = a.numbers(m)
    work = n[a.LIVE_VISITS] + n[a.LIVE_MEETINGS] + n[a.LIVE_CASES] * (1 + n[a.N_LIMITED]) + SPARE
    return len(a.pool_rows(m)) - n[a.POOL_ROWS] > 2 * work * (1 + n[a.MOST_POOLS]) + n[a.N_POOLS]


# ---- arrivals and shifts -----------------------------------------------------------------------------


@inner
def _next_arrival(m):
    """Schedule the next case that comes, if there is one."""
    n = a.numbers(m)
    if n[a.ARRIVAL] < n[a.N_ARRIVALS]:
        due = a.arrivals(m)[n[a.ARRIVAL]]
        rank = (due.stream << 32) | due.number
        key = events.key_of(events.ARRIVE, 0, rank)
        events.schedule(m, max(due.arrived, 0), key, 0, events.CASE_ARRIVES, 0)


@inner
def _arrive(m):
    """Bring in the case that is due."""
    n = a.numbers(m)
    whole = a.whole(m)
    place = n[a.ARRIVAL]
    n[a.ARRIVAL] = place + 1
    due = a.arrivals(m)[place]
    case = slots.new_case(m)
    c = a.cases(m)[case]
    c.row = n[a.FIRST_ROW] + place
    c.arrived = due.arrived
    c.stream = due.stream
    c.number = due.number
    c.rank = (due.stream << 32) | due.number
    c.luck = whole[n[a.LUCK] + due.stream]
    c.cls = due.cls
    c.first_cls = due.cls
    c.first_node = due.node
    c.priority = whole[n[a.PRIORITIES] + due.cls]
    c.status = 0
    c.ended = -1
    c.end = -1
    c.initial = due.initial
    c.in_cohort = not due.initial and n[a.WINDOW_START] <= due.arrived < n[a.WINDOW_END]
    c.strand = -1
    c.last_strand = -1
    c.strand_count = 0
    c.gov = 0
    c.stops = 0
    c.legal = -1
    n[a.OPEN_CASES] += 1
    width = n[a.COUNTERS]
    for i in range(width):
        a.counts(m)[case * width + i] = a.floats(m)[n[a.CASE_COUNTS] + i]
    width = n[a.ATTRIBUTES]
    for i in range(width):
        a.attributes(m)[case * width + i] = a.arrival_attributes(m)[place * width + i]
    events.make_urgent(m, slots.new_strand(m, case, 0, -1, 0), due.node)
    _next_arrival(m)


@inner
def _next_shift(m):
    n = a.numbers(m)
    if n[a.NEXT_SHIFT] < n[a.N_SHIFTS]:
        t = a.shifts(m)[n[a.NEXT_SHIFT]].time
        events.schedule(m, t, events.SHIFT, 0, events.SHIFT_CHANGES, 0)


@inner
def _started_later(m, one, other):
    """Whether work `one` (a take) goes first when capacity falls: the latest first start, then the last."""
    k, h = a.takes(m)[one], a.takes(m)[other]
    if k.visit >= 0 and h.visit >= 0:
        v, w = a.visits(m)[k.visit], a.visits(m)[h.visit]
        if v.started != w.started:
            return v.started > w.started
        if v.rank != w.rank:
            return v.rank > w.rank
        if v.node != w.node:
            return v.node > w.node
        return v.entry > w.entry
    if k.visit >= 0:
        started = a.meetings(m)[h.meeting].started
        # A meeting ranks before all cases.
        return a.visits(m)[k.visit].started >= started
    if h.visit >= 0:
        return a.meetings(m)[k.meeting].started > a.visits(m)[h.visit].started
    g, f = a.meetings(m)[k.meeting], a.meetings(m)[h.meeting]
    if g.started != f.started:
        return g.started > f.started
    node, other_node = a.batches(m)[g.batch].node, a.batches(m)[f.batch].node
    if node != other_node:
        return node > other_node
    return g.number > f.number


@inner
def _sift(m, works, place, size):
    """Let the work at `place` sink in a heap whose first is to be looked at first."""
    moved = works[place]
    child = 2 * place + 1
    while child < size:
        if child + 1 < size and _started_later(m, works[child + 1], works[child]):
            child += 1
        if not _started_later(m, works[child], moved):
            break
        works[place] = works[child]
        place = child
        child = 2 * place + 1
    works[place] = moved


@inner
def _fall(m, pool, capacity):
    """Work in excess of the head-count follows the rule of its step."""
    excess = a.pools(m)[pool].busy - capacity
    if excess <= 0:
        return
    works = a.scratch(m)
    size = 0
    take = a.pools(m)[pool].work
    while take >= 0:
        works[size] = take
        size += 1
        take = a.takes(m)[take].pool_next
    for place in range(size // 2 - 1, -1, -1):
        _sift(m, works, place, size)
    while excess > 0 and size > 0:
        take = works[0]
        size -= 1
        works[0] = works[size]
        if size:
            _sift(m, works, 0, size)
        k = a.takes(m)[take]
        excess -= k.units
        if k.visit >= 0 and a.nodes(m)[a.visits(m)[k.visit].node].shift_end != _FINISH:
            staff.pause(m, k.visit)


@inner
def _change_shifts(m):
    n = a.numbers(m)
    while n[a.NEXT_SHIFT] < n[a.N_SHIFTS]:
        change = a.shifts(m)[n[a.NEXT_SHIFT]]
        if change.time != n[a.NOW]:
            break
        n[a.NEXT_SHIFT] += 1
        pool = change.pool
        staff.account(m, pool)
        p = a.pools(m)[pool]
        rise = change.capacity > p.capacity
        p.capacity = change.capacity
        recording.note_pool(m, pool)
        if rise:
            staff.look_at(m, pool)
        else:
            _fall(m, pool, change.capacity)
    _next_shift(m)


# ---- dispatch ----------------------------------------------------------------------------------------


@inner
def _serve(m, pool):
    """Start all that a free unit of `pool` lets start; return whether anything started."""
    any_started = False
    p = a.pools(m)[pool]
    while p.capacity > p.busy:
        if p.meetings >= 0:
            meeting = staff.ready_meeting(m, pool)
            if meeting >= 0:
                batches.start(m, meeting)
                any_started = True
                continue
        visit, option = staff.best_head(m, pool)
        if visit < 0:
            break
        any_started = True
        if staff.start(m, visit, option):
            walk.work_done(m, visit)
    return any_started


@inner
def _dispatch(m):
    n = a.numbers(m)
    n[a.DISPATCH_DUE] = 0
    count = n[a.DIRTY]
    n[a.DIRTY] = 0
    todo = a.scratch(m)
    for i in range(count):
        pool = a.dirty(m)[i]
        a.pools(m)[pool].dirty = 0
        place = i
        while place > 0 and todo[place - 1] > pool:
            todo[place] = todo[place - 1]
            place -= 1
        todo[place] = pool
    # A start can bring forward a head that an earlier pool can take: go round until none starts.
    started = True
    while started:
        started = False
        for i in range(count):
            if _serve(m, todo[i]):
                started = True
        if count == 1:
            break


# ---- the loop ----------------------------------------------------------------------------------------


@inner
def begin(m):
    """Schedule what comes first: shifts, dated meetings, the first case."""
    n = a.numbers(m)
    _next_shift(m)
    for batch in range(n[a.N_BATCHES]):
        batches.next_date(m, batch)
    _next_arrival(m)


@inner
def _happen(m, kind, ref, sequence):
    """Let an event take place; return (strand, node) where one goes on at once, else (-1, -1)."""
    if kind == events.WORK_ENDS:
        if a.visits(m)[ref].end == sequence:
            walk.work_ends(m, ref)
    elif kind == events.DISPATCHES:
        _dispatch(m)
    elif kind == events.CASE_ARRIVES:
        _arrive(m)
    elif kind == events.WAIT_ENDS:
        if a.strands(m)[ref].wait_end == sequence:
            return ref, walk.wait_ends(m, ref)
    elif kind == events.SHIFT_CHANGES:
        _change_shifts(m)
    elif kind == events.LIMIT_PASSES:
        if a.limits(m)[ref].timer == sequence:
            ends.limit_passes(m, ref)
    elif kind == events.PATIENCE_ENDS:
        if a.visits(m)[ref].patience == sequence:
            ends.lose_patience(m, ref)
    elif kind == events.MEETING_DATE:
        batches.hold_date(m, ref)
    elif kind == events.BUNDLE_FULL:
        batches.call_full(m, ref)
    elif kind == events.BUNDLE_OLD:
        if a.visits(m)[ref].patience == sequence:
            batches.call_old(m, ref)
    elif kind == events.MEETING_ENDS:
        batches.end(m, ref)
    elif kind == events.ROOM_CHECKED:
        ends.check_room(m)
    return -1, -1


@entry
def advance(m):
    """Go on with a run until it ends, fails, or needs room or arrivals; return which."""
    n = a.numbers(m)
    if n[a.BEGUN] == 0:
        begin(m)
    elif n[a.BEGUN] == MORE_ARRIVALS:
        _next_arrival(m)
    n[a.BEGUN] = 1
    strand = -1
    node = -1
    while True:
        if n[a.FAILURE]:
            return FAILED
        if not _has_room(m):
            n[a.AT_STRAND], n[a.AT_NODE] = strand, node
            return NEEDS_ROOM
        if strand < 0 and n[a.AT_STRAND] >= 0:
            strand, node = n[a.AT_STRAND], n[a.AT_NODE]
            n[a.AT_STRAND] = -1
        if strand >= 0:
            node = walk.step(m, strand, node)
            if node < 0:
                strand = -1
            n[a.STUCK] += 1
            if n[a.STUCK] > MOST_PER_INSTANT:
                return STUCK
            continue
        if n[a.URGENT_N]:
            strand, node = events.next_turn(m, a.urgent(m), a.URGENT_FROM, a.URGENT_N)
            continue
        if n[a.NORMAL_N]:
            strand, node = events.next_turn(m, a.normal(m), a.NORMAL_FROM, a.NORMAL_N)
            continue
        t = a.events(m)[0].time if n[a.N_EVENTS] else _NEVER
        if n[a.COHORT_LEFT] == 0 and t > n[a.WINDOW_END]:
            # The cohort has ended: never stop before the window does.
            n[a.STOP] = min(n[a.STOP], max(n[a.WINDOW_END], n[a.NOW]))
        if t > n[a.STOP]:
            break
        if n[a.ARRIVAL] == n[a.N_ARRIVALS] and not n[a.ALL_ARRIVED]:
            return NEEDS_ARRIVALS
        if t != n[a.NOW]:
            n[a.NOW] = t
            n[a.STUCK] = 0
        n[a.STUCK] += 1
        if n[a.STUCK] > MOST_PER_INSTANT:
            return STUCK
        first = a.events(m)[0]
        kind, ref, sequence = first.kind, first.ref, events.sequence_of(first.tail)
        events.drop_first(m)
        strand, node = _happen(m, kind, ref, sequence)
    ends.close(m, n[a.STOP])
    return ENDED
