"""Keeps a replay in the results store: manifest, summary, tables, figures and report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from sim.evidence.outcome import Outcome
from sim.evidence.replay import SIDES
from sim.evidence.result import ClaimResult, ReadingResult, ReplayResult
from sim.figures.data import FigureClaim, FigureData, Side
from sim.measures.combine import combine
from sim.measures.path import average_paths
from sim.network.elements import Network
from sim.report.dial import dial_key
from sim.report.evidence_tables import evidence_tables
from sim.report.language import Lang
from sim.report.quantities import NAMING_KEYS
from sim.report.run_view import measure_row
from sim.runs.where import HERE, Where
from sim.scenario.load import Scenario
from sim.store import results
from sim.store.again import KEY
from sim.store.pieces import Pieces, pieces

if TYPE_CHECKING:
    from sim.report.page.replayed import Page

Kept = Literal["none", "cases", "steps"]
#: The tables of records that are kept.
TABLES: Mapping[Kept, tuple[str, ...]] = {"none": (), "cases": ("cases",), "steps": ("cases", "steps")}


class Publisher:
    """Writes one replay into an open run of the store, reading by reading.

    Nothing of a reading's outcomes is kept once it is added. The figures are drawn where a processor is free.
    """

    def __init__(
        self, scenario: Scenario, run: results.RunWriter, form: results.Format, lang: Lang, where: Where
    ) -> None:
        self._scenario = scenario
        self._run = run
        self._form = form
        self._lang = lang
        self._where = where
        tree = scenario.raw
        self._titles = titles(tree) | titles({scenario.name: {"title": tree.get("title")}})
        self._page: Page | None = None
        self._measures: list[dict[str, Any]] = []
        self._tables: dict[str, Pieces] = {}

    def open(self, name: str, table: Pieces) -> None:
        """Name a table of records that is to be kept: ``cases`` or ``steps``."""
        self._tables[name] = table

    def add(self, reading: ReadingResult) -> None:
        """Write the tables and measures of one reading; begin the figures of the first one."""
        if self._page is None:
            from sim.report.page.replayed import Page  # Matplotlib, Jinja2: no other command needs them

            self._page = Page(self._titles, self._lang, self._where)
            self._page.begin(figure_data(self._scenario, reading))
        self._measures += _measures(reading)
        for name, table in self._tables.items():
            for _, _, runs in _sides(reading):
                for one in runs:
                    table.add(one.tables[name])

    def finish(self, result: ReplayResult, key: str = "") -> None:
        """Write manifest, summary, measures and report, when all readings are added.

        Parameters
        ----------
        key : of the inputs, by which the replay is found again.
        """
        from sim.report.page.index import REPORT, scoreboard  # Jinja2, which no other command needs

        if self._page is None:
            raise ValueError("a replay without readings")
        manifest = {**_manifest(result), KEY: key}
        self._run.manifest(manifest)
        board = scoreboard(result, self._titles)
        self._run.summary({**result.to_json(), "warnings": result.warnings, "scoreboard": board})
        self._run.rows("measures", self._measures, self._form)
        found = [reading.evidence for reading in result.readings if reading.evidence is not None]
        for name, rows in evidence_tables(found).items():
            self._run.rows(name, rows, self._form)
        page, files = self._page.finish(result, {**manifest, **results.environment()})
        for name, content in files.items():
            (self._run.figures / name).write_bytes(content)
        (self._run.folder / REPORT).write_text(page, encoding="utf-8", newline="\n")


@contextmanager
def publishing(
    scenario: Scenario,
    out: Path,
    *,
    kept: Kept = "cases",
    form: results.Format = "parquet",
    lang: Lang = "en",
    where: Where = HERE,
) -> Iterator[tuple[Publisher, Path]]:
    """Open a new run under `out` for a replay of `scenario`; yield its publisher and its final folder.

    Parameters
    ----------
    kept : which tables of records: none, cases, or cases and steps.
    form : of the tables.
    lang : of the figures.
    where : they are drawn.
    """
    with results.new_run(out, scenario.name) as run, ExitStack() as open_tables:
        made = Publisher(scenario, run, form, lang, where)
        for name in TABLES[kept]:
            made.open(name, open_tables.enter_context(pieces(run.folder / f"{name}.{form}")))
        yield made, run.final


def figure_data(scenario: Scenario, reading: ReadingResult) -> FigureData:
    """Return one reading of a replay as what figures are drawn from."""
    tree = scenario.raw
    sides = [
        Side(name, network, tuple(run.shown for run in runs if run.shown is not None))
        for name, network, runs in _sides(reading)
    ]
    first = [(network, runs[0].records, None) for _, network, runs in _sides(reading) if runs[0].records]
    return FigureData(
        scenario=scenario.name,
        title=_plain_title(tree.get("title")),
        sides=tuple(sides),
        claims=tuple(_figure_claim(claim) for claim in reading.claims),
        reading=_reading_title(scenario, reading.reading),
        elements=titles(tree),
        path=average_paths(*first) if first else None,
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
        clock=claim.clock,
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
    for side, _, runs in _sides(reading):
        for measure in combine([run.summary for run in runs]):
            yield {"reading": reading.reading, "variant": side, **measure_row(measure)}


def _sides(reading: ReadingResult) -> Iterator[tuple[str, Network, tuple[Outcome, ...]]]:
    return zip(SIDES, reading.networks, reading.outcomes, strict=True)
