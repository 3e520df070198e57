"""Events far ahead: told apart by when they are due, and put in order only then: the heap stays small.

A heap of tens of thousands of events does not fit into the processor's caches, and to take its first event
then waits for memory at every level. So when it has become long, all but the first events stand aside, in
lists of those that are due within a short time of each other (`rungs`); when the heap is empty the next list
comes in. What an event costs then does not depend on how many there are: W. T. Tang, R. S. M. Goh, I. L.-J.
Thng, "Ladder queue", ACM Transactions on Modeling and Computer Simulation 15(3), 2005; here with one ladder,
put up anew when events have become many more, or when its last rung has been reached.

Events before second `FAR_FROM` are in the heap, all others stand aside; the heap is empty only if nothing
does. The order in which events take place is that of one heap. Lists mean something while events stand aside:
they are made anew before the first is taken in.
"""

from __future__ import annotations

from sim.engine.compiled import ahead, binary
from sim.engine.compiled import layout as a
from sim.engine.compiled.jit import apart, inner, small
from sim.engine.compiled.memory import fetch

#: Later than any event.
NEVER = 1 << 62
#: Lists of a ladder; one more has what comes after them.
RUNGS = 4_096
#: Events that a rung should have.
_EACH = 32
#: Events whose times are looked at to find how wide rungs should be.
_SAMPLE = 128
#: A ladder is put up anew when there are so many times the events that it was made for, or a rung has so many
#: times those that it should have,
_MORE, _CROWD = 4, 16
#: but neither for a rung nor for the heap before they have this part of all events, one in so many.
_PART = 8
#: Rungs ahead whose events are looked at: few enough to be in the cache still when they come in.
_AHEAD = 3
#: More seconds than any rung is wide.
_WIDEST = 1 << 40
#: `what` of a place where no event stands.
_NONE = -1


@small
def put(m, time, key, tail, what):
    """Let an event stand aside that is due at `FAR_FROM` or later."""
    n = a.numbers(m)
    table = a.far(m)
    slot = n[a.FREE_FAR]
    if slot >= 0:
        after = table[slot].next
        n[a.FREE_FAR] = after
        if after >= 0:
            fetch(table, after)
    else:
        slot = n[a.FAR_TOP]
        n[a.FAR_TOP] = slot + 1
    binary.write(table[slot], time, key, tail, what)
    n[a.FAR_N] += 1
    _hang(m, slot, time)


@small
def _hang(m, slot, time):
    """Add an event that stands aside to the list of its rung."""
    n = a.numbers(m)
    rung = min((time - n[a.FAR_BEGIN]) >> n[a.FAR_WIDTH], RUNGS)
    lists = a.rungs(m)
    a.far(m)[slot].next = lists[rung]
    lists[rung] = slot


