"""The counter-based generator Philox4x32-10: four random words from a counter and a key, no state.

J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, "Parallel random numbers: as easy as 1, 2, 3",
SC '11. Written twice, on Python integers for single draws and on arrays for blocks of them; both
give the same words.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

ROUNDS = 10
MASK = 0xFFFFFFFF
_MULTIPLY_0 = 0xD2511F53
_MULTIPLY_1 = 0xCD9E8D57
_WEYL_0 = 0x9E3779B9
_WEYL_1 = 0xBB67AE85

_MULTIPLIERS = np.array([[_MULTIPLY_0], [_MULTIPLY_1]], dtype=np.uint64)
_SHIFT = np.uint64(32)
_LOW = np.uint64(MASK)

Words = tuple[int, int, int, int]
WordArray = npt.NDArray[np.uint64]
RoundKeys = tuple[tuple[int, int], ...]


def round_keys(k0: int, k1: int) -> RoundKeys:
    """Return the key of each round for the key of two 32-bit words."""
    return tuple(((k0 + i * _WEYL_0) & MASK, (k1 + i * _WEYL_1) & MASK) for i in range(ROUNDS))


def philox(c0: int, c1: int, c2: int, c3: int, keys: RoundKeys) -> Words:
    """Return the four 32-bit words for one counter of four 32-bit words."""
    for k0, k1 in keys:
        p0 = _MULTIPLY_0 * c0
        p1 = _MULTIPLY_1 * c2
        c0 = (p1 >> 32) ^ c1 ^ k0
        c1 = p1 & MASK
        c2 = (p0 >> 32) ^ c3 ^ k1
        c3 = p0 & MASK
    return c0, c1, c2, c3


def philox_many(c0: WordArray, c1: int, c2: int, c3: int, keys: RoundKeys) -> WordArray:
    """Return the words for the counters (c0[i], c1, c2, c3), shape (4, len(c0)), each below 2**32."""
    # The two halves that a round treats alike are the rows of each working array.
    even = np.empty((2, len(c0)), dtype=np.uint64)  # c0, c2
    odd = np.empty((2, len(c0)), dtype=np.uint64)  # c1, c3
    even[0], even[1] = c0, c2
    odd[0], odd[1] = c1, c3
    product = np.empty_like(even)
    crossed = product[::-1]
    for pair in np.array(keys, dtype=np.uint64)[:, :, np.newaxis]:
        np.multiply(even, _MULTIPLIERS, out=product)
        np.right_shift(crossed, _SHIFT, out=even)
        np.bitwise_xor(even, odd, out=even)
        np.bitwise_xor(even, pair, out=even)
        np.bitwise_and(crossed, _LOW, out=odd)
    return np.stack((even[0], odd[0], even[1], odd[1]))


def to_unit(w0: int, w1: int) -> float:
    """Return the uniform of two words: the middle of one of 2**52 equal cells, never 0 nor 1.

    52 bits and not 53: the middle of a cell of 2**-53 near 1 has no exact double and would round to 1.
    """
    return float(((w0 >> 6) << 26 | (w1 >> 6)) + 0.5) * 2.0**-52


def to_unit_many(w0: WordArray, w1: WordArray) -> npt.NDArray[np.float64]:
    """Return the uniforms of arrays of words, equal to `to_unit` bit by bit."""
    six = np.uint64(6)
    cells = ((w0 >> six) << np.uint64(26)) | (w1 >> six)
    return (cells.astype(np.float64) + 0.5) * 2.0**-52
