"""How much room the next step of a compiled run may need at most: for the loop, which asks, and the driver.

A step of the loop takes one strand through one node, or lets one event take place. `takes`, `meetings` and
`scratch` say how many there can be, the other bounds how many one step can add; things alive are counted as
if each of the next `LOOK` steps had brought the most that a step can.
"""

from __future__ import annotations

from typing import Any

from numba.extending import register_jitable

from sim.engine.compiled import far
from sim.engine.compiled import layout as a
from sim.engine.compiled.jit import inner

#: Steps between two looks at how much room there is.
LOOK = 64
#: Value of `IN_NUMBERS` when the run is about to end: all that is alive ends in one step.
AT_THE_END = 2


@register_jitable
def alive(n: Any) -> Any:
    """Return the rows that are written if all that is alive ends at once."""
    return 2 * (n[a.LIVE_VISITS] + n[a.LIVE_STRANDS] + n[a.LIVE_LIMITS] + LOOK * (n[a.MOST_BRANCHES] + 4))


@register_jitable
def crew(n: Any) -> Any:
    """Return the pieces of work that are in progress at once: each takes somebody, and serves somebody."""
    return min(n[a.STAFF], n[a.LIVE_VISITS] + n[a.LIVE_MEETINGS] + 2 * LOOK) + 2


@register_jitable
def events(n: Any) -> Any:
    """Return the events of one step: a dispatch that starts all staff, and as many as `rows`.

    What writes no row adds few: a legal limit that goes on has a timer, but also a row when it ends.
    """
    return crew(n) + rows(n)


@register_jitable
def rows(n: Any) -> Any:
    """Return the rows, or strands that go on, of one step.

    A case that ends, or a dispatch that begins holds; where cases are handled in numbers (meetings, bounded
    room), or the run is about to end, all that is alive.
    """
    few = n[a.MOST_OF_A_CASE] + (crew(n) if n[a.HOLDS] else 0)
    return few + alive(n) if n[a.IN_NUMBERS] else few


@register_jitable
def takes(n: Any) -> Any:
    """Return the takes there can be."""
    return (crew(n) + n[a.LIVE_MEETINGS]) * n[a.MOST_POOLS] + 1


@register_jitable
def meetings(n: Any) -> Any:
    """Return the meetings there can be: each has a case."""
    return n[a.LIVE_VISITS] + 2 * LOOK + 2


@register_jitable
def scratch(n: Any) -> Any:
    """Return the length of the longest list of strands, takes or pools."""
    return alive(n) + takes(n) + n[a.N_POOLS]


@register_jitable
def pieces(n: Any) -> Any:
    """Return the pieces of work that end in one step: with a shift; or with the run, in all meetings."""
    return crew(n) + alive(n) if n[a.IN_NUMBERS] == AT_THE_END else crew(n)


@register_jitable
def copies(n: Any) -> Any:
    """Return how often a piece of work is written when its work ends: once for each case of a bundle."""
    return 1 + n[a.MOST_BUNDLE]


@register_jitable
def pool_rows(n: Any) -> Any:
    """Return the changes of pools that are noted."""
    changes = alive(n) + n[a.LIVE_CASES] * n[a.N_LIMITED] + crew(n)
    return 2 * changes * (1 + n[a.MOST_POOLS]) + n[a.N_POOLS]


@inner
def safe_steps(m):
    """Return how many of the next steps surely find room. `Room.make` makes room by the same bounds."""
    n = a.numbers(m)
    most = rows(n)
    branches = n[a.MOST_BRANCHES] + 2
    steps = min(LOOK, (len(a.step_rows(m)) - n[a.STEP_ROWS]) // most)
    there = n[a.N_EVENTS] + n[a.FAR_N]  # all of them may come to stand in either table
    steps = min(steps, (min(len(a.events(m)), len(a.far(m)) - far.SPARE) - there) // events(n))
    steps = min(steps, (len(a.normal(m)) - n[a.NORMAL_N]) // most)
    steps = min(steps, (len(a.urgent(m)) - n[a.URGENT_N]) // branches)
    steps = min(steps, (len(a.visits(m)) - n[a.LIVE_VISITS]) // 2)
    steps = min(steps, (len(a.strands(m)) - n[a.LIVE_STRANDS]) // branches)
    steps = min(steps, (len(a.cases(m)) - n[a.LIVE_CASES]) // 2)
    steps = min(steps, (len(a.limits(m)) - n[a.LIVE_LIMITS]) // 2)
    steps = min(steps, (len(a.pieces(m)) - n[a.LIVE_PIECES]) // pieces(n))
    # Each piece is written once: those there are, and those that are still to come.
    written = (len(a.piece_rows(m)) - n[a.PIECE_ROWS]) // copies(n)
    steps = min(steps, (written - n[a.LIVE_PIECES]) // pieces(n))
    if len(a.takes(m)) < takes(n) or len(a.scratch(m)) < scratch(n):
        return 0
    if n[a.N_BATCHES]:
        called = meetings(n)
        if len(a.meetings(m)) < called or len(a.links(m)) < called * n[a.MOST_POOLS]:
            return 0
        steps = min(steps, (len(a.meeting_rows(m)) - n[a.MEETING_ROWS]) // 2)
    if n[a.POOL_STATES]:
        steps = min(steps, (len(a.pool_rows(m)) - n[a.POOL_ROWS]) // pool_rows(n))
    return steps
