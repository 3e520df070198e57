"""A Dask cluster as workers: the numbers of one process, whatever is killed, and clear words if it fails."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from sim.errors import InputError, RunError
from sim.network.build import build
from sim.runs import cluster
from sim.runs.content import program
from sim.runs.jobs import AGAIN, run_jobs
from sim.runs.replicate import Plan, replicate
from sim.runs.where import Where
from sim.scenario.load import loads
from sim.scenario.variant import after, before
from tests.command_line import DESK
from tests.test_unit_jobs import be_killed, be_killed_first, square, times
from tests.test_unit_kept import equal


@pytest.mark.parametrize(
    "address",
    ["nowhere", "LOCAL", "tcp://", "tcp://127.0.0.1", "127.0.0.1:8786", "tcp://h:0", "tcp://h:65536"],
)
def test_an_address_that_cannot_be_is_refused(address: str) -> None:
    """Before anything is imported or tried."""
    with pytest.raises(InputError, match=r"--cluster must be `local` or .*tcp://127\.0\.0\.1:8786, found"):
        Where(2, address)


def test_without_dask_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "find_spec", lambda _name: None)
    for where in (Where(2, "local"), Where(2, "tcp://127.0.0.1:8786")):
        with pytest.raises(InputError, match=r"reform-replay\[cluster\]"), cluster.opened(where):
            pass


@pytest.fixture(scope="module")
def place() -> Iterator[Where]:
    """A cluster of this machine with two workers."""
    pytest.importorskip("distributed", reason="Dask is not installed (the extra `cluster`)")
    with cluster.opened(Where(2, "local")) as where:
        yield where


def silent() -> socket.socket:
    """Something that listens, but is no scheduler."""
    made = socket.socket()
    made.bind(("127.0.0.1", 0))
    made.listen(5)
    return made


@pytest.mark.slow
@pytest.mark.parametrize("listening", [True, False])
def test_where_no_scheduler_answers_nobody_waits_for_ever(
    listening: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("distributed", reason="Dask is not installed (the extra `cluster`)")
    monkeypatch.setattr(cluster, "CONNECT", 0.5)
    with silent() as other:
        address = f"tcp://127.0.0.1:{other.getsockname()[1]}"
        if not listening:
            other.close()
        with (
            pytest.raises(InputError, match=r"no Dask scheduler answers there.*dask scheduler"),
            cluster.opened(Where(2, address)),
        ):
            pass


@pytest.mark.slow
def test_a_cluster_without_workers_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    distributed = pytest.importorskip("distributed", reason="Dask is not installed (the extra `cluster`)")
    monkeypatch.setattr(cluster, "CONNECT", 2.0)
    with (
        distributed.LocalCluster(
            n_workers=0,
            dashboard_address=None,
            host="127.0.0.1",
            scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},
        ) as empty,
        pytest.raises(InputError, match=r"has no worker.*dask worker tcp://.*--nthreads 1"),
    ):
        list(run_jobs(square, [1], Where(1, empty.scheduler_address)))


@pytest.mark.slow
def test_workers_of_another_version_are_refused(place: Where, monkeypatch: pytest.MonkeyPatch) -> None:
    """They could give other numbers."""
    monkeypatch.setattr(cluster, "program", lambda: {**program(), "reform-replay": "9.9"})
    with pytest.raises(InputError, match=r"another version than this process \(.*, here 9\.9\)"):
        list(run_jobs(square, [1, 2], place))


@pytest.mark.slow
def test_workers_that_cannot_import_the_program_are_refused(
    place: Where, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "_asking", lambda: lambda: "ModuleNotFoundError: No module named 'sim'")
    with pytest.raises(InputError, match=r"no reform-replay that it can use \(ModuleNotFoundError"):
        list(run_jobs(square, [1, 2], place))


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="signals are sent otherwise here")
def test_the_same_records_from_a_cluster_of_which_a_worker_is_killed(place: Where) -> None:
    """Each run twice: untouched, and with a worker killed by SIGKILL after the second result."""
    networks = [
        build(side, {"check-papers.effort.exponential.mean": 30.0})
        for side in (before(loads(DESK)), after(loads(DESK)))
    ]
    plan = Plan(reps=4)
    alone = replicate(networks, plan).records
    plan = replace(plan, where=place)
    killed: list[int] = []

    def kill(done: int, _planned: int, _what: str) -> None:
        if done == 2:
            from distributed import Client

            with Client(place.cluster, set_as_default=False) as client:
                killed.append(next(iter(client.run(os.getpid).values())))
            os.kill(killed[0], signal.SIGKILL)

    for progress in (None, kill):
        found = replicate(networks, plan, progress=progress).records
        for one, other in zip(alone, found, strict=True):
            assert all(equal(a, b) for a, b in zip(one, other, strict=True))
    assert len(killed) == 1


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="signals are sent otherwise here")
def test_a_job_whose_worker_is_killed_is_run_again_but_not_for_ever(place: Where, tmp_path: Path) -> None:
    """Killed in the middle of the job itself, once and always."""
    for name, work in (("once", be_killed_first), ("always", be_killed)):
        (tmp_path / name).mkdir()
        jobs = [(str(tmp_path / name), x) for x in range(5)]
        if name == "once":
            assert list(run_jobs(work, jobs, place)) == [0, 1, 4, 9, 16]
            assert times(tmp_path / name)[3] == 2
        else:
            with pytest.raises(RunError, match=r"(?s)given up.*enough memory"):
                list(run_jobs(work, jobs, place))
            assert times(tmp_path / name)[3] == AGAIN + 1
