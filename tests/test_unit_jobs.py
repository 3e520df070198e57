"""Jobs on one process or two: same results in the same order, and neither leaves anything behind."""

from __future__ import annotations

import os
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from sim.errors import Problem, RunError, ScenarioError
from sim.runs.jobs import AGAIN, aside, run_jobs, was_done
from sim.runs.pool import ProcessPool
from sim.runs.where import Where

TWO = Where(2)


def square(x: int) -> int:
    """Work that a worker process finds by name."""
    return x * x


def square_leaving_a_trace(job: tuple[str, int]) -> int:
    """Work that can be counted."""
    folder, x = job
    Path(folder, f"{x}-{time.monotonic_ns()}-{os.getpid()}").touch()
    return x * x


def be_killed_first(job: tuple[str, int]) -> int:
    """Work whose process is killed when it does its third job for the first time."""
    folder, x = job
    first = not list(Path(folder).glob(f"{x}-*"))
    square_leaving_a_trace(job)
    if x == 3 and first:
        os.kill(os.getpid(), signal.SIGKILL)
    return x * x


def be_killed(job: tuple[str, int]) -> int:
    """Work whose process is killed whenever it does its third job."""
    folder, x = job
    Path(folder, f"{x}-{time.monotonic_ns()}").touch()
    if x == 3:
        os._exit(1)
    return x * x


def send_half(job: tuple[str, int, bool]) -> int:
    """Work whose process stops, or is killed, as it sends the result of its third job for the first time."""
    folder, x, killed = job
    first = not list(Path(folder).glob(f"{x}-*"))
    square_leaving_a_trace((folder, x))
    if x == 3 and first:
        frame = sys._getframe()
        while "result_queue" not in frame.f_locals:
            assert frame.f_back is not None
            frame = frame.f_back
        results = frame.f_locals["result_queue"]
        with results._wlock:
            os.write(results._writer.fileno(), struct.pack("!i", 1_000_000) + b"the first bytes of a million")
            Path(folder, "half").touch()
            if killed:
                os.kill(os.getpid(), signal.SIGKILL)
            time.sleep(600)
    return x * x


@pytest.fixture
def soon() -> Iterator[None]:
    """A test that would else wait for ever fails after two minutes."""

    def late(_signal: int, _frame: object) -> None:
        raise TimeoutError("it waits for ever")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(120)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def fail_if_odd(x: int) -> int:
    """Work that fails, the later the sooner."""
    time.sleep(0.01 * (5 - x))
    if x % 2:
        raise RunError(f"job {x} failed")
    return x


def tell_and_sleep(where: str) -> None:
    """Write this process's number and sleep for a minute."""
    Path(where, f"{os.getppid()}.parent").touch()
    Path(where, f"{os.getpid()}.pid").touch()
    time.sleep(60)


def times(folder: Path) -> list[int]:
    """How often each job was begun, by its traces."""
    begun = [int(p.name.partition("-")[0]) for p in folder.glob("*-*")]
    return [begun.count(x) for x in range(max(begun) + 1)]


def test_two_processes_give_what_one_gives() -> None:
    """In the order of the jobs."""
    jobs = list(range(7))
    assert list(run_jobs(square, jobs, TWO)) == list(run_jobs(square, jobs)) == [x * x for x in jobs]


@pytest.mark.skipif(os.name != "posix", reason="signals are sent otherwise here")
def test_a_killed_worker_costs_nothing_but_its_time(tmp_path: Path) -> None:
    """All results are there, in order; what was finished is not run again, what was under way is."""
    jobs = [(str(tmp_path), x) for x in range(9)]
    assert list(run_jobs(be_killed_first, jobs, TWO)) == [x * x for x in range(9)]
    begun = times(tmp_path)
    assert begun[3] == 2
    assert sum(begun) <= len(jobs) + 6  # what was under way, at most: the rest is not run again


@pytest.mark.skipif(os.name != "posix", reason="signals are sent otherwise here")
@pytest.mark.usefixtures("soon")
def test_a_worker_killed_while_it_sends_a_result_costs_nothing_but_its_time(tmp_path: Path) -> None:
    """Nobody else can send then, and whoever reads waits for the rest."""
    jobs = [(str(tmp_path), x, True) for x in range(9)]
    assert list(run_jobs(send_half, jobs, TWO)) == [x * x for x in range(9)]
    assert times(tmp_path)[3] == 2


