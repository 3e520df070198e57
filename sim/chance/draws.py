"""Keyed draws: the uniform of a place in the model is a function of its key, not of what came before.

The key of a draw is (seed, draw of the unknowns, replication; stream and number of the case, element,
n-th entry of the case into it, purpose). A step added, a worker more or a case that takes another
way changes no other draw, so a run before and a run after a reform see the same cases with the same
luck. Nothing is remembered that matters: the cache only saves work.
"""

from __future__ import annotations

import math
import zlib
from array import array
from enum import IntEnum
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.chance.families import Law
from sim.chance.philox import philox, philox_many, round_keys, to_unit, to_unit_many
from sim.chance.quantiles import quantile, quantiles
from sim.errors import InputError, RunError

#: Bits of the key, 32 for each of its words: an entry stands below the purpose, a replication below the draw.
ENTRY_BITS, PURPOSE_BITS = 16, 16
REPLICATION_BITS, DRAW_BITS = 12, 20
#: Numbers in a block, which is made with array operations at once.
BLOCK = 256
_SHIFT = 8
_MASK = BLOCK - 1
#: A block costs about as much as 30 single draws. It is made when the draws so far in its range, from
#: the fourth on, lie so close together that 48 may be expected, and at the latest after 32.
SINGLES = 4
EXPECTED = 48
MOST_SINGLES = 32
#: Blocks kept (2 kB each) and ranges watched (some 200 bytes each); the older half goes when full.
MAX_BLOCKS = 4096
MAX_WATCHED = 32768

_Place = tuple[int, int, int, int, int]


class Purpose(IntEnum):
    """What a draw is for. Part of its key: never renumber."""

    EFFORT = 0
    WAIT = 1
    ROUTE = 2
    AGAIN = 3
    PATIENCE = 4
    CLASS = 5
    ATTRIBUTE = 6
    ARRIVAL = 7
    AGE = 8
    MEETING = 9


def word(entry: int, purpose: int) -> int:
    """Return what a draw is for as one number of its key."""
    return entry | purpose << ENTRY_BITS


def entry_and_purpose(word: int) -> tuple[int, int]:
    """Return what `word` was made of."""
    return word & ((1 << ENTRY_BITS) - 1), word >> ENTRY_BITS


def name_key(name: str) -> int:
    """Return the 32-bit key of an element's name (CRC-32 of its UTF-8 bytes)."""
    return zlib.crc32(name.encode())


