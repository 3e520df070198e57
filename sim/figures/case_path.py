"""Figure: the way of one case as a timeline, before and after, element by element."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle

from sim.engine.records import Records, Table
from sim.figures import style, words
from sim.figures.data import FigureData, Side
from sim.measures.path import Time, average_case, case_path
from sim.network.elements import EndStatus
from sim.worktime.zones import to_datetime

_ROW = 0.27  # inches
_MOST_ROWS = 18  # rows a side; the shortest of the others are drawn as one row
_NAMES = 2.95  # inches for the elements' names


@dataclass(frozen=True)
class _Row:
    """One line of the chart: a label and its segments."""

    label: str
    segments: Table


def draw(data: FigureData, lang: str = "en", cases: tuple[int, ...] | None = None) -> Figure | None:
    """Draw the timeline of one case for every side, from the first replication.

    Parameters
    ----------
    cases : row of the case in each side's case table; None: one whose time is near the mean before
        and after.

    Returns
    -------
    Figure, or None where no case ended well on every side.
    """
    chosen = cases if cases is not None else _choose(data)
    if chosen is None:
        return None
    rows = [_rows(data, side, case, lang) for side, case in zip(data.sides, chosen, strict=True)]
    took = [_length(side.records[0], case) for side, case in zip(data.sides, chosen, strict=True)]
    longest = max(1, *took)
    unit = words.scale(longest)
    length = words.LENGTHS[unit]
    heights = [max(len(each), 1) * _ROW for each in rows]
    gap, top, bottom = 0.5, 1.75, 1.0
    figure = style.new_figure(sum(heights) + gap * (len(rows) - 1) + top + bottom)
    height, y = figure.get_figheight(), figure.get_figheight() - top
    kinds: set[str] = set()
    for place, (side, case) in enumerate(zip(data.sides, chosen, strict=True)):
        y -= heights[place]
        axes = figure.add_axes(
            (_NAMES / style.WIDTH, y / height, 6.75 / style.WIDTH, heights[place] / height)
        )
        y -= gap
        kinds |= _timeline(figure, axes, rows[place], int(side.records[0].cases["arrived"][case]), length)
        axes.set_xlim(0, 1.02 * longest / length)
        axes.set_title(
            f"{words.side(side.name, lang)}: {words.duration(took[place], lang, unit)}",
            color=style.SIDE_COLOURS.get(side.name, style.INK),
            fontsize=13,
        )
        axes.axvline(took[place] / length, color=style.SIDE_COLOURS.get(side.name, style.INK), linewidth=1.6)
        if place == len(rows) - 1:
            axes.set_xlabel(words.say("path.x", lang, unit=words.unit(unit, lang)))
        else:
            axes.tick_params(labelbottom=False)
    _legend(figure, kinds, lang, 1 - 0.92 / height)
    style.headline(figure, finding(took, lang), data.subject(_subject(data.sides[0], chosen[0], lang), lang))
    style.note(figure, words.say("path.note" if cases is None and len(rows) > 1 else "path.note.one", lang))
    return figure


def finding(took: list[int], lang: str) -> str:
    """Return in one sentence how long the case took on each side."""
    times = [words.duration(seconds, lang, words.scale(max(took))) for seconds in took]
    if len(times) == 1:
        return words.say("path.one", lang, after=times[0])
    return words.say("path.finding", lang, before=times[0], after=times[1])


def _subject(side: Side, case: int, lang: str) -> str:
    row, network = side.records[0].cases[case], side.network
    arrived = to_datetime(int(row["arrived"]), network.zone, date.fromisoformat(network.origin))
    return words.say("path.subject", lang, case=str(int(row["number"])), date=f"{arrived:%Y-%m-%d %H:%M}")


def _choose(data: FigureData) -> tuple[int, ...] | None:
    if not all(side.records for side in data.sides):
        return None
    first, last = data.sides[0], data.sides[-1]
    pair = average_case((first.network, first.records[0]), (last.network, last.records[0]))
    return None if pair is None else pair[: len(data.sides)]


def _length(records: Records, case: int) -> int:
    row = records.cases[case]
    end = int(row["ended"]) if row["status"] != EndStatus.OPEN else records.stopped + 1
    return end - int(row["arrived"])


def _rows(data: FigureData, side: Side, case: int, lang: str) -> list[_Row]:
    """Return the lines of one side; beyond a bound the shortest elements share the last line."""
    segments = case_path(side.network, side.records[0], case)
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
        rows.append(_Row(name, own))
    others = segments[~np.isin(segments["order"], sorted(kept))]
    if len(others):
        rows.append(_Row(words.say("path.others", lang, n=str(len(spent) - len(kept))), others))
    return rows


def _timeline(figure: Figure, axes: Axes, rows: list[_Row], arrived: int, length: int) -> set[str]:
    """Draw the segments of all rows; return the kinds of time that occur."""
    kinds: set[str] = set()
    for place, row in enumerate(rows):
        if (row.segments["token"] != 0).any():
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
