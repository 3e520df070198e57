"""Finished jobs are kept until the whole is complete; what was stopped goes on from them."""

from __future__ import annotations

import math
import os
import subprocess
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from sim.chance.families import exponential
from sim.engine.records import Records, Work
from sim.errors import RunError
from sim.evidence.calibrate import DialJob, solve_dial
from sim.network.build import build
from sim.runs import content, kept, unfinished
from sim.runs.content import content_hash
from sim.runs.jobs import run_jobs
from sim.runs.packed import DamagedError, pack, unpack
from sim.runs.replicate import Job, Plan, run_one
from sim.runs.where import Where
from sim.scenario.load import load, loads
from sim.scenario.variant import before
from tests.command_line import DESK
from tests.test_unit_jobs import TWO, square_leaving_a_trace, times

ROOT = Path(__file__).parent.parent


def network():  # type: ignore[no-untyped-def]
    return build(before(loads(DESK)), {"check-papers.effort.exponential.mean": 30.0})


def equal(one: Records, other: Records) -> bool:
    """Whether two runs left the same, cell by cell and type by type."""
    return all(
        np.array_equal(a, b) and a.dtype == b.dtype if isinstance(a, np.ndarray) else a == b
        for a, b in ((getattr(one, n), getattr(other, n)) for n in Records.__dataclass_fields__)
    )


def stop_after(jobs: list[tuple[str, int]], out: Path, told: list[str]) -> None:
    """A run that is interrupted when so many jobs are finished."""
    with unfinished.unfinished(out, "run-desk", 1, tell=told.append) as keep:
        list(run_jobs(square_leaving_a_trace, jobs, Where(keep=keep)))
        raise KeyboardInterrupt


def stopped_after(count: int, jobs: list[tuple[str, int]], where: Where) -> None:
    """Read so many results, then stop."""
    found = run_jobs(square_leaving_a_trace, jobs, where)
    for _ in range(count):
        next(found)
    found.close()  # type: ignore[attr-defined]


@pytest.mark.parametrize("where", [Where(1), TWO])
def test_what_is_stopped_goes_on_from_the_finished_jobs(tmp_path: Path, where: Where) -> None:
    """Stopped twice: no job whose result was read is run again, and the results are those of one go."""
    trace, keep = tmp_path / "trace", tmp_path / "kept"
    trace.mkdir()
    jobs = [(str(trace), x) for x in range(9)]
    where = replace(where, keep=keep)
    stopped_after(2, jobs, where)
    stopped_after(5, jobs, where)
    told: list[str] = []
    done = len(list(keep.glob("*.job")))
    assert done >= 5
    assert list(run_jobs(square_leaving_a_trace, jobs, where, told.append)) == [x * x for x in range(9)]
    assert times(trace)[:5] == [1] * 5
    assert told == [f"{done} of 9 jobs were done before; going on from there"]


def test_other_numbers_of_processes_go_on_from_the_same_jobs(tmp_path: Path) -> None:
    """Where jobs ran decides nothing."""
    trace, keep = tmp_path / "trace", tmp_path / "kept"
    trace.mkdir()
    jobs = [(str(trace), x) for x in range(4)]
    list(run_jobs(square_leaving_a_trace, jobs, Where(1, keep=keep)))
    list(run_jobs(square_leaving_a_trace, jobs, Where(2, keep=keep)))
    assert times(trace) == [1] * 4


def test_a_damaged_result_is_run_again(tmp_path: Path) -> None:
    """Whether it is cut short, changed, or no result at all."""
    trace, keep = tmp_path / "trace", tmp_path / "kept"
    trace.mkdir()
    jobs = [(str(trace), x) for x in range(4)]
    for where in (Where(1, keep=keep), Where(2, keep=keep)):
        list(run_jobs(square_leaving_a_trace, jobs, where))
        files = sorted(keep.glob("*.job"))
        files[0].write_bytes(files[0].read_bytes()[:-7])
        files[1].write_bytes(b"")
        files[2].write_bytes(files[2].read_bytes().replace(b"value", b"walue"))
        assert list(run_jobs(square_leaving_a_trace, jobs, where)) == [0, 1, 4, 9]
    assert sum(times(trace)) == 4 + 3 + 3  # the second `where` finds all that the first one left


