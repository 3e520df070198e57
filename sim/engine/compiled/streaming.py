"""Runs a network and hands on the records of ended cases, so that memory is bounded by work in progress.

Whenever the tables of rows are full or arrivals run out, the rows of cases that have ended are taken out as
a chunk and those of open cases move to the front, numbered anew. Compiled code does not notice: it only
reads from its tables of slots and adds to its tables of rows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.chance.arrivals import Cases
from sim.chance.arriving import SIZE, cases_in_chunks
from sim.chance.draws import Draws
from sim.engine.compiled import layout as a
from sim.engine.compiled import loop
from sim.engine.compiled.failures import failed, stuck
from sim.engine.compiled.network import NetworkArrays
from sim.engine.compiled.room import Room
from sim.engine.compiled.sorting import order_of_steps
from sim.engine.freeze import AREAS, freeze
from sim.engine.records import Records
from sim.network.elements import Network

#: Rows of the steps table before a chunk is handed on.
ROWS = 65_536
#: ``lead`` of a row whose bundle is led by a case of another chunk: this and the number of that case.
ELSEWHERE = 1 << 40

#: The last second, while more cases are to come: no event lies beyond it, so the loop asks for them.
_NO_STOP = (1 << 62) + 1


def stream(
    network: Network,
    draws: Draws,
    take: Callable[[Records], None],
    *,
    rows: int = ROWS,
    size: int = SIZE,
) -> None:
    """Run one replication of `network` and hand on its records in chunks of whole cases.

    Parameters
    ----------
    take : given each chunk: cases that have ended, in order of arrival among themselves, with all their
        rows, numbered from 0, and the meetings held since the chunk before. Its `stopped` is the second of
        the run; its areas and `activities` are 0. The last chunk has the cases still open as well, and the
        areas, `activities` and last second of the whole run. A row whose ``lead`` is in another chunk has
        a number from `ELSEWHERE` on there.
    rows, size : rows, and cases to come, that are in memory at once, about; more if more cases are open.

    Raises
    ------
    RunError
        As the reference engine does.
    """
    arrays = NetworkArrays(network)
    flow = _Flow(arrays, draws, rows, size)
    numbers = flow.room.numbers
    while True:
        code = loop.advance(flow.room.addresses)
        if code == loop.NEEDS_ROOM:
            if flow.is_full():
                take(flow.ended())
            flow.room.make()
        elif code == loop.NEEDS_ARRIVALS:
            take(flow.ended())
            flow.bring()
        elif code == loop.FAILED:
            raise failed(network, draws, arrays, numbers)
        elif code == loop.STUCK:
            raise stuck(network, flow.room)
        else:
            take(flow.last())
            return


class _Flow:
    """The tables of one run, and the cases that are still to come."""

    def __init__(self, arrays: NetworkArrays, draws: Draws, rows: int, size: int) -> None:
        self.network = arrays.network
        self.chunks = cases_in_chunks(arrays.network, draws, size)
        first = next(self.chunks)
        self.next: Cases | None = next(self.chunks, None)
        self.room = Room(arrays, first, draws, False)
        #: Of each row of a case in memory: its number in the whole run.
        self.names: npt.NDArray[np.int64] = np.arange(len(first), dtype=np.int64)
        self.named = len(first)
        self.held = False
        self.tables = {"step_rows": a.STEP_ROWS, "piece_rows": a.PIECE_ROWS}
        for name in self.tables:
            self.room.lengthen(name, rows)
        if arrays.numbers[a.N_BATCHES]:
            self.tables["meeting_rows"] = a.MEETING_ROWS
            self.room.lengthen("meeting_rows", rows // 8)
        self.room.numbers[a.STOP] = _NO_STOP
        self._hold()

    # Cases to come -------------------------------------------------------------------------------

    def bring(self) -> None:
        """Give the engine the next cases; all those before have come, and the ended ones are gone."""
        n = self.room.numbers
        cases = self.next
        if cases is None:
            raise RuntimeError("the engine asks for cases when there are none")
        self.next = next(self.chunks, None)
        n[a.COHORT_LEFT] -= self.held
        open_ = int(n[a.FIRST_ROW] + n[a.ARRIVAL])
        self.room.arrive(cases, open_)
        n[a.FIRST_ROW] = open_
        n[a.ARRIVAL] = 0
        n[a.BEGUN] = loop.MORE_ARRIVALS
        self.names = np.concatenate([self.names[:open_], self.named + np.arange(len(cases))])
        self.named += len(cases)
        self._hold()

    def _hold(self) -> None:
        """Keep the engine from ending before the cases that it does not know of yet."""
        n = self.room.numbers
        n[a.ALL_ARRIVED] = self.next is None
        if self.next is None:
            n[a.STOP] = min(int(n[a.STOP]), int(n[a.HORIZON]) - 1)
        # One more than it knows of is open in the cohort, until all that come in the window are there.
        self.held = self.next is not None and bool(self.next.arrived[0] <= n[a.WINDOW_END])
        n[a.COHORT_LEFT] += self.held

    # Chunks --------------------------------------------------------------------------------------

    def is_full(self) -> bool:
        """Return whether a table of rows has become so full that a chunk is worth while."""
        return any(2 * self._used(name) > len(self.room.tables[name]) for name in self.tables)

    def _used(self, name: str) -> int:
        return int(self.room.numbers[self.tables[name]])

    def ended(self) -> Records:
        """Return the cases that have ended and forget them; the rows of the others move to the front."""
        room, n = self.room, self.room.numbers
        known = int(n[a.FIRST_ROW] + n[a.ARRIVAL])
        over = room.tables["case_rows"]["status"][:known] != 0
        chunk = self._chunk(over, stopped=int(n[a.NOW]))
        stay = ~over
        steps, pieces = room.rows("step_rows", a.STEP_ROWS), room.rows("piece_rows", a.PIECE_ROWS)
        kept = stay[steps["case"]]
        own = kept[pieces["row"]]
        pieces, steps = pieces[own], steps[kept]
        pieces["row"] = _places(kept)[pieces["row"]]
        self._renumber(steps, stay)
        room.tables["step_rows"][: len(steps)] = steps
        room.tables["piece_rows"][: len(pieces)] = pieces
        n[a.STEP_ROWS], n[a.PIECE_ROWS], n[a.MEETING_ROWS] = len(steps), len(pieces), 0
        room.tables["case_rows"][:known] = 0
        cases = room.tables["cases"]
        alive = (cases["strand"] >= 0) & (cases["status"] == 0)
        cases["row"][alive] = _places(stay)[cases["row"][alive]]
        n[a.FIRST_ROW] = int(stay.sum()) - n[a.ARRIVAL]
        self.names = np.concatenate([self.names[:known][stay], self.names[known:]])
        for name in self.tables:  # else a chunk would soon be due again
            if 2 * self._used(name) > len(room.tables[name]):
                room.lengthen(name, 2 * len(room.tables[name]))
        return chunk

    def last(self) -> Records:
        """Return all cases that are left, and what is known of the whole run at its end."""
        n = self.room.numbers
        known = int(n[a.FIRST_ROW] + n[a.ARRIVAL])
        chunk = self._chunk(np.ones(known, dtype=bool), stopped=int(n[a.STOP]))
        pools = self.room.tables["pools"][: len(self.network.pools)]
        areas: dict[str, Any] = {name: pools[name].astype(np.int64) for name in AREAS}
        return replace(chunk, **areas, activities=int(n[a.ACTIVITIES]))

    def _chunk(self, chosen: npt.NDArray[np.bool_], stopped: int) -> Records:
        """Return the cases chosen with their rows, and the meetings held."""
        room, counters = self.room, len(self.network.counters)
        steps, pieces = room.rows("step_rows", a.STEP_ROWS), room.rows("piece_rows", a.PIECE_ROWS)
        taken = chosen[steps["case"]]
        pieces = pieces[taken[pieces["row"]]]
        pieces["row"] = _places(taken)[pieces["row"]]
        steps = steps[taken]
        self._renumber(steps, chosen)
        cases = room.tables["case_rows"][: len(chosen)][chosen]
        counts = room.tables["count_rows"][: len(chosen) * counters].reshape(len(chosen), counters)
        return freeze(
            cases=cases,
            counts=counts[chosen],
            steps=steps,
            order=order_of_steps(steps, len(cases)),
            pieces=pieces,
            meetings=room.rows("meeting_rows", a.MEETING_ROWS).copy(),
            pools=room.tables["pool_rows"][:0],
            areas={name: np.zeros(len(self.network.pools), dtype=np.int64) for name in AREAS},
            stopped=stopped,
            activities=0,
        )

    def _renumber(self, steps: npt.NDArray[Any], chosen: npt.NDArray[np.bool_]) -> None:
        """Number rows' cases within those chosen; a lead that is not one of them is elsewhere."""
        places = _places(chosen)
        steps["case"] = places[steps["case"]]
        here = (steps["lead"] >= 0) & (steps["lead"] < ELSEWHERE)
        lead = steps["lead"][here]
        steps["lead"][here] = np.where(chosen[lead], places[lead], ELSEWHERE + self.names[lead])


def _places(chosen: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """Return, for each that is chosen, its place among them."""
    return np.cumsum(chosen, dtype=np.int64) - 1
