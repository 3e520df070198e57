"""Keyed draws and quantile functions once more, for the compiled engine: equal to the others bit by bit.

SciPy's ``ndtri``, ``gammaincinv`` and ``betaincinv`` are called through the same C symbols as in
``sim.chance.quantiles``; they are made known to LLVM by name, so that compiled code can be kept on disk
(an address would be wrong in the next process). Logarithm, exponential and power are the C library's, as in
``math``.
"""

from __future__ import annotations

import ctypes
import math
from collections.abc import Sequence
from typing import Any

import llvmlite.binding
import numpy as np
import numpy.typing as npt
from numba import njit, types
from scipy.special import cython_special

from sim.chance.families import Law, LawKind
from sim.chance.philox import MASK

#: One law: its kind, up to four parameters, and where longer lists of it stand (`Laws`).
LAW = np.dtype(
    [
        ("kind", "i8"),
        ("n", "i8"),  # EMPIRICAL, MIXTURE: number of cumulative weights
        ("at", "i8"),  # place of the weights in the list of floats; then the values, or the parts' shares
        ("part", "i8"),  # MIXTURE: index of the first part's law
        ("parent", "i8"),  # of a part: index of its mixture
        ("scale", "f8"),
        ("p0", "f8"),
        ("p1", "f8"),
        ("p2", "f8"),
        ("p3", "f8"),
    ],
    align=True,
)


class Laws:
    """Gathers laws into a table; `floats` is the list that the table points into."""

    def __init__(self, floats: list[float]) -> None:
        self.floats = floats
        self.rows: list[tuple[float, ...] | None] = []
        self._known: dict[Law, int] = {}

    def add(self, law: Law | None) -> int:
        """Return the index of `law` in the table; -1 for None."""
        if law is None:
            return -1
        known = self._known.get(law)
        if known is None:
            known = self._known[law] = len(self.rows)
            self.rows.append(None)
            self._fill(known, law)
        return known

    def _fill(self, index: int, law: Law, parent: int = -1) -> None:
        at, part, params = 0, 0, law.params
        if law.kind in (LawKind.EMPIRICAL, LawKind.MIXTURE):
            at = len(self.floats)
            shares = [share for share, _ in law.parts]
            self.floats += [*law.params, *(law.table if law.kind is LawKind.EMPIRICAL else shares)]
            params = ()
        if law.kind is LawKind.MIXTURE:
            part = len(self.rows)
            self.rows += [None] * len(law.parts)
            for i, (_, of) in enumerate(law.parts):
                self._fill(part + i, of, index)
        padded = (*params, 0.0, 0.0, 0.0, 0.0)[:4]
        self.rows[index] = (int(law.kind), len(law.params), at, part, parent, law.scale, *padded)

    def law(self, index: int) -> Law:
        """Return a law that was added, by its index."""
        return next(law for law, place in self._known.items() if place == index)

    def table(self) -> npt.NDArray[np.void]:
        """Return all laws added so far."""
        return np.array(self.rows, dtype=LAW)


def _symbol(name: str, arguments: Sequence[Any]) -> Any:
    """Make a C function of ``scipy.special.cython_special`` known to LLVM under a name of ours."""
    functions: Any = cython_special.__pyx_capi__
    capsule = functions[name]
    get_name = ctypes.pythonapi.PyCapsule_GetName
    get_name.restype, get_name.argtypes = ctypes.c_char_p, [ctypes.py_object]
    get_pointer = ctypes.pythonapi.PyCapsule_GetPointer
    get_pointer.restype, get_pointer.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]
    ours = f"reform_replay_{name}"
    llvmlite.binding.add_symbol(ours, get_pointer(capsule, get_name(capsule)))
    # Cython's own last argument says whether a Python override is skipped; it means nothing here.
    return types.ExternalFunction(ours, types.float64(*arguments, types.int32))


_f8: Any = types.float64
_ndtri = _symbol("ndtri", [_f8])
_gammaincinv = _symbol("gammaincinv", [_f8, _f8])
_betaincinv = _symbol("__pyx_fuse_0betaincinv", [_f8, _f8, _f8])

