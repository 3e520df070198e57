"""Figure: what the draws predict for a claim, reading by reading, with what the claim allows and says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from sim.evidence.finding import Judged, Spread
from sim.figures import style, words
from sim.figures.data import Title

_ROW = 1.35  # inches a reading
_BINS = 28


@dataclass(frozen=True)
class Predicted:
    """One claim under one reading.

    Attributes
    ----------
    reading : what to call it, by language; empty where there is only one.
    judged : the verdict.
    values : the judged figure of each draw, in the unit of `judged`; NaN where there is none.
    weights : of the draws.
    """

    reading: Title
    judged: Judged
    values: npt.NDArray[np.float64]
    weights: npt.NDArray[np.float64]


def draw(subject: str, rows: Sequence[Predicted], lang: str = "en") -> Figure:
    """Draw one row a reading: the weighted draws as a histogram over the region that the claim allows.

    Parameters
    ----------
    subject : the claim, in words.
    rows : headline reading first; each with at least one finite value.
    """
    figure = style.new_figure(0.95 + _ROW * len(rows) + 1.15)
    axes = figure.subplots(len(rows), 1, sharex=True, squeeze=False)[:, 0]
    style.margins(figure, left=2.3, right=2.2, top=1.05, bottom=1.15, hspace=0.3)
    low, high = _limits(rows)
    share = rows[0].judged.unit == "share"
    for each, row in zip(axes, rows, strict=True):
        _row(each, row, (low, high), lang)
    bottom = axes[-1]
    bottom.set_xlim(low, high)
    if share:
        bottom.xaxis.set_major_formatter(PercentFormatter(1.0, symbol=" %", decimals=0))
    else:
        bottom.xaxis.set_major_formatter("{x:g}")
    side = words.say(f"verdict.{rows[0].judged.side}", lang)
    unit = words.say("share.unit", lang) if share else words.unit(rows[0].judged.unit, lang)
    bottom.set_xlabel(words.say("verdict.x", lang, side=side, unit=unit))
    style.headline(figure, finding(rows[0].judged, lang), subject)
    style.note(figure, words.say("verdict.note", lang))
    return figure


def finding(judged: Judged, lang: str) -> str:
    """Return in one sentence where the prediction lies next to the documented figure."""
    spread = judged_spread(judged)
    if spread is None:
        return words.say("verdict.none", lang)
    if judged.unit == "share":
        mean, low, high = map(words.percent, (spread.mean, spread.low, spread.high))
        unit = ""
    else:
        mean, low, high = words.numbers(spread.mean, spread.low, spread.high)
        unit = words.unit(judged.unit, lang, 2.0)
    key = "verdict.finding" if judged.documented is not None else "verdict.alone"
    told = documented_text(judged, lang)
    return words.say(key, lang, low=low, mean=mean, high=high, unit=unit, documented=told).rstrip()


def judged_spread(judged: Judged) -> Spread | None:
    """Return the spread of the side that is judged."""
    return judged.change if judged.side == "change" else judged.after


def _row(axes: Axes, row: Predicted, limits: tuple[float, float], lang: str) -> None:
    judged = row.judged
    known = np.isfinite(row.values) & (row.weights > 0)
    if judged.region is not None:
        start, stop = max(judged.region[0], limits[0]), min(judged.region[1], limits[1])
        axes.axvspan(start, stop, color=style.REGION, zorder=0)
        axes.axvspan(start, stop, facecolor="none", edgecolor="#7fb89b", hatch="//", linewidth=0, zorder=0)
    axes.hist(
        row.values[known],
        bins=np.linspace(*limits, 3 * _BINS + 1).tolist(),
        weights=row.weights[known],
        color=style.SIDE_COLOURS["after"],
        alpha=0.85,
    )
    top = axes.get_ylim()[1]
    spread = judged_spread(judged)
    if spread is not None:
        axes.plot([spread.low, spread.high], [-0.12 * top] * 2, color=style.INK, lw=3, solid_capstyle="butt")
        axes.plot([spread.mean], [-0.12 * top], "o", color=style.INK, markersize=8, mec="white")
    for value in _ends(judged.documented):
        axes.axvline(value, color=style.DOCUMENTED, linestyle="--", linewidth=1.8)
        axes.plot([value], [top], "v", color=style.DOCUMENTED, markersize=9, clip_on=False)
    axes.set_ylim(-0.24 * top, top)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.tick_params(length=0)
    figure = axes.get_figure()
    assert isinstance(figure, Figure)
    height, box = figure.get_figheight(), axes.get_position()
    name = row.reading.get(lang) or row.reading.get("en") or words.side("after", lang)
    figure.text(0.02, box.y1, style.wrapped(figure, name, 11, 1.95), fontsize=11, va="top", linespacing=1.15)
    lines = [words.say(f"verdict.{judged.verdict.name.lower()}", lang)]
    if judged.share is not None:
        lines.append(words.say("verdict.inside", lang, share=words.percent(judged.share)))
    y = box.y1
    for place, text in enumerate(lines):
        shown = style.wrapped(figure, text, 11, 1.9)
        weight = "normal" if place else style.heavy()
        figure.text(box.x1 + 0.015, y, shown, fontsize=11, fontweight=weight, va="top", linespacing=1.15)
        y -= (0.09 + 0.19 * (1 + shown.count("\n"))) / height


def _limits(rows: Sequence[Predicted]) -> tuple[float, float]:
    """Return the ends of the axis: nearly all draws, and every documented figure, are on it."""
    ends: list[float] = []
    for row in rows:
        known = row.values[np.isfinite(row.values) & (row.weights > 0)]
        ends += [float(known.min()), float(known.max())] if len(known) else []
        ends += _ends(row.judged.documented)
        ends += [end for end in row.judged.region or () if np.isfinite(end)]
    low, high = min(ends), max(ends)
    margin = 0.05 * (high - low) or 0.05 * abs(high) or 1.0
    return low - margin, high + margin


def _ends(value: float | tuple[float, ...] | None) -> list[float]:
    return [] if value is None else list(value) if isinstance(value, tuple) else [value]


def documented_text(judged: Judged, lang: str) -> str:
    """Write what is documented of the judged figure, without its unit; empty where nothing is."""
    if judged.documented is None:
        return ""
    text = words.stated(judged.documented, lang, share=judged.unit == "share")
    if judged.region is not None and judged.region[0] == -np.inf:
        return f"{words.say('at-most', lang)} {text}"
    if judged.region is not None and judged.region[1] == np.inf:
        return f"{words.say('at-least', lang)} {text}"
    return text