def test_records_and_calibrations_come_back_equal() -> None:
    """The two kinds of results that a replay keeps."""
    records = run_one(Job(network(), 1, 0, "auto"))
    back = unpack(pack(records))
    assert equal(records, back)
    back.cases["arrived"] += 1  # and can be worked with
    job = DialJob(loads(DESK), "stated", Plan(reps=1))
    solved = solve_dial(job)
    assert unpack(pack(solved)) == solved


@pytest.mark.parametrize(
    "value",
    [
        None, True, 3, -0.0, math.inf, "text 許可", (1, (2.5, "a")), [1, [2]], {"a": (1,), 2: [None]},
        Work.DONE, np.int64(3), np.float32(0.1), exponential(3.0), (),
    ],
)  # fmt: skip
def test_values_come_back_as_they_were(value: object) -> None:
    """With their types."""
    back = unpack(pack(value))
    assert back == value
    assert type(back) is type(value)


def test_arrays_come_back_with_shape_and_type() -> None:
    """Empty ones too."""
    for array in (
        np.zeros((0, 3)), np.arange(6, dtype="i4").reshape(2, 3), np.array([True]), np.array(3.5),
        np.zeros(2, dtype=[("a", "i4"), ("b", "f8", (2,))]),
    ):  # fmt: skip
        back = unpack(pack(array))
        assert (back.shape, back.dtype) == (array.shape, array.dtype)
        assert np.array_equal(back, array)


@dataclass(frozen=True)
class Foreign:
    """A value of another package."""

    x: int = 1


def test_only_values_of_this_package_are_made_again() -> None:
    """Bytes cannot name what is to be called."""
    with pytest.raises(TypeError, match="cannot be packed"):
        pack(Foreign())
    with pytest.raises(TypeError, match="cannot be packed"):
        pack(np.array([object()]))
    for name in ("os:system", "sim.runs.packed:pack", "subprocess:Popen", "sim.errors:RunError"):
        data = pack(exponential(3.0))
        line = data.partition(b"\n")[0].partition(b" ")[2].replace(b"sim.chance.families:Law", name.encode())
        forged = content.hashlib.sha256(line).hexdigest().encode() + b" " + line + b"\n"
        with pytest.raises(DamagedError):
            unpack(forged)


def test_a_network_has_the_same_hash_in_every_process() -> None:
    """Whatever the seed of Python's own hashes."""
    program = (
        "from tests.test_unit_kept import network\nfrom sim.runs.content import content_hash\n"
        "print(content_hash(network()))"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", program], check=True, capture_output=True, text=True,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
        ).stdout.strip()
        for seed in ("1", "2")
    }  # fmt: skip
    assert found == {content_hash(network())}


def test_all_that_decides_a_job_is_in_its_hash(tmp_path: Path) -> None:
    """And nothing else: not where it runs."""
    one = network()
    job = Job(one, 1, 0, "auto")
    others = [
        replace(job, seed=2), replace(job, replication=1), replace(job, engine="simpy"),
        replace(job, network=replace(one, horizon=one.horizon + 1)),
        replace(job, network=replace(one, nodes=one.nodes[::-1])),
        Job(build(before(loads(DESK)), {"check-papers.effort.exponential.mean": 30.000001}), 1, 0, "auto"),
    ]  # fmt: skip
    assert len({content_hash(j) for j in (job, *others)}) == 1 + len(others)
    plan = Plan(reps=3)
    assert content_hash(plan) == content_hash(replace(plan, where=TWO))
    assert content_hash(plan) != content_hash(replace(plan, reps=4))
    assert content_hash((1, 2)) != content_hash((1, 2.0)) != content_hash([1, 2])
    with pytest.raises(TypeError):
        content_hash(object())


def test_arrivals_in_another_file_are_part_of_a_scenario(tmp_path: Path) -> None:
    """A changed CSV file changes what is computed, though the scenario's text is the same."""
    begin, end = DESK.index("    count: {fact: 60"), DESK.index("pools:")
    text = f"{DESK[:begin]}    recorded: {{from-csv: a.csv, time: at}}\n{DESK[end:]}"
    path = tmp_path / "desk.yaml"
    path.write_text(text, encoding="utf-8")
    hashes = set()
    for day in ("15", "16"):
        (tmp_path / "a.csv").write_text(f"at\n2023-02-{day} 10:00\n")
        hashes.add(content_hash(load(path)))
    assert len(hashes) == 2


