"""Growth: how the cost of an activity changes with the number of cases, of pools and of pending events."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator

from benchmarks import streaming
from benchmarks.machine import peak_memory
from benchmarks.table import Table
from sim.runs.speed import engine, in_turn, run_engine
from sim.runs.standard import ONE, Standard, Station, many, network

#: Cases with complete records end here: beyond, the records alone fill the memory.
MOST_WITH_RECORDS = 1_000_000
#: Activities of a run in the table of pools.
ACTIVITIES = {"simpy": 20_000, "compiled": 400_000}
#: Pieces of work in progress, each a pending event, and cases for each of them.
PENDING = {"simpy": (10, 1_000, 10_000), "compiled": (10, 1_000, 10_000, 100_000)}
TURNOVER = 5

#: In a process of its own, so that its memory is its own too.
PROGRAM = "import sys; from benchmarks.growth import one; one(sys.argv[1], int(sys.argv[2]), sys.argv[3])"


def one(name: str, cases: int, kept: str) -> None:
    """Run the one station once and print seconds, activities and the memory it took, as JSON."""
    import time

    run, why = engine(name)
    if run is None:
        raise LookupError(why)
    run_engine(run, network(ONE, 10))
    small = peak_memory()
    net = network(ONE, cases)
    began = time.process_time()
    activities = streaming.run_streaming(net, 1) if kept == "none" else run_engine(run, net)
    seconds = time.process_time() - began
    print(json.dumps([seconds, activities, small, peak_memory()]))


def cases_table(quick: bool = False) -> Table:
    """Cost of an activity and memory by the number of cases."""
    rows: list[tuple[object, ...]] = []
    for name, kept, sizes in _sizes(quick):
        runs = {cases: _elsewhere(name, cases, kept) for cases in sizes}
        costs = {cases: seconds / activities * 1e6 for cases, (seconds, activities, _, _) in runs.items()}
        base = costs[min(100_000, max(sizes))]
        for cases, (seconds, _, before, peak) in runs.items():
            added = round(peak - before)
            row = (cases, seconds, costs[cases], costs[cases] / base, round(peak), added)
            rows.append((f"{name}, records {kept}", *row))
    note = (
        "One station, one run in a process of its own, processor time (compiling apart). `x 100 000` is the "
        "cost as a multiple of that at 100 000 cases. Memory at the peak is that of the whole process; beside"
        " it what the run added."
    )
    header = ("engine", "cases", "seconds", "µs an activity", "x 100 000", "peak MB", "added MB")
    return Table("Growth with the number of cases", note, header, tuple(rows))


def pools_table(quick: bool = False) -> Table:
    """Cost of an activity by the number of pools, the number of activities being the same."""
    speeds: dict[str, dict[int, float]] = {}
    sizes, turns = ((1, 20), 1) if quick else ((1, 10, 50, 200), 3)
    for name, activities in ACTIVITIES.items():
        run, _ = engine(name)
        if run is None:
            continue
        run_engine(run, network(ONE, 10))
        nets = {str(n): network(many(n), activities // (n * (10 if quick else 1))) for n in sizes}
        work = {n: (lambda net=net, run=run: run_engine(run, net)) for n, net in nets.items()}
        speeds[name] = {int(n): v for n, v in in_turn(work, turns).items()}
    rows = [
        (n, *(1e6 / speeds[e][n] if e in speeds else None for e in ACTIVITIES),
         *(speeds[e][sizes[0]] / speeds[e][n] if e in speeds else None for e in ACTIVITIES))
        for n in sizes
    ]  # fmt: skip
    header = ("pools", *(f"{e}, µs an activity" for e in ACTIVITIES), *(f"{e}, x 1 pool" for e in ACTIVITIES))
    note = "Stations in a row, each with a pool of its own; as many activities in each run; best of {turns}."
    return Table("Growth with the number of pools", note.format(turns=turns), header, tuple(rows))


def pending_table(quick: bool = False) -> Table:
    """Cost of an activity by the number of events that are pending at once."""
    rows: list[tuple[object, ...]] = []
    for name, sizes in PENDING.items():
        run, _ = engine(name)
        if run is None:
            continue
        run_engine(run, network(ONE, 10))
        work = {}
        for n in sizes[: 2 if quick else None]:
            cases = max(TURNOVER * n, ACTIVITIES[name] // (10 if quick else 1))
            # The more clerks, the longer they work: so that arrivals are always as frequent.
            net = network(Standard("busy", "many clerks", (Station(60 * n, 0.8, clerks=n),)), cases)
            work[str(n)] = lambda net=net, run=run: run_engine(run, net)
        costs = {n: 1e6 / v for n, v in in_turn(work, 1 if quick else 3).items()}
        first = next(iter(costs.values()))
        rows += [(name, int(n), cost, cost / first) for n, cost in costs.items()]
    note = (
        "One station with so many clerks, of whom four in five are at work at any time, and efforts in "
        "proportion, so that arrivals are always as frequent; best of 3."
    )
    header = ("engine", "clerks", "µs an activity", "times the fewest")
    return Table("Growth with the number of pending events", note, header, tuple(rows))


def _sizes(quick: bool) -> Iterator[tuple[str, str, tuple[int, ...]]]:
    few = 10 if quick else 1
    if engine("simpy")[0] is not None:
        yield "simpy", "steps", (10_000 // few, 100_000 // few)
    run, _ = engine("compiled")
    if run is not None:
        yield "compiled", "steps", (10_000 // few, 100_000 // few, MOST_WITH_RECORDS // few)
        if streaming.available(run):
            yield "compiled", "none", (10_000 // few, 100_000 // few, 1_000_000 // few, 10_000_000 // few)


def _elsewhere(name: str, cases: int, kept: str) -> tuple[float, int, float, float]:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, name, str(cases), kept], capture_output=True, text=True, check=True
    )
    seconds, activities, before, peak = json.loads(done.stdout)
    return float(seconds), int(activities), float(before), float(peak)
