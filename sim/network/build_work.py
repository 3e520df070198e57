"""Who does the work of an element, how much it is, by when, and when meetings are."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from sim.chance.draws import name_key
from sim.chance.laws import Law, whole
from sim.errors import InputError
from sim.network.build_laws import Clock, Resolver
from sim.network.build_time import Times
from sim.network.elements import (
    EndStatus,
    Hands,
    Limit,
    LimitClock,
    Meetings,
    Need,
    Part,
    QueueRule,
    ShiftEnd,
)
from sim.scenario import model_process as language
from sim.scenario.model_work import Each, Minutes, needs
from sim.scenario.units import Dimension

HANDS = {"government": Hands.GOVERNMENT, "applicant": Hands.APPLICANT, "third-party": Hands.THIRD_PARTY}
SHIFT_ENDS = {"pause": ShiftEnd.PAUSE, "finish": ShiftEnd.FINISH, "fits": ShiftEnd.FITS}
RULES = {
    "first-come": QueueRule.FIRST_COME,
    "class": QueueRule.CLASS,
    "earliest-due": QueueRule.EARLIEST_DUE,
    "shortest-effort": QueueRule.SHORTEST_EFFORT,
}
STATUSES = {
    "done": EndStatus.DONE,
    "refused": EndStatus.REFUSED,
    "withdrawn": EndStatus.WITHDRAWN,
    "abandoned": EndStatus.ABANDONED,
    "turned-away": EndStatus.TURNED_AWAY,
}
CLOCKS = {
    "elapsed": LimitClock.ELAPSED,
    "working-time": LimitClock.WORKING_TIME,
    "legal": LimitClock.LEGAL,
}


@dataclass
class Names:
    """What names mean in the network: indices of pools, classes, attributes; clocks of pools."""

    pools: dict[str, int]
    pool_clocks: dict[str, Clock]
    classes: dict[str, int]
    attributes: dict[str, int]
    values: list[dict[str, int]]
    counters: dict[str, int] = field(default_factory=dict)


class WorkBuilder:
    """Resolves what elements say about their work.

    Parameters
    ----------
    patience : of cases, for steps that state none.
    """

    def __init__(self, resolver: Resolver, times: Times, names: Names, patience: Any) -> None:
        self.resolver = resolver
        self.times = times
        self.names = names
        self._default_patience = None if patience == "none" else patience
        self._keys: dict[int, str] = {}

    def key(self, name: str) -> int:
        """Return the key of a name's draws; InputError if another name has the same."""
        key = name_key(name)
        other = self._keys.setdefault(key, name)
        if other != name:
            raise InputError(
                f"the names `{name}` and `{other}` have the same 32-bit hash, so their draws could not be "
                "told apart; rename one of them."
            )
        return key

    def counts(self, counts: Any) -> dict[int, float]:
        """Return what an element adds to each counter, by its index; new counters get the next one."""
        found: dict[int, float] = {}
        for name, number in counts.items():
            place = self.names.counters.setdefault(str(name), len(self.names.counters))
            found[place] = self.resolver.amount(number)
        return found

    def patience(self, own: Any) -> Law | None:
        """Return the law of patience, in elapsed seconds; None where cases wait for ever."""
        chosen = self._default_patience if own is None else own
        return None if chosen is None or chosen == "none" else self.resolver.law(chosen)

    def parts(self, step: language.Step) -> tuple[Part, ...]:
        """Return the drawn efforts of a step, in seconds of work."""
        day = self.names.pool_clocks[str(needs(step.by)[0][0][0])].day
        return tuple(
            Part(str(name), self.key(str(name)), self.resolver.law(law, day)) for name, law in step.efforts
        )

    def need(self, together: Any) -> Need:
        """Return the pools and units taken at one instant."""
        units: dict[int, int] = {}
        for pool, number in together:
            place = self.names.pools[str(pool)]
            units[place] = units.get(place, 0) + self.resolver.count(number, 1)
        return Need(tuple(units), tuple(units.values()))

    def limit(self, limit: Any) -> Limit | None:
        """Return a limit; where its misses go is said by `escalating`."""
        if limit is None:
            return None
        clock = self.times.clock(limit.calendar)
        working = limit.within.dimension() is Dimension.WORKING
        runs_on = CLOCKS[limit.clock] if limit.clock else CLOCKS["working-time" if working else "elapsed"]
        on_calendar = runs_on is not LimitClock.ELAPSED
        if (on_calendar or working) and clock.index < 0:
            raise InputError("its limit needs a calendar; name one under `run: {calendar: ...}`.")
        new = limit.missed.class_ if limit.missed is not None else None
        return Limit(
            seconds=whole(self.resolver.seconds(limit.within, clock)),
            clock=runs_on,
            calendar=clock.index if on_calendar else -1,
            new_class=-1 if new is None else self.names.classes[str(new)],
        )

    def meetings(self, batch: language.Batch) -> Meetings:
        """Return when a batch is taken, by whom, how many and with what work."""
        attend = Need((), ())
        day = 86400.0
        if batch.attend is not None:
            together = needs(batch.attend)[0]
            attend = self.need(together)
            day = self.names.pool_clocks[str(together[0][0])].day
        fields: dict[str, Any] = {"attend": attend, "order": RULES[batch.order], "bundle": batch.bundle}
        calendar = None
        if batch.on is not None:
            fields["times"] = self.times.meetings(batch.on)
            calendar = batch.on.calendar
        if batch.when is not None:
            calendar = batch.when.calendar
            fields["size"] = self.resolver.count(batch.when.size, 1)
            fields["or_after"], fields["or_after_calendar"] = self.times.length(batch.when.or_after, calendar)
        if batch.cut_off is not None:
            fields["cut_off"], fields["cut_off_calendar"] = self.times.length(batch.cut_off, calendar)
        if isinstance(batch.agenda, Minutes):
            fields["agenda_seconds"] = whole(60 * self.resolver.amount(batch.agenda.minutes))
        elif batch.agenda is not None:
            fields["agenda"] = self.resolver.count(batch.agenda, 1)
        if batch.effort is not None:
            which = "each" if isinstance(batch.effort, Each) else "whole"
            law = self.resolver.law(getattr(batch.effort, which), day)
            fields[which] = Part(str(batch.name), self.key(str(batch.name)), law)
        return Meetings(**fields)


def escalating(limit: Limit, index: int) -> Limit:
    """Return a limit whose misses go to the hidden step at node `index`."""
    return replace(limit, escalate_to=index)
