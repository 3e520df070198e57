"""A claim as something to measure: its spec for one network, and its statistic over replications."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import numpy.typing as npt

from sim.engine.records import Records
from sim.errors import InputError
from sim.measures.claims import ClaimSpec, ClaimValues, Population, claim_values, quantile_of, statistic
from sim.measures.clocks import Clock
from sim.measures.statistics import (
    Difference,
    Interval,
    mean_interval,
    paired_difference,
    quantile_interval,
    sectioned_difference,
    share_interval,
)
from sim.network.elements import Network
from sim.scenario.model import Claim

FloatArray = npt.NDArray[np.float64]

#: Seconds of the elapsed units in which claims are stated.
SECONDS = {
    "s": 1.0, "min": 60.0, "h": 3_600.0, "days": 86_400.0, "weeks": 604_800.0, "months": 30.44 * 86_400.0,
    "years": 365.25 * 86_400.0, "share": 86_400.0,
}  # fmt: skip


def spec_of(claim: Claim, network: Network) -> ClaimSpec:
    """Return what `claim` measures in `network`.

    Raises
    ------
    InputError
        If the claim names a calendar that this variant lacks.
    """
    calendar = network.default_calendar
    if claim.calendar is not None:
        names = [c.name for c in network.calendars]
        if claim.calendar not in names:
            raise InputError(
                f'claim {claim.name}: no calendar called "{claim.calendar}"; there are: {", ".join(names)}'
            )
        calendar = names.index(claim.calendar)
    if claim.unit in SECONDS:
        unit = SECONDS[claim.unit]
    elif calendar < 0:
        raise InputError(f"claim {claim.name}: its unit {claim.unit} needs a calendar; add `calendar:`")
    else:
        unit = float(network.calendars[calendar].standard_day) if claim.unit == "working days" else 3_600.0
    within = None
    if claim.within is not None:
        day = float(network.calendars[calendar].standard_day) if calendar >= 0 else 86_400.0
        # Working dates are counted, so their limit is a number of days.
        within = claim.within.base(day) / (day if claim.clock == "working-dates" else unit)
    return ClaimSpec(
        spans=tuple((str(a), str(b)) for a, b in claim.pairs),
        classes=tuple(str(c) for c in claim.class_ or ()),
        outcomes=tuple(str(o) for o in claim.outcome or ()),
        population=Population(claim.population),
        statistic=claim.statistic,
        clock=Clock(claim.clock),
        calendar=calendar,
        unit_seconds=unit,
        within=within,
    )


@dataclass(frozen=True)
class Measured:
    """The cases of a claim over the replications of one variant.

    Attributes
    ----------
    samples : per replication, the value of each case in the claim's unit.
    missing : cases of the population without both marks, all replications together.
    open : those of them still open at the end of the run: with any, a mean is "at least".
    """

    spec: ClaimSpec
    samples: tuple[FloatArray, ...]
    missing: int
    open: int

    @property
    def estimates(self) -> FloatArray:
        """The statistic of each replication."""
        return np.array([statistic(s, self.spec.statistic, self.spec.within) for s in self.samples])

    @property
    def interval(self) -> Interval:
        """The statistic with its confidence interval across replications."""
        p = quantile_of(self.spec.statistic)
        if p is not None:
            return quantile_interval(self.samples, p)
        if self.spec.statistic == "share":
            within = self.spec.within or 0.0
            return share_interval(
                [int((s <= within).sum()) for s in self.samples], [len(s) for s in self.samples]
            )
        return mean_interval(self.estimates)


def measure(claim: Claim, network: Network, records: Sequence[Records]) -> Measured:
    """Measure `claim` in every replication of one variant."""
    spec = spec_of(claim, network)
    return gathered(spec, [claim_values(network, r, spec) for r in records])


def gathered(spec: ClaimSpec, found: Sequence[ClaimValues]) -> Measured:
    """Return what was measured in each replication of one variant, together."""
    return Measured(
        spec, tuple(f.values for f in found), sum(f.missing for f in found), sum(f.open for f in found)
    )


def change(before: Measured, after: Measured, *, ratio: bool) -> Difference:
    """After minus before, paired by replication; with `ratio`, after over before minus one.

    Means are compared replication by replication; quantiles and shares by sectioning.
    """
    if ratio:
        one, other = before.estimates, after.estimates
        with np.errstate(divide="ignore", invalid="ignore"):
            relative = np.where(one != 0, other / one - 1.0, math.nan)
        difference = paired_difference(one, other)
        return replace(difference, interval=mean_interval(relative))
    name, within = before.spec.statistic, before.spec.within
    if name in ("mean", "max"):
        return paired_difference(before.estimates, after.estimates)
    return sectioned_difference(before.samples, after.samples, partial(statistic, name=name, within=within))
