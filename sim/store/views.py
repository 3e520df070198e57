"""The tables of all runs as views of one database: the same table of every run, one below the other.

DuckDB reads the files through Arrow, so that a query can be kept from opening any file of its own.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from sim.errors import StoreError
from sim.store import results, tables
from sim.store.catalogue import catalogue, manifest_of

if TYPE_CHECKING:
    import duckdb

#: What the columns say of a run, where its table does not.
_LABELS = ("variant", "reading")
_SIDES = ("before", "after", "change")


@dataclass(frozen=True)
class Part:
    """One table of one run."""

    run: Path
    name: str
    file: Path
    manifest: Mapping[str, Any]


def make_views(connection: duckdb.DuckDBPyConnection, out: Path) -> list[str]:
    """Make a view of every table that runs under `out` have; return what could not be read.

    Views are ``runs`` (one row a run), ``claims`` (one row a claim of a replay and reading), and
    ``cases``, ``steps``, ``measures``, ``sweep``, ``staffings``, ``verdicts``, ``draws``, ``attribution`` and
    ``sensitivity`` as they are kept, each where there is any.
    All have the columns ``scenario`` and ``run``. Times are local times of the scenario's zone; ``written``
    is UTC.
    """
    warnings: list[str] = []
    rows = [row | {"written": _instant(row["written"])} for row in catalogue(out)]
    _register(connection, "runs", rows)
    _register(connection, "claims", [row for folder in results.runs(out) for row in _claims(folder)])
    by_name: dict[str, list[str]] = {}
    for number, part in enumerate(parts(out)):
        try:
            source = f"part_{number}"
            connection.register(source, _dataset(part))
            by_name.setdefault(part.name, []).append(_select(connection, source, part))
        except (OSError, ValueError, pa.ArrowException) as error:
            warnings.append(f"{part.file}: left out, it cannot be read ({str(error).splitlines()[0]}).")
    for name, selects in sorted(by_name.items()):
        connection.execute(f'CREATE VIEW "{name}" AS ' + " UNION ALL BY NAME ".join(selects))
    return warnings


def parts(out: Path) -> Iterator[Part]:
    """Yield every table of every run under `out`, oldest run first."""
    for folder in results.runs(out):
        manifest = manifest_of(folder)
        if manifest is None:
            continue
        for file in sorted([*folder.glob("*.parquet"), *folder.glob("*.csv")]):
            if file.stem.isidentifier():
                yield Part(folder, file.stem, file, manifest)


def _dataset(part: Part) -> Any:
    import pyarrow.dataset

    return pyarrow.dataset.dataset(part.file, format=part.file.suffix[1:])


def _select(connection: duckdb.DuckDBPyConnection, source: str, part: Part) -> str:
    """Return the query of one part: its columns behind the names of scenario and run."""
    zone = str(part.manifest.get("window", {}).get("time_zone", "UTC"))
    described = connection.execute(f"DESCRIBE {source}").fetchall()
    columns = [f"{text(part.run.parent.name)} AS scenario", f"{text(part.run.name)} AS run"]
    known = [str(row[0]) for row in described]
    for label in _LABELS:
        value = part.manifest.get(label)
        if label not in known and isinstance(value, str):
            columns.append(f"{text(value)} AS {label}")
    for name, kind, *_ in described:
        quoted = '"' + str(name).replace('"', '""') + '"'
        if kind.startswith("TIMESTAMP WITH TIME ZONE"):
            columns.append(f"timezone({text(zone)}, {quoted}) AS {quoted}")
        elif kind.startswith("ENUM"):  # each file has its own list of words
            columns.append(f"CAST({quoted} AS VARCHAR) AS {quoted}")
        else:
            columns.append(quoted)
    return f"SELECT {', '.join(columns)} FROM {source}"


def text(value: str) -> str:
    """Return a text as SQL writes it."""
    return "'" + value.replace("'", "''") + "'"


def _instant(written: object) -> datetime | None:
    """Return when a run was made, as UTC without saying so."""
    try:
        return datetime.fromisoformat(str(written)).astimezone(UTC).replace(tzinfo=None)
    except ValueError:
        return None


def _register(connection: duckdb.DuckDBPyConnection, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        source = f"all_{name}"
        connection.register(source, tables.rows_table(rows))
        connection.execute(f'CREATE VIEW "{name}" AS SELECT * FROM {source}')


def _claims(folder: Path) -> Iterator[dict[str, Any]]:
    manifest = manifest_of(folder)
    if manifest is None or manifest.get("kind") != "replay":
        return
    try:
        document = results.read(folder)
    except StoreError:
        return
    for claim in document.get("claims", ()) if isinstance(document, dict) else ():
        yield claim_row(claim, folder.parent.name, folder.name)


def claim_row(claim: Mapping[str, Any], scenario: str, run: str) -> dict[str, Any]:
    """Return one claim of a replay's document as a flat row."""
    row: dict[str, Any] = {"scenario": scenario, "run": run, "claim": claim.get("id")}
    for key in ("reading", "unit", "clock", "statistic", "population", "comparator"):
        row[key] = claim.get(key)
    documented, simulated = claim.get("documented") or {}, claim.get("simulated") or {}
    for side in _SIDES:
        ends = documented.get(side)
        pair = list(ends) if isinstance(ends, list) else [ends, ends]
        row[f"documented_{side}_low"], row[f"documented_{side}_high"] = map(_number, (pair[0], pair[-1]))
        for key in ("mean", "low", "high"):
            row[f"simulated_{side}_{key}"] = _number((simulated.get(side) or {}).get(key))
    row["tolerance"] = _plain(claim.get("tolerance"))
    row["calibrated"] = bool(claim.get("calibrated"))
    row["verdict"] = claim.get("verdict")
    row["share"] = _number(claim.get("share"))
    row["effective_draws"] = _number(claim.get("effective_draws"))
    row["reason"] = claim.get("reason")
    return row


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _plain(value: object) -> str | None:
    return None if value is None else value if isinstance(value, str) else json.dumps(value)
