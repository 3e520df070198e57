"""Builds the network of a variant: flat, frozen, every unknown given a value."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from sim.chance.draws import name_key
from sim.chance.laws import Law, quantile, upper_bound
from sim.errors import InputError
from sim.network.build_cases import attributes_of, backlogs_of, classes_of, streams_of
from sim.network.build_laws import Clock, Resolver, naming
from sim.network.build_nodes import Flattener
from sim.network.build_time import Span, Times, capacity, span_of
from sim.network.build_work import RULES, Names, WorkBuilder
from sim.network.elements import Network, Pool
from sim.network.holds import hold_warnings
from sim.scenario.bind import models, numbers
from sim.scenario.model import ScenarioModel
from sim.scenario.model_process import Wait
from sim.scenario.model_work import Limit, When
from sim.scenario.nearest import near
from sim.scenario.numbers import Assume, Dial
from sim.scenario.units import Dimension
from sim.scenario.variant import unknowns

#: Calendars cover all but this share of the values of a law without an upper bound.
BEYOND = 1e-9
#: Elapsed seconds that a second of working time is taken to last at most, where a cover is chosen.
STRETCH = 6.0
#: Longest time that a law makes calendars cover: 30 years.
LONGEST = 30 * 365.25 * 86400


class BuildableVariant(Protocol):
    """What `build` needs of a variant (``sim.scenario.variant.Variant`` is one)."""

    @property
    def name(self) -> str:
        """Name of the variant."""

    @property
    def model(self) -> ScenarioModel:
        """Its validated model, without for-each."""

    @property
    def scenario(self) -> Any:
        """The scenario; its ``folder`` is where CSV files are."""

    @property
    def reading(self) -> str:
        """Name of its reading."""


def build(
    variant: BuildableVariant,
    values: Mapping[str, float] | None = None,
    *,
    window: float | None = None,
    known: bool = False,
) -> Network:
    """Return the network of a variant.

    Parameters
    ----------
    values : value of unknowns by name, each in its own unit; the others stand at their likely value.
    window : length of the window in seconds, such as that of an evidence window; None for the
        scenario's own.
    known : the names in `values` come from the scenario and are not looked up again.

    Raises
    ------
    InputError
        If these values make no model (shares above 1, a range upside down), with the element's name; for
        the value of an unknown that the scenario does not have.
    """
    model = variant.model
    if values and not known:
        _check_values(values, variant)
    resolver = Resolver(values or {})
    span = span_of(model, window, *_reach(model, resolver))
    times = Times(model, resolver, span)
    attributes = attributes_of(model.cases, resolver)
    classes = classes_of(model.cases, attributes, resolver)
    pools = _pools(model, times)
    names = Names(
        pools={pool.name: pool.index for pool in pools},
        pool_clocks={
            pool.name: Clock(pool.calendar, float(times.calendars[pool.calendar].standard_day))
            for pool in pools
        },
        classes={c.name: place for place, c in enumerate(classes)},
        attributes={a.name: place for place, a in enumerate(attributes)},
        values=[{value: place for place, value in enumerate(a.values)} for a in attributes],
    )
    work = WorkBuilder(resolver, times, names, model.cases.patience)
    with naming("cases.counts"):
        case_counts = work.counts(model.cases.counts)
    flattener = Flattener(work)
    nodes = flattener.flatten(model.process)
    warnings = [*times.warnings(), *hold_warnings(nodes, pools)]
    streams = streams_of(model.cases, classes, times, _folder(variant), warnings)
    backlogs = backlogs_of(model.cases, classes, times, flattener)
    _check_keys(
        [*(f"cases.arrive.{s.name}" for s in streams), *(f"cases.attributes.{a.name}" for a in attributes)]
    )
    return Network(
        scenario=str(model.scenario),
        variant=variant.name,
        origin=span.origin.isoformat(),
        zone=span.zone,
        window=span.window,
        horizon=span.horizon,
        calendars=tuple(times.calendars),
        pools=pools,
        classes=classes,
        attributes=attributes,
        streams=streams,
        backlogs=backlogs,
        counters=tuple(names.counters),
        case_counts=tuple(case_counts.get(i, 0.0) for i in range(len(names.counters))),
        nodes=nodes,
        entry=0,
        withdrawn=flattener.end_index("withdrawn"),
        turned_away=flattener.end_index("turned-away"),
        default_calendar=times.clock(None).index,
        warnings=tuple(warnings),
    )


def _check_values(values: Mapping[str, float], variant: BuildableVariant) -> None:
    """Refuse a name that is no unknown, neither of this variant nor of another one of the scenario.

    The dial of "before" is given to "after" as well, which may have lost the step that it stands in.
    """
    known = {number.unknown().name for number in numbers(variant.model) if isinstance(number, (Assume, Dial))}
    if values.keys() <= known:
        return
    known |= {unknown.name for unknown in variant.scenario.unknowns}
    if not values.keys() <= known:  # rare, and slow to find out: copies by a lever that is not in
        known |= {unknown.name for unknown in unknowns(variant.scenario, variant.reading)}
    for name in values:
        if name not in known:
            raise InputError(f"`{name}` is no unknown of the scenario. {near(name, known, 'unknowns')}")


def _folder(variant: BuildableVariant) -> Path | None:
    folder: Path | None = variant.scenario.folder
    return folder


def _pools(model: ScenarioModel, times: Times) -> tuple[Pool, ...]:
    made = []
    for index, (name, pool) in enumerate(model.pools.items()):
        with naming(f"pools.{name}"):
            groups = [(times.resolver.count(size), times.index[str(on)]) for size, on in pool.shifts]
            if not groups:
                raise InputError("it has neither size nor groups.")
            made.append(
                Pool(
                    index,
                    str(name),
                    capacity(tuple((size, times.calendars[calendar]) for size, calendar in groups)),
                    RULES[pool.queue],
                    -1 if pool.room is None else pool.room,
                    groups[0][1],
                )
            )
    return tuple(made)


def _reach(model: ScenarioModel, resolver: Resolver) -> tuple[float, float]:
    """Return (oldest age of a backlog, longest single delay), in elapsed seconds."""
    age = ahead = 0.0
    for backlog in model.cases.backlog:
        age = max(age, _longest(backlog.age, resolver))
    for element in models(model.process):
        if isinstance(element, Wait):
            ahead = max(ahead, _longest(element.for_, resolver))
        elif isinstance(element, (Limit, When)):
            number = element.within if isinstance(element, Limit) else element.or_after
            stretch = STRETCH if number.dimension() is Dimension.WORKING else 1.0
            ahead = max(ahead, stretch * resolver.seconds(number, Clock(-1, 8 * 3600.0)))
    return min(age, LONGEST), min(ahead, LONGEST)


def _longest(law: Any, resolver: Resolver) -> float:
    working = law.dimension() is Dimension.WORKING
    return (STRETCH if working else 1.0) * _top(resolver.law(law, 8 * 3600.0))


def _top(law: Law) -> float:
    bound = upper_bound(law)
    return bound if math.isfinite(bound) else quantile(law, 1 - BEYOND)


def _check_keys(names: list[str]) -> None:
    seen: dict[int, str] = {}
    for name in names:
        other = seen.setdefault(name_key(name), name)
        if other != name:
            raise InputError(f"`{name}` and `{other}` have the same 32-bit hash; rename one of them.")


__all__ = ["BuildableVariant", "Span", "build"]
