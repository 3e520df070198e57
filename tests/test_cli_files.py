"""Commands on scenario files: list, new, show, validate; their forms, messages and exit statuses."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.command_line import DESK, CommandLine, desk

ROOT = Path(__file__).parent.parent


@pytest.fixture
def command(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> CommandLine:
    """Return the command line, standing in a folder that has one scenario of its own."""
    desk(tmp_path)
    monkeypatch.chdir(tmp_path)
    return CommandLine(capsys)


def test_list_shows_scenarios_where_the_user_stands_and_those_shipped(command: CommandLine) -> None:
    found = {entry["id"]: entry for entry in command("list", "--json").document()}
    assert found["permit-desk"] == {
        "id": "permit-desk",
        "title": {"en": "Permit desk", "zh": "许可窗口"},
        "levers": ["shared-data", "one-more"],
        "claims": ["desk.mean"],
    }
    assert {"hotline-dongguan", "one-seal-approval", "bankruptcy-fast-track"} <= found.keys()


def test_list_in_words_and_as_csv(command: CommandLine) -> None:
    assert "permit-desk  Permit desk\n    levers: shared-data, one-more" in command("list").out
    assert "permit-desk  许可窗口\n    措施: shared-data" in command("list", "--lang", "zh").out
    rows = list(csv.DictReader(io.StringIO(command("list", "--csv").out)))
    assert [row["levers"] for row in rows if row["id"] == "permit-desk"] == ["shared-data one-more"]


def test_list_names_a_file_that_cannot_be_read_and_goes_on(command: CommandLine) -> None:
    Path("scenarios/broken.yaml").write_text("a: [")
    outcome = command("list")
    assert outcome.status == 0
    assert "permit-desk" in outcome.out
    assert "broken.yaml" in outcome.err


def test_new_writes_a_starter_that_is_valid_and_never_overwrites(command: CommandLine) -> None:
    outcome = command("new", "licence-desk")
    assert (outcome.status, outcome.out.strip()) == (0, str(Path("scenarios/licence-desk.yaml")))
    assert command("validate", outcome.out.strip()).status == 0
    before = Path(outcome.out.strip()).read_bytes()
    again = command("new", "licence-desk")
    assert (again.status, again.out) == (2, "")
    assert "licence-desk" in again.err
    assert Path("scenarios/licence-desk.yaml").read_bytes() == before


def test_new_refuses_a_name_that_no_scenario_can_have(command: CommandLine) -> None:
    outcome = command("new", "Licence Desk")
    assert outcome.status == 2
    assert "licence-desk" in outcome.err


def test_show_tells_the_model_in_words(command: CommandLine) -> None:
    text = command("show", "permit-desk").out
    for words in (
        "step check-papers (Check the papers): by clerks",
        "repeat supplement: again with probability about 0.3 (0.1 to 0.5), at most 2 times",
        "before doing it again:",
        "in the applicant's hands",
        "shared-data (Data are shared) [notice, item 2]",
        "before 1, after 0.5 (about)",
        "fact     cases.arrive.count: 60\n           notice, table 1",
        "assumed  pools.clerks.size: 1 to 3, likely 2",
        "dial     check-papers.effort.exponential.mean: 10 min to 2 h",
        "lever shared-data: scale supplement.again.times: 0.1 to 0.4",
    ):
        assert words in text
    assert "环节 check-papers (核对材料)" in command("show", "permit-desk", "--lang", "zh").out


def test_show_gives_every_number_its_source(command: CommandLine) -> None:
    document = command("show", "permit-desk", "--json").document()
    numbers = {row["where"]: row for row in document["numbers"]}
    assert numbers["cases.arrive.count"]["document"] == "notice"
    assert numbers["supplement.again"]["why"] == "offices say a third"
    assert all(row["document"] or row["why"] for row in document["numbers"])
    rows = list(csv.DictReader(io.StringIO(command("show", "permit-desk", "--csv").out)))
    assert [row["where"] for row in rows] == list(numbers)


@pytest.mark.parametrize("name", ["hotline-dongguan", "one-seal-approval", "bankruptcy-fast-track"])
def test_every_shipped_scenario_is_valid_and_can_be_shown(command: CommandLine, name: str) -> None:
    assert command("validate", name).status == 0
    for lang in ("en", "zh"):
        assert name in command("show", name, "--lang", lang).out


def test_validate_reports_all_problems_of_all_files_at_once(command: CommandLine) -> None:
    broken = DESK.replace("by: clerks", "by: clerk").replace("at-most: 2", "at-most: none")
    Path("scenarios/broken.yaml").write_text(broken, encoding="utf-8")
    outcome = command("validate", "scenarios/broken.yaml", "permit-desk", "nowhere.yaml")
    assert outcome.status == 2
    assert outcome.out == "permit-desk: good\n"
    assert "Did you mean `clerks`?" in outcome.err
    assert "at-most" in outcome.err
    assert "nowhere.yaml" in outcome.err
    places = command("validate", "--json", "scenarios/broken.yaml").document()["problems"]
    assert {"file", "line", "column", "where", "what", "hint"} == places[0].keys()
    assert all(problem["line"] > 0 for problem in places)


def test_validate_prints_a_schema_that_describes_the_language(command: CommandLine) -> None:
    schema = command("validate", "--schema").document()
    assert schema["$schema"].startswith("https://json-schema.org/")
    assert "process" in schema["properties"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["validate"], "--schema"),
        (["show", "permit-dusk"], "Did you mean `permit-desk`?"),
        (["show", "scenarios/none.yaml"], "no such file"),
        (["show", "permit-desk", "--json", "--csv"], "exclude each other"),
        (["show", "permit-desk", "--lang", "de"], "--lang"),
        (["shwo", "permit-desk"], "Did you mean 'show'?"),
        (["list", "--jason"], "--json"),
    ],
)
def test_bad_input_is_explained_with_status_2_and_an_empty_standard_output(
    command: CommandLine, arguments: list[str], words: str
) -> None:
    outcome = command(*arguments)
    assert (outcome.status, outcome.out) == (2, "")
    assert words in outcome.err


def test_the_program_starts_without_what_only_runs_need(tmp_path: Path) -> None:
    late = ["numpy", "scipy", "matplotlib", "pyarrow", "simpy", "holidays"]
    code = f"import sys, cli; print([name for name in {late} if name in sys.modules])"
    loaded = _python("-c", code, folder=ROOT)
    assert loaded.stdout.strip() == "[]"


def test_checkout_and_installed_program_are_the_same(tmp_path: Path) -> None:
    one = _python(str(ROOT / "cli.py"), "--version", folder=tmp_path)
    assert one.stdout.startswith("reform-replay 0.")
    assert one.returncode == 0


def test_a_reader_that_leaves_early_is_no_error(tmp_path: Path) -> None:
    if os.name != "posix":
        pytest.skip("pipes close otherwise here")
    text = f'"{sys.executable}" "{ROOT / "cli.py"}" show one-seal-approval | head -n 1'
    done = subprocess.run(["sh", "-c", text], capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.stdout.startswith("one-seal-approval")
    assert done.stderr == ""


def _python(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=folder,
        check=False,
    )
