"""What would flip a verdict: the break-even value of the input that matters most, and staffing.

Both are looked for at the likeliest inputs, by simulation, with the dial solved anew where "before" is
documented. Luck is that of replication 0 throughout.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from sim.errors import InputError
from sim.evidence.calibrate import dial_of, target_claim
from sim.evidence.dial import solve_draw
from sim.evidence.draw import DIAL_LUCK, figures, simulate
from sim.evidence.finding import BreakEven, StaffNeeded
from sim.evidence.inputs import quantile
from sim.evidence.variants import Coalition, variant_of
from sim.network.build import build
from sim.network.elements import Network
from sim.scenario.load import Scenario
from sim.scenario.numbers import Unknown
from sim.scenario.variant import Variant

#: Factor of all staff that stands for "never waited for".
UNLIMITED = 50
#: Factors of staff tried before that, ascending.
FACTORS = (1.25, 1.5, 2.0, 3.0, 5.0, 10.0)


@dataclass(frozen=True)
class FlipJob:
    """One verdict to flip.

    Attributes
    ----------
    place : of the claim in the model; ``documented`` its figure before, NaN if nothing is calibrated.
    start : dial at the likeliest inputs, in its unit; NaN if there is none.
    edge : of the region, that would have to be reached, in the claim's unit.
    side, ratio : which figure is judged.
    unknown : the most influential input; None to look at staffing alone.
    """

    scenario: Scenario
    reading: str
    seed: int
    engine: str
    place: int
    documented: float
    start: float
    elasticity: float
    edge: float
    region: tuple[float, float]
    side: str
    ratio: bool
    unknown: Unknown | None


@dataclass(frozen=True)
class Flipped:
    """What was found."""

    break_even: BreakEven | None
    staff: StaffNeeded | None


def flip(job: FlipJob) -> Flipped:
    """Do the job."""
    return Flipped(_break_even(job), _staff(job))


def _break_even(job: FlipJob) -> BreakEven | None:
    """Find where the judged figure meets the edge: the ends of the range, then halving."""
    u = job.unknown
    if u is None:
        return None
    low, high = (float(v) for v in quantile(u, np.array([0.01, 0.99])))
    points: list[tuple[float, float]] = []

    def at(value: float) -> float:
        figure = _figure(job, {u.name: value})
        points.append((value, figure))
        return figure

    first, last = at(low), at(high)
    if math.isnan(first) or math.isnan(last):
        return None
    value = None
    if (first - job.edge) * (last - job.edge) <= 0 and first != last:
        a, fa, b, fb = low, first - job.edge, high, last - job.edge
        for _ in range(4):
            middle = a + (b - a) * fa / (fa - fb)
            middle = min(max(middle, a + 0.1 * (b - a)), b - 0.1 * (b - a))
            f = at(middle) - job.edge
            if math.isnan(f):
                break
            if (f < 0) == (fa < 0):
                a, fa = middle, f
            else:
                b, fb = middle, f
        value = a + (b - a) * fa / (fa - fb)
    return BreakEven(u.name, u.unit.name, u.likely, low, high, value, job.edge, first, last)


def _figure(job: FlipJob, values: Mapping[str, float]) -> float:
    """Return the judged figure at the likeliest inputs but for `values`, the dial solved anew."""
    before = variant_of(job.scenario, job.reading, Coalition())
    after = variant_of(job.scenario, job.reading, None)
    inputs = dict(values)

    def simulated(variant: Variant, given: Mapping[str, float], place: int) -> float:
        network = build(variant, given, known=True)
        records = simulate(network, job.seed, 0, DIAL_LUCK, job.engine, variant.model.claims)
        return figures(variant, network, records)[place]

    try:
        dial = dial_of(before)
        if dial is not None and math.isfinite(job.documented) and dial.name not in values:
            claim = target_claim(before)
            assert claim is not None
            place = [str(c.name) for c in before.model.claims].index(str(claim.name))

            solution = solve_draw(
                lambda value: simulated(before, {**inputs, dial.name: value}, place),
                job.documented, dial.low, dial.high, rises=dial.direction != "down",
                start=job.start, elasticity=job.elasticity,
                overload_rises=claim.statistic != "share", close=0.01,
            )  # fmt: skip
            if solution.why:
                return math.nan
            inputs[dial.name] = solution.value
        reached = simulated(after, inputs, job.place)
        if job.side == "after":
            return reached
        start = simulated(before, inputs, job.place)
        if not job.ratio:
            return reached - start
        return reached / start - 1.0 if start else math.nan
    except InputError:
        return math.nan


def _staff(job: FlipJob) -> StaffNeeded | None:
    """Find how much more staff "after" would need; None where the claim judges a change."""
    if job.side != "after":
        return None
    after = variant_of(job.scenario, job.reading, None)
    inputs = {} if math.isnan(job.start) else {str(_dial_name(job)): job.start}
    network = build(after, inputs, known=True)

    def figure(factor: float) -> float:
        grown = network if factor == 1 else with_staff(network, factor)
        records = simulate(grown, job.seed, 0, DIAL_LUCK, job.engine, after.model.claims)
        return figures(after, grown, records)[job.place]

    def meets(value: float) -> bool:
        return job.region[0] <= value <= job.region[1]

    unlimited, now = figure(UNLIMITED), figure(1)
    if meets(now):
        return StaffNeeded(1.0, unlimited)
    rises = after.model.claims[job.place].statistic == "share"
    if math.isfinite(now) and (job.edge > now) != rises:
        return None  # more staff shortens times and raises shares in time: here that leads away
    if not meets(unlimited):
        return StaffNeeded(None, unlimited)
    return StaffNeeded(next((f for f in FACTORS if meets(figure(f))), float(UNLIMITED)), unlimited)


def _dial_name(job: FlipJob) -> str:
    dial = dial_of(variant_of(job.scenario, job.reading, Coalition()))
    return dial.name if dial is not None else ""


def with_staff(network: Network, factor: float) -> Network:
    """Return the network with every pool's head-count multiplied, rounded up."""
    pools = [
        replace(
            pool,
            capacity=replace(pool.capacity, values=tuple(_grown(v, factor) for v in pool.capacity.values)),
        )
        for pool in network.pools
    ]
    return replace(network, pools=tuple(pools))


def _grown(head_count: float, factor: float) -> int:
    return math.ceil(head_count * factor - 1e-9)
