"""Pools at work in compiled code: who waits, who starts, what is given back (see ``sim.engine.staff``)."""

from __future__ import annotations

from sim.engine.compiled import events, recording, slots, waiting
from sim.engine.compiled import layout as a
from sim.engine.compiled.jit import inner, small
from sim.engine.records import Work
from sim.engine.state import NEVER
from sim.network.elements import Kind, QueueRule, ShiftEnd

_BLOCK = int(Kind.BLOCK)
_FITS = int(ShiftEnd.FITS)
_FIRST_COME = int(QueueRule.FIRST_COME)
_BY_PRIORITY = int(QueueRule.CLASS)
_EARLIEST_DUE = int(QueueRule.EARLIEST_DUE)
_STARTED = int(Work.STARTED)
_WAITING = int(Work.WAITING)
#: Values of a tally's column for a hold.
HELD = 1
USED = 2


# ---- areas -------------------------------------------------------------------------------------------


@small
def account(m, pool):
    """Bring the areas of `pool` up to now, clipped to the window; call before its state changes."""
    n = a.numbers(m)
    now = n[a.NOW]
    p = a.pools(m)[pool]
    if now != p.last:
        account_to(m, pool, now)


@inner
def account_to(m, pool, now):
    """Bring the areas of `pool` up to second `now`."""
    n = a.numbers(m)
    p = a.pools(m)[pool]
    start = max(p.last, n[a.WINDOW_START])
    length = min(now, n[a.WINDOW_END]) - start
    if length > 0:
        p.queue_area += p.waiting * length
        over = p.busy - p.capacity
        if over > 0:
            p.excess_area += over * length
            p.busy_area += p.capacity * length
        else:
            p.busy_area += p.busy * length
        if over < 0 and p.held:
            p.held_area += min(p.held, -over) * length
    p.last = now


# ---- joining and leaving a queue ---------------------------------------------------------------------


@small
def dispatch_later(m):
    """Let staff be given out when all else of this second is done."""
    n = a.numbers(m)
    if not n[a.DISPATCH_DUE]:
        # There is one at most, and in this second: it waits beside the heap, by its number.
        n[a.SEQUENCE] += 1
        n[a.DISPATCH_DUE] = n[a.SEQUENCE]


@small
def look_again(m, pool):
    """Let the next dispatch look at `pool`."""
    n = a.numbers(m)
    p = a.pools(m)[pool]
    if not p.dirty:
        p.dirty = 1
        a.dirty(m)[n[a.DIRTY]] = pool
        n[a.DIRTY] += 1


@inner
def rule_value(m, rule, visit):
    """Return the value by which `rule` orders waiting work, least first."""
    if rule == _FIRST_COME:
        return 0
    v = a.visits(m)[visit]
    if rule == _BY_PRIORITY:
        return a.cases(m)[v.case].priority
    if rule == _EARLIEST_DUE:
        return v.due if v.due >= 0 else NEVER
    return v.effort


@inner
def _enter_room(m, pool, visit):
    """Put `visit` at its place among those waiting for a pool with bounded room, the last joined last."""
    n = a.numbers(m)
    table = a.visits(m)
    p = a.pools(m)[pool]
    v = table[visit]
    before = p.room_last
    while before >= 0:
        b = table[before]
        if b.joined < v.joined:
            break
        if b.joined == v.joined and (
            b.rank < v.rank
            or (b.rank == v.rank and (b.node < v.node or (b.node == v.node and b.entry <= v.entry)))
        ):
            break
        before = b.room_before
    v.in_room = 1
    v.room_before = before
    if before >= 0:
        v.room = table[before].room
        table[before].room = visit
    else:
        v.room = p.room_first
        p.room_first = visit
    if v.room >= 0:
        table[v.room].room_before = visit
    else:
        p.room_last = visit
    if not n[a.ROOM_DUE]:
        n[a.ROOM_DUE] = 1
        events.schedule(m, n[a.NOW], events.ROOM, 0, events.ROOM_CHECKED, 0)


