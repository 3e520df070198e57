"""A process as nested blocks to be drawn: titles, what happens, what the reform does to each."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sim.diagram.compare import Change, Reform
from sim.diagram.words import say
from sim.report.language import Lang, title
from sim.report.quantities import number_text
from sim.scenario.edits_find import kind_of, name_of, parts_of

#: Elements up to which a process is drawn whole; above, the innermost named blocks are drawn as one box.
MOST = 44


@dataclass(frozen=True)
class Block:
    """One element of a process.

    Attributes
    ----------
    name, kind : as in the file; ``folded`` for a block that is drawn as one box.
    title : what to call it.
    below : a second line: who does it, where the case is meanwhile.
    changes : what becomes of it, the most telling first.
    levers : numbers of the levers that do it.
    branches : (label, blocks) of each inner sequence, in order.
    """

    name: str
    kind: str
    title: str
    below: str
    changes: tuple[Change, ...]
    levers: tuple[int, ...]
    branches: tuple[tuple[str, tuple[Block, ...]], ...] = ()

    @property
    def size(self) -> int:
        """Number of boxes that it takes when drawn."""
        inner = sum(block.size for _, branch in self.branches for block in branch)
        return inner or 1


def both_sides(
    before: Any, after: Any, reform: Reform, lang: Lang, notes: Mapping[str, str] | None = None
) -> tuple[tuple[Block, ...], tuple[Block, ...]]:
    """Return the processes of two trees as blocks, folded alike where they are too large to be read.

    Parameters
    ----------
    notes : second lines by name of element, in place of those made here.
    """
    drawn = []
    for tree, hidden in ((before, Change.ADDED), (after, Change.REMOVED)):
        maker = _Maker(reform, tree, hidden, lang, notes or {})
        drawn.append(maker.sequence(tree.get("process")))
    folded: set[str] = set()
    while max(sum(block.size for block in side) for side in drawn) > MOST:
        deepest = _deepest(drawn)
        if not deepest:
            break
        folded |= deepest
        drawn = [tuple(_fold(block, folded, lang) for block in side) for side in drawn]
    return drawn[0], drawn[1]


class _Maker:
    """Makes blocks of one side."""

    def __init__(
        self, reform: Reform, tree: Any, hidden: Change, lang: Lang, notes: Mapping[str, str]
    ) -> None:
        self._reform, self._hidden, self._lang, self._notes = reform, hidden, lang, notes
        self._pools = tree.get("pools") or {}

    def sequence(self, elements: Any) -> tuple[Block, ...]:
        return tuple(self._block(element) for element in elements or () if kind_of(element))

    def _block(self, element: Any) -> Block:
        name, kind = name_of(element), kind_of(element)
        marks = self._reform.whole.elements.get(name, frozenset()) - {self._hidden}
        return Block(
            name,
            kind,
            title(element.get("title"), self._lang) or plain_name(name),
            self._notes.get(name) or self._below(kind, element),
            tuple(change for change in Change if change in marks),
            self._reform.of_element(name) if marks else (),
            tuple(self._branches(kind, element)),
        )

    def _branches(self, kind: str, element: Any) -> Iterator[tuple[str, tuple[Block, ...]]]:
        if kind == "choice":
            for label, option in (element.get("options") or {}).items():
                share = option.get("share")
                told = "" if share is None or isinstance(share, dict) else number_text(share, self._lang)
                shown = plain_name(str(label)) + (f" ({told})" if told else "")
                yield shown, self.sequence(option.get("do"))
        elif kind == "parallel":
            for label, branch in (element.get("branches") or {}).items():
                inside = self.sequence(branch)
                alone = len(inside) == 1 and inside[0].name == str(label)
                yield "" if alone else plain_name(str(label)), inside
        elif kind in ("repeat", "block"):
            yield "", self.sequence(element.get("do"))
            if element.get("redo"):
                yield say("redo", self._lang), self.sequence(element["redo"])

    def _below(self, kind: str, element: Any) -> str:
        hands = str(element.get("hands", "government"))
        parts = []
        if kind == "step":
            merged = [plain_name(str(part["part"])) for part in parts_of(element)]
            parts.append(say("merges", self._lang, parts=", ".join(merged)) if merged else "")
            parts.append(self._by(element.get("by")))
        elif kind in ("wait", "batch"):
            parts.append(say("bundle" if element.get("bundle") is True else kind, self._lang))
        elif kind == "repeat":
            parts.append(say("again", self._lang, most=str(element.get("at-most", ""))))
        elif kind == "end":
            parts.append(say(str(element.get("status", "done")), self._lang))
        if hands != "government":
            parts.append(say(hands, self._lang))
        return " · ".join(part for part in parts if part)

    def _by(self, by: Any) -> str:
        if isinstance(by, dict) and "any" in by:
            return say("or", self._lang).join(self._by(one) for one in by["any"])
        names = [by] if isinstance(by, str) else list(by or ())
        return " + ".join(title((self._pools.get(n) or {}).get("title"), self._lang) or plain_name(str(n))
                          for n in names)  # fmt: skip


def plain_name(name: str) -> str:
    """Return a name of the file as words: the last part of it, without hyphens."""
    return name.rpartition(".")[2].replace("-", " ").replace("/", " / ")


def _deepest(sides: Collection[tuple[Block, ...]]) -> set[str]:
    """Return the names of the blocks with inner elements that lie deepest and are not yet folded."""
    found: dict[int, set[str]] = {}

    def visit(block: Block, depth: int) -> None:
        if block.kind == "block" and block.size > 1:
            found.setdefault(depth, set()).add(block.name)
        for _, branch in block.branches:
            for inner in branch:
                visit(inner, depth + (block.kind == "block"))

    for side in sides:
        for block in side:
            visit(block, 0)
    return found[max(found)] if found else set()


def _fold(block: Block, folded: Collection[str], lang: Lang) -> Block:
    if block.name in folded and block.kind == "block":
        inside = list(_all_within(block))
        marks = [change for inner in inside for change in inner.changes[:1]]
        told = [say("some", lang, count=str(marks.count(c)), what=say(c, lang)) for c in Change if c in marks]
        levers = sorted({number for inner in (block, *inside) for number in inner.levers})
        changes = block.changes or ((Change.CHANGED,) if marks else ())
        below = "; ".join([say("inside", lang, count=str(len(inside))), *told])
        return Block(block.name, "folded", block.title, below, changes, tuple(levers))
    branches = tuple((label, tuple(_fold(inner, folded, lang) for inner in b)) for label, b in block.branches)
    return Block(block.name, block.kind, block.title, block.below, block.changes, block.levers, branches)


def _all_within(block: Block) -> Iterator[Block]:
    for _, branch in block.branches:
        for inner in branch:
            yield inner
            yield from _all_within(inner)
