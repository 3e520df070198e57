"""Seconds of waiting in which staff that a step needs is off shift."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.network.elements import Kind, Need, Network, Node

IntArray = npt.NDArray[np.int64]
Alternatives = tuple[tuple[int, ...], ...]  # of pools


@dataclass(frozen=True)
class OffShift:
    """Off-shift time as a step function for each set of needs that occurs.

    A second is off-shift for a step when every alternative (``any``) has a pool with capacity 0.
    Seconds outside the calendars' cover (a backlog's wait long before the run) count as on shift.

    Attributes
    ----------
    function : for each node, which step function; -1 where no staff is needed.
    times, off, sums : of each function its steps, whether off, and off seconds up to each step.
    """

    function: IntArray
    times: tuple[IntArray, ...]
    off: tuple[IntArray, ...]
    sums: tuple[IntArray, ...]

    def seconds(self, elements: npt.ArrayLike, start: npt.ArrayLike, stop: npt.ArrayLike) -> IntArray:
        """Off-shift seconds in ``[start, stop)`` for staff of `elements` (node indices), elementwise."""
        a, b = np.asarray(start, dtype=np.int64), np.asarray(stop, dtype=np.int64)
        which = self.function[np.asarray(elements, dtype=np.int64)]
        result = np.zeros(len(a), dtype=np.int64)
        for f in range(len(self.times)):
            mine = np.flatnonzero(which == f)
            if len(mine):
                result[mine] = self._upto(f, b[mine]) - self._upto(f, a[mine])
        return result

    def _upto(self, f: int, t: IntArray) -> IntArray:
        i = np.searchsorted(self.times[f], t, side="right") - 1
        into = np.where(i >= 0, self.sums[f][i] + self.off[f][i] * (t - self.times[f][i]), 0)
        return np.asarray(into, dtype=np.int64)


def needs_of(node: Node) -> tuple[Need, ...]:
    """Return the alternatives of staff that waiting at `node` is for: a step's needs, a block's hold."""
    if node.kind == Kind.BLOCK and node.hold >= 0:
        return (Need((node.hold,), (1,)),)
    return node.needs if node.kind == Kind.STEP else ()


def off_shift(network: Network) -> OffShift:
    """Prepare the off-shift time of every element of `network`."""
    known: dict[Alternatives, int] = {}
    function = np.full(len(network.nodes), -1, dtype=np.int64)
    for node in network.nodes:
        alternatives = tuple(need.pools for need in needs_of(node))
        if alternatives and all(alternatives):
            function[node.index] = known.setdefault(alternatives, len(known))
    parts = [_function(network, alternatives) for alternatives in known]
    times, off, sums = (tuple(part[i] for part in parts) for i in range(3))
    return OffShift(function, times, off, sums)


def _function(network: Network, alternatives: Alternatives) -> tuple[IntArray, IntArray, IntArray]:
    capacities = {p: network.pools[p].capacity for pools in alternatives for p in pools}
    stops = [c.stop for c in capacities.values() if c.stop is not None]
    instants = {t for c in capacities.values() for t in c.times} | set(stops)
    times = np.array(sorted(instants), dtype=np.int64)
    empty = {}
    for p, capacity in capacities.items():
        own = np.asarray(capacity.times, dtype=np.int64)
        place = np.searchsorted(own, times, side="right") - 1
        nobody = (np.asarray(capacity.values)[np.maximum(place, 0)] == 0) & (place >= 0)
        empty[p] = nobody if capacity.stop is None else nobody & (times < capacity.stop)
    impossible = [np.any([empty[p] for p in pools], axis=0) for pools in alternatives]
    off = np.all(impossible, axis=0).astype(np.int64)
    sums = np.concatenate([[0], np.cumsum(off[:-1] * np.diff(times))]).astype(np.int64)
    return times, off, sums
