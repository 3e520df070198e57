"""Figure: which lever does what to a claim's figure - its share of the change, and one after another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from sim.evidence.finding import Attribution
from sim.figures import style, words
from sim.figures.data import Title

_ROW = 0.44  # inches a lever


def draw(subject: str, found: Attribution, titles: Mapping[str, Title], lang: str = "en") -> Figure:
    """Draw two views side by side with the levers named once: Shapley shares, and the waterfall.

    Parameters
    ----------
    subject : the claim, in words.
    found : shares that add up to the whole change.
    titles : of levers and context, by name; names stand in for those missing.
    """
    rows = len(found.shares)
    figure = style.new_figure(1.45 + _ROW * (rows + 1) + 1.2)
    left, right = figure.subplots(1, 2, sharey=True)
    style.margins(figure, left=3.3, right=0.3, top=1.45, bottom=1.2, wspace=0.12)
    _shares(left, found, lang)
    _waterfall(right, found, lang)
    left.set_title(words.say("share.title", lang), fontsize=11.5)
    right.set_title(words.say("fall.title", lang), fontsize=11.5)
    for axes in (left, right):
        axes.set_ylim(rows + 0.6, -0.6)
        axes.axvline(0, color=style.FAINT, linewidth=0.8)
        axes.axhline(rows - 0.5, color=style.FAINT, linewidth=0.8)
        _unit_axis(axes, found, lang)
    names = [_named(share.name, share.kind, titles, lang) for share in found.shares]
    shown = [_two_lines(figure, name, 10.5, 3.0) for name in names]
    left.set_yticks(range(rows + 1), [*shown, words.say("total.change", lang)], fontsize=10.5)
    left.get_yticklabels()[-1].set_fontweight(style.heavy())
    style.headline(figure, finding(found, titles, lang), subject)
    method = words.say("share.exact" if found.method == "exact" else "share.sampled", lang)
    text = words.say("share.note", lang, method=method, draws=str(found.draws), runs=str(found.runs))
    if any(share.overloaded for share in found.shares):
        text += ("" if lang == "zh" else " ") + words.say("share.overloaded", lang)
    style.note(figure, text)
    return figure


def _two_lines(figure: Figure, text: str, size: float, width: float) -> str:
    lines = style.wrapped(figure, text, size, width).split("\n")
    if len(lines) > 2:
        lines = [lines[0], style.fitting(figure, " ".join(lines[1:]), size, width)]
    return "\n".join(lines)


def finding(found: Attribution, titles: Mapping[str, Title], lang: str) -> str:
    """Return in one sentence which lever does most of the change."""
    total = found.total.mean
    ahead = max(found.shares, key=lambda share: share.value * (1 if total >= 0 else -1))
    return words.say(
        "share.finding",
        lang,
        lever=_named(ahead.name, "lever", titles, lang),
        value=signed(ahead.value, found.unit),
        total=amount(total, found.unit, lang),
    )


def signed(value: float, unit: str) -> str:
    """Write a change with its sign; of a share in percentage points."""
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return sign + words.number(abs(100 * value if unit == "share" else value))


def amount(value: float, unit: str, lang: str) -> str:
    """Write a change with its sign and unit."""
    name = words.say("points", lang) if unit == "share" else words.unit(unit, lang, 2.0)
    return f"{signed(value, unit)} {name}"


def _named(name: str, kind: str, titles: Mapping[str, Title], lang: str) -> str:
    title = titles.get(name, {})
    shown = title.get(lang) or title.get("en") or name
    return words.say("share.context", lang, name=shown) if kind == "context" else shown


def _shares(axes: Axes, found: Attribution, lang: str) -> None:
    bars = [(share.value, share.low, share.high) for share in found.shares]
    bars.append((found.total.mean, found.total.low, found.total.high))
    for row, (value, low, high) in enumerate(bars):
        whole = row == len(bars) - 1
        colour = style.INK if whole else _colour(value, found.total.mean)
        hatch = "///" if not whole and found.shares[row].overloaded else None
        axes.barh(row, value, height=0.62, color=colour, hatch=hatch, edgecolor="white", linewidth=0)
        axes.plot([low, high], [row, row], color="#000000" if not whole else style.FAINT, lw=1.4)
        for end in (low, high):
            axes.plot([end], [row], "|", color="#000000" if not whole else style.FAINT, markersize=8)
    _label(axes, [(low, high, value) for value, low, high in bars], found.unit)


def _waterfall(axes: Axes, found: Attribution, lang: str) -> None:
    steps = dict(found.waterfall)
    at = 0.0
    spans = []
    for row, share in enumerate(found.shares):
        step = steps.get(share.name, 0.0)
        axes.barh(row, step, left=at, height=0.62, color=_colour(step, found.total.mean), linewidth=0)
        axes.plot([at + step] * 2, [row - 0.31, row + 1.31], color=style.FAINT, lw=0.8)
        spans.append((min(at, at + step), max(at, at + step), step))
        at += step
    axes.barh(len(found.shares), at, height=0.62, color=style.INK, linewidth=0)
    spans.append((min(at, 0), max(at, 0), at))
    _label(axes, spans, found.unit)


def _colour(value: float, total: float) -> str:
    """Return the colour of what goes with the change, or against it."""
    return style.SIDE_COLOURS["after"] if value * total >= 0 else style.AGAINST


def _label(axes: Axes, spans: Sequence[tuple[float, float, float]], unit: str) -> None:
    """Write each value beside its bar, on the side that has more room."""
    low = min(0.0, *(start for start, _, _ in spans))
    high = max(0.0, *(stop for _, stop, _ in spans))
    room = 0.26 * (high - low or 1.0)
    axes.set_xlim(low - room, high + room)
    for row, (start, stop, value) in enumerate(spans):
        text = words.number(100 * value if unit == "share" else value)
        right = value >= 0
        axes.annotate(
            text, (stop if right else start, row), xytext=(5 if right else -5, 0), textcoords="offset points",
            ha="left" if right else "right", va="center", fontsize=10.5,
        )  # fmt: skip


def _unit_axis(axes: Axes, found: Attribution, lang: str) -> None:
    if found.unit == "share":
        axes.xaxis.set_major_formatter(PercentFormatter(1.0, symbol=""))
        axes.set_xlabel(words.say("points", lang))
    else:
        axes.xaxis.set_major_formatter("{x:g}")
        axes.set_xlabel(words.unit(found.unit, lang))
    axes.locator_params(axis="x", nbins=5)
    axes.spines["left"].set_visible(False)
    style.quiet_grid(axes, "x")
