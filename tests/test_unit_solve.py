"""The search for the dial: finds what there is, spares runs, and says when there is nothing to find."""

from __future__ import annotations

import math

import pytest

from sim.evidence.solve import solve


@pytest.mark.parametrize("target", [1.2, 3.4, 9.0])
@pytest.mark.parametrize("rises", [True, False])
def test_solve_meets_a_smooth_figure_in_a_handful_of_runs(target: float, rises: bool) -> None:
    """A power of the dial, rising or falling."""
    found = solve(
        lambda x: x**1.3 if rises else 12 / x, target, 0.3, 12, rises=rises, tolerance=0.005 * target
    )
    assert found.solved
    assert abs(found.gap) <= 0.005 * target
    assert len(found.tried) <= 8


def test_solve_near_full_load() -> None:
    """Work in a queue grows without bound as the dial nears 1: still found."""
    found = solve(lambda x: x / (1 - x) if x < 1 else math.nan, 20.0, 0.05, 3, rises=True, tolerance=0.1)
    assert found.solved
    assert found.value == pytest.approx(20 / 21, rel=0.01)


def test_solve_out_of_reach_says_so_and_keeps_the_nearest() -> None:
    """A figure that stays below 2 cannot meet 5: the upper end is the nearest."""
    found = solve(lambda x: 2 - 1 / x, 5.0, 1, 8, rises=True, tolerance=0.01)
    assert not found.solved
    assert found.value == pytest.approx(8)
    assert found.gap == pytest.approx(2 - 1 / 8 - 5)


def test_solve_keeps_to_its_budget() -> None:
    """A figure with a step over the target is never met, and the search ends."""
    found = solve(lambda x: 1.0 if x < 2 else 3.0, 2.0, 0.5, 8, rises=True, tolerance=0.01, budget=9)
    assert not found.solved
    assert len(found.tried) <= 9
