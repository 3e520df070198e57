"""Room for tables that begins where a line of memory does: rows that are made of lines lie in no others."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from sim.engine.compiled.memory import LINE


def empty(length: int, dtype: np.dtype[Any]) -> npt.NDArray[Any]:
    """Return a table of `length` rows with anything in them; what is not written to takes no memory.

    It is the ``base`` of its own views.
    """
    size = length * dtype.itemsize
    ground = np.empty(size + LINE - 1, np.uint8)
    begin = -ground.ctypes.data % LINE
    return np.frombuffer(ground[begin : begin + size].data, dtype, length)