_MULTIPLY_0 = np.uint64(0xD2511F53)
_MULTIPLY_1 = np.uint64(0xCD9E8D57)
_WEYL_0 = np.uint64(0x9E3779B9)
_WEYL_1 = np.uint64(0xBB67AE85)
_LOW = np.uint64(MASK)
_32 = np.uint64(32)
_26 = np.uint64(26)
_6 = np.uint64(6)
_CONSTANT, _UNIFORM, _TRIANGULAR = int(LawKind.CONSTANT), int(LawKind.UNIFORM), int(LawKind.TRIANGULAR)
_PERT, _EXPONENTIAL = int(LawKind.PERT), int(LawKind.EXPONENTIAL)
_GAMMA, _ERLANG, _LOGNORMAL = int(LawKind.GAMMA), int(LawKind.ERLANG), int(LawKind.LOGNORMAL)
_WEIBULL, _MIXTURE = int(LawKind.WEIBULL), int(LawKind.MIXTURE)
_LEAST = 2.0**-53
_MOST = 1.0 - 2.0**-53


@njit(forceinline=True)
def uniform(k0, k1, number, key, word, stream):
    """Return the uniform of a place: `word` is the entry plus the purpose times 65536; all whole numbers."""
    a = np.uint64(k0)
    b = np.uint64(k1)
    c0 = np.uint64(number)
    c1 = np.uint64(key)
    c2 = np.uint64(word)
    c3 = np.uint64(stream)
    for _ in range(10):
        p0 = _MULTIPLY_0 * c0
        p1 = _MULTIPLY_1 * c2
        c0 = (p1 >> _32) ^ c1 ^ a
        c1 = p1 & _LOW
        c2 = (p0 >> _32) ^ c3 ^ b
        c3 = p0 & _LOW
        a = (a + _WEYL_0) & _LOW
        b = (b + _WEYL_1) & _LOW
    cells = ((c0 >> _6) << _26) | (c1 >> _6)
    return (np.float64(cells) + 0.5) * 2.0**-52


@njit
def _first_reaching(floats, at, n, u):
    """Return the first of `n` cumulative weights from `at` that is not below `u` (``bisect_left``)."""
    low, high = 0, n
    while low < high:
        middle = (low + high) // 2
        if floats[at + middle] < u:
            low = middle + 1
        else:
            high = middle
    return low


@njit(forceinline=True)
def _plain(laws, floats, i, u):
    """Return the value of a law that is no mixture."""
    law = laws[i]
    kind = law.kind
    if kind == _CONSTANT:
        value = law.p0
    elif kind == _EXPONENTIAL:
        value = -law.p0 * math.log(1.0 - u)
    elif kind == _LOGNORMAL:
        value = math.exp(law.p0 + law.p1 * _ndtri(u, np.int32(0)))
    elif kind == _UNIFORM:
        value = law.p0 + (law.p1 - law.p0) * u
    elif kind == _TRIANGULAR:
        width = law.p2 - law.p0
        if u * width <= law.p1 - law.p0:
            value = law.p0 + math.sqrt(u * width * (law.p1 - law.p0))
        else:
            value = law.p2 - math.sqrt((1.0 - u) * width * (law.p2 - law.p1))
    elif kind == _PERT:
        value = law.p0 + (law.p1 - law.p0) * _betaincinv(law.p2, law.p3, u, np.int32(0))
    elif kind in (_GAMMA, _ERLANG):
        value = law.p1 * _gammaincinv(law.p0, u, np.int32(0))
    elif kind == _WEIBULL:
        value = law.p1 * math.pow(-math.log(1.0 - u), 1.0 / law.p0)
    else:  # EMPIRICAL
        value = floats[law.at + law.n + _first_reaching(floats, law.at, law.n, u)]
    return law.scale * value


@njit(forceinline=True)
def quantile(laws, floats, i, u):
    """Return the value of law `i` of the table at probability `u`, as ``sim.chance.quantiles.quantile``."""
    # Down to the part of a mixture that the uniform picks ...
    at = i
    while laws[at].kind == _MIXTURE:
        law = laws[at]
        place = _first_reaching(floats, law.at, law.n, u)
        share = floats[law.at + law.n + place]
        start = floats[law.at + place - 1] if place else 0.0
        u = min(max((u - start) / share, _LEAST), _MOST)
        at = law.part + place
    value = _plain(laws, floats, at, u)
    while at != i:  # ... and up again, by the scale of each
        at = laws[at].parent
        value = laws[at].scale * value
    return value
