"""The tables of one compiled run: filled for its beginning, and given more room when it asks.

A table that is full is made twice as long between two calls of the loop; slots and rows keep their places.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.chance.arrivals import Cases
from sim.chance.draws import Draws
from sim.engine.compiled import bounds, far, foresight, ground, spare
from sim.engine.compiled import layout as a
from sim.engine.compiled.network import NetworkArrays
from sim.network.elements import Kind, Network

Table = npt.NDArray[Any]

#: Tables of slots: head of the list of free ones, and the number in use.
SLOTS = {
    "cases": (a.FREE_CASE, a.LIVE_CASES),
    "strands": (a.FREE_STRAND, a.LIVE_STRANDS),
    "visits": (a.FREE_VISIT, a.LIVE_VISITS),
    "limits": (a.FREE_LIMIT, a.LIVE_LIMITS),
    "meetings": (a.FREE_MEETING, a.LIVE_MEETINGS),
    "links": (a.FREE_LINK, a.LIVE_LINKS),
    "takes": (a.FREE_TAKE, a.LIVE_TAKES),
    "pieces": (a.FREE_PIECE, a.LIVE_PIECES),
}
#: Tables of rows or entries: how many are used.
ROWS = {
    "events": a.N_EVENTS,
    "far": a.FAR_TOP,
    "step_rows": a.STEP_ROWS,
    "piece_rows": a.PIECE_ROWS,
    "meeting_rows": a.MEETING_ROWS,
    "pool_rows": a.POOL_ROWS,
}
RINGS = {"urgent": (a.URGENT_FROM, a.URGENT_N), "normal": (a.NORMAL_FROM, a.NORMAL_N)}
USED = {**{n: live for n, (_, live) in SLOTS.items()}, **ROWS, **{n: used for n, (_, used) in RINGS.items()}}
#: Slots of each kind in the beginning.
FIRST_SLOTS = 256
#: Steps that a table that was made longer has room for: the fewer, the more a step may take.
FEW, MANY = 4, 64
#: Events that the heap holds before most of them stand aside: 128 kB.
NEAR = 4_096
#: Bytes of a table that are not thought much.
SMALL = 1 << 24
#: Rows of the steps table that are set aside at most before they are wanted: 170 MB.
MOST_ROWS_AHEAD = 2_000_000
#: Kinds of nodes that write a row when they are left.
RECORDED = (Kind.STEP, Kind.WAIT, Kind.MARK, Kind.BATCH, Kind.JOIN)


class Room:
    """All tables of one run.

    Attributes
    ----------
    tables : by the names of ``layout.TABLES``.
    addresses : of all tables, with their lengths. at : where this list is, for compiled code.
    numbers : the run's single numbers.
    """

    def __init__(self, arrays: NetworkArrays, cases: Cases, draws: Draws, pool_states: bool) -> None:
        self.numbers = np.zeros(a.N_NUMBERS, np.int64)
        for place, value in arrays.numbers.items():
            self.numbers[place] = value
        self.tables: dict[str, Table] = {n: np.zeros(1, t) for n, t in a.TABLES.items()}
        self.tables |= {n: t for n, t in arrays.tables.items() if len(t)}
        self.tables["numbers"] = self.numbers
        self.addresses = np.zeros(2 * len(a.TABLES), np.int64)
        self.at = int(self.addresses.ctypes.data)
        self._arrivals(arrays, cases)
        n = self.numbers
        n[a.SEED] = draws.seed
        n[a.STREAM_KEY] = draws.run_key
        n[a.POOL_STATES] = pool_states
        n[a.STOP] = n[a.HORIZON] - 1
        n[a.AT_STRAND] = n[a.FREE_PACK] = n[a.FAR_NEXT] = -1
        n[a.FAR_FROM] = n[a.ROWS_DUE] = far.NEVER
        n[a.NEAR] = n[a.NEAR_MOST] = NEAR
        self.tables["rungs"] = np.zeros(far.RUNGS + 1, np.int64)
        self._foresee(arrays.foreseen)
        self.tables["dirty"] = np.zeros(n[a.N_POOLS] + 1, np.int64)
        for free, _ in SLOTS.values():
            n[free] = -1
        for name in SLOTS:
            self._lengthen_slots(name, FIRST_SLOTS)
        self._locate()
        self.make()

    def _arrivals(self, arrays: NetworkArrays, cases: Cases) -> None:
        n = self.numbers
        n[a.ALL_ARRIVED] = 1
        n[a.LUCK] = len(arrays.whole)
        self.tables["whole"] = arrays.list_of_keys(tuple(int(k) for k in cases.stream_keys))
        self.arrive(cases)

    def _foresee(self, elements: int) -> None:
        """Make the tables of draws for so many elements; what is not used of them takes no memory."""
        streams = int(foresight.streams_apart(self.numbers))
        blocks = elements * streams * foresight.KEPT
        self.tables["blocks"] = np.zeros(blocks + 1, a.BLOCK)
        self.tables["blocks"]["block"] = -1
        self.tables["accounts"] = np.full(elements + 1, streams * foresight.CREDIT, np.int64).view(a.ACCOUNT)
        self.tables["drawn"] = np.empty(blocks * foresight.BLOCK + 1)
        self.tables["units"] = np.empty(foresight.BLOCK)

    def expect(self, network: Network, cases: int, elements: Collection[int] | None = None) -> None:
        """Set room aside, before a run begins, for the rows of so many cases.

        What is not used takes no memory, but for what an earlier run has used of it.
        """
        rows = (
            2
            * cases
            * sum(
                node.kind in RECORDED and (elements is None or node.index in elements)
                for node in network.nodes
            )
        )
        if rows > len(self.tables["step_rows"]):
            self.tables["step_rows"] = spare.step_rows(min(rows, MOST_ROWS_AHEAD))
            self._locate()

    def arrive(self, cases: Cases, known: int = 0) -> None:
        """Give the engine cases to come, in place of those that have; the first `known` rows are in use."""
        n = self.numbers
        for name, column in (
            ("due_at", cases.arrived), ("due_number", cases.number), ("due_stream", cases.stream),
            ("due_class", cases.cls), ("due_node", cases.node), ("due_initial", cases.initial),
            ("due_attributes", cases.attributes.ravel()),
        ):  # fmt: skip
            self.tables[name] = np.ascontiguousarray(column, a.TABLES[name])
        n[a.N_ARRIVALS] = len(cases)
        in_window = (cases.arrived >= n[a.WINDOW_START]) & (cases.arrived < n[a.WINDOW_END]) & ~cases.initial
        n[a.COHORT_LEFT] += int(in_window.sum())
        for name, width in (("case_rows", 1), ("count_rows", int(n[a.COUNTERS]))):
            rows, used, length = self.tables[name], known * width, (known + len(cases)) * width + 1
            if len(rows) < length:
                self.tables[name] = np.zeros(max(2 * len(rows), length), rows.dtype)
                self.tables[name][:used] = rows[:used]
            else:
                rows[used:length].view(np.uint8)[:] = 0  # field by field it takes ten times as long
        self._locate()

    def lengthen(self, name: str, length: int) -> None:
        """Make a table of rows at least so long."""
        if len(self.tables[name]) < length:
            self._lengthen_rows(name, length)
            self._locate()

    def reserve(self, name: str, length: int) -> None:
        """Let a table of rows become so long without being copied: what is not used takes no memory."""
        table = self.tables[name]
        if len(table) < length:
            ahead = _longer(table, length, int(self.numbers[ROWS[name]]))
            self.tables[name] = ahead[: len(table)]
            self._locate()

    def rows(self, name: str, used: int) -> Table:
        """Return the rows written to a table."""
        return self.tables[name][: self.numbers[used]]

    def make(self) -> bool:
        """Lengthen every table that is short of what some steps may want; return whether one was."""
        before = sum(map(len, self.tables.values()))
        for name, used in USED.items():
            if self.numbers[used] > len(self.tables[name]):  # bounds are wrong: nothing is to be trusted
                raise RuntimeError(f"the compiled engine wrote beyond the end of {name}")
        n = [int(value) for value in self.numbers]
        most, events = bounds.rows(n), bounds.events(n)
        branches = n[a.MOST_BRANCHES] + 2
        wanted = {
            "step_rows": most,
            "events": events,
            "far": events,
            "normal": most,
            "urgent": branches,
            "visits": 2,
            "strands": branches,
            "cases": 2,
            "limits": 2,
            "pieces": bounds.pieces(n),
            "piece_rows": bounds.pieces(n) * bounds.copies(n),
        }
        if n[a.N_BATCHES]:
            wanted["meeting_rows"] = 2
        if n[a.POOL_STATES]:
            wanted["pool_rows"] = bounds.pool_rows(n)
        for name, each in wanted.items():
            self._make(name, each)
        there = {"takes": bounds.takes(n)}
        if n[a.N_BATCHES]:
            there |= {"meetings": bounds.meetings(n), "links": bounds.meetings(n) * n[a.MOST_POOLS]}
        for name, most in there.items():
            if len(self.tables[name]) < most:
                self._lengthen_slots(name, 2 * most)
        if len(self.tables["scratch"]) < bounds.scratch(n):
            self.tables["scratch"] = np.empty(2 * bounds.scratch(n), np.int64)
        self._locate()
        return sum(map(len, self.tables.values())) > before

    def _make(self, name: str, each: int) -> None:
        """Give a table room for several steps that take `each`, if it has not."""
        used = int(self.numbers[USED[name]])
        length = len(self.tables[name])
        # Slots are all written to, as a list of free ones; of rows, what is not used takes no memory.
        little = SMALL // 4 if name in SLOTS else SMALL
        steps = max(FEW, min(MANY, little // (each * self.tables[name].itemsize)))
        filled = used
        if name in ("events", "far"):  # all of both may come to stand in either
            filled = int(self.numbers[a.N_EVENTS] + self.numbers[a.FAR_N]) + far.SPARE * (name == "far")
        elif name == "piece_rows":  # those there are, of whatever is alive, are written when it ends
            filled += int(self.numbers[a.LIVE_PIECES]) * int(bounds.copies(self.numbers))
        if self.numbers[a.IN_NUMBERS] == bounds.AT_THE_END:  # this is for one step
            if length - filled >= each:
                return
            longer = filled + each
        elif length - filled >= steps * each:
            return
        else:
            longer = max(2 * length, filled + 2 * steps * each)
        if name in SLOTS:
            self._lengthen_slots(name, longer)
        elif name in RINGS:
            start = RINGS[name][0]
            turned = self.tables[name][(int(self.numbers[start]) + np.arange(used)) % length]
            self.tables[name] = _longer(turned, longer, used)
            self.numbers[start] = 0
        else:
            before = self.tables[name].ctypes.data
            self._lengthen_rows(name, longer)
            if name == "step_rows" and length >= spare.LEAST and self.tables[name].ctypes.data != before:
                spare.let_go()

    def _lengthen_rows(self, name: str, length: int) -> None:
        used = int(self.numbers[ROWS[name]])
        self.tables[name] = _longer(self.tables[name], length, used)
        if name == "far":
            self.tables["packs"] = _longer(self.tables["packs"], length // far.PACK + 1, used // far.PACK)

    def _lengthen_slots(self, name: str, length: int) -> None:
        """Give a table of slots more of them, all on its list of free ones."""
        n = self.numbers
        free, live = SLOTS[name]
        # The very first slot of a table made here is the one that stands for an empty table.
        old = len(self.tables[name]) if n[live] or n[free] >= 0 else 0
        table = _longer(self.tables[name], length, len(self.tables[name]))
        table["free"][old:] = np.arange(old + 1, length + 1)
        table["free"][-1] = n[free]
        n[free] = old
        if name == "cases":
            table["strand"][old:] = -1
            for other, width in (("tally", a.WIDTH), ("counts", a.COUNTERS), ("attributes", a.ATTRIBUTES)):
                whole = self.tables[other]
                self.tables[other] = _longer(whole, length * int(n[width]) + 1, len(whole))
        elif name == "limits":
            self.tables["legals"] = _longer(self.tables["legals"], length, len(self.tables["legals"]))
        self.tables[name] = table

    def _locate(self) -> None:
        """Write the addresses of all tables into the list that compiled code is given."""
        for name, place in a.PLACES.items():
            self.addresses[2 * place] = self.tables[name].ctypes.data
            self.addresses[2 * place + 1] = len(self.tables[name])


def _longer(table: Table, length: int, used: int) -> Table:
    ahead: Any = table.base
    if isinstance(ahead, np.ndarray) and ahead.dtype == table.dtype and len(ahead) >= length:
        return ahead[:length]  # of what was reserved
    longer = ground.empty(length, table.dtype)
    longer[:used] = table[:used]
    return longer
