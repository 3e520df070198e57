"""The fewest staff that meet the goals.

1. With practically unlimited staff: if that misses a goal, no staffing can meet it.
2. Each pool's stand-alone need: the others unlimited, by doubling and bisection. More staff never being
   worse, no staffing that meets the goals has fewer in any pool; so if all pools at their stand-alone needs
   meet them, that is the optimum. With one pool this is all.
3. Else staff are added, one at a time where the goals come nearest for the money, until they are met.
4. Then nobody must be dispensable: one fewer in any pool, or a cheaper trade (one or two fewer here for one
   more there), must miss the goals or be undecided. That is a local optimum, and it is said so: a cheaper
   staffing that differs in more places at once is not excluded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement

from sim.whatif.judge import State, Verdict
from sim.whatif.trials import ENDLESS, Staff, Trials, fewest, guesses


@dataclass(frozen=True)
class Neighbour:
    """A staffing next to the one that was found, and what is known of it."""

    staff: Staff
    verdict: Verdict


@dataclass(frozen=True)
class Found:
    """The outcome of a search.

    Attributes
    ----------
    unlimited : what unlimited staff, or the most that is allowed, achieves; and that staffing.
    staff : the cheapest found that meets the goals, and its `verdict`; None where there is none.
    alone : stand-alone need of each pool; 0 where it was not reached.
    optimal : no staffing is cheaper, provided that more staff is never worse; else only locally so.
    fewer : with one fewer in each pool that can have one fewer.
    equal : staffings of the same cost next to it that meet the goals too.
    """

    unlimited: Neighbour
    staff: Staff | None
    verdict: Verdict | None
    alone: Staff
    optimal: bool
    fewer: tuple[Neighbour, ...]
    equal: tuple[Neighbour, ...]


def search(trials: Trials, costs: Mapping[str, float], most: int | None = None) -> Found:
    """Find the cheapest staffing that meets the goals of `trials`.

    Parameters
    ----------
    costs : of one person of each pool that varies.
    most : greatest head-count of a pool; None for no bound.
    """
    return _Search(trials, costs, most).run()


class _Search:
    def __init__(self, trials: Trials, costs: Mapping[str, float], most: int | None) -> None:
        self.trials = trials
        self.costs = [costs[pool] for pool in trials.pools]
        least = fewest(trials.network)
        self.least = [least[pool] for pool in trials.pools]
        top = ENDLESS if most is None else most
        self.top: Staff = tuple(max(top, n) for n in self.least)
        self.guess = [guesses(trials.network)[pool] for pool in trials.pools]

    def run(self) -> Found:
        """Search, step by step as the module says."""
        unlimited = Neighbour(self.top, self.trials.verdict(self.top))
        if unlimited.verdict.state is not State.MEETS:
            return Found(unlimited, None, None, (), False, (), ())
        alone = self._alone()
        self.least = list(alone)
        staff = alone
        optimal = self.trials.meets(staff)
        if not optimal:
            staff = self._lean(self._rise(staff))
        return Found(
            unlimited, staff, self.trials.verdict(staff), alone, optimal, self._fewer(staff),
            self._equal(staff),
        )  # fmt: skip

    def cost(self, staff: Staff) -> float:
        """Return what a staffing costs."""
        return sum(cost * n for cost, n in zip(self.costs, staff, strict=True))

    def _alone(self) -> Staff:
        """Return the need of each pool while the others have no bound; all are bisected side by side."""
        count = len(self.top)
        low = [n - 1 for n in self.least]  # too few, or not shown to be enough
        high: list[int | None] = [None] * count
        step = [1] * count
        tries = [
            min(max(guess, n), top) for guess, n, top in zip(self.guess, self.least, self.top, strict=True)
        ]
        while True:
            at = [i for i in range(count) if high[i] is None or (high[i] or 0) - low[i] > 1]
            if not at:
                return tuple(n or 0 for n in high)
            for i in at:
                bound = high[i]
                if bound is not None:
                    tries[i] = (low[i] + bound) // 2
            verdicts = self.trials.verdicts([_put(self.top, i, tries[i]) for i in at])
            for i, verdict in zip(at, verdicts, strict=True):
                if verdict.state is State.MEETS:
                    high[i] = tries[i]
                    continue
                low[i] = max(low[i], tries[i])
                if high[i] is None:
                    tries[i] = min(tries[i] + step[i], self.top[i])
                    step[i] *= 2

    def _rise(self, staff: Staff) -> Staff:
        """Add staff where the goals come nearest for the money, until they are met."""
        step, moves = 1, 0
        while not self.trials.meets(staff):
            margin = self.trials.verdict(staff).margin
            ways = [
                _put(staff, i, min(n + step, top))
                for i, (n, top) in enumerate(zip(staff, self.top, strict=True))
                if n < top
            ]
            gains = [
                (verdict.margin - margin) / (self.cost(way) - self.cost(staff))
                for way, verdict in zip(ways, self.trials.glance(ways), strict=True)
            ]
            staff = ways[max(range(len(ways)), key=lambda i: gains[i])]
            moves += 1
            if moves % (2 * len(self.top)) == 0:
                step *= 2  # far away: what is too much is taken off again
        return staff

    def _lean(self, staff: Staff) -> Staff:
        """Take off, or trade, whatever makes it cheaper and still meets the goals."""
        while True:
            better = self._cheaper(self._one_fewer(staff)) or self._cheaper(self._trades(staff))
            if better is None:
                return staff
            staff = better

    def _cheaper(self, ways: Sequence[Staff]) -> Staff | None:
        """Return the cheapest of `ways` that meets the goals, with the widest margin; None if none does."""
        ways = [way for way in ways if not self.trials.hopeless(way)]
        good = [
            (self.cost(way), -verdict.margin, way)
            for way, verdict in zip(ways, self.trials.verdicts(ways), strict=True)
            if verdict.state is State.MEETS
        ]
        return min(good)[2] if good else None

    def _one_fewer(self, staff: Staff) -> list[Staff]:
        return [_put(staff, i, n - 1) for i, n in enumerate(staff) if n > self.least[i]]

    def _trades(self, staff: Staff) -> list[Staff]:
        """Return the cheaper staffings with one or two people fewer and one more elsewhere."""
        places = range(len(staff))
        found: dict[Staff, None] = {}
        for off in [*((i,) for i in places), *combinations_with_replacement(places, 2)]:
            for more in set(places) - set(off):
                way = list(staff)
                for i in off:
                    way[i] -= 1
                way[more] += 1
                inside = all(low <= n <= top for low, n, top in zip(self.least, way, self.top, strict=True))
                if inside and self.cost(tuple(way)) < self.cost(staff):
                    found[tuple(way)] = None
        return list(found)

    def _fewer(self, staff: Staff) -> tuple[Neighbour, ...]:
        """Return what one fewer in each pool does: the proof that nobody is dispensable.

        Where a pool has its stand-alone need, one fewer was tried with unlimited staff elsewhere, and that
        is what is told.
        """
        found = []
        for i, n in enumerate(staff):
            if n > fewest(self.trials.network)[self.trials.pools[i]]:
                way = _put(self.top if n == self.least[i] else staff, i, n - 1)
                found.append(Neighbour(way, self.trials.verdict(way)))
        return tuple(found)

    def _equal(self, staff: Staff) -> tuple[Neighbour, ...]:
        """Return the staffings with one fewer here and one more there that cost the same and do too."""
        places = range(len(staff))
        ways = [
            _put(_put(staff, i, staff[i] - 1), j, staff[j] + 1)
            for i in places
            for j in places
            if i != j
            and staff[i] > self.least[i]
            and staff[j] < self.top[j]
            and self.costs[i] == self.costs[j]
        ]
        ways = [way for way in ways if not self.trials.hopeless(way)]
        verdicts = self.trials.verdicts(ways)
        return tuple(
            Neighbour(way, verdict)
            for way, verdict in zip(ways, verdicts, strict=True)
            if verdict.state is State.MEETS
        )


def _put(staff: Staff, place: int, size: int) -> Staff:
    return (*staff[:place], size, *staff[place + 1 :])


def undecided(found: Found) -> tuple[Neighbour, ...]:
    """Return the neighbours of which it is not known whether they would do."""
    return tuple(one for one in found.fewer if one.verdict.state is State.UNDECIDED)
