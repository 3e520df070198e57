"""How the processes of a pool are started: on Linux forked from a server that has loaded the engine once.

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
from functools import cache
from multiprocessing.context import BaseContext

#: What the server imports before it forks: this module, which then loads the engine.
_PRELOADED = "sim.runs.loaded"
#: The environment of a process is the server's. Our own settings, which begin so, can change after its start.
_OURS = "REFORM_REPLAY_"
#: Python looks for modules in the current folder first when it runs a line of code, as it does to begin the
#: server: what is called `sim` there is not ours.
_SERVER = {"PYTHONSAFEPATH": "1"}


def begin() -> None:
    """Let the server begin where there can be one, because processes will be wanted; return at once."""
    _server()


def context() -> BaseContext:
    """Return how to start processes: from the server, or each anew where there is none that fits."""
    return multiprocessing.get_context("forkserver" if _server() == _settings() else "spawn")


@cache
def _server() -> dict[str, str] | None:
    """Let the server begin, without waiting for it; return our settings as it has them."""
    if sys.platform != "linux":
        return None
    from multiprocessing import forkserver, resource_tracker

    resource_tracker.ensure_running()  # whose start lets Ctrl-C through, which the server must not hear
    multiprocessing.set_forkserver_preload([_PRELOADED])
    with ctrl_c_held(), _environment(_SERVER):
        forkserver.ensure_running()
    return _settings()


@contextmanager
def ctrl_c_held() -> Iterator[None]:
    """Hold Ctrl-C back; a process that is started meanwhile never hears it, not even while it starts."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
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
