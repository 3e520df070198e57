"""Figure of a sweep: lead time, what is in time, and use of staff over the values of a field."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from sim.figures import style, words
from sim.whatif.grid import Axis
from sim.whatif.sweep import Measured, measures_by_name

#: Lines that one panel can hold and still be read.
MOST_LINES = 7
_PANEL = 2.35  # inches
_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#6b6b6b")
_MARKS = "osD^vPX"

Point = Mapping[tuple[str, str], Measured]


@dataclass(frozen=True)
class SweepData:
    """What the figure shows.

    Attributes
    ----------
    title : of the scenario, by language.
    variant : name of the variant.
    axes : fields that vary, the last one fastest.
    points : measures of each point of the grid.
    unit : of lead times. within : the limit with its unit; empty for none.
    reps : replications.
    """

    title: Mapping[str, str]
    variant: str
    axes: tuple[Axis, ...]
    points: tuple[tuple[Measured, ...], ...]
    unit: str
    within: str
    reps: int


@dataclass(frozen=True)
class _Line:
    """One line of a panel: its name, and a measure at each value of the first axis."""

    name: str
    values: tuple[Measured, ...]


def draw_sweep(data: SweepData, folder: Path, lang: str = "en") -> list[Path]:
    """Draw the figure into `folder` as ``sweep.png`` and ``sweep.svg``; return their paths."""
    with style.look(lang):
        return style.save(draw(data, lang), folder, "sweep")


def draw(data: SweepData, lang: str) -> Figure:
    """Draw one panel a subject, one above the other; call it inside ``style.look``."""
    panels = _panels(data, lang)
    height = _PANEL * len(panels) + 2.0
    figure = style.new_figure(height)
    every = figure.subplots(len(panels), 1, sharex=True, squeeze=False)[:, 0]
    style.margins(figure, left=0.95, right=2.3, top=1.3, bottom=1.0, hspace=0.36)
    x = _positions(data.axes[0])
    fields = "\n".join(axis.path for axis in data.axes[1:])
    for axes, (title, lines, share) in zip(every, panels, strict=True):
        _panel(axes, x, lines, share=share)
        if any(line.name for line in lines) and (not fields or axes is every[0]):
            _legend(axes, style.fitting(figure, fields, 10, 2.1))
        axes.set_title(title, fontweight="normal", fontsize=11.5, pad=6)
    _ticks(every[-1], data.axes[0], x)
    style.headline(figure, finding(data, lang), _subject(data, lang))
    style.note(figure, _note(data, lang))
    return figure


def finding(data: SweepData, lang: str) -> str:
    """Return in one sentence how mean lead time moves over one field, or between which values it lies."""
    means = [measures_by_name(point)["mean", "all"].interval.estimate for point in data.points]
    ends = (means[0], means[-1])
    if len(data.axes) > 1:
        known = [mean for mean in means if math.isfinite(mean)] or [math.nan]
        ends = (min(known), max(known))
    first, last = words.numbers(*ends)
    unit = words.unit(data.unit, lang, ends[1])
    key = "sweep.same" if first == last else "sweep.between" if len(data.axes) > 1 else "sweep.finding"
    return words.say(key, lang, first=first, last=last, unit=unit)


def _subject(data: SweepData, lang: str) -> str:
    title = data.title.get(lang) or data.title.get("en") or ""
    fields = ", ".join(axis.path for axis in data.axes)
    return words.say(
        "sweep.subject", lang, title=title, variant=words.side(data.variant, lang), fields=fields
    )


def _note(data: SweepData, lang: str) -> str:
    text = words.say("sweep.note", lang, reps=words.replications(data.reps, lang))
    if data.reps < 2:
        text = words.say("sweep.note.one", lang)
    groups = math.prod(len(axis.texts) for axis in data.axes[1:])
    if groups > MOST_LINES:
        text += " " + words.say("sweep.some", lang, shown=str(MOST_LINES), all=str(groups))
    elif len(data.axes) == 1 and len(_pools(data)) > MOST_LINES:
        text += " " + words.say("sweep.pools", lang, shown=str(MOST_LINES), all=str(len(_pools(data))))
    return text


def _panels(data: SweepData, lang: str) -> list[tuple[str, list[_Line], bool]]:
    """Return (title, lines, whether it is a share) of each panel."""
    points = [measures_by_name(point) for point in data.points]
    unit = words.unit(data.unit, lang)
    groups = _groups(data)

    def lines(name: str, of: str = "all") -> list[_Line]:
        return [_Line(g, tuple(points[place][name, of] for place in places)) for g, places in groups]

    panels: list[tuple[str, list[_Line], bool]] = []
    if len(data.axes) == 1:
        both = [_Line(words.say(f"sweep.{name}", lang), lines(name)[0].values) for name in ("p90", "mean")]
        panels.append((words.say("sweep.lead", lang, unit=unit), both, False))
    else:
        titles = {name: words.say(f"sweep.lead.{name}", lang, unit=unit) for name in ("mean", "p90")}
        panels += [(title, lines(name), False) for name, title in titles.items()]
    if data.within:
        panels.append((words.say("sweep.within", lang, limit=data.within), lines("within"), True))
    if any(point["open", "all"].interval.estimate > 0 for point in points):
        panels.append((words.say("sweep.open", lang), lines("open"), True))
    pools = _pools(data)
    if len(data.axes) == 1:
        use = [_Line(pool, lines("utilisation", pool)[0].values) for pool in pools[:MOST_LINES]]
        panels.append((words.say("sweep.use", lang), use, True))
    else:
        title = words.say("sweep.use.of", lang, pool=pools[0])
        panels.append((title, lines("utilisation", pools[0]), True))
    return panels


def _groups(data: SweepData) -> list[tuple[str, list[int]]]:
    """Return name and places of the points of each line: one for each combination of the later axes."""
    inner = [axis.texts for axis in data.axes[1:]]
    size = math.prod(len(texts) for texts in inner)
    found = []
    for place, values in enumerate(product(*inner)):
        found.append((", ".join(values), [i * size + place for i in range(len(data.axes[0].texts))]))
    if len(found) > MOST_LINES:
        chosen = np.unique(np.linspace(0, len(found) - 1, MOST_LINES).round().astype(int))
        found = [found[i] for i in chosen]
    return found


def _pools(data: SweepData) -> list[str]:
    """Return the pools that every point has, those that differ most between points first."""
    points = [measures_by_name(point) for point in data.points]
    names = [m.of for m in data.points[0] if m.name == "utilisation"]
    names = [name for name in names if all(("utilisation", name) in point for point in points)]

    def spread(name: str) -> float:
        values = [point["utilisation", name].interval.estimate for point in points]
        return -float(np.ptp([v for v in values if math.isfinite(v)] or [0.0]))

    return sorted(names, key=spread)


def _positions(axis: Axis) -> list[float]:
    """Return where the values stand: at their size, or evenly where some are no numbers."""
    return (
        list(axis.sizes)
        if all(map(math.isfinite, axis.sizes))
        else [float(i) for i in range(len(axis.texts))]
    )


def _panel(axes: Axes, x: Sequence[float], lines: Sequence[_Line], *, share: bool) -> None:
    top = 0.0
    colours = _colours(len(lines))
    for line, colour, mark in zip(lines, colours, _MARKS, strict=False):
        values = np.array([m.interval.estimate for m in line.values])
        low = np.array([m.interval.low for m in line.values])
        high = np.array([m.interval.high for m in line.values])
        if np.isfinite(low).all() and np.isfinite(high).all():
            axes.fill_between(x, np.maximum(low, 0), high, color=colour, alpha=0.18, linewidth=0)
        axes.plot(x, values, color=colour, linewidth=2, marker=mark, markersize=5, label=line.name)
        most = float(np.nanmax(values, initial=0.0))
        reach = float(np.max(high, initial=0.0, where=np.isfinite(high)))
        top = max(top, most, min(reach, 1.6 * most))  # a wide band must not press the lines flat
    axes.set_ylim(0, min(1.12 * top, 1.04) if share and top else 1.12 * top or 1.0)
    if share:
        axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=None, symbol=" %"))
    axes.locator_params(axis="y", nbins=5)
    style.quiet_grid(axes)


def _legend(axes: Axes, title: str) -> None:
    axes.legend(
        loc="upper left", bbox_to_anchor=(1.01, 1.04), frameon=False, fontsize=10, handlelength=1.6,
        title=title or None, title_fontsize=10, alignment="left",
    )  # fmt: skip


def _colours(count: int) -> Sequence[str]:
    if count <= 2:
        return _COLOURS[:count]
    scale = mpl.colormaps["cividis"]
    return [mpl.colors.to_hex(scale(0.05 + 0.85 * i / (count - 1))) for i in range(count)]


def _ticks(axes: Axes, axis: Axis, x: Sequence[float]) -> None:
    numeric = all(map(math.isfinite, axis.sizes))
    places = list(range(len(x)))
    if len(places) > 12:
        places = places[:: math.ceil(len(places) / 12)]
    shown = [words.plain(axis.sizes[i]) if numeric else axis.texts[i] for i in places]
    axes.set_xticks([x[i] for i in places], shown)
    axes.set_xlabel(f"{axis.path} ({axis.unit})" if axis.unit else axis.path)
