"""Drawings of a process: what the reform changes is found, and nothing overlaps or leaves the page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations
from typing import Any

import pytest

from sim.diagram.blocks import MOST, Block, both_sides
from sim.diagram.compare import Change, compare_all
from sim.diagram.layout import Box, Words, lay_out, text_width, wrapped
from sim.diagram.svg import STYLE, as_svg
from sim.scenario.files import find
from sim.scenario.load import Scenario, load, loads
from sim.scenario.variant import lever_trees

OFFICE = """
scenario: office
title: {en: Office, zh: 窗口}
run: {start: 2023-02-06, warm-up: 0 weeks, window: 4 weeks, follow-for: 4 weeks}
calendars: {office: {open: {mon-fri: ["09:00-17:00"]}}}
documents: {d: {title: D}}
numbers: {again: 0.3, same: 0.2}
cases: {arrive: {count: 10, per: 4 weeks, during: office}}
pools: {clerks: {size: 1, on: office}, experts: {size: 1, on: office}}
process:
  - {step: first, by: clerks, effort: 10 min}
  - {step: second, by: clerks, effort: 10 min}
  - repeat: round
    do: [{step: check, by: clerks, effort: 5 min}]
    again: {use: again}
    at-most: 3
    redo: [{wait: mend, for: 1 days, hands: applicant}]
  - choice: way
    options:
      short: {share: 0.5, do: []}
      long: {share: rest, do: [{step: look, by: experts, effort: 1 h}]}
  - {step: third, by: clerks, effort: 10 min}
  - {step: fourth, by: experts, effort: 10 min}
reform:
  - {lever: quicker, from: {document: d, at: a}, edits: [{set: numbers.again, to: 0.1}]}
  - {lever: beside, from: {document: d, at: a}, edits: [{parallel: [third, fourth], as: both}]}
  - {lever: earlier, from: {document: d, at: a}, edits: [{move: second, before: first}]}
  - {lever: dropped, from: {document: d, at: a}, edits: [{remove: look}]}
  - lever: more
    from: {document: d, at: a}
    edits:
      - {insert: [{step: new, by: clerks, effort: 1 min}], after: second}
      - {set: pools.clerks.size, to: 2}
