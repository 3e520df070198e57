"""`run --records none`: the measures of a run with records, from memory that does not grow with its cases."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest

from sim.measures.bins import ERROR
from sim.measures.summary import QUANTILES
from tests.command_line import CommandLine, desk
from tests.engines import OTHER, missing

RUN = ("run", "permit-desk", "--variant", "after", "--against", "before", "--reps", "3")
SAYS = "the reference engine holds all records of a run in memory"


@pytest.fixture
def command(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> CommandLine:
    """Return the command line, standing in a folder that has one scenario of its own."""
    desk(tmp_path)
    monkeypatch.chdir(tmp_path)
    return CommandLine(capsys)


def means(document: dict[str, Any]) -> dict[tuple[str, str, str], Any]:
    """Return the mean of every measure of `run --json`."""
    return {
        (name, of, statistic): row["mean"]
        for name, by_population in document["measures"].items()
        for of, by_statistic in by_population.items()
        for statistic, row in by_statistic.items()
    }


def test_measures_are_those_of_a_run_with_records(command: CommandLine) -> None:
    none = command(*RUN, "--jobs", "1", "--json", "--records", "none").document()
    whole = command(*RUN, "--jobs", "1", "--json", "--records", "cases").document()
    assert none["cases"] == whole["cases"]
    found, expected = means(none), means(whole)
    assert found.keys() == expected.keys()
    for key, value in expected.items():
        rel = ERROR if key[2] in QUANTILES else 1e-12
        assert found[key] == (None if value is None else pytest.approx(value, rel=rel)), key
    change = none["measures"]["lead-time"]["all"]["mean"]["change"]
    assert change == pytest.approx(whole["measures"]["lead-time"]["all"]["mean"]["change"], rel=1e-9)


def test_the_numbers_do_not_depend_on_the_number_of_processes(command: CommandLine) -> None:
    one = command(*RUN, "--records", "none", "--json", "--jobs", "1").document()
    assert one == command(*RUN, "--records", "none", "--json", "--jobs", "2").document()


def test_a_csv_table_has_the_changes_and_only_measures_are_kept(command: CommandLine) -> None:
    outcome = command(*RUN, "--jobs", "1", "--records", "none", "--csv")
    rows = list(csv.DictReader(io.StringIO(outcome.out)))
    (row,) = (r for r in rows if (r["measure"], r["of"], r["statistic"]) == ("lead-time", "all", "p90"))
    assert float(row["change_mean"]) < 0
    (folder,) = Path("results/permit-desk").iterdir()
    kept = sorted(path.name for path in folder.rglob("*") if path.is_file())
    assert kept == ["manifest.json", "measures.csv", "summary.json"]


def test_a_precision_of_a_change_is_reached(command: CommandLine) -> None:
    outcome = command(*RUN, "--jobs", "1", "--records", "none", "--json", "--precision", "0.1")
    change = outcome.document()["measures"]["lead-time"]["all"]["mean"]["change"]
    assert (change["high"] - change["low"]) / 2 <= 0.1
    assert outcome.document()["reps"] > 5


@pytest.mark.skipif(bool(missing(OTHER)), reason="there is no compiled engine here")
def test_the_reference_engine_says_that_it_holds_all_records(command: CommandLine) -> None:
    simpy = command(*RUN, "--jobs", "1", "--records", "none", "--json", "--engine", "simpy")
    compiled = command(*RUN, "--jobs", "1", "--records", "none", "--json", "--engine", "compiled")
    assert SAYS in " ".join(simpy.err.split())
    assert SAYS not in " ".join(compiled.err.split())
    one, other = simpy.document(), compiled.document()
    assert (one.pop("engine"), other.pop("engine")) == ("simpy", "compiled")
    assert one == other


def test_a_replay_keeps_no_tables_of_records(command: CommandLine) -> None:
    how = ("--reps", "2", "--jobs", "1", "--draws", "0")
    outcome = command("replay", "permit-desk", *how, "--records", "none")
    assert outcome.status == 0
    (folder,) = Path("results/permit-desk").iterdir()
    names = {path.name for path in folder.iterdir() if path.is_file()}
    assert names == {"manifest.json", "measures.parquet", "report.html", "summary.json"}
