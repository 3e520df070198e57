"""The folders of finished jobs of runs that are not complete: opened, gone on with, cleared away.

    OUT/.unfinished/LABEL-KEY/*.job

A folder is removed when its run is complete. What a stopped run left stays for some days, so that the same
command can go on from it.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sim.runs.content import content_hash
from sim.runs.kept import ENDING, MOST_BYTES, size

Tell = Callable[[str], None]

HOME = ".unfinished"
#: Days for which a stopped run can be gone on with, counted from its last finished job.
DAYS = 7


@contextmanager
def unfinished(
    out: Path | None, label: str, inputs: object, *, fresh: bool = False, tell: Tell | None = None
) -> Iterator[Path | None]:
    """Give the folder for the finished jobs of one run; it is removed if the block ends without an error.

    Parameters
    ----------
    out : results store; None to keep nothing.
    label : first part of the folder's name.
    inputs : what tells this run from others, hashed by content. Jobs are told apart by themselves, so
        what only says how many there are (replications) is better left out.
    fresh : forget what an earlier run of the same inputs left.
    tell : told what is found, cleared away or left.
    """
    if out is None:
        yield None
        return
    say = tell or (lambda _message: None)
    folder = out / HOME / f"{label}-{content_hash(inputs)[:16]}"
    if fresh:
        shutil.rmtree(folder, ignore_errors=True)
    _clear(folder, say)
    try:
        yield folder
    except BaseException:
        if finished := _jobs(folder):
            jobs = f"{len(finished)} finished job{'s are' if len(finished) > 1 else ' is'} kept"
            say(f"{jobs}: the same command goes on from there, within {DAYS} days (--fresh: from the start)")
        raise
    shutil.rmtree(folder, ignore_errors=True)
    with suppress(OSError):
        folder.parent.rmdir()  # if it is empty


def _jobs(folder: Path) -> list[Path]:
    return list(folder.glob(f"*{ENDING}"))


def _clear(mine: Path, say: Tell) -> None:
    """Remove what is old or too much of other runs' finished jobs, and say what is left."""
    others = []
    for folder in mine.parent.glob("*"):
        with suppress(OSError):
            if folder != mine and folder.is_dir():
                last = max((path.stat().st_mtime for path in [folder, *folder.iterdir()]), default=0.0)
                others.append((last, sum(map(size, folder.iterdir())), folder))
    gone, total = 0, 0
    for last, taken, folder in sorted(others, reverse=True):
        if time.time() - last > DAYS * 86400 or total + taken > MOST_BYTES:
            shutil.rmtree(folder, ignore_errors=True)
            gone += 1
        else:
            total += taken
    if gone:
        say(f"{mine.parent}: removed what {_runs(gone)} left (older than {DAYS} days, or too large)")
    if left := len(others) - gone:
        say(
            f"{mine.parent}: {total / 1e6:.1f} MB are left of {_runs(left)} of other inputs that stopped; "
            f"they go when the same command comes to its end, or after {DAYS} days"
        )


def _runs(count: int) -> str:
    return f"{count} run{'s' if count > 1 else ''}"
