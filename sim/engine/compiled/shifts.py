"""Changes of head-count in compiled code, and whose work stops when it falls."""

from __future__ import annotations

from sim.engine.compiled import events, keys, pools, recording, staff
from sim.engine.compiled import layout as a
from sim.engine.compiled.jit import apart, inner
from sim.network.elements import ShiftEnd

_FINISH = int(ShiftEnd.FINISH)


@inner
def next_shift(m):
    """Schedule the next change of head-count, if there is one."""
    apart()
    n = a.numbers(m)
    if n[a.NEXT_SHIFT] < n[a.N_SHIFTS]:
        t = a.shifts(m)[n[a.NEXT_SHIFT]].time
        events.schedule(m, t, keys.SHIFT, 0, keys.SHIFT_CHANGES, 0)


@inner
def _started_later(m, one, other):
    """Whether work `one` (a take) goes first when capacity falls: the latest first start, then the last."""
    apart()
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
    apart()
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
    apart()
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
def change_shifts(m):
    """Let all changes of head-count of this second take place."""
    apart()
    n = a.numbers(m)
    while n[a.NEXT_SHIFT] < n[a.N_SHIFTS]:
        change = a.shifts(m)[n[a.NEXT_SHIFT]]
        if change.time != n[a.NOW]:
            break
        n[a.NEXT_SHIFT] += 1
        pool = change.pool
        pools.account(m, pool)
        p = a.pools(m)[pool]
        rise = change.capacity > p.capacity
        p.capacity = change.capacity
        recording.note_pool(m, pool)
        if rise:
            pools.look_at(m, pool)
        else:
            _fall(m, pool, change.capacity)
    next_shift(m)
