"""Calibrate on "before": solve the dial of one reading at the likeliest inputs.

Where the scenario states an evidence window the dial is solved on that shorter run; whether it may
be used is decided by the full run afterwards (its figure must lie within 5 % of the documented one),
and if it may not, the dial is solved again on the full run.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sim.errors import InputError
from sim.evidence.figure import measure
from sim.evidence.solve import Solution, solve
from sim.network.build import build
from sim.network.elements import Network
from sim.runs.replicate import Job, Plan, run_one
from sim.scenario.load import Scenario
from sim.scenario.model import Claim
from sim.scenario.numbers import Unknown
from sim.scenario.variant import Variant, before

#: The dial is close enough when "before" is met to this share of the documented figure ...
CLOSE = 0.005
#: ... and a shorter window is sound when the full run meets it to this one.
SOUND = 0.05


@dataclass(frozen=True)
class Calibration:
    """How the dial of one reading was set.

    Attributes
    ----------
    claim : whose documented "before" is met.
    dial : the unknown, with range and unit.
    solution : value found, figure there, all that was tried.
    window : "full" or "evidence": the run it was solved on.
    """

    claim: str
    dial: Unknown
    solution: Solution
    window: str

    @property
    def values(self) -> dict[str, float]:
        """The dial's value by name, as `build` takes it."""
        return {self.dial.name: self.solution.value}


@dataclass(frozen=True)
class DialJob:
    """A job: solve the dial of one reading; the fields are those of `calibrate`."""

    scenario: Scenario
    reading: str
    plan: Plan
    full: bool = False
    start: float | None = None


def solve_dial(job: DialJob) -> Calibration | None:
    """Do the job; None where nothing can be calibrated."""
    variant = before(job.scenario, job.reading)
    return calibrate(job.scenario, variant, job.plan, full=job.full, start=job.start)


def target_claim(variant: Variant) -> Claim | None:
    """Return the claim whose documented "before" the dial is solved on; None: not calibrated."""
    if dial_of(variant) is None:
        return None
    usable = [c for c in variant.model.claims if isinstance(c.before, float) and c.calibrate is not False]
    chosen = [c for c in usable if c.calibrate]
    if len(chosen) > 1:
        names = ", ".join(str(c.name) for c in chosen)
        raise InputError(f"one dial can meet one claim, but calibrate: true stands on {names}")
    return next(iter(chosen or usable), None)


def dial_of(variant: Variant) -> Unknown | None:
    """Return the dial of a variant, if it has one."""
    return next((u for u in variant.unknowns if u.kind == "dial"), None)


def calibrate(
    scenario: Scenario, variant: Variant, plan: Plan, *, full: bool = False, start: float | None = None
) -> Calibration | None:
    """Solve the dial of `variant` (a reading's "before") on its documented figure.

    Parameters
    ----------
    scenario, variant : the reading's service before the reform.
    plan : replications (the figure is that of all of them), seed and engine.
    full : use the full run even where an evidence window is stated.
    start : first dial value tried, in the dial's unit.

    Returns
    -------
    Calibration, or None where nothing can be calibrated (no dial, or no documented "before").
    """
    claim = target_claim(variant)
    dial = dial_of(variant)
    if claim is None or dial is None:
        return None
    assert isinstance(claim.before, float)
    evidence = variant.model.run.evidence_window
    window = None if evidence is None or full else evidence.base()
    if window is not None:
        plan = replace(plan, reps=1)  # a sparing search: whether it will do, the full runs show

    def figure(value: float) -> float:
        network = build(variant, {dial.name: value}, window=window)
        return one_figure(claim, network, plan)

    solution = solve(
        figure,
        claim.before,
        dial.low,
        dial.high,
        rises=dial.direction != "down",
        tolerance=CLOSE * abs(claim.before),
        start=start,
        overload_rises=claim.statistic != "share",
    )
    return Calibration(str(claim.name), dial, solution, "full" if window is None else "evidence")


def one_figure(claim: Claim, network: Network, plan: Plan) -> float:
    """Return the claim's statistic in `network` over the plan's replications, as a replay reports it."""
    # One replication's tables at a time: only the values of its cases are kept.
    parts = [
        measure(claim, network, [run_one(Job(network, plan.seed, r, plan.engine))]) for r in range(plan.reps)
    ]
    samples = tuple(sample for part in parts for sample in part.samples)
    return replace(parts[0], samples=samples).interval.estimate
