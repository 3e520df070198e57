"""Shifts: the head-count of each pool changes, and work in excess of it follows its step's rule."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import simpy

from sim.engine.members import FINISH
from sim.engine.order import Rung, base
from sim.engine.parts import Parts
from sim.engine.state import Happening, PoolState, Visit

if TYPE_CHECKING:
    from sim.engine.staff import Staff


class Shifts:
    """Changes the capacity of all pools of one run."""

    def __init__(self, staff: Staff, parts: Parts) -> None:
        self.staff = staff
        self.env = parts.env
        self.network = parts.network
        self.recorder = parts.recorder

    def changes(self) -> Generator[simpy.Event, Any, None]:
        """A SimPy process: change the head-count of each pool when a shift begins or ends."""
        network = self.network
        changes: list[tuple[int, int, int]] = []
        for pool in network.pools:
            t = pool.capacity.first_change_after(0)
            while t is not None and t < network.horizon:
                changes.append((t, pool.index, int(pool.capacity.at(t))))
                t = pool.capacity.first_change_after(t)
        changes.sort()
        i = 0
        while i < len(changes):
            t = changes[i][0]
            yield Happening(self.env, t - self.env.now, base(Rung.SHIFT, 0))
            while i < len(changes) and changes[i][0] == t:
                self._change(self.staff.pools[changes[i][1]], changes[i][2])
                i += 1

    def _change(self, pool: PoolState, capacity: int) -> None:
        self.staff.account(pool)
        rise = capacity > pool.capacity
        pool.capacity = capacity
        self.recorder.pool(pool, self.env.now)
        if rise:
            self.staff.look_at(pool)
            return
        excess = pool.busy - capacity
        if excess <= 0:
            return
        # Latest first start first; equal starts: the later in (case, element, visit) first.
        for work in sorted(pool.working, key=lambda w: (w.started, *w.rank()), reverse=True):
            if excess <= 0:
                break
            excess -= pool.working[work]
            if isinstance(work, Visit) and work.node.shift_end is not FINISH:
                self.staff.pause(work)
