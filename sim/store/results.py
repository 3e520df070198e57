"""Results on disk: one folder a run, written under a temporary name and renamed when complete.

    OUT/SCENARIO/RUN/manifest.json     what was run: scenario hash, seed, engine, versions, machine, window
                     summary.json      the result as the command line prints it
                     NAME.parquet      tables (CSV on request)
                     figures/          SVG and PNG

A killed run leaves only a folder whose name starts with a dot; the next run of the scenario clears it away
when its process is gone.
"""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt

from sim.errors import StoreError
from sim.store import documents

if TYPE_CHECKING:
    import pyarrow as pa

Format = Literal["parquet", "csv"]

#: Packages whose versions decide a run's numbers.
PACKAGES = (
    "reform-replay",
    "simpy",
    "numpy",
    "scipy",
    "holidays",
    "pydantic",
    "ruamel.yaml",
    "pyarrow",
    "matplotlib",
)

MANIFEST, SUMMARY, FIGURES = "manifest.json", "summary.json", "figures"
_TIME = "%Y%m%dT%H%M%SZ"
_NAME = re.compile(r"(?:[a-z]+-)?(\d{8}T\d{6}Z)(?:-(\d+))?")


@dataclass(frozen=True)
class RunWriter:
    """An unfinished run: what is written here appears under its final name only when all is done.

    Attributes
    ----------
    folder : where files go for now.
    final : where they will stand.
    """

    folder: Path
    final: Path

    @property
    def figures(self) -> Path:
        """The run's folder for figures, made when first asked for."""
        path = self.folder / FIGURES
        path.mkdir(exist_ok=True)
        return path

    def manifest(self, facts: Mapping[str, object]) -> None:
        """Write ``manifest.json``: `facts` beside the versions and the machine of this process."""
        documents.write(self.folder / MANIFEST, {**facts, **environment()})

    def summary(self, value: object) -> None:
        """Write ``summary.json``."""
        documents.write(self.folder / SUMMARY, value)

    def table(self, name: str, table: pa.Table | npt.NDArray[Any], form: Format = "parquet") -> Path:
        """Write one table, an Arrow table or a NumPy structured array; return its path."""
        path = self.folder / f"{name}.{form}"
        write_table(path, table)
        return path

    def rows(self, name: str, rows: Sequence[Mapping[str, object]], form: Format = "parquet") -> Path:
        """Write rows of plain values as one table, its columns those of the first; return its path."""
        from sim.store.tables import rows_table

        return self.table(name, rows_table(rows), form)


def environment() -> dict[str, object]:
    """Return versions of Python and of the packages that decide numbers, and the kind of machine."""
    packages: dict[str, str | None] = {}
    for name in PACKAGES:
        try:
            packages[name] = version(name)
        except PackageNotFoundError:  # a checkout that was not installed
            packages[name] = None
    return {
        "versions": {"python": platform.python_version(), **packages},
        "machine": {
            "system": platform.system(),
            "architecture": platform.machine(),
            "processors": os.cpu_count(),
        },
    }


@contextmanager
def new_run(out: Path, scenario: str, when: datetime | None = None, label: str = "") -> Iterator[RunWriter]:
    """Open a new run of `scenario` under the folder `out`.

    The folder gets its final name when the block ends; an error, or Ctrl-C, removes it, and the folders
    around it that were made for it.

    Parameters
    ----------
    out : the store, usually ``results``; made if it does not exist.
    scenario : name of the scenario.
    when : start of the run, which names it; now if left out.
    label : comes before the time in the name, as in ``sweep-20230206T080000Z``.

    Raises
    ------
    StoreError : if the folder cannot be written.
    """
    started = (when or datetime.now(UTC)).astimezone(UTC)
    home = out / scenario
    around = [folder for folder in (home, out) if not folder.exists()]
    try:
        home.mkdir(parents=True, exist_ok=True)
        _clear_abandoned(home)
        final = _free_name(home, f"{label}-" * bool(label) + started.strftime(_TIME))
        partial = home / f".{final.name}.{os.getpid()}"
        partial.mkdir()
    except OSError as error:
        raise StoreError(
            f"{out}: cannot write results here ({error.strerror}). Choose another folder with --out."
        ) from error
    try:
        yield RunWriter(partial, final)
        partial.rename(final)
    except OSError as error:
        _remove(partial, around)
        raise StoreError(f"{final}: cannot write the results ({error.strerror or error}).") from error
    except BaseException:
        _remove(partial, around)
        raise


