"""Total indices from an emulator: what each input does together with the others.

A total index needs thousands of figures at chosen inputs, and the draws are too few and not chosen. So a
smooth surface through the draws (SciPy's radial basis functions: thin-plate splines over a plane, of the
smoothness that tells unseen draws best) is asked instead of the model, at points of a Saltelli design, as
SALib analyses them. It is as good as its share of the variance told right in draws left out; below half,
no index is given.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

#: Parts into which the draws are cut; each is told from the others.
FOLDS = 10
#: Degrees of smoothing tried; 0 goes through every draw.
SMOOTHINGS = (0.0, 1e-3, 1e-2, 0.1, 1.0, 10.0, 100.0)
#: Base points of the design; (inputs + 2) times as many are asked.
BASE = 1024
#: Share of the variance that the emulator must tell right.
LEAST = 0.5


def total_order(x: FloatArray, y: FloatArray, seed: int) -> tuple[FloatArray, FloatArray, float]:
    """Return total indices, half-widths of their 90 % intervals, and the share that the emulator explains.

    Parameters
    ----------
    x : (draws, inputs), each as a probability of its law (`inputs.position`).
    y : (draws,) the figure.
    seed : of the design.

    Returns
    -------
    Indices are shares of the emulator's variance: what luck does is not in it. All NaN where the emulator
    explains less than half.
    """
    from SALib.analyze import sobol as analysed
    from SALib.sample import sobol as sampled

    none = np.full(x.shape[1], math.nan)
    explained, smoothing = max((_explained(x, y, s), s) for s in SMOOTHINGS)
    if not explained >= LEAST:
        return none, none, explained
    problem = {
        "num_vars": x.shape[1],
        "names": [str(i) for i in range(x.shape[1])],
        "bounds": [[0.0, 1.0]] * x.shape[1],
    }
    design = sampled.sample(problem, BASE, calc_second_order=False, seed=seed)
    told = _surface(x, y, smoothing)(design)
    if np.ptp(told) == 0:
        return none, none, explained
    found = analysed.analyze(problem, told, calc_second_order=False, conf_level=0.9, seed=seed)
    return np.asarray(found["ST"], np.float64), np.asarray(found["ST_conf"], np.float64), explained


def _surface(x: FloatArray, y: FloatArray, smoothing: float) -> Any:
    from scipy.interpolate import RBFInterpolator

    return RBFInterpolator(x, y, kernel="thin_plate_spline", degree=1, smoothing=smoothing)


def _explained(x: FloatArray, y: FloatArray, smoothing: float) -> float:
    """Return one minus the error in draws left out over the variance; minus infinity if it cannot be made."""
    fold = np.arange(len(y)) % FOLDS
    if len(y) - len(y) // FOLDS - 1 <= x.shape[1] + 1:
        return -math.inf  # too few draws for a plane
    told = np.empty(len(y))
    try:
        for part in range(FOLDS):
            out = fold == part
            told[out] = _surface(x[~out], y[~out], smoothing)(x[out])
    except np.linalg.LinAlgError:
        return -math.inf
    return float(1.0 - np.mean((y - told) ** 2) / np.var(y))
