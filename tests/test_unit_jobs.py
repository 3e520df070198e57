"""Jobs on several processes: same results as on one, and no process outlives the run."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sim.errors import Problem, RunError, ScenarioError
from sim.runs.jobs import run_jobs


def square(x: int) -> int:
    """Work that a worker process finds by name."""
    return x * x


def die(x: int) -> int:
    """Work that kills its process."""
    os._exit(x)


def tell_and_sleep(where: str) -> None:
    """Write this process's number and sleep for a minute."""
    Path(where, f"{os.getpid()}.pid").touch()
    time.sleep(60)


def test_two_processes_give_what_one_gives() -> None:
    """In the order of the jobs."""
    jobs = list(range(7))
    assert list(run_jobs(square, jobs, 2)) == list(run_jobs(square, jobs)) == [x * x for x in jobs]


def test_a_worker_that_dies_is_told() -> None:
    """As an error of the run, not as a traceback of a pool."""
    with pytest.raises(RunError, match="worker process ended"):
        list(run_jobs(die, [1, 2, 3], 2))


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc to see whether a process lives")
@pytest.mark.parametrize("sign", ["SIGINT", "SIGKILL"])
def test_workers_end_with_their_parent(tmp_path: Path, sign: str) -> None:
    """Whether it is interrupted or killed, within seconds, in the middle of a job of a minute."""
    program = (
        "from sim.runs.jobs import run_jobs\nfrom tests.test_unit_jobs import tell_and_sleep\n"
        f"if __name__ == '__main__':\n    list(run_jobs(tell_and_sleep, [{str(tmp_path)!r}] * 3, 2))\n"
    )
    script = tmp_path / "parent.py"
    script.write_text(program)
    root = Path(__file__).parents[1]
    parent = subprocess.Popen(
        [sys.executable, str(script)], env={**os.environ, "PYTHONPATH": str(root)}, stderr=subprocess.DEVNULL
    )
    workers: list[int] = []
    patience = time.monotonic() + 120
    while len(workers) < 2 and time.monotonic() < patience:
        time.sleep(0.1)
        workers = [int(p.stem) for p in tmp_path.glob("*.pid")]
    assert len(workers) == 2
    parent.send_signal(getattr(signal, sign))
    parent.wait(30)
    while any(alive(w) for w in workers) and time.monotonic() < patience:
        time.sleep(0.1)
    assert not any(alive(w) for w in workers)


def alive(pid: int) -> bool:
    """Whether a process runs (a zombie that nobody has waited for does not)."""
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False


def _refuse(file: str) -> None:
    raise ScenarioError([Problem(file, 3, 5, "pools.clerks", "the size is 0.", "Want at least 1.")])


def test_an_error_with_many_problems_comes_home_from_a_worker_whole() -> None:
    with pytest.raises(ScenarioError) as caught:
        list(run_jobs(_refuse, ["one.yaml", "two.yaml"], 2))
    assert str(caught.value) == "one.yaml:3:5: pools.clerks: the size is 0. Want at least 1."
    assert caught.value.problems[0].column == 5