@inner
def _leave_room(m, pool, visit):
    table = a.visits(m)
    p = a.pools(m)[pool]
    v = table[visit]
    v.in_room = 0
    if v.room_before >= 0:
        table[v.room_before].room = v.room
    else:
        p.room_first = v.room
    if v.room >= 0:
        table[v.room].room_before = v.room_before
    else:
        p.room_last = v.room_before


@inner
def join(m, visit):
    """Put new work at its place in the queue of its step."""
    v = a.visits(m)[visit]
    queue = a.nodes(m)[v.node].queue
    q = a.queues(m)[queue]
    v.queue = queue
    v.paused = 0
    v.k0 = rule_value(m, q.rule, visit)
    v.k1 = v.since
    q.root = waiting.join(m, q.root, visit)
    q.length += 1
    account(m, q.first)
    p = a.pools(m)[q.first]
    p.waiting += 1
    if p.room >= 0:
        _enter_room(m, q.first, visit)
    recording.note_pool(m, q.first)
    whole = a.whole(m)
    for i in range(q.pools_at, q.pools_at + q.pools_n):
        pool = whole[i]
        named = a.pools(m)[pool]
        # A pool without a free unit now is looked at again when one comes free.
        if named.capacity > named.busy:
            look_again(m, pool)
            dispatch_later(m)


@inner
def _leave_heap(m, visit):
    v = a.visits(m)[visit]
    q = a.queues(m)[v.queue]
    if v.paused:
        q.paused = waiting.leave(m, q.paused, visit)
    else:
        q.root = waiting.leave(m, q.root, visit)
    q.length -= 1
    v.queue = -1


@inner
def _no_longer_first(m, queue, visit):
    """Work that has not begun waits no longer for the pool that its step names first."""
    q = a.queues(m)[queue]
    account(m, q.first)
    p = a.pools(m)[q.first]
    p.waiting -= 1
    if a.visits(m)[visit].in_room:
        _leave_room(m, q.first, visit)
    recording.note_pool(m, q.first)


@inner
def leave(m, visit):
    """Take waiting or paused work out of its queue for good."""
    v = a.visits(m)[visit]
    queue = v.queue
    if queue < 0:
        return
    _leave_heap(m, visit)
    if v.started < 0:
        _no_longer_first(m, queue, visit)
    # Whoever stood behind it is a head now.
    q = a.queues(m)[queue]
    whole = a.whole(m)
    for i in range(q.pools_at, q.pools_at + q.pools_n):
        look_again(m, whole[i])
    dispatch_later(m)


@inner
def rekey(m, visit):
    """Give waiting work the place that its changed class gives it."""
    v = a.visits(m)[visit]
    if v.queue < 0 or v.started >= 0:
        return
    q = a.queues(m)[v.queue]
    q.root = waiting.leave(m, q.root, visit)
    v.k0 = rule_value(m, q.rule, visit)
    q.root = waiting.join(m, q.root, visit)
    whole = a.whole(m)
    for i in range(q.pools_at, q.pools_at + q.pools_n):
        look_again(m, whole[i])
    dispatch_later(m)


# ---- meetings that wait for staff --------------------------------------------------------------------


@inner
def _meets_before(m, one, other):
    table = a.meetings(m)
    g, h = table[one], table[other]
    if g.planned != h.planned:
        return g.planned < h.planned
    node, other_node = a.batches(m)[g.batch].node, a.batches(m)[h.batch].node
    if node != other_node:
        return node < other_node
    return g.number < h.number


