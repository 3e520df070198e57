"""Asks memory for the rows of the next events while the present one takes place.

Where very much is in progress, its rows lie outside the processor's own caches, and each event would first
wait for its own. The processor cannot look as far ahead by itself: which rows these are stands in other rows.
So those that an event names are asked for when it comes near the top of the heap, and those that these name
when it comes next to the top. Nothing else changes, and if another event comes in between nothing is lost.
"""

from __future__ import annotations

from sim.engine.compiled import events
from sim.engine.compiled import layout as a
from sim.engine.compiled.jit import apart, inner, small
from sim.engine.compiled.memory import fetch


@small
def _named(m, what):
    """Ask for what an event names."""
    ref = events.ref_of(what)
    if events.kind_of(what) == events.WORK_ENDS:
        fetch(a.visits(m), ref)
    elif events.kind_of(what) == events.WAIT_ENDS:
        fetch(a.strands(m), ref)


@small
def _case(m, case):
    width = a.numbers(m)[a.WIDTH]
    fetch(a.cases(m), case)
    fetch(a.tally(m), case * width)
    fetch(a.tally(m), case * width + width - 1)


@small
def _behind(m, what):
    """Ask for what stands behind that which an event names."""
    ref = events.ref_of(what)
    if events.kind_of(what) == events.WORK_ENDS:
        v = a.visits(m)[ref]
        fetch(a.strands(m), v.strand)
        _case(m, v.case)
        if v.take >= 0:
            fetch(a.takes(m), v.take)
        if v.limit >= 0:
            fetch(a.limits(m), v.limit)
    elif events.kind_of(what) == events.WAIT_ENDS:
        _case(m, a.strands(m)[ref].case)


@inner
def fetch_next(m):
    """Ask for what the events in the two rows below the top of the heap will read and write."""
    apart()
    heap = a.events(m)
    count = a.numbers(m)[a.N_EVENTS]
    for place in range(1, min(count, 3)):
        _behind(m, heap[place].what)
    for place in range(3, min(count, 7)):
        _named(m, heap[place].what)
