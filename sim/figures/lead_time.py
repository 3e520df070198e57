"""Figure: how long cases take, before and after, as distributions with the documented figures marked."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from sim.engine.records import Table
from sim.figures import style, words
from sim.figures.data import FigureClaim, FigureData
from sim.measures.series import ecdf

_POINTS = 400
_SHOWN = 0.99  # the time axis ends where this share of the cases of each side is done


def draw(data: FigureData, claim: FigureClaim, lang: str = "en") -> Figure:
    """Draw the distribution of one claim's lead time for every side.

    Parameters
    ----------
    data : the scenario and its sides.
    claim : what is measured, with documented and simulated values.
    lang : ``en`` or ``zh``.
    """
    figure = style.new_figure(5.6)
    names = [side.name for side in data.sides if _cases(claim, side.name)]
    axes = figure.add_subplot()
    marked = sum(value is not None for value in claim.documented.values())
    style.margins(figure, left=0.95, right=2.75, top=1.0 + 0.24 * marked, bottom=1.0)
    upper = _upper(claim, names)
    grid = np.linspace(0.0, upper, _POINTS)
    for name in names:
        table = ecdf(claim.values[name], grid, style.level(len(claim.values[name])))
        colour = style.SIDE_COLOURS.get(name, style.INK)
        axes.fill_between(table["x"], table["low"], table["high"], color=colour, alpha=0.22, linewidth=0)
        axes.plot(table["x"], table["mean"], color=colour, linewidth=2.2)
        _dot(axes, claim, name, table, colour)
    _documented(figure, axes, claim, lang)
    axes.set(xlim=(0, upper), ylim=(0, 1.02))
    axes.set_xlabel(_axis(claim, lang))
    axes.set_ylabel(words.say("lead.y", lang))
    axes.xaxis.set_major_formatter("{x:g}")
    axes.yaxis.set_major_formatter(PercentFormatter(1.0, symbol=" %"))
    style.quiet_grid(axes)
    _key(figure, axes, claim, names, lang)
    style.headline(figure, finding(claim, names, lang), data.subject(claim.named(lang), lang))
    style.note(figure, _note(data, claim, marked > 0, lang))
    return figure


def finding(claim: FigureClaim, names: list[str], lang: str) -> str:
    """Return in one sentence what became of the claim's statistic."""
    limit = words.plain(claim.within) if claim.within is not None else ""
    what = words.say(
        _statistic_key(claim.statistic),
        lang,
        n=claim.statistic[1:],
        limit=limit,
        unit=words.unit(claim.unit, lang, claim.within),
    )
    values = _values(claim, [claim.simulated[name].estimate for name in names if name in claim.simulated])
    if not values:
        return what
    unit = (
        ""
        if claim.statistic == "share"
        else words.unit(claim.unit, lang, claim.simulated[names[-1]].estimate)
    )
    if len(values) == 1:
        return words.say("lead.one", lang, what=what, after=values[0], unit=unit).rstrip()
    before, after = (claim.simulated[name].estimate for name in names[:2])
    key = "lead.same" if values[0] == values[1] else "lead.falls" if after < before else "lead.rises"
    return words.say(key, lang, what=what, before=values[0], after=values[1], unit=unit).rstrip()


def _axis(claim: FigureClaim, lang: str) -> str:
    unit = "days" if claim.unit == "share" else claim.unit
    what = words.say(f"clock.{claim.clock}", lang)
    return words.say("lead.x", lang, what=what, unit=words.unit(unit, lang))


def _note(data: FigureData, claim: FigureClaim, marked: bool, lang: str) -> str:
    count = max((len(side.runs) for side in data.sides), default=1)
    key = "lead.note" if count > 1 else "lead.note.one"
    parts = [
        words.say(key, lang, reps=words.replications(count, lang), band=words.band(style.level(count), lang)),
        words.say("lead.note.dot", lang, statistic=words.statistic(claim.statistic, lang)),
    ]
    if marked:
        parts.append(words.say("lead.note.diamond" if claim.statistic == "share" else "lead.note.line", lang))
    return ("" if lang == "zh" else " ").join(parts)


def _statistic_key(statistic: str) -> str:
    return "quantile" if statistic.startswith("p") else statistic


def _values(claim: FigureClaim, values: list[float]) -> tuple[str, ...]:
    return tuple(map(words.percent, values)) if claim.statistic == "share" else words.numbers(*values)


def _cases(claim: FigureClaim, name: str) -> int:
    return sum(len(sample) for sample in claim.values.get(name, ()))


