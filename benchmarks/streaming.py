"""Runs that keep no records, where the engine can: the hook for the largest rows of the tables.

A row appears as soon as the compiled engine takes ``records="none"``.
"""

from __future__ import annotations

import inspect
from typing import Any, cast

from sim.chance.draws import Draws
from sim.engine.choose import Run
from sim.network.elements import Network


def available(run: Run) -> bool:
    """Return whether `run` can leave records out."""
    return "records" in inspect.signature(run).parameters


def run_streaming(run: Run, network: Network, seed: int) -> int:
    """Run without records; return how many activities were begun."""
    return int(cast("Any", run)(network, Draws(seed), records="none").activities)
