"""Figure: cases in progress and cases ended, week by week, before and after."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from sim.engine.records import Table
from sim.figures import style, words
from sim.figures.data import FigureData
from sim.measures.series import WEEK, across
from sim.measures.shown import PERIODS

_MOST_POINTS = 80  # of a line


def draw(data: FigureData, lang: str = "en") -> Figure:
    """Draw the two series one above the other; warm-up and window are shaded."""
    figure = style.new_figure(6.4)
    upper, lower = figure.subplots(2, 1, sharex=True)
    style.margins(figure, left=0.85, right=1.2, top=1.45, bottom=0.95, hspace=0.28)
    weeks = _period(data)
    tables = {side.name: [run.weeks[weeks] for run in side.runs] for side in data.sides}
    for axes, field in ((upper, "open"), (lower, "ended")):
        ends = []
        for side in data.sides:
            band = _band(tables[side.name], field, weeks)
            _line(axes, side.name, band)
            ends.append((side.name, band))
        axes.set_ylim(0, _top([band for _, band in ends]))
        _end_labels(axes, ends, lang)
        title = words.say(f"flow.{field}", lang)
        if weeks > 1:
            title += words.say("flow.period", lang, n=str(weeks))
        axes.set_title(title, fontweight="normal", fontsize=11.5, pad=6)
        axes.locator_params(axis="y", nbins=5)
        style.quiet_grid(axes)
    network = data.sides[-1].network
    last = weeks * max(min(len(table) for table in each) for each in tables.values())
    lower.set_xlim(0, max(last, 1))
    for axes in (upper, lower):
        _shade(axes, network.window, last)
    _name_spans(upper, network.window, last, lang)
    lower.xaxis.set_major_locator(MaxNLocator(integer=True))
    lower.set_xlabel(words.say("flow.x", lang, date=network.origin))
    style.headline(figure, finding(data, lang), data.subject(words.say("flow.subject", lang), lang))
    count = max(len(side.runs) for side in data.sides)
    key = "flow.note" if count > 1 else "flow.note.one"
    note = words.say(
        key, lang, reps=words.replications(count, lang), band=words.band(style.level(count), lang)
    )
    style.note(figure, note)
    return figure


def finding(data: FigureData, lang: str) -> str:
    """Return in one sentence how many cases were in progress in the window."""
    means = [np.mean([run.mean_open for run in side.runs]) for side in data.sides]
    values = words.numbers(*(float(mean) for mean in means))
    if len(values) == 1:
        return words.say("flow.one", lang, after=values[0])
    return words.say("flow.finding", lang, before=values[0], after=values[1])


def _period(data: FigureData) -> int:
    """Return over how many weeks to take means, so that a long run is no thicket."""
    longest = max(run.stopped for side in data.sides for run in side.runs) / WEEK
    return next((weeks for weeks in PERIODS if longest / weeks <= _MOST_POINTS), PERIODS[-1])


def _band(tables: list[Table], field: str, weeks: int) -> Table:
    """Return the mean and its band, over the periods that every replication simulated wholly."""
    count = min(len(table) for table in tables)
    middle = (np.arange(count) + 0.5) * weeks
    return across(middle, [table[field][:count] for table in tables], style.level(len(tables)))


def _top(bands: list[Table]) -> float:
    """Return the upper end of the axis: all lines, and bands as far as they leave the lines readable."""
    line = max((float(band["mean"].max()) for band in bands if len(band)), default=0.0)
    band = max((float(np.nanmax(each["high"], initial=0.0)) for each in bands if len(each)), default=0.0)
    return 1.06 * max(line, min(band, 1.8 * line)) or 1.0


def _line(axes: Axes, name: str, band: Table) -> None:
    colour = style.SIDE_COLOURS.get(name, style.INK)
    if np.isfinite(band["low"]).all():
        low = np.maximum(band["low"], 0)
        axes.fill_between(band["x"], low, band["high"], color=colour, alpha=0.22, linewidth=0)
    axes.plot(band["x"], band["mean"], color=colour, linewidth=2)


def _end_labels(axes: Axes, ends: list[tuple[str, Table]], lang: str) -> None:
    """Name each line at its right end, moved apart where they would touch."""
    low, high = axes.get_ylim()
    gap = 0.13 * (high - low)
    shown = [(float(band["mean"][-1]), name) for name, band in ends if len(band)]
    shown.sort(key=lambda each: each[0])
    height = low
    for value, name in shown:
        height = max(value, height)
        axes.annotate(
            words.side(name, lang),
            (1.012, height),
            xycoords=("axes fraction", "data"),
            va="center",
            color=style.SIDE_COLOURS.get(name, style.INK),
            fontweight=style.heavy(),
            fontsize=12.5,
        )
        height += gap


def _shade(axes: Axes, window: tuple[int, int], last: int) -> None:
    first, end = (t / WEEK for t in window)
    axes.axvspan(0, min(first, last), color=style.SHADE, linewidth=0, zorder=0)
    if end < last:
        axes.axvspan(end, last, color=style.SHADE, linewidth=0, zorder=0)
    for edge in (first, end):
        if 0 < edge < last:
            axes.axvline(edge, color=style.FAINT, linewidth=1, linestyle=":")


def _name_spans(axes: Axes, window: tuple[int, int], last: int, lang: str) -> None:
    """Write above the axes what the shaded and the plain stretches are."""
    first, end = (min(t / WEEK, last) for t in window)
    for start, stop, key in ((0.0, first, "warm-up"), (first, end, "window"), (end, float(last), "follow")):
        if stop - start > 0.07 * last:
            axes.annotate(
                words.say(key, lang),
                ((start + stop) / 2, 1.16),
                xycoords=("data", "axes fraction"),
                ha="center",
                va="bottom",
                fontsize=10.5,
                color=style.FAINT,
            )