def _upper(claim: FigureClaim, names: list[str]) -> float:
    """Return where the time axis ends: nearly all cases, and every documented time, are on it."""
    ends = [float(np.quantile(np.concatenate(claim.values[name]), _SHOWN)) for name in names]
    if claim.statistic != "share":
        ends += [max(_ends(value)) for value in claim.documented.values() if value is not None]
        ends += [claim.simulated[name].estimate for name in names if name in claim.simulated]
    if claim.within is not None:
        ends.append(claim.within)
    top = max((end for end in ends if np.isfinite(end)), default=1.0)
    return 1.06 * top if top > 0 else 1.0


def _ends(value: float | tuple[float, ...]) -> tuple[float, ...]:
    return value if isinstance(value, tuple) else (value,)


def _dot(axes: Axes, claim: FigureClaim, name: str, table: Table, colour: str) -> None:
    """Mark the simulated statistic on its curve."""
    if name not in claim.simulated:
        return
    value = claim.simulated[name].estimate
    if claim.statistic == "share":
        x, y = claim.within if claim.within is not None else 0.0, value
    else:
        x, y = value, float(np.interp(value, table["x"], table["mean"]))
    if np.isfinite(x) and np.isfinite(y):
        axes.plot([x], [y], "o", color=colour, markersize=9, markeredgecolor="white", zorder=5, clip_on=False)


def _documented(figure: Figure, axes: Axes, claim: FigureClaim, lang: str) -> None:
    """Mark documented values; their labels stand above the axes on lines of their own."""
    shown = [(name, value) for name, value in claim.documented.items() if value is not None]
    # From left to right, highest first: a label runs to the right, above the lines that it crosses.
    shown.sort(key=lambda each: max(_ends(each[1])))
    inch = 1 / (axes.get_position().height * figure.get_figheight())
    for place, (name, value) in enumerate(shown):
        colour = style.SIDE_COLOURS.get(name, style.INK)
        height = 1 + (0.05 + 0.24 * (len(shown) - 1 - place)) * inch
        if claim.statistic == "share":
            x = claim.within if claim.within is not None else 0.0
            for share in _ends(value):
                axes.plot([x], [share], "D", color=colour, mfc="white", markersize=10, mew=2, zorder=4)
        else:
            x = max(_ends(value))
            for each in _ends(value):
                _dashes(axes, each, height + 0.19 * inch if each == x else 1.0, colour)
        axes.annotate(
            _documented_text(claim, name, value, lang),
            (x, height),
            xycoords=("data", "axes fraction"),
            xytext=(6, 0),
            textcoords="offset points",
            ha="left",
            va="bottom",
            color=colour,
            fontsize=11,
        )


def _dashes(axes: Axes, x: float, top: float, colour: str) -> None:
    """Draw a vertical dashed line from the axis to `top` (a share of the height of the axes)."""
    across = axes.get_xaxis_transform()
    axes.plot([x, x], [0, top], "--", color=colour, lw=1.6, clip_on=False, zorder=3, transform=across)


def _documented_text(claim: FigureClaim, name: str, value: float | tuple[float, ...], lang: str) -> str:
    parts = [words.say("documented", lang, side=words.side(name, lang).lower())]
    if name != "before" and claim.comparator in ("at-most", "at-least", "about"):
        parts.append(words.say(claim.comparator, lang))
    return " ".join([*parts, words.stated(value, lang, share=claim.statistic == "share")])


def _key(figure: Figure, axes: Axes, claim: FigureClaim, names: list[str], lang: str) -> None:
    """Write beside the axes, for every side, what its curve is and its figures."""
    box = axes.get_position()
    height = figure.get_figheight()
    x, y = box.x1 + 0.022, box.y1
    for name in names:
        colour = style.SIDE_COLOURS.get(name, style.INK)
        figure.text(
            x, y, words.side(name, lang), color=colour, fontsize=14, fontweight=style.heavy(), va="top"
        )
        lines = [words.plain(_cases(claim, name)) + " " + words.say("cases", lang)]
        if name in claim.simulated:
            interval = claim.simulated[name]
            low, value, high = _values(claim, [interval.low, interval.estimate, interval.high])
            lines.append(words.say("card.simulated", lang, value=value))
            if np.isfinite(interval.half_width):
                lines.append(words.say("card.interval", lang, low=low, high=high))
        stated = claim.documented.get(name)
        if stated is not None:
            text = words.stated(stated, lang, share=claim.statistic == "share")
            lines.append(words.say("card.documented", lang, value=text))
        late = 1 - float(np.mean([np.mean(v <= axes.get_xlim()[1]) for v in claim.values[name] if len(v)]))
        if late >= 0.0005:
            lines.append(words.say("card.late", lang, share=words.percent(late)))
        for line, text in enumerate(lines):
            figure.text(x, y - (0.3 + 0.235 * line) / height, text, fontsize=11, va="top")
        y -= (0.62 + 0.235 * len(lines)) / height
