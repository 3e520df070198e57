"""Replay a scenario: calibrate each reading on "before", run before and after, compare with the claims."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from sim.engine.choose import choose
from sim.engine.records import Records
from sim.evidence.calibrate import SOUND, Calibration, calibrate, target_claim
from sim.evidence.figure import Measured, change, measure
from sim.evidence.result import ClaimResult, ReadingResult, ReplayResult, reason
from sim.measures.shortness import shortness
from sim.measures.statistics import Difference
from sim.network.build import build
from sim.network.elements import Network
from sim.network.load import load_warnings
from sim.runs.jobs import run_jobs
from sim.runs.replicate import Job, Plan, replicate, run_one
from sim.scenario.load import Scenario
from sim.scenario.model import Claim
from sim.scenario.variant import Variant, after, before, reading_names

#: Told (message) as the replay goes on.
Tell = Callable[[str], None]


@dataclass(frozen=True)
class _Dials:
    """A job: solve the dial of one reading."""

    scenario: Scenario
    reading: str
    plan: Plan
    full: bool = False
    start: float | None = None


def _solve(job: _Dials) -> Calibration | None:
    return calibrate(
        job.scenario, before(job.scenario, job.reading), job.plan, full=job.full, start=job.start
    )


def replay(
    scenario: Scenario,
    plan: Plan,
    *,
    readings: Sequence[str] | None = None,
    other_reps: int | None = None,
    tell: Tell | None = None,
) -> ReplayResult:
    """Replay `scenario` before and after its reform, under each reading.

    Parameters
    ----------
    scenario : what to replay.
    plan : replications or precision of the headline reading, seed, processes, engine.
    readings : names; None for all, headline first.
    other_reps : replications of the readings after the first; None: as the headline.
    tell : told in words how far it has come.

    Returns
    -------
    ReplayResult
        With the records of all replications, for figures and tables.
    """
    began = time.perf_counter()
    say = tell or (lambda _message: None)
    names = tuple(readings) if readings else reading_names(scenario)
    headline = reading_names(scenario)[0]
    plans = {
        n: plan
        if n == headline or other_reps is None
        else replace(plan, reps=min(other_reps, plan.reps), precision=None)
        for n in names
    }
    say(f"{scenario.name}: setting the dial of {len(names)} reading{'s' if len(names) > 1 else ''}")
    jobs = [_Dials(scenario, n, plans[n]) for n in names]
    dials = dict(zip(names, run_jobs(_solve, jobs, plan.jobs), strict=True))
    given = _fixed_runs(scenario, dials, plans, say)
    results = [_reading(scenario, name, dials[name], plans[name], given.get(name), say) for name in names]
    reps = len(results[0].records[0])
    return ReplayResult(
        scenario, plan.seed, reps, choose(plan.engine).name, tuple(results), time.perf_counter() - began
    )


_Runs = tuple[tuple[Records, ...], tuple[Records, ...]]
_Both = tuple[tuple[Network, Network], _Runs, bool]


def _fixed_runs(
    scenario: Scenario, dials: Mapping[str, Calibration | None], plans: Mapping[str, Plan], say: Tell
) -> dict[str, _Runs]:
    """Run all readings with a fixed number of replications at once, so that no process waits for another.

    Returns
    -------
    By reading, the records of before and after; readings run to a precision are left out.
    """
    jobs: list[tuple[str, int, Job]] = []
    for name, plan in plans.items():
        if plan.precision is None:
            networks = _networks(scenario, name, dials[name])
            jobs += [
                (name, side, Job(network, plan.seed, r, plan.engine))
                for r in range(plan.reps)
                for side, network in enumerate(networks)
            ]
    done: dict[str, tuple[list[Records], list[Records]]] = {}
    processes = max((plan.jobs for plan in plans.values()), default=1)
    found = run_jobs(run_one, [job for _, _, job in jobs], processes)
    for i, ((name, side, job), records) in enumerate(zip(jobs, found, strict=True)):
        done.setdefault(name, ([], []))[side].append(records)
        say(f"{scenario.name}, {name}: run {i + 1} of {len(jobs)} ({job.network.variant})")
    return {name: (tuple(one), tuple(other)) for name, (one, other) in done.items()}


def _networks(scenario: Scenario, name: str, dial: Calibration | None) -> tuple[Network, Network]:
    values = dial.values if dial is not None else {}
    return build(before(scenario, name), values), build(after(scenario, name), values)


def _reading(
    scenario: Scenario, name: str, dial: Calibration | None, plan: Plan, given: _Runs | None, say: Tell
) -> ReadingResult:
    sides = (before(scenario, name), after(scenario, name))
    where = f"{scenario.name}, {name}"
    warnings: list[str] = []
    if dial is not None:
        say(
            f"{where}: dial {dial.dial.name} = {dial.solution.value:.4g} {dial.dial.unit.name}"
            f" after {len(dial.solution.tried)} values tried"
        )
    networks, records, reached = _run(scenario, name, dial, plan, given, say)
    if dial is not None and dial.window == "evidence":
        gap = _gap(sides[0], networks[0], records[0], dial)
        if not abs(gap) < SOUND:  # NaN is not sound either
            warnings.append(
                f"{where}: on the full run `before` is {gap:+.1%} from its "
                f"{'documented figure' if dial.solution.solved else 'figure on the evidence window'}, so "
                "that window is too short; the dial was solved on the full run instead"
            )
            say(warnings[-1])
            again = _Dials(scenario, name, replace(plan, reps=1), full=True, start=dial.solution.value)
            dial = _solve(again)
            networks, records, reached = _run(scenario, name, dial, plan, None, say)
        else:
            say(
                f"{where}: the evidence window is sound (full run {gap:+.1%} from "
                f"{'documented' if dial.solution.solved else 'it'})"
            )
    if dial is not None and dial.solution.solved:
        gap = _gap(sides[0], networks[0], records[0], dial)
        if not abs(gap) < SOUND:
            warnings.append(
                f"{where}: over all replications `before` is {gap:+.1%} from the documented figure that the "
                "dial was solved for with fewer: take more replications, or a longer window"
            )
    for network in networks:
        warnings += [
            f"{scenario.name}, {name}, {network.variant}: {w}"
            for w in (*network.warnings, *load_warnings(network))
        ]
    claims = tuple(
        _claim(scenario, name, claim, sides, networks, records, dial, warnings)
        for claim in sides[0].model.claims
    )
    if not reached:
        warnings.append(f"{scenario.name}, {name}: the precision asked for was not reached within the budget")
    return ReadingResult(name, networks, records, claims, dial, tuple(dict.fromkeys(warnings)), reached)


def _run(
    scenario: Scenario, name: str, dial: Calibration | None, plan: Plan, given: _Runs | None, say: Tell
) -> _Both:
    networks = _networks(scenario, name, dial)
    if given is not None:
        return networks, given, True
    claims = list(before(scenario, name).model.claims)

    def half_widths(done: Sequence[Sequence[Records]]) -> list[float]:
        widths = []
        for claim in claims[:1]:  # the headline claim and its change
            one, other = (measure(claim, n, r) for n, r in zip(networks, done, strict=True))
            widths += [one.interval.half_width, other.interval.half_width]
            widths.append(_change(claim, one, other).interval.half_width)
        return widths

    done = replicate(
        networks, plan, half_widths=half_widths,
        progress=lambda i, of, variant: say(f"{scenario.name}, {name}: run {i} of {of} ({variant})"),
    )  # fmt: skip
    return networks, (done.records[0], done.records[1]), done.reached


def _gap(variant: Variant, network: Network, records: Sequence[Records], dial: Calibration) -> float:
    """How far the full run's "before" lies from the figure that the dial was solved for, or else reached.

    Relative to it, unless it is 0.
    """
    claim = target_claim(variant)
    if claim is None:
        return math.nan
    reference = dial.solution.target if dial.solution.solved else dial.solution.figure
    gap = measure(claim, network, records).interval.estimate - reference
    return gap / reference if reference else gap


def _change(claim: Claim, one: Measured, other: Measured) -> Difference:
    return change(one, other, ratio=claim.scale == "ratio")


def _claim(
    scenario: Scenario,
    reading: str,
    claim: Claim,
    sides: tuple[Variant, Variant],
    networks: tuple[Network, Network],
    records: tuple[tuple[Records, ...], tuple[Records, ...]],
    dial: Calibration | None,
    warnings: list[str],
) -> ClaimResult:
    one, other = (measure(claim, n, r) for n, r in zip(networks, records, strict=True))
    difference = _change(claim, one, other)
    found = {"before": one.interval, "after": other.interval, "change": difference.interval}
    measured = {"before": one, "after": other}
    for side, m in measured.items():
        if len(m.samples) > 1 and all(len(s) > 1 for s in m.samples):
            warning = shortness(m.samples).warning
            if warning:
                warnings.append(f"{scenario.name}, {reading}, {claim.name} {side}: {warning}")
    target = target_claim(sides[0])
    return ClaimResult(
        scenario=scenario.name,
        reading=reading,
        claim=claim,
        before=found["before"],
        after=found["after"],
        change=found["change"],
        correlation=difference.correlation,
        measured=measured,
        calibration=dial,
        calibrated_here=target is not None and target.name == claim.name,
        reason=reason(claim, found, dial, measured),
    )
