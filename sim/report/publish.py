"""Keeps a replay in the results store: manifest, summary, tables and figures."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa

from sim.evidence.result import ClaimResult, ReadingResult, ReplayResult
from sim.figures.all import draw_all
from sim.figures.data import FigureClaim, FigureData, Side
from sim.measures.combine import Combined, combine, summarise
from sim.network.elements import Network
from sim.report.dial import dial_key
from sim.report.language import Lang
from sim.report.quantities import NAMING_KEYS
from sim.store import results, tables

Kept = Literal["none", "cases", "steps"]
Tell = Callable[[str], None]


def publish(
    result: ReplayResult,
    out: Path,
    *,
    kept: Kept = "cases",
    form: results.Format = "parquet",
    lang: Lang = "en",
    tell: Tell | None = None,
) -> Path:
    """Write one replay under `out` and return its folder.

    Parameters
    ----------
    kept : which tables of records: none, cases, or cases and steps.
    form : of the tables.
    lang : of the figures.
    tell : told in words what is written.
    """
    say = tell or (lambda _message: None)
    scenario = result.scenario
    say(f"{scenario.name}: writing tables and figures")
    with results.new_run(out, scenario.name) as run:
        run.manifest(_manifest(result))
        run.summary({**result.to_json(), "warnings": result.warnings})
        run.table("measures", tables.rows_table(list(_measures(result))), form)
        for name in ("cases", "steps") if kept == "steps" else ("cases",) if kept == "cases" else ():
            run.table(name, pa.concat_tables(_records(result, name), promote_options="default"), form)
        draw_all(figure_data(result, result.readings[0]), run.figures, lang)
    return run.final


def figure_data(result: ReplayResult, reading: ReadingResult) -> FigureData:
    """Return one reading of a replay as what figures are drawn from."""
    tree = result.scenario.raw
    sides = tuple(
        Side(name, network, records)
        for name, network, records in zip(("before", "after"), reading.networks, reading.records, strict=True)
    )
    return FigureData(
        scenario=result.scenario.name,
        title=_plain_title(tree.get("title")),
        sides=sides,
        claims=tuple(_figure_claim(claim) for claim in reading.claims),
        reading=_reading_title(result, reading.reading),
        elements=titles(tree),
    )


def titles(tree: object) -> dict[str, dict[str, str]]:
    """Return the titles of all named things of a scenario's tree, by name and language."""
    found: dict[str, dict[str, str]] = {}
    _collect(tree, "", found)
    return found


def _collect(value: object, key: str, found: dict[str, dict[str, str]]) -> None:
    if isinstance(value, Mapping):
        if "title" in value and (shown := _plain_title(value["title"])):
            name = next((str(value[kind]) for kind in NAMING_KEYS if isinstance(value.get(kind), str)), key)
            found.setdefault(name, shown)
        for inner, child in value.items():
            _collect(child, str(inner), found)
    elif isinstance(value, list):
        for child in value:
            _collect(child, key, found)


def _reading_title(result: ReplayResult, name: str) -> dict[str, str]:
    """Return the title of a reading; empty where the scenario has only one."""
    readings = result.scenario.raw.get("readings") or ()
    own = next((_plain_title(r.get("title")) for r in readings if r.get("reading") == name), {})
    return own or ({"en": name} if len(readings) > 1 else {})


def _plain_title(title: object) -> dict[str, str]:
    if not isinstance(title, Mapping):
        return {}
    return {lang: str(title[lang]) for lang in ("en", "zh") if title.get(lang)}


def _figure_claim(result: ClaimResult) -> FigureClaim:
    claim = result.claim
    spec = result.measured["before"].spec
    documented = {"before": claim.before, "after": claim.after}
    simulated = {"before": result.before, "after": result.after}
    shown = {} if claim.title is None else {"en": str(claim.title.en), "zh": str(claim.title.zh)}
    return FigureClaim(
        claim=str(claim.name),
        title=shown or {"en": str(claim.name)},
        unit=claim.unit,
        statistic=claim.statistic,
        comparator=claim.comparator,
        documented={side: None if isinstance(value, tuple) else value for side, value in documented.items()},
        simulated={side: interval for side, interval in simulated.items() if interval is not None},
        values={side: measured.samples for side, measured in result.measured.items()},
        within=spec.within,
    )


def _manifest(result: ReplayResult) -> dict[str, object]:
    scenario = result.scenario
    network = result.readings[0].networks[0]
    return {
        "kind": "replay",
        "scenario": scenario.name,
        "scenario_hash": scenario.text_hash,
        "written": datetime.now(UTC).replace(microsecond=0),
        "seed": result.seed,
        "reps": {reading.reading: len(reading.records[0]) for reading in result.readings},
        "engine": result.engine,
        "levers": [str(lever.name) for lever in scenario.levers],
        "readings": [reading.reading for reading in result.readings],
        "dials": {
            r.reading: {
                "key": dial_key(scenario, result.seed, len(r.records[0])),
                "values": r.calibration.values,
                "solved": r.calibration.solution.solved,
                "target": r.calibration.solution.target,
                "reached": r.calibration.solution.figure,
            }
            for r in result.readings
            if r.calibration is not None
        },
        "window": window_dates(network),
        "run_seconds": round(result.seconds, 1),
    }


def window_dates(network: Network) -> dict[str, object]:
    """Return the window of a network: seconds from the origin's midnight."""
    first, last = network.window
    return {
        "origin": network.origin,
        "time_zone": network.zone,
        "first_second": first,
        "end_second": last,
        "horizon_second": network.horizon,
    }


def measure_row(measure: Combined) -> dict[str, object]:
    """Return one measure with its interval as a row of a table."""
    interval = asdict(measure.interval)
    return {
        "measure": measure.name,
        "of": measure.of,
        "statistic": measure.statistic,
        "unit": measure.unit,
        "mean": interval["estimate"],
        "low": interval["low"],
        "high": interval["high"],
        "at_least": measure.at_least,
    }


def _measures(result: ReplayResult) -> Iterator[dict[str, Any]]:
    for reading, side, network, records in _sides(result):
        for measure in combine([summarise(network, one) for one in records]):
            yield {"reading": reading, "variant": side, **measure_row(measure)}


def _records(result: ReplayResult, name: str) -> Iterator[pa.Table]:
    make = tables.cases_table if name == "cases" else tables.steps_table
    for reading, side, network, records in _sides(result):
        for replication, one in enumerate(records):
            labels: dict[str, str | int] = {"reading": reading, "variant": side, "replication": replication}
            yield make(network, one, labels).unify_dictionaries()


def _sides(result: ReplayResult) -> Iterator[tuple[str, str, Network, tuple[Any, ...]]]:
    for reading in result.readings:
        for side, network, records in zip(
            ("before", "after"), reading.networks, reading.records, strict=True
        ):
            yield reading.reading, side, network, records
