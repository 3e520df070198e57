"""The reference engine against bare SimPy on the same networks: how much calendars, keys and records cost."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Generator, Iterator
from typing import Any

import simpy

from sim.chance import laws
from sim.chance.draws import Draws, name_key
from sim.engine.simpy_engine import run
from sim.network.elements import Kind, Network, Node
from tests import queues

MEAN = queues.SERVICE
LOAD = 0.8
AGAIN = 0.2
ROUNDS = 5


def one_station(cases: int) -> Network:
    """Return M/M/1 at load 0.8."""
    return queues.single(1, LOAD, laws.exponential(MEAN), cases=cases)


def five_stations(cases: int) -> Network:
    """Return five stations in a row, a fifth of the cases going back to the first."""
    law = laws.exponential(MEAN)
    nodes = [queues.step(i, f"step-{i}", i, law, i + 1) for i in range(5)]
    nodes += [Node(5, "again", name_key("again"), Kind.LOOP, 6, again=AGAIN, cap=1_000_000, targets=(0,)),
              queues.end(6)]  # fmt: skip
    return queues.network(nodes, [queues.pool(1, i) for i in range(5)], LOAD * (1 - AGAIN) / MEAN, cases)


def bare(stations: int, again: float, cases: int, rate: float) -> int:
    """Run the same network on bare SimPy, without records; return the number of activities."""
    luck = random.Random(1)  # noqa: S311  # the bare network keeps no keys
    env = simpy.Environment()
    pools = [simpy.Resource(env, 1) for _ in range(stations)]
    activities = 0

    def case() -> Generator[simpy.Event, Any, None]:
        nonlocal activities
        while True:
            for pool in pools:
                with pool.request() as turn:
                    yield turn
                    activities += 1
                    yield env.timeout(luck.expovariate(1 / MEAN))
            if luck.random() >= again:
                return

    def source() -> Generator[simpy.Event, Any, None]:
        for _ in range(cases):
            yield env.timeout(luck.expovariate(rate))
            env.process(case())

    env.process(source())
    env.run()
    return activities


def speed(work: Callable[[], int]) -> float:
    """Activities per second of processor time."""
    began = time.process_time()
    done = work()
    return done / (time.process_time() - began)


def report(quick: bool = False) -> Iterator[str]:
    """Yield a line per network: both speeds and their ratio (best of several rounds in turn)."""
    cases = 400 if quick else 6_000
    for name, stations, again, build in (
        ("one station", 1, 0.0, one_station),
        ("five stations, 20 % rework", 5, AGAIN, five_stations),
    ):
        net = build(cases)
        rate = LOAD * (1 - again) / MEAN
        ours, theirs = [], []
        for _ in range(1 if quick else ROUNDS):
            theirs.append(speed(lambda: bare(stations, again, cases, rate)))  # noqa: B023  # called at once
            ours.append(speed(lambda: run(net, Draws(1)).activities))  # noqa: B023
        ratio = max(theirs) / max(ours)
        yield (
            f"{name}: bare SimPy {max(theirs):,.0f} activities/s, reference engine {max(ours):,.0f}; "
            f"the engine takes {ratio:.2f} times as long (bound: 4)"
        )
