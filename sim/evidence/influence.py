"""What an output depends on: tornado and first-order indices, from the weighted draws alone.

Indices are RBD-FAST estimates (E. Plischke, Reliability Engineering & System Safety 95, 2010; J.-Y. Tissot
and C. Prieur, same journal 107, 2012), as SALib computes them, on draws resampled by their weights: no
further run is needed. With few draws they are rough, may fall below 0, and their error says how rough.
(SALib's other estimate from given data, ``delta``, gave 0.07 for 0.44 on Ishigami's function with 128 draws.)
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from sim.evidence.emulate import total_order
from sim.evidence.finding import Influence, Sensitivity
from sim.evidence.inputs import position
from sim.evidence.weigh import resampled
from sim.scenario.numbers import Unknown

FloatArray = npt.NDArray[np.float64]

#: Share of the draws at each end of an unknown that the bars of a tornado are means of.
END = 0.25
#: Resamples behind the errors of the indices (a millisecond each).
RESAMPLES = 25


def sensitivity(
    claim: str,
    reading: str,
    unit: str,
    output: str,
    unknowns: Sequence[Unknown],
    values: FloatArray,
    figure: FloatArray,
    weights: FloatArray,
    seed: int,
    *,
    total: bool = False,
) -> Sensitivity | None:
    """Return what `figure` depends on; None with fewer than 16 draws or a figure that never changes.

    Parameters
    ----------
    output : ``after`` or ``saving``.
    unknowns, values : (draws, unknowns), in each unknown's unit; one that never changes is left out.
    figure : (draws,), in `unit`; draws without it are left out.
    weights : of the draws.
    total : total indices too, on an emulator.
    """
    used = (weights > 0) & np.isfinite(figure)
    if used.sum() < 16 or np.ptp(figure[used]) == 0:
        return None
    x, y, w = values[used], figure[used], weights[used] / weights[used].sum()
    varied = [i for i in range(x.shape[1]) if np.ptp(x[:, i]) > 0]
    if not varied:
        return None
    first, error = first_order(x[:, varied], y, w, seed)
    totals: list[tuple[float | None, float | None]] = [(None, None)] * len(varied)
    explained = None
    if total:
        places = np.column_stack([position(unknowns[i], x[:, i]) for i in varied])
        whole, spread, explained = total_order(places, y, seed)
        if np.isfinite(whole).all():
            totals = list(zip(whole.tolist(), spread.tolist(), strict=True))
    rows = []
    for place, i in enumerate(varied):
        u = unknowns[i]
        low, high = _ends(x[:, i], y, w)
        rows.append(
            Influence(
                u.name, u.unit.name, u.low, u.high, u.likely, low, high,
                float(first[place]), float(error[place]), *totals[place],
            )
        )  # fmt: skip
    rows.sort(key=lambda r: -abs(r.at_high - r.at_low))
    mean = float(np.average(y, weights=w))
    return Sensitivity(claim, reading, unit, output, mean, tuple(rows), explained)


def first_order(x: FloatArray, y: FloatArray, w: FloatArray, seed: int) -> tuple[FloatArray, FloatArray]:
    """Return first-order indices and the half-widths of their 90 % intervals.

    Parameters
    ----------
    x : (draws, inputs). y : (draws,). w : weights of the draws.
    """
    from SALib.analyze import rbd_fast

    rows = resampled(w, len(y), seed)
    if np.ptp(y[rows]) == 0:
        return np.full(x.shape[1], math.nan), np.full(x.shape[1], math.nan)
    problem = {"num_vars": x.shape[1], "names": [str(i) for i in range(x.shape[1])]}
    harmonics = 5 if len(y) <= 256 else 10
    with np.errstate(divide="ignore", invalid="ignore"):  # a resample of the draws may be all alike
        found = rbd_fast.analyze(
            problem, x[rows], y[rows], M=harmonics, num_resamples=RESAMPLES, conf_level=0.9, seed=seed
        )
    return np.array(found["S1"], dtype=np.float64), np.array(found["S1_conf"], dtype=np.float64)


def _ends(x: FloatArray, y: FloatArray, w: FloatArray) -> tuple[float, float]:
    """Return the weighted mean of `y` over the lowest and the highest quarter of `x`."""
    order = np.argsort(x, kind="stable")
    share = np.cumsum(w[order])
    low = order[share - w[order] < END]
    high = order[share > 1.0 - END]
    return float(np.average(y[low], weights=w[low])), float(np.average(y[high], weights=w[high]))
