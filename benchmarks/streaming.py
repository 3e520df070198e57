"""Runs that keep no records: the hook for the largest rows of the tables."""

from __future__ import annotations

from sim.engine.choose import Run, choose
from sim.network.elements import Network
from sim.runs.replicate import Job, summarise_one


def available(run: Run) -> bool:
    """Return whether `run` hands on its records in parts."""
    return choose("auto").name == "compiled" and run is choose("auto").run


def run_streaming(network: Network, seed: int) -> int:
    """Run without records, with all measures and checks; return how many visits to steps were begun."""
    summary = summarise_one(Job(network, seed, 0, "compiled"))
    waits = (m.value for m in summary.measures if m.name == "wait" and m.statistic == "count")
    return round(sum(waits))
