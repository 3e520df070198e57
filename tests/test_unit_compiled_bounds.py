"""How much one step of a compiled run may need: with no more room than that, nothing is written beyond."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

pytest.importorskip("numba", reason="Numba is not installed: there is no compiled engine")

from sim.chance.arrivals import make_cases
from sim.chance.draws import Draws
from sim.engine import simpy_engine
from sim.engine.compiled import bounds, far, loop, room
from sim.engine.compiled import layout as a
from sim.engine.compiled.network import NetworkArrays
from sim.errors import RunError
from sim.network.elements import Network
from tests.random_models import seeded
from tests.random_runs import network_of

#: Bytes behind a table that must stay as they are, and what they are.
GUARD, UNTOUCHED = 1 << 16, 0x7F


class _Tight:
    """Tables of rows that have room for one step, and then bytes that nothing may write to."""

    def __init__(self, state: room.Room) -> None:
        self.state = state
        self._held: dict[str, np.ndarray[Any, Any]] = {}

    def make(self) -> None:
        """Give each table the room that the bounds ask for: for the next step and no more."""
        state = self.state
        state.make()
        n = [int(value) for value in state.numbers]
        there = n[a.N_EVENTS] + n[a.FAR_N]
        self._fit("step_rows", n[a.STEP_ROWS], n[a.STEP_ROWS] + bounds.rows(n))
        self._fit("events", n[a.N_EVENTS], there + bounds.events(n))
        self._fit("far", n[a.FAR_TOP], max(there + bounds.events(n) + far.SPARE, n[a.FAR_TOP]))
        if not n[a.NORMAL_N]:  # else it may begin in the middle
            self._fit("normal", 0, bounds.rows(n))
        state._locate()

    def _fit(self, name: str, used: int, length: int) -> None:
        table = self.state.tables[name]
        size = length * table.itemsize
        held = np.full(size + GUARD, UNTOUCHED, np.uint8)
        fitting = held[:size].view(table.dtype)
        fitting[:used] = table[:used]
        self.state.tables[name] = fitting
        self._held[name] = held[size:]

    def check(self) -> None:
        """Nothing has been written behind any table."""
        for name, guard in self._held.items():
            assert (guard == UNTOUCHED).all(), name


def _run(network: Network, draws: Draws, monkeypatch: pytest.MonkeyPatch) -> int:
    """Run a network one step at a time in tables that are just long enough; return its rows of steps."""
    monkeypatch.setattr(room, "FEW", 1)
    monkeypatch.setattr(room, "MANY", 1)
    state = room.Room(NetworkArrays(network), make_cases(network, draws), draws, False)
    tight = _Tight(state)
    while True:
        tight.make()
        code = loop.advance(state.at)
        tight.check()
        if code != loop.NEEDS_ROOM:
            break
    assert code == loop.ENDED
    return int(state.numbers[a.STEP_ROWS])


@pytest.mark.parametrize("near", [2, 4096])
@pytest.mark.parametrize("seed", [3, 8, 9, 11, 20, 57])
def test_random_models_need_no_more_room_than_is_said(
    seed: int, near: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = network_of(seeded(seed))
    monkeypatch.setattr(room, "NEAR", near)
    try:
        rows = len(simpy_engine.run(network, Draws(seed)).steps)
    except RunError:
        pytest.fail("a model that runs is wanted here")
    assert _run(network, Draws(seed), monkeypatch) == rows


def test_many_holds_that_begin_in_one_dispatch_find_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each writes a row and lets its case go on, all within one step of the loop."""
    network = network_of({
        "scenario": "post", "title": {"en": "Post", "zh": "邮寄"},
        "run": {"start": "2023-02-06", "warm-up": "0 s", "window": "1 day", "follow-for": "1 day"},
        "calendars": {"noon": {"open": {"mon-fri": ["12:00-18:00"]}}},
        "cases": {"arrive": {"count": 600, "per": "1 day"}},
        "pools": {"clerks": {"size": 200, "on": "noon"}},
        "process": [
            {"block": "desk", "hold": "clerks", "do": [{"step": "talk", "by": "clerks", "effort": "1 h"}]}
        ],
    })  # fmt: skip
    rows = len(simpy_engine.run(network, Draws(1)).steps)
    assert _run(network, Draws(1), monkeypatch) == rows > 600


def test_a_run_that_wrote_beyond_a_table_stops() -> None:
    network = network_of(seeded(3))
    state = room.Room(NetworkArrays(network), make_cases(network, Draws(1)), Draws(1), False)
    state.numbers[a.STEP_ROWS] = len(state.tables["step_rows"]) + 1
    with pytest.raises(RuntimeError, match="beyond the end of step_rows"):
        state.make()
