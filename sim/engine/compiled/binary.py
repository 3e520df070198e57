"""A binary heap of events: none comes before the one above it, by time, then key, then tail."""

from __future__ import annotations

from sim.engine.compiled.jit import small


@small
def less(one, time, key, tail):
    """Whether an event comes before (time, key, tail), without a jump: none could be foreseen."""
    return (one.time < time) | (
        (one.time == time) & ((one.key < key) | ((one.key == key) & (one.tail < tail)))
    )


@small
def write(event, time, key, tail, what):
    """Write an event into its place."""
    event.time = time
    event.key = key
    event.tail = tail
    event.what = what


@small
def rise(heap, place, time, key, tail, what):
    """Put an event at its place between `place`, which is free, and the top."""
    while place > 0:
        up = (place - 1) >> 1
        above = heap[up]
        if above.time <= time and (above.time < time or less(above, time, key, tail)):
            break  # mostly at once, by the time alone
        heap[place] = above
        place = up
    write(heap[place], time, key, tail, what)


@small
def sink(heap, count, time, key, tail, what):
    """Put an event at its place below the top, which is free, in a heap of `count` with it."""
    place = 0
    child = 1
    while child < count:
        if child + 1 < count:
            one, other = heap[child], heap[child + 1]
            if one.time == other.time:
                child += less(other, one.time, one.key, one.tail)
            else:
                child += other.time < one.time  # no jump: which one is less could not be foreseen
        least = heap[child]
        if least.time >= time and (least.time > time or not less(least, time, key, tail)):
            break
        heap[place] = least
        place = child
        child = 2 * place + 1
    write(heap[place], time, key, tail, what)
