"""The compiled engine, loaded by the server from which the processes of a pool are forked.

Nothing here may fail or wait long: a job says what is wrong with an engine, and where it must be compiled
the one who asked does that.
"""

from __future__ import annotations

from contextlib import suppress

with suppress(Exception):
    from sim.engine.choose import compile_engine, look

    if look("auto").compiled:
        compile_engine("auto")  # no more than loads what was compiled before
