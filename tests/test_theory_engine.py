"""The engine against queueing theory: right answers, and intervals that cover as often as they say.

`make coverage` runs 200 experiments of 10 replications per model; the everyday suite runs a smaller
form. Seeds are fixed beforehand. The checks of all models are one family: Holm's step-down procedure
rejects one of them or more exactly if the smallest p-value is at most `BOUND`, so each model can be a
test of its own (and run beside the others) and the outcome of them all is that of Holm's procedure.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from sim.chance import laws
from sim.chance.draws import Draws
from sim.measures.checks import check
from sim.measures.statistics import mean_interval
from sim.worktime.calendar import Steps
from tests import queues
from tests.engines import OTHER, run
from tests.queues import Model

SEED = 20_230_206
REPLICATIONS = 10
#: Runs of the full form are so many times as long as those of the smaller one: some 4 800 cases. With 400,
#: intervals of a loaded queue are too short, whatever the engine (tests/test_theory_intervals.py).
LONGER = 12
ALPHA = 0.01  # of the whole family of checks
MODELS = {m.name: m for m in queues.models()}
BOUND = ALPHA / (2 * len(MODELS))  # two checks a model


def values(model: Model, experiments: int) -> np.ndarray:
    """Return the statistic of every replication, shape (experiments, replications)."""
    found = np.empty((experiments, REPLICATIONS))
    for e in range(experiments):
        for r in range(REPLICATIONS):
            records = run(model.network, Draws(SEED + e, 0, r))
            if not r:
                check(model.network, records)
            found[e, r] = model.value(model.network, records)
    return found


def held(model: Model, found: np.ndarray) -> int:
    """Count the experiments whose 95 % interval holds the truth."""
    return sum(i.low <= model.truth <= i.high for i in map(mean_interval, found))


def p_values(model: Model, found: np.ndarray) -> dict[str, float]:
    """Return two p-values: that the mean is the truth, and that 95 % intervals cover it in 95 %."""
    return {
        "mean": float(stats.ttest_1samp(found.ravel(), model.truth).pvalue),
        "coverage": float(stats.binomtest(held(model, found), len(found), 0.95).pvalue),
    }


def rejected(model: Model, found: np.ndarray) -> dict[str, float]:
    """Return the p-values of one model that are too small for the whole family."""
    return {what: p for what, p in p_values(model, found).items() if p <= BOUND}


@pytest.mark.parametrize("name", MODELS)
def test_engine_agrees_with_theory(name: str) -> None:
    """The smaller form."""
    model = MODELS[name]
    found = values(model, 8)
    assert not rejected(model, found), (p_values(model, found), model.truth)


@pytest.mark.full
@pytest.mark.slow
@pytest.mark.parametrize("name", MODELS)
def test_intervals_of_the_engine_cover_theory(
    name: str, engine: str, record_property: Callable[[str, object], None]
) -> None:
    """200 experiments: exact binomial limits for the coverage. Figures: `pytest --junit-xml=FILE`."""
    if engine != OTHER:
        pytest.skip(f"the {OTHER} engine runs it and gives the same tables: with {engine} it takes hours")
    model = queues.longer(MODELS[name], LONGER)
    found = values(model, 200)
    record_property("truth", model.truth)
    record_property("mean", float(found.mean()))
    record_property("covered", f"{held(model, found)} of {len(found)}")
    for what, p in p_values(model, found).items():
        record_property(f"p {what}", p)
    assert not rejected(model, found), (p_values(model, found), held(model, found), model.truth)


def test_theory_can_fail() -> None:
    """A service time 8 % longer than stated is found out."""
    wrong = queues.single(1, 0.5, laws.exponential(1.08 * queues.SERVICE))
    lengths = [queues.queue_length(wrong, run(wrong, Draws(SEED, 0, r))) for r in range(8 * REPLICATIONS)]
    found = np.array(lengths).reshape(8, REPLICATIONS)
    assert p_values(MODELS["M/M/1 queue"], found)["mean"] < BOUND


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
    assert stats.chi2.sf(((counts - expected) ** 2 / expected).sum(), 3) > BOUND
