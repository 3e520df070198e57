"""How often the intervals of `sim.measures.statistics` cover the truth, on M/M/1 queues.

Cases of one replication follow Lindley's recursion W(n+1) = max(0, W(n) + S(n) - A(n)), unrolled to
running sums and minima (Lindley 1952, The theory of queues with a single server), and start in
steady state, so that the truth is known exactly: the time in system is exponential with rate
1/service - arrivals. What is measured is the interval method, not a warm-up.

    python -m benchmarks.coverage_intervals [--experiments 1000] [--replications 10] [--cases 5000]
"""

from __future__ import annotations

import argparse
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt
from scipy import stats

from sim.measures import statistics
from sim.measures.shortness import shortness

FloatArray = npt.NDArray[np.float64]

LOADS = (0.5, 0.6, 0.7, 0.8)
SAVED = 0.9  # "after" needs this share of the service time of "before"
SEED = 20_231


@dataclass(frozen=True)
class Coverage:
    """Experiments whose interval held the truth."""

    load: float
    what: str
    held: int
    experiments: int
    half_width: float  # mean over experiments, in service times (a share: as it is)
    warned: int  # experiments that would have been warned about

    @property
    def share(self) -> float:
        """Covered share of the experiments."""
        return self.held / self.experiments

    def consistent(self, level: float = 0.95, error: float = 1e-3) -> bool:
        """Whether an exact two-sided binomial test at `error` accepts the nominal level."""
        return bool(stats.binomtest(self.held, self.experiments, level).pvalue > error)


def times_in_system(gaps: FloatArray, services: FloatArray, first_wait: FloatArray) -> FloatArray:
    """Time in system of each case of a first-come single server.

    Parameters
    ----------
    gaps : shape (replications, cases), time from each case to the next.
    services : same shape. first_wait : shape (replications,), wait of the first case.
    """
    steps = np.cumsum(services[:, :-1] - gaps[:, :-1], axis=1)
    sums = np.concatenate([np.zeros((len(steps), 1)), steps], axis=1) + first_wait[:, None]
    waits = sums - np.minimum(np.minimum.accumulate(sums, axis=1), 0.0)
    return np.asarray(waits + services, dtype=np.float64)


def steady_wait(load: float, rate: float, uniforms: FloatArray) -> FloatArray:
    """Wait of a case in steady state: none with chance 1 - load, else exponential with `rate`."""
    over = np.maximum(uniforms - (1.0 - load), 0.0) / load
    return np.asarray(-np.log1p(-over) / rate, dtype=np.float64)


def experiment(
    load: float, replications: int, cases: int, seed: Sequence[int]
) -> tuple[FloatArray, FloatArray]:
    """Times in system before and after, by replication and case, with common random numbers."""
    rng = np.random.default_rng(seed)
    gaps = rng.exponential(1.0 / load, (replications, cases))
    services = rng.exponential(1.0, (replications, cases))
    start = rng.random(replications)
    after = load * SAVED
    return (
        times_in_system(gaps, services, steady_wait(load, 1.0 - load, start)),
        times_in_system(gaps, services * SAVED, steady_wait(after, 1.0 / SAVED - load, start)),
    )


def coverage(
    load: float, experiments: int, replications: int, cases: int, level: float = 0.95
) -> list[Coverage]:
    """Coverage of every interval method at one load (arrivals at rate `load`, unit mean service)."""
    rate, rate_after = 1.0 - load, 1.0 / SAVED - load
    limit = -math.log(0.1) / rate  # nine in ten are within
    p90 = partial(statistics.quantile, p=0.9)

    def within(x: FloatArray) -> float:
        return float(np.mean(x <= limit))

    def cut(p: float) -> float:
        return -math.log1p(-p)

    methods: dict[str, tuple[float, Callable[[FloatArray, FloatArray], statistics.Interval]]] = {
        "mean": (1.0 / rate, lambda a, b: statistics.mean_interval(a.mean(axis=1), level)),
        "median": (cut(0.5) / rate, lambda a, b: statistics.quantile_interval(list(a), 0.5, level)),
        "p90": (cut(0.9) / rate, lambda a, b: statistics.quantile_interval(list(a), 0.9, level)),
        "p95": (cut(0.95) / rate, lambda a, b: statistics.quantile_interval(list(a), 0.95, level)),
        "share": (0.9, lambda a, b: statistics.share_interval(
            [int(h) for h in np.sum(a <= limit, axis=1)], [a.shape[1]] * len(a), level)),
        "difference of means": (1.0 / rate_after - 1.0 / rate, lambda a, b: statistics.paired_difference(
            a.mean(axis=1), b.mean(axis=1), level).interval),
        "difference of p90": (cut(0.9) * (1.0 / rate_after - 1.0 / rate), lambda a, b: (
            statistics.sectioned_difference(list(a), list(b), p90, level).interval)),
        "difference of shares": (0.1 - math.exp(-rate_after * limit), lambda a, b: (
            statistics.sectioned_difference(list(a), list(b), within, level).interval)),
    }  # fmt: skip
    quantiles = {"median": 0.5, "p90": 0.9, "p95": 0.95, "difference of p90": 0.9, "share": 0.9,
                 "difference of shares": 0.9}  # fmt: skip
    held = dict.fromkeys(methods, 0)
    width = dict.fromkeys(methods, 0.0)
    warned = dict.fromkeys(methods, 0)
    for n in range(experiments):
        before, after = experiment(load, replications, cases, (SEED, round(1000 * load), cases, n))
        judged = {p: bool(shortness(list(before), p).warning) for p in {None, *quantiles.values()}}
        for what, (truth, method) in methods.items():
            interval = method(before, after)
            held[what] += interval.low <= truth <= interval.high
            width[what] += interval.half_width / experiments
            warned[what] += judged[quantiles.get(what)]
    return [Coverage(load, what, held[what], experiments, width[what], warned[what]) for what in methods]


def main() -> None:
    """Print one line per load and method."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--experiments", type=int, default=1000)
    parser.add_argument("--replications", type=int, default=10)
    parser.add_argument("--cases", type=int, default=5000)
    parser.add_argument("--loads", type=float, nargs="+", default=LOADS)
    options = parser.parse_args()
    print(f"nominal 95 %, {options.experiments} experiments of {options.replications} replications of "
          f"{options.cases} cases")  # fmt: skip
    print(f"{'load':>5}  {'interval of':<21} {'covered':>8} {'half-width':>11} {'warned':>7}")
    begun = time.perf_counter()
    for load in options.loads:
        for row in coverage(load, options.experiments, options.replications, options.cases):
            print(f"{row.load:5.2f}  {row.what:<21} {row.share:8.3f} {row.half_width:11.4f} "
                  f"{row.warned / row.experiments:7.2f}")  # fmt: skip
    print(f"{time.perf_counter() - begun:.0f} s")


if __name__ == "__main__":
    main()
