"""Commands that run: run, replay, trace; what they print, keep, refuse, and repeat."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from sim.engine.choose import choose
from sim.evidence.finding import Verdict
from tests.command_line import DESK, CommandLine, desk

ROOT = Path(__file__).parent.parent
CLAIM_KEYS = {
    "id", "scenario", "reading", "unit", "clock", "statistic", "population", "comparator", "tolerance",
    "documented", "simulated", "calibrated", "verdict", "share", "effective_draws", "reason",
}  # fmt: skip


@pytest.fixture
def command(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> CommandLine:
    """Return the command line, standing in a folder that has one scenario of its own."""
    desk(tmp_path)
    monkeypatch.chdir(tmp_path)
    return CommandLine(capsys)


def _files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_run_gives_cases_that_add_up_and_measures_with_intervals(command: CommandLine) -> None:
    outcome = command("run", "permit-desk", "--reps", "1", "--jobs", "1", "--json")
    assert outcome.status == 0
    document = outcome.document()
    assert (document["scenario"], document["variant"], document["reps"]) == ("permit-desk", "before", 1)
    cases = document["cases"]
    assert cases["initial"] + cases["arrived"] == sum(
        cases[name] for name in ("finished", "open", "withdrawn", "abandoned", "refused", "turned_away")
    )
    lead = document["measures"]["lead-time"]["all"]["mean"]
    assert lead["unit"] == "days"
    assert lead["mean"] > 0
    assert lead["low"] is None


def test_run_keeps_manifest_summary_and_tables(command: CommandLine) -> None:
    command("run", "permit-desk", "--reps", "2", "--jobs", "1", "--with", "one-more", "--out", "kept")
    (folder,) = Path("kept/permit-desk").iterdir()
    assert _files(folder) == [
        "cases.parquet",
        "manifest.json",
        "measures.parquet",
        "steps.parquet",
        "summary.json",
    ]
    manifest = json.loads((folder / "manifest.json").read_text())
    assert (manifest["levers"], manifest["seed"], manifest["engine"]) == (["one-more"], 1, choose().name)
    cases = pq.read_table(folder / "cases.parquet")
    assert set(cases.column("replication").to_pylist()) == {0, 1}
    assert {"stream", "case", "class", "arrived", "ended", "status", "end"} <= set(cases.column_names)
    steps = pq.read_table(folder / "steps.parquet")
    assert {"accepted", "check-papers", "decide", "decided"} <= set(steps.column("element").to_pylist())


@pytest.mark.parametrize(
    ("kept", "tables"), [("none", []), ("cases", ["cases.csv"]), ("steps", ["cases.csv", "steps.csv"])]
)
def test_run_keeps_the_tables_asked_for(command: CommandLine, kept: str, tables: list[str]) -> None:
    outcome = command("run", "permit-desk", "--reps", "1", "--jobs", "1", "--records", kept, "--csv")
    (folder,) = Path("results/permit-desk").iterdir()
    assert _files(folder) == sorted(["manifest.json", "measures.csv", "summary.json", *tables])
    rows = list(csv.DictReader(io.StringIO(outcome.out)))
    assert {"lead-time", "utilisation", "wait"} <= {row["measure"] for row in rows}


def test_levers_and_fields_choose_the_variant(command: CommandLine) -> None:
    def variant(*options: str) -> str:
        name: str = command(
            "run", "permit-desk", "--reps", "1", "--jobs", "1", "--json", *options
        ).document()["variant"]
        return name

    assert variant("--with", "shared-data") == "shared-data"
    assert variant("--variant", "after") == "after"
    assert variant("--variant", "after", "--without", "shared-data") == "one-more"
    assert "pools.clerks.size = 5" in variant("--set", "pools.clerks.size=5")


def test_more_staff_set_by_hand_shorten_the_wait(command: CommandLine) -> None:
    def wait(size: int) -> float:
        command_line = (
            "run",
            "permit-desk",
            "--reps",
            "1",
            "--jobs",
            "1",
            "--json",
            "--set",
            f"pools.clerks.size={size}",
        )
        mean: float = command(*command_line).document()["measures"]["wait"]["step check-papers"]["mean"][
            "mean"
        ]
        return mean

    assert wait(6) < wait(1)


def test_run_against_another_variant_reports_paired_changes(command: CommandLine) -> None:
    options = (
        "run",
        "permit-desk",
        "--variant",
        "after",
        "--against",
        "before",
        "--reps",
        "3",
        "--jobs",
        "1",
    )
    change = command(*options, "--json").document()["measures"]["lead-time"]["all"]["mean"]["change"]
    assert change["low"] < change["mean"] < change["high"]
    assert change["mean"] < 0
    assert -1 <= change["correlation"] <= 1
    assert "change" in command(*options).out


def test_the_same_seed_gives_the_same_numbers_on_one_process_and_on_two(command: CommandLine) -> None:
    options = ("run", "permit-desk", "--reps", "2", "--seed", "7", "--json")
    one, two = (command(*options, "--jobs", jobs, "--fresh") for jobs in "12")
    assert "found in" not in two.err
    assert one.document() == two.document()
    assert one.document() != command("run", "permit-desk", "--reps", "2", "--seed", "8", "--json").document()


def test_a_precision_is_reached_with_as_many_replications_as_it_takes(command: CommandLine) -> None:
    options = ("run", "permit-desk", "--jobs", "1", "--records", "none", "--json", "--precision")
    rough, fine = command(*options, "9").document(), command(*options, "0.15").document()
    lead = fine["measures"]["lead-time"]["all"]["mean"]
    assert (lead["high"] - lead["low"]) / 2 <= 0.15
    assert rough["reps"] == 5 < fine["reps"]


@pytest.mark.parametrize(("lang", "word"), [("en", "sd"), ("zh", "标准差")])
def test_a_deviation_stands_beside_means_of_times_and_gives_way_to_changes(
    command: CommandLine, lang: str, word: str
) -> None:
    once = ("run", "permit-desk", "--reps", "2", "--jobs", "1", "--lang", lang)
    sd = command(*once, "--json").document()["measures"]["lead-time"]["all"]["sd"]
    assert sd["unit"] == "days"
    assert sd["mean"] > 0
    text = command(*once).out.splitlines()
    assert sum(word in line.split() for line in text) >= 3  # lead times, working time, waits
    changes = command(*once, "--variant", "after", "--against", "before")
    assert not any(word in line.split() for line in changes.out.splitlines())
    assert max(map(len, changes.out.splitlines())) <= 100


def test_run_in_words(command: CommandLine) -> None:
    outcome = command("run", "permit-desk", "--reps", "2", "--jobs", "1")
    assert "Lead time of cases that arrived in the window (days)" in outcome.out
    assert "pool clerks" in outcome.out
    assert "Kept in" in outcome.err
    assert "人员利用率" in command("run", "permit-desk", "--reps", "2", "--jobs", "1", "--lang", "zh").out


def test_replay_sets_the_dial_and_puts_documented_beside_simulated(command: CommandLine) -> None:
    outcome = command("replay", "permit-desk", "--reps", "5", "--jobs", "1", "--draws", "16", "--json")
    assert outcome.status == 0
    document = outcome.document()
    assert document.keys() == {"seed", "reps", "engine", "claims"}
    (claim,) = document["claims"]
    assert claim.keys() == CLAIM_KEYS
    assert claim["documented"] == {"before": 1, "after": 0.5, "change": None}
    assert claim["simulated"]["before"]["mean"] == pytest.approx(1, abs=0.02)
    assert claim["calibrated"] is True
    assert claim["verdict"] in {v.value for v in Verdict}
    assert 0 <= claim["share"] <= 1
    assert claim["effective_draws"] > 4
    assert "likeliest inputs" in claim["reason"]


def test_the_evidence_of_a_replay_is_kept_in_tables(command: CommandLine) -> None:
    options = ("--reps", "1", "--jobs", "1", "--draws", "32", "--total-indices", "--json")
    outcome = command("replay", "permit-desk", *options)
    (claim,) = outcome.document()["claims"]

    def ask(query: str) -> list[list[object]]:
        rows: list[list[object]] = command("sql", query, "--json").document()["rows"]
        return rows

    ((verdict, share, effective, low, high),) = ask(
        "select verdict, share, effective, after_low, after_high from verdicts"
    )
    assert (verdict, share, effective) == (claim["verdict"], claim["share"], claim["effective_draws"])
    # What the report says can be worked out again from the draws.
    ((count, weight, mean),) = ask(
        "select count(*), sum(weight), sum(weight * value) from draws where kind = 'after'"
    )
    assert count in (32, 64)  # doubled where too few count
    assert weight == pytest.approx(1)
    ((told,),) = ask("select after_mean from verdicts")
    assert mean == pytest.approx(told)
    ((parts,), (time,), (whole,)) = ask("select sum(change) from attribution group by view order by view")
    assert parts == pytest.approx(whole)  # Shapley values and waterfall add up to the same
    assert low < high
    assert time is not None
    outputs = ask("select output, count(*), max(emulator_explains) from sensitivity group by output")
    assert {row[0] for row in outputs} == {"after", "saving"}
    assert all(row[2] is not None for row in outputs)


def test_replay_without_draws_gives_no_verdict(command: CommandLine) -> None:
    outcome = command("replay", "permit-desk", "--reps", "1", "--jobs", "1", "--draws", "0", "--json")
    (claim,) = outcome.document()["claims"]
    assert (claim["verdict"], claim["share"], claim["effective_draws"]) == (None, None, None)


@pytest.mark.parametrize("draws", ["100", "-1"])
def test_a_number_of_draws_that_cannot_be_is_refused(command: CommandLine, draws: str) -> None:
    outcome = command("replay", "permit-desk", "--draws", draws)
    assert outcome.status == 2
    assert f"power of two from 16 to 4096, found {draws}" in outcome.err


def test_replay_keeps_tables_and_figures_and_trace_takes_the_dial_from_there(command: CommandLine) -> None:
    outcome = command("replay", "permit-desk", "--jobs", "1", "--draws", "0")
    assert "documented" in outcome.out
    assert "desk.mean - Mean time" in outcome.out
    (folder,) = Path("results/permit-desk").iterdir()
    files = _files(folder)
    assert {"cases.parquet", "manifest.json", "measures.parquet", "summary.json"} <= set(files)
    figures = {name for name in files if name.startswith("figures/")}
    assert {
        "figures/lead-time-desk-mean.png",
        "figures/lead-time-desk-mean.svg",
        "figures/weeks.svg",
    } <= figures
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "<h1>Permit desk</h1>" in page
    assert "<h1>许可窗口</h1>" in page
    assert f"permit-desk/{folder.name}/report.html" in Path("results/index.html").read_text(encoding="utf-8")
    told = command("trace", "permit-desk", "--case", "3")
    assert "as kept by a replay" in told.err
    assert "BEFORE" in told.out
    assert "check-papers (Check the papers)" in told.out
    solved = command("trace", "permit-desk", "--case", "3", "--out", "elsewhere")
    assert "setting the dial" in solved.err
    assert solved.out == told.out


def test_trace_tells_the_same_case_in_both_variants(command: CommandLine) -> None:
    document = command("trace", "permit-desk", "--case", "arrivals:5", "--json").document()
    before, after = document["before"], document["after"]
    assert before["chapters"][0] == after["chapters"][0]
    assert [c["element"] for c in before["chapters"]][0 :: len(before["chapters"]) - 1] == ["arrival", "end"]
    assert before["lead"] > 0
    rows = list(csv.DictReader(io.StringIO(command("trace", "permit-desk", "--case", "5", "--csv").out)))
    assert {row["variant"] for row in rows} == {"before", "after"}
    assert "改革前" in command("trace", "permit-desk", "--case", "5", "--lang", "zh").out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["run", "permit-dusk"], "Did you mean `permit-desk`?"),
        (["run", "permit-desk", "--with", "shared-date"], "Did you mean `shared-data`?"),
        (["run", "permit-desk", "--without", "shared-date"], "Did you mean `shared-data`?"),
        (["run", "permit-desk", "--with", "one-more", "--without", "one-more"], "keep one"),
        (["run", "permit-desk", "--set", "pools.clerk.size=5"], "clerks"),
        (["run", "permit-desk", "--set", "pools.clerks.size"], "ELEMENT.FIELD=VALUE"),
        (["run", "permit-desk", "--set", "pools.clerks.size=many"], "many"),
        (["run", "permit-desk", "--set", "a.b=1", "--set", "a.b=2"], "set twice"),
        (["run", "permit-desk", "--reading", "other"], "reading"),
        (["run", "permit-desk", "--reps", "0"], "--reps"),
        (["run", "permit-desk", "--jobs", "0"], "--jobs"),
        (["run", "permit-desk", "--seed", "-1"], "--seed must be a whole number from 0 to 4294967295"),
        (["run", "permit-desk", "--seed", "4294967296"], "found 4294967296"),
        (["run", "permit-desk", "--precision", "0"], "--precision"),
        (["run", "permit-desk", "--engine", "sympy"], "simpy"),
        (["run", "permit-desk", "--json", "--csv"], "exclude each other"),
        (["replay", "permit-desk", "nowhere"], "nowhere"),
        (["replay", "permit-desk", "--reading", "other"], "reading `other`"),
        (["trace", "permit-desk"], "--case"),
        (["trace", "permit-desk", "--case", "first"], "a case is a number"),
        (["trace", "permit-desk", "--case", "900000"], "no such case"),
        (["trace", "permit-desk", "--case", "letters:1"], "no stream `letters`"),
    ],
)
def test_bad_input_is_explained_with_status_2_and_nothing_is_kept(
    command: CommandLine, arguments: list[str], words: str
) -> None:
    outcome = command(*arguments)
    assert (outcome.status, outcome.out) == (2, "")
    assert words in outcome.err
    assert not Path("results").exists()


def test_a_seed_in_a_file_is_bounded_like_one_on_the_command_line(command: CommandLine) -> None:
    desk(Path.cwd(), DESK.replace("{start:", "{seed: 4294967296, start:", 1))
    outcome = command("validate", "permit-desk")
    assert outcome.status == 2
    assert "a whole number from 0 to 4294967295 is needed; found `4294967296`" in outcome.err + outcome.out


def test_a_scenario_with_mistakes_is_not_run(command: CommandLine) -> None:
    desk(Path.cwd(), DESK.replace("by: clerks", "by: clerk"))
    outcome = command("run", "permit-desk")
    assert outcome.status == 2
    assert "Did you mean `clerks`?" in outcome.err


def test_results_that_cannot_be_written_are_said(command: CommandLine) -> None:
    Path("taken").write_text("")
    outcome = command("run", "permit-desk", "--reps", "1", "--jobs", "1", "--out", "taken")
    assert outcome.status == 2
    assert "--out" in outcome.err


@pytest.mark.skipif(os.name != "posix", reason="signals are sent otherwise here")
def test_an_interrupted_replay_ends_with_130_and_leaves_nothing(tmp_path: Path) -> None:
    desk(tmp_path)
    process = subprocess.Popen(
        [sys.executable, str(ROOT / "cli.py"), "replay", "permit-desk", "--reps", "400", "--jobs", "1"],
        cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stderr is not None
    assert process.stderr.readline()  # it has begun
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, "")
    assert "Traceback" not in err
    left = [path for path in (tmp_path / "results").rglob("*") if path.is_file()]
    assert {path.suffix for path in left} <= {".job"}  # finished jobs, for the next attempt
