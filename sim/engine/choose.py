"""Chooses the engine: one place that knows which there are and says why another than asked is used."""

from __future__ import annotations

import importlib.util
import os
import sys
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

from sim.chance.arrivals import Cases
from sim.chance.draws import Draws
from sim.engine.records import Records
from sim.errors import InputError
from sim.network.elements import Network

ENGINES = ("auto", "simpy", "compiled")


class Run(Protocol):
    """What an engine does: the same network and draws give the same records in each."""

    def __call__(
        self,
        network: Network,
        draws: Draws,
        cases: Cases | None = None,
        *,
        pool_states: bool = False,
        elements: Collection[int] | None = None,
    ) -> Records:
        """Run one replication; record the steps of all elements, or of some."""
        ...


@dataclass(frozen=True)
class Chosen:
    """An engine, its name, and why it was taken if not asked for by name."""

    name: str
    run: Run
    why: str


def choose(engine: str = "auto") -> Chosen:
    """Return the engine called `engine`; ``auto`` takes the compiled one where it can run.

    Raises
    ------
    InputError
        If there is no such engine, or the compiled one is asked for by name and cannot run here.
    """
    if engine not in ENGINES:
        raise InputError(f'no engine called "{engine}"; there are: {", ".join(ENGINES)}')
    why = _missing() if engine != "simpy" else ""
    if engine == "simpy" or (engine == "auto" and why):
        from sim.engine.simpy_engine import run as run_simpy

        return Chosen("simpy", run_simpy, why)
    if why:
        raise InputError(
            f"the compiled engine cannot run: {why}. Use --engine simpy: it gives the same tables."
        )
    from sim.engine.compiled.engine import run

    return Chosen("compiled", run, "")


def stream(engine: str, network: Network, draws: Draws, take: Callable[[Records], None]) -> None:
    """Run one replication and hand its records to `take`, in parts where the engine can.

    The compiled engine gives the cases as they end and keeps none; the reference gives all at once. The
    last part has the areas of the pools.
    """
    chosen = choose(engine)
    if chosen.name == "compiled":
        from sim.engine.compiled.streaming import stream as stream_compiled

        stream_compiled(network, draws, take)
    else:
        take(chosen.run(network, draws))


@cache
def _missing() -> str:
    """Return why the compiled engine cannot run here; empty if it can."""
    if importlib.util.find_spec("numba") is None:
        return "Numba is not installed (there may be none for this version of Python)"
    # Intel's vector logarithm (of some builds of Numba) may differ from the C library's in the last bit.
    os.environ.setdefault("NUMBA_DISABLE_INTEL_SVML", "1")
    try:
        import numba

        settings: Any = numba.config
        if settings.DISABLE_JIT:
            return "NUMBA_DISABLE_JIT is set"
        import sim.engine.compiled.engine  # noqa: F401
    except Exception as error:  # noqa: BLE001 - whatever is wrong with Numba here, the reference engine runs
        return f"it does not load ({type(error).__name__}: {error})"
    return ""


def prepare(engine: str = "auto", tell: Callable[[str], None] | None = None) -> None:
    """Make the engine ready before many runs, or other processes, use it.

    The compiled engine is compiled once per machine and version, which takes about a minute; `tell` is told
    so, and how long it took, or why ``auto`` fell back.
    """
    make_ready(look(engine), lambda: compile_engine(engine), tell)


@dataclass(frozen=True)
class Found:
    """What there is here of the engine asked for.

    Attributes
    ----------
    why : why it is not the one asked for, if so.
    compiled : whether a run can begin at once.
    refused : the folder in which compiled code should be kept and cannot be, if so.
    """

    why: str
    compiled: bool
    refused: str = ""


def look(engine: str) -> Found:
    """Return what there is here of the engine called `engine`, which is loaded; errors as `choose`."""
    chosen = choose(engine)
    if chosen.name != "compiled":
        return Found(chosen.why, True)
    from sim.engine.compiled import cache
    from sim.engine.compiled import engine as compiled

    return Found("", compiled.is_compiled(), cache.refused())


def compile_engine(_engine: str) -> None:
    """Compile the compiled engine, and keep what comes of it on disk."""
    from sim.engine.compiled import engine as compiled

    compiled.compile_now()


def _refused_here() -> str:
    """Return what this process found: another one that it began was told of a folder that can be written."""
    cache = sys.modules.get("sim.engine.compiled.cache")
    return "" if cache is None else str(cache.refused())


def make_ready(
    found: Found, compile_it: Callable[[], object], tell: Callable[[str], None] | None = None
) -> None:
    """Compile the engine if it is not, and tell how long that took, or why another one is used."""
    say = tell or (lambda _message: None)
    if not found.compiled:
        refused = found.refused or _refused_here()
        if refused:
            say(
                "Compiling the engine, in about a minute. It cannot be kept, as the folder "
                f"{refused} cannot be written: let REFORM_REPLAY_CACHE name one that can, and this is "
                "done once."
            )
        else:
            say("Compiling the engine for this machine: once, in about a minute ...")
        began = time.perf_counter()
        compile_it()
        say(f"The engine is compiled, after {time.perf_counter() - began:.0f} s.")
    elif found.why:
        say(f"Using the slower engine: {found.why}.")
