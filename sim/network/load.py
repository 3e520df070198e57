"""The load offered to each pool, from the network alone: overload is found and said before a run.

Expected visits solve the linear flow equations of the routing probabilities (J. R. Jackson, "Networks of
waiting lines", Operations Research 5, 1957), for each class and each combination of the attributes that
route. Work is visits x mean effort x units, over the window; capacity is the mean head-count over it.

Counted: steps; meetings (each item, or the meetings of the window); units kept by a hold for the mean time
of the waits and efforts inside. Not counted: queueing inside a hold, the backlog, work escalated to another
pool (it stays with the first), and that cases leave by patience, by want of room or by an end in a parallel
branch. A step that any of several pools can do is split evenly between them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt

from sim.chance.laws import mean
from sim.chance.rates import rate_table
from sim.network.elements import ChoiceBy, Kind, Network, Node, Stream

#: More combinations of attribute values than this are replaced by the share of each value on its own.
MOST_COMBINATIONS = 256

Flow = npt.NDArray[np.float64]


@dataclass(frozen=True)
class PoolLoad:
    """The load of one pool over the window.

    Attributes
    ----------
    pool : name.
    offered : mean number of units that the work offered would keep busy, day and night taken together.
    capacity : mean head-count, likewise.
    ratio : offered / capacity; infinite where there is work and nobody to do it.
    """

    pool: str
    offered: float
    capacity: float
    ratio: float


def offered_load(network: Network) -> tuple[PoolLoad, ...]:
    """Return the load offered to each pool, in the order of the network's pools."""
    work = np.zeros(len(network.pools))
    visits = expected_visits(network)
    for node in network.nodes:
        if visits[node.index] > 0 or node.kind is Kind.BATCH:
            for pool, seconds in _work(network, node, visits):
                work[pool] += seconds
    begin, end = network.window
    loads = []
    for one in network.pools:
        capacity = one.capacity.integral(begin, end) / (end - begin)
        offered = float(work[one.index]) / (end - begin)
        ratio = offered / capacity if capacity > 0 else (float("inf") if offered > 0 else 0.0)
        loads.append(PoolLoad(one.name, offered, capacity, ratio))
    return tuple(loads)


def load_warnings(network: Network) -> tuple[str, ...]:
    """Return a text for each pool whose offered load is 1 or more."""
    patient = all(node.patience is None for node in network.nodes)
    texts = []
    for load in offered_load(network):
        if load.ratio >= 1:
            more = "its queue grows as long as cases arrive" if patient else "cases leave by patience"
            texts.append(
                f"pools.{load.pool}: the work offered is {load.ratio:.2f} times what the pool can do "
                f"({load.offered:.2f} of {load.capacity:.2f} units on average): {more}."
            )
    return tuple(texts)


def arrivals_in_window(network: Network, stream: Stream) -> float:
    """Return the expected number of arrivals of a stream in the window."""
    begin, end = network.window
    if stream.times is not None:
        return float(sum(begin <= t < end for t in stream.times))
    if stream.rate is None or stream.count <= 0:
        return 0.0
    whole = rate_table(stream.rate, begin, begin + stream.per, base=begin, growth=stream.growth).total
    part = rate_table(stream.rate, begin, end, base=begin, growth=stream.growth).total
    return stream.count * part / whole if whole > 0 else 0.0


def expected_visits(network: Network) -> Flow:
    """Return how often each node is entered, on average, by the arrivals of the window."""
    by_class = np.zeros(len(network.classes))
    for stream in network.streams:
        number = arrivals_in_window(network, stream)
        shares: Flow = np.diff(np.array([0.0, *stream.class_shares]))
        recorded = stream.classes or ()
        known = [c for c in recorded if c >= 0]
        if recorded and len(known) == len(recorded):
            shares = np.asarray(np.bincount(known, minlength=len(network.classes)) / len(known), np.float64)
        by_class += number * shares
    total = np.zeros(len(network.nodes))
    for case_class, number in enumerate(by_class):
        if number > 0:
            for weight, values in _combinations(network, case_class):
                total += number * weight * _flow(network, case_class, values)
    return total


#: For each attribute the probability of each value.
Values = tuple[tuple[float, ...], ...]


def _combinations(network: Network, case_class: int) -> Iterator[tuple[float, Values]]:
    """Yield (probability, values of the attributes) for the attributes that route cases of a class."""
    routing = {n.attribute for n in network.nodes if n.kind is Kind.CHOICE and n.by is ChoiceBy.ATTRIBUTE}
    chances: list[tuple[float, ...]] = []
    for place, attribute in enumerate(network.attributes):
        fixed = network.classes[case_class].attributes[place]
        shares = tuple(float(s) for s in np.diff([0.0, *attribute.shares]))
        chances.append(tuple(float(i == fixed) for i in range(len(shares))) if fixed >= 0 else shares)
    count = 1
    for place in routing:
        count *= sum(share > 0 for share in chances[place])
    if count > MOST_COMBINATIONS:
        yield 1.0, tuple(chances)
        return
    places = sorted(routing)
    for chosen in product(*([i for i, s in enumerate(chances[p]) if s > 0] for p in places)):
        values = list(chances)
        weight = 1.0
        for place, value in zip(places, chosen, strict=True):
            weight *= chances[place][value]
            values[place] = tuple(float(i == value) for i in range(len(chances[place])))
        yield weight, tuple(values)


