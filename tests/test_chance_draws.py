"""Keyed draws: one value for one place, however, whenever and beside whatever it is asked for."""

from __future__ import annotations

import tracemalloc
import zlib

import numpy as np
import pytest

from sim.chance import draws as module
from sim.chance.draws import BLOCK, Draws, Purpose, name_key
from sim.chance.laws import (
    constant,
    empirical,
    erlang,
    exponential,
    gamma,
    lognormal,
    mixture,
    pert,
    quantile,
    triangular,
    uniform,
    weibull,
)
from sim.chance.philox import philox, round_keys, to_unit
from sim.errors import InputError, RunError

KEY = name_key("check-papers")
STREAM = name_key("arrivals")
LAWS = [
    constant(60.0),
    uniform(60.0, 600.0),
    triangular(60.0, 120.0, 600.0),
    pert(60.0, 120.0, 600.0),
    exponential(1500.0),
    gamma(1200.0, 0.6),
    erlang(3, 900.0),
    lognormal(1500.0, 0.8),
    weibull(1.5, 700.0),
    empirical([60.0, 120.0, 600.0], [1.0, 2.0, 3.0]),
    mixture([(0.3, constant(60.0)), (0.5, lognormal(900.0, 1.1)), (0.2, gamma(90.0, 2.0))]),
]


def test_gold_the_layout_of_the_key_never_changes():
    """Stored results depend on these: a new layout needs new reference results and a note."""
    draws = Draws(seed=7, draw=3, replication=2)
    u = draws.uniform(KEY, STREAM, 1000, 2, Purpose.ROUTE)
    words = philox(1000, KEY, 2 | Purpose.ROUTE << 16, STREAM, round_keys(7, 3 << 12 | 2))
    assert u == to_unit(words[0], words[1]) == 0.8790038848308365
    assert [int(p) for p in Purpose] == list(range(10))


def test_hand_name_key_is_the_crc_32_of_the_utf_8_bytes():
    assert name_key("123456789") == 0xCBF43926  # the check value that defines CRC-32
    assert name_key("许可") == zlib.crc32("许可".encode())


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.kind.name.lower())
def test_law_block_values_equal_single_values_bit_by_bit(law):
    """The first draws of a block come one by one, the rest from the block; each pair must be equal."""
    draws = Draws(1)
    numbers = range(3 * BLOCK + 10)
    dense = [draws.value(law, KEY, STREAM, n, 1, Purpose.EFFORT) for n in numbers]
    assert len(draws._blocks) == 4
    plain = Draws(1)
    assert dense == [quantile(law, plain._single(KEY, STREAM, n, 1, Purpose.EFFORT)) for n in numbers]
    for n in range(0, 3 * BLOCK, 37):
        assert dense[n] == Draws(1).value(law, KEY, STREAM, n, 1, Purpose.EFFORT)


def test_law_the_order_of_asking_changes_nothing():
    law = gamma(1200.0, 0.6)
    places = [(n, e, p) for n in range(600) for e in (1, 2) for p in (Purpose.EFFORT, Purpose.WAIT)]
    forward, shuffled = Draws(5), Draws(5)
    first = {place: forward.value(law, KEY, STREAM, *place) for place in places}
    order = np.random.default_rng(3).permutation(len(places))
    second = {places[i]: shuffled.value(law, KEY, STREAM, *places[i]) for i in order}
    assert first == second


def test_law_uniforms_of_many_numbers_equal_uniform():
    numbers = np.array([0, 5, 5, 300, 2**32 - 1], dtype=np.int64)
    many = Draws(1).uniforms(KEY, STREAM, numbers, 1, Purpose.CLASS)
    assert many.tolist() == [Draws(1).uniform(KEY, STREAM, int(n), 1, Purpose.CLASS) for n in numbers]
    draws = Draws(1)
    assert [draws.uniform(KEY, STREAM, n, 1, Purpose.CLASS) for n in range(500)] == draws.uniforms(
        KEY, STREAM, np.arange(500), 1, Purpose.CLASS
    ).tolist()


def test_law_every_field_of_the_key_counts():
    """Changing any one field, in its lowest or its highest bit, gives another uniform."""
    base = {
        "seed": 0,
        "draw": 0,
        "replication": 0,
        "key": 0,
        "stream": 0,
        "number": 0,
        "entry": 0,
        "purpose": 0,
    }
    bits = {"seed": 32, "draw": 20, "replication": 12, "key": 32, "stream": 32, "number": 32, "entry": 16}

    def at(**changed: int) -> float:
        f = base | changed
        draws = Draws(f["seed"], f["draw"], f["replication"])
        return draws.uniform(f["key"], f["stream"], f["number"], f["entry"], f["purpose"])

    variants = [at()]
    variants += [at(**{field: 1 << bit}) for field, width in bits.items() for bit in range(width)]
    variants += [at(purpose=p) for p in list(Purpose)[1:]]
    assert len(set(variants)) == len(variants)


