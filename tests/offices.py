"""Small offices written in the scenario language, run through the whole chain, and compared with tables.

``play(text)`` loads an office, builds a variant, runs it and checks the laws of every run. A hand test
states what must come out in tables in its docstring, worked out on paper; ``hand(office, test.__doc__)``
reads them and compares cell by cell. The first column of a table says what its rows are:

    case | element | ...    rows of the steps table (steps, waits, batches, holds), by case and time
    case | ...              cases: their times, end, split of lead time, clocks, counters
    mark | case | at        passings of marks
    limit | case | ...      blocks with a limit
    branch | case | ...     branches of parallel blocks
    meeting | number | ...  meetings held
    pool | ...              unit-seconds and case-seconds of the pools in the window

Cases are numbered from 1 in order of arrival. Times read ``Mon 06 09:00`` (weekday, day of the month,
clock, with seconds where they are not 0), lengths ``2:15`` (hours and minutes; 0 is ``0``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from textwrap import dedent
from typing import Any

import numpy as np

from sim.chance.draws import Draws
from sim.engine.choose import choose
from sim.engine.records import Records, Work
from sim.measures.checks import check
from sim.measures.clocks import Clock, clock_values
from sim.measures.split import PLAIN, split
from sim.network.build import build
from sim.network.elements import EndStatus, Kind, Network
from sim.scenario.load import loads
from sim.scenario.variant import variant
from sim.worktime.calendar import to_datetime
from tests.engines import current

#: Monday 6 February 2023: a week without holidays follows, and three more.
START = "start: 2023-02-06, warm-up: 0 days, window: 3 weeks, follow-for: 3 weeks"
#: Nine to twelve and two to six from Monday to Friday; and the same without the break.
OFFICE = 'office: {open: {mon-fri: ["09:00-12:00", "14:00-18:00"]}}'
THROUGH = 'through: {open: {mon-fri: ["09:00-18:00"]}}'

Row = dict[str, str]


@dataclass(frozen=True)
class Office:
    """One run of one office."""

    network: Network
    records: Records

    def time(self, seconds: int) -> str:
        """Return an instant as the tables show it; ``-`` where there is none."""
        if seconds == -1:
            return "-"
        local = to_datetime(int(seconds), self.network.zone, date.fromisoformat(self.network.origin))
        return f"{local:%a %d %H:%M:%S}" if local.second else f"{local:%a %d %H:%M}"

    def rows(self, kind: str, detailed: bool) -> Iterator[Row]:
        """Yield the actual rows of one kind of table."""
        if kind == "case":
            return self._elements() if detailed else self._cases()
        return {
            "mark": self._marks, "limit": self._limits, "branch": self._branches, "meeting": self._meetings,
            "pool": self._pools,
        }[kind]()  # fmt: skip

    def _elements(self) -> Iterator[Row]:
        records = self.records
        pieces: dict[int, list[str]] = {}
        for row, start, stop in records.pieces.tolist():
            pieces.setdefault(row, []).append(f"{self.time(start)[7:]}-{self.time(stop)[7:]}")
        for i, row in enumerate(records.steps):
            node = self.network.nodes[row["element"]]
            if node.kind not in (Kind.STEP, Kind.WAIT, Kind.BATCH, Kind.BLOCK):
                continue
            taken = node.needs[row["option"]].pools if node.kind == Kind.STEP and row["option"] >= 0 else ()
            yield self._steps_row(row) | {
                "element": node.name,
                "work": " ".join(pieces.get(i, ["-"])),
                "by": " ".join(self.network.pools[p].name for p in taken) or "-",
                "lead": str(int(row["lead"]) + 1),
                "meeting": str(row["meeting"]),
                "effort": length(row["effort"]),
                "served": length(row["served"]),
            }

    def _steps_row(self, row: Any) -> Row:
        return {
            "case": str(int(row["case"]) + 1),
            "entry": str(row["entry"]),
            "joined": self.time(row["joined"]),
            "started": self.time(row["started"]),
            "ended": self.time(row["ended"]),
            "status": Work(row["status"]).name.lower(),
            "due": self.time(row["due"]),
            "missed": "yes" if row["missed"] else "no",
            "rework": "yes" if row["rework"] else "no",
        }

    def _of_kind(self, kind: Kind) -> Iterator[tuple[Any, Any]]:
        for row in self.records.steps:
            node = self.network.nodes[row["element"]]
            if node.kind == kind:
                yield row, node

    def _marks(self) -> Iterator[Row]:
        for row, node in self._of_kind(Kind.MARK):
            yield {"mark": node.name, "case": str(int(row["case"]) + 1), "at": self.time(row["ended"])}

    def _limits(self) -> Iterator[Row]:
        for row, node in self._of_kind(Kind.BLOCK_END):
            yield self._steps_row(row) | {"limit": self.network.nodes[node.block].name}

    def _branches(self) -> Iterator[Row]:
        for row, node in self._of_kind(Kind.JOIN):
            yield self._steps_row(row) | {"branch": node.name.rpartition("/")[2]}

    def _meetings(self) -> Iterator[Row]:
        for row in self.records.meetings:
            yield {
                "meeting": self.network.nodes[row["element"]].name,
                "number": str(row["number"]),
                "planned": self.time(row["planned"]),
                "started": self.time(row["started"]),
                "ended": self.time(row["ended"]),
                "taken": str(row["taken"]),
            }

    def _pools(self) -> Iterator[Row]:
        records = self.records
        for pool in self.network.pools:
            areas = {"busy": records.busy_area, "excess": records.excess_area, "held": records.held_area,
                     "queue": records.queue_area}  # fmt: skip
            yield {"pool": pool.name} | {name: length(area[pool.index]) for name, area in areas.items()}

    def _cases(self) -> Iterator[Row]:
        network, cases = self.network, self.records.cases
        ended = np.flatnonzero(cases["ended"] >= 0)
        parts = {int(p["case"]): p for p in split(network, self.records)}
        start, stop = cases["arrived"][ended], cases["ended"][ended]
        clocks: dict[str, dict[int, int]] = {}
        for clock in Clock:
            rows = np.arange(len(ended))
            if clock in (Clock.WORKING_TIME, Clock.WORKING_DATES, Clock.LEGAL):
                if network.default_calendar < 0:
                    continue
                rows = rows[start >= 0]
            found = clock_values(network, self.records, clock, -1, ended[rows], start[rows], stop[rows])
            clocks[clock] = dict(zip(ended[rows].tolist(), found.tolist(), strict=True))
        for i, case in enumerate(cases):
            row = {
                "case": str(i + 1),
                "number": str(case["number"]),
                "arrived": self.time(case["arrived"]),
                "ended": self.time(case["ended"]),
                "end": network.nodes[case["end"]].name if case["end"] >= 0 else "-",
                "status": EndStatus(case["status"]).name.lower().replace("_", "-"),
                "class": network.classes[case["class"]].name,
                "final": network.classes[case["final_class"]].name,
                "initial": "yes" if case["initial"] else "no",
            }
            for name in (*PLAIN, "rework", *(f"rework_{kind}" for kind in PLAIN)):
                row[name.replace("_", "-")] = length(parts[i][name]) if i in parts else "-"
            for clock in Clock:
                value = clocks.get(clock, {}).get(i)
                word = "-" if value is None else str(value) if clock == "working-dates" else length(value)
                row["work" if clock == "touch" else clock] = word
            for name, amount in zip(network.counters, self.records.counts[i], strict=True):
                row[name] = f"{amount:g}"
            yield row


def length(seconds: int) -> str:
    """Return a length of time as the tables show it."""
    whole = int(seconds)
    if whole == 0:
        return "0"
    hours, rest = divmod(whole, 3600)
    minutes, odd = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{odd:02}" if odd else f"{hours}:{minutes:02}"


def play(
    *texts: str,
    run_for: str = START,
    calendars: str = OFFICE,
    levers: Collection[str] = (),
    seed: int = 1,
    folder: Path | None = None,
    pool_states: bool = False,
    engine: str = "",
) -> Office:
    """Run an office and check the laws that every run must keep.

    Parameters
    ----------
    texts : cases, pools and process, in the scenario language; more where a test needs it.
    run_for : inside of the braces of ``run:``. calendars : lines below ``calendars:``.
    folder : where the file of recorded arrivals is.
    engine : its name; empty for the engine of this test.
    """
    head = "scenario: office\ntitle: {en: Office, zh: 办事处}\n" + f"run: {{{run_for}}}\n"
    if calendars:
        head += "calendars:\n" + "".join(f"  {line}\n" for line in dedent(calendars).strip().splitlines())
    path = None if folder is None else folder / "office.yaml"
    scenario = loads(head + "\n".join(map(dedent, texts)), folder=folder, path=path)
    network = build(variant(scenario, levers=levers))
    records = choose(engine or current()).run(network, Draws(seed), pool_states=pool_states)
    check(network, records)
    return Office(network, records)


def hand(office: Office, doc: str | None) -> None:
    """Compare an office with every table of a docstring.

    Raises
    ------
    AssertionError
        With both tables, expected and found.
    """
    tables = list(_tables(doc or ""))
    assert tables, "the docstring holds no table"
    for header, expected in tables:
        detailed = "element" in header
        found = [[row[name] for name in header] for row in office.rows(header[0], detailed)]
        assert _text(header, found) == _text(header, expected)


def _tables(doc: str) -> Iterator[tuple[list[str], list[list[str]]]]:
    lines = [*doc.splitlines(), ""]
    block: list[list[str]] = []
    for line in lines:
        if " | " in line:
            block.append([cell.strip() for cell in line.split("|")])
        elif block:
            assert all(len(cells) == len(block[0]) for cells in block), f"uneven rows under {block[0]}"
            yield block[0], block[1:]
            block = []


def _text(header: list[str], rows: list[list[str]]) -> str:
    return "\n" + "\n".join(" | ".join(cells) for cells in [header, *rows])
