"""``sweep``: its numbers are those of ``run``, its changes are paired, it is kept, found again and drawn."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.store import results
from tests.command_line import WITHOUT_DIAL, CommandLine, desk

FEW = ("--reps", "3", "--jobs", "1", "--engine", "simpy")
GRID = ("sweep", "permit-desk", "--set", "pools.clerks.size=1:3:1", *FEW)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    desk(tmp_path, WITHOUT_DIAL)
    monkeypatch.chdir(tmp_path)
    return CommandLine(capsys)


def test_every_point_has_the_numbers_of_a_run_of_its_own(run: CommandLine) -> None:
    swept = run(*GRID, "--within", "1 working day", "--json").document()
    assert [point["set"] for point in swept["points"]] == [{"pools.clerks.size": n} for n in "123"]
    for point, size in zip(swept["points"], "123", strict=True):
        alone = run("run", "permit-desk", "--set", f"pools.clerks.size={size}", *FEW, "--json").document()
        there, here = alone["measures"], point["measures"]
        for key in ("mean", "low", "high"):
            wanted = there["working-time"]["all"]["mean"][key]
            assert here["lead-time"]["mean"][key] == pytest.approx(wanted, rel=1e-12)
        use = there["utilisation"]["pool clerks"]["share"]
        assert here["utilisation"]["clerks"]["mean"] == pytest.approx(use["mean"], rel=1e-12)
    hours = run(*GRID, "--within", "8 h", "--json").document()
    assert hours["unit"] == "hours"
    alone = run("run", "permit-desk", "--set", "pools.clerks.size=1", *FEW, "--json").document()
    for statistic in ("mean", "p90"):
        found = hours["points"][0]["measures"]["lead-time"][statistic]
        wanted = alone["measures"]["lead-time"]["all"][statistic]
        for key in ("mean", "low", "high"):
            assert found[key] == pytest.approx(24 * wanted[key], rel=1e-12)


def test_the_share_within_a_limit_counts_cases(run: CommandLine, tmp_path: Path) -> None:
    swept = run(*GRID, "--within", "2 days", "--json").document()
    alone = run("run", "permit-desk", "--set", "pools.clerks.size=1", *FEW, "--fresh")
    assert alone.status == 0
    # Both may have been written in the same second.
    (folder,) = (
        f for f in results.runs(tmp_path / "results", "permit-desk") if not f.name.startswith("sweep")
    )
    cases = results.read_table(folder, "cases").to_pydict()
    origin = results.read(folder, "manifest.json")["window"]
    lead = np.array([-1 if value is None else value for value in cases["lead_seconds"]])
    start = np.datetime64(origin["origin"])
    local = [np.datetime64(value.replace(tzinfo=None)) for value in cases["arrived"]]
    second = (np.array(local) - start) / np.timedelta64(1, "s")
    member = (second >= origin["first_second"]) & (second < origin["end_second"])
    share = float(np.mean((lead[member] >= 0) & (lead[member] <= 2 * 86_400)))
    assert 0 < share < 1
    assert swept["points"][0]["measures"]["within"]["mean"] == pytest.approx(share, rel=1e-12)


def test_changes_are_paired_by_replication(run: CommandLine) -> None:
    """The change of a pair equals the difference of the means, and shared luck makes it narrower."""
    grid = ("sweep", "permit-desk", "--set", "pools.clerks.size=2,3", *FEW, "--reps", "8")
    points = run(*grid, "--json").document()["points"]
    first, second = (point["measures"]["lead-time"]["mean"] for point in points)
    assert "change" not in first
    change = second["change"]
    assert change["mean"] == pytest.approx(second["mean"] - first["mean"], rel=1e-9)
    assert change["correlation"] > 0.5
    independent = np.hypot(first["high"] - first["mean"], second["high"] - second["mean"])
    assert change["high"] - change["mean"] < independent


def test_more_clerks_are_busy_less_and_do_not_make_cases_slower(run: CommandLine) -> None:
    measures = [point["measures"] for point in run(*GRID, "--json").document()["points"]]
    use = [m["utilisation"]["clerks"]["mean"] for m in measures]
    mean = [m["lead-time"]["mean"]["mean"] for m in measures]
    assert use[0] > use[1] > use[2]
    assert mean[0] > mean[1] >= mean[2]


def test_it_is_kept_with_its_figure_and_found_again(run: CommandLine, tmp_path: Path) -> None:
    first = run(*GRID, "--json")
    (folder,) = results.runs(tmp_path / "results", "permit-desk")
    assert folder.name.startswith("sweep-")
    assert json.loads((folder / "summary.json").read_text(encoding="utf-8")) == first.document()
    assert {path.name for path in (folder / "figures").iterdir()} == {"sweep.png", "sweep.svg"}
    again = run(*GRID, "--json")
    assert again.out == first.out
    assert f"found in {Path('results') / 'permit-desk' / folder.name}, made on " in again.err
    assert "--fresh runs it again" in again.err
    assert len(results.runs(tmp_path / "results")) == 1
    other = run(*GRID, "--seed", "5", "--json")
    assert "found in" not in other.err
    assert other.out != first.out
    fresh = run(*GRID, "--fresh", "--json")
    assert "found in" not in fresh.err
    assert fresh.out == first.out
    assert len(results.runs(tmp_path / "results")) == 3


def test_a_change_of_the_file_is_another_sweep(run: CommandLine, tmp_path: Path) -> None:
    run(*GRID)
    path = tmp_path / "scenarios" / "permit-desk.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("fact: 60", "fact: 61"), encoding="utf-8")
    assert "found in" not in run(*GRID).err


def test_text_and_csv_tell_the_same(run: CommandLine) -> None:
    text = run(*GRID, "--within", "1 working day")
    assert "within 1 working days" in text.out
    assert "clerks" in text.out
    chinese = run(*GRID, "--within", "1 working day", "--lang", "zh")
    assert "平均" in chinese.out
    rows = list(csv.DictReader(io.StringIO(run(*GRID, "--within", "1 working day", "--csv").out)))
    document: Any = run(*GRID, "--within", "1 working day", "--json").document()
    found = {(row["point"], row["measure"], row["of"], row["statistic"]): float(row["mean"]) for row in rows}
    for number, point in enumerate(document["points"], 1):
        shown = found[str(number), "lead-time", "all", "p90"]
        assert shown == point["measures"]["lead-time"]["p90"]["mean"]
        assert (str(number), "utilisation", "clerks", "share") in found


def test_two_fields_make_a_grid(run: CommandLine) -> None:
    grid = (
        "--set",
        "pools.clerks.size=1,2",
        "--set",
        "supplement.again=0.1,0.4",
        "--set",
        "decide.effort=5 min",
    )
    document = run("sweep", "permit-desk", *grid, *FEW, "--json").document()
    assert [len(axis["values"]) for axis in document["axes"]] == [2, 2]
    assert document["fixed"] == {"decide.effort": "5 min"}
    assert len(document["points"]) == 4


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--set", "pools.clerks.size=3"), "more than one value"),
        (("--set", "pools.clerks.size=9:1:1"), "must go up"),
        (("--set", "pools.clerk.size=1:3:1"), "clerks"),
        (("--set", "pools.clerks.size=-2:3:1"), "-2"),
        (("--set", "pools.clerks.size=1,2", "--within", "soon"), "--within soon"),
        (("--set", "pools.clerks.size=1,2", "--within", "4"), "a length of time above 0 is needed"),
        (("--set", "pools.clerks.size=1,2", "--reps", "0"), "--reps must be at least 1"),
        (("--set", "pools.clerks.size=1,2", "--with", "nothing"), "no lever `nothing`"),
        ((), "more than one value"),
    ],
)
def test_bad_input_is_told_and_nothing_is_kept(
    run: CommandLine, tmp_path: Path, arguments: tuple[str, ...], told: str
) -> None:
    outcome = run("sweep", "permit-desk", *arguments)
    assert outcome.status == 2
    assert told in outcome.err
    assert not (tmp_path / "results").exists()
