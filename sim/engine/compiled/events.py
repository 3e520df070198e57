"""What is due, in the written order of equal times: a heap of events, and two queues of strands that go on.

Strands that go on in this second come before any event of it: those just made (``urgent``) before those whose
work or branches ended (``normal``), each first in, first out.

The first event leaves a gap at the top of the heap (`GAP`): what takes place mostly schedules one
event, which is put there and sinks. So nothing has to be brought up from the end first.
"""

from __future__ import annotations

from sim.engine.compiled import binary, far, keys
from sim.engine.compiled import layout as a
from sim.engine.compiled.jit import inner, small


@small
def schedule(m, time, key, visit, kind, ref):
    """Add an event; return its number in the order of scheduling, from 1: whoever waits for it keeps it."""
    n = a.numbers(m)
    sequence = n[a.SEQUENCE] + 1
    n[a.SEQUENCE] = sequence
    tail = keys.tail_of(visit, sequence)
    what = keys.what_of(kind, ref)
    place = n[a.N_EVENTS]
    if time >= n[a.FAR_FROM]:
        if place:
            far.put(m, time, key, tail, what)
            return sequence
        n[a.FAR_FROM] = far.NEVER  # there is none
    if n[a.GAP]:
        n[a.GAP] = 0
        binary.sink(a.events(m), place, time, key, tail, what)
        return sequence
    n[a.N_EVENTS] = place + 1
    binary.rise(a.events(m), place, time, key, tail, what)
    if place >= n[a.NEAR_MOST]:
        far.send(m)
    return sequence


@small
def _rest_is_later(m):
    """Whether none of the events below the gap is due in this second."""
    n = a.numbers(m)
    now, count, heap = n[a.NOW], n[a.N_EVENTS], a.events(m)
    return (count < 2 or heap[1].time != now) and (count < 3 or heap[2].time != now)


@small
def dispatch_is_next(m):
    """Whether staff are given out before the first event of the heap takes place."""
    n = a.numbers(m)
    if not n[a.DISPATCH_DUE]:
        return False
    if n[a.GAP]:
        if _rest_is_later(m):
            return True
        close_gap(m)
    if n[a.N_EVENTS] == 0:
        return True
    first = a.events(m)[0]
    if first.time != n[a.NOW]:
        return True
    return first.key > keys.DISPATCH or (first.key == keys.DISPATCH and first.tail > n[a.DISPATCH_DUE])


@small
def second_is_over(m):
    """Whether surely nothing else of this second happens before staff would be given out."""
    n = a.numbers(m)
    if n[a.URGENT_N] or n[a.NORMAL_N]:
        return False
    if n[a.GAP]:
        return _rest_is_later(m)
    if n[a.N_EVENTS] == 0:
        return True
    first = a.events(m)[0]
    return first.time != n[a.NOW] or first.key > keys.DISPATCH


@inner
def close_gap(m):
    """Fill the gap that the first event has left, if there is one."""
    n = a.numbers(m)
    if not n[a.GAP]:
        return
    n[a.GAP] = 0
    heap = a.events(m)
    last = n[a.N_EVENTS] - 1
    n[a.N_EVENTS] = last
    if last > 0:
        moved = heap[last]
        binary.sink(heap, last, moved.time, moved.key, moved.tail, moved.what)
    elif n[a.FAR_N]:
        far.bring(m)


@small
def _place(place, length):
    """Return a place in a ring from one that may lie beyond its end."""
    return place - length if place >= length else place


@inner
def make_urgent(m, strand, node):
    """Let a strand that was just made begin at `node`, before anything else of this second."""
    n = a.numbers(m)
    ring = a.urgent(m)
    turn = ring[_place(n[a.URGENT_FROM] + n[a.URGENT_N], len(ring))]
    turn.strand = strand
    turn.uid = a.strands(m)[strand].uid
    turn.node = node
    n[a.URGENT_N] += 1


@inner
def let_go_on(m, strand, node):
    """Let a strand go on at `node` in this second."""
    n = a.numbers(m)
    ring = a.normal(m)
    turn = ring[_place(n[a.NORMAL_FROM] + n[a.NORMAL_N], len(ring))]
    turn.strand = strand
    turn.uid = a.strands(m)[strand].uid
    turn.node = node
    n[a.NORMAL_N] += 1


@small
def next_turn(m, ring, start, count):
    """Take the first turn of a ring; return its strand and node, or (-1, -1) if the strand is no more."""
    n = a.numbers(m)
    turn = ring[n[start]]
    left = n[count] - 1
    n[count] = left
    # An empty ring begins anew, so that its first places are used again and again.
    n[start] = _place(n[start] + 1, len(ring)) if left else 0
    if a.strands(m)[turn.strand].uid == turn.uid:
        return turn.strand, turn.node
    return -1, -1
