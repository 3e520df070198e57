"""Whether waiting work could start now: which of its alternatives has its units free."""

from __future__ import annotations

from collections.abc import Sequence

from sim.engine.members import BLOCK, FITS
from sim.engine.state import Held, PoolState, Visit
from sim.network.elements import Need

Pools = Sequence[PoolState]


def option(pools: Pools, visit: Visit, pool: PoolState, now: int) -> int:
    """Index of the first alternative that can be taken now, if one of those uses `pool`; else -1."""
    node = visit.node
    if node.kind is BLOCK:
        return 0 if pool.capacity - pool.busy - pool.held > 0 else -1
    first = -1
    uses = False
    for i, need in enumerate(node.needs):
        if can_start(pools, visit, need, now):
            if first < 0:
                first = i
            if pool.index in need.pools:
                uses = True
                break
    return first if uses else -1


def can_start(pools: Pools, visit: Visit, need: Need, now: int) -> bool:
    """Whether all units of `need` are free now; a unit kept for this case serves its own steps."""
    holds = visit.case.holds
    for p, units in zip(need.pools, need.units, strict=True):
        pool = pools[p]
        on_shift = pool.capacity - pool.busy
        if on_shift < units:
            return False
        wanted = units
        if holds:
            held = held_unit(visit, pool)
            if held is not None:
                if held.used:
                    return False
                wanted -= 1
        if wanted and on_shift - pool.held < wanted:
            return False
    if visit.node.shift_end is FITS and visit.remaining:
        return all(fits(visit, pools[p], units, now) for p, units in zip(need.pools, need.units, strict=True))
    return True


def held_unit(visit: Visit, pool: PoolState) -> Held | None:
    """The unit of `pool` that an enclosing block keeps for this case, innermost first."""
    holds = visit.case.holds
    if holds:
        for block in reversed(visit.node.blocks):
            held = holds.get(block)
            if held is not None and held.pool is pool:
                return held
    return None


def fits(visit: Visit, pool: PoolState, units: int, now: int) -> bool:
    """Whether the work ends before capacity falls below what it and later-ending work use."""
    ends = now + visit.remaining
    steps = pool.pool.capacity
    t = steps.first_change_after(now)
    while t is not None and t < ends:
        used = units
        for work, n in pool.working.items():
            if work.ends > t:
                used += n
        if steps.at(t) < used:
            return False
        t = steps.first_change_after(t)
    return True
