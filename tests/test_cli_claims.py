"""``claims``: every documented figure, the scenario that judges it, the newest verdict; their arithmetic."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from sim.register.register import register
from sim.store import documents, results
from tests.command_line import CommandLine


@pytest.fixture
def command(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> CommandLine:
    monkeypatch.chdir(tmp_path)
    return CommandLine(capsys)


def replay(out: Path, verdict: str | None) -> Path:
    """Keep a replay's documents as `replay` does."""
    claim = {"id": "one-seal.time", "reading": "mean-of-cases", "verdict": verdict, "reason": "as simulated"}
    with results.new_run(out, "one-seal-approval") as run:
        documents.write(run.folder / results.MANIFEST, {"kind": "replay"})
        run.summary({"claims": [claim, {**claim, "reading": "other", "verdict": "other"}]})
    return run.final


def test_every_figure_of_the_register_is_told_with_the_scenario_that_judges_it(command: CommandLine) -> None:
    found = command("claims", "--json").document()
    assert [figure["id"] for figure in found["figures"]] == [figure.id for figure in register().figures]
    judged = {figure["id"]: figure["scenario"] for figure in found["figures"] if figure["scenario"]}
    assert judged["one-seal.time"] == "one-seal-approval"
    assert judged["dongguan.mean"] == "hotline-dongguan"
    assert {document["id"] for document in found["documents"]} == set(register().documents)
    rows = list(csv.DictReader(io.StringIO(command("claims", "--csv").out)))
    assert len(rows) == len(found["figures"])


def test_the_newest_verdict_that_is_kept_is_shown(command: CommandLine, tmp_path: Path) -> None:
    replay(tmp_path / "results", "supported")
    newest = replay(tmp_path / "results", "contradicted")
    figures = command("claims", "one-seal-approval", "--json").document()["figures"]
    (time,) = [figure for figure in figures if figure["id"] == "one-seal.time"]
    assert (time["verdict"], time["reading"], time["reason"]) == (
        "contradicted",
        "mean-of-cases",
        "as simulated",
    )
    assert time["run"] == f"results/one-seal-approval/{newest.name}"
    text = command("claims", "one-seal-approval").out
    assert "110 -> 0 working days" in text
    assert "contradicted" in text
    assert "312 -> 119" in text
    assert "工作日" in command("claims", "one-seal-approval", "--lang", "zh").out
    assert command("claims", "one-seal-approval", "--out", "elsewhere", "--json").document()["figures"][0][
        "verdict"
    ] is None  # fmt: skip


def test_the_documents_arithmetic_is_worked_out(command: CommandLine) -> None:
    found = {one["id"]: one for one in command("claims", "--arithmetic", "--json").document()["arithmetic"]}
    assert found["delegated.cut"]["stated"] == "46 %"
    assert found["delegated.cut"]["computed"] == pytest.approx(0.4609, abs=1e-4)
    assert found["delegated.cut"]["from"] == ["5598", "3018"]
    text = command("claims", "--arithmetic").out
    assert "46.09 %" in text
    assert "country-outsourcing.east: share of the eastern provinces" in text
    assert "不一致" in command("claims", "--arithmetic", "--lang", "zh").out
    rows = list(csv.DictReader(io.StringIO(command("claims", "--arithmetic", "--csv").out)))
    assert {row["consistent"] for row in rows} == {"True", "False"}


def test_bad_input_is_told(command: CommandLine) -> None:
    unknown = command("claims", "one-seal")
    assert (unknown.status, "the register has no service `one-seal`" in unknown.err) == (2, True)
    assert command("claims", "one-seal-approval", "--arithmetic").status == 2
