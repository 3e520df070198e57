"""A run handed on in chunks of ended cases has the very rows of a run with whole tables."""

from __future__ import annotations

import numpy as np
import pytest

from sim.chance.draws import Draws
from sim.engine.freeze import AREAS
from sim.engine.records import Records
from sim.errors import ReplayError
from sim.measures.checks import Checking, check
from sim.network.build import build
from sim.network.elements import Network
from sim.runs.standard import FIVE, network
from sim.scenario.variant import before
from tests.engines import OTHER, missing
from tests.random_models import load, seeded
from tests.random_runs import network_of

pytestmark = pytest.mark.skipif(bool(missing(OTHER)), reason="there is no compiled engine here")


def _chunks(net: Network, rows: int, size: int, seed: int = 5) -> list[Records]:
    from sim.engine.compiled.streaming import stream

    found: list[Records] = []
    stream(net, Draws(seed), found.append, rows=rows, size=size)
    return found


def _name(records: Records) -> list[tuple[int, int]]:
    """Return what names each case in any run: its stream and number."""
    return list(zip(records.cases["stream"].tolist(), records.cases["number"].tolist(), strict=True))


def _check(net: Network, rows: int, size: int, seed: int = 5) -> int:
    """Compare the chunks of a run with its whole tables; return how many chunks there were."""
    from sim.engine.compiled.engine import run

    whole = run(net, Draws(seed))
    check(net, whole)
    chunks = _chunks(net, rows, size, seed)
    laws = Checking(net)
    for chunk in chunks:
        laws.add(chunk)
    laws.end(chunks[-1])
    place = {name: i for i, name in enumerate(_name(whole))}
    first = np.searchsorted(whole.steps["case"], np.arange(len(whole.cases) + 1))
    seen = 0
    for chunk in chunks:
        where = np.array([place[name] for name in _name(chunk)], dtype=np.int64)
        assert (np.diff(where) > 0).all()
        np.testing.assert_array_equal(chunk.cases, whole.cases[where])
        np.testing.assert_array_equal(chunk.counts, whole.counts[where])
        rows_ = np.concatenate([np.arange(0), *(np.arange(first[i], first[i + 1]) for i in where)])
        expected = whole.steps[rows_]
        for field in set(chunk.steps.dtype.names or ()) - {"case", "lead"}:
            np.testing.assert_array_equal(chunk.steps[field], expected[field], err_msg=field)
        np.testing.assert_array_equal(where[chunk.steps["case"]], expected["case"])
        # Leads within the chunk are known; of others it is only known that they are others.
        near = (chunk.steps["lead"] >= 0) & (chunk.steps["lead"] < len(where))
        np.testing.assert_array_equal(where[chunk.steps["lead"][near]], expected["lead"][near])
        np.testing.assert_array_equal(chunk.steps["lead"] < 0, expected["lead"] < 0)
        assert (expected["lead"][~near & (chunk.steps["lead"] >= 0)] != expected["case"][~near & (
            chunk.steps["lead"] >= 0)]).all()  # fmt: skip
        pieces = whole.pieces[np.isin(whole.pieces["row"], rows_)]
        for field in ("start", "stop"):
            np.testing.assert_array_equal(np.sort(chunk.pieces[field]), np.sort(pieces[field]))
        np.testing.assert_array_equal(np.sort(rows_[chunk.pieces["row"]]), np.sort(pieces["row"]))
        seen += len(where)
    assert seen == len(whole.cases)
    assert sum(len(chunk.meetings) for chunk in chunks) == len(whole.meetings)
    last = chunks[-1]
    assert (last.stopped, last.activities) == (whole.stopped, whole.activities)
    for area in AREAS:
        np.testing.assert_array_equal(getattr(last, area), getattr(whole, area))
    open_ = [bool((chunk.cases["ended"] < 0).any()) for chunk in chunks]
    assert all(chunk.stopped == whole.stopped for chunk, some in zip(chunks, open_, strict=True) if some)
    assert not any(getattr(chunk, area).any() for chunk in chunks[:-1] for area in AREAS)
    return len(chunks)


@pytest.mark.parametrize("seed", range(60))
def test_chunks_of_random_models_hold_the_rows_of_whole_tables(seed: int) -> None:
    net = build(before(load(seeded(seed))))
    try:
        _check(net, 64, 5)
    except ReplayError as error:  # a model may end in an error; then a run in chunks does so too
        with pytest.raises(type(error)):
            _chunks(net, 64, 5)


@pytest.mark.parametrize("seed", [1, 3, 14])
def test_all_of_a_backlog_is_there_before_anything_starts(seed: int) -> None:
    """They take turns by class, so each must know of all others in second 0."""
    net = network_of(
        {
            "scenario": "post",
            "title": {"en": "Post", "zh": "邮寄"},
            "run": {"start": "2023-02-06", "warm-up": "0 s", "window": "3 h", "follow-for": "2 days"},
            "calendars": {"always": {"open": "always"}},
            "cases": {
                "classes": {"first": {"share": 0.5, "priority": 1}, "last": {"share": "rest", "priority": 2}},
                "arrive": {"count": 20, "per": "3 h"},
                "backlog": [{"at": "sort", "count": 2, "age": {"uniform": ["1 h", "10 h"]}}],
            },
            "pools": {"clerks": {"size": 1, "on": "always", "queue": "class"}},
            "process": [{"step": "sort", "by": "clerks", "effort": "5 min"}],
        }
    )
    _check(net, 32_768, 32_768, seed)


def test_no_more_rows_are_in_memory_at_once_than_cases_in_progress_need() -> None:
    net = network(FIVE, 3_000)
    chunks = _chunks(net, 1_000, 200)
    assert _check(net, 1_000, 200) == len(chunks) > 15
    assert max(len(chunk.steps) for chunk in chunks) < 2_000
    assert max(len(chunk.cases) for chunk in chunks) < 600


def test_a_chunk_in_the_middle_of_a_second_leaves_the_limit_of_that_second_as_it_is() -> None:
    """What may happen in one second follows from the cases that have come, also where their rows are gone."""
    from sim.engine.compiled import layout as a
    from sim.engine.compiled import loop
    from sim.engine.compiled.network import NetworkArrays
    from sim.engine.compiled.streaming import _Flow

    flow = _Flow(NetworkArrays(network(FIVE, 3_000)), Draws(5), 1_000, 5_000)
    n = flow.room.numbers
    while (code := loop.advance(flow.room.at)) != loop.NEEDS_ROOM or not flow.is_full():
        assert code == loop.NEEDS_ROOM
        flow.room.make()
    before = n[a.OPEN_BEFORE] + n[a.FIRST_ROW] + n[a.ARRIVAL]
    handed: list[Records] = []
    flow.hand_on(handed.append)
    assert sum(len(chunk.cases) for chunk in handed) > 10
    assert n[a.OPEN_BEFORE] + n[a.FIRST_ROW] + n[a.ARRIVAL] == before >= n[a.OPEN_CASES]
