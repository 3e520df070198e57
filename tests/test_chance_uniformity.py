"""Mass tests: keyed uniforms are uniform along every field of the key, and apart between keys.

Seeds are fixed, so a test passes or fails for ever. Each would fail by chance once in 10 000 times
(p below 1e-4), had its seed been drawn today.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats

from sim.chance.draws import Draws, Purpose, name_key

SEED = 20230206
P = 1e-4
N = 20_000
KEY = name_key("check-papers")
STREAM = name_key("arrivals")
Uniforms = np.ndarray


def along_cases(
    seed=SEED, draw=0, replication=0, key=KEY, stream=STREAM, entry=1, purpose=Purpose.EFFORT, first=0
):
    """Return the uniforms of `N` consecutive case numbers."""
    return Draws(seed, draw, replication).uniforms(key, stream, np.arange(first, first + N), entry, purpose)


#: The uniforms of N neighbours along one field of the key, all else equal.
ALONG: dict[str, Callable[[], Uniforms]] = {
    "cases": along_cases,
    "element keys": lambda: np.array([Draws(SEED)._single(k, STREAM, 9, 1, 0) for k in range(N)]),
    "element names": lambda: np.array(
        [Draws(SEED)._single(name_key(f"step-{i}"), STREAM, 9, 1, 0) for i in range(N)]
    ),
    "streams": lambda: np.array([Draws(SEED)._single(KEY, s, 9, 1, 0) for s in range(N)]),
    "entries": lambda: np.array([Draws(SEED)._single(KEY, STREAM, 9, e, 0) for e in range(N)]),
    "seeds": lambda: np.array([Draws(s)._single(KEY, STREAM, 9, 1, 0) for s in range(N)]),
    "draws of the unknowns": lambda: np.array(
        [Draws(SEED, d)._single(KEY, STREAM, 9, 1, 0) for d in range(N)]
    ),
    "replications": lambda: np.concatenate(
        [Draws(SEED, 0, r).uniforms(KEY, STREAM, np.arange(8), 1, Purpose.EFFORT) for r in range(N // 8)]
    ),
}


@pytest.mark.parametrize("field", ALONG)
def test_theory_uniform_along_a_field(field):
    """Kolmogorov-Smirnov and chi-square of 100 equal cells; lag-1 correlation and pairs on 10 x 10 cells."""
    u = ALONG[field]()
    assert len(u) == N
    assert stats.kstest(u, "uniform").pvalue > P
    assert stats.chisquare(np.bincount((u * 100).astype(int), minlength=100)).pvalue > P
    assert pairs_p_value(u[0::2], u[1::2]) > P
    assert abs(np.corrcoef(u[:-1], u[1:])[0, 1]) < stats.norm.isf(P / 2) / np.sqrt(N)


#: Two runs of uniforms whose keys are neighbours: each must say nothing about the other.
BESIDE: dict[str, Callable[[], Uniforms]] = {
    "next case": lambda: along_cases(first=1),
    "next block": lambda: along_cases(first=256),
    "next element key": lambda: along_cases(key=KEY + 1),
    "element key, highest bit": lambda: along_cases(key=KEY ^ 1 << 31),
    "other element name": lambda: along_cases(key=name_key("check-paper")),
    "next stream": lambda: along_cases(stream=STREAM ^ 1),
    "stream and element swapped": lambda: along_cases(key=STREAM, stream=KEY),
    "next entry": lambda: along_cases(entry=2),
    "next purpose": lambda: along_cases(purpose=Purpose.WAIT),
    "next seed": lambda: along_cases(seed=SEED + 1),
    "seed, highest bit": lambda: along_cases(seed=SEED ^ 1 << 31),
    "next draw of the unknowns": lambda: along_cases(draw=1),
    "next replication": lambda: along_cases(replication=1),
    "draw for replication": lambda: along_cases(draw=1 << 8, replication=0),
}


def pairs_p_value(a: Uniforms, b: Uniforms) -> float:
    """Return the p-value of the chi-square test that pairs fall evenly on 10 x 10 cells."""
    cells = np.bincount((a * 10).astype(int) * 10 + (b * 10).astype(int), minlength=100)
    return float(stats.chisquare(cells).pvalue)


@pytest.mark.parametrize("neighbour", BESIDE)
def test_theory_neighbouring_keys_are_independent(neighbour):
    a, b = along_cases(), BESIDE[neighbour]()
    assert pairs_p_value(a, b) > P
    assert abs(np.corrcoef(a, b)[0, 1]) < stats.norm.isf(P / 2) / np.sqrt(N)
    # Tails too: chance that both are in the top hundredth.
    both = int(((a > 0.99) & (b > 0.99)).sum())
    assert stats.binomtest(both, N, 1e-4).pvalue > P


def test_law_the_mass_tests_can_fail():
    """A generator that repeats itself between neighbours, or is a little uneven, is caught."""
    u = along_cases()
    assert pairs_p_value(u, u) < P
    assert pairs_p_value(u, (u + 0.5 * along_cases(first=N)) % 1.0) < P
    assert stats.kstest(u**1.1, "uniform").pvalue < P