@inner
def meet(m, meeting):
    """Let a meeting wait for all who attend."""
    need = a.needs(m)[a.batches(m)[a.meetings(m)[meeting].batch].need]
    table = a.links(m)
    for i in range(need.at, need.at + need.n):
        pool = a.whole(m)[i]
        p = a.pools(m)[pool]
        link = slots.new_link(m)
        table[link].meeting = meeting
        before = -1
        after = p.meetings
        while after >= 0 and not _meets_before(m, meeting, table[after].meeting):
            before = after
            after = table[after].next
        table[link].next = after
        if before >= 0:
            table[before].next = link
        else:
            p.meetings = link
        look_again(m, pool)
    dispatch_later(m)


@inner
def call_off(m, meeting):
    """Let a meeting wait no longer."""
    need = a.needs(m)[a.batches(m)[a.meetings(m)[meeting].batch].need]
    table = a.links(m)
    for i in range(need.at, need.at + need.n):
        p = a.pools(m)[a.whole(m)[i]]
        before = -1
        link = p.meetings
        while table[link].meeting != meeting:
            before = link
            link = table[link].next
        if before >= 0:
            table[before].next = table[link].next
        else:
            p.meetings = table[link].next
        slots.drop_link(m, link)


@small
def _free(m, pool):
    p = a.pools(m)[pool]
    return p.capacity - p.busy - p.held


@inner
def _ready_meeting(m, pool):
    link = a.pools(m)[pool].meetings
    whole = a.whole(m)
    while link >= 0:
        meeting = a.links(m)[link].meeting
        need = a.needs(m)[a.batches(m)[a.meetings(m)[meeting].batch].need]
        ready = True
        for i in range(need.at, need.at + need.n):
            if _free(m, whole[i]) < whole[i + need.n]:
                ready = False
                break
        if ready:
            return meeting
        link = a.links(m)[link].next
    return -1


# ---- whether work could start ------------------------------------------------------------------------


@inner
def held_column(m, visit, pool):
    """Return the place in the tally of the unit of `pool` kept for the case, innermost block first; -1."""
    v = a.visits(m)[visit]
    node = a.nodes(m)[v.node]
    whole = a.whole(m)
    tally = a.tally(m)
    base = v.case * a.numbers(m)[a.WIDTH]
    for i in range(node.blocks_at + node.blocks_n - 1, node.blocks_at - 1, -1):
        block = a.nodes(m)[whole[i]]
        if block.hold == pool and tally[base + block.hold_column]:
            return base + block.hold_column
    return -1


@inner
def _fits(m, visit, pool, units):
    """Whether the work ends before capacity falls below what it and later-ending work use."""
    now = a.numbers(m)[a.NOW]
    ends = now + a.visits(m)[visit].remaining
    p = a.pools(m)[pool]
    whole = a.whole(m)
    change, high = 0, p.steps_n  # the first change after now
    while change < high:
        middle = (change + high) >> 1
        if now < whole[p.steps_at + middle]:
            high = middle
        else:
            change = middle + 1
    while change < p.steps_n:
        t = whole[p.steps_at + change]
        if t >= ends:
            break
        used = units
        take = p.work
        while take >= 0:
            k = a.takes(m)[take]
            until = a.visits(m)[k.visit].ends if k.visit >= 0 else a.meetings(m)[k.meeting].ends
            if until > t:
                used += k.units
            take = k.pool_next
        if whole[p.steps_at + p.steps_n + change] < used:
            return False
        change += 1
    return True


@inner
def _can_start(m, visit, need):
    """Whether all units of `need` are free now; a unit kept for this case serves its own steps."""
    whole = a.whole(m)
    d = a.needs(m)[need]
    v = a.visits(m)[visit]
    node = a.nodes(m)[v.node]
    for i in range(d.at, d.at + d.n):
        p = a.pools(m)[whole[i]]
        units = whole[i + d.n]
        on_shift = p.capacity - p.busy
        if on_shift < units:
            return False
        wanted = units
        if node.blocks_n:
            held = held_column(m, visit, whole[i])
            if held >= 0:
                if a.tally(m)[held] == USED:
                    return False
                wanted -= 1
        if wanted and on_shift - p.held < wanted:
            return False
    if node.shift_end == _FITS and v.remaining:
        for i in range(d.at, d.at + d.n):
            if not _fits(m, visit, whole[i], whole[i + d.n]):
                return False
    return True


