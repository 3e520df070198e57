"""The measures of one run, as tidy rows: lead times, throughput, work in progress, utilisation, queues."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.engine.records import Records
from sim.measures.statistics import quantile
from sim.network.elements import EndStatus, Kind, Network

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

HOUR = 3600.0
DAY = 86_400.0
WEEK = 7 * DAY
QUANTILES = {"median": 0.5, "p90": 0.9, "p95": 0.95}


@dataclass(frozen=True)
class Measure:
    """One number about one run.

    Attributes
    ----------
    name : ``lead-time``, ``wait``, ``utilisation`` ...
    of : what it is about: ``all``, ``class NAME``, ``end NAME``, ``step NAME``, ``pool NAME``,
        ``limit NAME`` or ``counter NAME``.
    statistic : ``mean``, ``median``, ``p90``, ``p95``, ``max``, ``share`` or ``count``.
    unit : of `value`.
    value : NaN where there is nothing to measure.
    at_least : some of the cases were still open when the run ended, so that the true value of a
        lead time is larger.
    """

    name: str
    of: str
    statistic: str
    unit: str
    value: float
    at_least: bool = False


def case_counts(network: Network, records: Records) -> dict[str, int]:
    """Count cases over the window: open at its start and arrived in it, and what became of them.

    Returns
    -------
    dict
        ``initial`` (open when the window began), ``arrived`` (in it), ``finished``, ``withdrawn``,
        ``abandoned``, ``refused``, ``turned_away`` (ended in it, by status) and ``open`` (when the
        window ended): initial + arrived = open + all the others.
    """
    cases, (first, last) = records.cases, network.window
    arrived, ended = cases["arrived"], cases["ended"]
    over = (ended >= 0) & (ended < last)
    here = over & (ended >= first)
    names = {
        "finished": EndStatus.DONE,
        "withdrawn": EndStatus.WITHDRAWN,
        "abandoned": EndStatus.ABANDONED,
        "refused": EndStatus.REFUSED,
        "turned_away": EndStatus.TURNED_AWAY,
    }
    # The backlog was there before the first second, whatever its window.
    early = (arrived < first) | cases["initial"]
    counts = {
        "initial": int((early & ~(over & (ended < first))).sum()),
        "arrived": int((~early & (arrived < last)).sum()),
        "open": int(((early | (arrived < last)) & ~over).sum()),
    }
    return counts | {name: int((here & (cases["status"] == status)).sum()) for name, status in names.items()}


def cohort(network: Network, records: Records) -> BoolArray:
    """Return which cases arrived in the window, the backlog apart: those that lead times are about."""
    cases, (first, last) = records.cases, network.window
    return np.asarray((cases["arrived"] >= first) & (cases["arrived"] < last) & ~cases["initial"])


def lead_times(network: Network, records: Records) -> dict[str, FloatArray]:
    """Return the days from arrival to end of the window's cohort, in order of arrival.

    Returns
    -------
    dict
        For ``all``, each ``class NAME`` (at arrival) and each ``end NAME`` that was reached.
    """
    cases = records.cases
    member = cohort(network, records) & (cases["ended"] >= 0)
    days = (cases["ended"] - cases["arrived"]) / DAY
    found = {"all": days[member]}
    if len(network.classes) > 1:
        for index, cls in enumerate(network.classes):
            found[f"class {cls.name}"] = days[member & (cases["class"] == index)]
    ends = [node for node in network.nodes if node.kind == Kind.END]
    reached = {f"end {node.name}": days[member & (cases["end"] == node.index)] for node in ends}
    return found | {name: values for name, values in reached.items() if len(values)}


def measures(network: Network, records: Records) -> list[Measure]:
    """Return the measures of one run.

    Lead times are those of the cases that arrived in the window, followed until the run ends.
    Throughput, work in progress, utilisation and queues are those of the window itself.
    """
    return [
        *_lead_times(network, records),
        *limits(network, records),
        *_flow(network, records),
        *_pools(network, records),
        *_waits(network, records),
        *_ages(network, records),
        *_counters(network, records),
    ]


def _spread(name: str, of: str, unit: str, values: FloatArray, at_least: bool = False) -> Iterator[Measure]:
    yield Measure(name, of, "mean", unit, float(values.mean()) if len(values) else float("nan"), at_least)
    for statistic, p in QUANTILES.items():
        yield Measure(name, of, statistic, unit, quantile(values, p), at_least)


def _lead_times(network: Network, records: Records) -> Iterator[Measure]:
    cases = records.cases
    member = cohort(network, records)
    still = member & (cases["ended"] < 0)
    for of, days in lead_times(network, records).items():
        unfinished = bool(still.any())
        if of.startswith("class "):
            index = [c.name for c in network.classes].index(of.removeprefix("class "))
            unfinished = bool((still & (cases["class"] == index)).any())
        yield from _spread("lead-time", of, "days", days, unfinished)
        yield Measure("lead-time", of, "count", "cases", float(len(days)))
    if network.default_calendar >= 0:
        calendar = network.calendars[network.default_calendar]
        rows = np.flatnonzero(member & ~still)
        seconds = calendar.open_seconds_many(cases["arrived"][rows], cases["ended"][rows])
        days = seconds / calendar.standard_day
        yield from _spread("working-time", "all", "working days", days, bool(still.any()))
    share = float(still.sum() / member.sum()) if member.any() else float("nan")
    yield Measure("open-at-end", "all", "share", "1", share)


def limits(network: Network, records: Records) -> Iterator[Measure]:
    """Yield the share in time, and the number, of limits that began to run in the window."""
    steps, (first, last) = records.steps, network.window
    inside = (steps["joined"] >= first) & (steps["joined"] < last)
    for node in network.nodes:
        if node.limit is None or node.escalated_from >= 0:
            continue
        index = node.index
        if node.kind == Kind.BLOCK:  # its limit is on record under the block's end
            index = next(n.index for n in network.nodes if n.kind == Kind.BLOCK_END and n.block == node.index)
        rows = steps[(steps["element"] == index) & inside]
        kept = float(np.mean(~rows["missed"])) if len(rows) else float("nan")
        yield Measure("in-time", f"limit {node.name}", "share", "1", kept)
        yield Measure("in-time", f"limit {node.name}", "count", "cases", float(len(rows)))


def _flow(network: Network, records: Records) -> Iterator[Measure]:
    cases, (first, last) = records.cases, network.window
    ended = (cases["ended"] >= first) & (cases["ended"] < last)
    weeks = (last - first) / WEEK
    yield Measure("throughput", "all", "mean", "cases/week", float(ended.sum()) / weeks)
    for node in network.nodes:
        if node.kind == Kind.END:
            count = float((ended & (cases["end"] == node.index)).sum())
            if count:
                yield Measure("throughput", f"end {node.name}", "mean", "cases/week", count / weeks)
    leaves = np.where(cases["ended"] >= 0, cases["ended"], last)
    present = np.minimum(leaves, last) - np.maximum(cases["arrived"], first)
    yield Measure("in-progress", "all", "mean", "cases", float(np.maximum(present, 0).sum()) / (last - first))


def _pools(network: Network, records: Records) -> Iterator[Measure]:
    first, last = network.window
    for pool in network.pools:
        capacity = float(pool.capacity.integral(first, last))
        of = f"pool {pool.name}"
        busy, held = float(records.busy_area[pool.index]), float(records.held_area[pool.index])
        none = float("nan")
        yield Measure("utilisation", of, "share", "1", busy / capacity if capacity else none)
        if held:
            yield Measure("held-idle", of, "share", "1", held / capacity if capacity else none)
        yield Measure("overtime", of, "count", "hours", float(records.excess_area[pool.index]) / HOUR)
        queue = float(records.queue_area[pool.index]) / (last - first)
        yield Measure("queue", of, "mean", "cases", queue)


def _waits(network: Network, records: Records) -> Iterator[Measure]:
    """Waits from joining a step to its first start, of work started in the window."""
    steps, (first, last) = records.steps, network.window
    started = (steps["started"] >= first) & (steps["started"] < last)
    for node in network.nodes:
        if node.kind not in (Kind.STEP, Kind.BATCH) and not (node.kind == Kind.BLOCK and node.hold >= 0):
            continue
        rows = steps[started & (steps["element"] == node.index)]
        if node.escalated_from >= 0 and not len(rows):
            continue
        yield from _spread("wait", f"step {node.name}", "hours", (rows["started"] - rows["joined"]) / HOUR)
        yield Measure("wait", f"step {node.name}", "count", "visits", float(len(rows)))


def _ages(network: Network, records: Records) -> Iterator[Measure]:
    """Since when the work waits that waits as the window ends."""
    steps, last = records.steps, network.window[1]
    kinds = np.array([node.kind for node in network.nodes], dtype=np.int64)[steps["element"]]
    over = np.where(steps["started"] >= 0, steps["started"], steps["ended"])
    waiting = (kinds == Kind.STEP) & (steps["joined"] < last) & ((over < 0) | (over >= last))
    ages = (last - steps["joined"][waiting]) / DAY
    yield Measure("queue-age", "all", "count", "visits", float(len(ages)))
    yield from _spread("queue-age", "all", "days", ages)
    yield Measure("queue-age", "all", "max", "days", float(ages.max()) if len(ages) else float("nan"))


def _counters(network: Network, records: Records) -> Iterator[Measure]:
    """Mean per case of the cohort that ended."""
    member = cohort(network, records) & (records.cases["ended"] >= 0)
    for index, name in enumerate(network.counters):
        values = records.counts[member, index]
        value = float(values.mean()) if len(values) else float("nan")
        yield Measure("counted", f"counter {name}", "mean", "per case", value)
