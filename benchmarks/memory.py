"""Memory of the largest shipped run: 154 000 tickets of the hotline with complete records."""

from __future__ import annotations

import subprocess
import sys

from benchmarks.table import Table
from sim.runs.speed import engine

TITLE = "The largest shipped run"

#: In a process of its own, so that only this run is measured.
PROGRAM = """
import sys, time
from benchmarks.machine import peak_memory
from sim.chance.draws import Draws
from sim.engine.choose import choose
from sim.network.build import build
from sim.scenario.files import find
from sim.scenario.load import load
from sim.scenario.variant import after
network = build(after(load(find("hotline-dongguan"))))
records = choose(sys.argv[1]).run(network, Draws(1))
print(len(records.cases), len(records.steps), time.process_time(), peak_memory())
"""


def table(quick: bool = False) -> Table:
    """Peak memory of the whole process, and its time."""
    header = ("engine", "tickets", "rows", "seconds", "peak MB")
    note = "The hotline after its reform, with complete records; the whole process with its imports."
    if quick or sys.platform == "win32":
        return Table(TITLE, note + " Left out here.", header, ())
    rows = []
    for name in ("simpy", "compiled"):
        if engine(name)[0] is None:
            continue
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM, name], capture_output=True, text=True, check=True
        )
        cases, count, seconds, peak = done.stdout.split()
        rows.append((name, int(cases), int(count), float(seconds), round(float(peak))))
    return Table(TITLE, note, header, tuple(rows))
