"""Waiting work in order: a line and pairing heaps, whose links stand in the visits themselves.

In most queues each comes after all who are there. They stand in a line; who comes before the last of it
stands in a heap, and the first of both goes first.

M. L. Fredman, R. Sedgewick, D. D. Sleator, R. E. Tarjan, "The pairing heap: a new form of self-adjusting
heap", Algorithmica 1 (1986). Joining takes constant time; taking the first, or one from the middle,
O(log n) amortised. A heap is named by its first visit, -1 when it is empty. Keys are (k0, k1, rank, entry),
all different, so the order is that of the reference whatever the shape of the heap.
"""

from __future__ import annotations

from sim.engine.compiled import layout as a
from sim.engine.compiled.jit import apart, inner, small

#: Value of `child` of those who stand in a line.
_IN_LINE = -2


@small
def _before(one, other):
    if one.k0 != other.k0:
        return one.k0 < other.k0
    if one.k1 != other.k1:
        return one.k1 < other.k1
    if one.rank != other.rank:
        return one.rank < other.rank
    return one.entry < other.entry


@inner
def _meld(visits, one, other):
    """Join two heaps; return the first of both."""
    if one < 0:
        return other
    if other < 0:
        return one
    if _before(visits[other], visits[one]):
        one, other = other, one
    first = visits[one]
    below = visits[other]
    old = first.child
    below.before = one
    below.sibling = old
    if old >= 0:
        visits[old].before = other
    first.child = other
    return one


@inner
def _gather(visits, child):
    """Join the heaps in a list of siblings, two by two and then from the last back to the first."""
    apart()
    done = -1
    while child >= 0:
        other = visits[child].sibling
        after = visits[other].sibling if other >= 0 else -1
        visits[child].sibling = -1
        if other >= 0:
            visits[other].sibling = -1
        pair = _meld(visits, child, other)
        visits[pair].sibling = done
        done = pair
        child = after
    heap = -1
    while done >= 0:
        after = visits[done].sibling
        visits[done].sibling = -1
        heap = _meld(visits, heap, done)
        done = after
    if heap >= 0:
        visits[heap].before = -1
    return heap


@inner
def join(m, heap, visit):
    """Add `visit`, its keys set; return the first of the heap."""
    apart()
    v = a.visits(m)
    mine = v[visit]
    mine.child = -1
    mine.sibling = -1
    mine.before = -1
    return _meld(v, heap, visit)


@inner
def leave(m, heap, visit):
    """Take `visit` out, wherever it stands; return the first of the heap."""
    apart()
    v = a.visits(m)
    mine = v[visit]
    if visit == heap:
        child = mine.child
        if child < 0:
            return -1
        if v[child].sibling < 0:
            v[child].before = -1
            return child
        return _gather(v, child)
    before = mine.before
    if v[before].child == visit:
        v[before].child = mine.sibling
    else:
        v[before].sibling = mine.sibling
    if mine.sibling >= 0:
        v[mine.sibling].before = before
    rest = _gather(v, mine.child)
    heap = _meld(v, heap, rest)
    v[heap].before = -1
    v[heap].sibling = -1
    return heap


@small
def enter(m, q, visit):
    """Let `visit`, its keys set, wait in the queue `q`."""
    v = a.visits(m)
    mine = v[visit]
    last = q.last
    if last >= 0:
        if _before(mine, v[last]):
            q.root = join(m, q.root, visit)
            return
        v[last].sibling = visit
    else:
        q.line = visit
    q.last = visit
    mine.child = _IN_LINE
    mine.before = last
    mine.sibling = -1


@small
def depart(m, q, visit):
    """Take `visit` out of the queue `q`, wherever it stands."""
    v = a.visits(m)
    mine = v[visit]
    if mine.child != _IN_LINE:
        q.root = leave(m, q.root, visit)
        return
    if mine.before >= 0:
        v[mine.before].sibling = mine.sibling
    else:
        q.line = mine.sibling
    if mine.sibling >= 0:
        v[mine.sibling].before = mine.before
    else:
        q.last = mine.before


@small
def first(m, q):
    """Return the first of the queue `q`, -1 for none."""
    if q.root >= 0:
        v = a.visits(m)
        if q.line < 0 or _before(v[q.root], v[q.line]):
            return q.root
    return q.line
