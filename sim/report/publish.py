"""Keeps a replay in the results store: manifest, summary, tables and figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa

from sim.engine.records import Records
from sim.evidence.result import ClaimResult, ReadingResult, ReplayResult
from sim.figures.data import FigureClaim, FigureData, Side
from sim.measures.combine import combine, summarise
from sim.network.elements import Network
from sim.report.dial import dial_key
from sim.report.language import Lang
from sim.report.quantities import NAMING_KEYS
from sim.report.run_view import measure_row
from sim.scenario.load import Scenario
from sim.store import results, tables
from sim.store.again import KEY
from sim.store.pieces import Pieces, pieces

Kept = Literal["none", "cases", "steps"]


class Publisher:
    """Writes one replay into an open run of the store, reading by reading.

    Nothing of a reading's records is kept once it is added.
    """

    def __init__(self, scenario: Scenario, run: results.RunWriter, form: results.Format, lang: Lang) -> None:
        self._scenario = scenario
        self._run = run
        self._form = form
        self._lang = lang
        self._measures: list[dict[str, Any]] = []
        self._tables: dict[str, Pieces] = {}

    def open(self, name: str, table: Pieces) -> None:
        """Name a table of records that is to be kept: ``cases`` or ``steps``."""
        self._tables[name] = table

    def add(self, reading: ReadingResult) -> None:
        """Write the records and measures of one reading; the first one's figures too."""
        if not self._measures:
            from sim.figures.all import draw_all  # Matplotlib, which no other command needs

            draw_all(figure_data(self._scenario, reading), self._run.figures, self._lang)
        self._measures += _measures(reading)
        for name, table in self._tables.items():
            for piece in _records(reading, name):
                table.add(piece)

    def finish(self, result: ReplayResult, key: str = "") -> None:
        """Write the manifest, the summary and the measures, when all readings are added.

        Parameters
        ----------
        key : of the inputs, by which the replay is found again.
        """
        self._run.manifest({**_manifest(result), KEY: key})
        self._run.summary({**result.to_json(), "warnings": result.warnings})
        self._run.table("measures", tables.rows_table(self._measures), self._form)


@contextmanager
def publishing(
    scenario: Scenario,
    out: Path,
    *,
    kept: Kept = "cases",
    form: results.Format = "parquet",
    lang: Lang = "en",
) -> Iterator[tuple[Publisher, Path]]:
    """Open a new run under `out` for a replay of `scenario`; yield its publisher and its final folder.

    Parameters
    ----------
    kept : which tables of records: none, cases, or cases and steps.
    form : of the tables.
    lang : of the figures.
    """
    names = {"none": (), "cases": ("cases",), "steps": ("cases", "steps")}[kept]
    with results.new_run(out, scenario.name) as run, ExitStack() as open_tables:
        made = Publisher(scenario, run, form, lang)
        for name in names:
            made.open(name, open_tables.enter_context(pieces(run.folder / f"{name}.{form}")))
        yield made, run.final


def figure_data(scenario: Scenario, reading: ReadingResult) -> FigureData:
    """Return one reading of a replay as what figures are drawn from."""
    tree = scenario.raw
    sides = tuple(Side(name, network, records) for name, network, records in _sides(reading))
    return FigureData(
        scenario=scenario.name,
        title=_plain_title(tree.get("title")),
        sides=sides,
        claims=tuple(_figure_claim(claim) for claim in reading.claims),
        reading=_reading_title(scenario, reading.reading),
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


def _reading_title(scenario: Scenario, name: str) -> dict[str, str]:
    """Return the title of a reading; empty where the scenario has only one."""
    readings = scenario.raw.get("readings") or ()
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
        "reps": {reading.reading: reading.reps for reading in result.readings},
        "engine": result.engine,
        "levers": [str(lever.name) for lever in scenario.levers],
        "readings": [reading.reading for reading in result.readings],
        "dials": {
            r.reading: {
                "key": dial_key(scenario, result.seed, r.reps),
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


def _measures(reading: ReadingResult) -> Iterator[dict[str, Any]]:
    for side, network, records in _sides(reading):
        for measure in combine([summarise(network, one) for one in records]):
            yield {"reading": reading.reading, "variant": side, **measure_row(measure)}


def _records(reading: ReadingResult, name: str) -> Iterator[pa.Table]:
    make = tables.cases_table if name == "cases" else tables.steps_table
    named: dict[str, str | int] = {"reading": reading.reading}
    for side, network, records in _sides(reading):
        for replication, one in enumerate(records):
            labels = {**named, "variant": side, "replication": replication}
            yield make(network, one, labels).unify_dictionaries()


def _sides(reading: ReadingResult) -> Iterator[tuple[str, Network, tuple[Records, ...]]]:
    return zip(("before", "after"), reading.networks, reading.records, strict=True)
