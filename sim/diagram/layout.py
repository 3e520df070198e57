"""Places a process on a page of a given width: sequences run down, branches stand side by side.

The process is a tree of blocks, so each block is given a left edge, a top and a width and answers with
its height. Branches that would be too narrow side by side go on in a second row.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from sim.diagram.blocks import Block
from sim.diagram.words import SIGNS, say
from sim.report.language import Lang
from sim.report.layout import width as columns

#: Sizes in units of the drawing; text is 12 (second lines 10.5) of them high.
GAP, PAD, LINE, SMALL = 15.0, 7.0, 15.0, 13.0
NARROWEST, EMPTY, GUTTER, BETWEEN = 108.0, 58.0, 20.0, 6.0
_MOST_LINES = 3


@dataclass(frozen=True)
class Box:
    """A rectangle; ``style`` is its class, ``rounding`` the radius of its corners."""

    x: float
    y: float
    width: float
    height: float
    style: str
    rounding: float = 4.0
    tip: str = ""


@dataclass(frozen=True)
class Words:
    """A line of text with the middle (or, with ``left``, the left end) of its baseline."""

    x: float
    y: float
    text: str
    style: str
    left: bool = False


@dataclass(frozen=True)
class Line:
    """A line through points, with a head at its end."""

    points: tuple[tuple[float, float], ...]
    style: str = "flow"
    head: bool = True


Shape = Box | Words | Line
_Row = list[tuple[str, tuple[Block, ...]]]


@dataclass(frozen=True)
class Drawing:
    """Shapes in the order in which they are drawn, and the size of the page."""

    shapes: tuple[Shape, ...]
    width: float
    height: float


def lay_out(blocks: Sequence[Block], lang: Lang, width: float = 540.0) -> Drawing:
    """Return the drawing of a process, `width` units wide and as high as it needs."""
    pen = _Pen(lang)
    bottom = pen.sequence(blocks, 1.0, 1.0, width - 2.0)
    return Drawing(tuple(pen.shapes), width, bottom + 1.0)


def text_width(text: str, size: float = 12.0) -> float:
    """Estimate how wide `text` comes out in a sans-serif font, on the safe side."""
    return columns(text) * size * 0.53


def wrapped(text: str, width: float, size: float = 12.0, most: int = _MOST_LINES) -> list[str]:
    """Break `text` into at most `most` lines of `width`: between words, in Chinese anywhere."""
    pieces = re.findall(r"[^\s\u2e80-\uffef]+\s*|[\u2e80-\uffef]\s*|\s+", text)
    lines, line = [], ""
    for piece in pieces:
        if line and text_width((line + piece).rstrip(), size) > width:
            lines.append(line.rstrip())
            line = ""
        line += piece
    lines.append(line.rstrip())
    if len(lines) > most:
        lines = [*lines[: most - 1], lines[most - 1] + "…"]
    return [_cut(each, width, size) for each in lines]


def _cut(line: str, width: float, size: float) -> str:
    while len(line) > 2 and text_width(line, size) > width:
        line = line.rstrip("…")[:-1].rstrip() + "…"
    return line


class _Pen:
    """Collects shapes; each method draws from a top `y` on and returns the bottom."""

    def __init__(self, lang: Lang) -> None:
        self.lang = lang
        self.shapes: list[Shape] = []

    def sequence(self, blocks: Sequence[Block], x: float, y: float, width: float) -> float:
        for place, block in enumerate(blocks):
            if place:
                middle = x + width / 2
                self.shapes.append(Line(((middle, y), (middle, y + GAP - 2))))
                y += GAP
            y = self.block(block, x, y, width)
        return y

    def block(self, block: Block, x: float, y: float, width: float) -> float:
        if block.kind == "choice":
            return self.frame(block, x, y, width, f"◇ {block.title}: {say('choice', self.lang)}")
        if block.kind == "parallel":
            return self.frame(block, x, y, width, f"∥ {block.title}: {say('side-by-side', self.lang)}")
        if block.kind in ("repeat", "block") and block.branches:
            sign = "↻ " if block.kind == "repeat" else ""
            return self.frame(block, x, y, width, sign + block.title)
        return self.leaf(block, x, y, width)

    def leaf(self, block: Block, x: float, y: float, width: float) -> float:
        """Draw an element without inner ones; marks and ends are lower and rounder."""
        room = width - 2 * PAD
        sign = "◆ " if block.kind == "mark" else ""
        lines = [(text, "title", LINE) for text in wrapped(sign + block.title, room)]
        lines += [(text, "below", SMALL) for text in wrapped(block.below, room, 10.5, 2) if text]
        lines += [(text, "badge", SMALL) for text in self.badge(block, room)]
        height = sum(step for *_, step in lines) + 9
        round_ = min(height / 2, 14.0) if block.kind in ("mark", "end", "unbundle") else 4.0
        tip = f"{block.name}: {block.title}"
        kind = "point" if block.kind in ("mark", "unbundle") else "end" if block.kind == "end" else "element"
        self.shapes.append(Box(x, y, width, height, self.style(block, kind), round_, tip))
        baseline = y + 3.0
        for text, style, step in lines:
            baseline += step
            self.shapes.append(Words(x + width / 2, baseline - 2.5, text, style))
        return y + height

    def frame(self, block: Block, x: float, y: float, width: float, heading: str) -> float:
        """Draw an element with inner ones as a frame around them."""
        at = len(self.shapes)
        inner_x, inner_width = x + PAD, width - 2 * PAD
        if block.kind == "repeat":
            inner_width -= GUTTER
        baseline = y + 3.0
        lines = [(text, "head") for text in wrapped(heading, inner_width, 11.5)]
        lines += [(text, "below") for text in wrapped(block.below, inner_width, 10.5, 2) if text]
        lines += [(text, "badge") for text in self.badge(block, inner_width)]
        for text, style in lines:
            baseline += SMALL + 1
            self.shapes.append(Words(inner_x, baseline - 1, text, style, left=True))
        top = baseline + 7
        if block.kind in ("repeat", "block"):
            bottom = self.stacked(block, inner_x, top, inner_width)
        else:
            bottom = self.beside(block, inner_x, top, inner_width)
        bottom += PAD
        if block.kind == "repeat":
            right = x + width - PAD
            path = ((right - GUTTER, bottom - PAD - 9), (right - 4, bottom - PAD - 9), (right - 4, top + 9),
                    (right - GUTTER + 3, top + 9))  # fmt: skip
            self.shapes.append(Line(path, "back"))
        style = self.style(block, "frame together" if block.kind == "parallel" else "frame")
        self.shapes.insert(at, Box(x, y, width, bottom - y, style, 6.0, f"{block.name}: {block.title}"))
        return bottom

    def stacked(self, block: Block, x: float, y: float, width: float) -> float:
        """Draw the body of a repeat or block, and under it what comes before doing it again."""
        for label, branch in block.branches:
            if label and branch:
                y += SMALL + 5
                self.shapes.append(Words(x, y - 4, _cut(f"{label}:", width, 10.5), "below", left=True))
            y = self.sequence(branch, x, y, width)
        return y

    def beside(self, block: Block, x: float, y: float, width: float) -> float:
        """Draw branches side by side, in as many rows as they need."""
        for row, members in enumerate(_rows(list(block.branches), width)):
            if row:
                y += 8
                self.shapes.append(Line(((x, y), (x + width, y)), "rule", head=False))
                y += 4
            left, bottom = x, y
            for (label, branch), own in zip(members, _widths(members, width), strict=True):
                bottom = max(bottom, self.branch(label, branch, left, y, own))
                left += own + BETWEEN
            y = bottom
        return y

    def branch(self, label: str, branch: Sequence[Block], x: float, y: float, width: float) -> float:
        for text in wrapped(label, width, 10.5, 2) if label else ():
            y += SMALL
            self.shapes.append(Words(x + width / 2, y - 3, text, "label"))
        if branch:
            return self.sequence(branch, x, y, width)
        self.shapes.append(Box(x, y, width, 20.0, "nothing", 10.0))
        self.shapes.append(
            Words(x + width / 2, y + 14, _cut(say("nothing", self.lang), width, 10.5), "below")
        )
        return y + 20.0

    def badge(self, block: Block, room: float) -> list[str]:
        """Return what the reform does to an element, with the numbers of its levers, as lines."""
        if not block.changes:
            return []
        text = ", ".join(f"{SIGNS[change]} {say(change, self.lang)}" for change in block.changes)
        if block.levers:
            text += f" [{', '.join(map(str, block.levers))}]"
        return wrapped(text, room, 11.0, 3)

    def style(self, block: Block, kind: str) -> str:
        return f"{kind} {block.changes[0]}" if block.changes else kind


def _need(block: Block) -> float:
    """Return how wide a block should at least be for its branches to stand side by side."""
    if not block.branches:
        return NARROWEST
    needs = [_branch_need(branch) for _, branch in block.branches]
    if block.kind in ("repeat", "block"):
        return max(needs) + 2 * PAD + (GUTTER if block.kind == "repeat" else 0.0)
    return sum(needs) + BETWEEN * (len(needs) - 1) + 2 * PAD


def _branch_need(branch: Sequence[Block]) -> float:
    return max(map(_need, branch), default=EMPTY)


def _widths(members: _Row, width: float) -> list[float]:
    """Share out `width` among branches: empty ones are narrow, the others get what they need and more."""
    free = width - BETWEEN * (len(members) - 1)
    needs = [min(_branch_need(branch), free) for _, branch in members]
    if not any(branch for _, branch in members):
        return [free / len(members)] * len(members)
    empty = EMPTY * sum(not branch for _, branch in members)
    least = min(NARROWEST, (free - empty) / sum(bool(branch) for _, branch in members))
    spare = free - empty - least * sum(bool(branch) for _, branch in members)
    beyond = [
        max(need - least, 1.0) if branch else 0.0 for need, (_, branch) in zip(needs, members, strict=True)
    ]
    return [
        least + spare * more / sum(beyond) if branch else EMPTY
        for more, (_, branch) in zip(beyond, members, strict=True)
    ]


def _rows(branches: _Row, width: float) -> list[_Row]:
    """Spread branches evenly over the fewest rows in which each is wide enough."""
    full = sum(bool(branch) for _, branch in branches)
    fit = max(1, int((width + BETWEEN) // (NARROWEST + BETWEEN)))
    if full * (NARROWEST + BETWEEN) + (len(branches) - full) * (EMPTY + BETWEEN) <= width + BETWEEN:
        return [branches]
    a_row = math.ceil(len(branches) / math.ceil(len(branches) / fit))
    return [branches[at : at + a_row] for at in range(0, len(branches), a_row)]
