"""Makes ready the place where many jobs run: a cluster of this machine, and a folder for finished jobs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from sim.engine.choose import compile_engine, look, make_ready, prepare
from sim.engine.compiled.place import meant, usable
from sim.runs.forked import begin
from sim.runs.jobs import aside
from sim.runs.pool import ProcessPool
from sim.runs.unfinished import unfinished
from sim.runs.where import Where


def expect(where: Where, engine: str = "auto") -> None:
    """Let what a pool's processes need begin to load, because jobs are likely to come; return at once.

    Not where compiled code is yet to find its folder: processes must be told of it as they begin.
    """
    if where.cluster is None and where.processes > 1 and (engine == "simpy" or usable(meant())):
        begin(engine)


@contextmanager
def workers(where: Where, engine: str = "auto", *, many: bool = True) -> Iterator[Where]:
    """Give the place where jobs run with its cluster started or checked, or with a pool of processes.

    Parameters
    ----------
    engine : that the jobs will use.
    many : whether more than one job is sure to come, so that a pool's processes may as well load now.

    Raises
    ------
    InputError : if the cluster asked for cannot be used.
    """
    if where.cluster is None and where.processes == 1:
        yield where
        return
    if where.cluster is None:
        pool = ProcessPool(where.processes, engine)
        if many:
            begin(engine)
        finished = False
        try:
            yield replace(where, pool=pool)
            finished = True
        finally:
            pool.close(finished=finished)
        return
    from sim.runs.cluster import opened

    with opened(where) as place:
        yield place


def prepare_there(engine: str, where: Where, tell: Callable[[str], None]) -> None:
    """Make the engine ready, compiling it if need be, in a process of the pool that will use it.

    Without a pool that is done in this process. Errors as ``choose``.
    """
    if where.pool is None:
        prepare(engine, tell)
        return

    def compile_there() -> None:
        aside(compile_engine, engine, where)()

    make_ready(aside(look, engine, where)(), compile_there, tell)


@contextmanager
def resumable(
    where: Where,
    out: Path | None,
    label: str,
    inputs: object,
    *,
    fresh: bool = False,
    tell: Callable[[str], None] | None = None,
) -> Iterator[Where]:
    """Give the place where jobs run with a folder for those of one run that are finished.

    Parameters
    ----------
    out, label, inputs, fresh, tell : as in ``unfinished``.
    """
    with unfinished(out, label, inputs, fresh=fresh, tell=tell) as keep:
        yield replace(where, keep=keep)
