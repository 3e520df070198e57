"""Lets hand, law and theory tests run once with each engine; `--engine NAME` takes one alone."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatch

import pytest

from sim.engine.choose import prepare
from tests.engines import REFERENCE, available, missing, using

#: Modules of tests that run networks, whatever the engine. Their size is the same with each: the compiled
#: engine adds a few seconds to the suite, and theory checks that it draws and queues as it should.
EACH = (
    "test_hand_[!w]*",  # those of worktime look at calendars
    "test_hand_worktime_regions",
    "test_law_records",
    "test_law_relabelling",
    "test_law_repeat",
    "test_law_shipped_levers",
    "test_law_staff",
    "test_theory_engine",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--engine", default="all", help="run hand, law and theory tests with this engine alone (default: all)"
    )


def pytest_configure(config: pytest.Config) -> None:
    asked = str(config.getoption("--engine"))
    why = "" if asked == "all" else missing(asked)
    if why:
        raise pytest.UsageError(f"--engine {asked}: {why}")
    if not hasattr(config, "workerinput"):
        prepare("auto", print)  # compiled once, before processes that run tests begin


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    name = metafunc.module.__name__.rpartition(".")[2]
    if any(fnmatch(name, pattern) for pattern in EACH):
        metafunc.parametrize("engine", engines(metafunc.config), indirect=True, scope="function")


def engines(config: pytest.Config) -> tuple[str, ...]:
    """Return the engines that tests of engines run with."""
    asked = str(config.getoption("--engine"))
    return available() if asked == "all" else (asked,)


@pytest.fixture(autouse=True)
def engine(request: pytest.FixtureRequest) -> Iterator[str]:
    """The engine of this test, which everything that it runs uses."""
    with using(getattr(request, "param", REFERENCE)) as name:
        yield name
