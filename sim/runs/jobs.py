"""Independent jobs on one process, several or a cluster: the same results, in the same order, either way.

A job whose process is killed is run again elsewhere; one that was finished in an earlier, stopped run is
taken from where it was kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from pathlib import Path
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from sim.errors import RunError
from sim.runs.where import HERE, Where

if TYPE_CHECKING:
    from sim.runs.kept import Kept

J = TypeVar("J")
R = TypeVar("R")

#: How often a job whose process was killed is run again.
AGAIN = 3
#: Seconds after which a wait looks whether anybody still works (and a Ctrl-C is noticed on Windows).
PATIENCE = 1.0


class Workers(Protocol):
    """What works on jobs: a pool of processes, a cluster.

    Attributes
    ----------
    width : how many jobs should be under way at once.
    """

    width: int

    @property
    def lost(self) -> type[Exception]:
        """The error of a job that went down with its process."""
        ...

    def submit(self, work: Callable[[J], R], job: J) -> Future[R]:
        """Start a job as soon as a worker is free."""
        ...

    def check(self) -> None:
        """Raise RunError if nobody is left to work."""
        ...

    def close(self, *, finished: bool) -> None:
        """Let go of the workers, at once if not `finished`."""
        ...


def run_jobs(
    work: Callable[[J], R],
    jobs: Sequence[J],
    where: Where = HERE,
    tell: Callable[[str], None] | None = None,
) -> Iterator[R]:
    """Yield ``work(job)`` for each of `jobs`, in their order.

    Parameters
    ----------
    work : a function at the top level of a module (it is sent to other processes by name).
    jobs : what it is called with; must survive pickling unless all stays in this process.
    where : how many processes or which cluster, and where finished jobs are kept. With one process,
        or one job and no cluster, everything stays in this process.
    tell : told in words how many jobs were done before, and when no more are kept.

    Raises
    ------
    RunError
        When a job's process is killed time and again (as when memory runs out), or no cluster answers.
    """
    batch = _Batch(work, jobs, where.keep, tell or (lambda _message: None))
    alone = where.cluster is None and (where.processes <= 1 or len(jobs) <= 1)
    if alone or batch.complete:
        for i, job in enumerate(jobs):
            yield (batch.earlier(i) or (batch.keep(i, work(job)),))[0]
        return
    yield from _spread(batch, _workers(where, len(jobs)))


def _workers(where: Where, count: int) -> Workers:
    if where.cluster is not None:
        from sim.runs.cluster import Cluster

        return Cluster(where.cluster)
    from sim.runs.pool import ProcessPool

    return ProcessPool(min(where.processes, count))


class _Batch(Generic[J, R]):
    """Jobs of one function, and which of them were done before."""

    def __init__(
        self,
        work: Callable[[J], R],
        jobs: Sequence[J],
        keep: Path | None,
        tell: Callable[[str], None],
    ) -> None:
        self.work = work
        self.jobs = jobs
        self._tell = tell
        self._kept: Kept | None = None
        if keep is not None:
            from sim.runs.kept import Kept  # not before: workers have no use for what it imports

            self._kept = Kept(keep, work)
        self._paths = [] if self._kept is None else [self._kept.path(job) for job in jobs]
        self._room = True
        self._there = {i for i, path in enumerate(self._paths) if path.is_file()}
        if self._there:
            tell(f"{len(self._there)} of {len(jobs)} jobs were done before; going on from there")

    @property
    def complete(self) -> bool:
        """Whether all were done before."""
        return len(self._there) == len(self.jobs)

    def done(self, i: int) -> bool:
        """Whether job `i` was done before."""
        return i in self._there

    def earlier(self, i: int) -> tuple[R] | None:
        """Return the result of job `i` if it was done before and is undamaged."""
        if self._kept is None or i not in self._there:
            return None
        self._there.discard(i)
        return self._kept.load(self._paths[i])

    def keep(self, i: int, result: R) -> R:
        """Keep the result of job `i`, where that is asked for and possible, and return it."""
        if self._kept is None or not self._room:
            return result
        if why_not := self._kept.save(self._paths[i], result):
            self._tell(f"if this is stopped, jobs finished from now on are lost: {why_not}")
            self._room = False
        return result


def _spread(batch: _Batch[J, R], workers: Workers) -> Iterator[R]:
    """Yield the results in order while the workers are kept busy.

    As many jobs are under way or wait to be read as the workers' width, so that results do not pile up.
    """
    running: dict[Future[R], int] = {}
    ready: dict[int, R | Exception] = {}  # an error waits for its turn too: the same one is told every time
    lost: Counter[int] = Counter()
    upcoming = iter(range(len(batch.jobs)))

    def start(i: int) -> None:
        running[workers.submit(batch.work, batch.jobs[i])] = i

    def fill() -> None:
        while len(running) + len(ready) < workers.width:
            i = next((i for i in upcoming if not batch.done(i)), None)
            if i is None:
                return
            start(i)

    def collect() -> None:
        finished, _ = wait(running, PATIENCE, FIRST_COMPLETED)
        if not finished:
            workers.check()
        for future in finished:
            i = running.pop(future)
            try:
                ready[i] = batch.keep(i, future.result())
            except workers.lost as error:
                lost[i] += 1
                if lost[i] > AGAIN:
                    raise _gave_up(i, len(batch.jobs), lost[i]) from error
                start(i)
            except CancelledError as error:
                raise RunError("the connection to the workers was lost") from error
            except Exception as error:  # noqa: BLE001 - raised again when it is this job's turn
                ready[i] = error

    def take(i: int) -> R:
        fill()
        if (before := batch.earlier(i)) is not None:
            return before[0]
        if i not in ready and i not in running.values():  # what was kept of it is damaged
            start(i)
        while i not in ready:
            collect()
            fill()
        result = ready.pop(i)
        if isinstance(result, Exception):
            raise result
        return result

    try:
        for i in range(len(batch.jobs)):
            yield take(i)  # and no name for it here, which would keep it in memory
    finally:
        workers.close(finished=not running)


def _gave_up(i: int, count: int, times: int) -> RunError:
    return RunError(
        f"job {i + 1} of {count} was given up: the process that worked on it, or one beside it, ended "
        f"unexpectedly {times} times. Is there enough memory? Try again with fewer processes (--jobs 1)."
    )
