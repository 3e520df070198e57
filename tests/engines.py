"""The engine that tests run with: hand, law and theory tests run once with each engine there is.

`tests/conftest.py` sets it for each test; whoever runs a network asks `current` or calls `run`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sim.chance.arrivals import Cases
from sim.chance.draws import Draws
from sim.engine.choose import ENGINES, choose
from sim.engine.records import Records
from sim.errors import ReplayError
from sim.network.elements import Network

REFERENCE = "simpy"
#: The second engine, which must give the same.
OTHER = "compiled"

_stack = [REFERENCE]


def missing(name: str) -> str:
    """Return why there is no engine called `name` here; empty if there is."""
    if name not in ENGINES:
        return f"there is no engine called {name}"
    try:
        chosen = choose(name)
    except ReplayError as error:
        return str(error)
    return "" if chosen.name == name else chosen.why or f"{chosen.name} is used in place of {name}"


def available() -> tuple[str, ...]:
    """Return the names of the engines that can run here."""
    return tuple(name for name in ENGINES if name != "auto" and not missing(name))


def current() -> str:
    """Return the name of the engine of the test that runs now."""
    return _stack[-1]


@contextmanager
def using(name: str) -> Iterator[str]:
    """Let everything that is run within use the engine called `name`."""
    _stack.append(name)
    try:
        yield name
    finally:
        _stack.pop()


def run(network: Network, draws: Draws, cases: Cases | None = None, *, pool_states: bool = False) -> Records:
    """Run a network with the engine of this test."""
    return choose(current()).run(network, draws, cases, pool_states=pool_states)
