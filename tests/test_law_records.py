"""Laws of the records of any run: conservation, Little, the split, order of times, work, meetings, staff."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

from sim.chance.draws import Draws
from sim.engine.choose import choose
from sim.engine.compare import differences
from sim.errors import ScenarioError
from sim.network.elements import Kind
from tests import record_laws, staff_laws
from tests.engines import current
from tests.random_models import Raw, load, models, seeded
from tests.random_runs import laws, network_of, ran, run_of

LAWS = (*record_laws.LAWS, *staff_laws.LAWS)


@laws
@given(model=models())
def test_every_run_keeps_every_law(model: Raw) -> None:
    for law in LAWS:
        law(ran(model))


@pytest.mark.full
@pytest.mark.slow
@pytest.mark.parametrize("hundred", range(10))
def test_every_run_of_many_models_keeps_every_law(hundred: int) -> None:
    for seed in range(100 * hundred, 100 * (hundred + 1)):
        model = seeded(seed)
        for reformed in (False, True) if "reform" in model else (False,):
            one = run_of(network_of(model, reformed=reformed))
            for law in LAWS:
                try:
                    law(one)
                except Exception as error:
                    error.add_note(f"model of seed {seed}, law {law.__name__}, reformed {reformed}")
                    raise


@pytest.mark.parametrize("seed", range(0, 60, 3))
def test_what_is_not_recorded_changes_nothing_of_what_is(seed: int) -> None:
    network = network_of(seeded(seed))
    engine = choose(current())
    whole = engine.run(network, Draws(seed))
    some = frozenset(range(0, len(network.nodes), 2))
    kept = np.isin(whole.steps["element"], list(some))
    pieces = whole.pieces[kept[whole.pieces["row"]]]
    pieces["row"] = (np.cumsum(kept) - 1)[pieces["row"]]
    expected = replace(whole, steps=whole.steps[kept], pieces=pieces, elements=some)
    assert differences(expected, engine.run(network, Draws(seed), elements=some), network) == []
    nothing = replace(whole, steps=whole.steps[:0], pieces=whole.pieces[:0], elements=frozenset())
    assert differences(nothing, engine.run(network, Draws(seed), elements=()), network) == []


# Found by these laws, and kept as the smallest models that broke them.

DESK: Raw = {
    "scenario": "smallest",
    "title": {"en": "Smallest", "zh": "最小"},
    "run": {"start": "2023-02-06", "warm-up": "0 s", "window": "1 h", "follow-for": "1 days"},
    "calendars": {"always": {"open": "always"}},
    "cases": {"arrive": {"at": ["2023-02-06 00:00"]}},
    "pools": {"clerks": {"size": 1, "on": "always"}, "desk": {"size": 1, "on": "always"}},
}


def test_a_legal_limit_missed_before_it_is_suspended_stays_missed() -> None:
    """Due after 1 h at 01:00, passed in work; suspended at 02:00, it goes on at 03:00 and ends at 04:00."""
    inside = [
        {"step": "examine", "by": "clerks", "effort": "2 h"},
        {"wait": "reply", "for": "1 h", "hands": "applicant"},
        {"step": "decide", "by": "clerks", "effort": "1 h"},
    ]
    limit = {"within": "1 working hours", "clock": "legal"}
    one = run_of(network_of({**DESK, "process": [{"block": "review", "limit": limit, "do": inside}]}))
    (row,) = one.rows(Kind.BLOCK_END)
    assert (row["joined"], row["due"], row["ended"], row["missed"]) == (0, 3600, 4 * 3600, True)


def test_pool_states_tell_of_a_start_with_a_unit_of_the_other_pool() -> None:
    """The second case waits for the clerks, whom the step names first, and starts at the desk at once."""
    step = {"step": "serve", "by": {"any": ["clerks", "desk"]}, "effort": "1 h"}
    arrive = {"at": ["2023-02-06 00:00", "2023-02-06 00:10"]}
    one = run_of(network_of({**DESK, "cases": {"arrive": arrive}, "process": [step]}))
    states = one.records.pools[["time", "pool", "busy", "waiting"]].tolist()
    assert states == [(0, 0, 1, 0), (600, 0, 1, 0), (600, 1, 1, 0), (3600, 0, 0, 0), (4200, 1, 0, 0)]


@pytest.mark.parametrize("place", ["way", "accepted", "both"])
def test_a_backlog_waits_only_where_its_wait_is_on_record(place: str) -> None:
    process = [
        {"mark": "accepted"},
        {"choice": "way", "options": {"one": {"share": 1, "do": []}}},
        {
            "parallel": "both",
            "branches": {"a": [], "b": [{"step": "serve", "by": "clerks", "effort": "1 h"}]},
        },
    ]
    cases = {**DESK["cases"], "backlog": [{"at": place, "count": 1, "age": "1 h"}]}
    with pytest.raises(ScenarioError, match=f"no case can wait at `{place}`"):
        load({**DESK, "cases": cases, "process": process})
