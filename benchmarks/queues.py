"""Growth: the cost of a start of work by the length of the queue that it is taken from."""

from __future__ import annotations

from dataclasses import replace

from benchmarks.table import Table
from sim.chance import laws
from sim.network.elements import Network, QueueRule
from sim.runs.speed import engine, run_engine, speed
from sim.runs.standard import ONE, Standard, Station, network

#: Seconds of work, and cases that come one by one while the queue stands.
EFFORT = 60
MORE = {"simpy": 10_000, "compiled": 200_000}
LENGTHS = {"simpy": (10, 1_000, 100_000), "compiled": (10, 1_000, 100_000, 1_000_000)}
RULES = (QueueRule.FIRST_COME, QueueRule.SHORTEST_EFFORT)


def queue_of(length: int, more: int, rule: QueueRule) -> Network:
    """Return a clerk with `length` cases before him, and `more` that come as fast as he works."""
    base = network(Standard("queue", "a queue", (Station(EFFORT, 0.8, clerks=1),)), 10)
    node = base.nodes[0]
    if rule is QueueRule.FIRST_COME:  # with one effort for all the queue keeps its length
        node = replace(node, parts=(replace(node.parts[0], law=laws.constant(EFFORT)),))
    # Not all in one second, in which an engine would suspect that time stands still.
    before = (EFFORT * i // (length + 1) for i in range(length + 1))
    times = (*before, *(EFFORT * (i + 1) for i in range(more)))
    horizon = 2 * EFFORT * len(times)
    stream = replace(
        base.streams[0], count=0.0, exactly=False, rate=None, times=times, classes=(0,) * len(times)
    )
    always = replace(base.pools[0].capacity, stop=None)
    pool = replace(base.pools[0], rule=rule, capacity=always)
    return replace(base, pools=(pool,), streams=(stream,), window=(0, EFFORT * more + 1), horizon=horizon,
                   nodes=(node, *base.nodes[1:]))  # fmt: skip


def table(quick: bool = False) -> Table:
    """Cost of a start of work by engine, queue rule and length."""
    rows: list[tuple[object, ...]] = []
    few = 10 if quick else 1
    for name, more in MORE.items():
        run, _ = engine(name)
        if run is None:
            continue
        run_engine(run, network(ONE, 10))
        for rule in RULES:
            first = 0.0
            for length in LENGTHS[name]:
                net = queue_of(max(10, length // few), more // few, rule)
                cost = 1e6 / max(speed(lambda: run_engine(run, net)) for _ in range(1 if quick else 2))  # noqa: B023
                first = first or cost
                rows.append(
                    (name, rule.name.lower().replace("_", " "), max(10, length // few), cost, cost / first)
                )
    note = (
        "A clerk with so many cases before him; for each that he takes another comes, and at the end the "
        "queue is worked off. In the first-come queue all efforts are equal, in the other they are lognormal."
    )
    header = ("engine", "rule", "queue", "µs a start", "times the shortest")
    return Table("Growth with the length of the queue", note, header, tuple(rows))
