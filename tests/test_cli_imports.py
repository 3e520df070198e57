"""No command imports a large library before it needs it, so that short ones begin at once."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.command_line import desk

ROOT = Path(__file__).parent.parent
#: Runs a command in a fresh Python, and says last on standard error what was imported.
PROGRAM = """
import json, sys
sys.path.insert(0, sys.argv.pop(1))
import cli
try:
    cli.main(sys.argv[1:])
except SystemExit as stop:
    print(json.dumps([stop.code, sorted(sys.modules)]), file=sys.stderr)
"""
LARGE = {"numba", "matplotlib", "scipy", "dask", "distributed", "numpy", "pyarrow", "simpy", "holidays"}
#: What a list need not read: the whole language, and YAML beyond the commonest form of a title.
LANGUAGE = {"sim.scenario.model", "sim.scenario.load", "ruamel.yaml"}
FIGURES = {"numba", "matplotlib", "dask", "distributed"}


def imported(folder: Path, arguments: list[str], *, status: int) -> set[str]:
    """Return what a command imports in a folder with a scenario of its own; it must end with `status`."""
    desk(folder)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(ROOT), *arguments],
        cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    code, modules = json.loads(done.stderr.splitlines()[-1])
    assert code == status, done.stderr
    return set(modules)


@pytest.mark.parametrize(
    ("arguments", "without"),
    [
        (["--help"], LARGE | LANGUAGE | {"pydantic"}),
        (["--version"], LARGE | LANGUAGE | {"pydantic"}),
        (["list"], LARGE | LANGUAGE),
        (["list", "--json"], LARGE | LANGUAGE),
        (["list", "--csv"], LARGE | LANGUAGE),
        (["new", "other-desk"], LARGE | LANGUAGE),
        (["run", "--help"], LARGE | LANGUAGE),
        (["sweep", "--help"], LARGE | LANGUAGE | {"duckdb"}),
        (["sql", "--help"], LARGE | LANGUAGE | {"duckdb"}),
        (["results"], FIGURES | {"scipy", "duckdb", "pyarrow"}),
        (["claims", "--arithmetic"], FIGURES | {"scipy", "duckdb", "pyarrow"}),
        (["show", "permit-desk"], LARGE),
        (["validate", "permit-desk"], LARGE),
        (["validate", "--schema"], LARGE),
        (["run", "permit-desk", "--reps", "1", "--jobs", "1", "--engine", "simpy"], FIGURES),
        (["trace", "permit-desk", "--case", "3", "--engine", "simpy"], FIGURES | {"pyarrow"}),
    ],
    ids=lambda value: " ".join(value[:2]) if isinstance(value, list) else "",
)
def test_a_command_imports_no_more_than_it_needs(
    tmp_path: Path, arguments: list[str], without: set[str]
) -> None:
    modules = imported(tmp_path, arguments, status=0)
    assert without.isdisjoint(modules), sorted(without & modules)


@pytest.mark.parametrize(
    "arguments",
    [
        ["run", "nosuch"], ["replay", "nosuch"], ["sweep", "nosuch"], ["staff", "nosuch"],
        ["run", "permit-desk", "--jobs", "0"], ["sql", "SELECT 1 FROM nosuch"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_a_mistake_is_told_before_large_libraries_are_imported(tmp_path: Path, arguments: list[str]) -> None:
    reads = {"pyarrow"} if arguments[0] == "sql" else set()
    modules = imported(tmp_path, arguments, status=2)
    assert ((FIGURES | {"scipy", "simpy", "pyarrow"}) - reads).isdisjoint(modules)


def test_a_replay_does_import_what_it_draws_with(tmp_path: Path) -> None:
    """The test above can fail."""
    arguments = ["replay", "permit-desk", "--reps", "1", "--jobs", "1", "--draws", "0"]
    assert {"matplotlib", "scipy"} <= imported(tmp_path, arguments, status=0)
