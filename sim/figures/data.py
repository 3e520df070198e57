"""What the figures are drawn from: the runs of each variant and the claims with their documented values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from sim.measures.claims import ClaimSpec
from sim.measures.path import OneCase
from sim.measures.shown import Shown
from sim.measures.statistics import Interval, mean_interval
from sim.network.elements import Network

FloatArray = npt.NDArray[np.float64]
Title = Mapping[str, str]
Documented = float | tuple[float, ...] | None


@dataclass(frozen=True)
class Side:
    """One variant and its replications.

    Attributes
    ----------
    name : ``before`` or ``after`` (any other name is shown as it is).
    network : the elements that ran.
    runs : one per replication; replication r of both sides saw the same cases.
    """

    name: str
    network: Network
    runs: tuple[Shown, ...]


@dataclass(frozen=True)
class FigureClaim:
    """A documented figure next to what was simulated.

    Attributes
    ----------
    claim : its id.
    title : what is claimed, by language.
    unit : unit of all values: ``working days``, ``days``, ``hours``, ``months`` ...
    statistic : ``mean``, ``median``, ``pN``, ``share`` or ``max``.
    comparator : ``exact``, ``at-most``, ``at-least``, ``about`` or ``range``: what is said of "after".
    documented : by side name the value, or the two ends of a range; a missing side has none.
    simulated : by side name, the statistic over all replications, with its interval.
    values : by side name, the claim's value for each case, one array a replication.
    within : for ``share``: the limit, in `unit`.
    clock : ``elapsed``, ``working-time``, ``working-dates``, ``legal``, ``applicant`` or ``touch``.
    specs : by side name, how it is measured, where the split of time and the path are by the first claim;
        empty where they are from arrival to end.
    """

    claim: str
    title: Title
    unit: str
    statistic: str
    comparator: str
    documented: Mapping[str, Documented]
    simulated: Mapping[str, Interval]
    values: Mapping[str, tuple[FloatArray, ...]]
    within: float | None = None
    clock: str = "elapsed"
    specs: Mapping[str, ClaimSpec] = field(default_factory=dict)

    def named(self, lang: str) -> str:
        """Return its title in `lang`."""
        return self.title.get(lang) or self.title.get("en") or self.claim


@dataclass(frozen=True)
class FigureData:
    """All that the figures of one reading of one scenario show.

    Attributes
    ----------
    scenario : its id.
    title : its title, by language.
    sides : before and after, in that order (or a single variant).
    claims : documented figures; without any, the time from arrival to end is shown.
    reading : what to call the reading, by language; empty where there is only one.
    elements : titles of elements and pools by name and language; names stand in for those missing.
    path : the way of one and the same case on each side, in the first replication; None if there is none.
    """

    scenario: str
    title: Title
    sides: tuple[Side, ...]
    claims: tuple[FigureClaim, ...] = ()
    reading: Title = field(default_factory=dict)
    elements: Mapping[str, Title] = field(default_factory=dict)
    path: tuple[OneCase, ...] | None = None

    def named(self, element: str, lang: str) -> str:
        """Return what to call `element` in `lang`."""
        title = self.elements.get(element, {})
        return title.get(lang) or title.get("en") or element.replace("/", " / ")

    def shown_claims(self) -> tuple[FigureClaim, ...]:
        """Return the claims, or, without any, the mean days from arrival to end."""
        return self.claims or (arrival_to_end(self.sides),)

    def subject(self, what: str, lang: str) -> str:
        """Return the line under a figure's finding: the service, its reading, and `what` is shown."""
        title = self.title.get(lang) or self.title.get("en") or self.scenario
        reading = self.reading.get(lang) or self.reading.get("en")
        return f"{title} ({reading}): {what}" if reading else f"{title}: {what}"


def arrival_to_end(sides: tuple[Side, ...]) -> FigureClaim:
    """Return the mean days from arrival to end as something to draw, with nothing documented."""
    values = {side.name: tuple(run.lead_times for run in side.runs) for side in sides}
    simulated = {
        name: mean_interval([float(v.mean()) if len(v) else float("nan") for v in samples])
        for name, samples in values.items()
    }
    return FigureClaim(
        "lead-time",
        {"en": "from arrival to end", "zh": "自受理至办结"},
        "days",
        "mean",
        "exact",
        {},
        simulated,
        values,
    )
