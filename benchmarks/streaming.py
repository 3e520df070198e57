"""The memory curve of runs that keep no records, where the engine hands its cases on as they end.

The shipped hotline is grown: so many times the tickets, and as many times the staff, so that it is as busy.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from typing import NamedTuple

from benchmarks.machine import peak_memory
from benchmarks.table import Table
from sim.engine.choose import Run, choose
from sim.measures.combine import summarise
from sim.network.build import build
from sim.network.elements import Network
from sim.report.single import Choice, chosen
from sim.runs.replicate import Job, run_one, summarise_one
from sim.runs.speed import engine
from sim.runs.standard import ONE, network
from sim.scenario.files import find
from sim.scenario.load import load

TITLE = "Memory without records"
#: Tickets of the scenario as it is shipped, before its reform, in the window.
SHIPPED = 61_600
#: Tickets in the window, by which records are kept.
SIZES = {"none": (100_000, 1_000_000, 10_000_000), "steps": (100_000, 1_000_000)}
#: Runs of so many tickets, half of them before and half after the others: they take half a second, and the
#: largest takes a minute, in which the machine is sometimes busy and sometimes not.
RUNS = {100_000: 10, 1_000_000: 2}

#: In a process of its own, so that its memory is its own too.
PROGRAM = "import sys; from benchmarks.streaming import one; one(int(sys.argv[1]), sys.argv[2])"


def available(run: Run) -> bool:
    """Return whether `run` hands on its records in parts."""
    return choose("auto").name == "compiled" and run is choose("auto").run


def run_streaming(network: Network, seed: int) -> int:
    """Run without records, with all measures and checks; return how many visits to steps were begun."""
    summary = summarise_one(Job(network, seed, 0, "compiled"))
    waits = (m.value for m in summary.measures if m.name == "wait" and m.statistic == "count")
    return round(sum(waits))


def grown(tickets: int) -> Network:
    """Return the hotline before its reform with so many tickets in the window, as busy as it is shipped."""
    times = tickets / SHIPPED
    sets = {
        "numbers.tickets-2023": str(round(2.5 * tickets)),  # of the year after: before are 1 in 2.5
        "numbers.desks": str(round(60 * times)),
        "numbers.seats-general": str(round(30 * times)),
        "pools.back-office.size": str(round(20 * times)),
        "numbers.held": "3 working days",  # the dial, which is near this
    }
    return build(chosen(load(find("hotline-dongguan")), Choice(sets=sets)), {})


def one(tickets: int, kept: str) -> None:
    """Run once; print seconds, tickets, those in progress (mean), memory before and at its peak, as JSON."""
    summarise_one(Job(network(ONE, 10), 1, 0, "compiled"))
    net = grown(tickets)
    job = Job(net, 1, 0, "compiled")
    small = peak_memory()
    began = time.process_time()
    summary = summarise_one(job) if kept == "none" else summarise(net, run_one(job))
    seconds, peak = time.process_time() - began, peak_memory()
    arrived = summary.counts["arrived"]
    (open_,) = (m.value for m in summary.measures if m.name == "in-progress")
    print(json.dumps([seconds, arrived, open_, small, peak]))


def table(quick: bool = False) -> Table:
    """Time and memory by the number of tickets, without records and with them."""
    header = (
        "records", "tickets", "runs", "in progress", "seconds", "µs a ticket", "x smallest", "peak MB",
        "added MB",
    )  # fmt: skip
    rows: list[tuple[object, ...]] = []
    run, _ = engine("compiled")
    if run is not None and available(run):
        for kept, sizes in SIZES.items():
            half = [t for t in sizes for _ in range(RUNS.get(t, 1) // 2)]
            order = sizes if quick else (*half, *(t for t in sizes if t not in RUNS), *half)
            seen: dict[int, list[_Seen]] = {tickets: [] for tickets in sizes}
            for tickets in order:
                seen[tickets].append(_elsewhere(tickets // (50 if quick else 1), kept))
            smallest = 0.0
            for some in seen.values():
                seconds = statistics.mean(one.seconds for one in some)
                arrived, open_, before, peak = some[0][1:]
                cost = seconds / arrived * 1e6
                smallest = smallest or cost
                row = (int(arrived), len(some), round(open_), seconds, cost, cost / smallest)
                rows.append((kept, *row, round(peak), round(peak - before)))
    note = (
        "The hotline before its reform, grown with its staff; each run in a process of its own, with all "
        "measures and checks, processor time (compiling apart): the mean of so many runs, half of them "
        "before the longest and half after it. `none`: each ticket is measured as it ends, and what stays in "
        "memory are the tickets in progress. `steps`: complete records, measured afterwards. Memory at the "
        "peak is that of the whole process; beside it what the run added. A command that keeps what it finds "
        "loads PyArrow for that after its first run: 26 MB more."
    )
    if not rows:
        note += " There is no compiled engine here."
    return Table(TITLE, note, header, tuple(rows))


class _Seen(NamedTuple):
    """What `one` prints."""

    seconds: float
    arrived: float
    open_: float
    before: float
    peak: float


def _elsewhere(tickets: int, kept: str) -> _Seen:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tickets), kept], capture_output=True, text=True, check=True
    )
    return _Seen(*map(float, json.loads(done.stdout)))
