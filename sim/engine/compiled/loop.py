"""The loop of a compiled run: what is due next, until the run ends or the driver has something to do.

``advance`` returns why it came back. When room is short nothing has been begun, so the driver makes room
and calls again.
"""

from __future__ import annotations

from sim.engine.compiled import (
    batches,
    bounds,
    choosing,
    ends,
    events,
    far,
    keys,
    shifts,
    slots,
    staff,
    walk,
)
from sim.engine.compiled import layout as a
from sim.engine.compiled.jit import apart, entry, inner, small
from sim.engine.order import MOST_PER_CASE, MOST_PER_INSTANT

#: Why `advance` returns.
GOES_ON, ENDED, NEEDS_ROOM, NEEDS_ARRIVALS, FAILED, STUCK, ROWS_DUE = range(-1, 6)

#: What the driver sets `BEGUN` to when it has brought more arrivals.
MORE_ARRIVALS = 2


# ---- arrivals ----------------------------------------------------------------------------------------


@small
def _rank(m, place):
    return (a.due_stream(m)[place] << keys.NUMBER_BITS) | a.due_number(m)[place]


@inner
def _next_arrival(m):
    """Schedule the next case that comes, if there is one."""
    n = a.numbers(m)
    if n[a.ARRIVAL] < n[a.N_ARRIVALS]:
        place = n[a.ARRIVAL]
        key = keys.key_of(keys.ARRIVE, 0, _rank(m, place))
        events.schedule(m, max(a.due_at(m)[place], 0), key, 0, keys.CASE_ARRIVES, 0)


@inner
def _arrive(m):
    """Bring in the case that is due; return its strand and the node where that begins."""
    apart()
    n = a.numbers(m)
    whole = a.whole(m)
    place = n[a.ARRIVAL]
    n[a.ARRIVAL] = place + 1
    arrived, initial = a.due_at(m)[place], a.due_initial(m)[place]
    stream, cls, node = a.due_stream(m)[place], a.due_class(m)[place], a.due_node(m)[place]
    case = slots.new_case(m)
    c = a.cases(m)[case]
    c.row = n[a.FIRST_ROW] + place
    c.arrived = arrived
    c.stream = stream
    c.number = a.due_number(m)[place]
    c.rank = _rank(m, place)
    c.luck = whole[n[a.LUCK] + stream]
    c.cls = cls
    c.first_cls = cls
    c.first_node = node if initial else -1
    c.priority = whole[n[a.PRIORITIES] + cls]
    c.status = 0
    c.ended = -1
    c.end = -1
    c.initial = initial
    c.in_cohort = not initial and n[a.WINDOW_START] <= arrived < n[a.WINDOW_END]
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
        a.attributes(m)[case * width + i] = a.due_attributes(m)[place * width + i]
    strand = slots.new_strand(m, case, 0, -1, 0)
    _next_arrival(m)
    return strand, node


# ---- dispatch ----------------------------------------------------------------------------------------


@small
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
        visit, option = choosing.best_head(m, pool)
        if visit < 0:
            break
        any_started = True
        if staff.start(m, visit, option):
            strand, node = walk.work_done(m, visit)
            events.let_go_on(m, strand, node)
    return any_started


@small
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
    # A start can bring forward a head that an earlier pool can take: go round until all others have started
    # nothing since the last one that did.
    idle = place = 0
    while idle < count:
        idle = 1 if _serve(m, todo[place]) else idle + 1
        place += 1
        if place == count:
            place = 0


# ---- the loop ----------------------------------------------------------------------------------------


@inner
def begin(m):
    """Schedule what comes first: shifts, dated meetings, the first case."""
    apart()
    n = a.numbers(m)
    shifts.next_shift(m)
    for batch in range(n[a.N_BATCHES]):
        batches.next_date(m, batch)
    _next_arrival(m)


@inner
def _happen_seldom(m, kind, ref, sequence):
    apart()
    if kind == keys.SHIFT_CHANGES:
        shifts.change_shifts(m)
    elif kind == keys.LIMIT_PASSES:
        if a.limits(m)[ref].timer == sequence:
            ends.limit_passes(m, ref)
    elif kind == keys.PATIENCE_ENDS:
        if a.visits(m)[ref].patience == sequence:
            ends.lose_patience(m, ref)
    elif kind == keys.MEETING_DATE:
        batches.hold_date(m, ref)
    elif kind == keys.BUNDLE_FULL:
        batches.call_full(m, ref)
    elif kind == keys.BUNDLE_OLD:
        if a.visits(m)[ref].patience == sequence:
            batches.call_old(m, ref)
    elif kind == keys.MEETING_ENDS:
        batches.end(m, ref)
    elif kind == keys.ROOM_CHECKED:
        ends.check_room(m)


