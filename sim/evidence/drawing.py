"""All draws of one reading: made in batches, each starting where the earlier ones put the solution."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.evidence.calibrate import Calibration, dial_of, target_claim
from sim.evidence.draw import DrawJob, DrawRows, run_draws
from sim.evidence.finding import DrawCount
from sim.evidence.inputs import drawn_unknowns, quantile, sample
from sim.evidence.weigh import effective, weights_of
from sim.runs.jobs import run_jobs
from sim.runs.where import Where
from sim.scenario.load import Scenario
from sim.scenario.numbers import Unknown
from sim.scenario.stated import Stated
from sim.scenario.variant import before, unknowns

FloatArray = npt.NDArray[np.float64]

#: Draws of the first batch, from which the start of the others is learnt.
FIRST = 16
#: Draws of one job: few, so that no process waits long for the other at the end of a batch.
CHUNK = 2
#: Effective draws at which no more are made.
ENOUGH = 100.0
#: Draws in which "after" runs once more, for the luck of the period.
TWICE = 32
#: Told (done, planned) as draws are finished.
Count = Callable[[int, int], None]


@dataclass(frozen=True)
class Drawn:
    """All draws of one reading.

    Attributes
    ----------
    unknowns : those drawn, in the order of the columns of `values`.
    dial : the unknown solved for; None if nothing is calibrated.
    values : (draws, unknowns), each in its unknown's unit.
    rows : what the draws gave.
    weights : adding up to 1; all 0 where no draw has a solution.
    """

    unknowns: tuple[Unknown, ...]
    dial: Unknown | None
    values: FloatArray
    rows: DrawRows
    weights: FloatArray

    @property
    def count(self) -> DrawCount:
        """How many draws there are and how many count."""
        reasons = Counter(why for why in self.rows.why if why)
        solved = np.array([not why for why in self.rows.why])
        errors = np.abs(self.rows.error[solved])
        return DrawCount(
            made=len(self.values),
            solved=int(solved.sum()),
            effective=effective(self.weights),
            unsolved=tuple(reasons.most_common()),
            values=int(self.rows.tried.sum()),
            error=float(errors.max()) if len(errors) else 0.0,
        )

    def inputs(self, row: int) -> dict[str, float]:
        """Return the value of every unknown in one draw, the dial's solution with them."""
        found = {u.name: float(v) for u, v in zip(self.unknowns, self.values[row], strict=True)}
        if self.dial is not None:
            found[self.dial.name] = float(self.rows.dial[row])
        return found


def make_draws(
    scenario: Scenario,
    reading: str,
    calibration: Calibration | None,
    *,
    seed: int,
    engine: str,
    where: Where,
    draws: int,
    most: int,
    window: float | None = None,
    count: Count | None = None,
    tell: Callable[[str], None] | None = None,
) -> Drawn:
    """Draw the inputs of a reading `draws` times, and twice as often until enough of them count.

    Parameters
    ----------
    calibration : of the likeliest inputs, from which the first draws start; None: nothing is calibrated.
    draws : first number of draws, a power of two.
    most : greatest number.
    window : seconds of the window of all runs; None: the scenario's own.
    count : told after each job.
    """
    side = before(scenario, reading)
    claim = target_claim(side)
    dial = dial_of(side) if claim is not None and calibration is not None else None
    known = tuple(unknowns(scenario, reading))
    drawn = known if dial is None else drawn_unknowns(known)  # a dial that nothing sets is not known either
    documented = claim.before if claim is not None and dial is not None else None
    learnt = _Learnt(drawn, dial, calibration)
    values = np.empty((0, len(drawn)))
    rows: DrawRows | None = None
    weights = np.empty(0)
    target = draws
    while True:
        for first, last in _batches(len(values), target):
            new, positions = sample(drawn, first, last, seed)
            targets = np.full(last - first, math.nan)
            if isinstance(documented, float):
                half = documented.rounding if isinstance(documented, Stated) else 0.0
                targets = np.maximum(documented + half * (2.0 * positions - 1.0), 0.0)
                if claim is not None and claim.statistic == "share":
                    targets = np.minimum(targets, 1.0)
            jobs = [
                DrawJob(
                    scenario, reading, seed, engine, first + i, tuple(u.name for u in drawn),
                    new[i : i + CHUNK], targets[i : i + CHUNK], learnt.starts(new[i : i + CHUNK]),
                    learnt.elasticity, window, max(0, min(CHUNK, TWICE - first - i)),
                )
                for i in range(0, last - first, CHUNK)
            ]  # fmt: skip
            for i, found in enumerate(run_jobs(run_draws, jobs, where, tell)):
                rows = found if rows is None else _joined(rows, found)
                if count is not None:
                    count(min(first + (i + 1) * CHUNK, last), target)
            values = np.concatenate([values, new])
            assert rows is not None
            learnt.learn(values, rows)
        assert rows is not None
        solved = np.array([not why for why in rows.why])
        weights = weights_of(rows.slope) if dial is not None else solved / max(solved.sum(), 1)
        if effective(weights) >= ENOUGH or target * 2 > most:
            return Drawn(drawn, dial, values, rows, weights)
        target *= 2


