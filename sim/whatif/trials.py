"""Tries staffings of one service: head-counts by pool, each run until it is decided, with shared luck."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from sim.errors import RunError
from sim.network.elements import Kind, Network
from sim.network.load import offered_load
from sim.whatif.goals import Goal
from sim.whatif.judge import Rule, State, Verdict, asks_of, judge
from sim.whatif.outcome import Outcome
from sim.whatif.runs import Luck, Tell, run_outcomes
from sim.worktime.calendar import Steps

#: Head-count by pool, in the order of the pools that vary.
Staff = tuple[int, ...]

#: Staffings that one search may try.
MOST_TRIALS = 2000
#: More people than this in a pool are no different from it.
ENDLESS = 20_000


class Trials:
    """Everything that was tried, each staffing once.

    Parameters
    ----------
    network : the service as it is.
    pools : names of the pools that vary.
    goals : to be met; utilisations name their pools.
    luck, rule : how to run, and when a staffing is decided.
    tell : told of every staffing what is known of it.
    """

    def __init__(
        self,
        network: Network,
        pools: Sequence[str],
        goals: Sequence[Goal],
        luck: Luck,
        rule: Rule,
        tell: Tell | None = None,
    ) -> None:
        self.network = network
        self.pools = tuple(pools)
        self.goals = tuple(goals)
        self.rule = rule
        self.found: dict[Staff, Verdict] = {}
        self._luck = replace(luck, asks=asks_of(network, goals))
        self._outcomes: dict[Staff, list[Outcome]] = {}
        self._tell = tell or (lambda _message: None)

    def verdict(self, staff: Staff) -> Verdict:
        """Return what is known of a staffing, after running it until it is decided."""
        return self.verdicts([staff])[0]

    def meets(self, staff: Staff) -> bool:
        """Tell whether a staffing meets the goals with the confidence asked for."""
        return self.verdict(staff).state is State.MEETS

    def verdicts(self, staffings: Sequence[Staff]) -> list[Verdict]:
        """Return what is known of several staffings, which are run side by side."""
        for look in self.rule.looks:
            self._run([staff for staff in dict.fromkeys(staffings) if self._wants(staff, look)], look)
        return [self.found[staff] for staff in staffings]

    def glance(self, staffings: Sequence[Staff]) -> list[Verdict]:
        """Return what the first replications say of several staffings, decided or not."""
        self._run(
            [staff for staff in dict.fromkeys(staffings) if staff not in self.found], self.rule.looks[0]
        )
        return [self.found[staff] for staff in staffings]

    def hopeless(self, staff: Staff) -> bool:
        """Tell whether a staffing has no more of anybody than one that failed."""
        return any(
            verdict.state is State.FAILS and all(a <= b for a, b in zip(staff, other, strict=True))
            for other, verdict in self.found.items()
        )

    def _wants(self, staff: Staff, look: int) -> bool:
        known = self.found.get(staff)
        return known is None or (known.state is State.UNDECIDED and known.reps < look)

    def _run(self, staffings: Sequence[Staff], until: int) -> None:
        by_start: dict[int, list[Staff]] = {}
        for staff in staffings:
            by_start.setdefault(len(self._outcomes.get(staff, ())), []).append(staff)
        for start, group in by_start.items():
            if len(self.found) + len(group) > MOST_TRIALS:
                raise RunError(
                    f"{MOST_TRIALS} staffings were tried without an end; vary fewer pools (--pool NAME)."
                )
            networks = [self.staffed(staff) for staff in group]
            done = run_outcomes(networks, range(start, until), self._luck)
            for staff, network, outcomes in zip(group, networks, done, strict=True):
                every = [*self._outcomes.get(staff, ()), *outcomes]
                verdict = judge(network, self.goals, every, self.rule)
                self.found[staff] = verdict
                self._tell(self._told(staff, verdict))
                # Times of cases take room, and what is decided needs them no more.
                self._outcomes[staff] = every if verdict.state is State.UNDECIDED else []

    def _told(self, staff: Staff, verdict: Verdict) -> str:
        sizes = ", ".join(f"{pool} {n}" for pool, n in zip(self.pools, staff, strict=True))
        return f"{sizes}: {verdict.state.value} after {verdict.reps} replications"

    def staffed(self, staff: Staff) -> Network:
        """Return the network with these head-counts on the shifts that its pools have."""
        sizes = dict(zip(self.pools, staff, strict=True))
        pools = tuple(
            replace(pool, capacity=_scaled(pool.capacity, sizes[pool.name])) if pool.name in sizes else pool
            for pool in self.network.pools
        )
        return replace(self.network, pools=pools)


def _scaled(capacity: Steps, size: int) -> Steps:
    """Return a head-count of `size` whenever anybody was on shift."""
    return replace(capacity, values=tuple(size if value else 0 for value in capacity.values))


def head_counts(network: Network) -> Mapping[str, int]:
    """Return the head-count of each pool when it is on shift: its greatest."""
    return {pool.name: int(max(pool.capacity.values)) for pool in network.pools}


def of_one_group(network: Network) -> Callable[[str], bool]:
    """Return whether a pool, by name, has one head-count whenever it is on shift."""
    single = {p.name for p in network.pools if len({v for v in p.capacity.values if v}) == 1}
    return single.__contains__


def fewest(network: Network) -> Mapping[str, int]:
    """Return how many of each pool there must be: the most that one piece of work takes at once."""
    found = {pool.index: 1 for pool in network.pools}
    for node in network.nodes:
        needs = list(node.needs)
        if node.kind is Kind.BATCH and node.meetings is not None:
            needs.append(node.meetings.attend)
        for need in needs:
            for pool, units in zip(need.pools, need.units, strict=True):
                found[pool] = max(found[pool], units)
    return {pool.name: found[pool.index] for pool in network.pools}


def guesses(network: Network) -> Mapping[str, int]:
    """Return the head-count that the work offered to each pool would keep busy without a pause."""
    now = head_counts(network)
    return {
        load.pool: max(1, math.ceil(load.ratio * now[load.pool])) if math.isfinite(load.ratio) else 1
        for load in offered_load(network)
    }
