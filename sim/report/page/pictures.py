"""Draws the figures of a report page: those of the headline reading, and those of its evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure

from sim.evidence.region import claimed
from sim.evidence.result import ClaimResult, ReadingResult
from sim.evidence.values import judged_values
from sim.figures import attribution, sensitivity, style, verdicts
from sim.figures.all import Picture, figures_of, picture, to_draw
from sim.figures.data import FigureData
from sim.report.language import Lang
from sim.report.page.write import claim_title

Titles = Mapping[str, Mapping[str, str]]
#: Files (name, content), if wanted, and pictures for the page.
Drawn = tuple[list[tuple[str, bytes]], list[Picture]]


@dataclass(frozen=True)
class Drawing:
    """A figure to be drawn, as it is sent to the process that draws it.

    Attributes
    ----------
    name : of the figure.
    draw : called with `content` and the language.
    """

    name: str
    draw: Callable[..., Figure]
    content: tuple[object, ...]


def main_pictures(job: tuple[FigureData, Lang, bool, slice]) -> Drawn:
    """Draw figures of the headline reading in one language.

    The page leaves out what single pools do by the hour.

    Parameters
    ----------
    job : what to draw, the language, whether files are wanted too, and which of the figures.
    """
    data, lang, files, part = job
    with style.look(lang):
        made, found = _drawn(figures_of(lang, to_draw(data, pools=files)[part]), files=files)
    return made, [each for each in found if not each.name.startswith("utilisation-")]


def evidence_drawings(
    readings: tuple[ReadingResult, ...], titles: Titles, subject: str, lang: Lang
) -> list[Drawing]:
    """Return what to draw of the evidence: ``verdict-``, ``attribution-`` and ``sensitivity-CLAIM``.

    Of the claims with a documented figure; where there is none, of the first. Verdicts show all readings,
    the others the headline.

    Parameters
    ----------
    titles : of readings and levers, by name.
    subject : the service, in words.
    """
    if all(reading.evidence is None for reading in readings):
        return []
    return list(_drawings(readings, titles, subject, lang))


def evidence_pictures(job: tuple[list[Drawing], Lang, bool]) -> Drawn:
    """Draw the figures of the evidence; `job` has the language, and whether files are wanted."""
    drawings, lang, files = job
    with style.look(lang):
        return _drawn(((d.name, d.draw(*d.content, lang)) for d in drawings), files=files)


def _drawn(named: Iterable[tuple[str, Figure]], *, files: bool) -> Drawn:
    made: list[tuple[str, bytes]] = []
    found = []
    for name, figure in named:
        if files:
            made += style.files(figure, name)
        found.append(picture(name, figure, made[-1][1] if files else style.svg_bytes(figure)))
    return made, found


def drawn_claims(reading: ReadingResult) -> tuple[ClaimResult, ...]:
    """Return the claims that have figures: those with a documented figure, else the first."""
    documented = tuple(result for result in reading.claims if claimed(result.claim)[0] is not None)
    return documented or reading.claims[:1]


def _drawings(
    readings: tuple[ReadingResult, ...], titles: Titles, subject: str, lang: Lang
) -> Iterator[Drawing]:
    headline = readings[0]
    for result in drawn_claims(headline):
        name = str(result.claim.name)
        file = name.replace(".", "-")
        about = f"{subject}{'：' if lang == 'zh' else ': '}{claim_title(result.claim, lang)}"
        rows = list(_predicted(readings, name, titles))
        if rows:
            yield Drawing(f"verdict-{file}", verdicts.draw, (about, rows))
        evidence = headline.evidence
        if evidence is None:
            continue
        for found in evidence.attributions:
            if found.claim == name and found.shares:
                yield Drawing(f"attribution-{file}", attribution.draw, (about, found, titles))
        outputs = [each for each in evidence.sensitivities if each.claim == name and each.rows]
        if outputs:
            yield Drawing(f"sensitivity-{file}", sensitivity.draw, (about, outputs))


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
