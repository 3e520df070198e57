"""How fast the engines are on this machine: starts of work per second of processor time.

Each engine runs the standard network `FIVE` in turn, several times, and its best turn counts: whatever
else the machine does can only make a turn slower. What is run once per machine (compiling) comes before.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from sim.chance.draws import Draws
from sim.engine.choose import Run, choose
from sim.errors import InputError
from sim.network.elements import Network
from sim.runs import bare_loop
from sim.runs.standard import FIVE, Standard, network

#: Cases in a turn: so many that fixed costs do not show, so few that a turn takes about a second.
CASES = {"simpy": 3_000, "compiled": 100_000, "limit": 500_000}
TURNS = 3

#: Told (done, planned, what) after each turn.
Progress = Callable[[int, int, str], None]
#: Does its work once and returns how many activities were begun.
Turn = Callable[[], int]


@dataclass(frozen=True)
class Speeds:
    """What was measured.

    Attributes
    ----------
    network : the network in words.
    activities_per_second : by engine; None where it is not available here.
    missing : why not, by engine.
    """

    network: str
    activities_per_second: dict[str, float | None]
    missing: dict[str, str]

    def to_json(self) -> dict[str, object]:
        """Return the document that ``bench --json`` prints."""
        speeds = {k: None if v is None else round(v) for k, v in self.activities_per_second.items()}
        return {"network": self.network, "activities_per_second": speeds}

    def as_text(self) -> str:
        """Return a line per engine, with its ratio to the reference engine."""
        base = self.activities_per_second["simpy"]
        lines = [f"{self.network}, activities per second of processor time"]
        for name, speed in self.activities_per_second.items():
            if speed is None:
                lines.append(f"  {name:<10}{'-':>14}   {self.missing[name]}")
            else:
                ratio = "" if base is None or name == "simpy" else f"   {speed / base:,.1f} times simpy"
                lines.append(f"  {name:<10}{speed:>14,.0f}{ratio}")
        return "\n".join(lines)


def measure(
    share: float = 1.0,
    turns: int = TURNS,
    *,
    tell: Callable[[str], None] | None = None,
    progress: Progress | None = None,
) -> Speeds:
    """Measure both engines and the bare loop on the standard network.

    Parameters
    ----------
    share : of the usual number of cases (0.1 for a quick look).
    turns : how often each of them runs; the best counts.
    tell : told before something is compiled.
    progress : told after each turn.
    """
    say = tell or (lambda _: None)
    turn: dict[str, Turn] = {}
    missing: dict[str, str] = {}
    for name in ("simpy", "compiled"):
        run, why = engine(name)
        if run is None:
            missing[name] = why
        else:
            turn[name] = partial(run_engine, run, network(FIVE, _cases(name, share)))
            if name == "compiled":
                say("Compiling the engine, if this is its first use here.")
                run_engine(run, network(FIVE, 10))
    if bare_loop.available():
        turn["limit"] = partial(run_limit, FIVE, _cases("limit", share))
        say("Compiling the bare loop, if this is its first use here.")
        run_limit(FIVE, 10)
    else:
        missing["limit"] = "Numba is not installed"
    best = in_turn(turn, turns, progress)
    return Speeds(FIVE.title, {name: best.get(name) for name in CASES}, missing)


def in_turn(work: dict[str, Turn], turns: int, progress: Progress | None = None) -> dict[str, float]:
    """Run every piece of work once in each turn; return its best activities per processor second."""
    speeds: dict[str, list[float]] = {name: [] for name in work}
    for i in range(turns):
        for j, (name, run) in enumerate(work.items()):
            speeds[name].append(speed(run))
            if progress is not None:
                progress(i * len(work) + j + 1, turns * len(work), name)
    return {name: max(seen) for name, seen in speeds.items()}


def speed(work: Turn, clock: Callable[[], float] = time.process_time) -> float:
    """Return the activities per second of `clock` that one call of `work` achieves."""
    began = clock()
    done = work()
    return done / max(clock() - began, 1e-9)


def engine(name: str) -> tuple[Run | None, str]:
    """Return the engine called `name`, or None and why it is not available here."""
    try:
        chosen = choose(name)
    except InputError as error:
        return None, str(error)
    return (chosen.run, "") if chosen.name == name else (None, chosen.why)


def run_engine(run: Run, net: Network, seed: int = 1) -> int:
    """Run one replication and return how many activities were begun."""
    return run(net, Draws(seed)).activities


def run_limit(standard: Standard, cases: int) -> int:
    """Run the bare loop and return how many activities were begun."""
    return bare_loop.run_bare(standard, cases).activities


def _cases(name: str, share: float) -> int:
    return max(10, round(CASES[name] * share))
