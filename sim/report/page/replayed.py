"""The report page of a replay: its figures are drawn where a processor is free."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sim.evidence.result import ReplayResult
from sim.figures.all import Picture
from sim.figures.data import FigureData
from sim.report.language import Lang, title
from sim.report.page.build import LANGS, Pictures, Titles, report
from sim.report.page.pictures import Drawn, evidence_drawings, evidence_pictures, main_pictures
from sim.runs.jobs import aside
from sim.runs.where import Where

#: The figures of the headline reading in two parts, of about as much work.
PARTS = (slice(0, 3), slice(3, None))


class Page:
    """The page in the making.

    Parameters
    ----------
    titles : of all named things of the scenario, the scenario itself among them.
    lang : shown first, and that of the figures that are files too.
    where : the figures are drawn.
    """

    def __init__(self, titles: Titles, lang: Lang, where: Where) -> None:
        self._titles = titles
        self._lang = lang
        self._where = where
        self._main: dict[Lang, list[Callable[[], Drawn]]] = {each: [] for each in LANGS}

    def begin(self, data: FigureData) -> None:
        """Begin to draw the figures of the headline reading."""
        for each in (self._lang, *(other for other in LANGS if other != self._lang)):  # the longest first
            for part in PARTS:
                job = (data, each, each == self._lang, part)
                self._main[each].append(aside(main_pictures, job, self._where))

    def finish(self, result: ReplayResult, manifest: Mapping[str, Any]) -> tuple[str, dict[str, bytes]]:
        """Return the page as one HTML document, and the figures as files: content by name.

        Parameters
        ----------
        manifest : of the run, with versions and machine.
        """
        evidence = {each: self._evidence(result, each) for each in LANGS}
        found: dict[Lang, Pictures] = {}
        files: dict[str, bytes] = {}
        for each in LANGS:
            main: list[Picture] = []
            for drawn in self._main[each]:
                made, part = drawn()
                files |= dict(made)
                main += part
            made, shown = evidence[each]()
            files |= dict(made)
            found[each] = Pictures(main, {picture.name: picture for picture in shown})
        return report(result, manifest, found, self._titles, self._lang), files

    def _evidence(self, result: ReplayResult, lang: Lang) -> Callable[[], Drawn]:
        subject = title(self._titles.get(result.scenario.name), lang, result.scenario.name)
        drawings = evidence_drawings(result.readings, self._titles, subject, lang)
        if not drawings:
            return lambda: ([], [])
        return aside(evidence_pictures, (drawings, lang, lang == self._lang), self._where)
