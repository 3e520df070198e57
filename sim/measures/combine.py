"""The measures of several replications of one variant, each with its interval."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from sim.engine.records import Records
from sim.measures.bins import Bins
from sim.measures.shortness import shortness
from sim.measures.statistics import (
    Difference,
    Interval,
    Sample,
    mean_interval,
    paired_difference,
    quantile,
    quantile_interval,
    sectioned_difference,
)
from sim.measures.summary import QUANTILES, Gathered, Measure
from sim.network.elements import Network

FloatArray = npt.NDArray[np.float64]
Key = tuple[str, str, str]

#: Measures that are 0 in a replication without a row of them: nobody came to an end, nothing was held.
COUNTED = frozenset({"throughput", "held-idle"})


@dataclass(frozen=True)
class Summary:
    """What is kept of one replication once its tables are gone.

    Attributes
    ----------
    measures : one row per measure. counts : cases by fate, over the window.
    lead_times : days of the window's cohort in order of arrival, by population; in bins if the run kept
        no records.
    """

    measures: tuple[Measure, ...]
    counts: dict[str, int]
    lead_times: Mapping[str, Sample]


@dataclass(frozen=True)
class Combined:
    """One measure over all replications; fields as in `Measure`."""

    name: str
    of: str
    statistic: str
    unit: str
    interval: Interval
    at_least: bool


def summarise(network: Network, records: Records) -> Summary:
    """Return the summary of one replication."""
    gathered = Gathered(network)
    gathered.add(records)
    return summary_of(gathered)


def summary_of(gathered: Gathered) -> Summary:
    """Return the summary of one replication whose records have been counted in."""
    return Summary(tuple(gathered.measures()), gathered.counts, gathered.lead_times())


def combine(summaries: Sequence[Summary], level: float = 0.95) -> list[Combined]:
    """Return every measure with its interval across replications.

    Quantiles of lead time are sectioned (the point is that of all cases of all replications); all
    else is the mean over replications with a t interval. Where some replications lack a measure
    (none of their cases reached an end), a number or a rate is 0 in them, and a time is that of the others.
    """
    found: dict[Key, list[Measure]] = {}
    for summary in summaries:
        for measure in summary.measures:
            found.setdefault((measure.name, measure.of, measure.statistic), []).append(measure)
    by_key = _by_key(summaries)
    rows = []
    for (name, of, statistic), values in found.items():
        if name == "lead-time" and statistic in QUANTILES:
            samples = [s.lead_times[of] for s in summaries if of in s.lead_times]
            interval = quantile_interval(samples, QUANTILES[statistic], level)
        else:
            interval = mean_interval(by_key[name, of, statistic], level)
        at_least = any(m.at_least for m in values)
        rows.append(Combined(name, of, statistic, values[0].unit, interval, at_least))
    return rows


def differences(
    before: Sequence[Summary], after: Sequence[Summary], level: float = 0.95
) -> dict[Key, Difference]:
    """Return after minus before of every measure that both have, paired by replication.

    As in `combine`, quantiles of lead time are sectioned.
    """
    first, second = _by_key(before), _by_key(after)
    found: dict[Key, Difference] = {}
    for key in (key for key in first if key in second):
        name, of, statistic = key
        if name == "lead-time" and statistic in QUANTILES:
            sides = [[s.lead_times.get(of, np.empty(0)) for s in side] for side in (before, after)]
            estimator = partial(quantile, p=QUANTILES[statistic])
            found[key] = sectioned_difference(sides[0], sides[1], estimator, level)
        else:
            found[key] = paired_difference(first[key], second[key], level)
    return found


def _by_key(summaries: Sequence[Summary]) -> dict[Key, list[float]]:
    """Values of each measure by replication; where one lacks it, 0 for numbers and rates, else NaN."""
    found: dict[Key, list[float]] = {}
    for number, summary in enumerate(summaries):
        for m in summary.measures:
            lacking = 0.0 if m.name in COUNTED or m.statistic == "count" else math.nan
            values = found.setdefault((m.name, m.of, m.statistic), [lacking] * len(summaries))
            values[number] = m.value
    return found


def short_runs(summaries: Sequence[Summary]) -> list[str]:
    """Return what to warn about: lead times so alike from case to case that the intervals deceive."""
    # In bins the order of cases is lost, and with it how they depend on each other.
    samples = [v for s in summaries if not isinstance(v := s.lead_times["all"], Bins)]
    if not samples:
        return []
    found = [shortness(samples, p).warning for p in (None, 0.95)]
    return [found[0]] if found[0] else [text for text in found if text]
