"""The figure that a claim is judged by, in each draw: after, or the change on the claim's scale."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.scenario.model import Claim

FloatArray = npt.NDArray[np.float64]


def judged_values(claim: Claim, side: str, figures: FloatArray) -> FloatArray:
    """Return the judged figure of each draw.

    Parameters
    ----------
    claim : for its scale.
    side : ``after`` or ``change``.
    figures : columns before, after of each draw, in the claim's unit.

    Returns
    -------
    One value a draw: after, after minus before, or, on the scale ``ratio``, after over before minus 1 (NaN
    where before is 0).
    """
    before, after = figures[:, 0], figures[:, 1]
    if side == "after":
        return np.asarray(after)
    if claim.scale != "ratio":
        return np.asarray(after - before)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(before != 0, after / before - 1.0, np.nan)
