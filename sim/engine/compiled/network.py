"""The array view of a network: what compiled code reads, made once for each network."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.chance.compiled import Laws
from sim.chance.families import Law, LawKind
from sim.engine.compiled import layout
from sim.engine.compiled.keys import MOST_ELEMENTS, MOST_STREAMS
from sim.engine.compiled.lists import WholeNumbers, table_of
from sim.engine.compiled.tally import Columns
from sim.errors import RunError
from sim.network.elements import ChoiceBy, Kind, LimitClock, Need, Network, Node, ShiftEnd

Tables = dict[str, npt.NDArray[Any]]

#: Passes of a repeat that are as good as without end: no entry beyond 65 535 has a draw.
_MOST = 2**31 - 1
#: Laws whose quantile is found by search: it takes so long that nothing is gained by drawing ahead.
_SLOW = (LawKind.PERT, LawKind.GAMMA, LawKind.ERLANG)


class NetworkArrays:
    """Tables of a network by the names of ``layout``, and the single numbers that go with them.

    Attributes
    ----------
    tables : arrays that never change during a run, and pools, queues and batches as they are when it begins.
    numbers : values of single numbers by their place.
    foreseen : elements whose draws are made for many cases at once (``foresight``).
    """

    def __init__(self, network: Network, elements: Collection[int] | None = None) -> None:
        """Make the tables; rows are written of `elements`, by their index (None: of all)."""
        if len(network.nodes) > MOST_ELEMENTS or len(network.streams) + len(network.backlogs) > MOST_STREAMS:
            raise RunError(
                f"the process has {len(network.nodes)} elements and {len(network.streams)} streams of "
                f"arrivals; the compiled engine takes {MOST_ELEMENTS} and {MOST_STREAMS}. Use --engine simpy"
            )
        self.network = network
        self.elements = elements
        self.whole = WholeNumbers()
        self.floats: list[float] = []
        self.laws = Laws(self.floats)
        self.needs: list[tuple[int, int]] = []
        self.parts: list[tuple[int, int]] = []
        self.queues: list[dict[str, int]] = []
        self.queue_pools: list[list[int]] = []
        self.batches: list[dict[str, int]] = []
        self.columns = Columns(network.nodes)
        self.foreseen = 0
        self.block_ends = {n.block: n.index for n in network.nodes if n.kind is Kind.BLOCK_END}
        nodes = [self._node(node) for node in network.nodes]
        pools = self._pools()
        calendars = [self._calendar(c) for c in network.calendars]
        limited = [n.index for n in network.nodes if n.kind is Kind.BLOCK and (n.limit or n.hold >= 0)]
        a = layout
        self.numbers = {
            a.WINDOW_START: network.window[0],
            a.WINDOW_END: network.window[1],
            a.HORIZON: network.horizon,
            a.WITHDRAWN_END: network.withdrawn,
            a.TURNED_AWAY_END: network.turned_away,
            a.ANY_LEGAL: any(n.limit and n.limit.clock is LimitClock.LEGAL for n in network.nodes),
            a.COUNTERS: len(network.counters),
            a.ATTRIBUTES: len(network.attributes),
            a.CASE_COUNTS: self._list_of_floats(network.case_counts),
            a.PRIORITIES: self._list([c.priority for c in network.classes]),
            a.N_POOLS: len(network.pools),
            a.N_NODES: len(network.nodes),
            a.N_BATCHES: len(self.batches),
            a.N_LIMITED: len(limited),
            a.LIMITED: self._list(limited),
            a.MOST_POOLS: max((1, *(n for _, n in self.needs))),
            a.MOST_BRANCHES: max((len(n.targets) for n in network.nodes if n.kind is Kind.FORK), default=0),
            a.MOST_BUNDLE: 1,
            a.STAFF: sum(int(p.capacity.arrays[1].max()) for p in network.pools),
            a.HOLDS: any(n.hold >= 0 for n in network.nodes),
            a.IN_NUMBERS: bool(self.batches) or any(p.room >= 0 for p in network.pools),
            # Rows of one case that ends: a visit or wait and a branch for each strand, and blocks.
            a.MOST_OF_A_CASE: 2 * sum(n.kind is Kind.JOIN for n in network.nodes) + 2 * len(limited) + 8,
            a.STREAMS: max(len(network.streams) + len(network.backlogs), 1),
            a.WIDTH: self.columns.width,
        }
        changes = self._shifts()
        self.numbers[a.N_SHIFTS] = len(changes)
        self.tables: Tables = {
            "nodes": table_of(nodes, layout.NODE),
            "needs": np.array(self.needs, layout.NEED),
            "parts": np.array(self.parts, layout.PART),
            "calendars": table_of(calendars, layout.CALENDAR),
            "shifts": changes,
            "pools": table_of(pools, layout.POOL),
            "queues": table_of(self.queues, layout.QUEUE),
            "batches": table_of(self.batches, layout.BATCH),
            "laws": self.laws.table(),
        }
        self.tables["floats"] = np.array([*self.floats, 0.0])

    def list_of_keys(self, keys: tuple[int, ...]) -> npt.NDArray[np.int64]:
        """Return the table of whole numbers with the keys of streams at its end."""
        return self.whole.array((*keys, 0))

    # Lists ---------------------------------------------------------------------------------------

    def _list(self, values: Any) -> int:
        return self.whole.add(np.asarray(values, np.int64))

    def _list_of_floats(self, values: Any) -> int:
        at = len(self.floats)
        self.floats += [float(v) for v in values]
        return at

    def _need(self, need: Need) -> int:
        self.needs.append((self._list([*need.pools, *need.units]), len(need.pools)))
        return len(self.needs) - 1

    # Rows ----------------------------------------------------------------------------------------

    def _node(self, node: Node) -> dict[str, Any]:
        row: dict[str, Any] = {
            "key": node.key,
            "kind": node.kind,
            "recorded": self.elements is None or node.index in self.elements,
            "next": node.next,
            "hands": node.hands,
            "stops": node.stops_clock,
            "shift_end": node.shift_end,
            "patience": self.laws.add(node.patience),
            "counts_at": self._list_of_floats(node.counts) if any(node.counts) else -1,
            "again": node.again,
            "cap": min(node.cap, _MOST),
            "by": node.by,
            "attribute": node.attribute,
            "hold": node.hold,
            "block": node.block,
            "end_status": node.end_status,
            "targets_at": self._list(node.targets),
            "targets_n": len(node.targets),
            "shares_at": self._list_of_floats(node.shares),
            "shares_n": len(node.shares),
            "blocks_at": self._list(node.blocks),
            "blocks_n": len(node.blocks),
            "delay": -1,
            "delay_calendar": -1,
            "batch": -1,
            "queue": -1,
            "limit_calendar": -1,
            "escalate": -1,
            "new_class": -1,
            "block_end": self.block_ends.get(node.index, -1),
            "needs_at": len(self.needs),
            "needs_n": len(node.needs),
            "parts_at": len(self.parts),
            "parts_n": len(node.parts),
            "drawn": self._drawn(node),
            **self.columns.of(node),
        }
        for need in node.needs:
            self._need(need)
        self.parts += [(part.key, self.laws.add(part.law)) for part in node.parts]
        if node.delay is not None:
            row["delay"] = self.laws.add(node.delay.law)
            row["delay_calendar"] = node.delay.calendar
        if node.limit is not None:
            row |= {
                "limit": 1,
                "limit_seconds": node.limit.seconds,
                "limit_clock": node.limit.clock,
                "limit_calendar": node.limit.calendar,
                "escalate": node.limit.escalate_to,
                "new_class": node.limit.new_class,
            }
        if node.kind is Kind.FORK:
            joins = [n.index for n in self.network.nodes if n.fork == node.index and n.kind is Kind.JOIN]
            row["joins_at"] = self._list(joins)
        waits_for = (Need((node.hold,), (1,)),) if node.kind is Kind.BLOCK and node.hold >= 0 else node.needs
        if waits_for:
            row["queue"] = self._queue(node, waits_for)
        if node.kind is Kind.BATCH:
            row["batch"] = self._batch(node)
        return row

    def _drawn(self, node: Node) -> int:
        """Return the place of an element among those with draws for many cases at once, -1 for none."""
        laws = [part.law for part in node.parts]
        if node.kind is Kind.WAIT and node.delay is not None:
            laws = [node.delay.law]
        by_chance = node.kind is Kind.LOOP or (node.kind is Kind.CHOICE and node.by is ChoiceBy.CHANCE)
        if not by_chance and not (laws and all(map(_is_quick, laws))):
            return -1
        self.foreseen += 1
        return self.foreseen - 1

    def _queue(self, node: Node, needs: tuple[Need, ...]) -> int:
        named = list(dict.fromkeys(p for need in needs for p in need.pools))
        simple = (
            node.kind is Kind.STEP
            and len(needs) == 1
            and needs[0].units == (1,)
            and node.shift_end is not ShiftEnd.FITS
            and not node.blocks
        )
        self.queue_pools.append(named)
        self.queues.append(
            {
                "rule": self.network.pools[named[0]].rule,
                "pools_at": self._list(named),
                "pools_n": len(named),
                "first": named[0],
                "line": -1,
                "last": -1,
                "root": -1,
                "paused": -1,
                "simple": simple,
            }
        )
        return len(self.queues) - 1

    def _batch(self, node: Node) -> int:
        spec = node.meetings
        assert spec is not None
        self.batches.append(
            {
                "node": node.index,
                "times_at": self._list(spec.times),
                "times_n": 0 if spec.size else len(spec.times),
                "size": spec.size,
                "or_after": spec.or_after,
                "or_after_calendar": spec.or_after_calendar,
                "agenda": spec.agenda,
                "agenda_seconds": spec.agenda_seconds,
                "cut_off": spec.cut_off,
                "cut_off_calendar": spec.cut_off_calendar,
                "order": spec.order,
                "need": self._need(spec.attend),
                "whole": -1 if spec.whole is None else self.laws.add(spec.whole.law),
                "whole_key": 0 if spec.whole is None else spec.whole.key,
                "each": -1 if spec.each is None else self.laws.add(spec.each.law),
                "each_key": 0 if spec.each is None else spec.each.key,
                "bundle": spec.bundle,
                "most": min(spec.size, spec.agenda or spec.size),
                "root": -1,
            }
        )
        return len(self.batches) - 1

    def _calendar(self, calendar: Any) -> dict[str, int]:
        edges, before, by_day = calendar.edge_arrays
        first, last = calendar.cover
        return {
            "first": first,
            "last": last,
            "edges_at": self._list(edges),
            "before_at": self._list(before),
            "days_at": self._list(by_day),
            "edges_n": len(edges),
        }

    def _pools(self) -> list[dict[str, int]]:
        groups = [set(named) for named in self.queue_pools]
        groups += [set(n.meetings.attend.pools) for n in self.network.nodes if n.meetings is not None]
        rows = []
        for pool in self.network.pools:
            kin = {pool.index}.union(*(g for g in groups if pool.index in g))
            mine = [i for i, named in enumerate(self.queue_pools) if pool.index in named]
            times, values = pool.capacity.arrays
            rows.append(
                {
                    "rule": pool.rule,
                    "room": pool.room,
                    "queues_at": self._list(mine),
                    "queues_n": len(mine),
                    "kin_at": self._list(sorted(kin)),
                    "kin_n": len(kin),
                    "own": mine[0] if len(mine) == len(kin) == 1 else -1,
                    "capacity": int(pool.capacity.at(0)),
                    "work": -1,
                    "meetings": -1,
                    "room_first": -1,
                    "room_last": -1,
                    "steps_at": self._list(np.concatenate([times, values])),
                    "steps_n": len(times),
                }
            )
        return rows

    def _shifts(self) -> npt.NDArray[Any]:
        """Return the changes of head-count after second 0 and before the horizon, by time and pool."""
        parts = [np.zeros(0, layout.SHIFT)]
        for pool in self.network.pools:
            times, values = pool.capacity.arrays
            begin, end = np.searchsorted(times, (0, self.network.horizon - 1), "right")
            part = np.zeros(max(end - begin, 0), layout.SHIFT)
            part["time"], part["pool"], part["capacity"] = times[begin:end], pool.index, values[begin:end]
            parts.append(part)
        changes = np.concatenate(parts)
        return changes[np.lexsort((changes["pool"], changes["time"]))]


def _is_quick(law: Law) -> bool:
    return law.kind not in _SLOW and all(_is_quick(of) for _, of in law.parts)
