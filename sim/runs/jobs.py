"""Independent jobs on one process or several: the same results, in the same order, either way."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import active_children, get_context, parent_process
from multiprocessing.process import BaseProcess
from typing import TypeVar

from sim.errors import RunError

J = TypeVar("J")
R = TypeVar("R")


def run_jobs(work: Callable[[J], R], jobs: Sequence[J], processes: int = 1) -> Iterator[R]:
    """Yield ``work(job)`` for each of `jobs`, in their order.

    Parameters
    ----------
    work : a function at the top level of a module (it is sent to other processes by name).
    jobs : what it is called with; must survive pickling when ``processes > 1``.
    processes : how many work at once; with 1, or one job, everything stays in this process.

    Raises
    ------
    RunError
        When a worker process dies (as when memory runs out).
    """
    if processes <= 1 or len(jobs) <= 1:
        for job in jobs:
            yield work(job)
        return
    others = {child.pid for child in active_children()}
    # "spawn" behaves the same on Linux, macOS and Windows, and inherits no threads or locks.
    pool = ProcessPoolExecutor(
        min(processes, len(jobs)), mp_context=get_context("spawn"), initializer=_stay_with_parent
    )
    finished = False
    try:
        # A few more than there are workers are under way: nobody idles behind a long job, and results do
        # not pile up unread.
        waiting: list[Future[R]] = [pool.submit(work, job) for job in jobs[: 2 * processes + 2]]
        for i in range(len(jobs)):
            try:
                result = waiting[i].result()
            except BrokenProcessPool as error:
                raise RunError(
                    "a worker process ended unexpectedly (is there enough memory?); try again with --jobs 1"
                ) from error
            if len(waiting) < len(jobs):
                waiting.append(pool.submit(work, jobs[len(waiting)]))
            waiting[i] = Future()  # let go of the result
            finished = i == len(jobs) - 1  # a caller that counts may not ask again after the last
            yield result
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        if not finished:  # interrupted, or an error: nobody waits for what is still running
            for child in active_children():
                if child.pid not in others:
                    child.terminate()


def _stay_with_parent() -> None:
    """In a worker: leave Ctrl-C to the parent, and end when the parent ends, however it does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)
