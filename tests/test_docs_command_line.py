"""The page on the command line names every command, only existing options, and the keys printed."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tests.command_line import CommandLine, desk

PAGE = (Path(__file__).parent.parent / "docs" / "command-line.md").read_text(encoding="utf-8")


def test_the_page_names_every_command_and_every_option(capsys: pytest.CaptureFixture[str]) -> None:
    run = CommandLine(capsys)
    listed = re.findall(r"^  ([a-z]+)  ", run("--help").out.partition("Commands:")[2], re.MULTILINE)
    assert listed == re.findall(r"^\| `([a-z]+)", PAGE, re.MULTILINE)[: len(listed)]
    options = {
        name: set(re.findall(r"^  (?:-h, )?(--[a-z-]+)", run(name, "--help").out, re.M)) for name in listed
    }
    known = set.union(*options.values()) - {"--help"}
    assert set(re.findall(r"--[a-z][a-z-]+", PAGE)) == known


def test_the_table_of_options_tells_which_commands_have_them(capsys: pytest.CaptureFixture[str]) -> None:
    run = CommandLine(capsys)
    every = set(re.findall(r"^  ([a-z]+)  ", run("--help").out.partition("Commands:")[2], re.MULTILINE))
    assert len(every) > 8
    for option, commands in re.findall(r"^\| `(--[a-z]+)[^|]*\| ([^|]+) \|", PAGE, re.MULTILINE):
        named = every - {"new"} if commands == "all but new" else set(commands.split(", "))
        having = {name for name in every if re.search(rf"^  {option}\b", run(name, "--help").out, re.M)}
        assert having == named, option


@pytest.mark.slow
def test_every_command_of_the_page_runs(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In order, in one folder, on the starter; few replications change only how long they take."""
    monkeypatch.chdir(tmp_path)
    run = CommandLine(capsys)
    run("new", "permit-desk")
    blocks = re.findall(r"^```console\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    lines = [line[2:] for block in blocks for line in block.splitlines() if line.startswith("$ ")]
    assert lines
    for line in lines:
        arguments = shlex.split(line)[1:]
        if "--reps" in run(arguments[0], "--help").out:
            arguments += ["--reps", "2", "--jobs", "1"]
        outcome = run(*arguments)
        assert outcome.status == 0, (line, outcome.err)
        assert outcome.out


def test_the_keys_of_the_documents_are_those_on_the_page(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk(tmp_path)
    monkeypatch.chdir(tmp_path)
    run = CommandLine(capsys)

    def keys(command: str) -> list[str]:
        shown = re.search(rf"^`{command} --json` is `(.*?)`[.;]", PAGE, re.MULTILINE)
        assert shown is not None
        flat = re.sub(
            r"\[\{.*\}\]|\{[^{}]*\}(?!$)", "", shown[1][1:-1] if shown[1].startswith("{") else shown[1]
        )
        return re.findall(r'"(\w+)"', flat)

    assert keys("run") == list(run("run", "permit-desk", "--reps", "1", "--jobs", "1", "--json").document())
    assert keys("trace") == list(run("trace", "permit-desk", "--case", "1", "--json").document())
    grid = ["--set", "pools.clerks.size=1,2", "--reps", "1", "--jobs", "1"]
    assert keys("sweep") == list(run("sweep", "permit-desk", *grid, "--json").document())
    goal = ["--goal", "mean <= 9 days", "--jobs", "1"]
    assert keys("staff") == list(run("staff", "permit-desk", *goal, "--json").document())
    assert keys("claims") == list(run("claims", "--json").document())
    listed = re.search(r"^`results --json` is a list of `\{(.*?)\}`", PAGE, re.MULTILINE)
    assert listed is not None
    assert re.findall(r'"(\w+)"', listed[1]) == list(run("results", "--json").document()[0])
    assert keys("sql") == list(run("sql", "select 1", "--json").document())
    bench = run("bench", "--quick", "--json").document()
    assert keys("bench") == [*bench, *bench["activities_per_second"]]
    assert keys("validate") == list(run("validate", "permit-desk", "--json").document())
