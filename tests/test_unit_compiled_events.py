"""What is due, in compiled code: in the order of a heap, at no more cost whatever there was before."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator

import numpy as np
import pytest

numba = pytest.importorskip("numba", reason="Numba is not installed: there is no compiled engine")

from sim.engine.compiled import events, far, keys  # noqa: E402
from sim.engine.compiled import layout as a  # noqa: E402
from tests.events_aside import aside  # noqa: E402

DAY = 86_400
#: An event: when it is due, its key, the number of the visit.
Event = tuple[int, int, int]


@numba.njit  # type: ignore[untyped-decorator]
def _add(m: int, time: int, key: int, visit: int) -> int:
    return events.schedule(m, time, key, visit, keys.WAIT_ENDS, 0)


@numba.njit  # type: ignore[untyped-decorator]
def _take(m: int, found: np.ndarray) -> None:
    """Take the first event, and leave the gap that the loop leaves."""
    far.look(m)
    events.close_gap(m)
    first = a.events(m)[0]
    found[0], found[1], found[2] = first.time, first.key, first.tail >> keys.SEQUENCE_BITS
    a.numbers(m)[a.GAP] = 1


class _Due:
    """The tables of events alone, filled with what no run leaves in them."""

    def __init__(self, room: int, near: int) -> None:
        self.tables = {name: np.zeros(1, kind) for name, kind in a.TABLES.items()}
        self.numbers = self.tables["numbers"] = np.zeros(a.N_NUMBERS, np.int64)
        for name in ("events", "far"):
            size = a.TABLES[name].itemsize
            length = room + far.SPARE * (name == "far")
            self.tables[name] = np.full(length * size, 0x7F, np.uint8).view(a.TABLES[name])
        self.tables["packs"] = np.full(length // far.PACK, 0x7F7F7F7F7F7F7F7F, np.int64).view(a.PACK)
        self.tables["rungs"] = np.zeros(far.RUNGS + 1, np.int64)
        self.addresses = np.zeros(2 * len(a.TABLES), np.int64)
        for name, place in a.PLACES.items():
            self.addresses[2 * place] = self.tables[name].ctypes.data
            self.addresses[2 * place + 1] = len(self.tables[name])
        self.at = int(self.addresses.ctypes.data)
        self.numbers[a.FREE_PACK] = self.numbers[a.FAR_NEXT] = -1
        self.numbers[a.FAR_FROM] = far.NEVER
        self.numbers[a.NEAR] = self.numbers[a.NEAR_MOST] = near
        self._found = np.zeros(3, np.int64)

    def add(self, event: Event) -> None:
        _add(self.at, *event)

    def take(self) -> Event:
        _take(self.at, self._found)
        time, key, visit = self._found.tolist()
        return time, key, visit

    def check(self) -> None:
        """Each event has one place, and none in the heap comes after one that stands aside."""
        n = self.numbers
        table = aside(self.tables)
        assert len(table) == n[a.FAR_N]
        if n[a.FAR_N]:
            assert table["time"].min() >= n[a.FAR_FROM]
            assert n[a.N_EVENTS] > 0
            assert self.tables["events"][: n[a.N_EVENTS]]["time"].max() < n[a.FAR_FROM]
        self._check_look()

    def _check_look(self) -> None:
        """What is looked at next stands in the list of the rung that it is said to be of."""
        n, place = self.numbers, int(self.numbers[a.FAR_NEXT])
        if place < 0:
            return
        assert n[a.FAR_LOOK] >= n[a.FAR_RUNG]
        packs, listed = self.tables["packs"], []
        pack = int(self.tables["rungs"][n[a.FAR_LOOK]])
        while pack >= 0:
            listed.append(pack)
            pack = int(packs["next"][pack])
        assert place // far.PACK in listed
        assert place % far.PACK < packs["used"][place // far.PACK]


Wait = Callable[[np.random.Generator, int], int]
WAITS: dict[str, Wait] = {
    "even": lambda dice, now: int(dice.integers(0, 60 * DAY)),
    "some at once": lambda dice, now: int(dice.integers(0, 4)),
    "long tail": lambda dice, now: int(dice.lognormal(6, 4)),
    "at midnight": lambda dice, now: DAY * int(dice.integers(1, 4)) - now % DAY,
    "some never": lambda dice, now: 1 << int(dice.integers(0, 61)),
}


def _history(dice: np.random.Generator, wait: Wait, due: _Due, sizes: tuple[int, ...]) -> Iterator[bool]:
    """Let so many be pending, one size after the other; yield whether each taken is the first of a heap."""
    heap: list[Event] = []
    now = visit = 0
    for size in sizes:
        for _ in range(2 * abs(size - len(heap)) + 200):
            grow = 2 if len(heap) < size else int(dice.integers(0, 2)) if len(heap) > size else 1
            for _ in range(grow):
                visit = (visit + 1) % (1 << 20)
                event = (min(now + wait(dice, now), far.NEVER - 1), int(dice.integers(0, 9)), visit)
                heapq.heappush(heap, event)
                due.add(event)
            if heap:
                first = heapq.heappop(heap)
                now = first[0]
                yield due.take() == first


@pytest.mark.parametrize("near", [2, 64])
@pytest.mark.parametrize("wait", WAITS.values(), ids=WAITS)
def test_events_are_taken_in_the_order_of_a_heap(wait: Wait, near: int) -> None:
    """As there are many more, then a few left, then more again."""
    due = _Due(6_000, near)
    for step, is_first in enumerate(
        _history(np.random.default_rng(near), wait, due, (1_500, 20, 3_000, 200, 0, 500))
    ):
        assert is_first
        if step % 97 == 0:
            due.check()


def _ladders(due: _Due) -> tuple[int, ...]:
    """What changes when a ladder is put up anew."""
    return tuple(int(due.numbers[place]) for place in (a.FAR_BEGIN, a.FAR_WIDTH, a.FAR_MADE))


def test_a_few_left_of_very_many_need_no_more_ladders() -> None:
    """The places of all that have gone do not count."""
    dice = np.random.default_rng(1)
    many, few = 400_000, 3_000
    due = _Due(many + 10, 4_096)
    for time in dice.integers(0, 60 * DAY, many).tolist():
        due.add((time, 0, 1))
    for _ in range(many - few):
        now = due.take()[0]
    seen = {_ladders(due)}
    for _ in range(10_000):
        due.add((now + int(dice.integers(0, 60 * DAY)), 0, 1))
        now = due.take()[0]
        seen.add(_ladders(due))
    assert len(seen) < 20


def test_many_who_are_due_long_after_the_first_do_not_come_in_at_once() -> None:
    """Rungs that are as wide as from the first to them have all of them in one."""
    dice = np.random.default_rng(1)
    many = 15_000  # not so many that the ladder is put up anew for their number
    due = _Due(many + 10, 4_096)
    due.add((5, 0, 1))
    for time in (100 * DAY + dice.integers(0, 3_600, many)).tolist():
        due.add((time, 0, 1))
    most = 0
    for _ in range(many):
        due.take()
        most = max(most, int(due.numbers[a.N_EVENTS]))
    assert most < many // 2
