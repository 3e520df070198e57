"""Chooses the engine: one place that knows which there are and says why another than asked is used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from sim.chance.arrivals import Cases
from sim.chance.draws import Draws
from sim.engine.records import Records
from sim.errors import InputError
from sim.network.elements import Network

ENGINES = ("auto", "simpy")


class Run(Protocol):
    """What an engine does: the same network and draws give the same records in each."""

    def __call__(
        self, network: Network, draws: Draws, cases: Cases | None = None, *, pool_states: bool = False
    ) -> Records:
        """Run one replication."""
        ...


@dataclass(frozen=True)
class Chosen:
    """An engine, its name, and why it was taken if not asked for by name."""

    name: str
    run: Run
    why: str


def choose(engine: str = "auto") -> Chosen:
    """Return the engine called `engine`; ``auto`` takes the best there is.

    Raises
    ------
    InputError
        If there is no such engine.
    """
    if engine not in ENGINES:
        raise InputError(f'no engine called "{engine}"; there are: {", ".join(ENGINES)}')
    from sim.engine.simpy_engine import run

    return Chosen("simpy", run, "the reference engine" if engine == "auto" else "")
