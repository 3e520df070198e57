"""Figure: how busy the staff are by weekday and hour, before and after, as a heat map."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from sim.figures import style, words
from sim.figures.data import FigureData, Side

FloatArray = npt.NDArray[np.float64]

_NUMBERED = 14  # hours shown up to which the cells are wide enough for their numbers


def draw(data: FigureData, lang: str = "en", pool: str | None = None) -> Figure:
    """Draw one heat map a side, of all staff or of one pool.

    Parameters
    ----------
    pool : name of the pool; None: all staff added up. A side without that pool is left out.
    """
    sides = [side for side in data.sides if pool is None or _index(side, pool) is not None]
    grids = [_grid(side, pool) for side in sides]
    busy = np.nansum([np.where(grid[1] > 0, grid[1], 0) for grid in grids], axis=0)
    hours = np.flatnonzero(busy.sum(axis=0) > 0)
    first, last = (int(hours[0]), int(hours[-1]) + 1) if len(hours) else (0, 24)
    figure = style.new_figure(5.0)
    row = figure.subplots(1, len(sides), sharey=True, squeeze=False)[0]
    style.margins(figure, left=0.75, right=1.25, top=1.3, bottom=1.15, wspace=0.12)
    image = None
    for axes, side, (used, staff) in zip(row, sides, grids, strict=True):
        image = _heat(axes, used, staff, (first, last))
        title = f"{words.side(side.name, lang)}: {words.percent(_overall(used, staff))}"
        axes.set_title(title, color=style.SIDE_COLOURS.get(side.name, style.INK), fontsize=13)
        line = _busiest_line(figure, data, side, lang) if pool is None else ""
        axes.set_xlabel(words.say("busy.x", lang) + line)
    row[0].set_yticks(range(7), words.weekdays(lang))
    if image is not None:
        box = row[-1].get_position()
        bar = figure.add_axes((box.x1 + 0.02, box.y0, 0.018, box.height))
        figure.colorbar(image, cax=bar, format=PercentFormatter(1.0, symbol=" %"))
        bar.set_title(words.say("busy.bar", lang), fontsize=10.5, fontweight="normal", loc="left", pad=7)
        bar.tick_params(length=0)
    shares = [_overall(*grid) for grid in grids]
    what = (
        words.say("busy.subject", lang)
        if pool is None
        else words.say("busy.pool", lang, pool=data.named(pool, lang))
    )
    style.headline(figure, finding(shares, lang, sides[0].name), data.subject(what, lang))
    reps = words.replications(max(len(side.runs) for side in data.sides), lang)
    style.note(figure, words.say("busy.note", lang, reps=reps))
    return figure


def finding(shares: list[float], lang: str, only: str = "") -> str:
    """Return in one sentence how busy the staff are on each side, or on the `only` side shown."""
    texts = [words.percent(share) for share in shares]
    if len(texts) == 1:
        return words.say("busy.one", lang, share=texts[0], side=words.side(only, lang))
    return words.say("busy.finding", lang, before=texts[0], after=texts[1])


def _index(side: Side, pool: str) -> int | None:
    return next((each.index for each in side.network.pools if each.name == pool), None)


def _grid(side: Side, pool: str | None) -> tuple[FloatArray, FloatArray]:
    """Return busy and on-shift unit-seconds, both of shape (7 weekdays, 24 hours)."""
    index = None if pool is None else _index(side, pool)
    tables = [run.hours if index is None else run.hours[index] for run in side.runs]
    return _summed([table["busy"] for table in tables]), _summed([table["capacity"] for table in tables])


def _summed(tables: list[npt.NDArray[np.int64]]) -> FloatArray:
    """Return the sum over replications and pools of tables of shape (168,) or (pools, 168)."""
    total = np.zeros((7, 24))
    for table in tables:
        total += table.reshape(-1, 7, 24).sum(axis=0)
    return total


def _overall(busy: FloatArray, capacity: FloatArray) -> float:
    total = float(capacity.sum())
    return float(busy.sum()) / total if total > 0 else float("nan")


def busiest(data: FigureData, most: int) -> list[str]:
    """Return the names of the busiest pools of any side, busiest first; none where there is just one."""
    share: dict[str, float] = {}
    for side in data.sides:
        for name, value in _by_pool(side).items():
            share[name] = max(value, share.get(name, 0.0))
    names = sorted(share, key=lambda name: (-share[name], name))
    return names[:most] if len(names) > 1 else []


def _by_pool(side: Side) -> dict[str, float]:
    """Return the share of time at work of each pool, over all replications."""
    tables = [run.staff for run in side.runs]
    busy = np.sum([table["busy"] for table in tables], axis=0, dtype=np.float64)
    capacity = np.sum([table["capacity"] for table in tables], axis=0, dtype=np.float64)
    share = np.divide(busy, capacity, out=np.zeros_like(busy), where=capacity > 0)
    return {pool.name: float(value) for pool, value in zip(side.network.pools, share, strict=True)}


def _busiest_line(figure: Figure, data: FigureData, side: Side, lang: str) -> str:
    """Return a line that names the busiest of several pools."""
    share = _by_pool(side)
    if len(share) < 2:
        return ""
    most = max(share, key=lambda name: share[name])
    text = words.say("busy.busiest", lang, pool=data.named(most, lang), share=words.percent(share[most]))
    return "\n" + style.fitting(figure, text, 11.5, 3.7)


def _heat(axes: Axes, busy: FloatArray, capacity: FloatArray, hours: tuple[int, int]) -> QuadMesh:
    first, last = hours
    share = np.full(busy.shape, np.nan)
    np.divide(busy, capacity, out=share, where=capacity > 0)
    axes.patch.set(facecolor="white", hatch="////", edgecolor=style.GRID)
    image = axes.pcolormesh(
        np.arange(first, last + 1),
        np.arange(-0.5, 7.5),
        share[:, first:last],
        cmap="cividis",
        vmin=0,
        vmax=1,
        edgecolors="white",
        linewidth=0.8,
    )
    axes.set_ylim(6.5, -0.5)
    axes.set_xlim(first, last)
    if last - first <= _NUMBERED:
        for (day, hour), value in np.ndenumerate(share[:, first:last]):
            if np.isfinite(value):
                ink = "white" if value < 0.55 else "black"
                axes.text(
                    first + hour + 0.5,
                    day,
                    f"{value * 100:.0f}",
                    ha="center",
                    va="center",
                    fontsize=10,
                    color=ink,
                )
    step = 1 if last - first <= 12 else 2 if last - first <= 18 else 3
    axes.set_xticks(range(first, last + 1, step))
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)
    return image
