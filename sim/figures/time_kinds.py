"""Figure: where the time of an average case goes, before and after, kind by kind."""

from __future__ import annotations

from collections.abc import Mapping

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from sim.figures import style, words
from sim.figures.data import FigureData
from sim.measures.kinds import mean_kinds
from sim.measures.split import KINDS

_ROW = 0.3  # inches from one line of the table to the next
_COLUMNS = (5.6, 7.2, 8.8)  # inches from the left: before, after, change


def draw(data: FigureData, lang: str = "en") -> Figure:
    """Draw one stacked bar a side, and the table of the same numbers under it."""
    means: dict[str, dict[str, float]] = {}
    for side in data.sides:
        found = mean_kinds([run.kinds for run in side.runs])["mean"].tolist()
        means[side.name] = dict(zip(KINDS, found, strict=True))
    kinds = [kind for kind in KINDS if any(mean[kind] > 0 for mean in means.values())]
    bars = 0.62 * len(means)
    table = _ROW * (len(kinds) + 2)
    figure = style.new_figure(0.95 + bars + 0.75 + table + 0.62)
    axes = figure.add_subplot()
    style.margins(figure, left=0.95, right=0.3, top=0.95, bottom=0.62 + table + 0.75)
    unit = _unit(means)
    _bars(figure, axes, means, kinds, unit, lang)
    axes.set_xlabel(words.say("split.x", lang, unit=words.unit(unit, lang)))
    _table(figure, means, kinds, lang, top=0.62 + table)
    style.headline(figure, finding(means, lang), data.subject(_subject(data, lang), lang))
    reps = words.replications(max(len(side.runs) for side in data.sides), lang)
    style.note(figure, words.say("split.note", lang, reps=reps))
    return figure


def _subject(data: FigureData, lang: str) -> str:
    """Return what is split: the time of the first claim, if it is measured between marks of its own."""
    if not data.claims or not data.claims[0].specs:
        return words.say("split.subject", lang)
    return words.say("split.of", lang, claim=data.claims[0].named(lang))


def finding(means: Mapping[str, Mapping[str, float]], lang: str) -> str:
    """Return in one sentence which kind of time changed most."""
    sides, unit = list(means.values()), _unit(means)
    total = [sum(mean.values()) for mean in sides]
    if len(sides) == 1:
        kind = max(sides[0], key=lambda k: sides[0][k])
        share = words.percent(sides[0][kind] / total[0] if total[0] else 0.0)
        return words.say("split.one", lang, kind=words.say(kind, lang), share=share)
    saved = {kind: sides[0][kind] - sides[1][kind] for kind in sides[0]}
    kind = max(saved, key=lambda k: saved[k])
    if total[1] >= total[0]:
        before, after = (words.duration(t, lang, unit) for t in total)
        return words.say("split.not", lang, before=before, after=after)
    return words.say(
        "split.saved",
        lang,
        kind=words.say(kind, lang),
        saved=words.duration(saved[kind], lang, unit),
        total=words.duration(total[0] - total[1], lang, unit),
    )


def _unit(means: Mapping[str, Mapping[str, float]]) -> str:
    """Return the unit of the figure: that of the longer whole."""
    return words.scale(max(sum(mean.values()) for mean in means.values()))


def _bars(
    figure: Figure,
    axes: Axes,
    means: Mapping[str, Mapping[str, float]],
    kinds: list[str],
    unit: str,
    lang: str,
) -> None:
    length = words.LENGTHS[unit]
    room = axes.get_position().width * style.WIDTH
    longest = max(sum(mean.values()) for mean in means.values()) / length
    for row, mean in enumerate(means.values()):
        left = 0.0
        for kind in kinds:
            width = mean[kind] / length
            axes.barh(
                row,
                width,
                left=left,
                height=0.72,
                color=style.KIND_COLOURS[kind],
                edgecolor="white",
                linewidth=0.8,
            )
            text = words.duration(mean[kind], lang, unit)
            if longest > 0 and width / longest * room > style.inches(figure, text, 11) + 0.1:
                axes.text(left + width / 2, row, text, ha="center", va="center", fontsize=11, color="black")
            left += width
    axes.set_yticks(
        range(len(means)), [words.side(name, lang) for name in means], fontsize=13, fontweight=style.heavy()
    )
    for name, label in zip(means, axes.get_yticklabels(), strict=True):
        label.set_color(style.SIDE_COLOURS.get(name, style.INK))
    axes.invert_yaxis()
    axes.set_xlim(0, longest * 1.01 if longest > 0 else 1.0)
    axes.xaxis.set_major_formatter("{x:g}")
    axes.spines["left"].set_visible(False)
    style.quiet_grid(axes, "x")


def _table(
    figure: Figure, means: Mapping[str, Mapping[str, float]], kinds: list[str], lang: str, *, top: float
) -> None:
    """Write the numbers; positions are inches from the lower left corner."""
    width, height = figure.get_size_inches()
    names, unit = list(means), _unit(means)

    def write(
        x: float, y: float, text: str, *, bold: bool = False, right: bool = True, colour: str = style.INK
    ) -> None:
        figure.text(
            x / width,
            y / height,
            text,
            ha="right" if right else "left",
            va="center",
            fontsize=11.5,
            fontweight=style.heavy() if bold else "normal",
            color=colour,
        )

    y = top - _ROW / 2
    for column, name in zip(_COLUMNS, names, strict=False):
        write(column, y, words.side(name, lang), bold=True, colour=style.SIDE_COLOURS.get(name, style.INK))
    if len(names) == 2:
        write(_COLUMNS[2], y, words.say("change", lang), bold=True)
    for kind in [*kinds, "total"]:
        y -= _ROW
        values = [sum(mean.values()) if kind == "total" else mean[kind] for mean in means.values()]
        if kind != "total":
            swatch = Rectangle(
                (0.95 / width, (y - 0.085) / height),
                0.22 / width,
                0.17 / height,
                color=style.KIND_COLOURS[kind],
            )
            figure.add_artist(swatch)
        write(1.3, y, words.say(kind, lang), bold=kind == "total", right=False)
        for column, text in zip(_COLUMNS, _cells(values, unit, lang), strict=False):
            write(column, y, text, bold=kind == "total")


def _cells(values: list[float], unit: str, lang: str) -> list[str]:
    """Return the values of a row and, of two, their change: all in one unit, smaller if the row is small."""
    if max(values) < 0.05 * words.LENGTHS[unit]:
        unit = words.scale(max(values))
    texts = [words.in_unit(value, unit, lang) for value in values]
    if len(values) == 2:
        change = values[1] - values[0]
        text = words.in_unit(abs(change), unit, lang)
        texts.append(("+" if change > 0 else "−" if change < 0 else "") + text)
    return texts
