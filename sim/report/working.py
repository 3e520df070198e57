"""Makes ready the place where many jobs run: a cluster of this machine, and a folder for finished jobs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from sim.runs.pool import ProcessPool
from sim.runs.unfinished import unfinished
from sim.runs.where import Where


@contextmanager
def workers(where: Where) -> Iterator[Where]:
    """Give the place where jobs run with its cluster started or checked, or with a pool of processes.

    Raises
    ------
    InputError : if the cluster asked for cannot be used.
    """
    if where.cluster is None and where.processes == 1:
        yield where
        return
    if where.cluster is None:
        pool = ProcessPool(where.processes)
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