def _batches(done: int, target: int) -> Iterator[tuple[int, int]]:
    """Yield (first, last) of batches that keep the sequence balanced: 16, 16, 32, 64, ..."""
    while done < target:
        size = done or min(FIRST, target)
        yield done, min(done + size, target)
        done += size


def _joined(one: DrawRows, other: DrawRows) -> DrawRows:
    parts: dict[str, Any] = {}
    for f in fields(DrawRows):
        a, b = getattr(one, f.name), getattr(other, f.name)
        parts[f.name] = a + b if isinstance(a, tuple) else np.concatenate([a, b])
    return DrawRows(**parts)


def elasticity_of(rows: DrawRows, otherwise: float) -> float:
    """Return the median of d ln before / d ln dial over the draws, bounded; `otherwise` if none has one."""
    with np.errstate(invalid="ignore", divide="ignore"):
        each = rows.slope / np.abs(rows.figure)
    each = each[np.isfinite(each)]
    return float(np.clip(np.median(each), 0.05, 10.0)) if len(each) else otherwise


class _Learnt:
    """Where the dial's solution lies, as a ridge regression of its logarithm on the inputs."""

    def __init__(
        self, drawn: tuple[Unknown, ...], dial: Unknown | None, calibration: Calibration | None
    ) -> None:
        self.dial = dial
        self.elasticity = 1.0
        self._scale = np.array([u.high - u.low for u in drawn])
        self._middle = np.array([float(quantile(u, np.array([0.5]))[0]) for u in drawn])
        self._start = calibration.solution.value if calibration is not None else math.nan
        self._intercept = math.log(self._start) if calibration is not None else math.nan
        self._slopes = np.zeros(len(drawn))

    def starts(self, values: FloatArray) -> FloatArray:
        """Return the first dial value of each draw; NaN if nothing is calibrated."""
        if self.dial is None:
            return np.full(len(values), math.nan)
        logs = self._intercept + self._features(values) @ self._slopes
        return np.clip(np.exp(logs), self.dial.low, self.dial.high)

    def learn(self, values: FloatArray, rows: DrawRows) -> None:
        """Take what all draws so far have shown."""
        solved = np.isfinite(rows.dial)
        if self.dial is None or not solved.any():
            return
        self.elasticity = elasticity_of(rows, self.elasticity)
        x, y = self._features(values[solved]), np.log(rows.dial[solved])
        centre, middle = x.mean(axis=0), y.mean()
        ridge = 0.02 * len(x) * np.eye(x.shape[1])  # fewer draws than unknowns must not overshoot
        a = x - centre
        self._slopes = np.linalg.solve(a.T @ a + ridge, a.T @ (y - middle))
        self._intercept = float(middle - centre @ self._slopes)

    def _features(self, values: FloatArray) -> FloatArray:
        return np.asarray((values - self._middle) / self._scale)
