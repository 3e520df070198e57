"""Which waiting work starts next in compiled code: what could start now, and what goes first."""

from __future__ import annotations

from sim.engine.compiled import layout as a
from sim.engine.compiled import pools, queues, waiting
from sim.engine.compiled.jit import apart, inner, small
from sim.network.elements import Kind, ShiftEnd

_BLOCK = int(Kind.BLOCK)
_FITS = int(ShiftEnd.FITS)
#: Values of a tally's column for a hold.
HELD = 1
USED = 2


@inner
def held_column(m, visit, pool):
    """Return the place in the tally of the unit of `pool` kept for the case, innermost block first; -1."""
    apart()
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
    apart()
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
    apart()
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
    apart()
    node = a.nodes(m)[a.visits(m)[visit].node]
    if node.kind == _BLOCK:
        return 0 if pools.free_units(m, pool) > 0 else -1
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


@inner
def _goes_before(m, pool_rule, one, other):
    """Whether visit `one` comes before `other` at a pool of that rule."""
    x, y = queues.rule_value(m, pool_rule, one), queues.rule_value(m, pool_rule, other)
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


@small
def _head(m, pool, queue):
    """Return (visit, option): the head of a queue, if a free unit of `pool` lets it start; else visit -1."""
    q = a.queues(m)[queue]
    if not q.length:
        return -1, -1
    visit = q.paused if q.paused >= 0 else waiting.first(m, q)
    free = 0 if pools.free_units(m, pool) > 0 else -1
    option = free if q.simple else _option(m, visit, pool)
    return (visit, option) if option >= 0 else (-1, -1)


@inner
def _best_of_heads(m, pool):
    apart()
    p = a.pools(m)[pool]
    whole = a.whole(m)
    best = best_option = -1
    for i in range(p.queues_at, p.queues_at + p.queues_n):
        visit, option = _head(m, pool, whole[i])
        if visit >= 0 and (best < 0 or _goes_before(m, p.rule, visit, best)):
            best, best_option = visit, option
    return best, best_option


@small
def best_head(m, pool):
    """Return (visit, option): the best head that a free unit of `pool` lets start; visit -1 for none."""
    own = a.pools(m)[pool].own
    return _head(m, pool, own) if own >= 0 else _best_of_heads(m, pool)