@pytest.mark.skipif(os.name != "posix", reason="signals are sent otherwise here")
@pytest.mark.usefixtures("soon")
def test_jobs_that_are_left_while_a_result_is_half_sent_end_at_once(tmp_path: Path) -> None:
    """As by Ctrl-C."""
    found = run_jobs(send_half, [(str(tmp_path), x, False) for x in range(9)], TWO)
    assert next(found) == 0
    while not (tmp_path / "half").exists():
        time.sleep(0.05)
    time.sleep(0.5)  # the first half is read
    found.close()  # type: ignore[attr-defined]


@pytest.mark.skipif(os.name != "posix", reason="signals are sent otherwise here")
@pytest.mark.usefixtures("soon")
def test_a_job_aside_whose_worker_is_killed_while_it_sends_is_done_here(tmp_path: Path) -> None:
    pool = ProcessPool(2)
    finished = False
    try:
        done = aside(send_half, (str(tmp_path), 3, True), replace(TWO, pool=pool))
        assert done() == 9
        finished = True
    finally:
        pool.close(finished=finished)
    assert times(tmp_path)[3] == 2


def test_a_job_that_always_kills_its_worker_is_given_up(tmp_path: Path) -> None:
    """As an error of the run that says what may help, after a few attempts."""
    with pytest.raises(RunError, match=r"(?s)given up.*enough memory.*--jobs 1"):
        list(run_jobs(be_killed, [(str(tmp_path), x) for x in range(5)], TWO))
    assert times(tmp_path)[3] == AGAIN + 1


def test_the_first_of_two_errors_is_told_on_any_number_of_processes() -> None:
    """Although the later job fails sooner."""
    for where in (Where(1), TWO):
        found = run_jobs(fail_if_odd, list(range(5)), where)
        assert next(found) == 0
        with pytest.raises(RunError, match="job 1 failed"):
            next(found)


def test_jobs_are_not_begun_long_before_their_results_are_wanted(tmp_path: Path) -> None:
    """Or results would pile up: no more are under way or unread than twice the processes and two."""
    jobs = [(str(tmp_path), x) for x in range(30)]
    found = run_jobs(square_leaving_a_trace, jobs, TWO)
    for taken in range(1, 12):
        next(found)
        time.sleep(0.02)
        assert len(list(tmp_path.iterdir())) <= taken + 6
    found.close()  # type: ignore[attr-defined]


def tell_of_itself(name: str) -> tuple[str | None, bool, int]:
    """Tell a setting, whether Ctrl-C is held back, and the process that this one comes from."""
    held = signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, ())
    return os.environ.get(name), held, os.getppid()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere every process is started anew")
def test_processes_are_forked_from_one_server_unless_settings_have_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "REFORM_REPLAY_CACHE"
    jobs = [name] * 8
    first, second = (list(run_jobs(tell_of_itself, jobs, TWO)) for _ in range(2))
    assert {value for value, _, _ in first} == {os.environ.get(name)}
    (server,) = {parent for _, _, parent in first + second}
    assert server != os.getpid()
    assert all(held for _, held, _ in first + second), "a worker that hears Ctrl-C prints a traceback"
    monkeypatch.setenv(name, str(tmp_path))
    changed = list(run_jobs(tell_of_itself, jobs, TWO))
    assert {(value, parent) for value, _, parent in changed} == {(str(tmp_path), os.getpid())}


