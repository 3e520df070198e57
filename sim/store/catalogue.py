"""Which runs are kept: one row each, from their manifests; what is half done or broken is listed as such."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sim.errors import InputError, StoreError
from sim.scenario.nearest import near
from sim.store import results

#: Columns of a row, in order.
COLUMNS = (
    "scenario", "kind", "written", "variant", "reading", "seed", "reps", "engine", "finished", "run",
    "folder",
)  # fmt: skip


def catalogue(out: Path, scenario: str | None = None) -> list[dict[str, Any]]:
    """Return the runs kept under `out`, newest first.

    Parameters
    ----------
    scenario : only those of this one.

    Returns
    -------
    One mapping a run, with `COLUMNS`. ``kind`` is ``run``, ``replay``, ``sweep``, ``staff`` or ``broken``;
    ``finished`` is False for one that is being written, or whose process ended before its end; what such
    a run was is not known.

    Raises
    ------
    InputError : if there is no run of `scenario` but of others.
    """
    rows = [_row(folder) for folder in results.runs(out, scenario)]
    rows += list(_unfinished(out, scenario))
    if scenario is not None and not rows:
        others = {folder.parent.name for folder in results.runs(out)}
        if others:
            raise InputError(
                f"no run of `{scenario}` is kept in {out}. {near(scenario, others, 'scenarios')}"
            )
    return sorted(rows, key=lambda row: (str(row["written"] or ""), row["run"]), reverse=True)


def manifest_of(folder: Path) -> dict[str, Any] | None:
    """Return the manifest of a run; None if it is broken."""
    try:
        found = results.read(folder, results.MANIFEST)
    except StoreError:
        return None
    return found if isinstance(found, dict) else None


def _row(folder: Path) -> dict[str, Any]:
    manifest = manifest_of(folder)
    if manifest is None:
        return _blank(folder, "broken", finished=True)
    readings = manifest.get("readings")
    found = {
        "kind": manifest.get("kind", "broken"),
        "written": manifest.get("written"),
        "variant": "before, after" if manifest.get("kind") == "replay" else manifest.get("variant"),
        "reading": ", ".join(map(str, readings)) if readings else manifest.get("reading"),
        "seed": manifest.get("seed"),
        "reps": _reps(manifest.get("reps")),
        "engine": manifest.get("engine"),
    }
    return _blank(folder, "", finished=True) | found


def _reps(reps: object) -> int | None:
    """Return the replications of a run; of a replay those of its headline reading, which is the first."""
    if isinstance(reps, Mapping):
        reps = next(iter(reps.values()), None)
    return reps if isinstance(reps, int) else None


def _unfinished(out: Path, scenario: str | None) -> Iterator[dict[str, Any]]:
    homes = [out / scenario] if scenario else sorted(out.glob("[!.]*"))
    for home in homes:
        for folder in sorted(home.glob(".*.*")):
            if folder.is_dir():
                kind = folder.name[1:].partition("-")[0]
                yield _blank(folder, kind if kind in ("sweep", "staff") else "", finished=False)


def _blank(folder: Path, kind: str, *, finished: bool) -> dict[str, Any]:
    found: dict[str, Any] = dict.fromkeys(COLUMNS)
    return found | {
        "scenario": folder.parent.name,
        "kind": kind,
        "finished": finished,
        "run": folder.name.lstrip("."),
        "folder": folder.as_posix(),
    }