def _remove(partial: Path, around: list[Path]) -> None:
    """Remove an unfinished run and, where nothing else came to stand in them, the folders `around` it."""
    shutil.rmtree(partial, ignore_errors=True)
    with suppress(OSError):
        for folder in around:
            folder.rmdir()


def runs(out: Path, scenario: str | None = None) -> tuple[Path, ...]:
    """Return the folders of all complete runs under `out`, oldest first within a scenario."""
    homes = [out / scenario] if scenario else sorted(out.glob("*"))
    folders = (folder for home in homes for folder in sorted(home.glob("*"), key=age))
    return tuple(f for f in folders if not f.name.startswith(".") and (f / MANIFEST).is_file())


def age(folder: Path) -> tuple[str, int, str]:
    """Return what sorts runs by their start, whatever label their names begin with."""
    found = _NAME.fullmatch(folder.name)
    return (found[1], int(found[2] or 1), folder.name) if found else ("", 0, folder.name)


def read(folder: Path, name: str = SUMMARY) -> Any:
    """Return one JSON document of a run.

    Raises
    ------
    StoreError : if it is missing or broken.
    """
    try:
        return json.loads((folder / name).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise StoreError(f"{folder / name}: cannot be read ({error}).") from error


def arrow(table: pa.Table | npt.NDArray[Any]) -> pa.Table:
    """Return a NumPy structured array as an Arrow table, column by column; an Arrow table as it is."""
    import pyarrow as pa

    if isinstance(table, pa.Table):
        return table
    columns = {name: np.ascontiguousarray(table[name]) for name in table.dtype.names or ()}
    return pa.table({name: pa.array(column) for name, column in columns.items()})


def write_table(path: Path, table: pa.Table | npt.NDArray[Any]) -> None:
    """Write a table as Parquet or CSV, by the ending of `path`."""
    import pyarrow.csv
    import pyarrow.parquet

    if path.suffix == ".csv":
        pyarrow.csv.write_csv(arrow(table), path)
    else:
        pyarrow.parquet.write_table(arrow(table), path, compression="zstd")


def read_table(folder: Path, name: str) -> pa.Table:
    """Return a run's table, whether it was kept as Parquet or as CSV.

    Raises
    ------
    StoreError : if there is none of that name, or it cannot be read.
    """
    import pyarrow as pa
    import pyarrow.csv
    import pyarrow.parquet

    try:
        if (folder / f"{name}.parquet").is_file():
            return pyarrow.parquet.read_table(folder / f"{name}.parquet")
        if (folder / f"{name}.csv").is_file():
            return pyarrow.csv.read_csv(folder / f"{name}.csv")
    except (OSError, pa.ArrowException) as error:
        raise StoreError(f"{folder}: table {name} cannot be read ({error}).") from error
    known = sorted(path.stem for path in folder.glob("*.*") if path.suffix in {".parquet", ".csv"})
    raise StoreError(f"{folder}: no table {name}. It has {', '.join(known) or 'none'}.")


def _free_name(home: Path, name: str) -> Path:
    """Return `home`/`name`, or the same with -2, -3 ... if runs started in one second."""
    path, number = home / name, 1
    while path.exists() or any(home.glob(f".{path.name}.*")):
        number += 1
        path = home / f"{name}-{number}"
    return path


def _clear_abandoned(home: Path) -> None:
    """Remove what killed runs left: temporary folders whose process no longer lives."""
    for path in home.glob(".*.*"):
        process = path.name.rpartition(".")[2]
        if path.is_dir() and process.isdigit() and not _alive(int(process)):
            shutil.rmtree(path, ignore_errors=True)


def _alive(process: int) -> bool:
    """Tell whether a process of this machine lives; True when that cannot be known."""
    if os.name != "posix":
        return True  # asking by signal 0 would end it on Windows
    with suppress(PermissionError):
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return False
    return True
