"""Every broken scenario file under tests/broken gives exactly the messages of tests/broken/expected.txt."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sim.errors import ScenarioError
from sim.scenario.load import load

FOLDER = Path(__file__).parent / "broken"
#: Words of a programmer, or of a library, that no planner should have to read.
JARGON = re.compile(
    r"pydantic|Input should|Value error|NoneType|\bdict\b|\bstr\b|\bint\b|\bfloat\b|\btuple\b|Traceback|"
    r"discriminator|validat|\bobject at\b|Extra inputs|scalar|ruamel|<class|\bNone\b|\bTrue\b",
)


def _table() -> dict[str, list[str]]:
    table: dict[str, list[str]] = {}
    for block in (FOLDER / "expected.txt").read_text(encoding="utf-8").strip().split("\n\n"):
        lines = block.split("\n")
        table[lines[0].split(".yaml")[0]] = lines
    return table


TABLE = _table()


@pytest.mark.parametrize("name", TABLE)
def test_a_broken_file_gives_its_messages(name: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        load(FOLDER / f"{name}.yaml")
    told = [str(problem).replace(str(FOLDER), "").lstrip("\\/") for problem in caught.value.problems]
    assert told == TABLE[name]


def test_every_broken_file_stands_in_the_table() -> None:
    assert {path.stem for path in FOLDER.glob("*.yaml")} == set(TABLE)
    assert len(TABLE) >= 60


def test_messages_are_written_for_planners() -> None:
    for lines in TABLE.values():
        for line in lines:
            assert not JARGON.search(line.replace("!!python/object", "")), line


def test_messages_say_where() -> None:
    for name, lines in TABLE.items():
        for line in lines:
            assert re.match(rf"{re.escape(name)}\.yaml:\d+:\d+: ", line) or name == "empty", line
            assert line.endswith((".", "?")), line
