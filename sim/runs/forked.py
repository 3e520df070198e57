"""How the processes of a pool are started: on Linux forked from a server that has loaded what they need.

A new process takes more than a second to load Python, SciPy, Numba and compiled code, and half a second
to end. The server loads them once, beside what the command does meanwhile, and then does nothing else:
what is forked from it inherits neither threads nor locks, begins in some hundredths of a second, and shares
its memory.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.context import BaseContext
from pathlib import Path
from typing import Any

#: What the server imports before it forks: the compiled engine only where it may be wanted.
_ENGINE, _ALWAYS = "sim.runs.loaded_engine", "sim.runs.loaded"
#: The environment of a process is the server's. Our own settings, which begin so, can change after its start.
_OURS = "REFORM_REPLAY_"

#: Process that began a server, and our settings as the server has them.
_began: list[tuple[int, dict[str, str]]] = []


def begin(engine: str = "auto") -> None:
    """Let the server begin where there can be one, because processes will be wanted; return at once.

    Parameters
    ----------
    engine : that most jobs will use; a server that runs already stays as it is.
    """
    _server(engine)


def context(engine: str = "auto") -> BaseContext:
    """Return how to start processes: from the server, or each anew where there is none that fits."""
    return multiprocessing.get_context("forkserver" if _server(engine) == _settings() else "spawn")


def _server(engine: str) -> dict[str, str] | None:
    """Let our server begin if it does not run, without waiting for it; return our settings as it has them.

    There is none on other systems, where one runs that somebody else began (it may have loaded anything),
    where Python is told to leave the environment alone, and where no socket can be made for it.
    """
    if sys.platform != "linux" or (sys.flags.ignore_environment and not sys.flags.safe_path):
        return None
    from multiprocessing import forkserver

    ours = bool(_began) and _began[0][0] == os.getpid()
    known: Any = getattr(forkserver, "_forkserver", None)
    if not ours and getattr(known, "_forkserver_pid", None) is not None:
        return None
    multiprocessing.set_forkserver_preload([_ALWAYS] if engine == "simpy" else [_ENGINE, _ALWAYS])
    try:
        with ctrl_c_held(), _environment(_for_server()):
            forkserver.ensure_running()
    except OSError:
        return None
    if not ours:
        _began[:] = [(os.getpid(), _settings())]
    return _began[0][1]


def _for_server() -> dict[str, str]:
    """Return variables with which the server finds our modules, and no others that are called like them.

    Python looks into the current folder first when it runs a line of code, as it does to begin the server.
    """
    found = {"PYTHONSAFEPATH": "1"}
    root = Path(__file__).resolve().parents[2]
    if root.name not in ("site-packages", "dist-packages"):  # there Python looks anyhow, and last
        others = os.environ.get("PYTHONPATH")
        found["PYTHONPATH"] = os.pathsep.join((str(root), *([others] if others else [])))
    return found


@contextmanager
def ctrl_c_held() -> Iterator[None]:
    """Hold Ctrl-C back; a process that is started meanwhile never hears it, not even while it starts."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    from multiprocessing import resource_tracker

    resource_tracker.ensure_running()  # it is wanted anyhow, and its start would let Ctrl-C through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _settings() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name.startswith(_OURS)}


@contextmanager
def _environment(settings: dict[str, str]) -> Iterator[None]:
    """Set variables of the environment for a moment."""
    before = {name: os.environ.get(name) for name in settings}
    os.environ.update(settings)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
