"""The random models themselves: the same for a seed, valid, and reaching every word of the language."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from sim.chance.laws import quantile, whole
from sim.network.elements import Network
from sim.scenario.laws import LAWS
from sim.scenario.model_pools import ORDERS
from sim.scenario.model_process import KINDS
from sim.scenario.model_reform import EDITS
from sim.scenario.model_work import CLOCKS, HANDS, SHIFT_ENDS, STATUSES
from tests.parity import networks
from tests.random_models import Scope, load, seeded

#: Keys and words that some of the models must hold, beside the kinds of elements, laws and edits.
WORDS = set(
    """
    any attend whole each bundle agenda minutes cut-off when every month-days dates hold limit
    move-to class patience none room groups counts stops-clock redo at-most backlog age exactly
    growth profile during assume use rest else share by attributes sequence region make-up-hours
    extra closed always time-zone 22:00-06:00 context readings branches options or-after median p90
    weights calendar order over pools priority from-csv parts HK MO MO-government
    """.split()  # noqa: SIM905 - a list of words reads better as words
)


def words(value: Any) -> Iterator[str]:
    """Yield every key and text of a raw tree."""
    if isinstance(value, dict):
        for key, below in value.items():
            yield str(key)
            yield from words(below)
    elif isinstance(value, list):
        for below in value:
            yield from words(below)
    elif isinstance(value, str):
        yield value


def test_the_models_reach_the_whole_language() -> None:
    found = {word for seed in range(700) for word in words(seeded(seed))}
    wanted = WORDS | {*KINDS, *LAWS, *EDITS, *ORDERS, *CLOCKS, *HANDS, *SHIFT_ENDS, *STATUSES}
    assert wanted - found == set()


def test_half_of_the_models_have_tiny_times() -> None:
    tiny = sum(seeded(seed)["run"]["window"] == "4 min" for seed in range(400))
    assert 150 < tiny < 250


def test_all_times_of_tiny_models_are_few() -> None:
    """Efforts, waits, patience, ages, limits, time-outs, cut-offs, gaps between arrivals: 0, 1, 2 or 60 s."""
    for seed in range(40):
        network = next(networks(seeded(seed, Scope(ties=True)), sides=["before"]))
        assert set(times(network)) <= {0, 1, 2, 60}, seed


def times(network: Network) -> Iterator[int]:
    """Yield the times of a network, some hundred of each law."""
    for node in network.nodes:
        found = [*(part.law for part in node.parts), node.patience, node.delay and node.delay.law]
        if node.meetings is not None:
            spec = node.meetings
            found += [part.law for part in (spec.whole, spec.each) if part is not None]
            yield from (spec.or_after, spec.cut_off)
        for law in found:
            if law is not None:
                yield from (whole(quantile(law, u / 128)) for u in range(1, 128))
        if node.limit is not None:
            yield node.limit.seconds
    for backlog in network.backlogs:
        yield from (whole(quantile(backlog.age.law, u / 128)) for u in range(1, 128))
    for stream in network.streams:
        came = [t for t in stream.times or () if t >= 0]
        yield from (b - a for a, b in pairwise([0, *came]))


def test_a_seed_is_always_the_same_model() -> None:
    assert [seeded(seed) for seed in range(50)] == [seeded(seed) for seed in range(50)]
    assert len({str(seeded(seed)) for seed in range(50)}) == 50


def test_the_models_are_valid() -> None:
    for seed in range(5000, 5015):
        assert load(seeded(seed)).name == "random"


def test_a_scope_is_kept() -> None:
    for seed in range(100):
        found = set(words(seeded(seed, Scope(alone=True, dateless=True, levers=False))))
        assert not found & {"any", "move-to", "room", "region", "month-days", "dates", "reform", "context"}
        assert set(seeded(seed, Scope(always=True))["calendars"]) == {"always"}
