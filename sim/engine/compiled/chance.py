"""What a run draws - efforts, delays, routes - and time added on a calendar, in compiled code.

Where the reference would raise an error (a key too large, a calendar that ends), the failure and its
arguments are noted; the driver lets the reference's own function raise it, so that both say the same.
"""

from __future__ import annotations

import math

from sim.chance import draws
from sim.chance.compiled import quantile, uniform
from sim.chance.draws import ENTRY_BITS
from sim.chance.quantiles import LONGEST
from sim.engine.compiled import layout as a
from sim.engine.compiled.jit import apart, inner, small
from sim.worktime.hours import DAY

#: What went wrong, and what the five numbers beside it are.
FAIL_KEY = 1  # key, stream, number, entry, purpose
FAIL_VALUE = 2  # law, key, stream, number, the word of entry and purpose
FAIL_ADD = 3  # calendar, from, seconds
FAIL_BETWEEN = 4  # calendar, from, to

#: As in the reference.
word = small(draws.word)


@inner
def fail(m, what, one, two, three, four, five):
    """Note the first failure of a run, and let the loop look up: it ends before the next step."""
    apart()
    n = a.numbers(m)
    if n[a.FAILURE] == 0:
        n[a.FAILURE] = what
        n[a.LOOK_AGAIN] = 1
        n[a.FAILED_A] = one
        n[a.FAILED_B] = two
        n[a.FAILED_C] = three
        n[a.FAILED_D] = four
        n[a.FAILED_E] = five


@small
def draw(m, key, stream, number, entry, purpose):
    """Return the uniform of a place."""
    n = a.numbers(m)
    if entry >> ENTRY_BITS:
        fail(m, FAIL_KEY, key, stream, number, entry, purpose)
        return 0.5
    return uniform(n[a.SEED], n[a.STREAM_KEY], number, key, word(entry, purpose), stream)


@small
def seconds(m, law, key, stream, number, entry, purpose):
    """Return whole seconds of a law at a place."""
    u = draw(m, key, stream, number, entry, purpose)
    value = quantile(a.laws(m), a.floats(m), law, u)
    if not value < LONGEST:  # infinite, or no number
        fail(m, FAIL_VALUE, law, key, stream, number, word(entry, purpose))
        return 0
    return max(0, math.floor(value + 0.5))


@inner
def _edge_before(m, c, t):
    """Return the last edge of calendar `c` at or before `t`, which lies within its cover."""
    whole = a.whole(m)
    day = (t - c.first) // DAY
    low = whole[c.days_at + day]
    high = whole[c.days_at + day + 1]
    while low < high:
        middle = (low + high) >> 1
        if t < whole[c.edges_at + middle]:
            high = middle
        else:
            low = middle + 1
    return low - 1


@inner
def add_open(m, calendar, t, length):
    """Return the earliest instant, from `t` on, after `length` seconds of open time."""
    if length <= 0:
        return t
    whole = a.whole(m)
    c = a.calendars(m)[calendar]
    if t < c.first or t > c.last:
        fail(m, FAIL_ADD, calendar, t, length, 0, 0)
        return t
    i = _edge_before(m, c, t)
    target = whole[c.before_at + i] + length
    if i & 1:
        target += t - whole[c.edges_at + i]
    low = i
    high = c.edges_n
    # Most lengths end within days: double the stride from here before halving it.
    stride = 8
    while low + stride < high and whole[c.before_at + low + stride] < target:
        low += stride
        stride *= 2
    high = min(high, low + stride)
    while low < high:
        middle = (low + high) >> 1
        if whole[c.before_at + middle] < target:
            low = middle + 1
        else:
            high = middle
    if low == c.edges_n:
        fail(m, FAIL_ADD, calendar, t, length, 0, 0)
        return t
    return whole[c.edges_at + low] - whole[c.before_at + low] + target


@inner
def open_seconds(m, calendar, start, stop):
    """Return the open seconds in [start, stop)."""
    whole = a.whole(m)
    c = a.calendars(m)[calendar]
    if start < c.first or start > c.last or stop < c.first or stop > c.last:
        fail(m, FAIL_BETWEEN, calendar, start, stop, 0, 0)
        return 0
    i = _edge_before(m, c, start)
    j = _edge_before(m, c, stop)
    found = whole[c.before_at + j] - whole[c.before_at + i]
    if i & 1:
        found -= start - whole[c.edges_at + i]
    if j & 1:
        found += stop - whole[c.edges_at + j]
    return found


@inner
def after(m, calendar, t, length):
    """Return the instant `length` seconds after `t`: elapsed ones, or open ones of a calendar."""
    if calendar >= 0:
        return add_open(m, calendar, t, length)
    return t + length
