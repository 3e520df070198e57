"""The outline of a file is what the whole of it says, or it is not given; and common files have one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sim.errors import ScenarioError
from sim.scenario import outline as module
from sim.scenario.outline import WANTED, _outline, _UnknownError, outline
from sim.scenario.positions import parse
from sim.scenario.starter import starter

ROOT = Path(__file__).parent.parent
SHIPPED = sorted((ROOT / "scenarios").glob("*.yaml"))
BROKEN = sorted((ROOT / "tests" / "broken").glob("*.yaml"))


def shown(tree: Any) -> dict[str, Any]:
    """Return what a list shows of a tree."""
    found: dict[str, Any] = {}
    for section, key in WANTED.items():
        value = tree.get(section)
        if key is None:
            found[section] = value
        elif isinstance(value, list):
            found[section] = [str(e[key]) for e in value if isinstance(e, dict) and key in e]
        else:
            found[section] = []
    return found


def alone(text: str) -> dict[str, Any] | None:
    """Return the outline; None where the whole file must be read."""
    try:
        return shown(_outline(text, "x"))
    except _UnknownError:
        return None


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_file_has_an_outline(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    found = alone(text)
    assert found == shown(parse(text, "x"))
    assert found["claims"]


def test_a_starter_has_an_outline() -> None:
    assert alone(starter("desk")) == shown(parse(starter("desk"), "x"))


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_the_outline_of_a_broken_file_is_what_the_whole_says(path: Path) -> None:
    text = path.read_bytes().decode("utf-8", "replace")
    try:
        whole = shown(parse(text, "x"))
    except ScenarioError:
        return  # what is no YAML at all may be shown or refused
    assert alone(text) in (None, whole)


TITLE = "title: {en: A, zh: 甲}\n"
LEVERS = (
    "reform:\n  - lever: one\n    edits:\n      - {remove: a}\n      - lever: no\n  - lever: two.b-3 # why\n"
)


@pytest.mark.parametrize(
    "text",
    [
        TITLE + LEVERS,
        "title:\n  en: A\n  # remark\n  zh: >-\n    long\n    text: 甲\n" + LEVERS,
        'title: {en: "A, b: \\u4e01", zh: "x\'# }"}\n' + LEVERS,
        'title: {en: A  b , zh: "  甲 "}\n\n# remark\n' + LEVERS,
        "title: {en: True , zh: null}\n" + LEVERS,
        "title: {en: A, zh: 12}\n" + LEVERS,
        "title: A\nreform:\n- lever: one\n- lever: two\nclaims:\n- claim: x.y\n",
        "about: >\n\n  reform:\n    - lever: x\n\n" + TITLE + LEVERS,
        'about: "quoted\nreform:\n  - lever: no\n"\n' + TITLE + LEVERS,
        "about: 'it''s\nreform:\n'\n" + TITLE + LEVERS,
        "about: [a, 'b]', \"c]\\\"\", {d: e,\nf: [g]}, # ]\n h]\n" + TITLE + LEVERS,
        "about: running\n  text 'goes\n  on: no\n".replace(": no", "") + TITLE + LEVERS,
        "about: it's 10:30 \"now\" [not a list\n" + TITLE + LEVERS,
        '"title": A\n\'reform\':\n  - "lever": one\n    why: 5 o\'clock\n',
        TITLE + "reform:\n  - why: x\n    lever: one\n  - why: [\n lever: no,\n    ]\n    lever: two\n",
        TITLE + "reform:\n  - why: |2\n      lever: no\n    lever: one\n",
        TITLE + "reform:\n  - lever: one\n    lever-b: {lever: no}\n    lever2:\n      lever: no\n",
        TITLE + "reform: []\nclaims: [{claim: a}]\n",
        TITLE + "reform:\n  - {lever: one}\n  - lever: two\n",
        TITLE + "reform:\n  -\n    lever: one\n",
        TITLE + "reform:\n  - - lever: one\n",
        TITLE + "reform:\n  - lever:\n      one\n  - lever: null\n  - lever: 3\n  - lever: 'x'\n",
        TITLE + "reform:\n  - lever: two\n     words\n",
        TITLE + "reform:\n  - lever: two\n\n     words\n",
        TITLE + "reform:\n  - lever: two\n    why: text\n      - more\n      lever\n  - lever: three\n",
        TITLE + "reform:\nclaims:\n",
        TITLE + "reform: none\n",
        "{title: {en: A, zh: 甲}, reform: [{lever: one}]}\n",
        TITLE + "pools: {a-b: {size: 1, on: x}, c: 'd, }'}\nx: {a: b c, 'd': e:f}\n" + LEVERS,
        "x: {why: it's so, b: \"}\"}\n" + TITLE + LEVERS,
        "x: [running\n 'text', b]\n" + TITLE + LEVERS,
        "x: - a\n".replace("- a", "-a") + TITLE + LEVERS,
        "? title\n: A\n" + LEVERS,
        "x: &a 1\n".replace("&a ", "a&") + TITLE + LEVERS,
        "x: a#b #c\n" + TITLE + LEVERS,
        "x:\u2028  y\n" + TITLE + LEVERS,
    ],
)  # fmt: skip
def test_an_outline_is_what_the_whole_says(text: str) -> None:
    whole = shown(parse(text, "x"))
    assert alone(text) in (None, whole)
    assert shown(outline(text, "x")) == whole


@pytest.mark.parametrize(
    "text",
    [TITLE + LEVERS, "about: >\n  reform:\n    x\n" + TITLE + LEVERS, 'x: ["]", it\'s]\n' + TITLE + LEVERS],
)
def test_common_text_is_not_read_as_a_whole(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    monkeypatch.setattr("sim.scenario.positions.parse", lambda t, f: (read.append(len(t)), parse(t, f))[1])
    assert module.outline(text, "x")["reform"] == [{"lever": "one"}, {"lever": "two.b-3"}]
    assert read == []


@pytest.mark.parametrize(
    "text",
    [
        "", "a\n", "- a\n", "a: [\n", 'x: "\n', "title: a\n\treform:\n", "&a title: b\n",
        "---\na: b\n---\nc: d\n", "a: b\ntitle: {\n  en: a\n  zh: b}\n",
    ],
)  # fmt: skip
def test_what_is_no_scenario_is_refused_in_the_words_of_the_whole(text: str) -> None:
    with pytest.raises(ScenarioError) as whole:
        parse(text, "x")
    with pytest.raises(ScenarioError) as found:
        outline(text, "x")
    assert found.value.problems == whole.value.problems