def has_numba(_job: int) -> bool:
    """Whether the process has loaded Numba."""
    return "numba" in sys.modules


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere every process is started anew")
@pytest.mark.parametrize(("engine", "loaded"), [("simpy", False), ("auto", True)])
def test_processes_load_numba_only_where_it_may_be_wanted(engine: str, loaded: bool) -> None:
    if loaded:
        pytest.importorskip("numba", reason="Numba is not installed")
    program = (
        "from sim.runs.pool import ProcessPool\nfrom tests.test_unit_jobs import has_numba\n"
        f"pool = ProcessPool(2, {engine!r})\n"
        "print(pool.submit(has_numba, 1).result())\npool.close(finished=True)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=Path(__file__).parents[1],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout == f"{loaded}\n"


def test_jobs_that_went_ahead_are_told_of_together(tmp_path: Path) -> None:
    told: list[str] = []
    where = Where(keep=tmp_path)
    ahead = [was_done(square, 1, where)]
    assert list(run_jobs(square, [1], where)) == [1]
    assert list(run_jobs(square, [2, 3], where, told.append, ahead=ahead)) == [4, 9]
    assert told == []
    ahead = [was_done(square, 1, where)]
    assert list(run_jobs(square, [2, 3], where, told.append, ahead=ahead)) == [4, 9]
    assert told == ["3 of 3 jobs were done before; going on from there"]


SQUARES = """
from sim.runs.jobs import run_jobs
from sim.runs.where import Where
from tests.test_unit_jobs import square
if __name__ == '__main__':
    {before}
    print(list(run_jobs(square, [1, 2, 3], Where(2))))
"""


def squares(folder: Path, before: str = "pass", **environment: str) -> str:
    """Return what a program prints that runs jobs on two processes, with `folder` as the current one."""
    scripts = folder / "scripts"
    scripts.mkdir()
    (scripts / "run.py").write_text(SQUARES.format(before=before))
    done = subprocess.run(
        [sys.executable, "scripts/run.py"], cwd=folder, capture_output=True, text=True, check=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1]), **environment},
    )  # fmt: skip
    assert done.stderr == ""
    return done.stdout


def test_a_folder_of_the_same_name_beside_the_user_is_not_imported(tmp_path: Path) -> None:
    """The server runs a line of code, for which Python looks into the current folder first."""
    (tmp_path / "sim").mkdir()
    (tmp_path / "sim" / "__init__.py").write_text("print('not ours')\n")
    assert squares(tmp_path) == "[1, 4, 9]\n"


def test_where_no_server_can_begin_processes_are_started_anew(tmp_path: Path) -> None:
    """Its socket stands in the folder for temporary files, and a name longer than 107 bytes has none."""
    deep = tmp_path / ("d" * 60) / ("e" * 60)
    deep.mkdir(parents=True)
    assert squares(tmp_path, TMPDIR=str(deep)) == "[1, 4, 9]\n"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is no server")
def test_a_server_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    before = (
        "import multiprocessing.forkserver as f; f.ensure_running(); "
        "from sim.runs.forked import context; print(context().get_start_method())"
    )
    assert squares(tmp_path, before) == "spawn\n[1, 4, 9]\n"


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc to see whether a process lives")
@pytest.mark.parametrize("sign", ["SIGINT", "SIGKILL"])
def test_workers_end_with_their_parent(tmp_path: Path, sign: str) -> None:
    """Whether it is interrupted or killed, within seconds, in the middle of a job of a minute."""
    program = (
        "from sim.runs.jobs import run_jobs\nfrom sim.runs.where import Where\n"
        "from tests.test_unit_jobs import tell_and_sleep\n"
        f"if __name__ == '__main__':\n    list(run_jobs(tell_and_sleep, [{str(tmp_path)!r}] * 3, Where(2)))\n"
    )
    script = tmp_path / "parent.py"
    script.write_text(program)
    root = Path(__file__).parents[1]
    parent = subprocess.Popen(
        [sys.executable, str(script)], env={**os.environ, "PYTHONPATH": str(root)}, stderr=subprocess.DEVNULL
    )
    workers: list[int] = []
    patience = time.monotonic() + 600  # a busy machine
    while len(workers) < 2 and time.monotonic() < patience:
        time.sleep(0.1)
        workers = [int(p.stem) for p in tmp_path.glob("*.pid")]
    assert len(workers) == 2
    (server,) = (int(p.stem) for p in tmp_path.glob("*.parent"))
    assert server != parent.pid
    workers.append(server)
    parent.send_signal(getattr(signal, sign))
    parent.wait(120)
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
        list(run_jobs(_refuse, ["one.yaml", "two.yaml"], TWO))
    assert str(caught.value) == "one.yaml:3:5: pools.clerks: the size is 0. Want at least 1."
    assert caught.value.problems[0].column == 5
