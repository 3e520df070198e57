"""The engine against queueing theory: right answers, and intervals that cover as often as they say.

`make coverage` runs 200 experiments of 10 replications per model; the everyday suite runs a smaller
form. Seeds are fixed beforehand, and Holm's correction is over all checks of the form that runs.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from scipy import stats

from sim.chance import laws
from sim.chance.draws import Draws
from sim.measures.checks import check
from sim.measures.statistics import mean_interval
from sim.worktime.calendar import Steps
from tests import queues
from tests.engines import run, using
from tests.queues import Model

SEED = 20_230_206
REPLICATIONS = 10
ALPHA = 0.01  # of the whole family of checks
MODELS = {m.name: m for m in queues.models()}


@cache
def values(name: str, experiments: int, engine: str) -> np.ndarray:
    """Return the statistic of every replication, shape (experiments, replications)."""
    model = MODELS[name]
    found = np.empty((experiments, REPLICATIONS))
    for e in range(experiments):
        for r in range(REPLICATIONS):
            with using(engine):
                records = run(model.network, Draws(SEED + e, 0, r))
            if not r:
                check(model.network, records)
            found[e, r] = model.value(model.network, records)
    return found


def p_values(model: Model, found: np.ndarray) -> dict[str, float]:
    """Return two p-values: that the mean is the truth, and that 95 % intervals cover it in 95 %."""
    held = sum(
        low <= model.truth <= high for low, high in ((i.low, i.high) for i in map(mean_interval, found))
    )
    return {
        "mean": float(stats.ttest_1samp(found.ravel(), model.truth).pvalue),
        "coverage": float(stats.binomtest(held, len(found), 0.95).pvalue),
    }


def holm(found: dict[str, float]) -> dict[str, float]:
    """Return the p-values that Holm's step-down procedure rejects at `ALPHA`."""
    rejected = {}
    for i, (name, p) in enumerate(sorted(found.items(), key=lambda item: item[1])):
        if p > ALPHA / (len(found) - i):
            break
        rejected[name] = p
    return rejected


def test_holm_stops_at_the_first_that_passes() -> None:
    """Of 0.001, 0.004 and 0.2 in a family of three, the bounds are 0.0033, 0.005 and 0.01."""
    assert set(holm({"a": 0.2, "b": 0.001, "c": 0.004})) == {"b", "c"}


@pytest.mark.parametrize("name", MODELS)
def test_engine_agrees_with_theory(name: str, engine: str) -> None:
    """The smaller form: each model against the share of the family's error that is its own."""
    found = p_values(MODELS[name], values(name, 8, engine))
    assert not {k: p for k, p in found.items() if p < ALPHA / (2 * len(MODELS))}, (found, MODELS[name].truth)


@pytest.mark.full
def test_intervals_of_the_engine_cover_theory(engine: str) -> None:
    """200 experiments of each model: exact binomial limits for the coverage, Holm over all checks."""
    found: dict[str, float] = {}
    for name, model in MODELS.items():
        found |= {f"{name}, {what}": p for what, p in p_values(model, values(name, 200, engine)).items()}
    assert not holm(found)


def test_theory_can_fail() -> None:
    """A service time 8 % longer than stated is found out."""
    wrong = queues.single(1, 0.5, laws.exponential(1.08 * queues.SERVICE))
    lengths = [queues.queue_length(wrong, run(wrong, Draws(SEED, 0, r))) for r in range(8 * REPLICATIONS)]
    found = np.array(lengths).reshape(8, REPLICATIONS)
    assert p_values(MODELS["M/M/1 queue"], found)["mean"] < ALPHA / (2 * len(MODELS))


def test_arrivals_follow_a_time_varying_rate() -> None:
    """A rate of 1, 3 and 2 over thirds of the window: counts are Poisson about its integral."""
    day = 86_400
    rate = Steps((0, day, 2 * day), (1.0, 3.0, 2.0), stop=6 * day)
    net = queues.network(
        [queues.step(0, "serve", 0, laws.constant(10), 1), queues.end(1)], [queues.pool(50)],
        Steps((0, day, 2 * day), (1.0, 3.0, 2.0), stop=3 * day), 600,
    )  # fmt: skip
    net = replace(net, horizon=3 * day, streams=(replace(net.streams[0], rate=rate),))
    counts = np.zeros(3)
    runs = 60
    for r in range(runs):
        counts += np.bincount(run(net, Draws(SEED, 0, r)).cases["arrived"] // day, minlength=3)
    expected = np.array([100.0, 300.0, 200.0]) * runs
    assert stats.chi2.sf(((counts - expected) ** 2 / expected).sum(), 3) > ALPHA / (2 * len(MODELS))
