"""The compiled engine: draws bit by bit, tables that grow, code kept on disk, and life without Numba."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from sim.chance import laws
from sim.chance.arrivals import make_cases
from sim.chance.draws import Draws
from sim.engine import choose as choosing
from sim.engine import simpy_engine
from sim.engine.choose import Found, choose, look, make_ready, prepare
from sim.engine.compare import differences
from sim.errors import InputError, RunError
from sim.network.elements import Network
from tests.random_models import seeded
from tests.random_runs import network_of

numba = pytest.importorskip("numba", reason="Numba is not installed: there is no compiled engine")

from sim.chance import compiled as chance  # noqa: E402
from sim.engine.compiled import cache, engine, far, layout, loop, room, sorting  # noqa: E402
from sim.engine.compiled.blocks import CompiledDraws  # noqa: E402
from sim.engine.compiled.network import NetworkArrays  # noqa: E402
from tests.events_aside import aside  # noqa: E402

LAWS = (
    laws.constant(90.0),
    laws.uniform(10.0, 70.0),
    laws.triangular(5.0, 20.0, 90.0),
    laws.pert(5.0, 20.0, 90.0),
    laws.exponential(300.0),
    laws.gamma(300.0, 0.6),
    laws.erlang(3, 300.0),
    laws.lognormal(300.0, 0.8),
    laws.weibull_mean(0.7, 300.0),
    laws.empirical([60.0, 120.0, 600.0], [3.0, 2.0, 1.0]),
)
NESTED = laws.scaled(
    laws.mixture(
        [(0.4, laws.scaled(laws.mixture([(0.3, LAWS[7]), (0.7, LAWS[4])]), 1.7)), (0.6, LAWS[9])],
    ),
    0.9,
)


@numba.njit  # type: ignore[untyped-decorator]
def _values(table: object, floats: object, law: int, u: np.ndarray) -> np.ndarray:
    found = np.empty(len(u))
    for i in range(len(u)):
        found[i] = chance.quantile(table, floats, law, u[i])
    return found


@numba.njit  # type: ignore[untyped-decorator]
def _uniforms(k0: int, k1: int, numbers: np.ndarray, key: int, word: int, stream: int) -> np.ndarray:
    found = np.empty(len(numbers))
    for i in range(len(numbers)):
        found[i] = chance.uniform(k0, k1, numbers[i], key, word, stream)
    return found


def test_quantiles_are_those_of_the_reference_bit_by_bit() -> None:
    floats: list[float] = []
    table = chance.Laws(floats)
    u = Draws(5).uniforms(1, 2, np.arange(4000), 1, 0)
    places = [(law, table.add(law)) for law in (*LAWS, NESTED)]
    for law, place in places:
        found = _values(table.table(), np.array(floats), place, u)
        assert found.tolist() == [laws.quantile(law, x) for x in u.tolist()], law.kind
        assert table.law(place) == law


def test_uniforms_are_those_of_the_reference_bit_by_bit() -> None:
    seed, draw, replication = 4_000_000_000, 77, 4000
    draws = Draws(seed, draw, replication)
    numbers = np.arange(3_999_999_000, 4_000_000_000)
    found = _uniforms(seed, draw << 12 | replication, numbers, 0xFEDCBA98, 7 | 3 << 16, 0x89ABCDEF)
    assert found.tolist() == draws.uniforms(0xFEDCBA98, 0x89ABCDEF, numbers, 7, 3).tolist()


def test_blocks_of_draws_are_those_of_the_reference_bit_by_bit() -> None:
    draws = Draws(4_000_000_000, 77, 4000)
    compiled = CompiledDraws(draws)
    numbers = np.arange(3_999_999_000, 4_000_000_000)
    place = (0xFEDCBA98, 0x89ABCDEF, numbers, 7, 3)
    assert compiled.uniforms(*place).tolist() == draws.uniforms(*place).tolist()
    gaps = compiled.exponentials(0xFEDCBA98, 3_999_990_000, 10_000, 2, 7)
    assert gaps.tolist() == draws.exponentials(0xFEDCBA98, 3_999_990_000, 10_000, 2, 7).tolist()
    for same in (draws, compiled):
        with pytest.raises(RunError, match="no draw left"):
            same.exponentials(1, (1 << 32) - 5, 10, 0, 7)


@pytest.mark.parametrize("watched", [True, False])  # unwatched, work may start at once
@pytest.mark.parametrize("near", [1, 3, 4096])
@pytest.mark.parametrize("seed", [3, 11, 20, 57])
def test_tables_that_begin_small_and_grow_change_nothing(
    seed: int, near: int, watched: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = network_of(seeded(seed))
    one = engine.run(network, Draws(seed), pool_states=watched)
    monkeypatch.setattr(room, "MOST_ROWS_AHEAD", 1)
    monkeypatch.setattr(room, "FIRST_SLOTS", 1)
    monkeypatch.setattr(room, "FEW", 1)
    monkeypatch.setattr(room, "MANY", 1)
    monkeypatch.setattr(room, "NEAR", near)
    other = engine.run(network, Draws(seed), pool_states=watched)
    assert differences(one, other, network) == []


@pytest.mark.parametrize("chunk", [1, 30])
@pytest.mark.parametrize("seed", range(24))
def test_rows_that_are_sorted_as_they_are_written_are_those_of_the_reference(
    seed: int, chunk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Often, as only large runs are otherwise: with pieces, bundles, and cases that stay open for long."""
    network = network_of(seeded(seed))
    few = [node.index for node in network.nodes][::2]
    for elements in (None, few):
        try:
            one = simpy_engine.run(network, Draws(seed), elements=elements)
        except RunError:
            continue
        monkeypatch.setattr(sorting, "CHUNK", chunk)
        monkeypatch.setattr(engine, "CHUNK", chunk)
        other = engine.run(network, Draws(seed), elements=elements)
        assert differences(one, other, network) == []


