"""Evidence made by hand, for the tests of figures and pages: 128 draws, 3 claims, 5 levers, 12 unknowns."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.evidence.finding import (
    Attribution,
    BreakEven,
    DrawCount,
    Errors,
    Evidence,
    Influence,
    Judged,
    Sensitivity,
    Share,
    Spread,
    StaffNeeded,
    TimeKind,
    Verdict,
)

DRAWS = 128
LEVERS = ("one-bureau", "parallel-handling", "no-drawing-review", "fewer-documents", "third-party-review")
UNKNOWNS = (
    ("limit-study", "working days", 5.0, 20.0, 10.0), ("returned", "", 0.1, 0.5, 0.3),
    ("hold-spread", "", 0.2, 0.8, 0.4), ("mend-time", "working days", 2.0, 15.0, 5.0),
    ("carry-time", "working days", 0.5, 4.0, 1.5), ("papers-time", "days", 3.0, 20.0, 8.0),
    ("desk-staff", "", 2.0, 8.0, 4.0), ("accept-effort", "min", 15.0, 60.0, 30.0),
    ("decide-effort", "h", 1.0, 5.0, 2.5), ("reform.one-bureau.carried", "", 0.0, 0.5, 0.2),
    ("limit-environment", "working days", 7.0, 30.0, 12.0), ("used", "", 0.1, 2.0, 0.45),
)  # fmt: skip


def made_evidence(
    reading: str = "mean-of-cases",
    claims: Sequence[str] = ("one-seal.time", "one-seal.elapsed", "one-seal.within"),
    *,
    shift: float = 0.0,
) -> Evidence:
    """Return evidence on three claims: a ceiling that is missed, one without a figure, a share.

    Parameters
    ----------
    shift : added to "after" of the first claim, in working days.
    """
    chance = np.random.default_rng(5)
    values = np.column_stack([chance.uniform(low, high, DRAWS) for _, _, low, high, _ in UNKNOWNS])
    weights = chance.gamma(2.0, size=DRAWS)
    weights /= weights.sum()
    after = 18.0 + shift + 12.0 * values[:, 1] + 0.5 * values[:, 0] + chance.normal(0, 1.5, DRAWS)
    figures = {
        claims[0]: np.column_stack([np.full(DRAWS, 110.0) + chance.normal(0, 0.4, DRAWS), after]),
        claims[1]: np.column_stack([chance.normal(700, 40, DRAWS), chance.normal(420, 45, DRAWS)]),
        claims[2]: np.column_stack([chance.beta(30, 20, DRAWS), chance.beta(90, 10, DRAWS)]),
    }
    draws = DrawCount(DRAWS, 121, 84.2, (("before stays below the documented figure", 7),), 512, 0.004)
    judged = (
        _judged(
            claims[0], reading, "working days", figures[claims[0]], weights, draws,
            documented=0.0, region=(-np.inf, 1.0), verdict=Verdict.CONTRADICTED, agreement=1.0, share=0.0,
        ),
        _judged(claims[1], reading, "days", figures[claims[1]], weights, draws),
        _judged(
            claims[2], reading, "share", figures[claims[2]], weights, draws,
            documented=0.9, region=(0.88, 0.92), verdict=Verdict.MORE_DRAWS, agreement=0.82, share=0.41,
        ),
    )  # fmt: skip
    attributions = tuple(
        _attribution(c, reading, j.unit, figures[c]) for c, j in zip(claims, judged, strict=True)
    )
    sensitivities = tuple(
        _sensitivity(c, reading, j.unit, output, figures[c])
        for c, j in zip(claims[:2], judged, strict=False)
        for output in ("after", "saving")
    )
    return Evidence(
        reading, judged, attributions, sensitivities, tuple(name for name, *_ in UNKNOWNS), values, weights,
        figures, ("7 of 128 draws do not meet the documented figure before",),
    )  # fmt: skip


def _spread(values: np.ndarray, weights: np.ndarray) -> Spread:
    order = np.argsort(values)
    low, middle, high = np.interp((0.05, 0.5, 0.95), np.cumsum(weights[order]), values[order])
    return Spread(float(np.average(values, weights=weights)), float(low), float(middle), float(high))


def _judged(
    claim: str, reading: str, unit: str, figures: np.ndarray, weights: np.ndarray, draws: DrawCount, *,
    documented: float | None = None, region: tuple[float, float] | None = None,
    verdict: Verdict = Verdict.NOT_TESTABLE, agreement: float = 1.0, share: float | None = None,
) -> Judged:  # fmt: skip
    ceiling = region is not None and np.isinf(region[0])
    after = _spread(figures[:, 1], weights)
    deviation = float(figures[:, 1].std())
    break_even = BreakEven("returned", "", 0.3, 0.1, 0.5, None, 1.0, 22.4, 28.9) if ceiling else None
    return Judged(
        claim, reading, unit, "after", documented, region, True,
        _spread(figures[:, 0], weights), after, _spread(figures[:, 1] - figures[:, 0], weights),
        verdict, agreement, share, None if share is None else (max(share - 0.08, 0), share + 0.08),
        after if ceiling else None,
        None if documented is None else Errors(0.9 * deviation, 0.4 * deviation, deviation / 9),
        draws, 0.003, break_even, StaffNeeded(None, 26.1) if ceiling else None,
    )  # fmt: skip


def _attribution(claim: str, reading: str, unit: str, figures: np.ndarray) -> Attribution:
    total = float((figures[:, 1] - figures[:, 0]).mean())
    parts = np.array([0.08, -0.35, 0.2, 0.27, 0.15, 0.65]) * total
    parts[1] *= -1 if unit == "share" else 1
    parts *= total / parts.sum()
    wide = 0.06 * abs(total)
    names = ("demand", *LEVERS)
    shares = tuple(
        Share(
            n,
            "context" if n == "demand" else "lever",
            float(v),
            float(v - wide),
            float(v + wide),
            n == LEVERS[2],
        )
        for n, v in zip(names, parts, strict=True)
    )
    steps = parts * np.array([1.4, 1.0, 1.2, 0.8, 0.7, 1.0])
    steps *= total / steps.sum()
    kinds = (("touch", 0.4, 0.3), ("queue", 3.1, 1.9), ("off_shift", 70.0, 31.0), ("wait", 610.0, 380.0),
             ("rework", 22.0, 8.0))  # fmt: skip
    told = tuple(TimeKind(k, b, a, a - b, 1.1 * (a - b) - 0.2, 0.9 * (a - b) + 0.2) for k, b, a in kinds)
    spread = Spread(total, total - wide, total, total + wide)
    waterfall = tuple(zip(names, map(float, steps), strict=True))
    return Attribution(claim, reading, unit, spread, shares, waterfall, told, "sampled", 32, 448)


def _sensitivity(claim: str, reading: str, unit: str, output: str, figures: np.ndarray) -> Sensitivity:
    sign = 1.0 if output == "after" else -1.0
    middle = float((figures[:, 1] if output == "after" else figures[:, 0] - figures[:, 1]).mean())
    scale = float(figures[:, 1].std())
    rows = tuple(
        Influence(
            name, u, low, high, likely,
            middle - sign * scale * 1.4 / (place + 1), middle + sign * scale * 1.2 / (place + 1),
            0.5 / (place + 1) ** 1.4, 0.08 / (place + 1) + 0.01,
        )
        for place, (name, u, low, high, likely) in enumerate(UNKNOWNS)
    )  # fmt: skip
    return Sensitivity(claim, reading, unit, output, middle, rows)
