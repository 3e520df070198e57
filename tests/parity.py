"""Two engines on one model: where they differ, and a smaller model on which they still do.

``look(seed)`` makes the random model of a seed, runs it before and after its levers with both engines and
compares every table; ``shrunk(model, fails)`` takes out of a model whatever it can fail without.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sim.chance import laws
from sim.chance.arrivals import make_cases
from sim.chance.draws import Draws
from sim.engine.choose import Chosen, Run
from sim.engine.compare import differences
from sim.engine.records import Records
from sim.errors import InputError, ReplayError
from sim.network.build import build
from sim.network.elements import Duration, Kind, Meetings, Network, Node
from sim.scenario.variant import after, before, reading_names
from tests.census import reached
from tests.random_models import WHOLE, Raw, Scope, load, seeded

#: In every so many models some time never passes, so that a run ends with an error.
ENDLESS = 10
#: Longer than any calendar is.
FOREVER = 10**10
#: What both engines say, each in its own words, when more than a million things happen in one second.
STUCK = "time does not pass"

#: The reference, and the engine that must give the same; the reference alone compares nothing.
Engines = tuple[Chosen, ...]


@dataclass
class Looked:
    """What was seen when two engines ran some models.

    Attributes
    ----------
    models, runs, rows : how many; a run is one network and seed, run by both engines.
    errors : runs that ended with the same error in both.
    refused : models that the language does not allow: a lever leans on another, which may be left out.
    failures : by seed, the first differences.
    reached : runs in which each part of the language, and each thing that can happen, was found.
    """

    models: int = 0
    runs: int = 0
    rows: int = 0
    errors: int = 0
    refused: int = 0
    failures: dict[str, list[str]] = field(default_factory=dict)
    reached: Counter[str] = field(default_factory=Counter)

    def add(self, other: Looked) -> None:
        """Count in what was seen elsewhere."""
        self.models += other.models
        self.runs += other.runs
        self.rows += other.rows
        self.refused += other.refused
        self.errors += other.errors
        self.failures.update(other.failures)
        self.reached.update(other.reached)


# ---- one run ---------------------------------------------------------------------------------------


def outcome(run: Run, network: Network, draws: Draws, *, pool_states: bool = True) -> Records | Exception:
    """Return the records of a run, or what it raised, be it an error meant for users or a defect."""
    try:
        return run(network, draws, make_cases(network, draws), pool_states=pool_states)
    except Exception as error:  # noqa: BLE001 - a defect of one engine is a difference too
        return error


def told(
    one: Records | Exception, other: Records | Exception, network: Network, names: tuple[str, str]
) -> list[str]:
    """Return what differs between two outcomes; a defect of the first engine is told as well."""
    if isinstance(one, Records) and isinstance(other, Records):
        return differences(one, other, network, names=names)
    shown = [_shown(value) for value in (one, other)]
    meant = isinstance(one, ReplayError) and type(one) is type(other)
    if meant and (shown[0] == shown[1] or all(STUCK in text for text in shown)):
        return []
    return [f"{names[0]} gives {shown[0]}; {names[1]} gives {shown[1]}"]


def _shown(value: Records | Exception) -> str:
    return "records" if isinstance(value, Records) else f"{type(value).__name__}: {value}"


def compare(
    network: Network, engines: Engines, luck: tuple[int, int], where: str, *, pool_states: bool = True
) -> Looked:
    """Run one network with each engine; `luck` is (seed, replication), `where` its name among failures."""
    # Each engine has draws of its own, so that nothing that one keeps helps the other.
    results = [
        outcome(engine.run, network, Draws(luck[0], 0, luck[1]), pool_states=pool_states)
        for engine in engines
    ]
    found = Looked(runs=1)
    one, other = results[0], results[-1]
    lines = told(one, other, network, (engines[0].name, engines[-1].name))
    if lines:
        found.failures[where] = lines
    if isinstance(one, Records):
        found.rows = sum(len(getattr(one, t)) for t in ("cases", "steps", "pieces", "meetings", "pools"))
        found.reached.update(reached(network, one))
    elif not lines:
        found.errors = 1
    return found


# ---- one model -------------------------------------------------------------------------------------


def networks(model: Raw, *, sides: Sequence[str] = ("before", "after")) -> Iterator[Network]:
    """Yield the networks of a model: before its levers and, if it has any, after them; always one."""
    scenario = load(model)
    reformed = "reform" in model or "context" in model
    if "before" in sides or not reformed:
        yield build(before(scenario))
    if "after" in sides and reformed:
        yield build(after(scenario, reading_names(scenario)[-1]))


def look(seed: int, engines: Engines, scope: Scope = WHOLE, *, brief: bool = False) -> Looked:
    """Compare the engines on the model of a seed: each variant twice, the second time unwatched.

    `brief`: one variant, once; watched or not, by the seed.
    """
    found = Looked(models=1)
    sides = ("before", "after")[seed % 2 :][:1] if brief else ("before", "after")
    try:
        made = list(networks(seeded(seed, scope), sides=sides))
    except InputError:
        found.refused = 1
        return found
    for network in made:
        where = f"model {seed}, {network.variant}"
        for replication, pool_states in ((0, seed // 2 % 2 == 0),) if brief else ((0, True), (1, False)):
            luck, run = (seed, replication), f"{where}, replication {replication}"
            found.add(compare(network, engines, luck, run, pool_states=pool_states))
        if not seed % ENDLESS:
            found.add(compare(endless(network), engines, (seed, 0), f"{where}, with times that never pass"))
    return found


def fails(model: Raw, seed: int, engines: Engines) -> bool:
    """Whether the engines differ on a model, which may be none at all."""
    try:
        return any(
            compare(network, engines, (seed, replication), "", pool_states=replication == 0).failures
            for network in networks(model)
            for replication in (0, 1)
        )
    except ReplayError:
        return False


def endless(network: Network) -> Network:
    """Return a network of which no working time that someone waits for ever passes: its calendars end."""
    return replace(network, nodes=tuple(_endless(node) for node in network.nodes))


def _endless(node: Node) -> Node:
    if node.kind is Kind.WAIT and node.delay is not None and node.delay.calendar >= 0:
        return replace(node, delay=Duration(laws.constant(FOREVER), node.delay.calendar))
    if node.limit is not None and node.limit.calendar >= 0:
        return replace(node, limit=replace(node.limit, seconds=FOREVER))
    spec = node.meetings
    if isinstance(spec, Meetings) and spec.size and spec.or_after_calendar >= 0:
        return replace(node, meetings=replace(spec, or_after=FOREVER))
    if isinstance(spec, Meetings) and spec.cut_off_calendar >= 0:
        return replace(node, meetings=replace(spec, cut_off=FOREVER))
    return node


# ---- smaller models --------------------------------------------------------------------------------


def shrunk(model: Raw, fails: Callable[[Raw], bool], tries: int = 300) -> Raw:
    """Return a smaller model that still fails, found by taking things out, the largest first.

    Parameters
    ----------
    fails : whether a model fails; False for what is no model.
    tries : greatest number of models that are tried.
    """
    small = model
    while True:
        for path in _paths(small):
            if not tries:
                return small
            tries -= 1
            smaller = _without(small, path)
            if fails(smaller):
                small = smaller
                break
        else:
            return small


Path = tuple[Any, ...]


def _paths(value: Any, path: Path = ()) -> list[Path]:
    """Return where something can be taken out: all that stands in lists and mappings, largest first."""
    found: list[tuple[int, Path]] = []

    def visit(value: Any, path: Path) -> None:
        if isinstance(value, list):
            value = dict(enumerate(value))
        for key, child in value.items() if isinstance(value, dict) else ():
            found.append((len(json.dumps(child)), (*path, key)))
            visit(child, (*path, key))

    visit(value, path)
    return [p for _, p in sorted(found, key=lambda pair: -pair[0])]


def _without(model: Raw, path: Path) -> Raw:
    """Return a copy of a model without what stands at `path`."""
    copy: Raw = json.loads(json.dumps(model))
    container: Any = copy
    for key in path[:-1]:
        container = container[key]
    del container[path[-1]]
    return copy
