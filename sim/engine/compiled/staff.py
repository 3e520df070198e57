"""Staff at work in compiled code: taken, given back, paused (see ``sim.engine.staff``)."""

from __future__ import annotations

from sim.engine.compiled import (
    ahead,
    attending,
    choosing,
    events,
    keys,
    pools,
    queues,
    recording,
    slots,
    waiting,
)
from sim.engine.compiled import layout as a
from sim.engine.compiled.jit import apart, inner, small
from sim.engine.records import Work
from sim.network.elements import Kind

_BLOCK = int(Kind.BLOCK)
_STARTED = int(Work.STARTED)


@small
def _take(m, visit, meeting, pool, units, held, list_):
    """Take units of one pool; return the list of takes, longer by one."""
    pools.account(m, pool)
    table = a.takes(m)
    p = a.pools(m)[pool]
    p.busy += units
    slot = slots.new_take(m)
    k = table[slot]
    k.visit = visit
    k.meeting = meeting
    k.pool = pool
    k.units = units
    k.held = held
    k.next = list_
    k.pool_before = -1
    k.pool_next = p.work
    if p.work >= 0:
        table[p.work].pool_before = slot
    p.work = slot
    recording.note_pool(m, pool)
    return slot


@inner
def _take_units(m, visit, meeting, need):
    """Take all units of `need` for a visit, or for a meeting (`visit` -1); return the list of takes."""
    apart()
    whole = a.whole(m)
    d = a.needs(m)[need]
    list_ = -1
    kept = False
    if visit >= 0:
        kept = a.nodes(m)[a.visits(m)[visit].node].blocks_n > 0
    for i in range(d.at + d.n - 1, d.at - 1, -1):
        pool = whole[i]
        held = choosing.held_column(m, visit, pool) if kept else -1
        if held >= 0:
            pools.account(m, pool)
            a.tally(m)[held] = choosing.USED
            a.pools(m)[pool].held -= 1
        list_ = _take(m, visit, meeting, pool, whole[i + d.n], held, list_)
    return list_


@small
def give_back(m, take):
    """Return all units in a list of takes, in every pool, and let others have them."""
    table = a.takes(m)
    while take >= 0:
        k = table[take]
        pool = k.pool
        pools.account(m, pool)
        p = a.pools(m)[pool]
        p.busy -= k.units
        if k.pool_before >= 0:
            table[k.pool_before].pool_next = k.pool_next
        else:
            p.work = k.pool_next
        if k.pool_next >= 0:
            table[k.pool_next].pool_before = k.pool_before
        if k.held >= 0:
            a.tally(m)[k.held] = choosing.HELD
            p.held += 1
        recording.note_pool(m, pool)
        pools.look_at(m, pool)
        after = k.next
        slots.drop_take(m, take)
        take = after


@small
def _begin(m, visit, option, take):
    """Begin or go on with work whose staff has been taken, and let its end come."""
    n = a.numbers(m)
    now = n[a.NOW]
    v = a.visits(m)[visit]
    n[a.ACTIVITIES] += 1
    v.option = option
    v.take = take
    v.work_from = now
    ends = now + v.remaining
    v.ends = ends
    key = keys.key_of(keys.END_WORK, v.node, v.rank)
    v.end = events.schedule(m, ends, key, v.entry, keys.WORK_ENDS, visit)


@small
def _is_at_work(v, now):
    """Note that the work of a visit has begun, the first time with its second."""
    if v.started < 0:
        v.started = now
        v.patience = 0
    v.state = _STARTED


@small
def start(m, visit, option):
    """Start work, or keep a unit; return 1 where a hold begins, and so the case goes on."""
    n = a.numbers(m)
    now = n[a.NOW]
    v = a.visits(m)[visit]
    queue = v.queue
    if ahead.pays(m):  # its work may end soon
        ahead.whose(m, v)
    queues.leave_heap(m, visit)
    if v.started < 0:
        queues.no_longer_first(m, queue, visit)
    _is_at_work(v, now)
    node = a.nodes(m)[v.node]
    if node.kind == _BLOCK:
        pool = node.hold
        pools.account(m, pool)
        a.pools(m)[pool].held += 1
        recording.note_pool(m, pool)
        a.tally(m)[v.case * n[a.WIDTH] + node.hold_column] = choosing.HELD
        return 1
    q = a.queues(m)[queue]
    if q.simple:
        take = _take(m, visit, -1, q.first, 1, -1, -1)
    else:
        take = _take_units(m, visit, -1, node.needs_at + option)
    _begin(m, visit, option, take)
    return 0


@small
def start_at_once(m, visit):
    """Start work that has just joined if nothing can come before it; return whether it has begun.

    What joining its queue and the dispatch that follows would do, without either.
    """
    n = a.numbers(m)
    v = a.visits(m)[visit]
    q = a.queues(m)[a.nodes(m)[v.node].queue]
    if not q.simple or n[a.POOL_STATES]:
        return False
    # Where staff are yet to be given out in other pools, work without length would end before that.
    if n[a.DISPATCH_DUE] and not v.remaining:
        return False
    p = a.pools(m)[q.first]
    if p.capacity - p.busy - p.held <= 0 or p.room >= 0 or p.meetings >= 0 or not events.second_is_over(m):
        return False
    whole = a.whole(m)
    for i in range(p.queues_at, p.queues_at + p.queues_n):
        if a.queues(m)[whole[i]].length:
            return False
    _is_at_work(v, n[a.NOW])
    _begin(m, visit, 0, _take(m, visit, -1, q.first, 1, -1, -1))
    return True


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
    apart()
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
        pools.look_again(m, whole[i])
    pools.dispatch_later(m)


@inner
def release(m, case, block):
    """Give back the unit that `case` kept through `block`."""
    apart()
    n = a.numbers(m)
    node = a.nodes(m)[block]
    a.tally(m)[case * n[a.WIDTH] + node.hold_column] = 0
    pools.account(m, node.hold)
    a.pools(m)[node.hold].held -= 1
    recording.note_pool(m, node.hold)
    pools.look_at(m, node.hold)


@inner
def ready_meeting(m, pool):
    """Take the staff of the first meeting that can begin; return it, -1 for none."""
    apart()
    meeting = attending.first_ready(m, pool)
    if meeting >= 0:
        attending.call_off(m, meeting)
        g = a.meetings(m)[meeting]
        g.take = _take_units(m, -1, meeting, a.batches(m)[g.batch].need)
        a.numbers(m)[a.ACTIVITIES] += 1
    return meeting
