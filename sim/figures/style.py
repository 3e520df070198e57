"""The look that all figures share: colours, fonts, sizes, and files that come out equal byte by byte.

Colours are Okabe and Ito's set for colour-blind readers, and cividis where a scale is needed.
Matplotlib's global state is never changed: every figure is made and saved inside ``look``.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

#: Width of every figure in inches and pixels per inch of the PNG: 1000 px at the size of reading,
#: saved half as large again for sharp screens.
WIDTH = 10.0
DPI = 150

#: The variants.
SIDE_COLOURS = {"before": "#6b6b6b", "after": "#0072b2"}

#: What a claim allows; the documented figure; what works against a change; the low end of an input.
REGION = "#d5ecdf"
DOCUMENTED = "#a33c00"
AGAINST = "#d55e00"
LOW_INPUT = "#e69f00"

#: Kinds of time, in the order in which they are stacked.
KIND_COLOURS = {
    "touch": "#009e73",
    "queue": "#e69f00",
    "off_shift": "#b8b8b8",
    "batch": "#cc79a7",
    "wait": "#56b4e9",
    "rework": "#d55e00",
}

#: Replications from which on a pointwise t-interval is narrow enough to be read.
_ENOUGH = 5

#: Between finding and subject in a figure's label.
APART = "\n"

INK = "#222222"
FAINT = "#767676"
GRID = "#e3e3e3"
SHADE = "#f1f1ec"

#: The font of Chinese text that comes with the package, so that figures are alike on every machine.
CHINESE_FONT = Path(__file__).parent / "fonts" / "replay-han.ttf"
CHINESE = "Reform Replay Han"

_RC: Any = {  # Any: Matplotlib types the keys one by one
    "svg.hashsalt": "reform-replay",  # else ids inside an SVG differ from run to run
    "svg.fonttype": "path",  # a reader needs no font
    "font.size": 11.5,
    "axes.titlesize": 12.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.labelsize": 11.5,
    "axes.labelcolor": INK,
    "axes.edgecolor": FAINT,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.unicode_minus": False,
    "axes.axisbelow": True,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.labelsize": 11,
    "ytick.labelsize": 11,
    "xtick.major.pad": 5,  # so that the two zeros of the corner stay apart
    "ytick.major.pad": 6,
    "grid.color": GRID,
    "grid.linewidth": 0.8,
    "text.color": INK,
    "hatch.linewidth": 0.7,
    "figure.facecolor": "white",
    "figure.constrained_layout.use": False,
}


@lru_cache(maxsize=1)
def _know_chinese() -> None:
    """Make the Chinese font known to Matplotlib, once; an entry in its list, which changes no default."""
    font_manager.fontManager.addfont(CHINESE_FONT)


@contextmanager
def look(lang: str = "en") -> Iterator[None]:
    """Apply the look of the figures for the length of a ``with`` block."""
    _know_chinese()
    # Names of elements may be Chinese in any language. The Chinese font has one weight.
    families = [CHINESE, "DejaVu Sans"] if lang == "zh" else ["DejaVu Sans", CHINESE]
    weight = "normal" if lang == "zh" else "bold"
    fonts = {"font.family": "sans-serif", "font.sans-serif": families, "axes.titleweight": weight}
    with mpl.rc_context(_RC | fonts), warnings.catch_warnings():
        # A name in a script that no font here has is drawn as boxes: ugly, but no reason to stop.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        yield


def heavy() -> str:
    """Return the weight of what stands out: bold, if the fonts that are applied now have it."""
    return str(mpl.rcParams["axes.titleweight"])


def new_figure(height: float) -> Figure:
    """Return an empty figure of the common width, `height` inches high, with an Agg canvas."""
    figure = Figure(figsize=(WIDTH, height))
    FigureCanvasAgg(figure)
    return figure


def inches(figure: Figure, text: str, size: float, *, bold: bool = False) -> float:
    """Return how wide `text` comes out, in inches, in the look that is applied now."""
    weight = heavy() if bold else "normal"
    key = (text, size, weight, *mpl.rcParams["font.sans-serif"])
    if key not in _WIDTHS:
        artist = figure.text(0, 0, text, fontsize=size, fontweight=weight)
        _WIDTHS[key] = float(artist.get_window_extent().width) / figure.dpi
        artist.remove()
    return _WIDTHS[key]


#: Widths already measured: words and Chinese letters come again and again.
_WIDTHS: dict[tuple[object, ...], float] = {}


def wrapped(figure: Figure, text: str, size: float, width: float) -> str:
    """Break `text` into lines no wider than `width` inches: between words, or, in Chinese, anywhere."""
    pieces = re.findall(r"[^\s\u3000-\u9fff\uff00-\uffef]+\s*|[\u3000-\u9fff\uff00-\uffef]\s*", text)
    lines = []
    while pieces:
        # A longer text is never narrower, so the last piece of a line is found by halving.
        fits, over = 1, len(pieces) + 1
        reach = len(pieces)
        while over - fits > 1:
            if inches(figure, "".join(pieces[:reach]).rstrip(), size) > width:
                over = reach
            else:
                fits = reach
            reach = (fits + over) // 2
        lines.append("".join(pieces[:fits]).rstrip())
        pieces = pieces[fits:]
    return "\n".join(lines)


def fitting(figure: Figure, text: str, size: float, width: float, *, bold: bool = False) -> str:
    """Return `text`, cut short with an ellipsis if it is wider than `width` inches."""
    if inches(figure, text, size, bold=bold) <= width:
        return text
    while text and inches(figure, text + "…", size, bold=bold) > width:
        text = text[:-1]
    return text.rstrip() + "…"


def headline(figure: Figure, finding: str, subject: str) -> None:
    """Write the finding, bold, and under it the subject, at the top left of `figure`."""
    height, room = figure.get_figheight(), 0.96 * WIDTH
    size = 15.0
    while size > 10 and inches(figure, finding, size, bold=True) > room:
        size -= 0.5
    shown = fitting(figure, finding, size, room, bold=True)
    figure.text(0.02, 1 - 0.14 / height, shown, fontsize=size, fontweight=heavy(), va="top")
    lines = wrapped(figure, subject, 11.5, room).split("\n")
    if len(lines) > 2:  # there is room for two
        lines = [lines[0], fitting(figure, " ".join(lines[1:]), 11.5, room)]
    text = "\n".join(lines)
    figure.text(0.02, 1 - 0.46 / height, text, fontsize=11.5, color=FAINT, va="top", linespacing=1.15)
    figure.set_label(f"{finding}{APART}{subject}")  # what a page says to those who do not see the figure


def margins(figure: Figure, *, left: float, right: float, top: float, bottom: float, **more: float) -> None:
    """Set the margins of the axes in inches, so that they do not grow with the figure."""
    width, height = figure.get_size_inches()
    figure.subplots_adjust(
        left=left / width, right=1 - right / width, top=1 - top / height, bottom=bottom / height, **more
    )


def note(figure: Figure, text: str) -> None:
    """Write small print at the bottom left: what is shown, of which cases."""
    lines = wrapped(figure, text, 9.5, 0.96 * WIDTH)
    figure.text(0.02, 0.1 / figure.get_figheight(), lines, fontsize=9.5, color=FAINT, va="bottom")


def level(replications: int) -> float | None:
    """Return the level of the bands; None, from the lowest to the highest, where there are few."""
    return 0.95 if replications >= _ENOUGH else None


def quiet_grid(axes: Axes, axis: Any = "both") -> None:
    """Draw thin grid lines behind the data."""
    axes.grid(True, axis=axis)
    axes.tick_params(length=0)


def files(figure: Figure, name: str) -> list[tuple[str, bytes]]:
    """Return ``name.png`` and ``name.svg``, without dates or versions: file name and content."""
    png = BytesIO()
    figure.savefig(png, format="png", dpi=DPI, metadata={"Software": None})
    return [(f"{name}.png", png.getvalue()), (f"{name}.svg", svg_bytes(figure))]


def save(figure: Figure, folder: Path, name: str) -> list[Path]:
    """Write ``name.png`` and ``name.svg``; return both paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for file, content in files(figure, name):
        paths.append(folder / file)
        paths[-1].write_bytes(content)
    return paths


def svg_bytes(figure: Figure) -> bytes:
    """Return `figure` as an SVG document without dates or versions."""
    out = BytesIO()
    figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    return out.getvalue()