@inner
def _width(m, first):
    """Return how wide rungs should be, as a power of 2, given when the first of all events is due."""
    n = a.numbers(m)
    table = a.far(m)
    times = a.rungs(m)  # has nothing in it now that is needed
    size = 0
    step = 1 + n[a.FAR_TOP] // _SAMPLE
    # The middle of each stretch: where all wait equally long the first of all is the least.
    for slot in range(step // 2, n[a.FAR_TOP], step):
        time = table[slot].time
        place = size
        while place > 0 and times[place - 1] > time:
            times[place] = times[place - 1]
            place -= 1
        times[place] = time
        size += 1
    # As many rungs up to the median, and not more than there are.
    near = min(times[size // 2] - first, _WIDEST)
    wide = near // min(n[a.FAR_N] // (2 * _EACH) + 1, RUNGS // 2)
    width = 0
    while 1 << width < wide:
        width += 1
    return width


@inner
def _close_up(m):
    """Move all events that stand aside to the front of their table; return when the first of them is due."""
    n = a.numbers(m)
    table = a.far(m)
    first = NEVER
    top = 0
    for slot in range(n[a.FAR_TOP]):
        event = table[slot]
        if event.what == _NONE:
            continue
        first = min(first, event.time)
        if top < slot:
            binary.write(table[top], event.time, event.key, event.tail, event.what)
        top += 1
    n[a.FAR_TOP] = top
    n[a.FREE_FAR] = -1
    return first


@inner
def _set_up(m):
    """Put up the ladder anew, for all events that stand aside; there is one at least."""
    apart()
    n = a.numbers(m)
    first = _close_up(m)
    width = _width(m, first)
    lists = a.rungs(m)
    for rung in range(RUNGS + 1):
        lists[rung] = -1
    n[a.FAR_BEGIN] = first
    n[a.FAR_WIDTH] = width
    n[a.FAR_RUNG] = 0
    n[a.FAR_LOOK] = -1
    n[a.FAR_MADE] = n[a.FAR_N]
    for slot in range(n[a.FAR_TOP]):
        _hang(m, slot, a.far(m)[slot].time)


@inner
def _is_crowded(m, rung):
    """Whether a rung that could be narrower has a good part of all events: it was not made for them."""
    n = a.numbers(m)
    if n[a.FAR_WIDTH] == 0:
        return False
    left = max(_CROWD * _EACH, n[a.FAR_N] // _PART)
    slot = a.rungs(m)[rung]
    while slot >= 0 and left > 0:
        slot = a.far(m)[slot].next
        left -= 1
    return slot >= 0


@inner
def _take_in(m):
    """Let the events of the next rung that has any into the heap, which is empty."""
    n = a.numbers(m)
    table, heap, lists = a.far(m), a.events(m), a.rungs(m)
    rung = n[a.FAR_RUNG]
    while rung < RUNGS and lists[rung] < 0:
        rung += 1
    if rung == RUNGS or n[a.FAR_N] > _MORE * n[a.FAR_MADE] or _is_crowded(m, rung):
        _set_up(m)
        rung = 0
    slot = lists[rung]
    near = 0
    while slot >= 0:
        event = table[slot]
        ahead.behind(m, event.what)
        binary.rise(heap, near, event.time, event.key, event.tail, event.what)
        near += 1
        after = event.next
        event.what = _NONE
        event.next = n[a.FREE_FAR]
        n[a.FREE_FAR] = slot
        slot = after
    lists[rung] = -1
    n[a.N_EVENTS] = near
    n[a.FAR_N] -= near
    n[a.FAR_RUNG] = rung + 1
    if n[a.FAR_LOOK] <= rung:
        n[a.FAR_LOOK] = rung + 1
        n[a.FAR_NEXT] = lists[rung + 1]
    n[a.FAR_FROM] = n[a.FAR_BEGIN] + ((rung + 1) << n[a.FAR_WIDTH])
    n[a.NEAR_MOST] = max(n[a.NEAR], 2 * near, (near + n[a.FAR_N]) // _PART)


@small
def look(m):
    """Look at one more event of the next rungs, if there is one (see ``ahead``)."""
    n = a.numbers(m)
    slot = n[a.FAR_NEXT]
    if slot >= 0:
        event = a.far(m)[slot]
        ahead.named(m, event.what)
        slot = event.next
    elif n[a.FAR_N] and n[a.FAR_LOOK] < min(n[a.FAR_RUNG] + _AHEAD, RUNGS) - 1:
        n[a.FAR_LOOK] += 1
        slot = a.rungs(m)[n[a.FAR_LOOK]]
    else:
        return
    n[a.FAR_NEXT] = slot
    if slot >= 0:
        fetch(a.far(m), slot)


@inner
def send(m):
    """The heap has become long: most of it stands aside."""
    apart()
    n = a.numbers(m)
    heap = a.events(m)
    count = n[a.N_EVENTS]
    # Any list does, as all are made anew.
    n[a.FAR_BEGIN] = 0
    n[a.FAR_WIDTH] = 0
    for i in range(count):
        event = heap[i]
        put(m, event.time, event.key, event.tail, event.what)
    n[a.N_EVENTS] = 0
    _set_up(m)
    _take_in(m)


@inner
def bring(m):
    """The heap is empty: the next of the others come in."""
    apart()
    n = a.numbers(m)
    if n[a.FAR_N] > n[a.NEAR] // 2:
        _take_in(m)
        return
    # So few that they need no ladder.
    table, heap = a.far(m), a.events(m)
    near = 0
    for slot in range(n[a.FAR_TOP]):
        event = table[slot]
        if event.what != _NONE:
            binary.rise(heap, near, event.time, event.key, event.tail, event.what)
            near += 1
    n[a.N_EVENTS] = near
    n[a.FAR_N] = 0
    n[a.FAR_TOP] = 0
    n[a.FREE_FAR] = n[a.FAR_NEXT] = -1
    n[a.FAR_FROM] = NEVER
    n[a.NEAR_MOST] = max(n[a.NEAR], 2 * near)
