"""The page over all scenarios: the newest replay of each, made from what is kept and from nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sim.report.page.index import scoreboard, update
from sim.store import documents
from tests.made_replay import MANIFEST, made_replay, made_titles


def keep(out: Path, scenario: str, run: str, board: Any, kind: str = "replay", page: bool = True) -> None:
    """Write a run as a replay leaves it, no more than the summary page reads."""
    folder = out / scenario / run
    folder.mkdir(parents=True)
    documents.write(folder / "manifest.json", {**MANIFEST, "kind": kind, "scenario": scenario})
    documents.write(folder / "summary.json", {"claims": [], "scoreboard": board})
    if page:
        (folder / "report.html").write_text("a report", encoding="utf-8")


def board(evidence: bool = True) -> Any:
    return json.loads(documents.to_text(scoreboard(made_replay(evidence), made_titles())))


def test_unit_a_scoreboard_tells_documented_simulated_and_verdict_in_both_languages():
    first, second, third = board()["rows"]["en"]
    assert first == {
        "claim": "approval time, contract to construction permit",
        "documented": "110 working days → at most 0 working days",
        "before": "110 working days",
        "after": "28.1 working days (23.1 to 32.6)",
        "verdict": "✗ contradicted",
        "kind": "contradicted",
        "share": "0.0 %",
    }
    assert second["documented"] == "–"
    assert third["verdict"] == "≈ plausible, more draws needed"
    assert board()["rows"]["zh"][0]["verdict"] == "✗ 不相符"
    assert board(evidence=False)["rows"]["en"][0]["verdict"].startswith("differs by +26.2 working days")


def test_unit_the_page_shows_the_newest_replay_of_each_scenario_and_links_to_its_report(tmp_path: Path):
    keep(tmp_path, "one-seal-approval", "20260101T000000Z", board(evidence=False))
    keep(tmp_path, "one-seal-approval", "20260102T000000Z", board())
    keep(tmp_path, "one-seal-approval", "20260103T000000Z", None, kind="run")
    keep(tmp_path, "other", "20260101T000000Z", {**board(), "title": {"en": "<Other>"}}, page=False)
    path = update(tmp_path)
    assert path == tmp_path / "index.html"
    assert [p.name for p in tmp_path.iterdir() if p.is_file()] == ["index.html"], "nothing half done is left"
    html = path.read_text(encoding="utf-8")
    assert html.count('href="one-seal-approval/20260102T000000Z/report.html"') == 2
    assert "20260101T000000Z" not in html, "neither an older run nor a report that is not there"
    assert "&lt;Other&gt;" in html
    assert "✗ contradicted" in html
    assert "http://" not in html


def test_unit_without_a_replay_there_is_no_page(tmp_path: Path):
    assert update(tmp_path) is None
    keep(tmp_path, "office", "20260103T000000Z", None, kind="run")
    (tmp_path / "office" / "20260104T000000Z").mkdir()
    (tmp_path / "office" / "20260104T000000Z" / "manifest.json").write_text("{", encoding="utf-8")
    assert update(tmp_path) is None
    assert not (tmp_path / "index.html").exists()
