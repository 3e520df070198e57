"""Does a staffing meet the goals? Replications until that is decided, or until the budget ends.

Confidence that a goal is met is one-sided, from the spread across replications (Student's t; for shares about
the share of all cases together, that is by sectioning). A quantile is judged as the share that it asks for:
p90 <= g holds where at least 0.9 of the cases take g or less, which stays right while cases are still open.

All goals are met where each is, at the full level each (an intersection-union test: R. L. Berger,
Technometrics 24, 1982); that one of several is missed needs the stricter level / number of goals. As it is
looked at after each batch, the level is shared between the looks (Bonferroni).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np
import numpy.typing as npt

from sim.measures.statistics import Interval, mean_interval, quantile, quantile_interval, share_interval
from sim.network.elements import Network
from sim.whatif.goals import Goal
from sim.whatif.outcome import Ask, Outcome, Sample, unit_seconds
from sim.whatif.sweep import hits

FloatArray = npt.NDArray[np.float64]


class State(Enum):
    """What is known of a staffing."""

    MEETS = "meets"
    FAILS = "fails"
    UNDECIDED = "undecided"


@dataclass(frozen=True)
class Standing:
    """How one goal stands with one staffing.

    Attributes
    ----------
    interval : of what the goal is about, in its unit: a time in that of its limit, or a share; the two-sided
        95 % interval. Infinite where so many cases were still open that a quantile is not known.
    confidence : that the goal is met; NaN with one replication.
    margin : by how much of the bound it is met (negative: missed).
    at_least : a mean time to which cases that were still open add their time so far only.
    """

    goal: Goal
    interval: Interval
    confidence: float
    margin: float
    at_least: bool = False


@dataclass(frozen=True)
class Verdict:
    """What is known of one staffing after `reps` replications."""

    state: State
    standings: tuple[Standing, ...]
    reps: int

    @property
    def confidence(self) -> float:
        """That all goals are met: the least of each."""
        return min(s.confidence for s in self.standings)

    @property
    def margin(self) -> float:
        """The least margin."""
        return min(s.margin for s in self.standings)


@dataclass(frozen=True)
class Rule:
    """When a staffing is decided.

    Attributes
    ----------
    level : confidence asked for, such as 0.95.
    first, budget : replications at first and at most; they double in between.
    """

    level: float = 0.95
    first: int = 5
    budget: int = 40

    @property
    def looks(self) -> tuple[int, ...]:
        """Numbers of replications after which it is looked."""
        found = [min(self.first, self.budget)]
        while found[-1] < self.budget:
            found.append(min(2 * found[-1], self.budget))
        return tuple(found)


def asks_of(network: Network, goals: Sequence[Goal]) -> tuple[Ask, ...]:
    """Return what must be measured of every case for the goals, each once."""
    asks = (ask_of(network, goal) for goal in goals if goal.limit is not None)
    return tuple(dict.fromkeys(asks))


def ask_of(network: Network, goal: Goal) -> Ask:
    """Return the time of every case that a goal is about."""
    assert goal.limit is not None
    return Ask(goal.what, unit_seconds(network, goal.limit.unit)[0])


def judge(network: Network, goals: Sequence[Goal], outcomes: Sequence[Outcome], rule: Rule) -> Verdict:
    """Return what the outcomes of one staffing, all replications so far, say of the goals."""
    asks = asks_of(network, goals)
    places = {pool.name: pool.index for pool in network.pools}
    standings = []
    for goal in goals:
        if goal.limit is None:
            standings.append(_use(goal, [one.utilisation[places[goal.pool]] for one in outcomes]))
            continue
        place = asks.index(ask_of(network, goal))
        second = unit_seconds(network, goal.limit.unit)[1]
        samples = [one.samples[place] for one in outcomes]
        standings.append((_mean if goal.kind == "mean" else _share)(goal, samples, second))
    return Verdict(_state(standings, rule), tuple(standings), len(outcomes))


def _state(standings: Sequence[Standing], rule: Rule) -> State:
    risk = (1.0 - rule.level) / len(rule.looks)
    if all(s.confidence >= 1.0 - risk for s in standings):
        return State.MEETS
    if any(s.confidence <= risk / len(standings) for s in standings):
        return State.FAILS
    return State.UNDECIDED


def confident(point: float, sections: FloatArray, bound: float) -> float:
    """Return the confidence that a mean is at most `bound`.

    Parameters
    ----------
    point : the estimate. sections : one value a replication. bound : in the same unit.

    Returns
    -------
    One minus the one-sided p-value of the t test; without any spread 1 or 0; NaN for one replication.
    """
    n = len(sections)
    if n < 2 or not math.isfinite(point):
        return math.nan
    error = math.sqrt(float(np.sum((sections - point) ** 2)) / (n - 1) / n)
    if error == 0.0:
        return 1.0 if point <= bound else 0.0
    from scipy import stats  # takes a second, and only a search for staff needs it

    return float(stats.t.cdf((bound - point) / error, n - 1))


def _use(goal: Goal, values: Sequence[float]) -> Standing:
    interval = mean_interval(values)
    known = np.array([v for v in values if math.isfinite(v)])
    confidence = confident(interval.estimate, known, goal.bound)
    return Standing(goal, interval, confidence, _margin(goal.bound - interval.estimate, goal.bound))


def _mean(goal: Goal, samples: Sequence[Sample], second: float) -> Standing:
    assert goal.limit is not None
    every = [np.concatenate([s.done, s.open]) / second for s in samples]
    values = np.array([times.mean() for times in every if len(times)])
    interval = mean_interval(values)
    bound = goal.limit.value
    confidence = confident(interval.estimate, values, bound)
    still = any(len(s.open) for s in samples)
    return Standing(goal, interval, confidence, _margin(bound - interval.estimate, bound), still)


def _share(goal: Goal, samples: Sequence[Sample], second: float) -> Standing:
    assert goal.limit is not None
    limit = goal.limit.value * second
    counts = [(int(h.sum()), len(h)) for h in (hits(s, limit) for s in samples) if len(h)]
    within, total = sum(c for c, _ in counts), sum(n for _, n in counts)
    share = within / total if total else math.nan
    confidence = confident(-share, -np.array([c / n for c, n in counts]), -goal.bound)
    if within == total and total:
        # No case was late: what is left is that a share below the bound would show none among so many.
        confidence = 1.0 - goal.bound**total
    interval = (
        share_interval([c for c, _ in counts], [n for _, n in counts])
        if goal.quantile is None
        else _quantile(samples, second, goal.quantile)
    )
    return Standing(goal, interval, confidence, _margin(share - goal.bound, goal.bound))


def _quantile(samples: Sequence[Sample], second: float, p: float) -> Interval:
    if not any(len(s.open) for s in samples):
        return quantile_interval([s.done / second for s in samples], p)
    done = np.concatenate([s.done for s in samples]) / second
    total = len(done) + sum(len(s.open) for s in samples)
    if len(done) <= p * (total - 1) + 1:
        return Interval(math.inf, math.nan, math.inf, math.inf, len(samples), 0.95)
    point = quantile(done, p * (total - 1) / (len(done) - 1))  # the rank among all, the open ones last
    return Interval(point, math.nan, math.nan, math.nan, len(samples), 0.95)


def _margin(gap: float, bound: float) -> float:
    return gap / bound if math.isfinite(gap) else -math.inf


def standing_documents(verdict: Verdict) -> list[Mapping[str, object]]:
    """Return how each goal stands, as printed documents have it."""
    return [
        {
            "goal": s.goal.text,
            "mean": s.interval.estimate,
            "low": s.interval.low,
            "high": s.interval.high,
            "unit": s.goal.limit.unit if s.goal.limit and (s.goal.kind == "mean" or s.goal.quantile) else "1",
            "at_least": s.at_least,
            "confidence": s.confidence,
        }
        for s in verdict.standings
    ]
