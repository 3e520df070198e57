"""Events far ahead: told apart by when they are due, and put in order only then: the heap stays small.

A heap of tens of thousands of events does not fit into the processor's caches, and to take its first event
then waits for memory at every level. So when it has become long, all but the first events stand aside, in
lists of those that are due within a short time of each other (`rungs`); when the heap is empty the next list
comes in. What an event costs then does not depend on how many there are: W. T. Tang, R. S. M. Goh, I. L.-J.
Thng, "Ladder queue", ACM Transactions on Modeling and Computer Simulation 15(3), 2005; here with one ladder,
put up anew when events have become many more, or when its last rung has been reached.

Events before second `FAR_FROM` are in the heap, all others stand aside; the heap is empty only if nothing
does. The order in which events take place is that of one heap. A list is one of packs of events, the first of
them perhaps not full. Lists mean something while events stand aside: they are made anew before the first is
taken in.

Events of the next rungs are looked at one by one (``ahead``). This has come to rung `FAR_LOOK`; the event of
its list that follows has the place `FAR_NEXT`, below 0 for none.
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
#: More seconds than any rung is wide.
_WIDEST = 1 << 40
#: Events of a pack, as a power of 2: they lie together, so that memory brings them together.
_PACK_BITS = 3
PACK = 1 << _PACK_BITS
#: Places for events in packs that may not be full: one for each list.
SPARE = (RUNGS + 1) << _PACK_BITS
#: Rungs ahead whose events are looked at: few enough to be in the cache still when they come in.
_AHEAD = 3


@small
def _new_pack(m, following):
    """Return a pack that has nothing in it, before `following` in a list."""
    n = a.numbers(m)
    packs = a.packs(m)
    pack = n[a.FREE_PACK]
    if pack >= 0:
        n[a.FREE_PACK] = packs[pack].next
    else:
        pack = n[a.FAR_TOP] >> _PACK_BITS
        n[a.FAR_TOP] += PACK
    packs[pack].used = 0
    packs[pack].next = following
    return pack


@small
def put(m, time, key, tail, what):
    """Let an event stand aside that is due at `FAR_FROM` or later."""
    n = a.numbers(m)
    lists = a.rungs(m)
    rung = min((time - n[a.FAR_BEGIN]) >> n[a.FAR_WIDTH], RUNGS)
    pack = lists[rung]
    if pack < 0 or a.packs(m)[pack].used == PACK:
        pack = _new_pack(m, pack)
        lists[rung] = pack
    used = a.packs(m)[pack].used
    a.packs(m)[pack].used = used + 1
    binary.write(a.far(m)[pack << _PACK_BITS | used], time, key, tail, what)
    n[a.FAR_N] += 1


@small
def _fetch_pack(m, pack):
    """Ask memory for the events of a pack."""
    first = pack << _PACK_BITS
    for i in range(0, PACK, 2):  # two fill a line
        fetch(a.far(m), first | i)


# ---- the ladder put up -------------------------------------------------------------------------------


@inner
def _gather(m):
    """Move all that stand aside behind those in the heap, in no order; return how many there are then."""
    n = a.numbers(m)
    heap, table, packs = a.events(m), a.far(m), a.packs(m)
    count = n[a.N_EVENTS]
    for pack in range(n[a.FAR_TOP] >> _PACK_BITS):
        first = pack << _PACK_BITS
        for place in range(first, first + packs[pack].used):
            heap[count] = table[place]
            count += 1
    n[a.FAR_N] = n[a.FAR_TOP] = 0
    n[a.FREE_PACK] = n[a.FAR_NEXT] = -1
    return count


@inner
def _width(m, count, first):
    """Return how wide rungs should be for events of which the first is due at `first`, as a power of 2."""
    times, heap = a.rungs(m), a.events(m)  # the lists mean nothing now
    size = 0
    step = 1 + count // _SAMPLE
    # The middle of each stretch: where all wait equally long the first of all is the least.
    for i in range(step // 2, count, step):
        time = heap[i].time
        place = size
        while place > 0 and times[place - 1] > time:
            times[place] = times[place - 1]
            place -= 1
        times[place] = time
        size += 1
    # As many rungs up to the median, and not more than there are.
    near = min(times[size // 2] - first, _WIDEST)
    wide = near // min(count // (2 * _EACH) + 1, RUNGS // 2)
    width = 0
    while 1 << width < wide:
        width += 1
    return width


@inner
def _set_up(m):
    """Put up the ladder anew, for all events there are: one at least."""
    apart()
    n = a.numbers(m)
    heap, lists = a.events(m), a.rungs(m)
    count = _gather(m)
    first = NEVER
    for i in range(count):
        first = min(first, heap[i].time)
    n[a.FAR_BEGIN] = first
    n[a.FAR_WIDTH] = _width(m, count, first)
    n[a.FAR_RUNG] = 0
    n[a.FAR_LOOK] = -1
    n[a.FAR_MADE] = count
    n[a.N_EVENTS] = 0
    for rung in range(RUNGS + 1):
        lists[rung] = -1
    for i in range(count):
        event = heap[i]
        put(m, event.time, event.key, event.tail, event.what)


# ---- between the ladder and the heap -----------------------------------------------------------------


@inner
def _is_crowded(m, rung):
    """Whether a rung that could be narrower has a good part of all events: it was not made for them."""
    n = a.numbers(m)
    if n[a.FAR_WIDTH] == 0:
        return False
    left = max(_CROWD * _EACH, n[a.FAR_N] // _PART)
    pack = a.rungs(m)[rung]
    while pack >= 0 and left >= 0:
        left -= a.packs(m)[pack].used
        pack = a.packs(m)[pack].next
    return left < 0


@inner
def _take_in(m):
    """Let the events of the next rung that has any into the heap, which is empty."""
    n = a.numbers(m)
    table, heap, lists, packs = a.far(m), a.events(m), a.rungs(m), a.packs(m)
    rung = n[a.FAR_RUNG]
    while rung < RUNGS and lists[rung] < 0:
        rung += 1
    if rung == RUNGS or n[a.FAR_N] > _MORE * n[a.FAR_MADE] or _is_crowded(m, rung):
        _set_up(m)
        rung = 0
    pack = lists[rung]
    near = 0
    while pack >= 0:
        after = packs[pack].next
        if after >= 0:
            _fetch_pack(m, after)
        first = pack << _PACK_BITS
        for place in range(first, first + packs[pack].used):
            event = table[place]
            ahead.behind(m, event.what)
            binary.rise(heap, near, event.time, event.key, event.tail, event.what)
            near += 1
        packs[pack].used = 0
        packs[pack].next = n[a.FREE_PACK]
        n[a.FREE_PACK] = pack
        pack = after
    lists[rung] = -1
    n[a.N_EVENTS] = near
    n[a.FAR_N] -= near
    n[a.FAR_RUNG] = rung + 1
    if n[a.FAR_LOOK] <= rung:
        n[a.FAR_LOOK] = rung
        n[a.FAR_NEXT] = -1
    n[a.FAR_FROM] = n[a.FAR_BEGIN] + ((rung + 1) << n[a.FAR_WIDTH])
    n[a.NEAR_MOST] = max(n[a.NEAR], 2 * near, (near + n[a.FAR_N]) // _PART)


@small
def look(m):
    """Look at one more event of the next rungs, if there is one (see ``ahead``)."""
    n = a.numbers(m)
    place = n[a.FAR_NEXT]
    if place >= 0:
        ahead.named(m, a.far(m)[place].what)
        pack = place >> _PACK_BITS
        place += 1
        if place - (pack << _PACK_BITS) < a.packs(m)[pack].used:
            n[a.FAR_NEXT] = place
            return
        pack = a.packs(m)[pack].next
    elif n[a.FAR_N] and n[a.FAR_LOOK] < min(n[a.FAR_RUNG] + _AHEAD, RUNGS) - 1:
        n[a.FAR_LOOK] += 1
        pack = a.rungs(m)[n[a.FAR_LOOK]]
    else:
        return
    n[a.FAR_NEXT] = pack << _PACK_BITS
    if pack >= 0:
        _fetch_pack(m, pack)


@inner
def send(m):
    """The heap has become long: most of it stands aside."""
    apart()
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
    heap = a.events(m)
    near = _gather(m)
    for i in range(near):
        event = heap[i]
        binary.rise(heap, i, event.time, event.key, event.tail, event.what)
    n[a.N_EVENTS] = near
    n[a.FAR_FROM] = NEVER
    n[a.NEAR_MOST] = max(n[a.NEAR], 2 * near)
