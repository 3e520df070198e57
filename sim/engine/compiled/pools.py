"""A pool in compiled code: its areas, its free units, and whether the next dispatch looks at it."""

from __future__ import annotations

from sim.engine.compiled import layout as a
from sim.engine.compiled.jit import inner, small


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


@small
def look_at(m, pool):
    """A unit of `pool` may be free: let a dispatch look at all that it could help to start."""
    whole = a.whole(m)
    mine = a.pools(m)[pool]
    if mine.own >= 0:
        if a.queues(m)[mine.own].length or mine.meetings >= 0:
            look_again(m, pool)
            dispatch_later(m)
        return
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


@small
def free_units(m, pool):
    """Return the units on shift that are neither at work nor kept for a case."""
    p = a.pools(m)[pool]
    return p.capacity - p.busy - p.held
