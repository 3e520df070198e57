"""Short runs of scenarios whose numbers are kept as expectations: what a run must give on every machine.

Before and after the reform at the likeliest inputs, from an empty office, one replication; both engines.
"""

from __future__ import annotations

import math
import platform
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib.metadata import version

import numpy as np

from sim.chance.draws import Draws
from sim.engine.choose import choose
from sim.engine.records import Records
from sim.errors import InputError
from sim.measures.checks import check
from sim.measures.cohort import case_counts
from sim.measures.summary import measures
from sim.network.build import build
from sim.network.elements import Network
from sim.scenario.load import Scenario
from sim.scenario.variant import after, before

WEEK = 7 * 86_400
#: Weeks of the window, and of one that is large (it states a shorter window for its evidence).
WEEKS, WEEKS_OF_LARGE = 26, 1
SEED = 1
#: Packages whose versions may move the last bits of a number.
PACKAGES = ("numpy", "scipy")

#: Name of a number -> its value; None where there was nothing to measure.
Numbers = dict[str, float | None]


@dataclass(frozen=True)
class ReferenceRun:
    """The numbers of one variant from one engine."""

    variant: str
    engine: str
    numbers: Numbers


def reference_runs(scenario: Scenario) -> Iterator[ReferenceRun]:
    """Yield the runs of one scenario: each variant with each engine that this machine has."""
    engines = [name for name in ("simpy", "compiled") if _available(name)]
    for name, make in (("before", before), ("after", after)):
        network = _cut(build(make(scenario)), scenario)
        for engine in engines:
            records = choose(engine).run(network, Draws(SEED))
            check(network, records)
            yield ReferenceRun(name, engine, numbers(network, records))


def numbers(network: Network, records: Records) -> Numbers:
    """Return every measure of a run by name, its counts of cases, and sums over its tables."""
    found: Numbers = {f"cases {name}": float(n) for name, n in case_counts(network, records).items()}
    steps = records.steps
    found |= {
        "starts of work": float(records.activities),
        "rows of steps": float(len(steps)),
        "seconds of work": float(np.sum(steps["served"])),
        "seconds of effort": float(np.sum(steps["effort"])),
        "sum of ends": float(np.sum(records.cases["ended"])),
    }
    for m in measures(network, records):
        found[f"{m.name}, {m.of}, {m.statistic} ({m.unit})"] = m.value if math.isfinite(m.value) else None
    return found


def this_platform() -> dict[str, str]:
    """Return what must agree for numbers to agree to the last bit."""
    return {
        "system": platform.system(),
        "architecture": platform.machine(),
        **{name: version(name) for name in PACKAGES},
    }


def _cut(network: Network, scenario: Scenario) -> Network:
    large = scenario.model.run.evidence_window is not None
    end = min((WEEKS_OF_LARGE if large else WEEKS) * WEEK, network.horizon // 2)
    return replace(network, window=(0, end), horizon=min(network.horizon, 2 * end))


def _available(engine: str) -> bool:
    try:
        return choose(engine).name == engine
    except InputError:
        return False
