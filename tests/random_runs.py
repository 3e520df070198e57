"""Runs of random models, remembered, so that many laws can look at the same run."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from hypothesis import HealthCheck, settings

from sim.chance.arrivals import Cases, make_cases
from sim.chance.draws import Draws
from sim.engine.records import Records
from sim.network.build import build
from sim.network.elements import Kind, Network, Node
from sim.scenario.variant import after, before, reading_names
from tests.engines import current, run, using
from tests.random_models import Raw, load

#: Settings of every law: the same examples each time, and no examples kept between runs.
laws = settings(
    max_examples=25,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


@dataclass(frozen=True)
class Ran:
    """A run of a model: what went in and what came out, pool states included."""

    network: Network
    cases: Cases
    records: Records

    @property
    def made(self) -> int:
        """Cases that were to come up to the last second."""
        return int((self.cases.arrived <= self.records.stopped).sum())

    def node_of(self, row: Any) -> Node:
        """Return the node of a row of the steps table."""
        return self.network.nodes[int(row["element"])]

    def rows(self, *kinds: Kind) -> Any:
        """Return the rows of nodes of some kinds."""
        wanted = [n.index for n in self.network.nodes if n.kind in kinds]
        return self.records.steps[np.isin(self.records.steps["element"], wanted)]


def network_of(model: Raw, *, reformed: bool = True) -> Network:
    """Return the network of a model: with all its levers under its last reading, or as it stands."""
    return _network(json.dumps(model), reformed)


@lru_cache(maxsize=128)  # each engine runs the same models
def _network(text: str, reformed: bool) -> Network:
    return built(json.loads(text), reformed=reformed)


def built(model: Raw, *, reformed: bool = True) -> Network:
    """Return the network of a model, built now."""
    scenario = load(model)
    if reformed and ("reform" in model or "context" in model):
        return build(after(scenario, reading_names(scenario)[-1]))
    return build(before(scenario))


def run_of(network: Network, seed: int = 1, *, pool_states: bool = True) -> Ran:
    """Run a network once, with the engine of this test."""
    draws = Draws(seed)
    cases = make_cases(network, draws)
    return Ran(network, cases, run(network, draws, cases, pool_states=pool_states))


def ran(model: Raw) -> Ran:
    """Return the run of a model, done once for all laws that look at it."""
    return _ran(json.dumps(model), current())


@lru_cache(maxsize=128)
def _ran(text: str, engine: str) -> Ran:
    with using(engine):
        return run_of(network_of(json.loads(text)))
