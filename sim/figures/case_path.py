"""Figure: the way of one case as a timeline, before and after, element by element."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle

from sim.engine.records import Table
from sim.figures import style, words
from sim.figures.data import FigureData, Side
from sim.measures.claims import ClaimSpec
from sim.measures.path import OneCase, Time
from sim.worktime.zones import to_datetime

_ROW = 0.27  # inches
_MOST_ROWS = 18  # rows a side; the shortest of the others are drawn as one row
_NAMES = 3.2  # inches for the elements' names


@dataclass(frozen=True)
class _Row:
    """One line of the chart: a label, its segments, whether it is on a parallel branch."""

    label: str
    segments: Table
    branch: bool


@dataclass(frozen=True)
class _Panel:
    """One side of the chart: the way of the case there, and its lines."""

    side: Side
    case: OneCase
    rows: tuple[_Row, ...]


def draw(data: FigureData, lang: str = "en") -> Figure | None:
    """Draw the timeline of one case for every side, from the first replication; None without such a case."""
    if data.path is None:
        return None
    panels = [
        _Panel(side, case, tuple(_rows(data, side, case, lang)))
        for side, case in zip(data.sides, data.path, strict=True)
    ]
    longest = max(1, *(panel.case.whole for panel in panels))
    unit = words.scale(longest)
    heights = [max(len(panel.rows), 1) * _ROW for panel in panels]
    gap, top, bottom = 0.5, 1.75, 1.0
    figure = style.new_figure(sum(heights) + gap * (len(panels) - 1) + top + bottom)
    height, y = figure.get_figheight(), figure.get_figheight() - top
    kinds: set[str] = set()
    for panel, tall in zip(panels, heights, strict=True):
        y -= tall
        room = style.WIDTH - _NAMES - 0.3
        axes = figure.add_axes((_NAMES / style.WIDTH, y / height, room / style.WIDTH, tall / height))
        y -= gap
        axes.set_xlim(0, 1.02 * longest / words.LENGTHS[unit])
        kinds |= _timeline(figure, axes, panel, words.LENGTHS[unit])
        _lines(axes, panel, words.LENGTHS[unit])
        title = style.fitting(figure, _panel_title(data, panel, unit, lang), 12, room, bold=True)
        axes.set_title(title, color=style.SIDE_COLOURS.get(panel.side.name, style.INK), fontsize=12)
        axes.tick_params(labelbottom=panel is panels[-1])
    axes.set_xlabel(words.say("path.x", lang, unit=words.unit(unit, lang)))
    _legend(figure, kinds, lang, 1 - 0.92 / height)
    took = [panel.case.took for panel in panels]
    style.headline(figure, finding(took, lang), data.subject(_subject(panels[0], lang), lang))
    style.note(figure, _note(panels, lang))
    return figure


def finding(took: list[int], lang: str) -> str:
    """Return in one sentence how long the case took on each side."""
    times = [words.duration(seconds, lang, words.scale(max(took))) for seconds in took]
    if len(times) == 1:
        return words.say("path.one", lang, after=times[0])
    return words.say("path.finding", lang, before=times[0], after=times[1])


def _subject(panel: _Panel, lang: str) -> str:
    case, network = panel.case, panel.side.network
    arrived = to_datetime(case.arrived, network.zone, date.fromisoformat(network.origin))
    return words.say("path.subject", lang, case=str(case.number), date=f"{arrived:%Y-%m-%d %H:%M}")


def _panel_title(data: FigureData, panel: _Panel, unit: str, lang: str) -> str:
    side = words.side(panel.side.name, lang)
    took = words.duration(panel.case.took, lang, unit)
    spec = _spec(data, panel.side)
    if panel.case.span is None or spec is None:
        return words.say("path.title", lang, side=side, took=took)
    start, stop = spec.spans[0][0], spec.spans[-1][1]
    start = data.named(start, lang) if start else words.say("path.arrival", lang)
    stop = data.named(stop, lang) if stop else words.say("path.end", lang)
    title = words.say("path.span", lang, side=side, took=took, start=start, stop=stop)
    if panel.case.whole != panel.case.took:
        title += words.say("path.all", lang, all=words.duration(panel.case.whole, lang, unit))
    return title


def _note(panels: list[_Panel], lang: str) -> str:
    parts = [words.say("path.note", lang)]
    if len(panels) > 1:
        parts.insert(0, words.say("path.note.average", lang))
    if any(panel.case.span is not None for panel in panels):
        parts.append(words.say("path.note.lines", lang))
    return ("" if lang == "zh" else " ").join(parts)


def _spec(data: FigureData, side: Side) -> ClaimSpec | None:
    return data.claims[0].specs.get(side.name) if data.claims else None


def _rows(data: FigureData, side: Side, case: OneCase, lang: str) -> list[_Row]:
    """Return the lines of one side; beyond a bound the shortest elements share the last line."""
    segments = case.segments
    orders = np.unique(segments["order"])
    lengths = segments["stop"] - segments["start"]
    spent = {int(order): int(lengths[segments["order"] == order].sum()) for order in orders}
    kept = set(spent)
    if len(spent) > _MOST_ROWS:
        kept = set(sorted(spent, key=lambda o: -spent[o])[: _MOST_ROWS - 1])
    rows = []
    for order in sorted(kept):
        own = segments[segments["order"] == order]
        name = data.named(side.network.nodes[int(own["element"][0])].name, lang)
        rows.append(_Row(name, own, bool((own["token"] != 0).any())))
    others = segments[~np.isin(segments["order"], sorted(kept))]
    if len(others):
        rows.append(_Row(words.say("path.others", lang, n=str(len(spent) - len(kept))), others, False))
    return rows


def _lines(axes: Axes, panel: _Panel, length: int) -> None:
    """Mark from where to where the case's time is measured."""
    colour = style.SIDE_COLOURS.get(panel.side.name, style.INK)
    for t in (panel.case.whole,) if panel.case.span is None else panel.case.span:
        axes.axvline(t / length, color=colour, linewidth=1.6, zorder=5, clip_on=False)


