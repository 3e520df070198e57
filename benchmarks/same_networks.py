"""The same networks in every simulator: activities per second, side by side."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator, Sequence
from typing import cast

from benchmarks.simulators import bare_simpy, ciw_peer, ours, prosimos_peer, salabim_peer
from benchmarks.simulators.common import Done, Simulator
from benchmarks.table import Table
from sim.runs.standard import STANDARDS, Standard

OURS: tuple[Simulator, ...] = (ours.compiled, ours.reference, ours.limit)
PEERS = tuple(cast("Simulator", m) for m in (bare_simpy, ciw_peer, salabim_peer, prosimos_peer))
#: Cases of the slowest simulators in one turn.
CASES = 3_000
TURNS = 5
#: Runs in one turn of the two fastest, which take a tenth of a second: a disturbance lasts longer.
REPEATS = 3

NOTE = (
    "Activities (starts of work) per second of processor time, the best of {turns} turns in which all ran one"
    " after the other, the compiled engine and the bare loop {repeats} times in each. `/ reference` is the "
    "speed over the reference engine's; `compiled /` is the compiled engine's speed over this one. "
    "Activities a case and the mean wait in seconds, over all turns, show that all did the same work; each "
    "turn has its own seed. Ours keep complete records and read calendars. The others are given the arrival "
    "times, and keep what they keep by default (bare SimPy and the bare loop: two sums). In the office Ciw "
    "and Prosimos use their own calendars, SimPy and salabim one written by hand."
)


def table(quick: bool = False, simulators: Sequence[Simulator] = (*OURS, *PEERS)) -> Table:
    """Run every network in every simulator that has it."""
    turns = 1 if quick else TURNS
    cases = CASES // 10 if quick else CASES
    rows = [row for standard in STANDARDS for row in _rows(standard, simulators, cases, turns)]
    header = ("network", "simulator", "activities/s", "/ reference", "compiled /", "a case", "mean wait")
    note = NOTE.format(turns=turns, repeats=REPEATS) + _to_half(rows)
    return Table("The same networks in every simulator", note, header, tuple(rows))


def _to_half(rows: Sequence[tuple[object, ...]]) -> str:
    """Return in words how far the compiled engine is from half the rate of the bare loop."""
    shares = {str(row[0]): row[4] for row in rows if row[1] == ours.limit.name and row[4] is not None}
    told = [
        f"{share:.1%} on {network} (half would be {0.5 / share:.2f} times as fast)"
        for network, share in shares.items()
        if isinstance(share, float)
    ]
    return f" Of the bare loop's rate the compiled engine has {' and '.join(told)}." if told else ""


def _rows(
    standard: Standard, simulators: Sequence[Simulator], cases: int, turns: int
) -> Iterator[tuple[object, ...]]:
    why = {s.name: s.missing(standard).split(";")[0] for s in simulators}
    speeds: dict[str, list[float]] = {s.name: [] for s in simulators}
    done: dict[str, list[tuple[int, Done]]] = {s.name: [] for s in simulators}
    for simulator in (s for s in simulators if not why[s.name] and s in (ours.compiled, ours.limit)):
        simulator.prepare(standard, 10, 0)()  # compiles
    for turn in range(turns):
        for simulator in (s for s in simulators if not why[s.name]):
            some = cases * simulator.scale
            for _ in range(REPEATS if simulator in (ours.compiled, ours.limit) else 1):
                run = simulator.prepare(standard, some, turn + 1)
                began = time.process_time()
                tell = run()
                seconds = time.process_time() - began
                done[simulator.name].append((some, tell()))
                speeds[simulator.name].append(done[simulator.name][-1][1].activities / max(seconds, 1e-9))
    base, compiled = (max(speeds.get(s.name) or [0.0]) for s in (ours.reference, ours.compiled))
    for simulator in simulators:
        if why[simulator.name]:
            yield (standard.title, f"{simulator.name} ({why[simulator.name]})", *[None] * 5)
            continue
        speed = max(speeds[simulator.name])
        seen = done[simulator.name]
        yield (
            standard.title, simulator.name, round(speed), speed / base if base else None,
            compiled / speed if compiled else None, statistics.mean(d.activities / n for n, d in seen),
            round(statistics.mean(d.mean_wait for _, d in seen)),
        )  # fmt: skip
