"""The laws of random quantities: all that other packages need of them, from one place.

``families`` makes laws, ``quantiles`` draws from them, ``moments`` says what they amount to.
"""

from __future__ import annotations

from sim.chance.families import (
    Law,
    LawKind,
    constant,
    empirical,
    erlang,
    exponential,
    gamma,
    lognormal,
    lognormal_quantiles,
    mixture,
    pert,
    scaled,
    triangular,
    uniform,
    weibull,
    weibull_mean,
)
from sim.chance.moments import lower_bound, mean, upper_bound, variance
from sim.chance.quantiles import quantile, quantiles, whole

__all__ = [
    "Law",
    "LawKind",
    "constant",
    "empirical",
    "erlang",
    "exponential",
    "gamma",
    "lognormal",
    "lognormal_quantiles",
    "lower_bound",
    "mean",
    "mixture",
    "pert",
    "quantile",
    "quantiles",
    "scaled",
    "triangular",
    "uniform",
    "upper_bound",
    "variance",
    "weibull",
    "weibull_mean",
    "whole",
]