@small
def _happen(m, kind, ref, sequence):
    """Let an event take place; return (strand, node) where one goes on at once, else (-1, -1)."""
    if kind == keys.WORK_ENDS:
        if a.visits(m)[ref].end == sequence:
            return walk.work_ends(m, ref)
    elif kind == keys.CASE_ARRIVES:
        return _arrive(m)
    elif kind == keys.WAIT_ENDS:
        if a.strands(m)[ref].wait_end == sequence:
            return ref, walk.wait_ends(m, ref)
    else:
        _happen_seldom(m, kind, ref, sequence)
    return -1, -1


@small
def _next_event(m):
    """Let time go on to what is due next, and let it take place; return (why to stop or -1, strand, node)."""
    n = a.numbers(m)
    events.close_gap(m)
    t = a.events(m)[0].time if n[a.N_EVENTS] else far.NEVER
    if n[a.COHORT_LEFT] == 0 and t > n[a.WINDOW_END]:
        # The cohort has ended: never stop before the window does.
        n[a.STOP] = min(n[a.STOP], max(n[a.WINDOW_END], n[a.NOW]))
    if t > n[a.STOP]:
        return ENDED, -1, -1
    if n[a.ARRIVAL] == n[a.N_ARRIVALS] and not n[a.ALL_ARRIVED]:
        return NEEDS_ARRIVALS, -1, -1
    if t != n[a.NOW]:
        n[a.NOW] = t
        n[a.STUCK] = 0
        n[a.OPEN_BEFORE] = n[a.OPEN_CASES] - n[a.FIRST_ROW] - n[a.ARRIVAL]
    first = a.events(m)[0]
    kind, ref = keys.kind_of(first.what), keys.ref_of(first.what)
    sequence = keys.sequence_of(first.tail)
    n[a.GAP] = 1
    far.look(m)
    strand, node = _happen(m, kind, ref, sequence)
    return GOES_ON, strand, node


@small
def _next(m):
    """Let the next thing happen; return (why to stop or -1, a strand that goes on or -1, its node)."""
    n = a.numbers(m)
    if n[a.URGENT_N]:
        strand, node = events.next_turn(m, a.urgent(m), a.URGENT_FROM, a.URGENT_N)
        return GOES_ON, strand, node
    if n[a.NORMAL_N]:
        strand, node = events.next_turn(m, a.normal(m), a.NORMAL_FROM, a.NORMAL_N)
        return GOES_ON, strand, node
    if events.dispatch_is_next(m):
        _dispatch(m)
        return GOES_ON, -1, -1
    return _next_event(m)


@inner
def _goes_round(m):
    """Whether more happens in this second than all cases that were open in it can account for."""
    apart()
    n = a.numbers(m)
    cases = n[a.OPEN_BEFORE] + n[a.FIRST_ROW] + n[a.ARRIVAL]
    return n[a.STUCK] > MOST_PER_INSTANT + MOST_PER_CASE * cases


@inner
def _close(m):
    """Write what is open as the run ends, if there is room for all of it."""
    apart()
    n = a.numbers(m)
    n[a.IN_NUMBERS] = bounds.AT_THE_END
    if bounds.safe_steps(m) < 1:
        return NEEDS_ROOM
    ends.close(m, n[a.STOP])
    return ENDED


@entry
def advance(m):
    """Go on with a run until it ends, fails, needs room or arrivals, or has rows to sort; return which."""
    n = a.numbers(m)
    if n[a.BEGUN] == 0:
        begin(m)
    elif n[a.BEGUN] == MORE_ARRIVALS:
        _next_arrival(m)
    n[a.BEGUN] = 1
    strand, node = n[a.AT_STRAND], n[a.AT_NODE]
    why = GOES_ON
    look = steps = 0
    while why == GOES_ON:
        if steps <= 0 or n[a.LOOK_AGAIN]:
            n[a.LOOK_AGAIN] = 0
            # About: some of these steps may have been in the second before.
            n[a.STUCK] += look - steps
            look = steps = bounds.safe_steps(m)
            if n[a.FAILURE]:
                why = FAILED
                break
            if n[a.STUCK] > MOST_PER_INSTANT and _goes_round(m):
                why = STUCK
                break
            if steps < 1:
                why = NEEDS_ROOM
                break
            if n[a.STEP_ROWS] >= n[a.ROWS_DUE]:
                why = ROWS_DUE
                break
        steps -= 1
        if strand >= 0:
            node = walk.step(m, strand, node)
            if node < 0:
                strand = -1
        else:
            why, strand, node = _next(m)
    n[a.AT_STRAND], n[a.AT_NODE] = strand, node
    return _close(m) if why == ENDED else why
