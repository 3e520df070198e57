"""Results of finished jobs, kept in a folder until the whole is complete.

Each is a file named by the content of all that decides it: the work, the job (network, seed, replication ...)
and the program. It is written under a temporary name and renamed, so that a file is whole or is not there;
one that is damaged all the same is as good as none.
"""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any

from sim.runs.content import Hasher, program
from sim.runs.packed import DamagedError, pack, unpack

#: Bytes that the finished jobs of one run may take, and bytes that must stay free on the disk.
MOST_BYTES = 4_000_000_000
LEAST_FREE = 1_000_000_000
#: Ending of a finished job's file.
ENDING = ".job"


class Kept:
    """Finished jobs of one function in one folder."""

    def __init__(self, folder: Path, work: object) -> None:
        self._folder = folder
        self._hasher = Hasher()
        self._work = self._hasher.digest((work, program()))
        self._bytes = sum(size(path) for path in folder.glob(f"*{ENDING}"))

    def path(self, job: object) -> Path:
        """Return the file of `job`, whether it is there or not."""
        return self._folder / f"{self._hasher.digest((self._work, job)).hex()}{ENDING}"

    def load(self, path: Path) -> tuple[Any] | None:
        """Return the result in `path` as a tuple of one; None if there is none, or it is damaged."""
        try:
            return (unpack(path.read_bytes()),)
        except OSError:
            return None
        except DamagedError:
            path.unlink(missing_ok=True)
            return None

    def save(self, path: Path, result: object) -> str:
        """Keep `result` in `path`; return why not, in words, if there is no room or it cannot be written.

        That is no reason to stop a run.
        """
        data = pack(result)
        partial = path.with_name(f".{path.stem}.{os.getpid()}")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            if self._bytes + len(data) > MOST_BYTES:
                return f"those kept take {self._bytes / 1e9:.1f} GB already"
            if shutil.disk_usage(self._folder).free - len(data) < LEAST_FREE:
                return f"less than {LEAST_FREE / 1e9:.0f} GB is free on the disk"
            partial.write_bytes(data)
            partial.replace(path)
        except OSError as error:
            with suppress(OSError):
                partial.unlink(missing_ok=True)
            return f"{self._folder} cannot be written ({error.strerror or error})"
        self._bytes += len(data)
        return ""


def size(path: Path) -> int:
    """Return the bytes of a file; 0 if it has gone."""
    try:
        return path.stat().st_size
    except OSError:
        return 0
