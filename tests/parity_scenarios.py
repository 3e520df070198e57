"""Two engines on the shipped scenarios: every reading, before, after and with each lever alone, by seed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from sim.network.build import build
from sim.network.elements import Network
from sim.scenario.load import Scenario, load
from sim.scenario.variant import after, before, lever_names, reading_names, variant
from tests.parity import Engines, Looked, compare

FOLDER = Path(__file__).parents[1] / "scenarios"
NAMES = sorted(p.stem for p in FOLDER.glob("*.yaml"))
WEEK = 7 * 86400


@dataclass(frozen=True)
class Shipped:
    """One variant of a shipped scenario, and a seed.

    Attributes
    ----------
    which : "before", "after", or the name of the one lever that is in.
    weeks : window of a scenario that states an evidence window; 0: as it states.
    """

    scenario: str
    reading: str
    which: str
    seed: int
    weeks: int

    def __str__(self) -> str:
        return f"{self.scenario}, {self.reading}, {self.which}, seed {self.seed}"


@lru_cache(maxsize=4)
def scenario(name: str) -> Scenario:
    """Return a shipped scenario, loaded once."""
    return load(FOLDER / f"{name}.yaml")


@lru_cache(maxsize=2)  # seeds of a variant follow each other
def network(name: str, reading: str, which: str, weeks: int) -> Network:
    """Return the network of a variant; one that states an evidence window is large, and is cut short."""
    loaded = scenario(name)
    if which in ("before", "after"):
        made = {"before": before, "after": after}[which](loaded, reading)
    else:
        made = variant(loaded, levers=(which,), context=True, reading=reading)
    found = build(made)
    if weeks and made.model.run.evidence_window is not None:
        window = (0, weeks * WEEK)
        return replace(found, window=window, horizon=min(found.horizon, 2 * weeks * WEEK))
    return found


def shipped(seeds: Iterable[int], weeks: int) -> Iterator[Shipped]:
    """Yield every variant with its seeds: each reading, and single levers in the first."""
    seeds = list(seeds)
    for name in NAMES:
        for reading in reading_names(scenario(name)):
            for which in ("before", "after"):
                yield from (Shipped(name, reading, which, seed, weeks) for seed in seeds)
        headline = reading_names(scenario(name))[0]
        for lever in lever_names(scenario(name), headline):
            yield from (Shipped(name, headline, lever, seed, weeks) for seed in seeds)


def look_at(what: Shipped, engines: Engines) -> Looked:
    """Compare the engines on one variant and seed, pool states recorded."""
    made = network(what.scenario, what.reading, what.which, what.weeks)
    found = compare(made, engines, (what.seed, 0), str(what))
    found.models = 1
    return found
