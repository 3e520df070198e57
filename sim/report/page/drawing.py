"""Section 2 of the page: the process drawn before and after, and what each lever changes by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sim.diagram.blocks import both_sides, plain_name
from sim.diagram.compare import Change, Difference, Reform, compare_all
from sim.diagram.layout import lay_out
from sim.diagram.svg import as_svg
from sim.diagram.words import SIGNS
from sim.diagram.words import say as drawn_word
from sim.report.language import Lang, title
from sim.report.page import write
from sim.report.page.texts import say
from sim.scenario.edits_find import walk
from sim.scenario.variant import LeverTrees

#: Kinds of elements that are told of one change in the table; more are counted.
MOST = 6


@dataclass(frozen=True)
class LeverRow:
    """One lever of the table: number, title, place in a document, and what it changes, one line a kind."""

    number: int
    title: str
    place: str
    changes: tuple[str, ...]


@dataclass(frozen=True)
class Drawn:
    """Both drawings as SVG, and the levers."""

    before: str
    after: str
    levers: tuple[LeverRow, ...]


@dataclass(frozen=True)
class Compared:
    """A reading's trees and what the reform changes in them; made once for both languages."""

    trees: LeverTrees
    reform: Reform


def compared(trees: LeverTrees) -> Compared:
    """Return trees with their differences."""
    return Compared(trees, compare_all(trees))


def drawn(found: Compared, scenario: Mapping[str, Any], lang: Lang) -> Drawn:
    """Draw the process of a reading, before and after.

    Parameters
    ----------
    scenario : tree of the file, for the levers' titles and places.
    """
    trees = found.trees
    notes = _clock_notes(trees.before, lang)
    sides = both_sides(trees.before, trees.after, found.reform, lang, notes)
    svg = []
    for name, blocks in zip(("before", "after"), sides, strict=True):
        count = str(sum(block.size for block in blocks))
        label = say("drawing-label", lang, side=say(f"{name}-drawing", lang), count=count)
        svg.append(as_svg(lay_out(blocks, lang), label, f"process-{name}-{lang}"))
    return Drawn(svg[0], svg[1], tuple(_levers(found, scenario, lang)))


def _clock_notes(tree: Any, lang: Lang) -> dict[str, str]:
    """Tell at the marks of the first claim that its time is taken there."""
    claims = tree.get("claims") or ()
    if not claims:
        return {}
    first = claims[0]
    spans = first.get("spans") or [[first.get("from"), first.get("to")]]
    notes: dict[str, str] = {}
    for start, stop in spans:
        notes[str(start)] = drawn_word("clock-from", lang)
        notes[str(stop)] = drawn_word("clock-to", lang)
    return notes


def _levers(found: Compared, scenario: Mapping[str, Any], lang: Lang) -> Iterator[LeverRow]:
    items = {str(item["lever"]): item for item in scenario.get("reform") or ()}
    contexts = list(scenario.get("context") or ())
    names = _titles(found.trees, lang)
    for number, (name, difference) in enumerate(found.reform.levers.items(), 1):
        own = [items[name]] if name in items else contexts
        shown = "; ".join(title(item.get("title"), lang) or str(item.get("context", name)) for item in own)
        if name == "context" and name not in items:
            shown = say("of-context", lang, name=shown)
        places = [source for item in own if (source := _place(item.get("from")))]
        lines = tuple(_told(difference, names, lang)) or (say("nothing-alone", lang),)
        yield LeverRow(number, shown, "; ".join(dict.fromkeys(places)), lines)


def _place(source: Any) -> str:
    return ", ".join(str(source[key]) for key in ("document", "at") if source and key in source)


def _titles(trees: LeverTrees, lang: Lang) -> dict[str, str]:
    found: dict[str, str] = {}
    for tree in (trees.before, *trees.levers.values()):
        for place in walk(tree.get("process")):
            found.setdefault(place.name, title(place.element.get("title"), lang) or plain_name(place.name))
    return found


def _told(difference: Difference, names: Mapping[str, str], lang: Lang) -> Iterator[str]:
    """Yield one line a kind of change; copies with the same title are told once, with their number."""
    gap = "、" if lang == "zh" else ", "
    for change in Change:
        elements = [name for name, marks in difference.elements.items() if change in marks]
        others = [path for path, marks in difference.others.items() if change in marks]
        counts: dict[str, int] = {}
        for name in elements:
            counts[names.get(name, name)] = counts.get(names.get(name, name), 0) + 1
        told = [shown if count == 1 else f"{shown} ×{count}" for shown, count in counts.items()]
        if len(told) > MOST:
            told = [*told[:MOST], f"… ({len(told) - MOST})"]
        told += [write.listed([path.replace(".", ": ", 1)], lang) for path in others]
        if told:
            head = f"{SIGNS[change]} {drawn_word(change, lang)}"
            yield f"{head}{'：' if lang == 'zh' else ': '}{gap.join(told)}"