def _flow(network: Network, case_class: int, values: Values) -> Flow:
    from scipy.sparse import csc_array, eye_array
    from scipy.sparse.linalg import spsolve

    size = len(network.nodes)
    ways = [(n.index, *way) for n in network.nodes for way in _ways(n, case_class, values)]
    sources, targets, shares = zip(*ways, strict=True) if ways else ((), (), ())
    # Sparse: a few ways a node; and the dense solver would use all processors, beside other runs.
    routing = csc_array((shares, (targets, sources)), shape=(size, size), dtype=np.float64)
    start = np.zeros(size)
    start[network.entry] = 1.0
    return np.asarray(spsolve(csc_array(eye_array(size) - routing), start), np.float64)


def _ways(node: Node, case_class: int, values: Values) -> Sequence[tuple[int, float]]:
    """Return (node that follows, expected number of times) of one visit."""
    if node.kind is Kind.CHOICE:
        if node.by is ChoiceBy.CLASS:
            return [(node.targets[case_class], 1.0)]
        shares = values[node.attribute] if node.by is ChoiceBy.ATTRIBUTE else np.diff([0.0, *node.shares])
        return [(t, float(s)) for t, s in zip(node.targets, shares, strict=True)]
    if node.kind is Kind.FORK:
        return [*((target, 1.0) for target in node.targets), (node.next, 1.0)]
    if node.kind in (Kind.JOIN, Kind.END):
        return []  # the case goes on once, from the fork
    if node.kind is Kind.LOOP:
        rounds = sum(node.again**k for k in range(node.cap + 1))  # 1 + p + ... + p^cap passes of `do`
        return [(node.targets[0], 1 - 1 / rounds), (node.next, 1 / rounds)]
    return [(node.next, 1.0)]


def _work(network: Network, node: Node, visits: Flow) -> Iterator[tuple[int, float]]:
    """Yield (pool, unit-seconds over the window) of the work at a node."""
    often = float(visits[node.index])
    if node.kind is Kind.STEP and node.needs:
        seconds = often * sum(mean(part.law) for part in node.parts) / len(node.needs)
        kept = {network.nodes[block].hold for block in node.blocks}
        for need in node.needs:
            for pool, units in zip(need.pools, need.units, strict=True):
                yield pool, seconds * (units - (pool in kept))
    elif node.kind is Kind.BATCH and node.meetings is not None:
        meetings = node.meetings
        if meetings.each is not None:
            seconds = often * mean(meetings.each.law)
        elif meetings.whole is None or often <= 0:
            return
        elif meetings.size:
            seconds = often / meetings.size * mean(meetings.whole.law)
        else:
            begin, end = network.window
            seconds = sum(begin <= t < end for t in meetings.times) * mean(meetings.whole.law)
        for pool, units in zip(meetings.attend.pools, meetings.attend.units, strict=True):
            yield pool, seconds * units
    elif node.kind is Kind.BLOCK and node.hold >= 0:
        end = next(n.index for n in network.nodes if n.kind is Kind.BLOCK_END and n.block == node.index)
        yield node.hold, _time_within(network, node.index + 1, end, node.hold, visits)


def _time_within(network: Network, first: int, last: int, pool: int, visits: Flow) -> float:
    """Return the mean time of the nodes from `first` to before `last`, in seconds in which `pool` works.

    Of parallel branches the longest counts.
    """
    total = 0.0
    index = first
    while index < last:
        node = network.nodes[index]
        if node.kind is Kind.FORK:
            joins = [n.index for n in network.nodes if n.kind is Kind.JOIN and n.fork == index]
            starts = [index + 1, *(join + 1 for join in joins[:-1])]
            total += max(
                _time_within(network, a, b, pool, visits) for a, b in zip(starts, joins, strict=True)
            )
            index = joins[-1] + 1
            continue
        total += float(visits[index]) * _mean_time(network, node, pool)
        index += 1
    return total


def _mean_time(network: Network, node: Node, pool: int) -> float:
    if node.kind is Kind.STEP:
        return sum(mean(part.law) for part in node.parts)
    if node.kind is Kind.WAIT and node.delay is not None:
        begin, end = network.window
        staffed = network.calendars[network.pools[pool].calendar]
        fraction = staffed.open_seconds(begin, end) / (end - begin)
        seconds = mean(node.delay.law)
        if node.delay.calendar >= 0:
            opened = network.calendars[node.delay.calendar].open_seconds(begin, end) / (end - begin)
            seconds = seconds / opened if opened > 0 else 0.0
        return seconds * fraction
    return 0.0