@inner
def _option(m, visit, pool):
    """Return the first alternative that can be taken now, if one of those uses `pool`; else -1."""
    node = a.nodes(m)[a.visits(m)[visit].node]
    if node.kind == _BLOCK:
        return 0 if _free(m, pool) > 0 else -1
    whole = a.whole(m)
    first = -1
    for i in range(node.needs_n):
        if _can_start(m, visit, node.needs_at + i):
            if first < 0:
                first = i
            d = a.needs(m)[node.needs_at + i]
            for k in range(d.at, d.at + d.n):
                if whole[k] == pool:
                    return first
    return -1


# ---- dispatch ----------------------------------------------------------------------------------------


@inner
def _goes_before(m, pool_rule, one, other):
    """Whether visit `one` comes before `other` at a pool of that rule."""
    x, y = rule_value(m, pool_rule, one), rule_value(m, pool_rule, other)
    if x != y:
        return x < y
    v, w = a.visits(m)[one], a.visits(m)[other]
    if v.since != w.since:
        return v.since < w.since
    if v.rank != w.rank:
        return v.rank < w.rank
    if v.node != w.node:
        return v.node < w.node
    return v.entry < w.entry


@inner
def _take_units(m, visit, meeting, need):
    """Take all units of `need` for a visit, or for a meeting (`visit` -1); return the list of takes."""
    whole = a.whole(m)
    d = a.needs(m)[need]
    table = a.takes(m)
    list_ = -1
    kept = False
    if visit >= 0:
        kept = a.nodes(m)[a.visits(m)[visit].node].blocks_n > 0
    for i in range(d.at + d.n - 1, d.at - 1, -1):
        pool = whole[i]
        account(m, pool)
        p = a.pools(m)[pool]
        held = held_column(m, visit, pool) if kept else -1
        if held >= 0:
            a.tally(m)[held] = USED
            p.held -= 1
        p.busy += whole[i + d.n]
        slot = slots.new_take(m)
        k = table[slot]
        k.visit = visit
        k.meeting = meeting
        k.pool = pool
        k.units = whole[i + d.n]
        k.held = held
        k.next = list_
        k.pool_before = -1
        k.pool_next = p.work
        if p.work >= 0:
            table[p.work].pool_before = slot
        p.work = slot
        list_ = slot
        recording.note_pool(m, pool)
    return list_


@inner
def look_at(m, pool):
    """A unit of `pool` may be free: let a dispatch look at all that it could help to start."""
    whole = a.whole(m)
    mine = a.pools(m)[pool]
    for i in range(mine.kin_at, mine.kin_at + mine.kin_n):
        other = a.pools(m)[whole[i]]
        if other.meetings >= 0:
            look_again(m, whole[i])
            dispatch_later(m)
            continue
        for k in range(other.queues_at, other.queues_at + other.queues_n):
            if a.queues(m)[whole[k]].length:
                look_again(m, whole[i])
                dispatch_later(m)
                break


@inner
def give_back(m, take):
    """Return all units in a list of takes, in every pool, and let others have them."""
    table = a.takes(m)
    while take >= 0:
        k = table[take]
        pool = k.pool
        account(m, pool)
        p = a.pools(m)[pool]
        p.busy -= k.units
        if k.pool_before >= 0:
            table[k.pool_before].pool_next = k.pool_next
        else:
            p.work = k.pool_next
        if k.pool_next >= 0:
            table[k.pool_next].pool_before = k.pool_before
        if k.held >= 0:
            a.tally(m)[k.held] = HELD
            p.held += 1
        recording.note_pool(m, pool)
        look_at(m, pool)
        after = k.next
        slots.drop_take(m, take)
        take = after


