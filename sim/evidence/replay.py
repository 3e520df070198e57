"""Replay a scenario: calibrate each reading on "before", run before and after, compare with the claims."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from sim.evidence.calibrate import SOUND, Calibration, DialJob, solve_dial, target_claim
from sim.evidence.figure import Measured, change, gathered, spec_of
from sim.evidence.gather import gather
from sim.evidence.outcome import Outcome, RunJob, Wanted, run_job
from sim.evidence.result import ClaimResult, ReadingResult, ReplayResult, reason
from sim.evidence.study import Study
from sim.measures.claims import ClaimSpec
from sim.measures.shortness import shortness
from sim.measures.statistics import Difference
from sim.network.build import build
from sim.network.elements import Network
from sim.network.load import load_warnings
from sim.runs.jobs import run_jobs
from sim.runs.replicate import Job, Plan, Progress, replicate_by
from sim.runs.where import HERE
from sim.scenario.load import Scenario
from sim.scenario.model import Claim
from sim.scenario.variant import Variant, before_and_after, reading_names

#: The two sides of a reading, by name.
SIDES = ("before", "after")
#: Told (message) as the replay goes on.
Tell = Callable[[str], None]
#: Given a reading when it is ready.
HandOn = Callable[[ReadingResult], None]


def replay(
    scenario: Scenario,
    plan: Plan,
    *,
    readings: Sequence[str] | None = None,
    other_reps: int | None = None,
    study: Study | None = None,
    tell: Tell | None = None,
    progress: Progress | None = None,
    wanted: Wanted | None = None,
    hand_on: HandOn | None = None,
) -> ReplayResult:
    """Replay `scenario` before and after its reform, under each reading.

    Parameters
    ----------
    scenario : what to replay.
    plan : replications or precision of the headline reading, seed, engine, and where they run.
    readings : names; None for all, headline first.
    other_reps : replications of the readings after the first; None: as the headline.
    study : how many draws of the inputs to judge the claims by; None: none, figures at the likeliest only.
    tell : told in words how far it has come.
    progress : told after each run.
    wanted : what is wanted of each run besides its claims and measures; figures of the first reading only.
    hand_on : given each reading, with the outcomes of all its replications, as soon as it is ready.
        The outcomes are let go of afterwards, so that no more than one reading's are in memory.

    Returns
    -------
    ReplayResult
        With the outcomes of all replications, unless they were handed on.
    """
    began = time.perf_counter()
    say = tell or (lambda _message: None)
    count = progress or (lambda _done, _planned, _what: None)
    names = tuple(readings) if readings else reading_names(scenario)
    headline = reading_names(scenario)[0]
    plans = {
        n: plan
        if n == headline or other_reps is None
        else replace(plan, reps=min(other_reps, plan.reps), precision=None)
        for n in names
    }
    say(f"{scenario.name}: setting the dial of {len(names)} reading{'s' if len(names) > 1 else ''}")
    jobs = [DialJob(scenario, n, plans[n]) for n in names]
    dials = run_jobs(solve_dial, jobs, plan.where, say)
    # Variants are made while the dials are being set.
    sides = [before_and_after(scenario, n) for n in names]
    first, others = wanted or Wanted(), replace(wanted or Wanted(), figures=False)
    ready = [
        _ready(scenario, n, plans[n], variants, first if n == names[0] else others, dial)
        for n, variants, dial in zip(names, sides, dials, strict=True)
    ]
    results = []
    engine = ""
    with closing(_fixed_runs(ready, say, count)) as given:
        for one in ready:
            # No name is given to the outcomes here: they would live on while the next reading runs.
            found = _reading(one, None if one.plan.precision is not None else next(given), say, count)
            engine = found.outcomes[0][0].engine
            if study is not None and study.draws:
                found = _with_evidence(one, found, study, one.name == headline, say, count)
            if hand_on is not None:
                hand_on(found)
                found = found.without_outcomes()
            results.append(found)
    seconds = time.perf_counter() - began
    return ReplayResult(scenario, plan.seed, results[0].reps, engine, tuple(results), seconds)


_Runs = tuple[tuple[Outcome, ...], tuple[Outcome, ...]]


@dataclass(frozen=True)
class _Ready:
    """One reading, ready to run: variants and networks before and after, with the dial in them."""

    scenario: Scenario
    name: str
    plan: Plan
    sides: tuple[Variant, Variant]
    wanted: Wanted
    dial: Calibration | None
    networks: tuple[Network, Network]
    specs: tuple[tuple[ClaimSpec, ...], tuple[ClaimSpec, ...]]
    content: tuple[object, ...]

    @property
    def where(self) -> str:
        """Scenario and reading, for messages."""
        return f"{self.scenario.name}, {self.name}"

    def with_dial(self, dial: Calibration | None) -> _Ready:
        """Return the reading with its dial set otherwise."""
        return _ready(self.scenario, self.name, self.plan, self.sides, self.wanted, dial)

    @property
    def claims(self) -> tuple[Claim, ...]:
        """Its claims, in file order."""
        return tuple(self.sides[0].model.claims)

    def jobs(self, replication: int) -> list[RunJob]:
        """Return one replication of before and of after."""
        found = []
        values = {} if self.dial is None else self.dial.values
        for side, network, specs in zip(SIDES, self.networks, self.specs, strict=True):
            job = Job(network, self.plan.seed, replication, self.plan.engine)
            labels: dict[str, str | int] = {"reading": self.name, "variant": side, "replication": replication}
            found.append(RunJob(job, (self.content, values), specs, self.wanted, labels))
        return found

    def measured(self, claim: Claim, runs: Sequence[Sequence[Outcome]]) -> tuple[Measured, Measured]:
        """Return the cases of a claim before and after."""
        place = next(i for i, one in enumerate(self.claims) if one.name == claim.name)
        one, other = (
            gathered(specs[place], [run.claims[place] for run in side])
            for specs, side in zip(self.specs, runs, strict=True)
        )
        return one, other


def _ready(
    scenario: Scenario,
    name: str,
    plan: Plan,
    sides: tuple[Variant, Variant],
    wanted: Wanted,
    dial: Calibration | None,
) -> _Ready:
    networks = _networks(sides, dial)
    one, other = (tuple(spec_of(claim, n) for claim in sides[0].model.claims) for n in networks)
    return _Ready(scenario, name, plan, sides, wanted, dial, networks, (one, other), scenario.content_key())


def _networks(sides: tuple[Variant, Variant], dial: Calibration | None) -> tuple[Network, Network]:
    values = dial.values if dial is not None else {}
    return build(sides[0], values), build(sides[1], values)


def _fixed_runs(readings: Sequence[_Ready], say: Tell, count: Progress) -> Generator[_Runs, None, None]:
    """Yield the outcomes, before and after, of each reading with a fixed number of replications.

    All their runs are one batch, so that no process waits for the end of a reading.
    """
    fixed = [one for one in readings if one.plan.precision is None]
    jobs = [job for one in fixed for r in range(one.plan.reps) for job in one.jobs(r)]
    found = run_jobs(run_job, jobs, fixed[0].plan.where if fixed else HERE, say)
    begun = 0
    for one in fixed:
        yield _gather(one, found, begun, len(jobs), count)
        begun += 2 * one.plan.reps


def _gather(one: _Ready, found: Iterator[Outcome], begun: int, of: int, count: Progress) -> _Runs:
    """Take the outcomes of one reading from those `found`, of which `begun` were taken before."""
    sides: tuple[list[Outcome], list[Outcome]] = ([], [])
    for i in range(2 * one.plan.reps):
        sides[i % 2].append(next(found))
        count(begun + i + 1, of, f"{one.where}, {one.networks[i % 2].variant}")
    return tuple(sides[0]), tuple(sides[1])


def _reading(one: _Ready, given: _Runs | None, say: Tell, count: Progress) -> ReadingResult:
    """Return what one reading shows; `given`: its runs, None to run it to its precision."""
    where, dial = one.where, one.dial
    warnings: list[str] = []
    if dial is not None:
        say(
            f"{where}: dial {dial.dial.name} = {dial.solution.value:.4g} {dial.dial.unit.name}"
            f" after {len(dial.solution.tried)} values tried"
        )
    runs, reached = (given, True) if given is not None else _run(one, say, count)
    if dial is not None and dial.window == "evidence":
        gap = _gap(one, runs, dial)
        if not abs(gap) < SOUND:  # NaN is not sound either
            warnings.append(
                f"{where}: on the full run `before` is {gap:+.1%} from its "
                f"{'documented figure' if dial.solution.solved else 'figure on the evidence window'}, so "
                "that window is too short; the dial was solved on the full run instead"
            )
            say(warnings[-1])
            again = replace(one.plan, reps=1)
            job = DialJob(one.scenario, one.name, again, full=True, start=dial.solution.value)
            (dial,) = run_jobs(solve_dial, [job], again.where, say)
            one = one.with_dial(dial)
            del given, runs  # before as many are made again
            runs, reached = _run(one, say, count)
        else:
            say(
                f"{where}: the evidence window is sound (full run {gap:+.1%} from "
                f"{'documented' if dial.solution.solved else 'it'})"
            )
    if dial is not None and dial.solution.solved:
        gap = _gap(one, runs, dial)
        if not abs(gap) < SOUND:
            warnings.append(
                f"{where}: over all replications `before` is {gap:+.1%} from the documented figure that the "
                "dial was solved for with fewer: take more replications, or a longer window"
            )
    for network in one.networks:
        warnings += [f"{where}, {network.variant}: {w}" for w in (*network.warnings, *load_warnings(network))]
    claims = tuple(_claim(one, claim, runs, warnings) for claim in one.claims)
    if not reached:
        warnings.append(f"{where}: the precision asked for was not reached within the budget")
    told = tuple(dict.fromkeys(warnings))
    return ReadingResult(one.name, len(runs[0]), one.networks, runs, claims, dial, told, reached)


def _with_evidence(
    one: _Ready, found: ReadingResult, study: Study, headline: bool, say: Tell, count: Progress
) -> ReadingResult:
    """Judge the claims of one reading over draws of all that is not known."""
    evidence = gather(
        one.scenario, one.name, found.calibration, one.plan, study,
        headline=headline, tell=say, progress=count,
    )  # fmt: skip
    judged = {j.claim: j for j in evidence.judged}
    claims = tuple(c.with_verdict(judged[str(c.claim.name)]) for c in found.claims)
    warnings = (*found.warnings, *evidence.warnings)
    return replace(found, claims=claims, evidence=evidence, warnings=warnings)


def _run(one: _Ready, say: Tell, count: Progress) -> tuple[_Runs, bool]:
    """Run one reading by itself; tell, too, whether the precision asked for was reached."""

    def half_widths(done: Sequence[Sequence[Outcome]]) -> list[float]:
        widths = []
        for claim in one.claims[:1]:  # the headline claim and its change
            first, other = one.measured(claim, done)
            widths += [first.interval.half_width, other.interval.half_width]
            widths.append(_change(claim, first, other).interval.half_width)
        return widths

    done = replicate_by(
        run_job, one.networks, one.plan, half_widths=half_widths, jobs_of=one.jobs,
        progress=lambda i, of, variant: count(i, of, f"{one.where}, {variant}"), tell=say,
    )  # fmt: skip
    return (done.records[0], done.records[1]), done.reached


def _gap(one: _Ready, runs: _Runs, dial: Calibration) -> float:
    """How far the full run's "before" lies from the figure that the dial was solved for, or else reached.

    Relative to it, unless it is 0.
    """
    claim = target_claim(one.sides[0])
    if claim is None:
        return math.nan
    reference = dial.solution.target if dial.solution.solved else dial.solution.figure
    gap = one.measured(claim, runs)[0].interval.estimate - reference
    return gap / reference if reference else gap


def _change(claim: Claim, one: Measured, other: Measured) -> Difference:
    return change(one, other, ratio=claim.scale == "ratio")


def _claim(reading: _Ready, claim: Claim, runs: _Runs, warnings: list[str]) -> ClaimResult:
    one, other = reading.measured(claim, runs)
    difference = _change(claim, one, other)
    found = {"before": one.interval, "after": other.interval, "change": difference.interval}
    measured = {"before": one, "after": other}
    for side, m in measured.items():
        if len(m.samples) > 1 and all(len(s) > 1 for s in m.samples):
            warning = shortness(m.samples).warning
            if warning:
                warnings.append(f"{reading.where}, {claim.name} {side}: {warning}")
    target = target_claim(reading.sides[0])
    return ClaimResult(
        scenario=reading.scenario.name,
        reading=reading.name,
        claim=claim,
        before=found["before"],
        after=found["after"],
        change=found["change"],
        correlation=difference.correlation,
        measured=measured,
        calibration=reading.dial,
        calibrated_here=target is not None and target.name == claim.name,
        reason=reason(claim, found, reading.dial, measured),
    )
