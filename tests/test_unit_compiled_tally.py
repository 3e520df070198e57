"""The tally of the compiled engine: what cases can enter more than once, and rows that lie in whole lines."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

pytest.importorskip("numba", reason="Numba is not installed: there is no compiled engine")

from sim.chance.arrivals import make_cases
from sim.chance.draws import Draws
from sim.engine import simpy_engine
from sim.engine.compare import differences
from sim.engine.compiled import engine, layout, room
from sim.engine.compiled.memory import LINE
from sim.engine.compiled.network import NetworkArrays
from sim.engine.compiled.tally import Columns, repeated
from sim.engine.state import CaseState
from sim.errors import RunError
from sim.network.elements import Kind, Limit, LimitClock, Node
from tests.random_models import seeded
from tests.random_runs import network_of

#: Tables whose rows are made of lines.
SLOTS = ("cases", "strands", "visits", "limits")


def _nodes(*rows: tuple[Kind, int, dict[str, object]]) -> tuple[Node, ...]:
    """Return nodes by their kinds, what follows them and what else they have."""
    return tuple(
        replace(Node(i, f"n{i}", 0, kind, next=following), **more)  # type: ignore[arg-type]
        for i, (kind, following, more) in enumerate(rows)
    )


def test_what_comes_once_is_not_counted() -> None:
    nodes = _nodes(
        (Kind.STEP, 1, {}),
        (Kind.CHOICE, -1, {"targets": (2, 3)}),
        (Kind.WAIT, 3, {}),
        (Kind.END, -1, {}),
    )
    assert repeated(nodes) == frozenset()
    assert Columns(nodes).width == 0


def test_what_comes_again_is_counted_with_all_that_lies_within_it() -> None:
    """A repeat around a fork of two branches, in one of which a step passes on to a hidden one."""
    passed_on = Limit(LimitClock.ELAPSED, 60, -1, escalate_to=7)
    nodes = _nodes(
        (Kind.STEP, 1, {}),  # before
        (Kind.FORK, 5, {"targets": (2, 3)}),
        (Kind.STEP, 4, {"limit": passed_on}),
        (Kind.JOIN, -1, {"fork": 1}),
        (Kind.JOIN, -1, {"fork": 1}),
        (Kind.LOOP, 6, {"targets": (1,)}),
        (Kind.END, -1, {}),
        (Kind.STEP, 4, {}),  # who steps in for 2
    )
    assert repeated(nodes) == {1, 2, 3, 4, 5, 7}
    columns = Columns(nodes)
    given = [columns.of(node) for node in nodes]
    assert [of["entries"] for of in given] == [-1, 0, 1, -1, -1, 2, -1, 4]
    assert [of["loop_column"] for of in given] == [-1, -1, -1, -1, -1, 3, -1, -1]
    assert columns.used == 5
    assert columns.width == 8


def test_a_block_has_columns_for_what_it_keeps_and_limits() -> None:
    limit = Limit(LimitClock.ELAPSED, 60, -1)
    nodes = _nodes(
        (Kind.BLOCK, 1, {"hold": 0, "limit": limit}),
        (Kind.BLOCK, 2, {"limit": limit}),
        (Kind.BLOCK, 3, {}),
        (Kind.LOOP, 4, {"targets": (1,)}),
        (Kind.BLOCK_END, 5, {"block": 0}),
        (Kind.END, -1, {}),
    )
    columns = Columns(nodes)
    names = ("entries", "hold_column", "limit_column", "limit_entry")
    given = [columns.of(node) for node in nodes[:3]]
    assert [tuple(of[name] for name in names) for of in given] == [
        (-1, 0, 1, -1),
        (-1, -1, 2, 3),
        (-1, -1, -1, -1),
    ]


@pytest.mark.parametrize(("used", "width"), [(0, 0), (1, 1), (3, 4), (16, 16), (17, 32), (33, 48)])
def test_a_tally_takes_whole_lines_or_several_fill_one(used: int, width: int) -> None:
    columns = Columns(())
    columns.used = used
    assert columns.width == width


def test_random_models_enter_nothing_again_that_is_said_to_come_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the reference, which counts all entries."""
    entered: set[int] = set()
    enter = CaseState.enter

    def watched(case: CaseState, index: int) -> int:
        times = enter(case, index)
        if times > 1:
            entered.add(index if index >= 0 else -1 - index)  # below 0: into the limit of a block
        return times

    monkeypatch.setattr(CaseState, "enter", watched)
    again = once = 0
    for seed in range(80):
        network = network_of(seeded(seed))
        entered.clear()
        try:
            simpy_engine.run(network, Draws(seed))
        except RunError:
            continue
        columns = Columns(network.nodes)
        counted = {node.index for node in network.nodes if columns.of(node)["entries"] >= 0}
        assert entered <= repeated(network.nodes), f"seed {seed}"
        again += len(entered & counted)
        once += sum(node.kind is Kind.STEP and node.index not in counted for node in network.nodes)
    assert again > 30
    assert once > 50


LOOK = {"by": "clerks", "effort": "1 min"}


@pytest.mark.parametrize(
    ("process", "columns"),
    [
        ([{"step": "look", **LOOK}, {"mark": "seen"}], 0),
        (
            [
                {
                    "repeat": "round", "do": [{"step": f"look-{i}", **LOOK} for i in range(20)],
                    "again": "50%", "at-most": 4, "redo": [{"mark": "back"}],
                }
            ],
            23,
        ),
    ],
    ids=["none", "more than a line"],
)  # fmt: skip
def test_tallies_of_any_width_give_the_records_of_the_reference(process: list[Any], columns: int) -> None:
    model = {
        "scenario": "desk", "title": {"en": "Desk", "zh": "窗口"},
        "run": {"start": "2023-02-06", "warm-up": "0 s", "window": "1 day", "follow-for": "1 day"},
        "calendars": {"always": {"open": "always"}},
        "cases": {"arrive": {"count": 60, "per": "1 day"}},
        "pools": {"clerks": {"size": 2, "on": "always"}},
        "process": process,
    }  # fmt: skip
    network = network_of(model)
    made = Columns(network.nodes)
    for node in network.nodes:
        made.of(node)
    assert made.used == columns
    one, other = (run(network, Draws(1)) for run in (simpy_engine.run, engine.run))
    assert len(one.steps) > 60
    assert differences(one, other, network) == []


def test_slots_begin_at_lines_however_often_their_tables_grow() -> None:
    network = network_of(seeded(3))
    state = room.Room(NetworkArrays(network), make_cases(network, Draws(1)), Draws(1), False)
    for length in (1_000, 70_000):
        for name in SLOTS:
            state._lengthen_slots(name, length)
            assert state.tables[name].itemsize % LINE == 0
            assert state.tables[name].ctypes.data % LINE == 0, name
        assert state.tables["tally"].ctypes.data % LINE == 0
        assert len(state.tables["legals"]) == length


def test_a_line_that_holds_too_much_is_refused() -> None:
    with pytest.raises(ValueError, match="do not fit into 64 bytes"):
        layout._lines(layout._record("a", long="b c d e f g h i"))
