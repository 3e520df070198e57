"""The measures of every point of a sweep with intervals, and paired differences from the first point."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from sim.measures.statistics import (
    Difference,
    Interval,
    mean_interval,
    paired_difference,
    quantile,
    quantile_interval,
    sectioned_difference,
    share_interval,
)
from sim.network.elements import Network
from sim.whatif.goals import Limit
from sim.whatif.outcome import Ask, Clock, Outcome, Sample, limit_names, unit_seconds
from sim.whatif.runs import Luck, Progress, Tell, run_outcomes

FloatArray = npt.NDArray[np.float64]

#: Units in which lead times are told where none is asked for, with the least mean for each, in seconds.
_SCALES = (("days", 2 * 86_400.0), ("hours", 2 * 3600.0), ("minutes", 120.0), ("seconds", 0.0))

P90 = partial(quantile, p=0.9)


@dataclass(frozen=True)
class Measured:
    """One measure at one point.

    Attributes
    ----------
    name : ``mean`` or ``p90`` of lead time, ``within``, ``in-time``, ``open``, or ``utilisation``.
    of : ``all``, or the name of a limit or a pool.
    unit : of the value; ``1`` for shares.
    at_least : some cases were still open when a run ended, so that the true value is larger.
    change : from the first point, paired by replication; None at the first point.
    """

    name: str
    of: str
    unit: str
    interval: Interval
    at_least: bool
    change: Difference | None


@dataclass(frozen=True)
class Swept:
    """A sweep: the measures of each point in the order of the grid, and the unit of its lead times."""

    points: tuple[tuple[Measured, ...], ...]
    unit: str


def sweep(
    networks: Sequence[Network],
    reps: int,
    luck: Luck,
    within: Limit | None = None,
    *,
    progress: Progress | None = None,
    tell: Tell | None = None,
) -> Swept:
    """Run every point `reps` times with the same luck and measure it.

    Parameters
    ----------
    networks : one a point; differences are from the first.
    luck : seed, engine and place; what it asks for is decided here.
    within : limit of lead time; its unit is that of all lead times. None: no share, and elapsed time in the
        unit that suits the first point.
    """
    clock: Clock = "elapsed" if within is None else unit_seconds(networks[0], within.unit)[0]
    asked = Luck(luck.seed, luck.engine, (Ask("lead", clock),), luck.where)
    found = run_outcomes(networks, range(reps), asked, progress=progress, tell=tell, what="sweep")
    unit = _unit(found[0]) if within is None else within.unit
    second = unit_seconds(networks[0], unit)[1]
    points = [_Point(n, outcomes, second) for n, outcomes in zip(networks, found, strict=True)]
    return Swept(tuple(point.measured(points[0], unit, within) for point in points), unit)


class _Point:
    """The runs of one point."""

    def __init__(self, network: Network, outcomes: Sequence[Outcome], second: float) -> None:
        self.pools = [pool.name for pool in network.pools]
        self.samples = [one.samples[0] for one in outcomes]
        self.done: list[FloatArray] = [one.done / second for one in self.samples]
        self.use = np.array([one.utilisation for one in outcomes], dtype=np.float64)
        self.limits = {
            name: [one.limits[place] for one in outcomes] for place, name in enumerate(limit_names(network))
        }
        self.second = second

    def measured(self, first: _Point, unit: str, within: Limit | None) -> tuple[Measured, ...]:
        """Return every measure, with its change from the point `first`."""
        other = None if self is first else first
        still = any(len(sample.open) for sample in self.samples)
        means = None if other is None else other._means()
        left = None if other is None else other._open()
        found = [
            self._values("mean", "all", unit, self._means(), means, still),
            Measured(
                "p90", "all", unit, quantile_interval(self.done, 0.9), still,
                None if other is None else sectioned_difference(other.done, self.done, P90),
            ),
        ]  # fmt: skip
        if within is not None:
            kept = self._hits(within)
            interval = share_interval([int(h.sum()) for h in kept], [len(h) for h in kept])
            change = None if other is None else sectioned_difference(other._hits(within), kept, _mean)
            found.append(Measured("within", "all", "1", interval, False, change))
        for name, values in self.limits.items():
            base = None if other is None else other.limits.get(name)
            found.append(self._values("in-time", name, "1", values, base, False))
        found.append(self._values("open", "all", "1", self._open(), left, False))
        for place, pool in enumerate(self.pools):
            base = None
            if other is not None and pool in other.pools:
                base = other.use[:, other.pools.index(pool)].tolist()
            found.append(self._values("utilisation", pool, "1", self.use[:, place].tolist(), base, False))
        return tuple(found)

    @staticmethod
    def _values(
        name: str, of: str, unit: str, values: Sequence[float], base: Sequence[float] | None, at_least: bool
    ) -> Measured:
        change = None if base is None else paired_difference(base, values)
        return Measured(name, of, unit, mean_interval(values), at_least, change)

    def _means(self) -> list[float]:
        return [float(times.mean()) if len(times) else float("nan") for times in self.done]

    def _open(self) -> list[float]:
        return [_share(len(s.open), len(s.done) + len(s.open)) for s in self.samples]

    def _hits(self, within: Limit) -> list[FloatArray]:
        return [hits(sample, within.value * self.second).astype(np.float64) for sample in self.samples]


def hits(sample: Sample, limit: float) -> npt.NDArray[np.bool_]:
    """Return which cases were done within `limit` seconds; one still open was not."""
    return np.concatenate([sample.done <= limit, np.zeros(len(sample.open), dtype=bool)])


def measures_by_name(point: Sequence[Measured]) -> Mapping[tuple[str, str], Measured]:
    """Return the measures of a point by name and what they are of."""
    return {(m.name, m.of): m for m in point}


def _mean(values: FloatArray) -> float:
    return float(values.mean()) if len(values) else float("nan")


def _share(part: int, whole: int) -> float:
    return part / whole if whole else float("nan")


def _unit(outcomes: Sequence[Outcome]) -> str:
    """Return the unit in which the mean of all cases reads best."""
    every = np.concatenate([one.samples[0].done for one in outcomes])
    mean = float(every.mean()) if len(every) else 0.0
    return next(name for name, least in _SCALES if mean >= least)
