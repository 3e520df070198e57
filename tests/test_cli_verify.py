"""``verify``: the committed expectations hold, and a number that moves is found and told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sim.engine.choose import choose
from sim.report.listing import listing
from sim.store import reference
from tests.command_line import WITHOUT_DIAL, CommandLine, desk

ROOT = Path(__file__).parent.parent
EXPECTED = Path("results/reference/permit-desk.json")


@pytest.fixture
def command(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> CommandLine:
    desk(tmp_path, WITHOUT_DIAL)
    monkeypatch.chdir(tmp_path)
    return CommandLine(capsys)


@pytest.fixture
def written(command: CommandLine) -> CommandLine:
    outcome = command("verify", "--write", "permit-desk")
    assert (outcome.status, outcome.out.strip()) == (0, str(EXPECTED))
    return command


def change(**changes: Any) -> None:
    found = json.loads(EXPECTED.read_text(encoding="utf-8"))
    for variant, numbers in changes.pop("expected", {}).items():
        found["expected"][variant].update(numbers)
    EXPECTED.write_text(json.dumps(found | changes), encoding="utf-8")


@pytest.mark.slow
def test_the_committed_expectations_hold(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    outcome = CommandLine(capsys)("verify")
    assert outcome.status == 0, outcome.out + outcome.err


def test_every_shipped_scenario_has_expectations() -> None:
    names = {str(entry["id"]) for entry in listing([ROOT / "scenarios"]).entries}
    assert set(reference.reference_files(ROOT / "results")) == names
    assert sum(path.stat().st_size for path in (ROOT / "results/reference").iterdir()) < 500_000


def test_what_was_written_agrees_with_every_engine(written: CommandLine) -> None:
    found = written("verify", "--json").document()
    engines = {name for name in ("simpy", "compiled") if choose("auto").name != "simpy" or name == "simpy"}
    assert {(run["variant"], run["engine"]) for run in found["runs"]} == {
        (variant, engine) for variant in ("before", "after") for engine in engines
    }
    assert found["agrees"]
    assert all(run["numbers"] > 20 and not run["different"] for run in found["runs"])


def test_a_number_that_moved_by_its_last_bit_is_found(written: CommandLine) -> None:
    numbers = json.loads(EXPECTED.read_text(encoding="utf-8"))["expected"]["after"]
    name = "lead-time, all, mean (days)"
    change(expected={"after": {name: numbers[name] * (1 + 3e-16)}})
    outcome = written("verify")
    assert outcome.status == 1
    assert f"{name}: expected " in outcome.out
    assert "differs" in outcome.out
    change(platform={"system": "elsewhere"})
    elsewhere = written("verify")
    assert elsewhere.status == 0
    assert "may differ by 1e-09" in elsewhere.out
    change(expected={"after": {name: numbers[name] * (1 + 1e-8)}})
    assert written("verify").status == 1


def test_a_number_that_is_new_or_gone_is_a_difference(written: CommandLine) -> None:
    change(expected={"before": {"a number of old": 5.0, "another": None}})
    found = written("verify", "--json")
    assert found.status == 1
    (run, *_) = found.document()["runs"]
    assert [d["number"] for d in run["different"]] == ["a number of old", "another"]


def test_another_scenario_file_is_told(written: CommandLine) -> None:
    path = Path("scenarios/permit-desk.yaml")
    path.write_text(path.read_text(encoding="utf-8").replace("fact: 60", "fact: 70"), encoding="utf-8")
    outcome = written("verify")
    assert outcome.status == 1
    assert "its file has changed since" in outcome.out
    assert "... and " in outcome.out


def test_missing_or_broken_expectations_are_bad_input(command: CommandLine) -> None:
    missing = command("verify")
    assert missing.status == 2
    assert "verify --write" in missing.err
    EXPECTED.parent.mkdir(parents=True)
    EXPECTED.write_text("[]", encoding="utf-8")
    assert "no file of expectations" in command("verify").err
    assert "Did you mean `permit-desk`?" in command("verify", "permit-dask").err
