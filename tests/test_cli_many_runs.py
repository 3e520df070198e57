"""Runs of many jobs from the command line: the same tables from anywhere, and after being killed twice."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from sim.report.single import Choice, run_single
from sim.runs.replicate import Plan, Progress
from sim.scenario.files import find
from sim.scenario.load import load
from tests.command_line import CommandLine, desk

ROOT = Path(__file__).parent.parent
RUN = ("run", "permit-desk", "--against", "after", "--reps", "6", "--json")
REPLAY = ("replay", "permit-desk", "--json", "--draws", "16", "--reps", "20")
SWEEP = ("sweep", "permit-desk", "--json", "--set", "pools.clerks.size=2:5:1",
         "--reps", "40", "--engine", "simpy")  # fmt: skip


@pytest.fixture
def command(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> CommandLine:
    desk(tmp_path)
    monkeypatch.chdir(tmp_path)
    return CommandLine(capsys)


def tables(out: Path) -> dict[str, bytes]:
    """The tables and the summary of the only run that is kept in `out`, byte for byte."""
    (folder,) = (out / "permit-desk").iterdir()
    return {p.name: p.read_bytes() for p in (*folder.glob("*.parquet"), folder / "summary.json")}


def begin(*arguments: str) -> subprocess.Popen[str]:
    """Start the command line as a process of its own group, as a shell does."""
    return subprocess.Popen(
        [sys.executable, str(ROOT / "cli.py"), *arguments],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip


def finished() -> int:
    """How many finished jobs are kept."""
    return len(list(Path("results").glob(".unfinished/*/*.job")))


def wait_for(count: int, process: subprocess.Popen[str]) -> None:
    """Until so many finished jobs are kept."""
    patience = time.monotonic() + 600  # a busy machine
    while finished() < count:
        assert process.poll() is None, process.stderr
        assert time.monotonic() < patience
        time.sleep(0.01)


@pytest.mark.slow
def test_the_same_tables_from_one_process_two_and_a_cluster(command: CommandLine) -> None:
    ways = [("--jobs", "1"), ("--jobs", "2")]
    try:
        import distributed  # noqa: F401
    except ImportError:
        pass
    else:
        ways.append(("--jobs", "2", "--cluster", "local"))
    found = []
    for way in ways:
        outcome = command(*RUN, *way, "--out", "-".join(way))
        assert outcome.status == 0, outcome.err
        found.append((outcome.out, tables(Path("-".join(way)))))
    assert all(one == found[0] for one in found[1:])
    if len(ways) < 3:
        pytest.skip("one process and two agree; Dask is not installed (the extra `cluster`)")


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="signals are sent otherwise here")
@pytest.mark.parametrize(
    ("arguments", "batches", "left"),
    [  # the dial, then the runs; a sweep has a single table
        (REPLAY, ["1", "40"], {"index.html", "permit-desk"}),
        (SWEEP, ["1", "160"], {"permit-desk"}),
    ],
    ids=["replay", "sweep"],
)
def test_what_is_killed_twice_goes_on_and_gives_the_tables_of_one_go(
    command: CommandLine, arguments: tuple[str, ...], batches: list[str], left: set[str]
) -> None:
    """Killed by SIGKILL when 3 and 7 jobs are finished, on two processes and one; no finished job is lost."""
    whole = command(*arguments, "--jobs", "2", "--out", "in-one-go")
    for at_least, jobs in ((3, "2"), (7, "1")):
        process = begin(*arguments, "--jobs", jobs)
        wait_for(at_least, process)
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
    done = finished()
    assert done >= 7
    outcome = command(*arguments, "--jobs", "2")
    assert outcome.status == 0
    assert outcome.out == whole.out
    told = re.findall(r"(\d+) of (\d+) jobs were done before; going on from there", outcome.err)
    assert sum(int(n) for n, _ in told) == done
    assert [of for _, of in told] == batches
    assert tables(Path("results")) == tables(Path("in-one-go"))
    assert {p.name for p in Path("results").iterdir()} == left


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="signals are sent otherwise here")
def test_a_sweep_on_a_cluster_of_which_a_worker_is_killed_gives_the_same_tables(command: CommandLine) -> None:
    """By SIGKILL, when 20 of its 160 jobs are finished."""
    pytest.importorskip("distributed", reason="Dask is not installed (the extra `cluster`)")
    import psutil  # Dask needs it too

    whole = command(*SWEEP, "--jobs", "2", "--out", "in-one-go")
    process = begin(*SWEEP, "--jobs", "2", "--cluster", "local")
    wait_for(20, process)
    workers = [
        child for child in psutil.Process(process.pid).children(recursive=True)
        if "spawn_main" in " ".join(child.cmdline())
    ]  # fmt: skip
    assert len(workers) == 2
    workers[0].kill()
    out, err = process.communicate(timeout=600)
    assert process.returncode == 0, err
    assert out == whole.out
    assert tables(Path("results")) == tables(Path("in-one-go"))


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="signals are sent otherwise here")
def test_ctrl_c_says_what_is_kept_and_fresh_forgets_it(command: CommandLine) -> None:
    arguments = ("run", "permit-desk", "--reps", "200", "--jobs", "2", "--records", "none")
    process = begin(*arguments)
    wait_for(5, process)
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=300)
    assert (process.returncode, out) == (130, "")
    assert re.search(r"^\d+ finished jobs are kept: the same command goes on from there", err, re.M)
    assert err.endswith("Interrupted.\n")
    assert "Traceback" not in err
    more = ("run", "permit-desk", "--records", "none", "--jobs", "1", "--reps")
    assert "6 of 6 jobs were done before" not in command(*more, "6", "--fresh").err
    assert finished() == 0


def test_a_run_goes_on_from_where_it_was_interrupted(command: CommandLine) -> None:
    """With its dial and the runs that were finished; a run of another seed does not."""
    scenario = load(find("permit-desk"))
    told: list[str] = []

    def interrupt(done: int, _planned: int, _what: str) -> None:
        if done == 3:
            raise KeyboardInterrupt

    def run(seed: int, progress: Progress | None = None) -> dict[str, Any]:
        told.clear()
        found, _ = run_single(
            scenario, Choice(), Plan(reps=4, seed=seed), out=Path("results"), tell=told.append,
            progress=progress,
        )  # fmt: skip
        return found.to_json()

    with pytest.raises(KeyboardInterrupt):
        run(1, interrupt)
    run(2)
    assert not [line for line in told if "done before" in line]
    found = run(1)
    assert [line for line in told if "done before" in line] == [
        f"{n} of {n + more} jobs were done before; going on from there" for n, more in ((1, 0), (3, 1))
    ]
    assert found == run(1)
    assert not [line for line in told if "done before" in line]


@pytest.mark.slow
def test_another_run_says_what_is_left_of_the_first(command: CommandLine) -> None:
    left = Path("results/.unfinished/run-permit-desk-0")
    left.mkdir(parents=True)
    (left / "0.job").write_bytes(b"0" * 200_000)
    outcome = command("run", "permit-desk", "--reps", "1", "--jobs", "1", "--records", "none")
    assert "0.2 MB are left of 1 run of other inputs that stopped" in outcome.err
    assert (left / "0.job").exists()


@pytest.mark.parametrize("name", ["run", "replay"])
def test_a_wrong_address_is_bad_input(command: CommandLine, name: str) -> None:
    outcome = command(name, "permit-desk", "--cluster", "somewhere")
    assert (outcome.status, outcome.out) == (2, "")
    assert "--cluster must be `local` or the address" in outcome.err
    assert not Path("results").exists()
