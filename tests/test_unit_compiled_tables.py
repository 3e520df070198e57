"""Tables of the compiled engine: cells of every size, queues that are a line and a heap, memory of rows."""

from __future__ import annotations

import random
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

numba = pytest.importorskip("numba", reason="Numba is not installed: there is no compiled engine")

from sim.chance.draws import Draws  # noqa: E402
from sim.engine.compiled import layout, memory, room, spare, waiting  # noqa: E402
from sim.engine.compiled.engine import run  # noqa: E402
from sim.runs import standard  # noqa: E402

ROW = np.dtype(
    [
        ("tiny", "i1"), ("small", "i4"), ("long", "i8"), ("part", "f8"), ("is", "?"), ("class", "i4"),
    ]
)  # fmt: skip
_rows = memory.reader(0, "rows", ROW)
_numbers = memory.reader(1, "numbers", np.dtype("i4"))


@numba.njit  # type: ignore[untyped-decorator]
def _turn(m: int) -> Any:
    """Copy row 0 to row 1, change each cell of row 0, and return what both hold then."""
    rows = _rows(m)
    rows[1] = rows[0]
    first = rows[0]
    first.tiny -= 100
    first.small = first.small * 2
    first.long += 1 << 40
    first.part /= 2
    first.is_ = not first.is_
    first.class_ = -first.class_
    numbers = _numbers(m)
    numbers[2] = numbers[0] + numbers[1]
    second = rows[1]
    return (
        (first.tiny, first.small, first.long, first.part, first.is_, first.class_),
        (second.tiny, second.small, second.long, second.part, second.is_, second.class_),
        len(rows) + len(numbers),
    )


def test_cells_of_every_size_are_read_and_written_in_place() -> None:
    rows = np.zeros(2, ROW)
    rows[0] = (-20, -1_000_000_000, -5, 3.0, True, 7)
    numbers = np.array([-3, 2**31 - 1, 0], "i4")
    tables = (rows, numbers)
    addresses = np.array([word for t in tables for word in (t.ctypes.data, len(t))])
    first, second, lengths = _turn(int(addresses.ctypes.data))
    assert first == (-120, -2_000_000_000, (1 << 40) - 5, 1.5, False, -7)
    assert second == (-20, -1_000_000_000, -5, 3.0, True, 7)
    assert lengths == 5
    assert rows[0].item() == first
    assert rows[1].item() == second
    assert numbers[2] == 2**31 - 4


@pytest.mark.parametrize("kind", ["u4", "f4", "S3"])
def test_a_cell_that_compiled_code_would_misread_is_refused(kind: str) -> None:
    with pytest.raises(TypeError, match=r"rows\.x: tables hold whole numbers, float64 and truth values"):
        memory.Row("rows", np.dtype([("x", kind)]), fixed=False)


def test_tables_of_the_same_rows_have_the_same_dtype() -> None:
    for name, other in layout._ROWS.items():
        if other in layout.TABLES:
            assert layout.TABLES[name] == layout.TABLES[other]
    assert layout.TABLES["urgent"] == layout.TABLES["normal"]


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> list[SimpleNamespace]:
    """Let the functions of a queue run in Python, on visits in a list."""
    for name in ("_before", "_meld", "_gather", "join", "leave", "enter", "depart", "first"):
        monkeypatch.setattr(waiting, name, getattr(waiting, name).py_func)
    visits: list[SimpleNamespace] = []
    monkeypatch.setattr(waiting, "a", SimpleNamespace(visits=lambda _: visits))
    monkeypatch.setattr(waiting, "apart", lambda: None)
    return visits


@pytest.mark.parametrize("disorder", [0, 3, 1000])
def test_a_queue_gives_the_least_whoever_comes_and_leaves(
    plain: list[SimpleNamespace], disorder: int
) -> None:
    """Keys rise with time but for some disorder; the reference is a sorted list."""
    rng = random.Random(disorder)
    queue = SimpleNamespace(line=-1, last=-1, root=-1)
    there: list[tuple[int, int]] = []
    in_line = 0
    for number in range(1500):
        if there and rng.random() < 0.48:
            there.sort()
            gone = there.pop(0 if rng.random() < 0.7 else rng.randrange(len(there)))
            waiting.depart(0, queue, gone[1])
        else:
            key = number + rng.randrange(disorder + 1)
            visit = SimpleNamespace(k0=0, k1=key, rank=number, entry=1, child=-1, sibling=-1, before=-1)
            plain.append(visit)
            there.append((key, len(plain) - 1))
            waiting.enter(0, queue, len(plain) - 1)
            in_line += visit.child == waiting._IN_LINE
        assert waiting.first(0, queue) == (min(there)[1] if there else -1)
    assert in_line > 0
    assert (in_line == len(plain)) == (disorder == 0)


def test_memory_of_rows_is_taken_over_when_nobody_holds_them() -> None:
    first = spare.step_rows(2 * spare.LEAST)
    where = first.ctypes.data
    del first
    second = spare.step_rows(spare.LEAST)
    assert second.ctypes.data == where
    held = second[5:7]["case"]  # a view of a view is enough
    held[:] = 12, 13
    del second
    third = spare.step_rows(spare.LEAST)
    third["case"] = -1
    assert third.ctypes.data != where
    assert held.tolist() == [12, 13]


def test_memory_of_rows_that_a_run_outgrows_is_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    network = standard.network(standard.FIVE, 14_000)
    spare.let_go()
    assert len(run(network, Draws(1)).steps) > spare.LEAST
    assert len(spare._kept[0]) > spare.LEAST
    spare.let_go()
    monkeypatch.setattr(room, "MOST_ROWS_AHEAD", spare.LEAST)
    assert len(run(network, Draws(1)).steps) > spare.LEAST
    assert len(spare._kept[0]) == 0


def test_records_stay_as_they_are_while_other_runs_go_on() -> None:
    """They are large enough to be taken over, and are not."""
    network = standard.network(standard.FIVE, 8_000)
    first = run(network, Draws(1))
    steps, before = first.steps, first.steps.copy()
    assert len(steps) > 20_000
    del first
    for seed in (2, 3):
        run(network, Draws(seed))
    assert np.array_equal(steps, before)
