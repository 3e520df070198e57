"""Turns what a scenario says about its cases into classes, attributes, streams of arrivals and backlogs."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sim.chance.draws import name_key
from sim.errors import InputError
from sim.network.build_laws import Resolver, cumulative, naming
from sim.network.build_nodes import Flattener
from sim.network.build_time import Times
from sim.network.elements import Attribute, Backlog, CaseClass, Stream
from sim.scenario import model_cases as language
from sim.scenario.units import Dimension

#: Name of the one class of a scenario that names none.
ONE_CLASS = "case"


def attributes_of(cases: language.Cases, resolver: Resolver) -> tuple[Attribute, ...]:
    """Return the attributes with their values and cumulative shares."""
    made = []
    for name, values in cases.attributes.items():
        with naming(f"cases.attributes.{name}"):
            shares = cumulative(resolver.shares(list(values.values())))
        made.append(
            Attribute(str(name), name_key(f"cases.attributes.{name}"), tuple(map(str, values)), shares)
        )
    return tuple(made)


def classes_of(
    cases: language.Cases, attributes: Sequence[Attribute], resolver: Resolver
) -> tuple[CaseClass, ...]:
    """Return the classes; one called ``case`` where none is named. Priority follows the file's order."""
    if not cases.classes:
        return (CaseClass(ONE_CLASS, 1.0, 1, (-1,) * len(attributes)),)
    with naming("cases.classes"):
        shares = resolver.shares([c.share for c in cases.classes.values()])
    made = []
    for order, ((name, case_class), share) in enumerate(zip(cases.classes.items(), shares, strict=True), 1):
        fixed = []
        for attribute in attributes:
            value = case_class.attributes.get(attribute.name)  # type: ignore[call-overload]
            fixed.append(-1 if value is None else attribute.values.index(str(value)))
        priority = order if case_class.priority is None else case_class.priority
        made.append(CaseClass(str(name), share, priority, tuple(fixed)))
    return tuple(made)


def streams_of(
    cases: language.Cases,
    classes: Sequence[CaseClass],
    times: Times,
    folder: Path | None,
    warnings: list[str],
) -> tuple[Stream, ...]:
    """Return the streams of arrivals."""
    made = []
    for name, stream in cases.streams.items():
        with naming(f"cases.arrive.{name}"):
            if isinstance(stream, language.ByCount):
                made.append(_by_count(str(name), stream, classes, times))
            else:
                made.append(_recorded(str(name), stream, classes, times, folder, warnings))
    return tuple(made)


def _key(name: str) -> int:
    return name_key(f"cases.arrive.{name}")


def _mix(
    own: Mapping[Any, Any] | None, classes: Sequence[CaseClass], resolver: Resolver
) -> tuple[float, ...]:
    """Return cumulative shares over all classes: a stream's own ones, else those of the classes."""
    if own is None:
        return cumulative([c.share for c in classes])
    given = {str(name): share for name, share in zip(own, resolver.shares(list(own.values())), strict=True)}
    return cumulative([given.get(c.name, 0.0) for c in classes])


def _by_count(name: str, stream: language.ByCount, classes: Sequence[CaseClass], times: Times) -> Stream:
    resolver, span = times.resolver, times.span
    seconds, calendar = times.length(stream.per, stream.during)
    if stream.per.dimension() is Dimension.WORKING:
        seconds = times.calendars[calendar].add_open(span.window[0], seconds) - span.window[0]
    count = resolver.amount(stream.count)
    return Stream(
        name,
        _key(name),
        count=float(round(count)) if stream.exactly else count,
        per=seconds,
        exactly=stream.exactly,
        growth=0.0 if stream.growth is None else resolver.amount(stream.growth),
        rate=times.rate(stream.during, stream.profile, max(span.horizon, span.window[0] + seconds)),
        class_shares=_mix(stream.classes, classes, resolver),
    )


def _recorded(
    name: str,
    stream: language.FromCsv | language.Listed,
    classes: Sequence[CaseClass],
    times: Times,
    folder: Path | None,
    warnings: list[str],
) -> Stream:
    if isinstance(stream, language.Listed):
        rows: list[tuple[datetime, str | None]] = [(when, stream.class_) for when in stream.at]
    else:
        rows = list(read_csv(stream, folder))
    index = {c.name: place for place, c in enumerate(classes)}
    found = []
    for when, case_class in rows:
        if case_class is not None and str(case_class) not in index:
            raise InputError(f"`{case_class}` is no class of cases. Known: {', '.join(index)}.")
        found.append((times.instant(when), -1 if case_class is None else index[str(case_class)]))
    found.sort(key=lambda pair: pair[0])
    outside = sum(not 0 <= t < times.span.horizon for t, _ in found)
    if outside:
        warnings.append(f"cases.arrive.{name}: {outside} of {len(found)} arrivals lie outside the run.")
    return Stream(
        name,
        _key(name),
        count=float(len(found)),
        times=tuple(t for t, _ in found),
        classes=tuple(c for _, c in found),
        class_shares=_mix(None, classes, times.resolver),
    )


def read_csv(stream: language.FromCsv, folder: Path | None) -> Iterator[tuple[datetime, str | None]]:
    """Yield (local time, class or None) of each row of a file of recorded arrivals.

    Raises
    ------
    InputError
        If the file or a column is not there, or a time cannot be read; with file and line.
    """
    path = (folder or Path()) / str(stream.from_csv)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputError(f"{path}: the file of arrivals cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise InputError(
            f"{path}: the file of arrivals is not text in UTF-8. Save it as CSV in UTF-8."
        ) from None
    reader = csv.DictReader(text.splitlines())
    columns = reader.fieldnames or []
    for column in (stream.time, stream.class_):
        if column is not None and str(column) not in columns:
            raise InputError(f"{path}: there is no column `{column}`. Columns: {', '.join(columns)}.")
    for row in reader:
        value = (row.get(str(stream.time)) or "").strip()
        try:
            when = datetime.fromisoformat(value)
        except ValueError:
            what = f"{path}:{reader.line_num}: `{value}` is not a time. Write 2023-02-06 09:30."
            raise InputError(what) from None
        if when.tzinfo is not None:
            raise InputError(f"{path}:{reader.line_num}: `{value}` has a time zone; write local times.")
        yield when, (row.get(str(stream.class_)) or "").strip() if stream.class_ is not None else None


def backlogs_of(
    cases: language.Cases, classes: Sequence[CaseClass], times: Times, nodes: Flattener
) -> tuple[Backlog, ...]:
    """Return the cases open at the start."""
    made: list[Backlog] = []
    resolver = times.resolver
    for backlog in cases.backlog:
        at = str(backlog.at)
        number = sum(b.node == nodes.first.get(at) for b in made) + 1
        with naming(f"cases.backlog.{at}"):
            made.append(
                Backlog(
                    nodes.index_of(at),
                    name_key(f"cases.backlog.{at}" + (f"/{number}" if number > 1 else "")),
                    resolver.count(backlog.count),
                    resolver.duration(backlog.age, times.clock(None)),
                    _mix(backlog.classes, classes, resolver),
                )
            )
    return tuple(made)
