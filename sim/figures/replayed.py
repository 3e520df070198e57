"""What a replay found, as data for the figures."""

from __future__ import annotations

from collections.abc import Iterable

from sim.evidence.result import ClaimResult, ReadingResult, ReplayResult
from sim.figures.data import FigureClaim, FigureData, Side, Title
from sim.measures.statistics import Interval
from sim.scenario.fields import Titles
from sim.scenario.load import Scenario
from sim.scenario.model_process import walk
from sim.scenario.variant import Variant, after, before

SIDES = ("before", "after")


def figure_data(result: ReplayResult) -> dict[str, FigureData]:
    """Return what to draw for each reading of a replay, by its name, headline first."""
    several = len(result.readings) > 1
    return {reading.reading: of_reading(result.scenario, reading, several) for reading in result.readings}


def of_reading(scenario: Scenario, reading: ReadingResult, several: bool = True) -> FigureData:
    """Return what to draw for one reading.

    Parameters
    ----------
    scenario : for the titles.
    several : whether the scenario has more readings, so that this one's must be named.
    """
    sides = tuple(
        Side(name, network, records)
        for name, network, records in zip(SIDES, reading.networks, reading.records, strict=True)
    )
    variants = (before(scenario, reading.reading), after(scenario, reading.reading))
    return FigureData(
        scenario=scenario.name,
        title=_title(variants[0].model.title),
        sides=sides,
        claims=tuple(_claim(claim) for claim in reading.claims),
        reading=_reading_title(variants[0], reading.reading) if several else {},
        elements=_elements(variants),
    )


def _claim(result: ClaimResult) -> FigureClaim:
    claim = result.claim
    intervals: dict[str, Interval | None] = {"before": result.before, "after": result.after}
    specs = {name: measured.spec for name, measured in result.measured.items()}
    return FigureClaim(
        claim=str(claim.name),
        title=_title(claim.title) if claim.title is not None else {"en": str(claim.name)},
        unit=claim.unit,
        statistic=claim.statistic,
        comparator=claim.comparator,
        documented={"before": claim.before, "after": claim.after},
        simulated={name: interval for name, interval in intervals.items() if interval is not None},
        values={name: measured.samples for name, measured in result.measured.items()},
        within=next((spec.within for spec in specs.values()), None),
        clock=claim.clock,
        specs=specs,
    )


def _title(titles: Titles) -> Title:
    return {"en": str(titles.en), "zh": str(titles.zh)}


def _elements(variants: Iterable[Variant]) -> dict[str, Title]:
    """Return the titles of the elements and pools that have one; before goes before after."""
    found: dict[str, Title] = {}
    for variant in variants:
        for name, pool in variant.model.pools.items():
            if pool.title is not None:
                found.setdefault(str(name), _title(pool.title))
        for element in walk(variant.model.process):
            if element.title is not None:
                found.setdefault(str(element.name), _title(element.title))
    return found


def _reading_title(variant: Variant, name: str) -> Title:
    """Return what to call a reading: its title, else its name."""
    for reading in variant.scenario.model.readings:
        if reading.name == name and reading.title is not None:
            return _title(reading.title)
    return {"en": name, "zh": name}
