"""What processes of a pool have loaded before they begin: the server that they are forked from imports this.

Nothing here may fail or wait long. The compiled engine comes before, where it may be wanted
(``sim.runs.loaded_engine``).
"""

from __future__ import annotations

import atexit
import gc
import os
from contextlib import suppress

with suppress(Exception):
    from sim.runs import replicate  # noqa: F401 - what nearly every job uses
# What is there now stays: to look through it for garbage would copy it into each process.
gc.collect()
gc.freeze()


def _leave(server: int) -> None:
    """End at once: to take down all that is loaded would keep open, for half a second, what a pipe reads."""
    if os.getpid() == server:
        os._exit(0)


atexit.register(_leave, os.getpid())
