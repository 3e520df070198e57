"""The summary page over all scenarios: a scoreboard of verdicts, made from what the store keeps.

Of each scenario the newest replay is shown. Nothing is run: the rows were written with each replay.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.errors import StoreError
from sim.evidence.finding import Judged
from sim.evidence.region import claimed, documented_change
from sim.evidence.result import ClaimResult, ReplayResult
from sim.figures import words
from sim.report.language import Lang, title
from sim.report.page import write
from sim.report.page.answer import VERDICT_SIGNS, at_likeliest, judged_unit
from sim.report.page.build import LANGS, template, with_font
from sim.report.page.texts import say
from sim.store import results

#: Name of the page of one run, and of that over all.
REPORT, INDEX = "report.html", "index.html"


@dataclass(frozen=True)
class Row:
    """One claim on the scoreboard, in words."""

    claim: str
    documented: str
    before: str
    after: str
    verdict: str
    kind: str
    share: str


@dataclass(frozen=True)
class Service:
    """One scenario: its title, where its newest report stands (empty: none), when it was replayed."""

    name: str
    title: str
    address: str
    written: str
    rows: tuple[Row, ...]


def scoreboard(result: ReplayResult, titles: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """Return what the summary page shows of a replay, as plain values in both languages.

    Parameters
    ----------
    titles : of the scenario, under its name.
    """
    headline = result.readings[0]
    judged = {found.claim: found for found in headline.evidence.judged} if headline.evidence else {}
    return {
        "title": dict(titles.get(result.scenario.name, {})),
        "rows": {
            lang: [_row(claim, judged.get(str(claim.claim.name)), lang) for claim in headline.claims]
            for lang in LANGS
        },
    }


def _row(result: ClaimResult, judged: Judged | None, lang: Lang) -> dict[str, str]:
    claim = result.claim
    _, side = claimed(claim)
    unit = judged_unit(claim, side)
    documented = claim.after if side == "after" else documented_change(claim)
    parts = [write.stated(claim.before, claim.unit, lang)] if claim.before is not None else []
    parts += [write.bounded(claim, documented, unit, lang)] if documented is not None else []
    before = result.before.estimate if result.before else None
    after = (result.after if side == "after" else result.change) if result.after else None
    figure = write.change if side == "change" else write.figure
    told = figure(after.estimate if after else None, unit, lang)
    if judged is not None and (spread := judged.change if side == "change" else judged.after) is not None:
        told = f"{figure(spread.mean, unit, lang)} ({write.span(spread.low, spread.high, unit, lang)})"
    key = judged.verdict.name.lower() if judged is not None else ""
    return {
        "claim": write.claim_title(claim, lang),
        "documented": " → ".join(parts) or write.DASH,
        "before": write.figure(before, claim.unit, lang),
        "after": told,
        "verdict": f"{VERDICT_SIGNS[key]} {say(key, lang)}" if key else at_likeliest(result, lang),
        "kind": key or "none",
        "share": words.percent(judged.share)
        if judged is not None and judged.share is not None
        else write.DASH,
    }


def update(out: Path, lang: Lang = "en") -> Path | None:
    """Write ``index.html`` in the store `out` from the newest replay of each scenario.

    Returns
    -------
    The page; None where no replay with a scoreboard is kept.
    """
    newest: dict[str, tuple[Path, Mapping[str, Any], Mapping[str, Any]]] = {}
    for folder in results.runs(out):
        found = _replay(folder)
        if found is not None:
            newest[folder.parent.name] = (folder, *found)
    if not newest:
        return None
    bodies = {
        each: {
            "title": say("board", each),
            "services": [_service(name, *kept, each) for name, kept in newest.items()],
        }
        for each in LANGS
    }
    html = with_font(
        template("index.html.j2"), bodies, lang, title={each: bodies[each]["title"] for each in LANGS}
    )
    path, partial = out / INDEX, out / f".{INDEX}.{os.getpid()}"
    try:
        partial.write_text(html, encoding="utf-8", newline="\n")
        partial.replace(path)
    except OSError as error:
        raise StoreError(f"{path}: cannot be written ({error.strerror or error}).") from error
    return path


def _replay(folder: Path) -> tuple[Mapping[str, Any], Mapping[str, Any]] | None:
    """Return manifest and scoreboard of a run; None if it is none, or a broken one."""
    try:
        manifest = results.read(folder, results.MANIFEST)
        if manifest.get("kind") != "replay":
            return None
        board = results.read(folder).get("scoreboard")
    except (StoreError, AttributeError):
        return None
    return (manifest, board) if isinstance(board, dict) else None


def _service(
    name: str, folder: Path, manifest: Mapping[str, Any], board: Mapping[str, Any], lang: Lang
) -> Service:
    page = folder / REPORT
    address = f"{folder.parent.name}/{folder.name}/{REPORT}" if page.is_file() else ""
    rows = tuple(Row(**row) for row in board["rows"][lang])
    written = str(manifest.get("written", ""))[:16].replace("T", " ")
    return Service(name, title(board.get("title"), lang, name), address, written, rows)
