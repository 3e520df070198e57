"""Tables over time and over values: distribution with bands, cases per week, utilisation by hour.

Each function takes the records of one run (or of several replications) and returns a NumPy
structured array; figures only draw them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from sim.engine.records import Records, Table
from sim.measures.statistics import student
from sim.measures.work import work_pieces
from sim.network.elements import EndStatus, Network
from sim.worktime.zones import to_datetime

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

HOUR = 3600
DAY = 24 * HOUR
WEEK = 7 * DAY

BAND_DTYPE = np.dtype([("x", "f8"), ("mean", "f8"), ("low", "f8"), ("high", "f8")])
WEEK_DTYPE = np.dtype(
    [("start", "i8"), ("stop", "i8"), ("arrived", "f8"), ("ended", "f8"), ("done", "f8"), ("open", "f8")]
)
HOUR_DTYPE = np.dtype([("weekday", "i1"), ("hour", "i1"), ("busy", "i8"), ("capacity", "i8")])
STAFF_DTYPE = np.dtype([("pool", "i4"), ("busy", "i8"), ("capacity", "i8")])
INTERVAL_DTYPE = np.dtype([("pool", "i4"), ("start", "i8"), ("stop", "i8"), ("units", "i4")])


def across(x: npt.ArrayLike, replications: npt.ArrayLike, level: float | None = 0.95) -> Table:
    """Return the mean over replications with a band, point by point.

    Parameters
    ----------
    x : shape (points,), what the points belong to.
    replications : shape (replications, points).
    level : confidence level of a t-interval at each point by itself, not of the whole curve; None:
        from the lowest to the highest replication, which reads better than an interval from few.

    Returns
    -------
    Table of ``x, mean, low, high``; with fewer than two replications ``low`` and ``high`` are nan.
    """
    values = np.asarray(replications, dtype=np.float64)
    count = values.shape[0]
    table = np.zeros(values.shape[1], dtype=BAND_DTYPE)
    table["x"] = x
    table["mean"] = values.mean(axis=0)
    table["low"] = table["high"] = np.nan
    if count > 1 and level is None:
        table["low"], table["high"] = values.min(axis=0), values.max(axis=0)
    elif count > 1 and level is not None:
        half = student(count, level) * values.std(axis=0, ddof=1) / np.sqrt(count)
        table["low"], table["high"] = table["mean"] - half, table["mean"] + half
    return table


def ecdf(samples: Sequence[FloatArray], grid: npt.ArrayLike, level: float | None = 0.95) -> Table:
    """Return the share of cases at or below each value of `grid`, with bands across replications.

    Parameters
    ----------
    samples : values of the cases, one array a replication; empty ones are left out.
    grid : shape (points,), ascending, in the unit of the samples.
    level : as in `across`.

    Returns
    -------
    Table of ``x, mean, low, high`` (shares from 0 to 1); no rows if no sample holds a case.
    """
    points = np.asarray(grid, dtype=np.float64)
    shares = [
        np.searchsorted(np.sort(sample), points, side="right") / len(sample)
        for sample in samples
        if len(sample)
    ]
    if not shares:
        return np.zeros(0, dtype=BAND_DTYPE)
    table = across(points, shares, level)
    for edge in ("low", "high"):
        table[edge] = np.clip(table[edge], 0.0, 1.0)
    return table


def lead_times(network: Network, records: Records) -> FloatArray:
    """Return the days from arrival to end of the cases that ended well (``done``) in the window."""
    cases = records.cases
    first, last = network.window
    counted = (cases["status"] == EndStatus.DONE) & (cases["ended"] >= first) & (cases["ended"] < last)
    days: FloatArray = (cases["ended"] - cases["arrived"])[counted] / DAY
    return days


def weekly(network: Network, records: Records, weeks: int = 1) -> Table:
    """Return one row for each whole week of the run, or for each whole period of several, from time 0.

    Parameters
    ----------
    weeks : length of a period.

    Returns
    -------
    Table of ``start`` and ``stop`` (seconds), ``arrived``, ``ended`` and of these ``done`` (cases
    per week), ``open`` (mean number of cases in progress).
    """
    return weekly_by(records, (weeks,))[weeks]


def weekly_by(records: Records, lengths: Sequence[int]) -> dict[int, Table]:
    """Return the table of `weekly` for periods of several lengths, in weeks."""
    cases = records.cases
    over = cases["ended"] >= 0
    ended = np.sort(cases["ended"][over])
    counted = {
        "arrived": np.sort(cases["arrived"][~cases["initial"]]),
        "ended": ended,
        "done": np.sort(cases["ended"][(cases["status"] == EndStatus.DONE) & over]),
    }
    present = np.sort(np.maximum(cases["arrived"], 0))
    found = {}
    for weeks in lengths:
        periods = int((records.stopped + 1) // (weeks * WEEK))
        edges = np.arange(periods + 1, dtype=np.int64) * weeks * WEEK
        table = np.zeros(periods, dtype=WEEK_DTYPE)
        table["start"], table["stop"] = edges[:-1], edges[1:]
        for name, instants in counted.items():
            table[name] = np.diff(np.searchsorted(instants, edges, side="left")) / weeks
        table["open"] = np.diff(_area(present, edges) - _area(ended, edges)) / (weeks * WEEK)
        found[weeks] = table
    return found


def mean_open(network: Network, records: Records) -> float:
    """Return the mean number of cases in progress over the window."""
    cases = records.cases
    window = np.array(network.window, dtype=np.int64)
    present = _area(np.sort(np.maximum(cases["arrived"], 0)), window)
    present = present - _area(np.sort(cases["ended"][cases["ended"] >= 0]), window)
    return float(present[1] - present[0]) / float(window[1] - window[0])


def _area(ordered: IntArray, edges: IntArray) -> IntArray:
    """Return, for each edge T, the sum of T - t over all instants t before T; they are in order."""
    total = np.concatenate(([0], np.cumsum(ordered)))
    before = np.searchsorted(ordered, edges, side="left")
    area: IntArray = before * edges - total[before]
    return area


def work_intervals(network: Network, records: Records) -> Table:
    """Return when which pool was at work: ``pool``, ``[start, stop)`` in seconds, ``units``.

    Work in progress when the run stopped counts to that second. A bundle's work is counted once,
    with the case that leads it; meetings count for those who attend.
    """
    steps = records.steps
    row, start, stop = work_pieces(network, records)
    own = (steps["option"][row] >= 0) & (
        (steps["lead"][row] < 0) | (steps["lead"][row] == steps["case"][row])
    )
    row, start, stop = row[own], start[own], stop[own]
    widest = max((len(node.needs) for node in network.nodes), default=0) + 1
    taken = steps["element"][row] * widest + steps["option"][row]
    order = np.argsort(taken, kind="stable")
    start, stop = start[order], stop[order]
    places = np.searchsorted(taken[order], np.arange(len(network.nodes) * widest + 1))
    parts: list[Table] = []
    for node in network.nodes:
        for option, need in enumerate(node.needs):
            here = slice(*places[node.index * widest + option :][:2])
            for pool, units in zip(need.pools, need.units, strict=True):
                parts.append(_intervals(pool, start[here], stop[here], units))
        if node.meetings is not None:
            held = records.meetings[records.meetings["element"] == node.index]
            held = held[held["started"] >= 0]
            for pool, units in zip(node.meetings.attend.pools, node.meetings.attend.units, strict=True):
                parts.append(_intervals(pool, held["started"], held["ended"], units))
    table = np.concatenate(parts) if parts else np.zeros(0, dtype=INTERVAL_DTYPE)
    table["stop"] = np.where(table["stop"] < 0, records.stopped + 1, table["stop"])
    return table


def _intervals(pool: int, start: IntArray, stop: IntArray, units: int) -> Table:
    table = np.zeros(len(start), dtype=INTERVAL_DTYPE)
    table["pool"], table["start"], table["stop"], table["units"] = pool, start, stop, units
    return table


def utilisation_by_hour(network: Network, records: Records) -> Table:
    """Return how much of the staff on shift was at work, by pool, weekday and hour of local time.

    Only the window counts. Work beyond the head-count on shift (overtime) is left out, so that
    ``busy / capacity`` is at most 1.

    Returns
    -------
    Table of shape (pools, 168), Monday 0 o'clock first: ``weekday`` (0 is Monday), ``hour``, ``busy`` and
    ``capacity`` (unit-seconds over the window).
    """
    first, last = network.window
    edges, cell = _cells(network.origin, network.zone, network.window)
    table = np.zeros((len(network.pools), 7 * 24), dtype=HOUR_DTYPE)
    table["weekday"], table["hour"] = np.divmod(np.arange(7 * 24), 24)
    intervals = work_intervals(network, records)
    intervals = intervals[(intervals["stop"] > first) & (intervals["start"] < last)]
    for pool in network.pools:
        own = intervals[intervals["pool"] == pool.index]
        times = pool.capacity.arrays[0]
        still = np.concatenate((edges, times[(times > first) & (times < last)]))
        instants = np.concatenate((own["start"], own["stop"], still))
        np.clip(instants, first, last, out=instants)
        change = np.concatenate((own["units"], -own["units"], np.zeros(len(still), dtype=np.int64)))
        order = np.argsort(instants, kind="stable")
        # Between two instants nothing changes; of equal ones, all but the last are followed by no time.
        level, at = np.cumsum(change[order])[:-1], instants[order]
        length = np.diff(at)
        on_shift = pool.capacity.at_many(at[:-1])
        where = cell[np.searchsorted(edges, at[:-1], side="right") - 1]
        row = table[pool.index]
        np.add.at(row["capacity"], where, on_shift * length)
        np.add.at(row["busy"], where, np.minimum(level, on_shift) * length)
    return table


def utilisation_by_pool(network: Network, records: Records) -> Table:
    """Return ``pool`` (index), ``busy`` and ``capacity`` (unit-seconds over the window, without overtime)."""
    table = np.zeros(len(network.pools), dtype=STAFF_DTYPE)
    table["pool"] = np.arange(len(network.pools))
    table["busy"] = records.busy_area
    table["capacity"] = [pool.capacity.integral(*network.window) for pool in network.pools]
    return table


@lru_cache(maxsize=8)  # the runs of one scenario share their window
def _cells(origin: str, zone: str, window: tuple[int, int]) -> tuple[IntArray, IntArray]:
    """Return the edges of the hours of a window, and weekday * 24 + hour, in local time, of each hour."""
    first, last = window
    edges = np.unique(np.append(np.arange(first - first % HOUR, last, HOUR), (first, last)))
    edges = edges[(edges >= first) & (edges <= last)]
    start = date.fromisoformat(origin)
    local = [to_datetime(int(t), zone, start) for t in edges]  # and one for the end of the window
    cells = np.array([moment.weekday() * 24 + moment.hour for moment in local], dtype=np.int64)
    edges.flags.writeable = cells.flags.writeable = False
    return edges, cells