def test_law_two_laws_at_one_place_do_not_mix():
    """The luck of a place is its uniform: another law there is another value of the same luck."""
    draws = Draws(1)
    one, other = exponential(1.0), exponential(2.0)
    for n in range(2 * BLOCK):
        first = draws.value(one, KEY, STREAM, n, 1, Purpose.EFFORT)
        assert draws.value(other, KEY, STREAM, n, 1, Purpose.EFFORT) == 2 * first
        u = draws.uniform(KEY, STREAM, n, 1, Purpose.EFFORT)
        assert quantile(one, u) == first


def test_hand_purposes_may_be_plain_numbers():
    draws = Draws(1)
    for n in range(100):
        assert draws.uniform(KEY, STREAM, n, 1, Purpose.WAIT) == draws.uniform(KEY, STREAM, n, 1, 1)
    assert len(draws._blocks) == 1


def test_hand_sparse_use_makes_no_blocks():
    """One case in a hundred visits the element: 2 or 3 of 256, which single draws serve."""
    draws = Draws(1)
    law = lognormal(1500.0, 0.8)
    for n in range(0, 500_000, 100):
        draws.value(law, KEY, STREAM, n, 1, Purpose.EFFORT)
    assert len(draws._blocks) == 0


def test_hand_dense_use_makes_a_block_after_few_single_draws():
    draws = Draws(1)
    law = lognormal(1500.0, 0.8)
    for n in range(module.SINGLES):
        draws.value(law, KEY, STREAM, n, 1, Purpose.EFFORT)
    assert len(draws._blocks) == 0
    draws.value(law, KEY, STREAM, module.SINGLES, 1, Purpose.EFFORT)
    assert len(draws._blocks) == 1


def test_law_the_cache_is_bounded_and_forgetting_changes_nothing(monkeypatch):
    monkeypatch.setattr(module, "MAX_BLOCKS", 8)
    monkeypatch.setattr(module, "MAX_WATCHED", 16)
    draws, whole_cache = Draws(1), Draws(1)
    law = lognormal(1500.0, 0.8)
    dense = [(n, e) for n in range(1500) for e in range(1, 4)]
    for n, entry in dense:
        draws.value(law, KEY, STREAM, n, entry, Purpose.EFFORT)
        assert len(draws._blocks) <= 8
        assert len(draws._watched) <= 16
    monkeypatch.undo()
    assert [draws.value(law, KEY, STREAM, n, e, 0) for n, e in dense] == [
        whole_cache.value(law, KEY, STREAM, n, e, 0) for n, e in dense
    ]


def test_hand_memory_stays_small_with_every_cache_full(monkeypatch):
    """A block takes under 3 kB and a watched range under 300 bytes: at most 20 MB for a run."""
    monkeypatch.setattr(module, "MAX_BLOCKS", 400)
    monkeypatch.setattr(module, "MAX_WATCHED", 4000)
    draws = Draws(1)
    law = constant(1.0)
    tracemalloc.start()
    for key in range(4_500):
        draws.value(law, key, STREAM, 0, 1, Purpose.EFFORT)
    watched = tracemalloc.get_traced_memory()[1]
    for key in range(450):
        for n in range(module.SINGLES + 1):
            draws.value(law, key, STREAM, n, 2, Purpose.EFFORT)
    both = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert watched < 300 * 4000
    assert both < 300 * 4000 + 3000 * 400


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"seed": -1}, "seed"),
        ({"seed": 2**32}, "seed"),
        ({"seed": 1, "draw": 2**20}, "draw"),
        ({"seed": 1, "replication": 4096}, "replication"),
    ],
)
def test_bad_input_fields_of_a_run_beyond_their_bits(fields, name):
    with pytest.raises(InputError, match=f"{name} must be a whole number from 0 to"):
        Draws(**fields)


@pytest.mark.parametrize(
    "place",
    [
        (KEY, STREAM, 2**32, 1),
        (KEY, STREAM, -1, 1),
        (KEY, STREAM, 0, 65536),
        (2**32, 0, 0, 1),
        (0, 2**32, 0, 1),
    ],
)
def test_bad_input_places_beyond_their_bits(place):
    """Wrapping round would give two places the same luck."""
    with pytest.raises(RunError, match="no draw left for this place"):
        Draws(1).uniform(*place, Purpose.EFFORT)
    with pytest.raises(RunError, match="no draw left for this place"):
        Draws(1).value(constant(1.0), *place, Purpose.EFFORT)
