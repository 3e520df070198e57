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
    *,
    ahead: Sequence[bool] = (),
) -> Iterator[R]:
    """Return an iterator over ``work(job)`` for each of `jobs`, in their order.

    Where a pool stands ready the first ones begin at once, else when the iterator is first asked.

    Parameters
    ----------
    work : a function at the top level of a module (it is sent to other processes by name).
    jobs : what it is called with; must survive pickling unless all stays in this process.
    where : how many processes or which cluster, and where finished jobs are kept. With one process,
        or one job and neither cluster nor pool, everything stays in this process.
    tell : told in words how many jobs were done before, and when no more are kept.
    ahead : of jobs of the same series that went ahead of these: whether they were done before (`was_done`).

    Raises
    ------
    RunError
        When a job's process is killed time and again (as when memory runs out), or no cluster answers.
    """
    batch = _Batch(work, jobs, where.keep, tell or (lambda _message: None), ahead)
    alone = where.cluster is None and (where.processes <= 1 or len(jobs) <= 1)
    if batch.complete or (alone and where.pool is None):
        return _here(batch)
    if where.pool is not None:
        return _spread(batch, where.pool)
    return _own(batch, where)


def was_done(work: Callable[[J], R], job: J, where: Where) -> bool:
    """Return whether the result of a job is kept from before."""
    return _Batch(work, (job,), where.keep, lambda _message: None).complete


def _here(batch: _Batch[J, R]) -> Iterator[R]:
    """Yield the results of jobs done in this process."""
    for i, job in enumerate(batch.jobs):
        yield (batch.earlier(i) or (batch.keep(i, batch.work(job)),))[0]


def _own(batch: _Batch[J, R], where: Where) -> Iterator[R]:
    """Yield the results of jobs done by workers of their own."""
    workers = _workers(where, len(batch.jobs))
    finished = False
    try:
        yield from _spread(batch, workers)
        finished = True
    finally:
        workers.close(finished=finished)


def aside(work: Callable[[J], R], job: J, where: Where) -> Callable[[], R]:
    """Begin one job beside others; return what waits for its result, or raises its error.

    Without a pool it is done at once, in this process; so it is if its process is killed.
    """
    if where.pool is None:
        result = work(job)
        return lambda: result
    pool, future = where.pool, where.pool.submit(work, job)

    def wait_for() -> R:
        while not wait([future], PATIENCE).done:
            pool.check()
        try:
            return future.result()
        except pool.lost:
            return work(job)

    return wait_for


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
        ahead: Sequence[bool] = (),
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
        if before := len(self._there) + sum(ahead):
            tell(f"{before} of {len(ahead) + len(jobs)} jobs were done before; going on from there")

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
    """Begin jobs, and return an iterator over the results in order while the workers are kept busy."""
    spread = _Spread(batch, workers)
    spread.fill()
    return spread.results()


class _Spread(Generic[J, R]):
    """Jobs of a batch that are under way.

    As many are under way or wait to be read as the workers' width, so that results do not pile up.
    """

    def __init__(self, batch: _Batch[J, R], workers: Workers) -> None:
        self._batch = batch
        self._workers = workers
        self._running: dict[Future[R], int] = {}
        # An error waits for its turn too: the same one is told every time.
        self._ready: dict[int, R | Exception] = {}
        self._lost: Counter[int] = Counter()
        self._upcoming = iter(range(len(batch.jobs)))

    def fill(self) -> None:
        """Begin jobs until as many are under way as should be."""
        while len(self._running) + len(self._ready) < self._workers.width:
            i = next((i for i in self._upcoming if not self._batch.done(i)), None)
            if i is None:
                return
            self._start(i)

    def results(self) -> Iterator[R]:
        """Yield the results in order."""
        for i in range(len(self._batch.jobs)):
            yield self._take(i)  # and no name for it here, which would keep it in memory
        # Where this is left early, what is under way ends with the workers, which whoever has them closes.
        # (To cancel it here would be worse: a pool that then loses its processes never ends.)

    def _start(self, i: int) -> None:
        self._running[self._workers.submit(self._batch.work, self._batch.jobs[i])] = i

    def _take(self, i: int) -> R:
        self.fill()
        if (before := self._batch.earlier(i)) is not None:
            return before[0]
        if i not in self._ready and i not in self._running.values():  # what was kept of it is damaged
            self._start(i)
        while i not in self._ready:
            self._collect()
            self.fill()
        result = self._ready.pop(i)
        if isinstance(result, Exception):
            raise result
        return result

    def _collect(self) -> None:
        finished, _ = wait(self._running, PATIENCE, FIRST_COMPLETED)
        if not finished:
            self._workers.check()
        for future in finished:
            i = self._running.pop(future)
            try:
                self._ready[i] = self._batch.keep(i, future.result())
            except self._workers.lost as error:
                self._lost[i] += 1
                if self._lost[i] > AGAIN:
                    raise _gave_up(i, len(self._batch.jobs), self._lost[i]) from error
                self._start(i)
            except CancelledError as error:
                raise RunError("the connection to the workers was lost") from error
            except Exception as error:  # noqa: BLE001 - raised again when it is this job's turn
                self._ready[i] = error


def _gave_up(i: int, count: int, times: int) -> RunError:
    return RunError(
        f"job {i + 1} of {count} was given up: the process that worked on it, or one beside it, ended "
        f"unexpectedly {times} times. Is there enough memory? Try again with fewer processes (--jobs 1)."
    )
