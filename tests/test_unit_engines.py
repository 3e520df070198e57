"""Hand, law and theory tests run once with each engine, and say which."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.engines import available, current, missing, using

ROOT = Path(__file__).parents[1]


def collected(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Ask pytest which hand tests of queues there are."""
    return subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", *arguments,
         "tests/test_hand_queues.py"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_the_engine_of_a_test_ends_with_it() -> None:
    assert current() == "simpy"
    with using("other"):
        assert current() == "other"
    assert current() == "simpy"


def test_an_engine_that_is_not_there_is_said_to_be_missing() -> None:
    assert missing("steam") == "there is no engine called steam"
    assert missing("simpy") == ""
    assert "simpy" in available()
    assert "auto" not in available()


def test_every_engine_has_its_own_tests() -> None:
    found = collected().stdout.splitlines()
    tests = [line for line in found if "::" in line]
    for engine in available():
        mine = [line for line in tests if f"[{engine}" in line]
        assert len(mine) * len(available()) == len(tests) > 0


def test_one_engine_alone_can_be_asked_for() -> None:
    found = collected("--engine", "simpy").stdout
    assert "[simpy" in found
    assert "[compiled" not in found
    wrong = collected("--engine", "steam")
    assert wrong.returncode == pytest.ExitCode.USAGE_ERROR
    assert "--engine steam: there is no engine called steam" in wrong.stderr + wrong.stdout
