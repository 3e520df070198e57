"""Quantile functions of the laws: one uniform in, one value out.

A draw inverts its law, so that a case with a bad-luck uniform has it before and after a reform, and
so that two engines can agree to the last bit. Only ``scipy.special``'s ``ndtri``, ``gammaincinv``
and ``betaincinv`` are applied to whole arrays: their array and scalar forms run the same C code.
Logarithm, exponential and power go through ``math`` one element at a time, because NumPy's own
differ from it in the last bit.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.chance.families import Law, LawKind
from sim.errors import RunError

FloatArray = npt.NDArray[np.float64]

#: Seconds (285 million years) beyond which numbers of double precision are more than a second apart.
LONGEST = 2.0**53
#: What a mixture passes on of a uniform stays inside (0, 1), whatever its rounding.
_LEAST = 2.0**-53
_MOST = 1.0 - 2.0**-53


def whole(x: float) -> int:
    """Round `x` seconds to whole seconds: floor(x + 0.5), at least 0.

    Raises
    ------
    RunError
        From `LONGEST` on, and for what is no number: it is no length of time.
    """
    if not x < LONGEST:
        raise RunError(f"a length of time came out as {x:g} seconds; bound the law that it is drawn from")
    return max(0, math.floor(x + 0.5))


@cache
def _scalar() -> Any:
    """Return SciPy's functions of single numbers, loaded when the first is needed: a tenth of a second."""
    from scipy.special import cython_special

    return cython_special


def _array() -> Any:
    """Return SciPy's functions of arrays."""
    from scipy import special

    return special


def quantile(law: Law, u: float) -> float:
    """Return the value of `law` at probability `u`, strictly between 0 and 1."""
    return law.scale * _SCALAR[law.kind](law, u)


def quantiles(law: Law, u: FloatArray) -> FloatArray:
    """Return the values of `law` at the probabilities `u` (1-d), equal to `quantile` bit by bit."""
    return law.scale * _ARRAY[law.kind](law, u)


def _q_constant(law: Law, u: float) -> float:
    return law.params[0]


def _q_uniform(law: Law, u: float) -> float:
    low, high = law.params
    return low + (high - low) * u


def _q_triangular(law: Law, u: float) -> float:
    low, mode, high = law.params
    width = high - low
    if u * width <= mode - low:
        return low + math.sqrt(u * width * (mode - low))
    return high - math.sqrt((1.0 - u) * width * (high - mode))


def _q_pert(law: Law, u: float) -> float:
    low, high, alpha, beta = law.params
    share: float = _scalar().betaincinv(alpha, beta, u)
    return low + (high - low) * share


def _q_exponential(law: Law, u: float) -> float:
    return -law.params[0] * math.log(1.0 - u)


def _q_gamma(law: Law, u: float) -> float:
    scales: float = _scalar().gammaincinv(law.params[0], u)
    return law.params[1] * scales


def _q_lognormal(law: Law, u: float) -> float:
    return math.exp(law.params[0] + law.params[1] * _scalar().ndtri(u))


def _q_weibull(law: Law, u: float) -> float:
    return law.params[1] * math.pow(-math.log(1.0 - u), 1.0 / law.params[0])


def _q_empirical(law: Law, u: float) -> float:
    return law.table[bisect_left(law.params, u)]


def _q_mixture(law: Law, u: float) -> float:
    i = bisect_left(law.params, u)
    share, part = law.parts[i]
    start = law.params[i - 1] if i else 0.0
    return quantile(part, min(max((u - start) / share, _LEAST), _MOST))


def _each(law: Law, u: FloatArray) -> FloatArray:
    one = _SCALAR[law.kind]
    return np.array([one(law, x) for x in u.tolist()], dtype=np.float64)


def _a_constant(law: Law, u: FloatArray) -> FloatArray:
    return np.full(u.shape, law.params[0])


def _a_uniform(law: Law, u: FloatArray) -> FloatArray:
    low, high = law.params
    return low + (high - low) * u


def _a_pert(law: Law, u: FloatArray) -> FloatArray:
    low, high, alpha, beta = law.params
    return low + (high - low) * np.asarray(_array().betaincinv(alpha, beta, u), dtype=np.float64)


def _a_gamma(law: Law, u: FloatArray) -> FloatArray:
    return law.params[1] * np.asarray(_array().gammaincinv(law.params[0], u), dtype=np.float64)


def _a_lognormal(law: Law, u: FloatArray) -> FloatArray:
    exponents = law.params[0] + law.params[1] * np.asarray(_array().ndtri(u), dtype=np.float64)
    return np.array([math.exp(x) for x in exponents.tolist()], dtype=np.float64)


_SCALAR: dict[LawKind, Callable[[Law, float], float]] = {
    LawKind.CONSTANT: _q_constant,
    LawKind.UNIFORM: _q_uniform,
    LawKind.TRIANGULAR: _q_triangular,
    LawKind.PERT: _q_pert,
    LawKind.EXPONENTIAL: _q_exponential,
    LawKind.GAMMA: _q_gamma,
    LawKind.ERLANG: _q_gamma,
    LawKind.LOGNORMAL: _q_lognormal,
    LawKind.WEIBULL: _q_weibull,
    LawKind.EMPIRICAL: _q_empirical,
    LawKind.MIXTURE: _q_mixture,
}

_ARRAY: dict[LawKind, Callable[[Law, FloatArray], FloatArray]] = {
    **dict.fromkeys(LawKind, _each),
    LawKind.CONSTANT: _a_constant,
    LawKind.UNIFORM: _a_uniform,
    LawKind.PERT: _a_pert,
    LawKind.GAMMA: _a_gamma,
    LawKind.ERLANG: _a_gamma,
    LawKind.LOGNORMAL: _a_lognormal,
}