def _timeline(figure: Figure, axes: Axes, panel: _Panel, length: int) -> set[str]:
    """Draw the segments of all rows; return the kinds of time that occur."""
    kinds: set[str] = set()
    rows, arrived = panel.rows, panel.case.arrived
    for place, row in enumerate(rows):
        if row.branch:
            axes.axhspan(place - 0.5, place + 0.5, color=style.SHADE, linewidth=0, zorder=0)
        for segment in row.segments:
            kind = Time(int(segment["kind"])).name.lower()
            kinds.add(kind)
            start, stop = (int(segment[edge]) - arrived for edge in ("start", "stop"))
            axes.add_patch(
                Rectangle(
                    (start / length, place - 0.4),
                    (stop - start) / length,
                    0.8,
                    facecolor=style.KIND_COLOURS[kind],
                    edgecolor=style.KIND_COLOURS[kind],  # so that a short piece of work still shows
                    linewidth=0.9 if kind == "touch" else 0.3,
                    zorder=3 if kind == "touch" else 2,
                )
            )
            if segment["rework"]:
                kinds.add("rework")
                axes.add_patch(
                    Rectangle(
                        (start / length, place - 0.4),
                        (stop - start) / length,
                        0.8,
                        fill=False,
                        hatch="////",
                        edgecolor=style.KIND_COLOURS["rework"],
                        linewidth=0.0,
                        zorder=4,
                    )
                )
    labels = [style.fitting(figure, row.label, 10.5, _NAMES - 0.3) for row in rows]
    axes.set_yticks(range(len(rows)), labels, fontsize=10.5)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.xaxis.set_major_formatter("{x:g}")
    axes.spines["left"].set_visible(False)
    style.quiet_grid(axes, "x")
    return kinds


def _legend(figure: Figure, kinds: set[str], lang: str, y: float) -> None:
    handles = []
    for kind, colour in style.KIND_COLOURS.items():
        if kind not in kinds:
            continue
        if kind == "rework":
            handles.append(
                Patch(
                    facecolor="white",
                    edgecolor=colour,
                    hatch="////",
                    linewidth=0.5,
                    label=words.say(kind, lang),
                )
            )
        else:
            handles.append(Patch(facecolor=colour, label=words.say(kind, lang)))
    figure.legend(
        handles=handles,
        loc="upper left",
        bbox_to_anchor=(0.012, y),
        ncols=3,
        frameon=False,
        fontsize=10.5,
        handlelength=1.2,
        handleheight=0.9,
        columnspacing=1.4,
        borderpad=0.2,
    )
