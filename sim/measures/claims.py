"""What a claim measures: one value for each case of its population, and the statistic of one replication."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from sim.engine.records import Records, Table
from sim.errors import InputError
from sim.measures.clocks import BETWEEN_MARKS, Clock, clock_values
from sim.measures.critical import CriticalPath, critical_path
from sim.measures.marks import NEVER, between
from sim.measures.split import SPLIT_DTYPE, split_times
from sim.measures.statistics import quantile
from sim.network.elements import Kind, Network

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]
FloatArray = npt.NDArray[np.float64]

DAY = 86_400.0


class Population(StrEnum):
    """Which cases a claim speaks of."""

    CLOSED_IN = "closed-in"  # reached the to-mark within the window, whenever they arrived
    ARRIVED_IN = "arrived-in"  # arrived within the window, followed until the run ends


@dataclass(frozen=True)
class ClaimSpec:
    """What to measure. Names, not indices: they mean the same before and after.

    Attributes
    ----------
    spans : pairs (from, to) of marks, whose times add up; an empty name is the arrival or the end.
    classes, outcomes : names of case classes (at arrival) and of ends; empty for all.
    population, clock, statistic : `statistic` is ``mean``, ``median``, ``pN``, ``share`` or ``max``.
    calendar : index for the clocks that need one; -1 for the scenario's default calendar.
    unit_seconds : seconds of the clock in one unit of the claim (a working day: the calendar's
        standard day). Working dates are counted, not timed: there it is not used.
    within : limit in the claim's unit, reached counts as kept; needed for ``share`` only.
    """

    spans: tuple[tuple[str, str], ...] = (("", ""),)
    classes: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    population: Population = Population.CLOSED_IN
    statistic: str = "mean"
    clock: Clock = Clock.ELAPSED
    calendar: int = -1
    unit_seconds: float = DAY
    within: float | None = None


@dataclass(frozen=True)
class ClaimValues:
    """The population of a claim in one replication.

    Attributes
    ----------
    cases : rows of the case table, ascending.
    values : of each case, in the claim's unit.
    missing : cases that belong to the population but lack a mark of some pair or, where outcomes are
        named, an outcome.
    open : those of `missing` that had not ended when the run did: with any, a mean is "at least".
    """

    cases: IntArray
    values: FloatArray
    missing: int
    open: int


def claim_values(network: Network, records: Records, spec: ClaimSpec) -> ClaimValues:
    """Measure every case of the claim's population.

    Raises
    ------
    InputError
        If a mark, class, end or calendar that the claim names does not exist in this variant.
    """
    belongs, seen, spans = _population(network, records, spec)
    cases = np.flatnonzero(belongs & seen)
    total = np.zeros(len(cases), dtype=np.int64)
    for begin, end in spans:
        total += clock_values(network, records, spec.clock, spec.calendar, cases, begin[cases], end[cases])
    unit = 1.0 if spec.clock is Clock.WORKING_DATES else spec.unit_seconds
    without = belongs & ~seen
    return ClaimValues(
        cases, total / unit, int(without.sum()), int((without & (records.cases["ended"] < 0)).sum())
    )


def elements_measured(network: Network, specs: Iterable[ClaimSpec]) -> frozenset[int] | None:
    """Return the elements whose steps have to be recorded for the claims to be measured; None: all."""
    marks: set[str] = set()
    for spec in specs:
        if spec.clock not in BETWEEN_MARKS:
            return None
        marks.update(mark for span in spec.spans for mark in span)
    return frozenset(n.index for n in network.nodes if n.kind == Kind.MARK and n.name in marks)


def claim_split(
    network: Network, records: Records, spec: ClaimSpec, path: CriticalPath | None = None
) -> Table:
    """Split the claim's time along each case's critical path, all pairs of marks together, in seconds.

    Parameters
    ----------
    path : the critical path of every case, if known already.

    Returns
    -------
    Table of `SPLIT_DTYPE`, one row per case of the population. Columns add up to the elapsed time
    whatever the claim's clock.
    """
    belongs, seen, spans = _population(network, records, spec)
    cases = np.flatnonzero(belongs & seen)
    path = critical_path(network, records) if path is None else path
    table = np.zeros(len(cases), dtype=SPLIT_DTYPE)
    for begin, end in spans:
        part = split_times(network, records, cases, begin[cases], end[cases], path)
        for name in SPLIT_DTYPE.names or ():
            table[name] += part[name]
    table["case"] = cases
    return table


def statistic(values: FloatArray, name: str, within: float | None = None) -> float:
    """Return the statistic of the values of cases; NaN without any.

    Parameters
    ----------
    values : any unit. name : ``mean``, ``median``, ``pN``, ``share`` or ``max``.
    within : for ``share``: the limit, in the unit of `values`; a case that just meets it is within.
    """
    x = np.asarray(values, dtype=np.float64)
    p = quantile_of(name)
    if name == "share":
        if within is None:
            raise InputError('the statistic "share" needs a limit: add within')
        return float(np.mean(x <= within)) if x.size else float("nan")
    if not x.size:
        return float("nan")
    if p is not None:
        return quantile(x, p)
    return float(x.max() if name == "max" else x.mean())


def quantile_of(name: str) -> float | None:
    """Return the probability of ``median`` or ``pN``; None for a statistic that is no quantile.

    Raises
    ------
    InputError
        If there is no such statistic.
    """
    if name == "median":
        return 0.5
    found = re.fullmatch(r"p(\d{1,2}(?:\.\d+)?)", name)
    if found and float(found[1]) > 0.0:
        return float(found[1]) / 100.0
    if name in ("mean", "share", "max"):
        return None
    raise InputError(f'no statistic "{name}"; there are mean, median, p1 to p99, share and max')


def claim_statistic(network: Network, records: Records, spec: ClaimSpec) -> float:
    """Return the claim's statistic in one replication, in its unit; NaN if its population is empty."""
    return statistic(claim_values(network, records, spec).values, spec.statistic, spec.within)


