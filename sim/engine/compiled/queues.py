"""Who waits for staff in compiled code: joins, leaves and changes places (see ``sim.engine.staff``)."""

from __future__ import annotations

from sim.engine.compiled import events, keys, pools, recording, waiting
from sim.engine.compiled import layout as a
from sim.engine.compiled.jit import apart, inner, small
from sim.engine.state import NEVER
from sim.network.elements import QueueRule

_FIRST_COME = int(QueueRule.FIRST_COME)
_BY_PRIORITY = int(QueueRule.CLASS)
_EARLIEST_DUE = int(QueueRule.EARLIEST_DUE)


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
    apart()
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
        events.schedule(m, n[a.NOW], keys.ROOM, 0, keys.ROOM_CHECKED, 0)


@inner
def _leave_room(m, pool, visit):
    apart()
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


@small
def join(m, visit):
    """Put new work at its place in the queue of its step."""
    v = a.visits(m)[visit]
    queue = a.nodes(m)[v.node].queue
    q = a.queues(m)[queue]
    v.queue = queue
    v.paused = 0
    v.k0 = rule_value(m, q.rule, visit)
    v.k1 = v.since
    waiting.enter(m, q, visit)
    q.length += 1
    pools.account(m, q.first)
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
            pools.look_again(m, pool)
            pools.dispatch_later(m)


@small
def leave_heap(m, visit):
    """Take a visit out of the line or the heap of its queue."""
    v = a.visits(m)[visit]
    q = a.queues(m)[v.queue]
    if v.paused:
        q.paused = waiting.leave(m, q.paused, visit)
    else:
        waiting.depart(m, q, visit)
    q.length -= 1
    v.queue = -1


@small
def no_longer_first(m, queue, visit):
    """Work that has not begun waits no longer for the pool that its step names first."""
    q = a.queues(m)[queue]
    pools.account(m, q.first)
    p = a.pools(m)[q.first]
    p.waiting -= 1
    if a.visits(m)[visit].in_room:
        _leave_room(m, q.first, visit)
    recording.note_pool(m, q.first)


@inner
def leave(m, visit):
    """Take waiting or paused work out of its queue for good."""
    apart()
    v = a.visits(m)[visit]
    queue = v.queue
    if queue < 0:
        return
    leave_heap(m, visit)
    if v.started < 0:
        no_longer_first(m, queue, visit)
    # Whoever stood behind it is a head now.
    q = a.queues(m)[queue]
    whole = a.whole(m)
    for i in range(q.pools_at, q.pools_at + q.pools_n):
        pools.look_again(m, whole[i])
    pools.dispatch_later(m)


@inner
def rekey(m, visit):
    """Give waiting work the place that its changed class gives it."""
    apart()
    v = a.visits(m)[visit]
    if v.queue < 0 or v.started >= 0:
        return
    q = a.queues(m)[v.queue]
    waiting.depart(m, q, visit)
    v.k0 = rule_value(m, q.rule, visit)
    waiting.enter(m, q, visit)
    whole = a.whole(m)
    for i in range(q.pools_at, q.pools_at + q.pools_n):
        pools.look_again(m, whole[i])
    pools.dispatch_later(m)