@pytest.mark.parametrize("watched", [True, False])
@pytest.mark.parametrize("near", [1, 2, 7])
@pytest.mark.parametrize("seed", [3, 8, 9, 11, 20, 57, 58])
def test_events_that_stand_aside_change_nothing(
    seed: int, near: int, watched: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = network_of(seeded(seed))
    one = simpy_engine.run(network, Draws(seed), pool_states=watched)
    monkeypatch.setattr(room, "NEAR", near)
    other = engine.run(network, Draws(seed), pool_states=watched)
    assert differences(one, other, network) == []


def test_numbers_that_a_user_may_give_are_not_cut_off() -> None:
    """Head-counts and passes beyond 32 bits give what the reference gives."""
    model = {
        "scenario": "post",
        "title": {"en": "Post", "zh": "邮寄"},
        "run": {"start": "2023-02-06", "warm-up": "0 s", "window": "2 days", "follow-for": "2 days"},
        "calendars": {"day": {"open": {"mon-fri": ["09:00-17:00"]}}},
        "cases": {"arrive": {"count": 40, "per": "2 days"}},
        "pools": {"clerks": {"size": 2_200_000_000, "on": "day"}},
        "process": [
            {
                "repeat": "round",
                "do": [{"step": "sort", "by": "clerks", "effort": "5 min"}],
                "again": 0.5,
                "at-most": 4_000_000_000,
            }
        ],
    }
    network = network_of(model)
    one, other = choose("simpy").run(network, Draws(1)), engine.run(network, Draws(1))
    assert differences(one, other, network) == []
    assert len(one.steps) > 40


def _wait_for(length: object, count: int = 22_000) -> Network:
    """Cases that come within three hours and only wait: more at once than the heap holds."""
    waits = {"wait": "post", "for": length}
    return network_of({
        "scenario": "post", "title": {"en": "Post", "zh": "邮寄"},
        "run": {"start": "2023-02-06", "warm-up": "0 s", "window": "3 h", "follow-for": "1 h"},
        "calendars": {"always": {"open": "always"}},
        "cases": {"arrive": {"count": count, "per": "3 h"}},
        "pools": {"clerks": {"size": 1, "on": "always"}},
        "process": [waits, {"mark": "came"}],
    })  # fmt: skip


WAITS = {
    "many in each second": {"uniform": ["1 h", "2 h"]},
    "each as long": "2 h",
    "a few very late": {"lognormal": {"mean": "5 h", "cv": 6}},
}  # fmt: skip


@pytest.mark.parametrize("length", WAITS.values(), ids=WAITS)
def test_events_on_a_ladder_take_place_in_their_order(length: object) -> None:
    network = _wait_for(length)
    found = engine.run(network, Draws(1))
    assert len(found.cases) > 5 * room.NEAR
    assert differences(choose("simpy").run(network, Draws(1)), found, network) == []


def test_rungs_are_as_wide_as_to_hold_some_events() -> None:
    """Else all would stand in one, or each second's would be looked for in thousands of empty ones."""
    seen = []
    for length in WAITS.values():
        network = _wait_for(length)
        cases = make_cases(network, Draws(1))
        state = room.Room(NetworkArrays(network), cases, Draws(1), False)
        state.numbers[layout.ROWS_DUE] = len(cases) // 2
        while (code := loop.advance(state.at)) == loop.NEEDS_ROOM:
            state.make()
        assert code == loop.ROWS_DUE
        n = state.numbers
        assert n[layout.FAR_N] + n[layout.N_EVENTS] > room.NEAR
        table = aside(state.tables)
        assert len(table) == n[layout.FAR_N]
        rung = (table["time"] - n[layout.FAR_BEGIN]) >> n[layout.FAR_WIDTH]
        each = np.unique(rung[rung < far.RUNGS], return_counts=True)[1]
        seen.append((each * each).sum() / each.sum())  # where an event stands, in the mean
    # 32 are wanted. A ladder stays until events are four times as many, its rungs are up to twice as wide as
    # they should be; and 16 times as many are a crowd, for which it is put up anew.
    assert all(8 <= some <= 512 for some in seen), seen


# ---- compiled code on disk ---------------------------------------------------------------------------


@pytest.fixture
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of compiled code for one test."""
    monkeypatch.setenv(cache.VARIABLE, str(tmp_path / "mine"))
    cache.found.cache_clear()
    yield tmp_path / "mine"
    monkeypatch.undo()
    cache.found.cache_clear()


def test_another_source_is_another_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    before = cache.key()
    assert cache.key() == before
    read = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda p: read(p) + (b"#" if p.name == "quantiles.py" else b""))
    assert cache.key() != before


def test_compiled_code_stands_in_the_folder_that_is_named(own_folder: Path) -> None:
    assert cache.folder() == own_folder / "compiled" / cache.key()
    assert cache.folder().is_dir()
    assert not engine.is_compiled()


def test_folders_of_old_versions_go(own_folder: Path) -> None:
    for age in range(9):
        old = own_folder / "compiled" / f"old-{age}"
        old.mkdir(parents=True)
        os.utime(old, (1_000_000 - age, 1_000_000 - age))
    mine = cache.folder()
    left = sorted(p.name for p in mine.parent.iterdir() if p != mine)
    assert left == [f"old-{age}" for age in range(cache.MOST_FOLDERS - 1)]


def test_a_folder_that_cannot_be_written_is_passed_over(own_folder: Path) -> None:
    own_folder.write_text("a file stands where the folder should")
    assert own_folder not in cache.folder().parents
    assert cache.folder().is_dir()
    assert cache.refused() == str(own_folder)
    told: list[str] = []
    make_ready(Found("", False), lambda: None, told.append)  # as another process found it, of the new folder
    assert f"the folder {own_folder} cannot be written" in told[0]


def test_where_compiled_code_can_be_kept_it_is_said_to_be_compiled_once(own_folder: Path) -> None:
    told: list[str] = []
    make_ready(look("compiled"), lambda: None, told.append)
    assert cache.refused() == ""
    assert told[0].startswith("Compiling the engine for this machine: once, in about a minute")


# ---- without Numba -----------------------------------------------------------------------------------


@pytest.fixture
def without_numba(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As on a Python for which there is no Numba."""
    found = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *rest: None if name == "numba" else found(name, *rest)
    )
    choosing._missing.cache_clear()
    yield
    monkeypatch.undo()
    choosing._missing.cache_clear()


@pytest.mark.usefixtures("without_numba")
def test_without_numba_auto_falls_back_and_says_why() -> None:
    chosen = choose()
    assert chosen.name == "simpy"
    assert chosen.why == "Numba is not installed (there may be none for this version of Python)"
    told: list[str] = []
    prepare("auto", told.append)
    assert told == [
        "Using the slower engine: Numba is not installed (there may be none for this version of Python)."
    ]


@pytest.mark.usefixtures("without_numba")
def test_without_numba_the_compiled_engine_cannot_be_asked_for() -> None:
    with pytest.raises(InputError, match=r"cannot run: Numba is not installed .* Use --engine simpy"):
        choose("compiled")


def test_with_numba_auto_is_the_compiled_engine_and_is_made_ready_once() -> None:
    assert choose().name == "compiled"
    told: list[str] = []
    prepare("auto", told.append)
    prepare("auto", told.append)
    assert told == []  # compiled before the tests began
