"""A pool of processes of this machine that goes on when one of them is killed."""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import nullcontext
from multiprocessing import active_children, parent_process
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from typing import Any, TypeVar

from sim.runs.forked import context, ctrl_c_held

#: Processes of a pool: Python allows no more on Windows. None: as many as are asked for.
MOST = 61 if sys.platform == "win32" else None

J = TypeVar("J")
R = TypeVar("R")


class ProcessPool:
    """Processes that work on jobs; a new pool takes the place of one that has lost a process.

    Parameters
    ----------
    processes : at most, as jobs come; Windows allows no more than 61.
    engine : that most jobs will use.

    Attributes
    ----------
    width : how many jobs should be under way: a few more than there are processes, so that nobody
        idles behind a long one.
    lost : the error of a job whose process, or a neighbour of it, was killed.
    """

    lost = BrokenProcessPool

    def __init__(self, processes: int, engine: str = "auto") -> None:
        self._processes = min(processes, MOST or processes)
        self.width = 2 * self._processes + 2
        self._engine = engine
        self._others = {child.pid for child in active_children()}
        self._pool: ProcessPoolExecutor | None = None
        #: Whether each process is started anew.
        self._anew = True

    def submit(self, work: Callable[[J], R], job: J) -> Future[R]:
        """Start `job` as soon as a process is free."""
        if self._pool is not None:
            try:
                return self._submitted(self._pool, work, job)
            except BrokenProcessPool:
                self._pool.shutdown(wait=False)
        how = context(self._engine)
        self._anew = how.get_start_method() == "spawn"
        self._pool = ProcessPoolExecutor(self._processes, mp_context=how, initializer=_begin)
        return self._submitted(self._pool, work, job)

    def _submitted(self, pool: ProcessPoolExecutor, work: Callable[[J], R], job: J) -> Future[R]:
        # A process may be started here. One that the server forks never hears Ctrl-C, as the server does not.
        with ctrl_c_held() if self._anew else nullcontext():
            return pool.submit(work, job)

    def check(self) -> None:
        """Give up the pool if it has lost a process and not noticed; asked when no job has ended for a while.

        It notices by itself, unless the process was killed while it sent a result: then it waits for the rest
        of that.
        """
        pool = self._pool
        processes: Any = getattr(pool, "_processes", None)
        if pool is not None and processes and wait([p.sentinel for p in [*processes.values()]], 0):
            self._pool = None
            self._end_all(pool)
            pool.shutdown(wait=False)

    def close(self, *, finished: bool) -> None:
        """End the processes, at once if not `finished` (interrupted, or an error)."""
        if self._pool is None:
            return
        if not finished:  # nobody waits for what is still running
            self._end_all(self._pool)
        # Waited for, because Python's own tidying up as it exits may meet a pool that is about to end.
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _end_all(self, pool: ProcessPoolExecutor) -> None:
        """End all processes, whatever they do; the pool is broken then, and gives up what it waits for."""
        # A job may be half written to a pipe that nobody will read; to wait for that is to wait for ever.
        jobs: Any = getattr(pool, "_call_queue", None)
        if jobs is not None:
            jobs.cancel_join_thread()
        for child in active_children():
            if child.pid not in self._others:
                child.terminate()
        # A result may be half read. The other end of its pipe is ours too, and while we have it whoever reads
        # waits for the rest.
        results: Any = getattr(pool, "_result_queue", None)
        if results is not None:
            results._writer.close()


def _begin() -> None:
    """In a worker: before its first job."""
    _stay_with_parent()
    # A model is some ten thousand small objects that stay: to look through them all the time for what can be
    # forgotten takes a tenth of a job.
    gc.set_threshold(50_000, 20, 50)


def _stay_with_parent() -> None:
    """In a worker: leave Ctrl-C to the parent, and end when the parent ends, however it does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)
