"""Records as tables for analysts: names instead of indices, local times instead of seconds, null for "not".

The integer tables of `Records` stay the measure of equality; these are what is kept and queried.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sim.engine.records import Records, Work
from sim.network.elements import EndStatus, Network
from sim.worktime.zones import to_datetime

IntArray = npt.NDArray[np.integer[Any]]


def cases_table(network: Network, records: Records, labels: Mapping[str, str | int]) -> pa.Table:
    """Return one row per case: who it is, when it came and ended, how it ended, what it counted.

    Parameters
    ----------
    labels : constant columns that come first, such as variant and replication.
    """
    cases = records.cases
    streams = [stream.name for stream in network.streams]
    streams += [f"backlog-{place}" for place in range(1, len(network.backlogs) + 1)]
    classes = [item.name for item in network.classes]
    columns: dict[str, pa.Array] = {
        "stream": _names(cases["stream"], streams),
        "case": pa.array(np.ascontiguousarray(cases["number"])),
        "class": _names(cases["class"], classes),
        "final_class": _names(cases["final_class"], classes),
        "initial": pa.array(np.ascontiguousarray(cases["initial"])),
        "arrived": _times(network, cases["arrived"], cases["arrived"] == cases["arrived"]),
        "ended": _times(network, cases["ended"], cases["ended"] >= 0),
        "lead_seconds": _numbers(cases["ended"] - cases["arrived"], cases["ended"] >= 0),
        "status": _names(cases["status"], _words(EndStatus)),
        "end": _names(cases["end"], [node.name for node in network.nodes]),
    }
    for place, name in enumerate(network.counters):
        columns[f"count_{name}"] = pa.array(np.ascontiguousarray(records.counts[:, place]))
    return pa.table({**_constant(labels, len(cases)), **columns})


def steps_table(network: Network, records: Records, labels: Mapping[str, str | int]) -> pa.Table:
    """Return one row per case and element that it entered, as `Records.steps` has them."""
    steps = records.steps
    cases = records.cases[steps["case"]]
    streams = [stream.name for stream in network.streams]
    streams += [f"backlog-{place}" for place in range(1, len(network.backlogs) + 1)]
    columns: dict[str, pa.Array] = {
        "stream": _names(cases["stream"], streams),
        "case": pa.array(np.ascontiguousarray(cases["number"])),
        "element": _names(steps["element"], [node.name for node in network.nodes]),
        "entry": pa.array(np.ascontiguousarray(steps["entry"])),
        "strand": pa.array(np.ascontiguousarray(steps["token"])),
        "joined": _times(network, steps["joined"], steps["joined"] == steps["joined"]),
        "started": _times(network, steps["started"], steps["started"] >= 0),
        "ended": _times(network, steps["ended"], steps["ended"] >= 0),
        "effort_seconds": pa.array(np.ascontiguousarray(steps["effort"])),
        "served_seconds": pa.array(np.ascontiguousarray(steps["served"])),
        "status": _names(steps["status"], _words(Work)),
        "rework": pa.array(np.ascontiguousarray(steps["rework"])),
        "due": _times(network, steps["due"], steps["due"] >= 0),
        "missed": pa.array(np.ascontiguousarray(steps["missed"])),
        "meeting": _numbers(steps["meeting"], steps["meeting"] >= 0),
    }
    return pa.table({**_constant(labels, len(steps)), **columns})


_MAKERS = {"cases": cases_table, "steps": steps_table}


def stream_of(
    name: str, network: Network, records: Records, labels: Mapping[str, str | int]
) -> npt.NDArray[np.uint8]:
    """Return the table called `name` (``cases`` or ``steps``) as the bytes of an Arrow stream."""
    table = _MAKERS[name](network, records, labels).unify_dictionaries()
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return np.frombuffer(sink.getvalue(), dtype=np.uint8)


def replications_table(name: str, network: Network, replications: Sequence[Records]) -> pa.Table:
    """Return the table called `name` (``cases`` or ``steps``) of all replications, one below the other."""
    parts = [_MAKERS[name](network, one, {"replication": r}) for r, one in enumerate(replications)]
    return pa.concat_tables(parts)


def rows_table(rows: Sequence[Mapping[str, object]]) -> pa.Table:
    """Return rows of plain values as a table; the first row names the columns."""
    names = list(rows[0]) if rows else []
    return pa.table({name: [row.get(name) for row in rows] for name in names})


def _words(kinds: type[EndStatus] | type[Work]) -> list[str]:
    return [kind.name.lower().replace("_", "-") for kind in kinds]


def _constant(labels: Mapping[str, str | int], count: int) -> dict[str, pa.Array]:
    zeros = pa.array(np.zeros(count, dtype=np.int32))
    found: dict[str, pa.Array] = {}
    for name, value in labels.items():
        if isinstance(value, str):
            found[name] = pa.DictionaryArray.from_arrays(zeros, pa.array([value]))
        else:
            found[name] = pa.array(np.full(count, value, dtype=np.int32))
    return found


def _names(index: IntArray, names: Sequence[str]) -> pa.Array:
    """Return names by index; null for -1."""
    places = pa.array(np.asarray(index, dtype=np.int32), mask=np.asarray(index) < 0)
    return pa.DictionaryArray.from_arrays(places, pa.array(list(names), type=pa.string()))


def _numbers(values: IntArray, known: npt.NDArray[np.bool_]) -> pa.Array:
    return pa.array(np.asarray(values, dtype=np.int64), mask=~np.asarray(known))


def _times(network: Network, seconds: IntArray, known: npt.NDArray[np.bool_]) -> pa.Array:
    """Return local times of the scenario's zone."""
    zero = int(to_datetime(0, network.zone, date.fromisoformat(network.origin)).timestamp())
    instants = np.asarray(seconds, dtype=np.int64) + zero
    return pa.array(instants, type=pa.timestamp("s", tz=network.zone), mask=~np.asarray(known))
