"""Turns numbers and distributions of the language into plain values and laws, every unknown given a value."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from sim.chance import laws as chance
from sim.chance.laws import Law, whole
from sim.errors import InputError
from sim.network.elements import Duration
from sim.scenario import laws as language
from sim.scenario.numbers import Number
from sim.scenario.units import Dimension

#: How far a probability or a sum of shares may miss its bounds by rounding.
ROUNDING = 1e-9


@contextmanager
def naming(where: str) -> Iterator[None]:
    """Let errors within say which element they are about."""
    try:
        yield
    except InputError as error:
        raise InputError(f"{where}: {error}") from None
    except ZeroDivisionError:
        raise InputError(f"{where}: a quotient divides by 0 at these values of the unknowns.") from None
    except (ValueError, OverflowError) as error:
        raise InputError(f"{where}: {error}") from None


@dataclass(frozen=True)
class Clock:
    """A calendar on which working time runs: its index in the network and its standard day in seconds."""

    index: int
    day: float


ELAPSED = Clock(-1, 86400.0)


class Resolver:
    """Gives numbers their values.

    Parameters
    ----------
    values : of unknowns by name, in the unknown's unit; others stand at their likely value.
    """

    def __init__(self, values: Mapping[str, float]) -> None:
        self.values = values
        # By place in memory, which is not given away while the distribution is kept beside.
        self._laws: dict[tuple[int, float], tuple[Any, Law]] = {}

    def amount(self, number: Number) -> float:
        """Return a plain number."""
        value = number.resolve(self.values)
        if not math.isfinite(value):
            raise InputError(f"{value} is no value of a number.")
        return value

    def count(self, number: Number, least: int = 0) -> int:
        """Return a number of people, cases or units: the nearest whole number, at least `least`."""
        return max(least, whole(self.amount(number)))

    def share(self, number: Number) -> float:
        """Return a probability; InputError outside 0 to 1."""
        value = self.amount(number)
        if not -ROUNDING <= value <= 1 + ROUNDING:
            raise InputError(f"the share comes to {value:g}; it must lie from 0 to 1.")
        return min(1.0, max(0.0, value))

    def seconds(self, number: Number, clock: Clock = ELAPSED) -> float:
        """Return a length of time in seconds, a working day being one of `clock`."""
        return number.resolve(self.values, clock.day)

    def shares(self, shares: Sequence[Any]) -> tuple[float, ...]:
        """Return shares that add up to 1, of numbers, ``rest`` and None.

        ``rest`` takes what the others leave; so does None, divided equally, where there is no ``rest``.
        """
        given = [self.share(s) if isinstance(s, Number) else None for s in shares]
        total = math.fsum(s for s in given if s is not None)
        if total > 1 + ROUNDING:
            raise InputError(f"the shares add up to {total:g}; they must add up to 1.")
        open_ = [i for i, s in enumerate(given) if s is None]
        rest = [i for i in open_ if shares[i] == "rest"] or open_
        if not rest:
            if abs(total - 1) > 1e-6:
                raise InputError(f"the shares add up to {total:g}; they must add up to 1.")
            return tuple(s or 0.0 for s in given)
        left = max(0.0, 1 - total) / len(rest)
        return tuple(left if i in rest else s or 0.0 for i, s in enumerate(given))

    def law(self, law: Any, day: float = 86400.0) -> Law:
        """Return the law in seconds of a distribution, a working day lasting `day` seconds."""
        key = (id(law), day)
        if key not in self._laws:
            self._laws[key] = law, self._law(law, day)
        return self._laws[key][1]

    def _law(self, law: Any, day: float) -> Law:
        def seconds(number: Number) -> float:
            return number.resolve(self.values, day)

        made: Law
        if isinstance(law, language.Constant):
            made = chance.constant(seconds(law.constant))
        elif isinstance(law, language.Uniform):
            made = chance.uniform(*map(seconds, law.uniform))
        elif isinstance(law, language.Triangular):
            made = chance.triangular(*map(seconds, law.triangular))
        elif isinstance(law, language.Pert):
            made = chance.pert(*map(seconds, law.pert))
        elif isinstance(law, language.Exponential):
            made = chance.exponential(seconds(law.exponential.mean))
        elif isinstance(law, language.Gamma):
            made = chance.gamma(seconds(law.gamma.mean), self.amount(law.gamma.cv))
        elif isinstance(law, language.Erlang):
            made = chance.erlang(self.count(law.erlang.k, 1), seconds(law.erlang.mean))
        elif isinstance(law, language.Lognormal):
            made = self._lognormal(law.lognormal, day)
        elif isinstance(law, language.Weibull):
            made = chance.weibull_mean(self.amount(law.weibull.shape), seconds(law.weibull.mean))
        elif isinstance(law, language.Empirical):
            table = law.empirical
            weights = None if table.weights is None else [self.amount(w) for w in table.weights]
            made = chance.empirical([seconds(v) for v in table.values], weights)
        elif isinstance(law, language.Mixture):
            made = chance.mixture([(self.amount(c.weight), self.law(c.of, day)) for c in law.mixture])
        elif isinstance(law, language.Scaled):
            made = chance.scaled(self.law(law.scaled, day), self.amount(law.times_))
        else:
            raise InputError(f"{type(law).__name__} is no distribution.")
        return made

    def _lognormal(self, by: Any, day: float) -> Law:
        if hasattr(by, "median"):
            return chance.lognormal_quantiles(
                by.median.resolve(self.values, day), by.p90.resolve(self.values, day)
            )
        return chance.lognormal(by.mean.resolve(self.values, day), self.amount(by.cv))

    def duration(self, law: Any, clock: Clock) -> Duration:
        """Return a random length of time; working units run on the calendar of `clock`."""
        working = law.dimension() is Dimension.WORKING
        return Duration(self.law(law, clock.day), clock.index if working else -1)


def cumulative(shares: Sequence[float]) -> tuple[float, ...]:
    """Return running sums of shares, the last that is not 0 being exactly 1."""
    sums = list(accumulate(shares))
    last = max((i for i, share in enumerate(shares) if share > 0), default=len(sums) - 1)
    return tuple(1.0 if i >= last else min(1.0, s) for i, s in enumerate(sums))
