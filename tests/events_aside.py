"""The events that stand aside in a compiled run, out of their packs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.engine.compiled import far
from sim.engine.compiled import layout as a


def aside(tables: Mapping[str, npt.NDArray[Any]]) -> npt.NDArray[Any]:
    """Return the events in all packs, in no order."""
    top = int(tables["numbers"][a.FAR_TOP])
    used = tables["packs"]["used"][: top // far.PACK]
    return tables["far"][:top][np.arange(top) % far.PACK < np.repeat(used, far.PACK)]
