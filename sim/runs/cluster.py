"""A Dask cluster as workers: connecting within seconds, the same program everywhere, killed workers replaced.

Dask comes with the extra ``cluster``; nothing here is imported unless a cluster is asked for.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from importlib.util import find_spec
from multiprocessing import active_children
from typing import Any, TypeVar

from sim.errors import InputError, RunError
from sim.runs.content import program
from sim.runs.where import LOCAL, Where

J = TypeVar("J")
R = TypeVar("R")

#: Seconds for the scheduler to answer, and for the first worker to be there.
CONNECT = 10.0
#: Seconds without any worker in the middle of a run before it is given up.
ALONE = 60.0

#: Run by each worker of this machine's own cluster when it starts: Ctrl-C is for the parent.
_LEAVE_CTRL_C = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)"


class Cluster:
    """Workers of a Dask cluster, behind its ``concurrent.futures`` interface.

    Attributes
    ----------
    width : how many jobs should be under way: a few more than there are threads.
    lost : the error of a job whose worker was killed more often than the scheduler allows.

    Raises
    ------
    InputError : if Dask is not installed, the address does not answer, no worker is there, or the
        workers have another version of this program.
    """

    def __init__(self, address: str) -> None:
        _need_dask()
        from distributed import Client, KilledWorker

        self.lost: type[Exception] = KilledWorker
        try:
            with _hushed():
                _greet(address)
                self._client = Client(address, timeout=CONNECT, set_as_default=False)
        except (OSError, ValueError, RuntimeError, ImportError) as error:
            raise InputError(
                f"--cluster {address}: no Dask scheduler answers there within {CONNECT:.0f} s. "
                "Start one with `dask scheduler`, and use the address that it prints."
            ) from error
        try:
            self.width = 2 * self._threads() + 2
            self._executor = self._client.get_executor(pure=False)
        except BaseException:
            self._end()
            raise
        self._seen = time.monotonic()

    def submit(self, work: Callable[[J], R], job: J) -> Future[R]:
        """Start `job` as soon as a worker is free."""
        future: Future[R] = self._executor.submit(work, job)
        return future

    def check(self) -> None:
        """Raise RunError if no worker has been there for a while."""
        try:
            some = bool(self._client.nthreads())
        except Exception as error:  # whatever a lost connection raises
            raise RunError("the connection to the cluster's scheduler was lost") from error
        now = time.monotonic()
        if some:
            self._seen = now
        elif now - self._seen > ALONE:
            raise RunError(f"the cluster has had no worker for {ALONE:.0f} s; start one with `dask worker`")

    def close(self, *, finished: bool) -> None:
        """Cancel what is still under way and leave the cluster as it was."""
        with suppress(Exception):
            self._executor.shutdown(wait=finished)
        self._end()

    def _end(self) -> None:
        with suppress(Exception), _hushed():
            self._client.close(timeout=2)

    def _threads(self) -> int:
        """Return how many jobs the cluster can do at once, its workers having the program of this process."""
        try:
            self._client.wait_for_workers(1, timeout=CONNECT)
        except TimeoutError as error:
            raise InputError(
                f"the cluster at {self._client.scheduler.address} has no worker. "
                f"Start one with `dask worker {self._client.scheduler.address} --nthreads 1`."
            ) from error
        found: Mapping[str, dict[str, str] | str] = self._client.run(_asking())
        mine = program()
        for worker, theirs in sorted(found.items()):
            if isinstance(theirs, str):
                raise InputError(f"the worker at {worker} has no reform-replay that it can use ({theirs}).")
            names = [name for name in mine if theirs.get(name) != mine[name]]
            if names:
                told = ", ".join(f"{n} {theirs.get(n, 'none')[:12]}, here {mine[n][:12]}" for n in names)
                raise InputError(
                    f"the worker at {worker} has another version than this process ({told}); results could "
                    "differ. Install the same there, and start the worker again."
                )
        return max(sum(int(n) for n in self._client.nthreads().values()), 1)


@contextmanager
def opened(where: Where) -> Iterator[Where]:
    """Start the cluster that ``--cluster local`` asks for, or check the one at an address.

    Gives the place where jobs run, by address. A cluster started here ends with the block.

    Raises
    ------
    InputError : as `Cluster`.
    """
    if where.cluster != LOCAL:
        if where.cluster is not None:
            Cluster(where.cluster).close(finished=True)
        yield where
        return
    _need_dask()
    import dask
    from distributed import LocalCluster

    settings = {
        # How often a job is run again is counted where it is submitted, for pool and cluster alike.
        "distributed.scheduler.allowed-failures": 0,
        "distributed.admin.large-graph-warning-threshold": "1GB",
        "distributed.comm.timeouts.connect": f"{CONNECT:.0f}s",
        # Dask's own settings but MALLOC_TRIM_THRESHOLD_: with it the C library gives memory back at every
        # chance, and each run has three times as many pages to ask for anew.
        "distributed.nanny.pre-spawn-environ": {
            f"{name}_NUM_THREADS": 1 for name in ("OMP", "MKL", "OPENBLAS")
        },
    }
    others = {child.pid for child in active_children()}
    with dask.config.set(settings), _hushed():
        try:
            cluster = LocalCluster(
                n_workers=where.processes,
                threads_per_worker=1,
                memory_limit=0,  # as for a pool: the system's own
                dashboard_address=None,
                # Else its pages take Dask's usual port, which another cluster on this machine may have.
                scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},
                host="127.0.0.1",
                silence_logs=logging.CRITICAL,
                preload=_LEAVE_CTRL_C,
            )
        except (OSError, RuntimeError) as error:
            raise RunError(f"--cluster {LOCAL}: no cluster could be started here ({error}).") from error
        try:
            yield replace(where, cluster=cluster.scheduler_address)
        except BaseException:
            for child in active_children():  # interrupted, or an error: nobody waits for what still runs
                if child.pid not in others:
                    child.kill()
            raise
        finally:
            with suppress(TimeoutError):
                cluster.close(timeout=5)


def _asking() -> Callable[[], dict[str, str] | str]:
    """Return a function that travels whole, so that a worker without this package can answer too."""

    def ask() -> dict[str, str] | str:
        try:
            from sim.runs.content import program as there
        except Exception as error:  # noqa: BLE001 - whatever hinders the import is the answer
            return f"{type(error).__name__}: {error}"
        return there()

    return ask


def _greet(address: str) -> None:
    """Exchange greetings with a scheduler; OSError (TimeoutError is one) if it does not greet in time.

    A client by itself waits for ever when something else than a scheduler listens and says nothing.
    """
    from distributed import Security
    from distributed.comm import connect

    async def greet() -> None:
        comm = await asyncio.wait_for(
            connect(address, timeout=CONNECT, **Security().get_connection_args("client")), CONNECT
        )
        comm.abort()

    with ThreadPoolExecutor(1) as aside:  # where no event loop runs yet, as one does in a notebook
        aside.submit(asyncio.run, greet()).result()


def _need_dask() -> None:
    if find_spec("distributed") is None:
        raise InputError(
            "--cluster needs Dask, which is not installed. Install the extra `cluster`: "
            'pip install "reform-replay[cluster]".'
        )


@contextmanager
def _hushed() -> Iterator[None]:
    """Keep Dask's own log messages off standard error: what matters is told as an error of the run."""
    logger: Any = logging.getLogger("distributed")
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(before)
