"""The page of rules: every test that it names exists, and every hand-worked test holds a rule on it."""

import ast
import re
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
PAGE = (TESTS.parent / "docs" / "semantics.md").read_text(encoding="utf-8")
#: `file.py::name`, `::name`, `name` or `file.py`; a name may end in `*`.
NAMED = re.compile(r"`(?:tests/)?(?:(?P<file>test_\w+\.py))?(?:::)?(?P<test>test_\w+\*?)?`")


def names_by_file() -> dict[str, set[str]]:
    """Return the names of all tests, also those in classes."""
    return {
        path.name: {
            node.name
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
        }
        for path in TESTS.glob("test_*.py")
    }


def unknown(page: str) -> list[str]:
    """Return what `page` calls a test and is none."""
    files = names_by_file()
    wrong = []
    for found in NAMED.finditer(page):
        file, test = found["file"], found["test"]
        if file is None and test is None:
            continue
        if file is not None and file not in files:
            wrong.append(found[0])
        elif test is not None:
            names = files[file] if file is not None else set().union(*files.values())
            if not any(fnmatchcase(name, test) for name in names):
                wrong.append(found[0])
    return wrong


def test_every_test_named_on_the_page_exists():
    assert unknown(PAGE) == []


def test_a_test_that_does_not_exist_is_found():
    page = "(`test_docs_semantics.py::test_there_is_none`, `::test_nor_this`, `test_no_file.py`)"
    assert len(unknown(page)) == 3


@pytest.mark.parametrize(
    "topic",
    [
        "shifts",
        "shift_ends",
        "queues",
        "several_pools",
        "room",
        "meetings",
        "bundles",
        "limits",
        "branches",
        "cases",
    ],
)
def test_every_hand_worked_office_holds_a_rule_of_the_page(topic):
    names = {name for name in names_by_file()[f"test_hand_{topic}.py"] if name.startswith("test_hand_")}
    assert {name for name in names if f"{name}`" not in PAGE} == set()


def test_no_line_of_the_page_is_too_long_to_read():
    assert [line for line in PAGE.splitlines() if len(line) > 200 and not line.startswith("|")] == []
