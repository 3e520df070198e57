"""Bounded room: whoever waits beyond it after the last dispatch of a second leaves, the last joined first."""

from __future__ import annotations

from bisect import insort
from typing import TYPE_CHECKING

import simpy

from sim.engine.order import Rung, base
from sim.engine.parts import Parts
from sim.engine.state import Happening, PoolState, Visit

if TYPE_CHECKING:
    from sim.engine.staff import Staff


class Room:
    """Watches the pools with bounded room. Paused work does not count."""

    def __init__(self, staff: Staff, parts: Parts) -> None:
        self.staff = staff
        self.parts = parts
        self.env = parts.env
        self._due = False
        self._priority = base(Rung.ROOM, 0)

    def join(self, pool: PoolState, visit: Visit) -> None:
        """Note that `visit` begins to wait for `pool`, and look at the room later in this second."""
        insort(pool.room_list, (visit.joined, *visit.rank(), visit.stamp, visit))
        self._check_later()

    def _check_later(self) -> None:
        if not self._due:
            self._due = True
            Happening(self.env, 0, self._priority, self._check)

    def _check(self, _event: simpy.Event) -> None:
        self._due = False
        for pool in self.staff.pools:
            room = pool.pool.room
            if room < 0:
                continue
            while pool.waiting > room:
                visit = pool.room_list.pop()[-1]
                if visit.queue is not None and visit.started < 0 and visit.queue.pools[0] is pool:
                    self.parts.consequences.turn_away(visit.case, visit)
            if len(pool.room_list) > 64 + 4 * pool.waiting:  # forget those that left in the meantime
                pool.room_list = [e for e in pool.room_list if e[-1].queue is not None and e[-1].started < 0]
