"""Where jobs run, and where those that are finished are kept: a value that is handed down to them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import InputError

if TYPE_CHECKING:
    from sim.runs.jobs import Workers

#: The word for a cluster of this machine's own processors.
LOCAL = "local"
_ADDRESS = re.compile(r"tcp://(\[[0-9a-fA-F:.]+\]|[^\s/:\[\]]+):(\d{1,5})")


@dataclass(frozen=True)
class Where:
    """Where jobs run; their results do not depend on it.

    Attributes
    ----------
    processes : how many jobs at once on this machine; with 1 all stays in this process. With
        ``cluster="local"`` the number of its workers.
    cluster : address of the scheduler of a Dask cluster, ``tcp://HOST:PORT``; ``local`` for a cluster
        of this machine; None for a pool of processes.
    keep : folder in which results of finished jobs are kept until the whole is complete, so that
        what is stopped can be gone on with; None to keep none.
    pool : processes that stand ready for several batches of jobs; None: each batch starts its own.
    """

    processes: int = 1
    cluster: str | None = None
    keep: Path | None = None
    pool: Workers | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        if self.processes < 1:
            raise InputError(f"--jobs must be at least 1, found {self.processes}")
        if self.cluster is not None and self.cluster != LOCAL:
            found = _ADDRESS.fullmatch(self.cluster)
            if found is None or not 0 < int(found[2]) < 65536:
                raise InputError(
                    f"--cluster must be `{LOCAL}` or the address of a Dask scheduler such as "
                    f"tcp://127.0.0.1:8786, found {self.cluster}"
                )

    def __getstate__(self) -> dict[str, Any]:
        # Plans travel with jobs, and processes do not.
        return {**self.__dict__, "pool": None}


#: In this process, one job after the other.
HERE = Where()
