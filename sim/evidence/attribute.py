"""Which part of a reform does what: Shapley values of levers and context, over resampled draws.

The value of a part is its mean change of the claim's figure over all orders in which the parts can be put
in (L. S. Shapley, 1953), so the values add up to the whole change. ``sampled`` takes one random order and
its reverse in each draw, whose changes add up in each of them (antithetic permutation sampling); ``exact``
runs every subset. All subsets of one draw share their luck.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from sim.errors import InputError
from sim.evidence.draw import FRESH_LUCK, figures, simulate
from sim.evidence.figure import spec_of
from sim.evidence.finding import Attribution, Share, TimeKind
from sim.evidence.variants import Coalition, variant_of
from sim.evidence.weigh import HIGH, LOW, spread
from sim.measures.claims import claim_split
from sim.measures.split import KINDS
from sim.network.build import build
from sim.network.load import offered_load
from sim.scenario.load import Scenario
from sim.scenario.model import Claim

FloatArray = npt.NDArray[np.float64]

#: Name of the context among the parts.
CONTEXT = "context"
#: Resampled draws that an attribution rests on.
DRAWS = 32


@dataclass(frozen=True)
class AttributionJob:
    """The subsets that one draw runs.

    Attributes
    ----------
    draw : its number, which is its luck; ``inputs`` the value of every unknown, the dial included.
    parts : all parts, the context first if there is one.
    orders : orders of the parts (as places in `parts`) along which subsets are run; None: all subsets.
    window : seconds; None: the scenario's own.
    """

    scenario: Scenario
    reading: str
    seed: int
    engine: str
    draw: int
    inputs: Mapping[str, float]
    parts: tuple[str, ...]
    orders: tuple[tuple[int, ...], ...] | None
    window: float | None


@dataclass(frozen=True)
class AttributionRows:
    """What one draw gave.

    Attributes
    ----------
    values : (parts, claims) Shapley values, in each claim's unit.
    steps : (parts, claims) changes when the parts are put in in their own order; NaN if not run.
    totals : (claims,) all parts in, minus none.
    kinds : (2, claims, kinds) mean seconds per case of each kind of time, before and after.
    overloaded : (parts,) whether a subset that the value rests on was overloaded.
    runs : simulated runs.
    """

    values: FloatArray
    steps: FloatArray
    totals: FloatArray
    kinds: FloatArray
    overloaded: npt.NDArray[np.bool_]
    runs: int


def run_attribution(job: AttributionJob) -> AttributionRows:
    """Do the job."""
    worth = _Worth(job)
    count = len(job.parts)
    if job.orders is None:
        values = shapley_exact(count, worth)
        used = {frozenset(s) for n in range(count + 1) for s in combinations(range(count), n)}
    else:
        values = shapley_along(count, job.orders, worth)
        used = {frozenset(order[:n]) for order in job.orders for n in range(count + 1)}
    steps = shapley_along(count, (tuple(range(count)),), worth)
    overloaded = np.array([any(s in worth.overloaded for s in _around(used, p)) for p in range(count)])
    whole = frozenset(range(count))
    return AttributionRows(
        values=values,
        steps=steps,
        totals=worth(whole) - worth(frozenset()),
        kinds=np.array([worth.kinds(frozenset()), worth.kinds(whole)]),
        overloaded=overloaded,
        runs=worth.runs,
    )


#: The figures of the claims with some of the parts in.
Worth = Callable[[frozenset[int]], FloatArray]


def shapley_along(count: int, orders: Iterable[Sequence[int]], worth: Worth) -> FloatArray:
    """Return the mean change that each part makes along some orders.

    Parameters
    ----------
    count : number of parts.
    orders : each holds every part once.
    worth : figures (one value a claim) of a subset of the parts.

    Returns
    -------
    (count, claims) changes, which add up over the parts to worth(all) - worth(none).
    """
    orders = list(orders)
    rows = np.zeros((count, len(worth(frozenset()))))
    for order in orders:
        inside: set[int] = set()
        last = worth(frozenset())
        for part in order:
            inside.add(part)
            now = worth(frozenset(inside))
            rows[part] += (now - last) / len(orders)
            last = now
    return rows


def shapley_exact(count: int, worth: Worth) -> FloatArray:
    """Return exact Shapley values, (count, claims), from all 2**count subsets."""
    rows = np.zeros((count, len(worth(frozenset()))))
    for part in range(count):
        others = [p for p in range(count) if p != part]
        for size in range(count):
            weight = 1.0 / (count * math.comb(count - 1, size))
            for subset in combinations(others, size):
                rows[part] += weight * (worth(frozenset((*subset, part))) - worth(frozenset(subset)))
    return rows


def parts_of(scenario: Scenario, reading: str) -> tuple[str, ...]:
    """Return the parts of a reading's change: the context, if it has one, and the levers in file order."""
    whole = variant_of(scenario, reading, None)
    context = (CONTEXT,) if whole.context and scenario.contexts else ()
    return (*context, *whole.levers)


