"""A run or replay of the same inputs is found, not made again, and prints the same; other inputs run."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from sim.engine.compiled.place import VARIABLE
from sim.report import working
from sim.report.run_view import view
from sim.runs import content
from sim.runs.where import Where
from sim.store import results
from tests.command_line import WITHOUT_DIAL, CommandLine, desk

RUN = ("run", "permit-desk", "--reps", "2", "--jobs", "1")
REPLAY = ("replay", "permit-desk", "--reps", "2", "--jobs", "1", "--draws", "16", "--attribution", "none")


@pytest.fixture
def command(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> CommandLine:
    desk(tmp_path, WITHOUT_DIAL)
    monkeypatch.chdir(tmp_path)
    return CommandLine(capsys)


def kept() -> int:
    return len(results.runs(Path("results")))


@pytest.mark.parametrize("form", [(), ("--json",), ("--csv",), ("--lang", "zh")])
@pytest.mark.parametrize("options", [(), ("--reps", "1"), ("--against", "after", "--reps", "3")])
def test_a_run_prints_the_same_when_it_is_found(
    command: CommandLine, form: tuple[str, ...], options: tuple[str, ...]
) -> None:
    first = command(*RUN, *options, *form)
    again = command(*RUN, *options, *form, "--jobs", "2")
    assert "made on " in again.err
    assert "--fresh runs it again" in again.err
    assert again.out == first.out
    assert kept() == 1
    assert "found in" not in command(*RUN, *options, *form, "--fresh").err


@pytest.mark.parametrize(
    "other",
    [
        ("--seed", "2"), ("--reps", "3"), ("--with", "one-more"), ("--set", "pools.clerks.size=3"),
        ("--engine", "simpy"), ("--records", "none"), ("--csv",), ("--against", "after"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_other_inputs_are_another_run(command: CommandLine, other: tuple[str, ...]) -> None:
    command(*RUN, "--engine", "compiled" if other[0] == "--engine" else "auto")
    assert "found in" not in command(*RUN, *other).err
    assert kept() == 2


def test_another_program_or_file_is_another_run(
    command: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    command(*RUN)
    path = Path("scenarios/permit-desk.yaml")
    path.write_text(path.read_text(encoding="utf-8") + "# a remark\n", encoding="utf-8")
    assert "found in" not in command(*RUN).err
    assert "found in" in command(*RUN).err
    content.program.cache_clear()
    monkeypatch.setattr("sim.__version__", "0.0.0")
    try:
        assert "found in" not in command(*RUN).err
    finally:
        content.program.cache_clear()


@pytest.mark.parametrize("form", [(), ("--json",), ("--csv",)])
def test_a_replay_prints_the_same_when_it_is_found(command: CommandLine, form: tuple[str, ...]) -> None:
    first = command(*REPLAY, *form)
    again = command(*REPLAY, *form)
    assert again.out == first.out
    assert "permit-desk: found in " in again.err
    assert kept() == 1
    assert "found in" not in command(*REPLAY, *form, "--fresh").err
    assert "found in" not in command(*REPLAY, *form, "--reading", "stated").err


def test_processes_load_before_a_replay_that_is_likely_to_run(
    command: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the files are read; a replay that is found needs none, one in a single process has none."""
    begun: list[str] = []
    monkeypatch.setattr(working, "begin", begun.append)
    command(*REPLAY)
    assert begun == []
    command(*REPLAY, "--jobs", "2")
    assert begun == []
    command(*REPLAY, "--jobs", "2", "--fresh", "--engine", "simpy")
    assert begun == ["simpy", "simpy"]  # and once more when they are wanted
    (file,) = Path().glob("**/permit-desk.yaml")
    command("replay", str(Path.cwd() / file), *REPLAY[2:], "--jobs", "2")
    assert len(begun) == 2
    shutil.rmtree("results/permit-desk")
    command(*REPLAY, "--jobs", "2")
    assert begun[2:] == ["auto", "auto"]


def test_processes_do_not_load_before_compiled_code_has_found_another_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    begun: list[str] = []
    monkeypatch.setattr(working, "begin", begun.append)
    monkeypatch.setenv(VARIABLE, str(tmp_path / "kept"))
    working.expect(Where(2))
    assert begun == ["auto"]
    (tmp_path / "file").touch()
    monkeypatch.setenv(VARIABLE, str(tmp_path / "file"))
    working.expect(Where(2))
    assert begun == ["auto"]
    working.expect(Where(2), "simpy")
    assert begun == ["auto", "simpy"]


def test_a_broken_kept_run_is_run_again(command: CommandLine) -> None:
    first = command(*RUN, "--json")
    (folder,) = results.runs(Path("results"))
    (folder / "summary.json").write_text("{", encoding="utf-8")
    again = command(*RUN, "--json")
    assert "found in" not in again.err
    assert again.out == first.out


def test_a_document_gives_back_the_values_that_it_was_made_from(command: CommandLine) -> None:
    document = command(*RUN, "--json").document()
    shown = view(document)
    assert shown.warnings == document["warnings"]
    lead = next(m for m in shown.measures if (m.name, m.of, m.statistic) == ("lead-time", "all", "mean"))
    entry = document["measures"]["lead-time"]["all"]["mean"]
    assert (lead.interval.estimate, lead.interval.low) == (entry["mean"], entry["low"])
    assert json.dumps(document["cases"]) == json.dumps(dict(shown.counts))
