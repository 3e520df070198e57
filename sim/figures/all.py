"""Draws every figure of one reading of a scenario into a folder."""

from __future__ import annotations

from pathlib import Path

from matplotlib.figure import Figure

from sim.figures import case_path, lead_time, style, time_kinds, utilisation, weeks
from sim.figures.data import FigureData

#: How many pools, the busiest, have a figure of their own beside that of all staff.
POOLS = 2


def draw_all(data: FigureData, folder: Path, lang: str = "en") -> list[Path]:
    """Draw the figures as PNG and SVG.

    Parameters
    ----------
    data : networks, records and claims of one reading.
    folder : made if it is missing; files of the same name are replaced.
    lang : ``en`` or ``zh``; English where no installed font holds Chinese glyphs.

    Returns
    -------
    Paths of the files written, in a fixed order: for each claim ``lead-time-CLAIM`` (without claims
    ``lead-time``), ``time-kinds``, ``weeks``, ``utilisation`` of all staff, ``utilisation-POOL`` of the
    busiest pools and, if a case has a time on every side, ``case-path``; each as ``.png`` and ``.svg``.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for name, content in rendered(data, lang):
        written.append(folder / name)
        written[-1].write_bytes(content)
    return written


def rendered(data: FigureData, lang: str = "en") -> list[tuple[str, bytes]]:
    """Return the files that `draw_all` writes: their names and what is in them."""
    lang = style.usable_language(lang)
    with style.look(lang):
        return [file for name, figure in figures(data, lang) for file in style.files(figure, name)]


def figures(data: FigureData, lang: str) -> list[tuple[str, Figure]]:
    """Return all figures with their names; call it inside ``style.look``."""
    made: list[tuple[str, Figure]] = []
    for claim in data.shown_claims():
        if any(len(sample) for samples in claim.values.values() for sample in samples):
            name = f"lead-time-{claim.claim.replace('.', '-')}" if data.claims else "lead-time"
            made.append((name, lead_time.draw(data, claim, lang)))
    made.append(("time-kinds", time_kinds.draw(data, lang)))
    made.append(("weeks", weeks.draw(data, lang)))
    made.append(("utilisation", utilisation.draw(data, lang)))
    made += [
        (f"utilisation-{pool.replace('.', '-')}", utilisation.draw(data, lang, pool))
        for pool in utilisation.busiest(data, POOLS)
    ]
    path = case_path.draw(data, lang)
    if path is not None:
        made.append(("case-path", path))
    return made