def orders_of(count: int, draw: int, seed: int) -> tuple[tuple[int, ...], ...]:
    """Return a random order of `count` parts for one draw, and its reverse."""
    order = np.random.default_rng([seed, draw, 0x54A91]).permutation(count)
    forward = tuple(int(p) for p in order)
    return (forward,) if count < 2 else (forward, forward[::-1])


def attributions(
    claims: Sequence[Claim],
    reading: str,
    parts: Sequence[str],
    rows: Sequence[AttributionRows],
    *,
    exact: bool,
) -> tuple[Attribution, ...]:
    """Return the attribution of each claim, from the rows of all resampled draws (of equal weight)."""
    found = []
    equal = np.full(len(rows), 1.0 / max(len(rows), 1))
    for c, claim in enumerate(claims):
        totals = np.array([r.totals[c] for r in rows])
        usable = np.isfinite(totals) & np.array([np.isfinite(r.values[:, c]).all() for r in rows])
        if not usable.any():
            continue
        kept = [r for r, ok in zip(rows, usable, strict=True) if ok]
        weights = equal[: len(kept)] * len(rows) / len(kept)
        shares = []
        for p, part in enumerate(parts):
            each = spread(np.array([r.values[p, c] for r in kept]), weights)
            overloaded = any(r.overloaded[p] for r in kept)
            kind = "context" if part == CONTEXT else "lever"
            shares.append(Share(part, kind, each.mean, each.low, each.high, overloaded))
        waterfall = tuple(
            (part, float(np.mean([r.steps[p, c] for r in kept]))) for p, part in enumerate(parts)
        )
        found.append(
            Attribution(
                claim=str(claim.name),
                reading=reading,
                unit=claim.unit,
                total=spread(totals[usable], weights),
                shares=tuple(shares),
                waterfall=waterfall,
                kinds=_kinds(np.array([r.kinds[:, c] for r in kept])) if claim.statistic == "mean" else (),
                method="exact" if exact else "sampled",
                draws=len(kept),
                runs=sum(r.runs for r in rows),
            )
        )
    return tuple(found)


def _kinds(seconds: FloatArray) -> tuple[TimeKind, ...]:
    """Return the kinds of time from (draws, 2, kinds) mean seconds."""
    days = seconds / 86_400.0
    made = []
    for k, kind in enumerate(KINDS):
        change = days[:, 1, k] - days[:, 0, k]
        low, high = np.quantile(change, (LOW, HIGH))
        before, after = days[:, 0, k].mean(), days[:, 1, k].mean()
        made.append(
            TimeKind(kind, float(before), float(after), float(change.mean()), float(low), float(high))
        )
    return tuple(made)


def _around(used: set[frozenset[int]], part: int) -> list[frozenset[int]]:
    """Return the subsets run that differ in `part` alone from another one that was run."""
    return [s for s in used if s ^ {part} in used]


class _Worth:
    """Figures of the claims by subset, each run once."""

    def __init__(self, job: AttributionJob) -> None:
        self.job = job
        self.runs = 0
        self.overloaded: set[frozenset[int]] = set()
        self._known: dict[frozenset[int], FloatArray] = {}
        self._kinds: dict[frozenset[int], FloatArray] = {}
        self._ends = (frozenset[int](), frozenset(range(len(job.parts))))

    def __call__(self, subset: frozenset[int]) -> FloatArray:
        if subset not in self._known:
            self._run(subset)
        return self._known[subset]

    def kinds(self, subset: frozenset[int]) -> FloatArray:
        """Mean seconds of each kind of time, (claims, kinds), with no part in or all of them."""
        self(subset)
        return self._kinds[subset]

    def _run(self, subset: frozenset[int]) -> None:
        job = self.job
        names = [job.parts[p] for p in sorted(subset)]
        coalition = Coalition(tuple(n for n in names if n != CONTEXT), CONTEXT in names)
        variant = variant_of(job.scenario, job.reading, coalition)
        try:
            network = build(variant, job.inputs, window=job.window, known=True)
        except InputError:  # these inputs make no model with these parts alone
            self._known[subset] = np.full(len(variant.model.claims), math.nan)
            self._kinds[subset] = np.full((len(variant.model.claims), len(KINDS)), math.nan)
            return
        trial = None if subset in self._ends else variant.model.claims
        records = simulate(network, job.seed, job.draw, FRESH_LUCK, job.engine, trial)
        self.runs += 1
        self._known[subset] = np.array(figures(variant, network, records))
        if any(load.ratio >= 1.0 for load in offered_load(network)):
            self.overloaded.add(subset)
        if subset in self._ends:
            splits = [claim_split(network, records, spec_of(c, network)) for c in variant.model.claims]
            self._kinds[subset] = np.array([_mean_kinds(table) for table in splits])


def _mean_kinds(table: npt.NDArray[np.void]) -> FloatArray:
    if not len(table):
        return np.full(len(KINDS), math.nan)
    return np.array([float(table[kind].mean()) for kind in KINDS])
