"""A run of one variant as its document tells it, whether it was made now or is kept from before."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sim.measures.combine import Combined, Key
from sim.measures.statistics import Difference, Interval


@dataclass(frozen=True)
class RunView:
    """What `run` prints.

    Attributes
    ----------
    document : as printed by ``run --json``.
    measures, changes, counts : the same as values, for tables.
    """

    document: Mapping[str, Any]
    measures: tuple[Combined, ...]
    changes: Mapping[Key, Difference]
    counts: Mapping[str, float]

    @property
    def warnings(self) -> Sequence[str]:
        """What must be said of it."""
        return list(self.document["warnings"])

    def rows(self) -> list[dict[str, object]]:
        """Return one row a measure, the change beside it where there is one."""
        return measure_rows(self.measures, self.changes)


def view(document: Mapping[str, Any]) -> RunView:
    """Return the run that a document of ``run --json`` tells of."""
    measures = tuple(_measures(document))
    changes = {
        (m.name, m.of, m.statistic): _difference(document["measures"][m.name][m.of][m.statistic]["change"])
        for m in measures
        if "change" in document["measures"][m.name][m.of][m.statistic]
    }
    return RunView(document, measures, changes, dict(document["cases"]))


def measure_row(measure: Combined) -> dict[str, object]:
    """Return one measure with its interval as a row of a table."""
    return {
        "measure": measure.name,
        "of": measure.of,
        "statistic": measure.statistic,
        "unit": measure.unit,
        "mean": measure.interval.estimate,
        "low": measure.interval.low,
        "high": measure.interval.high,
        "at_least": measure.at_least,
    }


def measure_rows(measures: Sequence[Combined], changes: Mapping[Key, Difference]) -> list[dict[str, object]]:
    """Return one row a measure; with any changes, the change of each beside it."""
    rows = []
    for m in measures:
        row = measure_row(m)
        if changes:
            difference = changes.get((m.name, m.of, m.statistic))
            change = {} if difference is None else change_document(difference)
            row |= {f"change_{key}": change.get(key) for key in ("mean", "low", "high", "correlation")}
        rows.append(row)
    return rows


def change_document(difference: Difference) -> dict[str, object]:
    """Return a paired difference as printed documents have it."""
    interval = difference.interval
    return {
        "mean": interval.estimate,
        "low": interval.low,
        "high": interval.high,
        "correlation": difference.correlation,
    }


def _measures(document: Mapping[str, Any]) -> Iterator[Combined]:
    for name, places in document["measures"].items():
        for of, statistics in places.items():
            for statistic, entry in statistics.items():
                yield Combined(name, of, statistic, entry["unit"], _interval(entry), entry["at_least"])


def _difference(entry: Mapping[str, Any]) -> Difference:
    correlation = entry["correlation"]
    return Difference(_interval(entry), math.nan if correlation is None else correlation)


def _interval(entry: Mapping[str, Any]) -> Interval:
    """Return an interval; JSON has null for what is not finite: no value, or no bounds."""
    mean, low, high = entry["mean"], entry["low"], entry["high"]
    if mean is None:
        return Interval(math.nan, math.nan, math.nan, math.nan, 0, 0.95)
    if low is None or high is None:
        return Interval(mean, -math.inf, math.inf, math.inf, 1, 0.95)
    return Interval(mean, low, high, (high - low) / 2, 2, 0.95)
