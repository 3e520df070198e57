"""All cases of a run - when they arrive, their class and attributes - made before any engine starts."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.chance.draws import Draws, Purpose
from sim.chance.quantiles import FloatArray, whole
from sim.chance.rates import rate_table
from sim.errors import RunError

if TYPE_CHECKING:  # `network` imports this package, not the other way round
    from sim.network.elements import Backlog, Network, Stream

#: Unit exponentials made at once.
_CHUNK = 4096
#: More cases than this of one stream are taken for a mistake in the scenario.
MAX_CASES = 50_000_000


@dataclass(frozen=True)
class Cases:
    """One entry per case, in order of (arrived, stream, number).

    Attributes
    ----------
    stream : index in ``Network.streams``; backlogs follow, ``len(streams)`` + index.
    number : from 0 within the stream, in order of arrival.
    arrived : second of arrival; negative for a backlog.
    cls : index of the class at arrival.
    attributes : shape (cases, attributes): index of the value of each.
    initial : open at the start (backlog).
    node : index of the first node.
    stream_keys : 32-bit key of each stream and backlog by index: the `stream` of all keyed draws.
    left_out : recorded arrivals before second 0 or from the horizon on, which the run cannot hold.
    """

    stream: npt.NDArray[np.int32]
    number: npt.NDArray[np.int32]
    arrived: npt.NDArray[np.int64]
    cls: npt.NDArray[np.int32]
    attributes: npt.NDArray[np.int32]
    initial: npt.NDArray[np.bool_]
    node: npt.NDArray[np.int32]
    stream_keys: tuple[int, ...]
    left_out: int = 0

    def __len__(self) -> int:
        return len(self.arrived)


def make_cases(network: Network, draws: Draws) -> Cases:
    """Draw every case of `network`'s streams and backlogs that arrives before its horizon.

    Raises
    ------
    RunError
        When a stream has no open time in its period, its rate does not cover the run, or two streams'
        keys are equal.
    """
    keys = (*(s.key for s in network.streams), *(b.key for b in network.backlogs))
    if len(set(keys)) < len(keys):
        names = [s.name for s in network.streams] + [f"backlog {i + 1}" for i in range(len(network.backlogs))]
        raise RunError(f"two streams would share their luck, rename one of: {', '.join(names)}")
    tables = []
    left_out = 0
    for i, stream in enumerate(network.streams):
        if stream.times is None:
            arrived = _by_rate(stream, network.window[0], network.horizon, draws)
            number = np.arange(len(arrived), dtype=np.int64)
            recorded = None
        else:
            times = np.array(stream.times, dtype=np.int64)
            inside = (times >= 0) & (times < network.horizon)
            left_out += int(len(times) - inside.sum())
            number = np.flatnonzero(inside)
            arrived = times[inside]
            recorded = None if stream.classes is None else np.array(stream.classes, dtype=np.int64)[inside]
        cls = _classes(network, stream.key, stream.class_shares, number, draws)
        if recorded is not None:
            cls = np.where(recorded >= 0, recorded, cls)
        tables.append((i, arrived, number, cls, network.entry))
    for i, backlog in enumerate(network.backlogs, start=len(network.streams)):
        number = np.arange(backlog.count, dtype=np.int64)
        cls = _classes(network, backlog.key, backlog.class_shares, number, draws)
        tables.append((i, _backlog_times(backlog, network, draws), number, cls, backlog.node))
    return _sorted(network, draws, keys, tables, left_out)


_Table = tuple[int, npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64], int]


def _sorted(
    network: Network, draws: Draws, keys: tuple[int, ...], tables: Sequence[_Table], left_out: int
) -> Cases:
    """Join the tables of the streams into one in order of (arrived, stream, number)."""
    empty = np.zeros(0, dtype=np.int64)
    stream = np.concatenate([empty, *(np.full(len(t[1]), t[0]) for t in tables)])
    arrived = np.concatenate([empty, *(t[1] for t in tables)])
    number = np.concatenate([empty, *(t[2] for t in tables)])
    cls = np.concatenate([empty, *(t[3] for t in tables)])
    node = np.concatenate([empty, *(np.full(len(t[1]), t[4]) for t in tables)])
    parts = [_attributes(network, keys[t[0]], t[2], t[3], draws) for t in tables]
    attributes = np.concatenate([np.zeros((0, len(network.attributes)), dtype=np.int32), *parts])
    order = np.lexsort((number, stream, arrived))
    return Cases(
        stream=stream[order].astype(np.int32),
        number=number[order].astype(np.int32),
        arrived=arrived[order],
        cls=cls[order].astype(np.int32),
        attributes=attributes[order],
        initial=stream[order] >= len(network.streams),
        node=node[order].astype(np.int32),
        stream_keys=keys,
        left_out=left_out,
    )


# ---------------------------------------------------------------------------------------- arrivals


def _by_rate(stream: Stream, begin: int, horizon: int, draws: Draws) -> npt.NDArray[np.int64]:
    """Return the arrival seconds of a stream stated by its rate, from 0 to `horizon`."""
    if stream.count == 0:
        return np.zeros(0, dtype=np.int64)
    if stream.rate is None or stream.per <= 0 or stream.count < 0:
        raise RunError(f'stream "{stream.name}" needs a rate, a period and a count of 0 or more')
    end = begin + stream.per
    open_amount = rate_table(stream.rate, begin, end, base=begin, growth=stream.growth).total
    if open_amount <= 0:
        raise RunError(
            f'stream "{stream.name}" should have {stream.count:g} arrivals from second {begin} to {end}, '
            "but its calendar and profile leave no open time there"
        )
    factor = stream.count / open_amount
    if not stream.exactly:
        return _poisson(stream, (0, horizon), begin, factor, 0, 0, draws)
    first = _poisson(stream, (0, min(begin, horizon)), begin, factor, 0, 0, draws)
    middle = _exactly(stream, (begin, end), open_amount, len(first), draws)
    last = _poisson(stream, (end, horizon), begin, factor, len(first) + len(middle), 2, draws)
    times = np.concatenate([first, middle, last])
    return times[times < horizon]


def _poisson(
    stream: Stream, stretch: tuple[int, int], base: int, factor: float, number: int, entry: int, draws: Draws
) -> npt.NDArray[np.int64]:
    """Return Poisson arrivals on `stretch`, the gaps being keyed from `number` on."""
    assert stream.rate is not None
    if stretch[0] >= stretch[1]:
        return np.zeros(0, dtype=np.int64)
    table = rate_table(stream.rate, *stretch, base=base, growth=stream.growth, factor=factor)
    if table.total > MAX_CASES:
        raise RunError(
            f'stream "{stream.name}" would bring {table.total:.3g} cases, over the limit of {MAX_CASES}'
        )
    parts = []
    for sums in _sums(stream.key, number, entry, draws):
        inside = int(np.searchsorted(sums, table.total, "left"))
        if inside:
            parts.append(table.instants(sums[:inside]))
        if inside < len(sums):
            break
    return np.concatenate([np.zeros(0, dtype=np.int64), *parts])


def _exactly(
    stream: Stream, stretch: tuple[int, int], open_amount: float, number: int, draws: Draws
) -> npt.NDArray[np.int64]:
    """Return exactly ``stream.count`` arrivals on `stretch`: a Poisson process known to have so many."""
    assert stream.rate is not None
    n = round(stream.count)
    if n != stream.count or n > MAX_CASES:
        raise RunError(
            f'stream "{stream.name}": an exact count must be whole and at most {MAX_CASES}, '
            f"found {stream.count:g}"
        )
    table = rate_table(stream.rate, *stretch, base=stretch[0], growth=stream.growth)
    parts: list[FloatArray] = []
    for sums in _sums(stream.key, number, 1, draws):
        parts.append(sums)
        if sum(map(len, parts)) > n:
            break
    found = np.concatenate(parts)[: n + 1]
    return table.instants(open_amount * (found[:-1] / found[-1]))


def _sums(key: int, number: int, entry: int, draws: Draws) -> Iterator[FloatArray]:
    """Yield, chunk by chunk, the running sums of unit exponentials keyed by the numbers from `number` on."""
    total = 0.0
    while True:
        u = draws.uniforms(key, key, np.arange(number, number + _CHUNK), entry, Purpose.ARRIVAL)
        # `math.log`, as everywhere in draws: NumPy's differs in the last bit. A running sum does not.
        gaps = np.array([total, *(-math.log(1.0 - x) for x in u.tolist())])
        sums = np.cumsum(gaps)[1:]
        total = float(sums[-1])
        yield sums
        number += _CHUNK


def _backlog_times(backlog: Backlog, network: Network, draws: Draws) -> npt.NDArray[np.int64]:
    """Return when the cases open at the start had arrived: at least a second before it."""
    law, calendar = backlog.age.law, backlog.age.calendar
    times = []
    for number in range(backlog.count):
        age = whole(draws.value(law, backlog.key, backlog.key, number, 0, Purpose.AGE))
        then = network.calendars[calendar].subtract_open(0, age) if calendar >= 0 else -age
        times.append(min(-1, then))
    return np.array(times, dtype=np.int64)


# -------------------------------------------------------------------------- classes and attributes


def _classes(
    network: Network, key: int, shares: Sequence[float], number: npt.NDArray[np.int64], draws: Draws
) -> npt.NDArray[np.int64]:
    """Draw the class of each case by the cumulative `shares`; by the classes' own when there are none."""
    chosen = shares or tuple(accumulate(c.share for c in network.classes))
    return pick(chosen, draws.uniforms(key, key, number, 0, Purpose.CLASS))


def _attributes(
    network: Network, key: int, number: npt.NDArray[np.int64], cls: npt.NDArray[np.int64], draws: Draws
) -> npt.NDArray[np.int32]:
    """Return the attributes of each case: fixed by its class, else drawn."""
    values = np.zeros((len(number), len(network.attributes)), dtype=np.int32)
    for a, attribute in enumerate(network.attributes):
        drawn = pick(attribute.shares, draws.uniforms(attribute.key, key, number, 0, Purpose.ATTRIBUTE))
        fixed = np.array([c.attributes[a] if c.attributes else -1 for c in network.classes])[cls]
        values[:, a] = np.where(fixed >= 0, fixed, drawn)
    return values


def pick(shares: Sequence[float], u: FloatArray) -> npt.NDArray[np.int64]:
    """Return, for each uniform, the first place whose cumulative share reaches it.

    A place with no share is never picked, even where the last sum misses 1 by rounding.
    """
    last = max((i for i, s in enumerate(shares) if s > (shares[i - 1] if i else 0.0)), default=0)
    return np.minimum(np.searchsorted(shares, u, side="left"), last)
