"""All cases of a run - when they arrive, their class and attributes - made before any engine starts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import numpy.typing as npt

from sim.chance.draws import Draws, Purpose
from sim.chance.quantiles import FloatArray, whole
from sim.chance.rates import rate_table
from sim.errors import RunError

if TYPE_CHECKING:  # `network` imports this package, not the other way round
    from sim.network.elements import Backlog, Network, Stream

Number = TypeVar("Number", np.int32, np.int64)

#: Unit exponentials made at once: first so many, then twice as many as before, up to the last.
_FIRST_CHUNK, _LAST_CHUNK = 4_096, 32_768
#: Gaps between arrivals that are kept (8 bytes each) rather than drawn a second time.
MAX_KEPT = 1 << 20
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
    found = sources(network, draws)
    tables = [part for source in found for part in source.parts(network, draws)]
    return join(network, draws, tables, left_out=sum(source.left_out for source in found))


@dataclass(frozen=True)
class Part:
    """Some cases of one stream or backlog: its index and key, arrivals, numbers, classes, first node."""

    index: int
    key: int
    arrived: npt.NDArray[np.int64]
    number: npt.NDArray[np.int32]
    cls: npt.NDArray[np.int32]
    node: int

    def where(self, chosen: npt.NDArray[np.bool_]) -> Part:
        """Return the part that holds the cases chosen."""
        return replace(self, arrived=self.arrived[chosen], number=self.number[chosen], cls=self.cls[chosen])


@dataclass(frozen=True)
class Source:
    """One stream or backlog.

    Attributes
    ----------
    index : as in `Cases`. key, shares : of the stream, for the draws of its cases' classes.
    node : the first node of its cases.
    later : arrivals still to be drawn, ascending, some at a time; None: all are in `known`.
    known : (arrivals, numbers, recorded classes or -1).
    left_out : recorded arrivals outside the run.
    """

    index: int
    key: int
    shares: Sequence[float]
    node: int
    later: Iterator[npt.NDArray[np.int64]] | None = None
    known: tuple[npt.NDArray[np.int64], ...] = ()
    left_out: int = 0

    def parts(self, network: Network, draws: Draws, size: int | None = None) -> Iterator[Part]:
        """Yield its cases, at most `size` at once where they are drawn by a rate (None: all at once)."""
        if self.later is None:
            arrived, numbers, recorded = self.known
            drawn = _classes(network, self.key, self.shares, numbers, draws)
            cls = np.where(recorded >= 0, recorded, drawn).astype(np.int32)
            yield Part(self.index, self.key, arrived, numbers.astype(np.int32), cls, self.node)
            return
        begun = 0
        for arrived in _regrouped(self.later, size):
            number = np.arange(begun, begun + len(arrived), dtype=np.int32)
            begun += len(arrived)
            cls = _classes(network, self.key, self.shares, number, draws)
            yield Part(self.index, self.key, arrived, number, cls, self.node)


def _regrouped(pieces: Iterator[npt.NDArray[np.int64]], size: int | None) -> Iterator[npt.NDArray[np.int64]]:
    """Yield the numbers of all pieces `size` at a time, the last fewer, if none; None: all at once."""
    held: list[npt.NDArray[np.int64]] = [np.zeros(0, dtype=np.int64)]
    count = 0
    for piece in pieces:
        held.append(piece)
        count += len(piece)
        while size is not None and count >= size:
            joined = np.concatenate(held)
            yield joined[:size]
            held = [joined[size:]]
            count -= size
    yield np.concatenate(held)


def sources(network: Network, draws: Draws) -> list[Source]:
    """Return the streams and backlogs of `network`, in their order.

    Raises
    ------
    RunError
        When two streams' keys are equal.
    """
    keys = stream_keys(network)
    if len(set(keys)) < len(keys):
        names = [s.name for s in network.streams] + [f"backlog {i + 1}" for i in range(len(network.backlogs))]
        raise RunError(f"two streams would share their luck, rename one of: {', '.join(names)}")
    found = []
    for i, stream in enumerate(network.streams):
        source = Source(i, stream.key, stream.class_shares, network.entry)
        if stream.times is None:
            source = replace(source, later=_by_rate(stream, network.window[0], network.horizon, draws))
        else:
            times = np.array(stream.times, dtype=np.int64)
            inside = (times >= 0) & (times < network.horizon)
            none = np.full(len(times), -1, dtype=np.int64)
            recorded = none if stream.classes is None else np.array(stream.classes, dtype=np.int64)
            known = (times[inside], np.flatnonzero(inside), recorded[inside])
            source = replace(source, known=known, left_out=int(len(times) - inside.sum()))
        found.append(source)
    for i, backlog in enumerate(network.backlogs, start=len(network.streams)):
        number = np.arange(backlog.count, dtype=np.int64)
        known = (_backlog_times(backlog, network, draws), number, np.full(backlog.count, -1, dtype=np.int64))
        found.append(Source(i, backlog.key, backlog.class_shares, backlog.node, known=known))
    return found


def stream_keys(network: Network) -> tuple[int, ...]:
    """Return the keys of streams and backlogs, by index."""
    return (*(s.key for s in network.streams), *(b.key for b in network.backlogs))


def join(network: Network, draws: Draws, parts: Sequence[Part], left_out: int = 0) -> Cases:
    """Join cases of the streams into one table in order of (arrived, stream, number)."""
    many = [len(p.arrived) for p in parts]
    stream = np.repeat(np.array([p.index for p in parts], dtype=np.int32), many)
    node = np.repeat(np.array([p.node for p in parts], dtype=np.int32), many)
    arrived = _together([p.arrived for p in parts], np.int64)
    number = _together([p.number for p in parts], np.int32)
    cls = _together([p.cls for p in parts], np.int32)
    drawn = [_attributes(network, p.key, p.number, p.cls, draws) for p in parts]
    attributes = np.concatenate([np.zeros((0, len(network.attributes)), dtype=np.int32), *drawn])
    order: npt.NDArray[np.intp] | slice = slice(None)
    if len(parts) > 1 or np.any(arrived[1:] < arrived[:-1]):
        order = np.lexsort((number, stream, arrived))
    return Cases(
        stream=stream[order],
        number=number[order],
        arrived=arrived[order],
        cls=cls[order],
        attributes=attributes[order],
        initial=stream[order] >= len(network.streams),
        node=node[order],
        stream_keys=stream_keys(network),
        left_out=left_out,
    )


def _together(columns: Sequence[npt.NDArray[Number]], kind: type[Number]) -> npt.NDArray[Number]:
    """Return columns of a kind one after the other."""
    return columns[0] if len(columns) == 1 else np.concatenate([np.zeros(0, dtype=kind), *columns])


# ---------------------------------------------------------------------------------------- arrivals


def _by_rate(stream: Stream, begin: int, horizon: int, draws: Draws) -> Iterator[npt.NDArray[np.int64]]:
    """Yield, some at a time, the arrival seconds of a stream stated by its rate, from 0 to `horizon`."""
    if stream.count == 0:
        return
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
        yield from _poisson(stream, (0, horizon), begin, factor, 0, 0, draws)
        return
    early = 0
    for times in _poisson(stream, (0, min(begin, horizon)), begin, factor, 0, 0, draws):
        early += len(times)
        yield times
    for times in _exactly(stream, (begin, end), open_amount, early, draws):
        yield times[times < horizon]
    yield from _poisson(stream, (end, horizon), begin, factor, early + round(stream.count), 2, draws)


def _poisson(
    stream: Stream, stretch: tuple[int, int], base: int, factor: float, number: int, entry: int, draws: Draws
) -> Iterator[npt.NDArray[np.int64]]:
    """Yield Poisson arrivals on `stretch`, the gaps being keyed from `number` on."""
    assert stream.rate is not None
    if stretch[0] >= stretch[1]:
        return
    table = rate_table(stream.rate, *stretch, base=base, growth=stream.growth, factor=factor)
    if table.total > MAX_CASES:
        raise RunError(
            f'stream "{stream.name}" would bring {table.total:.3g} cases, over the limit of {MAX_CASES}'
        )
    for sums in _sums(stream.key, number, entry, draws):
        inside = int(np.searchsorted(sums, table.total, "left"))
        yield table.instants(sums[:inside])
        if inside < len(sums):
            return


def _exactly(
    stream: Stream, stretch: tuple[int, int], open_amount: float, number: int, draws: Draws
) -> Iterator[npt.NDArray[np.int64]]:
    """Yield exactly ``stream.count`` arrivals on `stretch`: a Poisson process known to have so many."""
    assert stream.rate is not None
    n = round(stream.count)
    if n != stream.count or n > MAX_CASES:
        raise RunError(
            f'stream "{stream.name}": an exact count must be whole and at most {MAX_CASES}, '
            f"found {stream.count:g}"
        )
    table = rate_table(stream.rate, *stretch, base=stretch[0], growth=stream.growth)
    # The sum of all gaps is wanted first. Many gaps are not kept but drawn again, so that memory stays small.
    last, seen = 0.0, 0
    kept: list[FloatArray] = []
    for sums in _sums(stream.key, number, 1, draws):
        if n <= MAX_KEPT:
            kept.append(sums)
        if seen + len(sums) > n:
            last = float(sums[n - seen])
            break
        seen += len(sums)
    seen = 0
    for sums in kept or _sums(stream.key, number, 1, draws):
        yield table.instants(open_amount * (sums[: n - seen] / last))
        seen += len(sums)
        if seen >= n:
            return


def _sums(key: int, number: int, entry: int, draws: Draws) -> Iterator[FloatArray]:
    """Yield, chunk by chunk, the running sums of unit exponentials keyed by the numbers from `number` on."""
    total = 0.0
    count = _FIRST_CHUNK
    while True:
        gaps = draws.exponentials(key, number, count, entry, Purpose.ARRIVAL)
        gaps[0] += total
        sums = np.cumsum(gaps)
        total = float(sums[-1])
        yield sums
        number += count
        count = min(2 * count, _LAST_CHUNK)


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
    network: Network, key: int, shares: Sequence[float], number: npt.NDArray[np.integer], draws: Draws
) -> npt.NDArray[np.int32]:
    """Draw the class of each case by the cumulative `shares`; by the classes' own when there are none."""
    chosen = shares or tuple(accumulate(c.share for c in network.classes))
    if len(chosen) == 1:
        return np.zeros(len(number), dtype=np.int32)
    return pick(chosen, draws.uniforms(key, key, number, 0, Purpose.CLASS)).astype(np.int32)


def _attributes(
    network: Network, key: int, number: npt.NDArray[np.int32], cls: npt.NDArray[np.int32], draws: Draws
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
