"""Asks memory for the rows of the next events before they take place.

Where very much is in progress, its rows lie outside the processor's own caches, and each event would first
wait for its own. The processor cannot look ahead by itself: which rows these are stands in other rows. So
with every event that takes place, one of the next rungs is looked at (``far.look``): it is asked for, then
what it names. What stands behind that is asked for when its rung comes in, for all of its events at once; and
for work that has waited, as it starts. Slots and rows that are written next are asked for too (``slots``,
``recording``). Nothing else changes, and what is not asked for in time is only waited for.
"""

from __future__ import annotations

from sim.engine.compiled import keys
from sim.engine.compiled import layout as a
from sim.engine.compiled.jit import small
from sim.engine.compiled.memory import fetch


@small
def pays(m):
    """Whether so much is in progress that to ask for what comes next costs less than to wait for it."""
    return a.numbers(m)[a.FAR_N] > 0


@small
def _case(m, case):
    width = a.numbers(m)[a.WIDTH]
    fetch(a.cases(m), case)
    if width:
        fetch(a.tally(m), case * width)
        if width > a.TALLIED:
            fetch(a.tally(m), case * width + width - 1)


@small
def whose(m, v):
    """Ask for the case and the strand of a visit."""
    fetch(a.strands(m), v.strand)
    _case(m, v.case)


@small
def named(m, what):
    """Ask for what an event names."""
    kind, ref = keys.kind_of(what), keys.ref_of(what)
    if kind == keys.WORK_ENDS:
        fetch(a.visits(m), ref)
    elif kind == keys.WAIT_ENDS:
        fetch(a.strands(m), ref)
    elif kind == keys.LIMIT_PASSES:
        fetch(a.limits(m), ref)


@small
def behind(m, what):
    """Ask for what stands behind that which an event names."""
    kind, ref = keys.kind_of(what), keys.ref_of(what)
    if kind == keys.WORK_ENDS:
        v = a.visits(m)[ref]
        whose(m, v)
        if v.take >= 0:
            fetch(a.takes(m), v.take)
        if v.limit >= 0:
            fetch(a.limits(m), v.limit)
    elif kind == keys.WAIT_ENDS:
        _case(m, a.strands(m)[ref].case)
