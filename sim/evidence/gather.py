"""All the evidence of one reading: draws, verdicts, what would flip them, attribution, sensitivity."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from sim.evidence.attribute import (
    DRAWS,
    AttributionJob,
    attributions,
    orders_of,
    parts_of,
    run_attribution,
)
from sim.evidence.calibrate import Calibration
from sim.evidence.drawing import Drawn, elasticity_of, make_draws
from sim.evidence.finding import Attribution, Evidence, Judged, Sensitivity, Verdict
from sim.evidence.flip import FlipJob, flip
from sim.evidence.influence import sensitivity
from sim.evidence.judge import Predicted, judge
from sim.evidence.study import Study
from sim.evidence.weigh import resampled
from sim.runs.jobs import run_jobs
from sim.runs.replicate import Plan, Progress
from sim.scenario.load import Scenario
from sim.scenario.model import Claim
from sim.scenario.variant import before

FloatArray = npt.NDArray[np.float64]


def gather(
    scenario: Scenario,
    reading: str,
    calibration: Calibration | None,
    plan: Plan,
    study: Study,
    *,
    headline: bool,
    tell: Callable[[str], None],
    progress: Progress,
) -> Evidence:
    """Make the draws of one reading and say what they show.

    Parameters
    ----------
    calibration : of the likeliest inputs; None: nothing is calibrated.
    plan : seed, engine and where to run; its replications play no part.
    headline : the headline reading gets all draws and the attribution.
    """
    tell(f"{scenario.name}, {reading}: drawing what is not known")
    began = time.perf_counter()
    first, most = study.budget(headline=headline)
    short = _short(scenario, reading, calibration)
    drawn = make_draws(
        scenario, reading, calibration,
        seed=plan.seed, engine=plan.engine, where=plan.where,
        draws=first, most=most, window=None if headline else short,
        count=lambda done, of: progress(done, of, f"{scenario.name}, {reading}, draws"), tell=tell,
    )  # fmt: skip
    each = (time.perf_counter() - began) / max(_runs(drawn), 1)
    claims = list(before(scenario, reading).model.claims)
    judged, sensitivities = [], []
    for i, claim in enumerate(claims):
        one = _judged(claim, i, reading, drawn, plan.seed)
        judged.append(one)
        if study.explain and one.region is not None:
            sensitivities += _sensitivities(claim, i, reading, drawn, plan.seed, study.total)
    if headline and study.explain:
        judged = _flipped(scenario, reading, calibration, plan, claims, judged, sensitivities, drawn, tell)
    attributed: tuple[Attribution, ...] = ()
    if headline and study.attribution != "none" and drawn.weights.sum() > 0:
        attributed = _attributed(scenario, reading, drawn, plan, study, claims, each, short, tell, progress)
    dial = () if drawn.dial is None else (drawn.dial.name,)
    return Evidence(
        reading=reading,
        judged=tuple(judged),
        attributions=attributed,
        sensitivities=tuple(sensitivities),
        names=tuple(u.name for u in drawn.unknowns) + dial,
        values=np.column_stack([drawn.values, drawn.rows.dial]) if dial else drawn.values,
        weights=drawn.weights,
        figures={
            str(c.name): np.column_stack([drawn.rows.before[:, i], drawn.rows.after[:, i]])
            for i, c in enumerate(claims)
        },
        warnings=tuple(_warnings(scenario, reading, drawn, short, headline=headline)),
    )


def _runs(drawn: Drawn) -> int:
    """Return how many runs the draws took."""
    after = np.isfinite(drawn.rows.after).any(axis=1).sum() + np.isfinite(drawn.rows.again).any(axis=1).sum()
    return int(drawn.rows.tried.sum() + after)


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"


def _predicted(place: int, drawn: Drawn) -> Predicted:
    rows = drawn.rows
    return Predicted(rows.before[:, place], rows.after[:, place], rows.again[:, place], drawn.weights)


def _judged(claim: Claim, place: int, reading: str, drawn: Drawn, seed: int) -> Judged:
    known = np.isfinite(drawn.rows.open_share)
    open_share = float(drawn.rows.open_share[known].mean()) if known.any() else 0.0
    return judge(
        claim, reading, _predicted(place, drawn), drawn.count,
        calibrated=drawn.dial is not None, seed=seed, open_share=open_share,
    )  # fmt: skip


def _sensitivities(
    claim: Claim, place: int, reading: str, drawn: Drawn, seed: int, total: bool
) -> list[Sensitivity]:
    predicted = _predicted(place, drawn)
    outputs = {"after": predicted.after, "saving": predicted.before - predicted.after}
    found = (
        sensitivity(
            str(claim.name), reading, claim.unit, name,
            drawn.unknowns, drawn.values, figure, drawn.weights, seed, total=total,
        )
        for name, figure in outputs.items()
    )  # fmt: skip
    return [one for one in found if one is not None]


def _flipped(
    scenario: Scenario,
    reading: str,
    calibration: Calibration | None,
    plan: Plan,
    claims: list[Claim],
    judged: list[Judged],
    sensitivities: list[Sensitivity],
    drawn: Drawn,
    tell: Callable[[str], None],
) -> list[Judged]:
    """Look for what would flip each verdict that there is."""
    places, jobs = [], []
    for i, (claim, one) in enumerate(zip(claims, judged, strict=True)):
        found = one.after if one.side == "after" else one.change
        if one.region is None or found is None or one.verdict is Verdict.NOT_TESTABLE:
            continue
        most = next((s for s in sensitivities if s.claim == one.claim and s.output == "after"), None)
        name = most.rows[0].name if most is not None and most.rows else ""
        documented = calibration.solution.target if calibration is not None else math.nan
        jobs.append(
            FlipJob(
                scenario, reading, plan.seed, plan.engine, i,
                documented,
                calibration.solution.value if calibration is not None else math.nan,
                elasticity_of(drawn.rows, 1.0), _edge(found.middle, one.region), one.region, one.side,
                claim.scale == "ratio", next((u for u in drawn.unknowns if u.name == name), None),
            )
        )  # fmt: skip
        places.append(i)
    if jobs:
        tell(f"{scenario.name}, {reading}: looking for what would flip the verdict")
    done = list(judged)
    for i, flipped in zip(places, run_jobs(flip, jobs, plan.where, tell), strict=True):
        done[i] = replace(done[i], break_even=flipped.break_even, staff=flipped.staff)
    return done


def _edge(middle: float, region: tuple[float, float]) -> float:
    """Return the edge of the region that is nearer: the one that would have to be crossed."""
    return min((e for e in region if math.isfinite(e)), key=lambda e: abs(e - middle))


def _attributed(
    scenario: Scenario,
    reading: str,
    drawn: Drawn,
    plan: Plan,
    study: Study,
    claims: list[Claim],
    each: float,
    window: float | None,
    tell: Callable[[str], None],
    progress: Progress,
) -> tuple[Attribution, ...]:
    parts = parts_of(scenario, reading)
    if not parts:
        return ()
    exact = study.attribution == "exact" or 2 ** len(parts) <= 2 * (len(parts) + 1)
    chosen = resampled(drawn.weights, min(DRAWS, int((drawn.weights > 0).sum())), plan.seed)
    jobs = [
        AttributionJob(
            scenario, reading, plan.seed, plan.engine, int(row), drawn.inputs(int(row)), parts,
            None if exact else orders_of(len(parts), place, plan.seed), window,
        )
        for place, row in enumerate(chosen)
    ]  # fmt: skip
    runs = 2 ** len(parts) if exact else 3 * (len(parts) - 1) + 2
    tell(
        f"{scenario.name}, {reading}: attributing the change to {len(parts)} parts, "
        f"{runs * len(jobs)} runs or fewer, about {_duration(runs * len(jobs) * each)}"
    )
    rows = []
    for i, found in enumerate(run_jobs(run_attribution, jobs, plan.where, tell)):
        rows.append(found)
        progress(i + 1, len(jobs), f"{scenario.name}, {reading}, attribution")
    return attributions(claims, reading, parts, rows, exact=exact)


def _short(scenario: Scenario, reading: str, calibration: Calibration | None) -> float | None:
    """Return the evidence window in seconds, where one is stated and the full run has found it sound."""
    window = before(scenario, reading).model.run.evidence_window
    sound = calibration is not None and calibration.window == "evidence"
    return window.base() if window is not None and sound else None


def _warnings(
    scenario: Scenario, reading: str, drawn: Drawn, short: float | None, *, headline: bool
) -> list[str]:
    count = drawn.count
    where = f"{scenario.name}, {reading}"
    warnings = [f"{where}: {n} of {count.made} draws have no solution: {why}" for why, n in count.unsolved]
    if short is not None:
        runs = "the attribution ran" if headline else "the draws ran"
        warnings.append(f"{where}: {runs} on the evidence window of {short / 604_800:g} weeks")
    if drawn.dial is not None and count.effective < 30:
        warnings.append(
            f"{where}: the ranges rarely reproduce `before`: {count.effective:.0f} effective draws of "
            f"{count.made} (30 are needed)"
        )
    return warnings
