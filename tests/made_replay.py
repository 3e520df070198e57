"""A replay made by hand, without a run: the shipped scenario of permits with a third claim, a share."""

from __future__ import annotations

import functools
from pathlib import Path

from sim.evidence.result import ClaimResult, ReadingResult, ReplayResult
from sim.figures.all import Picture
from sim.measures.statistics import Interval
from sim.report.language import Lang
from sim.report.page.pictures import Titles, evidence_drawings, evidence_pictures
from sim.report.publish import titles
from sim.scenario.load import Scenario, loads
from sim.scenario.variant import before
from tests.made_evidence import made_evidence

SHIPPED = Path(__file__).parent.parent / "scenarios" / "one-seal-approval.yaml"
READINGS = ("mean-of-cases", "sum-of-limits", "drawing-review-counted")
CLAIMS = ("one-seal.time", "one-seal.elapsed", "one-seal.within")
THIRD = """\
  - claim: one-seal.within
    title: {en: "projects with a permit within 60 working days", zh: "60个工作日内取得许可的项目"}
    document: {document: gdd39, at: "item 2", says: "made up for a test"}
    from: contract-signed
    to: construction-permit
    statistic: share
    within: 60 working days
    clock: legal
    calendar: office
    unit: share
    before: null
    after: 0.9
    comparator: about
    tolerance: 0.02
    why: "<b>a test</b>: the page must show this & not read it"
    calibrate: false
"""
MANIFEST = {
    "kind": "replay",
    "written": "2026-01-02T03:04:05+00:00",
    "versions": {"python": "3.11.0", "reform-replay": "9.8.7", "numpy": "2.0"},
    "machine": {"system": "Linux", "architecture": "x86_64", "processors": 2},
    "window": {"origin": "2016-01-04", "time_zone": "Asia/Shanghai"},
}


@functools.cache
def made_scenario() -> Scenario:
    """Return the scenario."""
    text = SHIPPED.read_text(encoding="utf-8")
    return loads(text[: text.index("  - claim: one-seal.elapsed-from-design")] + THIRD)


@functools.cache
def made_replay(evidence: bool = True, readings: int = 3) -> ReplayResult:
    """Return a replay of it.

    Parameters
    ----------
    evidence : whether draws were made.
    readings : how many, headline first.
    """
    found = tuple(_reading(name, place, evidence) for place, name in enumerate(READINGS[:readings]))
    return ReplayResult(made_scenario(), 7, 5, "compiled", found, 12.3)


def made_titles() -> dict[str, dict[str, str]]:
    """Return the titles of all named things of the scenario, itself among them."""
    tree = made_scenario().raw
    return titles(tree) | titles({made_scenario().name: {"title": tree["title"]}})


def _reading(name: str, place: int, evidence: bool) -> ReadingResult:
    claims = tuple(
        ClaimResult(
            scenario="one-seal-approval", reading=name, claim=claim, before=one, after=other,
            change=_interval(other.estimate - one.estimate), correlation=0.5, measured={}, calibration=None,
            calibrated_here=str(claim.name) == CLAIMS[0], reason="",
        )
        for claim in before(made_scenario(), name).model.claims
        for one, other in [_sides(str(claim.name))]
    )  # fmt: skip
    found = made_evidence(name, CLAIMS, shift=-12.0 * place) if evidence else None
    return ReadingResult(name, 5, (), ((), ()), claims, None, ("a warning",), True, found)  # type: ignore[arg-type]


def _sides(claim: str) -> tuple[Interval, Interval]:
    one, other = {"one-seal.time": (110.0, 27.2), "one-seal.elapsed": (701.0, 420.0)}.get(claim, (0.6, 0.91))
    return _interval(one), _interval(other)


def _interval(value: float) -> Interval:
    return Interval(value, value - 0.6, value + 0.6, 0.6, 5, 0.95)


def evidence_by_name(readings: tuple[ReadingResult, ...], titles: Titles, lang: Lang) -> dict[str, Picture]:
    """Return the figures of the evidence of readings."""
    _, drawn = evidence_pictures((evidence_drawings(readings, titles, "service", lang), lang, False))
    return {picture.name: picture for picture in drawn}