@inner
def start(m, visit, option):
    """Start work, or keep a unit; return 1 where a hold begins, and so the case goes on."""
    n = a.numbers(m)
    now = n[a.NOW]
    v = a.visits(m)[visit]
    queue = v.queue
    _leave_heap(m, visit)
    if v.started < 0:
        _no_longer_first(m, queue, visit)
        v.started = now
        v.patience = 0
    v.state = _STARTED
    node = a.nodes(m)[v.node]
    if node.kind == _BLOCK:
        pool = node.hold
        account(m, pool)
        a.pools(m)[pool].held += 1
        recording.note_pool(m, pool)
        a.tally(m)[v.case * n[a.WIDTH] + node.hold_column] = HELD
        return 1
    n[a.ACTIVITIES] += 1
    v.option = option
    v.work_from = now
    v.ends = now + v.remaining
    v.take = _take_units(m, visit, -1, node.needs_at + option)
    key = events.key_of(events.END_WORK, v.node, v.rank)
    v.end = events.schedule(m, v.ends, key, v.entry, events.WORK_ENDS, visit)
    return 0


@inner
def stop_work(m, visit):
    """Note the work done since `work_from`; the end that was due does not come."""
    now = a.numbers(m)[a.NOW]
    v = a.visits(m)[visit]
    v.end = 0
    v.served += now - v.work_from
    if v.first_piece >= 0:
        slots.add_piece(m, visit, v.work_from, now)


@inner
def pause(m, visit):
    """Let work in progress wait, at the head, for its pools to be on shift again."""
    now = a.numbers(m)[a.NOW]
    v = a.visits(m)[visit]
    v.end = 0
    v.served += now - v.work_from
    slots.add_piece(m, visit, v.work_from, now)
    v.remaining = v.ends - now
    v.since = now
    give_back(m, v.take)
    v.take = -1
    queue = a.nodes(m)[v.node].queue
    q = a.queues(m)[queue]
    v.queue = queue
    v.paused = 1
    v.k0 = v.started
    v.k1 = 0
    q.paused = waiting.join(m, q.paused, visit)
    q.length += 1
    whole = a.whole(m)
    for i in range(q.pools_at, q.pools_at + q.pools_n):
        look_again(m, whole[i])
    dispatch_later(m)


@inner
def release(m, case, block):
    """Give back the unit that `case` kept through `block`."""
    n = a.numbers(m)
    node = a.nodes(m)[block]
    a.tally(m)[case * n[a.WIDTH] + node.hold_column] = 0
    account(m, node.hold)
    a.pools(m)[node.hold].held -= 1
    recording.note_pool(m, node.hold)
    look_at(m, node.hold)


@inner
def best_head(m, pool):
    """Return (visit, option): the best head that a free unit of `pool` lets start; visit -1 for none."""
    p = a.pools(m)[pool]
    whole = a.whole(m)
    simple = 0 if p.capacity - p.busy - p.held > 0 else -1
    best = -1
    best_option = -1
    for i in range(p.queues_at, p.queues_at + p.queues_n):
        q = a.queues(m)[whole[i]]
        if not q.length:
            continue
        visit = q.paused if q.paused >= 0 else q.root
        option = simple if q.simple else _option(m, visit, pool)
        if option < 0:
            continue
        if best < 0 or _goes_before(m, p.rule, visit, best):
            best = visit
            best_option = option
    return best, best_option


@inner
def ready_meeting(m, pool):
    """Take the staff of the first meeting that can begin; return it, -1 for none."""
    meeting = _ready_meeting(m, pool)
    if meeting >= 0:
        call_off(m, meeting)
        g = a.meetings(m)[meeting]
        g.take = _take_units(m, -1, meeting, a.batches(m)[g.batch].need)
        a.numbers(m)[a.ACTIVITIES] += 1
    return meeting
