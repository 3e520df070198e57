"""``results`` and ``sql``: what is kept is listed and can be asked, and asking changes nothing."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from sim.store import query, results
from tests.command_line import WITHOUT_DIAL, CommandLine, desk

RUN = ("run", "permit-desk", "--reps", "2", "--jobs", "1", "--engine", "simpy")


@pytest.fixture
def command(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> CommandLine:
    desk(tmp_path, WITHOUT_DIAL)
    monkeypatch.chdir(tmp_path)
    return CommandLine(capsys)


@pytest.fixture
def kept(command: CommandLine) -> CommandLine:
    """Return the command line beside a run, a run as CSV, a sweep and a replay."""
    command(*RUN)
    command(*RUN, "--with", "one-more", "--csv", "--seed", "3")
    command("sweep", "permit-desk", "--set", "pools.clerks.size=1,2", *RUN[2:])
    command("replay", *RUN[1:], "--draws", "0")
    return command


def test_runs_are_listed_newest_first(kept: CommandLine, tmp_path: Path) -> None:
    rows = kept("results", "--json").document()
    assert [row["kind"] for row in rows] == ["replay", "sweep", "run", "run"]
    run = rows[2]
    assert (run["scenario"], run["variant"], run["seed"], run["reps"], run["engine"], run["finished"]) == (
        "permit-desk", "one-more", 3, 2, "simpy", True,
    )  # fmt: skip
    assert (tmp_path / run["folder"] / "manifest.json").is_file()
    assert [row["run"] for row in csv.DictReader(io.StringIO(kept("results", "--csv").out))] == [
        row["run"] for row in rows
    ]
    text = kept("results", "permit-desk").out
    assert len(text.splitlines()) == 2 + 4
    assert "one-more" in text
    assert "情景" in kept("results", "--lang", "zh").out


def test_what_is_half_done_or_broken_is_listed_as_such(command: CommandLine, tmp_path: Path) -> None:
    assert command("results").out == "No runs are kept in results.\n"
    command(*RUN, "--records", "none")
    home = tmp_path / "results" / "permit-desk"
    (folder,) = home.iterdir()
    (home / ".sweep-20300101T000000Z.999999999").mkdir()
    (home / "20290101T000000Z").mkdir()
    (home / "20290101T000000Z" / "manifest.json").write_text("{", encoding="utf-8")
    found = {row["run"]: row for row in command("results", "--json").document()}
    assert (found["sweep-20300101T000000Z.999999999"]["finished"]) is False
    assert found["20290101T000000Z"]["kind"] == "broken"
    assert found[folder.name]["finished"] is True
    assert "sweep (not finished)" in command("results").out
    assert command("sql", "select 1").status == 0
    refused = command("results", "permit-dest")
    assert (refused.status, "Did you mean `permit-desk`?" in refused.err) == (2, True)


def test_the_tables_of_all_runs_are_one(kept: CommandLine) -> None:
    named = {one["name"]: one for one in kept("sql", "--tables", "--json").document()["tables"]}
    assert set(named) == {"cases", "claims", "measures", "runs", "steps", "sweep"}
    for one in named.values():
        assert {"scenario", "run"} <= {column["name"] for column in one["columns"]}
    cases, runs = 0, results.runs(Path("results"))
    for folder in runs:
        for file in folder.glob("cases.*"):
            cases += pq.read_metadata(file).num_rows if file.suffix == ".parquet" else len(_lines(file))
    assert named["cases"]["rows"] == cases
    listed = kept("sql", "--tables").out
    assert "cases (" in listed
    assert "lead_seconds" in listed


def _lines(file: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8"))))


def test_an_answer_is_what_the_files_say(kept: CommandLine) -> None:
    runs = results.runs(Path("results"))
    mean = "select avg(lead_seconds), count(*) from cases where run = '{}'"
    for folder in (folder for folder in runs if (folder / "steps.parquet").is_file()):
        answer = kept("sql", mean.format(folder.name), "--json").document()
        lead = pq.read_table(folder / "cases.parquet")["lead_seconds"].drop_null().to_pylist()
        assert answer["rows"][0][0] == pytest.approx(sum(lead) / len(lead))
    claims = kept("sql", "select * from claims", "--csv").out
    (row,) = csv.DictReader(io.StringIO(claims))
    assert (row["claim"], float(row["documented_before_low"])) == ("desk.mean", 1.0)


def test_times_are_local_times_whatever_the_format(kept: CommandLine) -> None:
    """Everybody arrives in office hours, in the Parquet tables and in the CSV ones; variants are told."""
    hours = kept("sql", "select distinct variant, hour(arrived) from cases order by all", "--json").document()
    assert {row[0] for row in hours["rows"]} == {"before", "after", "one-more"}
    assert {row[1] for row in hours["rows"]} <= {9, 10, 11, 14, 15, 16, 17}


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("select * from run", 'Did you mean "runs"?'),
        ("select nothing from runs", "nothing"),
        ("selec 1", "syntax error"),
        ("select 1; select 2", "one query is needed, found 2"),
        ("", "one query is needed, found 0"),
        ("select * from range(100001)", "more than 100000 rows"),
        ("select * from read_csv('scenarios/permit-desk.yaml')", "disabled by configuration"),
        ("select * from 'scenarios/permit-desk.yaml'", "does not exist"),
        ("select * from 'times.csv'", "disabled by configuration"),
        ("select * from read_text('/etc/hostname')", "disabled by configuration"),
        ("select * from glob('*')", "disabled by configuration"),
        ("copy runs to 'out.csv'", "found COPY"),
        ("create table x as select 1", "found CREATE"),
        ("attach 'x.db'", "found ATTACH"),
        ("set threads = 1", "found SET"),
        ("install httpfs", "found LOAD"),
        ("drop view runs", "found DROP"),
    ],
)
def test_a_query_that_is_wrong_or_more_than_a_question_is_refused(
    command: CommandLine, tmp_path: Path, sql: str, told: str
) -> None:
    command(*RUN, "--records", "none")
    before = sorted(tmp_path.rglob("*"))
    outcome = command("sql", sql)
    assert outcome.status == 2
    assert told in outcome.err
    assert sorted(tmp_path.rglob("*")) == before


def test_memory_is_bounded(command: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(query, "MEMORY", "50MB")
    outcome = command("sql", "select count(distinct a.range || b.range) from range(100000) a, range(100) b")
    assert outcome.status == 2
    assert "more than 50MB of memory" in outcome.err


def test_answers_of_every_type_can_be_printed(command: CommandLine) -> None:
    sql = (
        "select sum(y) s, 1.5::decimal(4, 2) d, date '2023-02-06' as e, timestamp '2023-02-06 09:00' as t, "
        "[1, 2] l, {'a': 1} o, interval 1 hour i, null n, true b, 'ab'::blob x, 1 s from range(3) r(y)"
    )
    outcome = command("sql", sql, "--json")
    assert outcome.status == 0, outcome.err
    document = outcome.document()
    assert document["rows"] == [
        [3, 1.5, "2023-02-06", "2023-02-06 09:00:00", [1, 2], {"a": 1}, 3600.0, None, True, "6162", 1]
    ]
    assert [column["name"] for column in document["columns"]][-1] == "s_2"
    assert command("sql", sql).status == 0
    assert command("sql", sql, "--csv").status == 0
    long = command("sql", "select range from range(500)").out
    assert "... and 300 more rows; --csv prints all." in long
    assert len(command("sql", "select range from range(500)", "--csv").out.splitlines()) == 501


def test_a_table_that_is_damaged_is_left_out_with_a_warning(kept: CommandLine) -> None:
    damaged = next(folder for folder in results.runs(Path("results")) if (folder / "steps.parquet").is_file())
    (damaged / "steps.parquet").write_bytes(b"PAR1 no")
    outcome = kept("sql", "select count(*) from steps")
    assert outcome.status == 0
    assert "steps.parquet: left out, it cannot be read" in outcome.err


def test_one_query_or_the_tables_are_needed(command: CommandLine) -> None:
    assert command("sql").status == 2
    assert command("sql", "select 1", "--tables").status == 2
    assert json.loads(command("sql", "select 1 as one", "--json").out)["rows"] == [[1]]
    assert command("sql", "--tables").out.startswith("No runs are kept in results")