"""
SHIPPED = ("one-seal-approval", "hotline-dongguan", "bankruptcy-fast-track")


def office() -> Scenario:
    return loads(OFFICE)


def test_unit_each_kind_of_change_is_found_and_its_lever_named():
    reform = compare_all(lever_trees(office()))
    found = {name: set(marks) for name, marks in reform.whole.elements.items()}
    assert found == {
        "round": {Change.CHANGED},  # through a number that it uses
        "second": {Change.MOVED},
        "look": {Change.REMOVED},
        "new": {Change.ADDED},
        "both": {Change.PARALLEL},
        "third": {Change.PARALLEL},
        "fourth": {Change.PARALLEL},
    }
    assert {name: reform.of_element(name) for name in found} == {
        "round": (1,), "second": (3,), "look": (4,), "new": (5,), "both": (2,), "third": (2,), "fourth": (2,),
    }  # fmt: skip
    assert reform.levers["more"].others == {"pools.clerks": {Change.CHANGED}}
    assert not reform.levers["quicker"].others


def test_unit_before_shows_what_goes_and_after_what_comes():
    trees = lever_trees(office())
    one, other = both_sides(trees.before, trees.after, compare_all(trees), "en")
    assert ("look" in names(one), "new" in names(one)) == (True, False)
    assert ("look" in names(other), "new" in names(other)) == (False, True)
    assert names(other)[:3] == ["second", "first", "new"], "what is moved goes alone"
    changed = {block.name: block.changes for block in every(one)}
    assert changed["look"] == (Change.REMOVED,)
    assert changed["check"] == ()


@pytest.mark.parametrize("name", SHIPPED)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_unit_nothing_overlaps_or_leaves_the_page(name: str, lang: Any):
    trees = lever_trees(load(find(name)))
    for side in both_sides(trees.before, trees.after, compare_all(trees), lang):
        drawing = lay_out(side, lang)
        boxes = [shape for shape in drawing.shapes if isinstance(shape, Box)]
        assert len(boxes) >= sum(block.size for block in side)
        for box in boxes:
            assert box.x >= 0
            assert box.y >= 0
            assert box.x + box.width <= drawing.width
            assert box.y + box.height <= drawing.height
        for one, other in combinations(boxes, 2):
            assert apart(one, other) or inside(one, other) or inside(other, one), (one.tip, other.tip)
        for words in (shape for shape in drawing.shapes if isinstance(shape, Words)):
            size = 10.5 if words.style in ("below", "label") else 11.0
            start = words.x if words.left else words.x - text_width(words.text, size) / 2
            assert start > -8, words.text
            assert start + text_width(words.text, size) < drawing.width + 8, words.text


def test_unit_a_large_process_is_folded_alike_on_both_sides():
    trees = lever_trees(load(find("one-seal-approval")))
    one, other = both_sides(trees.before, trees.after, compare_all(trees), "en")
    assert max(sum(block.size for block in side) for side in (one, other)) <= MOST
    folded = {block.name: block for block in every(one) if block.kind == "folded"}
    assert "permits.fire" in folded
    assert folded["permits.fire"].below.startswith("8 elements")
    assert {b.name for b in every(other) if b.kind == "folded"} <= {*folded, "permits.drawing-review"}


def test_unit_a_loop_has_an_arrow_back_and_text_is_escaped():
    trees = lever_trees(
        loads(OFFICE.replace("{step: first,", "{step: first, title: {en: a <b> & c, zh: 甲},"))
    )
    one, _ = both_sides(trees.before, trees.after, compare_all(trees), "en", {"second": "a note"})
    svg = as_svg(lay_out(one, "en"), "what it <shows>", "p")
    assert svg.count('class="back"') == 1
    assert "a &lt;b&gt; &amp; c" in svg
    assert "<b>" not in svg
    assert "a note" in svg
    assert "back again, at most 3 rounds" in svg


def test_unit_words_wrap_within_their_box():
    for text in ("a rather long title of an element of a process", "一个相当长的环节名称用来检验换行"):
        lines = wrapped(text, 100.0)
        assert len(lines) > 1
        assert all(text_width(line) <= 100.0 for line in lines)
    assert wrapped("one two three four five six seven", 40.0, most=2)[-1].endswith("…")


def test_unit_every_colour_leaves_the_text_legible():
    fills = re.findall(r"rect[^{]*\{fill:(#[0-9a-f]{3,6})", STYLE)
    inks = re.findall(r"text[^{]*\{[^}]*fill:(#[0-9a-f]{3,6})", STYLE)
    assert len(fills) > 6
    assert len(inks) == 2
    for fill in fills:
        for ink in inks:
            assert contrast(fill, ink) >= 4.5, (fill, ink)
    assert contrast("#ffffff", "#999999") < 4.5, "the test can fail"


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours as WCAG 2 defines it."""

    def light(colour: str) -> float:
        digits = colour[1:] if len(colour) == 7 else "".join(2 * c for c in colour[1:])
        parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)


def every(blocks: tuple[Block, ...]) -> Iterator[Block]:
    for block in blocks:
        yield block
        for _, branch in block.branches:
            yield from every(branch)


def names(blocks: tuple[Block, ...]) -> list[str]:
    return [block.name for block in every(blocks)]


def apart(one: Box, other: Box) -> bool:
    across = one.x + one.width <= other.x + 0.01 or other.x + other.width <= one.x + 0.01
    return across or one.y + one.height <= other.y + 0.01 or other.y + other.height <= one.y + 0.01


def inside(one: Box, other: Box) -> bool:
    return (
        one.x >= other.x and one.y >= other.y
        and one.x + one.width <= other.x + other.width + 0.01
        and one.y + one.height <= other.y + other.height + 0.01
    )  # fmt: skip
