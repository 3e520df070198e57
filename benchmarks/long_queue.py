"""A long queue in one pool: the cost of 100 000 waiting cases against that of 10 000."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from dataclasses import replace

from sim.chance import laws
from sim.chance.draws import Draws
from sim.engine.simpy_engine import run
from sim.network.elements import Network, QueueRule
from sim.worktime.calendar import Steps
from tests import queues

DAY = 86_400


def waiting(cases: int, rule: QueueRule) -> Network:
    """Return an office at which exactly `cases` arrive on the first day, while it is closed."""
    net = queues.network(
        [queues.step(0, "serve", 0, laws.exponential(60), 1), queues.end(1)],
        [queues.pool(1, rule=rule)],
        Steps((0,), (1.0,), stop=DAY),
        cases,
    )
    staff = replace(net.pools[0], capacity=Steps((0, DAY), (0, 200)))
    arrivals = replace(net.streams[0], rate=Steps((0, DAY), (1.0, 0.0)), exactly=True)
    return replace(net, pools=(staff,), streams=(arrivals,), horizon=30 * DAY)


def report(quick: bool = False) -> Iterator[str]:
    """Yield a line per queue rule: growth of processor time beside n log n."""
    small, large = (1_000, 10_000) if quick else (10_000, 100_000)
    expected = large * math.log(large) / (small * math.log(small))
    for rule in (QueueRule.FIRST_COME, QueueRule.CLASS, QueueRule.SHORTEST_EFFORT):
        seconds = []
        for cases in (small, large):
            net = waiting(cases, rule)
            rounds = []
            for _ in range(1 if quick else 2):
                began = time.process_time()
                run(net, Draws(1))
                rounds.append(time.process_time() - began)
            seconds.append(min(rounds))
        growth = seconds[1] / seconds[0]
        yield (
            f"{large:,} waiting against {small:,}, {rule.name.lower().replace('_', ' ')}: "
            f"{growth:.1f} times as long "
            f"(n log n: {expected:.1f}, n squared: {(large / small) ** 2:.0f})"
        )
