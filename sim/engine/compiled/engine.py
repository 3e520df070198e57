"""Runs a network on the compiled engine: gives it tables, makes room when it asks, freezes what came out."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

import numba
import numpy as np
import numpy.typing as npt

from sim.chance.arrivals import Cases, make_cases
from sim.chance.draws import Draws
from sim.engine.compiled import blocks, loop, parting
from sim.engine.compiled import layout as a
from sim.engine.compiled.blocks import CompiledDraws
from sim.engine.compiled.cache import filled
from sim.engine.compiled.failures import failed, stuck
from sim.engine.compiled.network import NetworkArrays
from sim.engine.compiled.room import Room
from sim.engine.compiled.sorting import CHUNK, Sorter, sort_rows
from sim.engine.freeze import AREAS, freeze
from sim.engine.records import CASE_DTYPE, PIECE_DTYPE, STEP_DTYPE, Records
from sim.network.elements import Network


def run(
    network: Network,
    draws: Draws,
    cases: Cases | None = None,
    *,
    pool_states: bool = False,
    elements: Collection[int] | None = None,
) -> Records:
    """Run one replication of `network`; the records are those of the reference engine, cell by cell.

    Parameters
    ----------
    network : the variant to run.
    draws : the keyed source of chance (seed, draw, replication).
    cases : arrivals made beforehand; None: made here from `network` and `draws`.
    pool_states : also record every change of every pool.
    elements : index of those of which steps and pieces of work are recorded; None: of all.

    Raises
    ------
    RunError
        As the reference engine does.
    """
    made = make_cases(network, CompiledDraws(draws)) if cases is None else cases
    arrays = NetworkArrays(network, elements)
    room = Room(arrays, made, draws, pool_states)
    room.expect(network, len(made), elements)
    sorter = Sorter(len(made))
    room.numbers[a.ROWS_DUE] = CHUNK
    while True:
        code = loop.advance(room.at)
        if code == loop.NEEDS_ROOM:
            if not room.make():  # the loop's bounds and the driver's are the same, so this cannot be
                raise RuntimeError("the compiled engine asks for room that it has")
        elif code == loop.ROWS_DUE:
            room.numbers[a.ROWS_DUE] = _sort(room, sorter)
        elif code == loop.FAILED:
            raise failed(network, draws, arrays, room.numbers)
        elif code == loop.STUCK:
            raise stuck(network, room)
        else:
            break
    _sort(room, sorter, whole=True)
    records = _records(network, room)
    return records if elements is None else replace(records, elements=frozenset(elements))


def is_compiled() -> bool:
    """Return whether the engine's compiled code is on disk, so that a run begins at once."""
    kept = {
        "loop": ("advance",), "sorting": ("_sorted",), "blocks": ("_uniforms", "_exponentials"),
        "parting": ("_counted", "_grouped", "_copied", "_kept", "renumber"),
    }  # fmt: skip
    return all(filled(module, function) for module, functions in kept.items() for function in functions)


def compile_now() -> None:
    """Compile the engine, and keep it on disk."""
    loop.advance.compile((numba.int64,))
    steps, pieces = np.zeros(0, STEP_DTYPE), np.zeros(0, PIECE_DTYPE)
    sort_rows(steps, pieces, np.zeros(0, CASE_DTYPE))
    rows = parting.Rows(steps, pieces, np.zeros(0, np.int64))
    rows.part(np.zeros(0, np.int32), 1)
    rows.copy(0)
    rows.keep(0)
    parting.renumber(np.zeros(0, a.CASE), rows.place_of_case)
    blocks.compile_now()


def _sort(room: Room, sorter: Sorter, *, whole: bool = False) -> int:
    """Sort rows written so far; return how many there should be the next time."""
    steps, pieces = room.rows("step_rows", a.STEP_ROWS), room.rows("piece_rows", a.PIECE_ROWS)
    return sorter.sort(steps, pieces, room.rows("case_rows", a.ARRIVAL), whole=whole)


def _records(network: Network, room: Room) -> Records:
    n = room.numbers
    arrived = int(n[a.ARRIVAL])
    pools: npt.NDArray[Any] = room.tables["pools"]
    counters = len(network.counters)
    return freeze(
        cases=room.rows("case_rows", a.ARRIVAL),
        counts=room.tables["count_rows"][: arrived * counters].reshape(arrived, counters),
        steps=room.rows("step_rows", a.STEP_ROWS),
        pieces=room.rows("piece_rows", a.PIECE_ROWS),
        meetings=room.rows("meeting_rows", a.MEETING_ROWS),
        pools=room.rows("pool_rows", a.POOL_ROWS),
        areas={name: pools[name].astype(np.int64) for name in AREAS},
        stopped=int(n[a.STOP]),
        activities=int(n[a.ACTIVITIES]),
    )
