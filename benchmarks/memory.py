"""Memory of the largest shipped run: 154 000 tickets of the hotline with complete records."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

#: In a process of its own, so that only this run is measured.
PROGRAM = """
import resource, sys
from sim.chance.draws import Draws
from sim.engine.simpy_engine import run
from sim.network.build import build
from sim.scenario.files import find
from sim.scenario.load import load
from sim.scenario.variant import after
network = build(after(load(find("hotline-dongguan"))))
records = run(network, Draws(1))
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024**2 if sys.platform == "darwin" else 1024)
print(len(records.cases), len(records.steps), peak)
"""


def report(quick: bool = False) -> Iterator[str]:
    """Yield one line: peak memory of the whole process."""
    if quick or sys.platform == "win32":
        yield "memory of the hotline: left out"
        return
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    cases, rows, peak = done.stdout.split()
    size = f"{int(cases):,} tickets, {int(rows):,} rows"
    yield f"hotline, {size}: {float(peak):,.0f} MB at the peak (bound: 1 024)"
