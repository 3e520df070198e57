"""The page on many runs: its commands run, and the numbers that it names are those of the program."""

from __future__ import annotations

import re
import shlex
from importlib.util import find_spec
from pathlib import Path

import pytest

from sim.runs import cluster, jobs, kept, unfinished
from tests.command_line import CommandLine

PAGE = (Path(__file__).parent.parent / "docs" / "many-runs.md").read_text(encoding="utf-8")


def commands() -> list[list[str]]:
    """Return the arguments of every command of the page, in order."""
    return [shlex.split(line)[1:] for line in re.findall(r"^\$ (reform-replay .*)$", PAGE, re.MULTILINE)]


def test_the_page_has_commands() -> None:
    assert len(commands()) == 4
    assert sum("--cluster" in arguments for arguments in commands()) == 1


@pytest.mark.slow
def test_every_command_of_the_page_runs(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In order, in one folder; each way of running prints the same."""
    monkeypatch.chdir(tmp_path)
    dask = find_spec("distributed") is not None
    printed = set()
    for arguments in commands():
        if dask or "--cluster" not in arguments:
            outcome = CommandLine(capsys)(*arguments)
            assert outcome.status == 0, outcome.err
            if arguments[0] == "run":
                printed.add(outcome.out)
    assert len(printed) == 1
    if not dask:
        pytest.skip("all but the cluster's example ran; Dask is not installed (the extra `cluster`)")


def test_the_numbers_of_the_page_are_those_of_the_program() -> None:
    words = " ".join(PAGE.split())
    assert jobs.AGAIN == 3
    assert "loses its process four times is given up" in words
    assert f"answer within {cluster.CONNECT:.0f} seconds" in words
    assert cluster.ALONE == 60
    assert "waited for for a minute" in words
    assert f"at most {kept.MOST_BYTES / 1e9:.0f} GB, leaves at least {kept.LEAST_FREE / 1e9:.0f} GB" in words
    assert f"removed after {unfinished.DAYS} days" in words
    assert f"results/{unfinished.HOME}/" in words
