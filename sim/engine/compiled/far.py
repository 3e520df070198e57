"""Events far ahead: kept unsorted until their time draws near, so that the heap stays small.

A heap of tens of thousands of events does not fit into the processor's caches, and to take its first event
then waits for memory at every level. So beyond some thousand the later half stands aside, and comes back a
part at a time, as in a ladder queue (W. T. Tang, R. S. M. Goh, I. L.-J. Thng, "Ladder queue", ACM
Transactions on Modeling and Computer Simulation 15(3), 2005). Events before second `FAR_FROM` are in the
heap, all others in the table `far`; the heap is empty only if both are. The order in which events take place
is that of one heap.
"""

from __future__ import annotations

from sim.engine.compiled import binary
from sim.engine.compiled import layout as a
from sim.engine.compiled.jit import apart, inner

#: Later than any event.
NEVER = 1 << 62
#: Events whose times are looked at to find one before which a given share of all lies.
_SAMPLE = 128


@inner
def _time_before_which(events, count, share, room, at):
    """Return a time before which `share` of 1000 of the events lie, about; `room` is free from `at` on."""
    size = min(_SAMPLE, count)
    for i in range(size):
        # The middle of each stretch: where all wait equally long the first of all is the least.
        time = events[(2 * i + 1) * count // (2 * size)].time
        place = at + i
        while place > at and room[place - 1].time > time:
            room[place].time = room[place - 1].time
            place -= 1
        room[place].time = time
    return room[at + share * size // 1000].time


@inner
def _part(m, events, count, aside, limit):
    """Let those of some events that come before `limit` into the heap, which is empty or holds just these.

    The others stand in `far` from `aside` on, which is all that it holds then.
    """
    apart()
    n = a.numbers(m)
    heap, far = a.events(m), a.far(m)
    near = 0
    for i in range(count):
        event = events[i]
        if event.time < limit:
            binary.rise(heap, near, event.time, event.key, event.tail, event.what)
            near += 1
        else:
            far[aside] = event
            aside += 1
    n[a.N_EVENTS] = near
    n[a.FAR_N] = aside
    n[a.FAR_FROM] = limit
    n[a.NEAR_MOST] = max(n[a.NEAR], 2 * near)


@inner
def send(m):
    """The heap has become long: the later half of it stands aside."""
    apart()
    n = a.numbers(m)
    heap = a.events(m)
    count = n[a.N_EVENTS]
    limit = _time_before_which(heap, count, 500, a.far(m), n[a.FAR_N])
    if limit > heap[0].time:
        _part(m, heap, count, n[a.FAR_N], limit)
    else:  # as many are due at once
        n[a.NEAR_MOST] = 2 * count


@inner
def bring(m):
    """The heap is empty: the first of the others come in."""
    apart()
    n = a.numbers(m)
    far = a.far(m)
    count = n[a.FAR_N]
    if count <= n[a.NEAR]:
        _part(m, far, count, 0, NEVER)
        return
    _part(m, far, count, 0, _time_before_which(far, count, 500 * n[a.NEAR] // count, a.events(m), 0))
    if n[a.N_EVENTS] == 0:
        least = far[0].time
        for i in range(1, count):
            least = min(least, far[i].time)
        _part(m, far, count, 0, least + 1)