class Draws:
    """All chance of one run.

    Parameters
    ----------
    seed : of the whole study; 0 to 2**32 - 1.
    draw : number of the draw of the unknowns, 0 to 2**20 - 1.
    replication : number of the replication within it, 0 to 4095.

    Notes
    -----
    In `uniform` and `value`: ``key`` is the element's 32-bit key; ``stream`` identifies the stream of the
    case, for which ``Cases.stream_keys`` gives a 32-bit key of its name, so that a stream put in or
    taken out leaves the others' luck alone; ``number`` is the case's number in it (below 2**32);
    ``entry`` counts the case's entries into the element (below 2**16).
    A meeting has its own number instead of a case's: ``stream`` 0, ``number`` of the meeting.
    """

    def __init__(self, seed: int, draw: int = 0, replication: int = 0) -> None:
        _within("seed", seed, 32)
        _within("draw", draw, DRAW_BITS)
        _within("replication", replication, REPLICATION_BITS)
        self.seed = seed
        self.draw = draw
        self.replication = replication
        #: Draw and replication as one number of the key.
        self.run_key = draw << REPLICATION_BITS | replication
        self._keys = round_keys(seed, self.run_key)
        self._blocks: dict[_Place, tuple[Law | None, array[float]]] = {}
        self._watched: dict[_Place, tuple[int, int]] = {}

    def uniform(self, key: int, stream: int, number: int, entry: int, purpose: int) -> float:
        """Return the uniform, strictly between 0 and 1, of one place."""
        try:
            law, block = self._blocks[purpose, key, stream, entry, number >> _SHIFT]
        except KeyError:
            return self._first(None, key, stream, number, entry, purpose)
        if law is None:
            return block[number & _MASK]
        return self._single(key, stream, number, entry, purpose)

    def value(self, law: Law, key: int, stream: int, number: int, entry: int, purpose: int) -> float:
        """Return the value of `law` (in its own unit) at the uniform of one place."""
        try:
            cached, block = self._blocks[purpose, key, stream, entry, number >> _SHIFT]
        except KeyError:
            return self._first(law, key, stream, number, entry, purpose)
        if cached is law:
            return block[number & _MASK]
        return quantile(law, self._single(key, stream, number, entry, purpose))

    def uniforms(
        self, key: int, stream: int, numbers: npt.NDArray[np.integer], entry: int, purpose: int
    ) -> npt.NDArray[np.float64]:
        """Return the uniforms of many case numbers (1-d) at once, equal to `uniform` bit by bit."""
        if len(numbers):
            _check(key, stream, int(numbers.min()), entry, purpose)
            _check(key, stream, int(numbers.max()), entry, purpose)
        return self._many(key, stream, numbers, entry, purpose)

    def exponentials(
        self, key: int, first: int, count: int, entry: int, purpose: int
    ) -> npt.NDArray[np.float64]:
        """Return unit exponentials of the cases `first`, `first` + 1, ... of the stream called `key`."""
        _check(key, key, first, entry, purpose)
        _check(key, key, first + count - 1, entry, purpose)
        return self._gaps(key, first, count, entry, purpose)

    def _many(
        self, key: int, stream: int, numbers: npt.NDArray[np.integer], entry: int, purpose: int
    ) -> npt.NDArray[np.float64]:
        words = philox_many(numbers.astype(np.uint64), key, word(entry, purpose), stream, self._keys)
        return to_unit_many(words[0], words[1])

    def _gaps(self, key: int, first: int, count: int, entry: int, purpose: int) -> npt.NDArray[np.float64]:
        u = self._many(key, key, np.arange(first, first + count), entry, purpose)
        # `math.log`, as everywhere in draws: NumPy's differs in the last bit.
        gaps = np.fromiter(map(math.log, (1.0 - u).tolist()), np.float64, count)
        return np.negative(gaps, out=gaps)

    def _single(self, key: int, stream: int, number: int, entry: int, purpose: int) -> float:
        _check(key, stream, number, entry, purpose)
        words = philox(number, key, word(entry, purpose), stream, self._keys)
        return to_unit(words[0], words[1])

    def _first(self, law: Law | None, key: int, stream: int, number: int, entry: int, purpose: int) -> float:
        """Draw where no block is yet; make one where draws are dense enough to pay for it."""
        place = (int(purpose), key, stream, entry, number >> _SHIFT)
        begun = self._watched.get(place)
        seen, first = (0, number) if begun is None else begun
        span = abs(number - first) + 1
        if seen < SINGLES or (seen < MOST_SINGLES and seen * BLOCK < EXPECTED * span):
            _halve(self._watched, MAX_WATCHED)
            self._watched[place] = (seen + 1, first)
            u = self._single(key, stream, number, entry, purpose)
            return u if law is None else quantile(law, u)
        start = number - (number & _MASK)
        u_block = self.uniforms(key, stream, np.arange(start, start + BLOCK), entry, purpose)
        values = u_block if law is None else quantiles(law, u_block)
        block = array("d", values.tobytes())
        _halve(self._blocks, MAX_BLOCKS)
        del self._watched[place]
        self._blocks[place] = (law, block)
        return block[number & _MASK]


def _halve(cache: dict[_Place, Any], limit: int) -> None:
    """Drop the older half of a full cache (a dictionary keeps the order of insertion)."""
    if len(cache) >= limit:
        for place in list(cache)[: limit // 2]:
            del cache[place]


def _within(what: str, value: int, bits: int) -> None:
    if not 0 <= value < 1 << bits:
        raise InputError(f"{what} must be a whole number from 0 to {(1 << bits) - 1}, found {value}")


def _check(key: int, stream: int, number: int, entry: int, purpose: int) -> None:
    """Refuse a place that does not fit into its bits of the counter: it would share another's luck."""
    if (key | stream | number) >> 32 or entry >> ENTRY_BITS or purpose >> PURPOSE_BITS:
        raise RunError(
            "no draw left for this place: element and stream keys and case numbers go up to 4294967295, "
            f"entries into one element to 65535; found key {key}, stream {stream}, number {number}, "
            f"entry {entry}, purpose {purpose}"
        )
