"""What is due, in the written order of equal times: a heap of events, and two queues of strands that go on.

An event's key packs rung, element and case as ``sim.engine.order`` does; the number of the visit and the
order of scheduling follow in its tail. Strands that go on in this second come before any event of it:
those just made (``urgent``) before those whose work or branches ended (``normal``), each first in, first out.

The first event leaves a gap at the top of the heap (`GAP`): what takes place mostly schedules one
event, which is put there and sinks. So nothing has to be brought up from the end first.
"""

from __future__ import annotations

from sim.engine.compiled import binary, far
from sim.engine.compiled import layout as a
from sim.engine.compiled.jit import inner, small
from sim.engine.order import Rung

#: Of a case's rank: those of its number; its stream stands before them.
NUMBER_BITS = 32
_STREAM_BITS = 12
_ELEMENT_BITS = 15
_VISIT_BITS = 20
SEQUENCE_BITS = 63 - _VISIT_BITS
#: Streams and elements that fit into a key.
MOST_STREAMS = 1 << _STREAM_BITS
MOST_ELEMENTS = 1 << _ELEMENT_BITS

RANK_BITS = NUMBER_BITS + _STREAM_BITS
RUNG_SHIFT = RANK_BITS + _ELEMENT_BITS

END_WORK = int(Rung.END_WORK) << RUNG_SHIFT
END_WAIT = int(Rung.END_WAIT) << RUNG_SHIFT
SHIFT = int(Rung.SHIFT) << RUNG_SHIFT
MEETING = int(Rung.MEETING) << RUNG_SHIFT
LIMIT = int(Rung.LIMIT) << RUNG_SHIFT
WITHDRAW = int(Rung.WITHDRAW) << RUNG_SHIFT
ARRIVE = int(Rung.ARRIVE) << RUNG_SHIFT
DISPATCH = int(Rung.DISPATCH) << RUNG_SHIFT
ROOM = int(Rung.ROOM) << RUNG_SHIFT

#: Kinds of events.
(
    WORK_ENDS, WAIT_ENDS, SHIFT_CHANGES, MEETING_DATE, BUNDLE_FULL, BUNDLE_OLD, MEETING_ENDS, LIMIT_PASSES,
    PATIENCE_ENDS, CASE_ARRIVES, ROOM_CHECKED,
) = range(11)  # fmt: skip
_KIND_BITS = 4


@small
def key_of(rung, element, rank):
    """Return the key of a rung (shifted to its place), an element and a case's rank."""
    return rung | element << RANK_BITS | rank


@small
def schedule(m, time, key, visit, kind, ref):
    """Add an event; return its number in the order of scheduling, from 1: whoever waits for it keeps it."""
    n = a.numbers(m)
    sequence = n[a.SEQUENCE] + 1
    n[a.SEQUENCE] = sequence
    tail = visit << SEQUENCE_BITS | sequence
    what = ref << _KIND_BITS | kind
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
def kind_of(what):
    """Return the kind of an event."""
    return what & ((1 << _KIND_BITS) - 1)


@small
def ref_of(what):
    """Return the place of what an event concerns."""
    return what >> _KIND_BITS


@small
def sequence_of(tail):
    """Return the number of an event from its tail."""
    return tail & ((1 << SEQUENCE_BITS) - 1)


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
    return first.key > DISPATCH or (first.key == DISPATCH and first.tail > n[a.DISPATCH_DUE])


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
    return first.time != n[a.NOW] or first.key > DISPATCH


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
