"""Draws every figure of one reading of a scenario into a folder."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from matplotlib.figure import Figure

from sim.figures import case_path, lead_time, style, time_kinds, utilisation, weeks
from sim.figures.data import FigureData

#: A figure's name, and what draws it in a language; None if there is nothing to show.
ToDraw = tuple[str, Callable[..., Figure | None]]
#: How many pools, the busiest, have a figure of their own beside that of all staff.
POOLS = 2


@dataclass(frozen=True)
class Picture:
    """A figure as it stands in a page.

    Attributes
    ----------
    name : as that of its files.
    finding, subject : what it shows, in words, and of what.
    svg : the drawing, an SVG document.
    """

    name: str
    finding: str
    subject: str
    svg: bytes


def draw_all(data: FigureData, folder: Path, lang: str = "en") -> list[Path]:
    """Draw the figures as PNG and SVG.

    Parameters
    ----------
    data : networks, records and claims of one reading.
    folder : made if it is missing; files of the same name are replaced.
    lang : ``en`` or ``zh``.

    Returns
    -------
    Paths of the files written, in a fixed order: for each claim ``lead-time-CLAIM`` (without claims
    ``lead-time``), ``time-kinds``, ``weeks``, ``utilisation`` of all staff, ``utilisation-POOL`` of the
    busiest pools and, if a case has a time on every side, ``case-path``; each as ``.png`` and ``.svg``.
    """
    with style.look(lang):
        return [path for name, figure in figures(data, lang) for path in style.save(figure, folder, name)]


def picture(name: str, figure: Figure, svg: bytes) -> Picture:
    """Return a figure, drawn as `svg`, as a picture for a page."""
    finding, _, subject = str(figure.get_label()).partition(style.APART)
    return Picture(name, finding, subject, svg)


def figures(data: FigureData, lang: str, *, pools: bool = True) -> list[tuple[str, Figure]]:
    """Return all figures with their names; call it inside ``style.look``.

    Parameters
    ----------
    pools : with those of the busiest pools.
    """
    return list(figures_of(lang, to_draw(data, pools=pools)))


def to_draw(data: FigureData, *, pools: bool = True) -> list[ToDraw]:
    """Return the figures that there are to draw, in their order; parameters as of `figures`."""
    wanted: list[ToDraw] = []
    for claim in data.shown_claims():
        if any(len(sample) for samples in claim.values.values() for sample in samples):
            name = f"lead-time-{claim.claim.replace('.', '-')}" if data.claims else "lead-time"
            wanted.append((name, partial(lead_time.draw, data, claim)))
    wanted.append(("time-kinds", partial(time_kinds.draw, data)))
    wanted.append(("weeks", partial(weeks.draw, data)))
    wanted.append(("utilisation", partial(utilisation.draw, data)))
    wanted += [
        (f"utilisation-{pool.replace('.', '-')}", partial(utilisation.draw, data, pool=pool))
        for pool in utilisation.busiest(data, POOLS if pools else 0)
    ]
    wanted.append(("case-path", partial(case_path.draw, data)))
    return wanted


def figures_of(lang: str, wanted: Iterable[ToDraw]) -> Iterator[tuple[str, Figure]]:
    """Draw figures; one that has nothing to show is left out."""
    for name, draw in wanted:
        figure = draw(lang=lang)
        if figure is not None:
            yield name, figure
