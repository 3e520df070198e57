"""A replay killed by SIGKILL at any moment leaves nothing broken, and the next one gives the same tables."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from sim.store import results
from tests.command_line import CommandLine, desk

ROOT = Path(__file__).parent.parent
REPLAY = ("replay", "permit-desk", "--reps", "4", "--draws", "16", "--jobs", "2", "--seed")
#: Kills in the suite and in the whole experiment. Each other one has a seed of its own and so begins anew.
SOME, MANY = 6, 50

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals are sent otherwise here")


@pytest.mark.slow
@pytest.mark.parametrize("times", [SOME, pytest.param(MANY, marks=pytest.mark.full)])
def test_a_replay_killed_at_any_moment_leaves_nothing_broken(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    desk(tmp_path)
    monkeypatch.chdir(tmp_path)
    _kill(times, CommandLine(capsys))


def _kill(times: int, command: CommandLine) -> None:
    """Kill as many replays, each at a moment drawn over the length of a whole one, and look at the store."""
    began = time.monotonic()
    assert command(*REPLAY, "1", "--out", "untouched").status == 0
    whole = time.monotonic() - began + 2.0  # a process of its own has Python to start as well
    rng = random.Random(times)
    killed = 0
    for number in range(times):
        process = subprocess.Popen(
            [sys.executable, str(ROOT / "cli.py"), *REPLAY, str(2 + number // 2)],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True,
        )  # fmt: skip
        try:
            process.wait(rng.uniform(0.0, whole))
        except subprocess.TimeoutExpired:
            killed += 1
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        told = process.communicate()[1].decode()
        assert process.returncode in (0, -signal.SIGKILL), told
        _sound(Path("results"))
        assert command("results", "--json").status == 0
    assert killed >= times // 2
    # What the killed ones left does not change what comes out.
    for seed in ("1", "2"):
        assert command(*REPLAY, seed).status == 0
        assert command(*REPLAY, seed, "--out", "untouched").status == 0
        assert _kept(Path("results"), seed) == _kept(Path("untouched"), seed)
    _sound(Path("results"))


def _sound(out: Path) -> None:
    """Every run that the store shows is whole, and so is the page over all of them."""
    for folder in results.runs(out):
        json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        json.loads((folder / "summary.json").read_text(encoding="utf-8"))
        assert (folder / "report.html").read_text(encoding="utf-8").rstrip().endswith("</html>")
        for table in folder.glob("*.parquet"):
            pq.read_table(table)
    if (page := out / "index.html").exists():
        assert page.read_text(encoding="utf-8").rstrip().endswith("</html>")


def _kept(out: Path, seed: str) -> dict[str, bytes]:
    """The tables and the summary of the run with this seed that is kept in `out`, byte for byte."""
    (folder,) = (
        f for f in results.runs(out) if str(json.loads((f / "manifest.json").read_text())["seed"]) == seed
    )
    return {p.name: p.read_bytes() for p in (*folder.glob("*.parquet"), folder / "summary.json")}