Spans = list[tuple[IntArray, IntArray]]


def _population(network: Network, records: Records, spec: ClaimSpec) -> tuple[BoolArray, BoolArray, Spans]:
    """Return who belongs to the population, who passed all marks, and when each span begins and ends."""
    cases, (first, last) = records.cases, network.window
    seen = np.ones(len(cases), dtype=bool)
    closing = np.full(len(cases), NEVER, dtype=np.int64)
    reached = np.ones(len(cases), dtype=bool)
    spans: Spans = []
    for start, stop in spec.spans:
        both, begin, end = between(network, records, start, stop)
        seen &= both
        spans.append((begin, end))
        closing = np.maximum(closing, end)
        reached &= end != NEVER
    if spec.population is Population.ARRIVED_IN:
        belongs = (cases["arrived"] >= first) & (cases["arrived"] < last) & ~cases["initial"]
    else:
        # A case that ended without the to-mark is missed in the second of its end.
        closed = np.where(reached, closing, cases["ended"])
        belongs = (closed >= first) & (closed < last) & (reached | (cases["ended"] >= 0))
    if spec.classes:
        names = [c.name for c in network.classes]
        belongs &= np.isin(cases["class"], [_index(network, names, "class", name) for name in spec.classes])
    if spec.outcomes:
        ends = {n.name: n.index for n in network.nodes if n.kind == Kind.END}
        names = list(ends)
        chosen = [ends[names[_index(network, names, "end", name)]] for name in spec.outcomes]
        undecided = cases["ended"] < 0  # it may yet end so: missing, not left out
        belongs &= np.isin(cases["end"], chosen) | undecided
        seen &= ~undecided
    return belongs, seen, spans


def _index(network: Network, names: list[str], what: str, name: str) -> int:
    if name in names:
        return names.index(name)
    near = get_close_matches(name, names, 1)
    hint = f'did you mean "{near[0]}"?' if near else f"there are: {', '.join(names) or 'none'}"
    raise InputError(f'scenario {network.scenario} ({network.variant}) has no {what} "{name}"; {hint}')
