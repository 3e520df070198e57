"""Figure: what a claim's prediction and saving depend on - a tornado over the unknown inputs."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from sim.evidence.finding import Influence, Sensitivity
from sim.figures import style, words

#: Unknowns that are drawn, the most influential first; the table beside the figure has all.
MOST = 10
_ROW = 0.34


def draw(subject: str, found: Sequence[Sensitivity], lang: str = "en") -> Figure:
    """Draw one panel an output, ``after`` above ``saving``.

    Parameters
    ----------
    subject : the claim, in words.
    found : outputs of one claim, each with at least one unknown.
    """
    counts = [min(len(each.rows), MOST) for each in found]
    heights = [_ROW * count + 1.05 for count in counts]
    figure = style.new_figure(0.95 + sum(heights) + 0.65)
    top = figure.get_figheight() - 0.95
    for each, count, height in zip(found, counts, heights, strict=True):
        axes = figure.add_axes(
            (
                0.305,
                (top - height + 0.68) / figure.get_figheight(),
                0.555,
                _ROW * count / figure.get_figheight(),
            )
        )
        _panel(figure, axes, each, lang)
        top -= height
    style.headline(figure, finding(found[0], lang), subject)
    style.note(figure, words.say("tornado.note", lang))
    return figure


def finding(found: Sensitivity, lang: str) -> str:
    """Return in one sentence what the output depends on most."""
    first = found.rows[0]
    key = f"tornado.{found.output}"
    return words.say(key, lang, name=first.name, share=words.percent(max(first.first, 0.0)))


def _panel(figure: Figure, axes: Axes, found: Sensitivity, lang: str) -> None:
    rows = found.rows[:MOST]
    _bars(axes, found.middle, [row.at_low for row in rows], "//", style.LOW_INPUT)
    _bars(axes, found.middle, [row.at_high for row in rows], None, style.SIDE_COLOURS["after"])
    for place, row in enumerate(rows):
        text, at = words.percent(max(row.first, 0.0)), (1.02, place)
        axes.annotate(text, at, xycoords=("axes fraction", "data"), va="center", fontsize=10.5)
    axes.axvline(found.middle, color=style.INK, linewidth=1)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    names = [style.fitting(figure, _range(row, lang), 10.5, 2.95) for row in rows]
    axes.set_yticks(range(len(rows)), names, fontsize=10.5)
    ends = [value for row in rows for value in (row.at_low, row.at_high)] + [found.middle]
    margin = 0.06 * (max(ends) - min(ends)) or 0.05 * abs(found.middle) or 1.0
    axes.set_xlim(min(ends) - margin, max(ends) + margin)
    if found.unit == "share":
        axes.xaxis.set_major_formatter(PercentFormatter(1.0, symbol=" %"))
        unit = words.say("share.unit", lang)
    else:
        axes.xaxis.set_major_formatter("{x:g}")
        unit = words.unit(found.unit, lang)
    axes.set_xlabel(words.say(f"tornado.x.{found.output}", lang, unit=unit), fontsize=10.5)
    axes.spines["left"].set_visible(False)
    style.quiet_grid(axes, "x")


def _bars(axes: Axes, middle: float, ends: list[float], hatch: str | None, colour: str) -> None:
    lengths = [end - middle for end in ends]
    rows = range(len(ends))
    axes.barh(rows, lengths, left=middle, height=0.66, color=colour, hatch=hatch, edgecolor="white", lw=0)


def _range(row: Influence, lang: str) -> str:
    unit = f" {words.unit(row.unit, lang, 2.0)}" if row.unit else ""
    return (
        f"{row.name}: {words.say('range', lang, low=words.plain(row.low), high=words.plain(row.high))}{unit}"
    )
