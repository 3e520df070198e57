"""Draws the figures of the evidence for a page: verdict, attribution and sensitivity of each claim."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from sim.evidence.region import claimed
from sim.evidence.result import ClaimResult, ReadingResult
from sim.evidence.values import judged_values
from sim.figures import attribution, sensitivity, style, verdicts
from sim.figures.all import Picture, figures, picture, pictures
from sim.figures.data import FigureData
from sim.report.language import Lang
from sim.report.page.write import claim_title

LANGS: tuple[Lang, Lang] = ("en", "zh")
Titles = Mapping[str, Mapping[str, str]]


def main_pictures(job: tuple[FigureData, Lang]) -> tuple[list[tuple[str, bytes]], dict[Lang, list[Picture]]]:
    """Draw the figures of the headline reading: as files in one language, for the page in both.

    The page leaves out what single pools do by the hour.

    Parameters
    ----------
    job : what to draw, and the language of the files.

    Returns
    -------
    Files (name, content), and pictures by language.
    """
    data, first = job
    files: list[tuple[str, bytes]] = []
    found: dict[Lang, list[Picture]] = {}
    for lang in (first, *(other for other in LANGS if other != first)):
        found[lang] = []
        with style.look(lang):
            for name, figure in figures(data, lang, pools=lang == first):
                if lang == first:
                    files += style.files(figure, name)
                if not name.startswith("utilisation-"):
                    svg = files[-1][1] if lang == first else style.svg_bytes(figure)
                    found[lang].append(picture(name, figure, svg))
    return files, found


def evidence_pictures(
    readings: tuple[ReadingResult, ...], titles: Titles, subject: str, lang: Lang, files: Path | None = None
) -> dict[str, Picture]:
    """Return ``verdict-CLAIM``, ``attribution-CLAIM`` and ``sensitivity-CLAIM`` by name.

    Of the claims with a documented figure; where there is none, of the first. Verdicts show all readings,
    the others the headline.

    Parameters
    ----------
    titles : of readings and levers, by name.
    subject : the service, in words.
    files : folder in which the figures are kept as files too.
    """
    if all(reading.evidence is None for reading in readings):
        return {}
    with style.look(lang):
        drawn = pictures(_figures(readings, titles, subject, lang), files)
    return {picture.name: picture for picture in drawn}


def drawn_claims(reading: ReadingResult) -> tuple[ClaimResult, ...]:
    """Return the claims that have figures: those with a documented figure, else the first."""
    documented = tuple(result for result in reading.claims if claimed(result.claim)[0] is not None)
    return documented or reading.claims[:1]


def _figures(
    readings: tuple[ReadingResult, ...], titles: Titles, subject: str, lang: Lang
) -> Iterator[tuple[str, Figure]]:
    headline = readings[0]
    for result in drawn_claims(headline):
        name = str(result.claim.name)
        file = name.replace(".", "-")
        about = f"{subject}{'：' if lang == 'zh' else ': '}{claim_title(result.claim, lang)}"
        rows = list(_predicted(readings, name, titles))
        if rows:
            yield f"verdict-{file}", verdicts.draw(about, rows, lang)
        evidence = headline.evidence
        if evidence is None:
            continue
        for found in evidence.attributions:
            if found.claim == name and found.shares:
                yield f"attribution-{file}", attribution.draw(about, found, titles, lang)
        outputs = [each for each in evidence.sensitivities if each.claim == name and each.rows]
        if outputs:
            yield f"sensitivity-{file}", sensitivity.draw(about, outputs, lang)


def _predicted(
    readings: tuple[ReadingResult, ...], name: str, titles: Titles
) -> Iterator[verdicts.Predicted]:
    for reading in readings:
        evidence = reading.evidence
        result = next((r for r in reading.claims if str(r.claim.name) == name), None)
        if evidence is None or result is None or name not in evidence.figures:
            continue
        for judged in evidence.judged:
            if judged.claim != name:
                continue
            values = judged_values(result.claim, judged.side, evidence.figures[name])
            if np.isfinite(values[evidence.weights > 0]).any():
                title = titles.get(reading.reading, {"en": reading.reading}) if len(readings) > 1 else {}
                yield verdicts.Predicted(title, judged, values, evidence.weights)
