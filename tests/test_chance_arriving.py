"""Cases in chunks are those made at once: the same, in the same order, whatever the size of the chunks."""

from __future__ import annotations

from dataclasses import fields, replace
from itertools import pairwise

import numpy as np
import pytest

from sim.chance.arrivals import Cases, make_cases
from sim.chance.arriving import cases_in_chunks
from sim.chance.draws import Draws
from sim.network.build import build
from sim.network.elements import Network
from sim.runs.standard import OFFICE, network
from sim.scenario.variant import before
from tests.random_models import load, seeded


def _same(net: Network, size: int) -> int:
    """Compare chunks with the whole; return how many there were."""
    whole = make_cases(net, Draws(3))
    chunks = list(cases_in_chunks(net, Draws(3), size))
    for name in (f.name for f in fields(Cases)):
        if name in ("stream_keys", "left_out"):
            continue
        joined = np.concatenate([getattr(chunk, name) for chunk in chunks])
        np.testing.assert_array_equal(joined, getattr(whole, name), err_msg=name)
    assert all(chunk.stream_keys == whole.stream_keys for chunk in chunks)
    for one, other in pairwise(chunks):
        assert one.arrived[-1] < other.arrived[0]
    return len(chunks)


@pytest.mark.parametrize("size", [7, 1000])
@pytest.mark.parametrize("seed", range(20))
def test_chunks_of_random_models_are_the_cases_made_at_once(seed: int, size: int) -> None:
    _same(build(before(load(seeded(seed)))), size)


@pytest.mark.parametrize("exactly", [False, True])
def test_a_stream_by_its_rate_comes_in_many_chunks(exactly: bool) -> None:
    net = network(OFFICE, 500)
    streams = (
        replace(net.streams[0], exactly=exactly),
        replace(net.streams[0], name="rare", key=net.streams[0].key + 1, count=20.0, exactly=not exactly),
    )
    assert _same(replace(net, streams=streams), 16) > 25


def test_a_run_without_cases_has_one_empty_chunk() -> None:
    net = replace(network(OFFICE, 10), streams=())
    assert [len(chunk) for chunk in cases_in_chunks(net, Draws(1))] == [0]
