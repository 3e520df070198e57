"""Runs a network and hands on the records of ended cases, so that memory is bounded by work in progress.

Whenever a table of rows is full, or arrivals run out and many cases have ended, the rows of ended cases are
taken out in chunks and those of open cases move to the front, numbered anew. Compiled code does not notice:
it only reads from its tables of slots and adds to its tables of rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.chance.arrivals import Cases
from sim.chance.arriving import SIZE, cases_in_chunks
from sim.chance.draws import Draws
from sim.engine.compiled import far, loop
from sim.engine.compiled import layout as a
from sim.engine.compiled.blocks import CompiledDraws
from sim.engine.compiled.failures import failed, stuck
from sim.engine.compiled.network import NetworkArrays
from sim.engine.compiled.parting import Places, Rows, renumber
from sim.engine.compiled.room import MOST_ROWS_AHEAD, Room
from sim.engine.compiled.sorting import sort_rows
from sim.engine.freeze import AREAS, freeze
from sim.engine.records import Records
from sim.network.elements import Network

Take = Callable[[Records], None]

#: Rows of the steps table before a chunk is handed on.
ROWS = 32_768
#: The group of the cases that are still open, as rows are parted; chunks follow.
OPEN = 0

#: The last second, while more cases are to come: no event lies beyond it, so the loop asks for them.
_NO_STOP = far.NEVER + 1


def stream(
    network: Network,
    draws: Draws,
    take: Take,
    *,
    rows: int = ROWS,
    size: int = SIZE,
) -> None:
    """Run one replication of `network` and hand on its records in chunks of whole cases.

    Parameters
    ----------
    take : given each chunk: cases that have ended, in order of arrival among themselves, with all their
        rows, numbered from 0, and the meetings held since the chunk before. Its `stopped` is the second of
        the run; its areas and `activities` are 0. Cases still open when the run ends come with the others
        that are left then, and the last chunk has the areas and `activities` of the whole run. A row whose
        ``lead`` is in another chunk has a number from ``parting.ELSEWHERE`` on there.
    rows : rows of a chunk, and rows in memory at once, about; more are if more cases are open.
    size : cases to come that are in memory at once, about.

    Raises
    ------
    RunError
        As the reference engine does.
    """
    arrays = NetworkArrays(network)
    flow = _Flow(arrays, draws, rows, size)
    numbers = flow.room.numbers
    while True:
        code = loop.advance(flow.room.at)
        if code == loop.NEEDS_ROOM:
            full = flow.is_full()
            if full:
                flow.hand_on(take)
            if not flow.room.make() and not full:
                raise RuntimeError("the compiled engine asks for room that it has")
        elif code == loop.NEEDS_ARRIVALS:
            if flow.is_long():
                flow.hand_on(take)
            flow.bring()
        elif code == loop.FAILED:
            raise failed(network, draws, arrays, numbers)
        elif code == loop.STUCK:
            raise stuck(network, flow.room)
        else:
            flow.finish(take)
            return


class _Flow:
    """The tables of one run, and the cases that are still to come."""

    def __init__(self, arrays: NetworkArrays, draws: Draws, rows: int, size: int) -> None:
        self.network = arrays.network
        self.chunks = cases_in_chunks(arrays.network, CompiledDraws(draws), size)
        first = next(self.chunks)
        self.next: Cases | None = next(self.chunks, None)
        self.room = Room(arrays, first, draws, False)
        #: Of each row of a case in memory: its number in the whole run.
        self.names: npt.NDArray[np.int64] = np.arange(len(first), dtype=np.int64)
        self.named = len(first)
        self.held = False
        #: Rows of a chunk, about.
        self.most = rows
        #: Cases that come at once, about.
        self.size = size
        self.tables = {"step_rows": a.STEP_ROWS, "piece_rows": a.PIECE_ROWS}
        self.room.reserve("step_rows", MOST_ROWS_AHEAD)
        for name in self.tables:
            self.room.lengthen(name, rows)
        if arrays.numbers[a.N_BATCHES]:
            self.tables["meeting_rows"] = a.MEETING_ROWS
            self.room.lengthen("meeting_rows", rows // 8)
        self.room.numbers[a.STOP] = _NO_STOP
        self._hold()

    # Cases to come -------------------------------------------------------------------------------

    def bring(self) -> None:
        """Give the engine the next cases; all those before have come."""
        n = self.room.numbers
        cases = self.next
        if cases is None:
            raise RuntimeError("the engine asks for cases when there are none")
        self.next = next(self.chunks, None)
        n[a.COHORT_LEFT] -= self.held
        known = self._known()
        self.room.arrive(cases, known)
        n[a.FIRST_ROW] = known
        n[a.ARRIVAL] = 0
        n[a.BEGUN] = loop.MORE_ARRIVALS
        self.names = np.concatenate([self.names[:known], self.named + np.arange(len(cases))])
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

    def is_long(self) -> bool:
        """Return whether so many cases have ended that a chunk is worth while, if they have few rows."""
        open_ = int(self.room.numbers[a.OPEN_CASES])
        return self._known() - open_ > max(self.size, open_)

    def _known(self) -> int:
        """Return how many cases have come and are in memory."""
        return int(self.room.numbers[a.FIRST_ROW] + self.room.numbers[a.ARRIVAL])

    def _used(self, name: str) -> int:
        return int(self.room.numbers[self.tables[name]])

    def hand_on(self, take: Take) -> None:
        """Hand on the cases that have ended and forget them; the rows of the others move to the front."""
        room, n = self.room, self.room.numbers
        known = self._known()
        over = room.tables["case_rows"]["status"][:known] != 0
        rows = self._rows()
        for chunk in self._chunks(rows, over, stopped=int(n[a.NOW])):
            take(chunk)
        n[a.STEP_ROWS], n[a.PIECE_ROWS] = rows.keep(OPEN)
        n[a.MEETING_ROWS] = 0
        room.tables["case_rows"][:known].view(np.uint8)[:] = 0
        renumber(room.tables["cases"], rows.place_of_case)
        stay = rows.cases(OPEN)
        n[a.OPEN_BEFORE] += known - len(stay)  # with what follows, it counts all that have come but these
        n[a.FIRST_ROW] = len(stay) - n[a.ARRIVAL]
        self.names = np.concatenate([self.names[stay], self.names[known:]])
        for name in self.tables:  # else a chunk would soon be due again
            if 2 * self._used(name) > len(room.tables[name]):
                room.lengthen(name, 2 * self._used(name))

    def finish(self, take: Take) -> None:
        """Hand on all cases that are left, and what is known of the whole run at its end."""
        n = self.room.numbers
        pools = self.room.tables["pools"][: len(self.network.pools)]
        areas: dict[str, Any] = {name: pools[name].astype(np.int64) for name in AREAS}
        last: Records | None = None
        every = np.ones(self._known(), dtype=bool)
        for chunk in self._chunks(self._rows(), every, stopped=int(n[a.STOP])):
            if last is not None:
                take(last)
            last = chunk
        assert last is not None  # there is one chunk at least
        take(replace(last, **areas, activities=int(n[a.ACTIVITIES])))

    def _rows(self) -> Rows:
        """Return the rows written of the cases that the engine knows of."""
        room = self.room
        steps, pieces = room.rows("step_rows", a.STEP_ROWS), room.rows("piece_rows", a.PIECE_ROWS)
        return Rows(steps, pieces, self.names[: self._known()])

    def _chunks(self, rows: Rows, over: npt.NDArray[np.bool_], stopped: int) -> Iterator[Records]:
        """Yield the cases that are over with their rows, some at a time; with the first the meetings held.

        To measure a chunk takes several times its own memory, so it is small however many cases have ended.
        `rows` are parted then: `OPEN`, and each chunk by itself.
        """
        part = np.cumsum(rows.count[over]) // self.most
        of = np.full(len(over), OPEN, dtype=np.int32)
        of[over] = 1 + np.cumsum(np.diff(part, prepend=part[:1]) > 0)  # no number is left out
        chunks = int(of.max(initial=1))
        rows.part(of, 1 + chunks)
        meetings = self.room.rows("meeting_rows", a.MEETING_ROWS).copy()
        for group in range(1, 1 + chunks):
            steps, pieces = rows.copy(group)
            yield self._records(rows.cases(group), steps, pieces, meetings, stopped)
            meetings = meetings[:0]

    def _records(
        self,
        chosen: Places,
        steps: npt.NDArray[Any],
        pieces: npt.NDArray[Any],
        meetings: npt.NDArray[Any],
        stopped: int,
    ) -> Records:
        """Return the records of the cases `chosen`, given their rows as they were written."""
        tables, counters = self.room.tables, len(self.network.counters)
        cases = tables["case_rows"][chosen]
        known = self._known()
        counts = tables["count_rows"][: known * counters].reshape(known, counters)
        sort_rows(steps, pieces, cases)
        return freeze(
            cases=cases,
            counts=counts[chosen],
            steps=steps,
            pieces=pieces,
            meetings=meetings,
            pools=tables["pool_rows"][:0],
            areas={name: np.zeros(len(self.network.pools), dtype=np.int64) for name in AREAS},
            stopped=stopped,
            activities=0,
        )
