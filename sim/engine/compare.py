"""Says in plain words where two runs of one network differ: every table, column by column, row by row."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from sim.engine.records import Records, Table, Work
from sim.network.elements import EndStatus, Network

#: Cells of one table that are told one by one.
MOST = 5


def differences(
    one: Records,
    other: Records,
    network: Network,
    *,
    names: tuple[str, str] = ("the first", "the second"),
    leave_out: Collection[str] = (),
    most: int = MOST,
) -> list[str]:
    """Return what differs between two runs of `network`; empty when they are equal cell by cell.

    Parameters
    ----------
    names : what the two are called in the text.
    leave_out : names of fields of ``Records`` that are not compared.
    most : cells of one table that are told one by one, first rows first; of the others the number is given.

    Returns
    -------
    Texts such as ``steps, row 7, serve (entry 1) of case 3 (main/3): started is 60 in simpy, 61 in
    compiled``. Rows and cases count from 0. Types of columns differ too if only their size does.
    """
    found: list[str] = []
    for field in fields(Records):
        if field.name in leave_out:
            continue
        values = getattr(one, field.name), getattr(other, field.name)
        if isinstance(values[0], np.ndarray) and isinstance(values[1], np.ndarray):
            found += _Comparison(field.name, values, (one, other), network, names, most).lines()
        elif type(values[0]) is not type(values[1]):
            types = [type(v).__name__ for v in values]
            found.append(f"{field.name} is of type {types[0]} in {names[0]}, {types[1]} in {names[1]}")
        elif values[0] != values[1]:
            found.append(f"{field.name} is {values[0]} in {names[0]}, {values[1]} in {names[1]}")
    return found


@dataclass(frozen=True)
class _Comparison:
    """One table of two runs."""

    table: str
    values: tuple[Table, Table]
    runs: tuple[Records, Records]
    network: Network
    names: tuple[str, str]
    most: int

    def lines(self) -> Iterator[str]:
        a, b = self.values
        if a.dtype != b.dtype:
            columns = _columns(a), _columns(b)
            yield f"{self.table} is {columns[0]} in {self.names[0]}, {columns[1]} in {self.names[1]}"
            return
        if a.shape[1:] != b.shape[1:]:
            yield f"{self.table} has the shape {a.shape} in {self.names[0]}, {b.shape} in {self.names[1]}"
            return
        if len(a) != len(b):
            yield f"{self.table} has {len(a)} rows in {self.names[0]}, {len(b)} in {self.names[1]}"
        yield from self._cells(min(len(a), len(b)))
        if len(a) != len(b):
            longer = int(len(b) > len(a))
            row = min(len(a), len(b))
            yield f"{self.table}, row {row}, {self._place(longer, row)}: is in {self.names[longer]} alone"

    def _cells(self, rows: int) -> Iterator[str]:
        """Yield the first cells that differ among the first `rows` rows."""
        a, b = self.values[0][:rows], self.values[1][:rows]
        # (column as shown, its values in both)
        if a.dtype.names:
            columns = [(name, a[name], b[name]) for name in a.dtype.names]
        elif a.ndim == 2:
            columns = [(name, a[:, i], b[:, i]) for i, name in enumerate(self.network.counters)]
        else:
            columns = [("", a, b)]
        wrong = np.array([_differ(x, y) for _, x, y in columns], dtype=bool)
        cells = np.argwhere(wrong.T)  # row by row, in each the columns in their order
        for row, column in cells[: self.most].tolist():
            name, x, y = columns[column]
            values = self._shown(name, x[row]), self._shown(name, y[row])
            what = f"{name} is" if name else "is"
            yield (
                f"{self.table}, row {row}, {self._place(0, row)}: {what} {values[0]} in {self.names[0]}, "
                f"{values[1]} in {self.names[1]}"
            )
        if len(cells) > self.most:
            yield f"{self.table}: {len(cells) - self.most} more cells differ"

    def _shown(self, column: str, value: Any) -> str:
        """Return a value with the name of what it stands for."""
        meaning: dict[str, Callable[[int], str]] = {
            "element": lambda i: self.network.nodes[i].name,
            "end": lambda i: self.network.nodes[i].name,
            "class": lambda i: self.network.classes[i].name,
            "final_class": lambda i: self.network.classes[i].name,
            "pool": lambda i: self.network.pools[i].name,
            "status": lambda i: (EndStatus if self.table == "cases" else Work)(i).name.lower(),
        }
        if column in meaning:
            try:
                return f"{meaning[column](value)} ({value})" if value >= 0 else str(value)
            except (IndexError, ValueError):
                return f"{value} (which is nothing)"
        return str(value)

    # ---- what a row is about -----------------------------------------------------------------------

    def _place(self, run: int, row: int) -> str:
        """Say what row `row` of the table in one of the runs is about."""
        records = self.runs[run]
        if self.table in ("cases", "counts"):
            return self._case(records, row)
        if self.table == "steps":
            return self._step(records, row)
        if self.table == "pieces":
            return f"piece of {self._step(records, int(records.pieces['row'][row]))}"
        if self.table == "meetings":
            meeting = records.meetings[row]
            return f"meeting {meeting['number']} of {self._shown('element', meeting['element'])}"
        if self.table == "pools":
            state = records.pools[row]
            return f"{self._shown('pool', state['pool'])} in second {state['time']}"
        return self._shown("pool", row)  # areas: a row a pool

    def _case(self, records: Records, row: int) -> str:
        if not 0 <= row < len(records.cases):
            return f"case {row} (which is none)"
        case, streams = records.cases[row], self.network.streams
        index = int(case["stream"])
        stream = streams[index].name if 0 <= index < len(streams) else f"backlog {index - len(streams)}"
        return f"case {row} ({stream}/{case['number']})"

    def _step(self, records: Records, row: int) -> str:
        if not 0 <= row < len(records.steps):
            return f"row {row} of steps (which is none)"
        step = records.steps[row]
        element = self._shown("element", step["element"])
        return f"{element}, entry {step['entry']}, of {self._case(records, int(step['case']))}"


def _differ(x: Table, y: Table) -> Table:
    """Return in which places two columns differ; not a number is equal to itself."""
    if x.dtype.kind == "f":
        return np.asarray((x != y) & ~(np.isnan(x) & np.isnan(y)))
    return np.asarray(x != y)


def _columns(table: Table) -> str:
    """Return names and types of the columns of a table, or the type of its cells."""
    names = table.dtype.names
    if not names:
        return table.dtype.str
    return ", ".join(f"{name}: {table.dtype[name].str}" for name in names)