def test_another_state_of_the_program_starts_afresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Numbers of an older state are never mixed in."""
    trace, keep = tmp_path / "trace", tmp_path / "kept"
    trace.mkdir()
    jobs = [(str(trace), x) for x in range(3)]
    list(run_jobs(square_leaving_a_trace, jobs, Where(keep=keep)))
    monkeypatch.setattr(kept, "program", lambda: {**content.program(), "sources": "changed"})
    list(run_jobs(square_leaving_a_trace, jobs, Where(keep=keep)))
    assert times(trace) == [2] * 3


def test_the_folder_is_removed_when_the_run_is_complete_and_stays_when_it_is_not(tmp_path: Path) -> None:
    """With a word on what stays."""
    told: list[str] = []
    jobs = [(str(tmp_path), 1), (str(tmp_path), 2)]
    with pytest.raises(KeyboardInterrupt):
        stop_after(jobs, tmp_path, told)
    assert told[0].startswith("2 finished jobs are kept: the same command goes on from there, within 7 days")
    with unfinished.unfinished(tmp_path, "run-desk", 1) as keep:
        assert keep is not None
        assert len(list(keep.iterdir())) == 2
    assert not (tmp_path / ".unfinished").exists()


def test_fresh_forgets_what_was_finished(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        stop_after([(str(tmp_path), 1)], tmp_path, [])
    with unfinished.unfinished(tmp_path, "run-desk", 1, fresh=True) as keep:
        assert keep is not None
        assert not keep.exists()


def test_what_other_runs_left_is_told_and_removed_after_some_days(tmp_path: Path) -> None:
    home = tmp_path / ".unfinished"
    for name, days in (("run-a-1", 1), ("run-b-2", 8)):
        (home / name).mkdir(parents=True)
        (home / name / "x.job").write_bytes(b"x" * 300_000)
        old = time.time() - days * 86400
        os.utime(home / name / "x.job", (old, old))
        os.utime(home / name, (old, old))
    told: list[str] = []
    with unfinished.unfinished(tmp_path, "run-desk", 1, tell=told.append):
        pass
    assert [p.name for p in home.iterdir()] == ["run-a-1"]
    assert "removed what 1 run left" in told[0]
    assert "0.3 MB are left of 1 run" in told[1]


def test_no_more_is_kept_than_there_is_room_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The run goes on, and says once that it cannot be gone on with from here."""
    trace, keep = tmp_path / "trace", tmp_path / "kept"
    trace.mkdir()
    jobs = [(str(trace), x) for x in range(4)]
    one = len(pack(0))
    told: list[str] = []
    monkeypatch.setattr(kept, "MOST_BYTES", 2 * one + 10)
    assert list(run_jobs(square_leaving_a_trace, jobs, Where(keep=keep), told.append)) == [0, 1, 4, 9]
    assert len(list(keep.iterdir())) == 2
    assert len(told) == 1
    assert "GB already" in told[0]
    told.clear()
    monkeypatch.setattr(kept, "LEAST_FREE", 1e30)
    monkeypatch.setattr(kept, "MOST_BYTES", 1e30)
    list(run_jobs(square_leaving_a_trace, jobs, Where(keep=tmp_path / "other"), told.append))
    assert len(told) == 1
    assert "free on the disk" in told[0]


def test_a_folder_that_cannot_be_written_does_not_stop_a_run(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    told: list[str] = []
    found = run_jobs(
        square_leaving_a_trace, [(str(tmp_path), 1), (str(tmp_path), 2)],
        Where(keep=tmp_path / "taken" / "kept"), told.append,
    )  # fmt: skip
    assert list(found) == [1, 4]
    assert len(told) == 1


def fail_at_three(job: tuple[str, int]) -> int:
    """Work that fails once."""
    if job[1] == 3:
        raise RunError("three")
    return square_leaving_a_trace(job)


def test_jobs_finished_before_an_error_are_kept(tmp_path: Path) -> None:
    trace, keep = tmp_path / "trace", tmp_path / "kept"
    trace.mkdir()
    with pytest.raises(RunError, match="three"):
        list(run_jobs(fail_at_three, [(str(trace), x) for x in range(5)], Where(keep=keep)))
    assert len(list(keep.iterdir())) == 3
