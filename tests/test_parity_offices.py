"""Small offices on which the engines once differed, or would if ties were broken otherwise."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sim.chance import laws
from sim.chance.draws import Draws, name_key
from sim.engine.choose import choose
from sim.engine.compare import differences
from sim.network.elements import Kind, Node
from tests import queues
from tests.engines import OTHER, REFERENCE, missing
from tests.offices import play

pytestmark = pytest.mark.skipif(bool(missing(OTHER)), reason=f"one engine alone: {missing(OTHER)}")

ALWAYS = 'always: {open: {mon-sun: ["00:00-24:00"]}}'


def same(*texts: str) -> None:
    """Run an office with each engine; all tables are equal."""
    one, other = (play(*texts, calendars=ALWAYS, engine=e, pool_states=True) for e in (REFERENCE, OTHER))
    assert differences(one.records, other.records, one.network) == []


def test_cases_that_follow_in_two_bundles_end_by_the_one_whose_leader_ends_first() -> None:
    """Cases 4 and 5 follow in a bundle of each branch; their leader is turned away from one of them."""
    same(
        """
        cases:
          arrive:
            at: [2023-02-06 09:00, 2023-02-06 09:00, 2023-02-06 09:00,
                 2023-02-06 10:00, 2023-02-06 10:00, 2023-02-06 10:30]
        """,
        "pools: {clerks: {size: 1, on: always, room: 0}, others: {size: 1, on: always}}",
        """
        process:
          - parallel: p
            branches:
              one:
                - batch: b1
                  when: {size: 3, or-after: 1 h}
                  bundle: true
                - step: s1
                  by: clerks
                  effort: 5 h
                - unbundle: b1
              two:
                - batch: b2
                  when: {size: 3, or-after: 1 h}
                  bundle: true
                - step: s2
                  by: others
                  effort: 5 h
                - unbundle: b2
        """,
    )


def test_very_many_cases_may_come_in_one_second() -> None:
    """A file that states dates alone brings a year's cases of a day at its midnight: nothing goes round."""
    cases, marks = 110_000, 10
    nodes = [Node(i, f"m{i}", name_key(f"m{i}"), Kind.MARK, next=i + 1) for i in range(marks)]
    net = queues.network([*nodes, queues.end(marks)], [queues.pool(1)], 0.01)
    net = replace(net, streams=(replace(net.streams[0], rate=None, times=(100,) * cases),))
    records = choose(OTHER).run(net, Draws(1))
    assert len(records.steps) == cases * marks


def test_a_length_of_time_beyond_all_numbers_is_the_same_error_in_both() -> None:
    huge = queues.single(1, 0.5, laws.lognormal_quantiles(1e9, 1e30))
    told = []
    for name in (REFERENCE, OTHER):
        with pytest.raises(Exception, match="a length of time came out as") as caught:
            choose(name).run(huge, Draws(3))
        told.append((type(caught.value), str(caught.value)))
    assert told[0] == told[1]
