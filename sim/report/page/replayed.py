"""The report page of a replay that has just ended: draws what is missing and puts the page together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sim.evidence.result import ReplayResult
from sim.figures.all import Picture
from sim.report.language import Lang, title
from sim.report.page.build import LANGS, Pictures, Titles, report
from sim.report.page.pictures import evidence_pictures


def page_of(
    result: ReplayResult,
    manifest: Mapping[str, Any],
    main: Mapping[Lang, Sequence[Picture]],
    titles: Titles,
    lang: Lang,
    files: Path,
) -> str:
    """Return the report of a replay as one HTML document.

    Parameters
    ----------
    manifest : of the run, with versions and machine.
    main : figures of the headline reading, by language.
    titles : of all named things of the scenario, the scenario itself among them.
    lang : shown first, and that of the figures kept as files.
    files : folder in which the figures of the evidence are kept too.
    """
    found = {}
    for each in LANGS:
        subject = title(titles.get(result.scenario.name), each, result.scenario.name)
        kept = files if each == lang else None
        evidence = evidence_pictures(result.readings, titles, subject, each, kept)
        found[each] = Pictures(main.get(each, ()), evidence)
    return report(result, manifest, found, titles, lang)
