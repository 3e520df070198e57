"""Draws for many cases at once, in compiled code: the same as one by one, and not many for nothing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

pytest.importorskip("numba", reason="Numba is not installed: there is no compiled engine")

from sim.chance.arrivals import make_cases
from sim.chance.draws import Draws
from sim.engine import simpy_engine
from sim.engine.compare import differences
from sim.engine.compiled import engine, foresight, loop, room
from sim.engine.compiled import layout as a
from sim.engine.compiled.network import NetworkArrays
from sim.errors import RunError
from sim.network.elements import Network
from tests.random_runs import network_of

MINUTE = {"exponential": {"mean": "1 min"}}
#: Laws that are quick to draw from, and the last one, which is not.
EFFORTS: tuple[Any, ...] = (
    {"lognormal": {"mean": "10 min", "cv": 2}},
    {"exponential": {"mean": "10 min"}},
    {"weibull": {"shape": 0.7, "mean": "10 min"}},
    {"uniform": ["1 min", "3 min"]},
    {
        "mixture": [
            {"weight": 1, "of": {"constant": "1 min"}},
            {"weight": 2, "of": {"exponential": {"mean": "9 min"}}},
        ]
    },
    {"gamma": {"mean": "10 min", "cv": 0.5}},
)


def _office(process: list[Any], count: int, streams: int = 1) -> Network:
    """An office with so many cases of each stream in two days, and staff for all of them."""
    arrive: Any = {f"s{i}": {"count": count, "per": "2 days"} for i in range(streams)}
    return network_of({
        "scenario": "post", "title": {"en": "Post", "zh": "邮寄"},
        "run": {"start": "2023-02-06", "warm-up": "0 s", "window": "2 days", "follow-for": "1 day"},
        "calendars": {"always": {"open": "always"}},
        "cases": {"arrive": arrive if streams > 1 else arrive["s0"]},
        "pools": {"clerks": {"size": 9, "on": "always"}},
        "process": process,
    })  # fmt: skip


def _step(name: str, effort: Any) -> dict[str, Any]:
    return {"step": name, "by": "clerks", "effort": effort}


def _seldom(effort: Any, share: float) -> dict[str, Any]:
    return {
        "choice": "which",
        "options": {
            "rest": {"share": "rest", "do": []},
            "few": {"share": share, "do": [_step("few", effort)]},
        },
    }


def _tables(network: Network) -> Any:
    """Run a network; return the tables of the run as it ends."""
    state = room.Room(NetworkArrays(network), make_cases(network, Draws(1)), Draws(1), False)
    while (code := loop.advance(state.at)) == loop.NEEDS_ROOM:
        state.make()
    assert code == loop.ENDED
    return state.tables


def _accounts(network: Network) -> dict[str, int]:
    """Run a network; return what elements with draws ahead have left at the end, by name."""
    credit = _tables(network)["accounts"]["credit"]
    places = NetworkArrays(network).tables["nodes"]["drawn"]
    return {node.name: int(credit[places[node.index]]) for node in network.nodes if places[node.index] >= 0}


@pytest.mark.parametrize("credit", [0, foresight.CREDIT // 4, foresight.CREDIT])
@pytest.mark.parametrize("streams", [1, 3])
def test_draws_ahead_are_those_of_the_reference(
    streams: int, credit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Over more blocks than are kept; after a wait in which cases overtake each other by many blocks."""
    wait = {"wait": "in-tray", "for": {"lognormal": {"mean": "2 h", "cv": 3}}}
    steps = [_step(f"step-{i}", effort) for i, effort in enumerate(EFFORTS)]
    merged = {"step": "merged", "by": "clerks", "parts": [
        {"part": "one", "effort": EFFORTS[0]}, {"part": "two", "effort": EFFORTS[3]}]}  # fmt: skip
    again = {"repeat": "round", "do": [wait, *steps[3:]], "again": 0.4, "at-most": 3}
    network = _office([*steps[:3], merged, _seldom("5 min", 0.3), again], 400, streams)
    monkeypatch.setattr(foresight, "CREDIT", credit)  # in the beginning: what there is at most is compiled
    found = engine.run(network, Draws(7))
    assert len(found.cases) > foresight.KEPT * foresight.BLOCK
    assert differences(simpy_engine.run(network, Draws(7)), found, network) == []


def test_elements_to_which_all_come_have_what_they_spent() -> None:
    accounts = _accounts(_office([_step("all", MINUTE), _seldom(MINUTE, 0.1)], 3_000))
    assert accounts["all"] > foresight.CREDIT // 2


@pytest.mark.parametrize("streams", [2, 3, 8])
def test_streams_do_not_take_the_places_of_each_other(streams: int) -> None:
    accounts = _accounts(_office([_step("all", MINUTE)], 6_000 // streams, streams))
    assert accounts["all"] > streams * foresight.CREDIT // 2


def test_elements_to_which_few_come_stop_drawing_ahead() -> None:
    """They earn by single draws, too little for another block among so few."""
    accounts = _accounts(_office([_seldom(MINUTE, 0.1)], 3_000))
    assert 0 <= accounts["few"] < foresight.CREDIT // 4


def test_laws_that_take_long_are_not_drawn_ahead() -> None:
    assert "slow" not in _accounts(_office([_step("slow", EFFORTS[-1]), _step("fast", EFFORTS[0])], 70))


def test_what_is_used_of_a_block_is_what_cases_came_for() -> None:
    """The first 64 use up a block, and the others a part of the next."""
    tables = _tables(_office([_step("all", MINUTE)], 90))
    cases = int(tables["numbers"][a.ARRIVAL])
    assert foresight.BLOCK < cases < 2 * foresight.BLOCK
    assert tables["blocks"]["block"][:2].tolist() == [0, 1]
    assert tables["blocks"]["used"][:2].tolist() == [foresight.BLOCK, cases - foresight.BLOCK]


def test_a_draw_that_is_an_error_is_one_only_for_a_case_that_comes() -> None:
    """A block has many that are no length of time; the few cases that come have none, or raise the error."""
    effort = {"exponential": {"mean": "100000000 years"}}  # one in 17 is longer than numbers can tell
    seen = set()
    for seed in range(24):
        network = _office([_seldom(effort, 0.05)], 120)
        ended = []
        for run in (simpy_engine.run, engine.run):
            try:
                ended.append(run(network, Draws(seed)))
            except RunError as error:
                ended.append(str(error))
        one, other = ended
        seen.add(isinstance(one, str))
        assert one == other if isinstance(one, str) else differences(one, other, network) == []
    assert seen == {True, False}


def test_blocks_of_no_element_take_no_place() -> None:
    tables = _tables(_office([_step("slow", EFFORTS[-1])], 10))
    assert [len(tables[name]) for name in ("blocks", "accounts", "drawn")] == [1, 1, 1]
    assert np.all(tables["blocks"]["block"] == -1)
