"""One draw of the inputs: solve its dial on "before", then predict "after" in fresh luck.

Every draw has luck of its own. Within it the dial's values share replication 0; "after" runs in
replication 1, since the documented periods before and after were two periods, and for some draws once more
in replication 2, which shows what luck alone does.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.chance.draws import Draws
from sim.engine.choose import choose
from sim.engine.records import Records
from sim.errors import InputError
from sim.evidence.calibrate import dial_of, target_claim
from sim.evidence.dial import APART, DialSolution, solve_draw
from sim.evidence.figure import measure, spec_of
from sim.evidence.variants import Coalition, variant_of
from sim.measures.checks import check
from sim.measures.claims import elements_measured
from sim.network.build import build
from sim.network.elements import Network
from sim.scenario.load import Scenario
from sim.scenario.model import Claim
from sim.scenario.numbers import Unknown
from sim.scenario.variant import Variant

FloatArray = npt.NDArray[np.float64]

#: Replications of a draw's key: where the dial is solved, "after", and "after" once more.
DIAL_LUCK, FRESH_LUCK, OTHER_LUCK = 0, 1, 2


@dataclass(frozen=True)
class DrawJob:
    """A few draws of one reading.

    Attributes
    ----------
    seed, engine : of the runs.
    first : number of the first draw; they follow each other.
    names : of the unknowns that are drawn.
    values : (draws, names), each in its unknown's unit.
    targets : documented "before" of each draw, within its rounding; NaN: nothing is calibrated.
    starts : first dial value of each draw, in its unit; NaN: the middle of the range.
    elasticity : expected d ln before / d ln dial.
    window : seconds of the window of all runs; None: the scenario's own.
    again : how many of the draws, from the first, run "after" once more.
    """

    scenario: Scenario
    reading: str
    seed: int
    engine: str
    first: int
    names: tuple[str, ...]
    values: FloatArray
    targets: FloatArray
    starts: FloatArray
    elasticity: float
    window: float | None
    again: int


@dataclass(frozen=True)
class DrawRows:
    """What draws gave, one row each.

    Attributes
    ----------
    dial, figure, error, slope : of the solution (see `DialSolution`); NaN without.
    tried : number of dial values run.
    why : why there is no solution; empty if there is one.
    before, after, again : (draws, claims), in each claim's unit.
    open_share : share of the cohort open at the end of "after".
    """

    dial: FloatArray
    figure: FloatArray
    error: FloatArray
    slope: FloatArray
    tried: npt.NDArray[np.int64]
    why: tuple[str, ...]
    before: FloatArray
    after: FloatArray
    again: FloatArray
    open_share: FloatArray


def run_draws(job: DrawJob) -> DrawRows:
    """Do the job."""
    sides = (variant_of(job.scenario, job.reading, Coalition()), variant_of(job.scenario, job.reading, None))
    done = [_Draw(job, i, sides).run() for i in range(len(job.values))]
    return DrawRows(
        dial=np.array([d.solution.value for d in done]),
        figure=np.array([d.solution.figure for d in done]),
        error=np.array([d.solution.error for d in done]),
        slope=np.array([d.solution.slope for d in done]),
        tried=np.array([len(d.solution.tried) for d in done], dtype=np.int64),
        why=tuple(d.solution.why for d in done),
        before=np.array([d.before for d in done]),
        after=np.array([d.after for d in done]),
        again=np.array([d.again for d in done]),
        open_share=np.array([d.open_share for d in done]),
    )


def figures(variant: Variant, network: Network, records: Records) -> list[float]:
    """Return the figure of every claim of `variant` in one run, each in its unit; NaN: nothing to measure."""
    return [_figure(claim, network, records) for claim in variant.model.claims]


def simulate(
    network: Network,
    seed: int,
    draw: int,
    replication: int,
    engine: str,
    trial: Sequence[Claim] | None = None,
) -> Records:
    """Run one replication of a draw and check its laws.

    Parameters
    ----------
    trial : the run looks for something (a value of the dial, a subset of the levers, what would flip a
        verdict) and is one of many of its kind, of which these claims are measured and nothing else: no other
        steps are recorded, and its laws are not checked, which would take a third of its time.
    """
    draws = Draws(seed, draw, replication)
    if trial is not None:
        elements = elements_measured(network, [spec_of(claim, network) for claim in trial])
        return choose(engine).run(network, draws, elements=elements)
    records = choose(engine).run(network, draws)
    check(network, records)
    return records


def _figure(claim: Claim, network: Network, records: Records) -> float:
    return float(measure(claim, network, [records]).estimates[0])


def _between(seen: Mapping[float, list[float]], value: float) -> list[float]:
    """Return the figures at `value` on the line through the nearest value seen and one not too near to it."""
    near = min(seen, key=lambda dial: abs(math.log(dial / value)))
    one = np.array(seen[near])
    others = [dial for dial in seen if abs(math.log(dial / near)) >= APART]
    if near == value or not others:
        return list(map(float, one))
    beyond = min(others, key=lambda dial: abs(math.log(dial / near)))
    share = math.log(value / near) / math.log(beyond / near)
    step = share * (np.array(seen[beyond]) - one)
    return list(map(float, one + np.where(np.isfinite(step), step, 0.0)))


class _Draw:
    """One draw while it is worked on."""

    def __init__(self, job: DrawJob, row: int, sides: tuple[Variant, Variant]) -> None:
        self.job = job
        self.number = job.first + row
        self.inputs: Mapping[str, float] = dict(zip(job.names, map(float, job.values[row]), strict=True))
        self.target = float(job.targets[row])
        self.start = float(job.starts[row])
        self.twice = row < job.again
        self.sides = sides
        count = len(sides[0].model.claims)
        self.before: list[float] = [math.nan] * count
        self.after: list[float] = [math.nan] * count
        self.again: list[float] = [math.nan] * count
        self.open_share = math.nan
        self.solution = DialSolution(math.nan, math.nan, 0.0, math.nan, ())

    def run(self) -> _Draw:
        """Solve, then predict; a draw whose inputs make no model says why."""
        before, after = self.sides
        try:
            dial = None if math.isnan(self.target) else dial_of(before)
            values = dict(self.inputs)
            if dial is not None:
                self.solution = self._solve(before, dial)
                if self.solution.why:
                    return self
                values[dial.name] = self.solution.value
            else:
                self.before = self._simulated(before, values, DIAL_LUCK)[0]
            self.after, self.open_share = self._simulated(after, values, FRESH_LUCK, trial=not self.twice)
            if self.twice:
                self.again = self._simulated(after, values, OTHER_LUCK)[0]
        except InputError as error:
            self.solution = DialSolution(math.nan, math.nan, math.nan, math.nan, (), f"no model: {error}")
        return self

    def _simulated(
        self, variant: Variant, values: Mapping[str, float], replication: int, *, trial: bool = False
    ) -> tuple[list[float], float]:
        network = build(variant, values, window=self.job.window, known=True)
        claims = variant.model.claims if trial else None
        records = simulate(network, self.job.seed, self.number, replication, self.job.engine, claims)
        return figures(variant, network, records), open_share(network, records)

    def _solve(self, before: Variant, dial: Unknown) -> DialSolution:
        """Solve the dial, and leave the figures at the solution in `before`.

        "Before" and "after" have windows of one length: a start from earlier draws makes two or three values
        enough, so a shorter run for the dial alone, checked on the full one, would save nothing.
        """
        claim = target_claim(before)
        assert claim is not None
        place = [str(c.name) for c in before.model.claims].index(str(claim.name))
        seen: dict[float, list[float]] = {}

        def figure(value: float) -> float:
            seen[value], _ = self._simulated(before, {**self.inputs, dial.name: value}, DIAL_LUCK, trial=True)
            return seen[value][place]

        solution = solve_draw(
            figure, self.target, dial.low, dial.high,
            rises=dial.direction != "down",
            start=math.sqrt(dial.low * dial.high) if math.isnan(self.start) else self.start,
            elasticity=self.job.elasticity,
            overload_rises=claim.statistic != "share",
        )  # fmt: skip
        if not solution.why:
            self.before = _between(seen, solution.value)
            self.before[place] = self.target
        return solution


def open_share(network: Network, records: Records) -> float:
    """Return the share of the window's arrivals that are still open when the run ends."""
    cases = records.cases
    first, last = network.window
    cohort = (cases["arrived"] >= first) & (cases["arrived"] < last) & ~cases["initial"]
    return float((cases["ended"][cohort] < 0).mean()) if cohort.any() else 0.0
