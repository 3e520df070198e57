"""Whatever stands at any place of a scenario, reading it ends in a model or in messages, never otherwise."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from sim.errors import ScenarioError
from sim.scenario.load import loads
from sim.scenario.model import examine
from sim.scenario.positions import Map, marked, parse
from tests.language import WHOLE
from tests.test_bad_input_scenarios import JARGON

JUNK: list[Any] = [
    None,
    True,
    5,
    -1,
    2.5,
    float("nan"),
    "x",
    "",
    "25 min",
    [],
    {},
    [1, "a"],
    {"a": 1},
    [[["x"]]],
]


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in inner:
        yield from _places(child, (*path, key))


def _container(tree: Any, path: tuple[Any, ...]) -> Any:
    for key in path[:-1]:
        tree = tree[key]
    return tree


TREE = parse(WHOLE, "whole.yaml")
PLACES = list(_places(TREE))


def test_the_whole_language_loads() -> None:
    scenario = loads(WHOLE)
    assert [lever.name for lever in scenario.levers] == ["shared-data", "one-desk", "fast-track"]


@pytest.mark.parametrize("turn", [0, 4])
def test_any_value_anywhere_is_taken_or_told(turn: int) -> None:
    for number, path in list(enumerate(PLACES))[turn::9]:
        junk = JUNK[(number + turn) % len(JUNK)]
        tree: Map = copy.deepcopy(TREE)
        container = _container(tree, path)
        container[path[-1]] = marked(junk, getattr(container, "mark", None))
        _, problems = examine(tree, "whole.yaml")
        for problem in problems:
            assert problem.line > 0, (path, junk, problem)
            assert not JARGON.search(problem.what + problem.hint), (path, junk, problem)


def test_any_part_left_out_is_taken_or_told() -> None:
    for path in PLACES[::7]:
        tree: Map = copy.deepcopy(TREE)
        del _container(tree, path)[path[-1]]
        _, problems = examine(tree, "whole.yaml")
        assert all(p.line > 0 and not JARGON.search(p.what + p.hint) for p in problems), (path, problems)


def test_a_text_cut_off_anywhere_is_told() -> None:
    for end in range(0, len(WHOLE), 1009):
        with pytest.raises(ScenarioError) as caught:
            loads(WHOLE[:end])
        assert not JARGON.search(str(caught.value)), str(caught.value)
