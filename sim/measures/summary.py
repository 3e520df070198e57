"""The measures of one run, as tidy rows: lead times, throughput, work in progress, utilisation, queues."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from sim.engine.records import Records
from sim.measures.bins import Bins, Values, deviation
from sim.measures.cohort import case_counts, cohort
from sim.measures.columns import Columns
from sim.measures.statistics import Sample, quantile
from sim.network.elements import Kind, Network, Node

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]

HOUR = 3600.0
DAY = 86_400.0
WEEK = 7 * DAY
_AREAS = ("queue_area", "busy_area", "excess_area", "held_area")
QUANTILES = {"median": 0.5, "p90": 0.9, "p95": 0.95}


@dataclass(frozen=True)
class Measure:
    """One number about one run.

    Attributes
    ----------
    name : ``lead-time``, ``wait``, ``utilisation`` ...
    of : what it is about: ``all``, ``class NAME``, ``end NAME``, ``step NAME``, ``pool NAME``,
        ``limit NAME`` or ``counter NAME``.
    statistic : ``mean``, ``sd`` (standard deviation), ``median``, ``p90``, ``p95``, ``max``, ``share`` or
        ``count``.
    unit : of `value`.
    value : NaN where there is nothing to measure.
    at_least : some of the cases were still open when the run ended, so that the true value of a
        lead time is larger; never of a standard deviation, which they may change either way.
    """

    name: str
    of: str
    statistic: str
    unit: str
    value: float
    at_least: bool = False


def lead_times(network: Network, records: Records) -> dict[str, FloatArray]:
    """Return the days from arrival to end of the window's cohort, in order of arrival.

    Returns
    -------
    dict
        For ``all``, each ``class NAME`` (at arrival) and each ``end NAME`` that was reached.
    """
    gathered = Gathered(network)
    gathered.add(records)
    return {of: values for of, values in gathered.lead_times().items() if not isinstance(values, Bins)}


def measures(network: Network, records: Records) -> list[Measure]:
    """Return the measures of one run; see `Gathered`."""
    gathered = Gathered(network)
    gathered.add(records)
    return gathered.measures()


class Gathered:
    """What the measures of one run need of its records, which may come in parts.

    Lead times are those of the cases that arrived in the window, followed until the run ends.
    Throughput, work in progress, utilisation and queues are those of the window itself.

    Parameters
    ----------
    binned : count durations in bins instead of keeping each: memory does not grow, numbers, sums, means
        and shares stay exact, quantiles have a small error (see ``bins``).
    """

    def __init__(self, network: Network, *, binned: bool = False) -> None:
        self.network = network
        self.binned = binned
        self.counts: dict[str, int] = {}
        self.values: dict[str, Values | Bins] = {}
        self.numbers: Counter[str] = Counter()
        self.counters = [Fraction(0) for _ in network.counters]
        self.areas = {name: np.zeros(len(network.pools), dtype=np.int64) for name in _AREAS}
        self.node_kinds = np.array([node.kind for node in network.nodes], dtype=np.int64)

    def add(self, records: Records, steps: Columns | None = None) -> None:
        """Count in the records of some cases, whole: each case in one part, the areas in one of them.

        Parameters
        ----------
        steps : the columns of ``records.steps``, where some have been read before.
        """
        steps = Columns(records.steps) if steps is None else steps
        for name, count in case_counts(self.network, records).items():
            self.counts[name] = self.counts.get(name, 0) + count
        self._add_lead_times(records)
        self._add_limits(steps)
        self._add_flow(records)
        self._add_waits(steps)
        self._add_ages(steps)
        self._add_counters(records)
        for name, area in self.areas.items():
            area += getattr(records, name)

    def measures(self) -> list[Measure]:
        """Return the measures of all that was counted in."""
        return [
            *self._lead_times(),
            *self._limits(),
            *self._flow(),
            *self._pools(),
            *self._waits(),
            *self._ages(),
            *self._counters(),
        ]

    def lead_times(self) -> dict[str, Sample]:
        """Return the days from arrival to end, as the function `lead_times` does."""
        of = ["all"]
        if len(self.network.classes) > 1:
            of += [f"class {cls.name}" for cls in self.network.classes]
        ends = [f"end {node.name}" for node in self.network.nodes if node.kind == Kind.END]
        reached = [name for name in ends if self.numbers[f"reached {name}"]]
        return {name: self._sample(f"lead-time {name}", DAY) for name in (*of, *reached)}

    def _keep(self, name: str, unit: float, seconds: IntArray) -> None:
        if name not in self.values:
            self.values[name] = Bins(unit) if self.binned else Values(unit)
        self.values[name].add(seconds)

    def _sample(self, name: str, unit: float) -> Sample:
        values = self.values.get(name) or (Bins(unit) if self.binned else Values(unit))
        return values if isinstance(values, Bins) else values.all()

    # Lead times ----------------------------------------------------------------------------------

    def _add_lead_times(self, records: Records) -> None:
        network, cases = self.network, records.cases
        member = cohort(network, records)
        still = member & (cases["ended"] < 0)
        over = member & ~still
        seconds = cases["ended"] - cases["arrived"]
        self._keep("lead-time all", DAY, seconds[over])
        for index, cls in enumerate(network.classes):
            own = cases["class"] == index
            self.numbers[f"open class {cls.name}"] += int((still & own).sum())
            if len(network.classes) > 1:
                self._keep(f"lead-time class {cls.name}", DAY, seconds[over & own])
        for node in network.nodes:
            if node.kind == Kind.END:
                here = over & (cases["end"] == node.index)
                self.numbers[f"reached end {node.name}"] += int(here.sum())
                if here.any():
                    self._keep(f"lead-time end {node.name}", DAY, seconds[here])
        self.numbers["cohort"] += int(member.sum())
        self.numbers["open"] += int(still.sum())
        if network.default_calendar >= 0:
            calendar = network.calendars[network.default_calendar]
            rows = np.flatnonzero(over)
            worked = calendar.open_seconds_many(cases["arrived"][rows], cases["ended"][rows])
            self._keep("working-time", float(calendar.standard_day), worked)

    def _lead_times(self) -> Iterator[Measure]:
        for of, days in self.lead_times().items():
            unfinished = self.numbers[f"open {of}" if of.startswith("class ") else "open"] > 0
            yield from _spread("lead-time", of, "days", DAY, days, unfinished)
            yield Measure("lead-time", of, "count", "cases", float(len(days)))
        if self.network.default_calendar >= 0:
            day = float(self.network.calendars[self.network.default_calendar].standard_day)
            days, unfinished = self._sample("working-time", day), self.numbers["open"] > 0
            yield from _spread("working-time", "all", "working days", day, days, unfinished)
        members = self.numbers["cohort"]
        share = self.numbers["open"] / members if members else float("nan")
        yield Measure("open-at-end", "all", "share", "1", share)

    # Limits --------------------------------------------------------------------------------------

    def _add_limits(self, steps: Columns) -> None:
        """Count limits that began to run in the window, and of these the ones kept."""
        first, last = self.network.window
        inside = (steps["joined"] >= first) & (steps["joined"] < last)
        for node in self._limited():
            index = node.index
            if node.kind == Kind.BLOCK:  # its limit is on record under the block's end
                ends = (n for n in self.network.nodes if n.kind == Kind.BLOCK_END)
                index = next(n.index for n in ends if n.block == node.index)
            here = (steps["element"] == index) & inside
            self.numbers[f"limits {node.name}"] += int(here.sum())
            self.numbers[f"kept {node.name}"] += int((here & ~steps["missed"]).sum())

    def _limits(self) -> Iterator[Measure]:
        """Share in time, of limits that began to run in the window."""
        for node in self._limited():
            count = self.numbers[f"limits {node.name}"]
            kept = self.numbers[f"kept {node.name}"] / count if count else float("nan")
            yield Measure("in-time", f"limit {node.name}", "share", "1", kept)
            yield Measure("in-time", f"limit {node.name}", "count", "cases", float(count))

    def _limited(self) -> list[Node]:
        return [n for n in self.network.nodes if n.limit is not None and n.escalated_from < 0]

    # Throughput, work in progress, staff -----------------------------------------------------------

    def _add_flow(self, records: Records) -> None:
        cases, (first, last) = records.cases, self.network.window
        ended = (cases["ended"] >= first) & (cases["ended"] < last)
        self.numbers["ended"] += int(ended.sum())
        for node in self.network.nodes:
            if node.kind == Kind.END:
                self.numbers[f"ended {node.name}"] += int((ended & (cases["end"] == node.index)).sum())
        leaves = np.where(cases["ended"] >= 0, cases["ended"], last)
        present = np.minimum(leaves, last) - np.maximum(cases["arrived"], first)
        self.numbers["present"] += int(np.maximum(present, 0).sum())

    def _flow(self) -> Iterator[Measure]:
        first, last = self.network.window
        weeks = (last - first) / WEEK
        yield Measure("throughput", "all", "mean", "cases/week", float(self.numbers["ended"]) / weeks)
        for node in self.network.nodes:
            if node.kind == Kind.END and self.numbers[f"ended {node.name}"]:
                count = float(self.numbers[f"ended {node.name}"])
                yield Measure("throughput", f"end {node.name}", "mean", "cases/week", count / weeks)
        yield Measure("in-progress", "all", "mean", "cases", float(self.numbers["present"]) / (last - first))

    def _pools(self) -> Iterator[Measure]:
        first, last = self.network.window
        for pool in self.network.pools:
            capacity = float(pool.capacity.integral(first, last))
            of = f"pool {pool.name}"
            area = {name: float(areas[pool.index]) for name, areas in self.areas.items()}
            none = float("nan")
            yield Measure("utilisation", of, "share", "1", area["busy_area"] / capacity if capacity else none)
            if held := area["held_area"]:
                yield Measure("held-idle", of, "share", "1", held / capacity if capacity else none)
            yield Measure("overtime", of, "count", "hours", area["excess_area"] / HOUR)
            yield Measure("queue", of, "mean", "cases", area["queue_area"] / (last - first))

    # Waits ---------------------------------------------------------------------------------------

    def _add_waits(self, steps: Columns) -> None:
        first, last = self.network.window
        started = (steps["started"] >= first) & (steps["started"] < last)
        waits = steps["started"] - steps["joined"]
        for node in self._waiting():
            here = started & (steps["element"] == node.index)
            self._keep(f"wait {node.name}", HOUR, waits[here])

    def _waits(self) -> Iterator[Measure]:
        """Waits from joining a step to its first start, of work started in the window."""
        for node in self._waiting():
            hours = self._sample(f"wait {node.name}", HOUR)
            if node.escalated_from >= 0 and not len(hours):
                continue
            yield from _spread("wait", f"step {node.name}", "hours", HOUR, hours)
            yield Measure("wait", f"step {node.name}", "count", "visits", float(len(hours)))

    def _waiting(self) -> list[Node]:
        return [
            n for n in self.network.nodes
            if n.kind in (Kind.STEP, Kind.BATCH) or (n.kind == Kind.BLOCK and n.hold >= 0)
        ]  # fmt: skip

    def _add_ages(self, steps: Columns) -> None:
        last = self.network.window[1]
        over = np.where(steps["started"] >= 0, steps["started"], steps["ended"])
        waiting = self.node_kinds[steps["element"]] == Kind.STEP
        waiting &= (steps["joined"] < last) & ((over < 0) | (over >= last))
        self._keep("age", DAY, last - steps["joined"][waiting])

    def _ages(self) -> Iterator[Measure]:
        """Since when the work waits that waits as the window ends."""
        days = self._sample("age", DAY)
        yield Measure("queue-age", "all", "count", "visits", float(len(days)))
        yield from _spread("queue-age", "all", "days", DAY, days)
        longest = (
            days.greatest if isinstance(days, Bins) else float(days.max()) if len(days) else float("nan")
        )
        yield Measure("queue-age", "all", "max", "days", longest)

    # Counters ------------------------------------------------------------------------------------

    def _add_counters(self, records: Records) -> None:
        member = cohort(self.network, records) & (records.cases["ended"] >= 0)
        for index in range(len(self.counters)):
            values, counts = np.unique(records.counts[member, index], return_counts=True)
            for value, count in zip(values.tolist(), counts.tolist(), strict=True):
                self.counters[index] += Fraction(value) * count

    def _counters(self) -> Iterator[Measure]:
        """Mean per case of the cohort that ended."""
        ended = self.numbers["cohort"] - self.numbers["open"]
        for total, name in zip(self.counters, self.network.counters, strict=True):
            value = float(total / ended) if ended else float("nan")
            yield Measure("counted", f"counter {name}", "mean", "per case", value)


def _spread(
    name: str, of: str, unit: str, seconds: float, values: Sample, at_least: bool = False
) -> Iterator[Measure]:
    """Yield the mean and how values spread, in `unit`, which has so many seconds."""
    mean = values.mean if isinstance(values, Bins) else float(values.mean()) if len(values) else float("nan")
    yield Measure(name, of, "mean", unit, mean, at_least)
    yield Measure(name, of, "sd", unit, deviation(values, seconds))
    for statistic, p in QUANTILES.items():
        yield Measure(name, of, statistic, unit, quantile(values, p), at_least)


def limits(network: Network, records: Records) -> Iterator[Measure]:
    """Yield the share in time, and the number, of limits that began to run in the window."""
    gathered = Gathered(network)
    gathered._add_limits(Columns(records.steps))
    yield from gathered._limits()
