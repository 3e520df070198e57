"""Queueing models with known answers, as networks for an engine, each with its statistic and its truth.

Time averages over the window are preferred to averages over cases: they have no ratio bias.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from sim.chance import laws
from sim.chance.draws import name_key
from sim.chance.laws import Law
from sim.engine.records import Records, Work
from sim.network.elements import (
    CaseClass,
    EndStatus,
    Kind,
    Need,
    Network,
    Node,
    Part,
    Pool,
    QueueRule,
    Stream,
)
from sim.worktime.calendar import Steps
from tests import theory

SERVICE = 6_000  # mean service time in seconds, so that rounding to whole seconds does not matter


@dataclass(frozen=True)
class Model:
    """A network, what to measure in one replication, and the value theory gives."""

    name: str
    network: Network
    value: Callable[[Network, Records], float]
    truth: float


def step(index: int, name: str, pool: int, law: Law, then: int, patience: Law | None = None) -> Node:
    """Return a step by one unit of `pool`."""
    key = name_key(name)
    part = Part(name, key, law)
    need = Need((pool,), (1,))
    return Node(index, name, key, Kind.STEP, next=then, needs=(need,), parts=(part,), patience=patience)


def end(index: int, name: str = "done", status: EndStatus = EndStatus.DONE) -> Node:
    """Return an end."""
    return Node(index, name, name_key(name), Kind.END, end_status=status)


def network(
    nodes: Sequence[Node],
    pools: Sequence[Pool],
    rate: float | Steps,
    cases: int = 400,
    classes: Sequence[CaseClass] = (CaseClass("case", 1.0, 1),),
) -> Network:
    """Return a network with Poisson arrivals, `cases` of them expected in its window.

    ``rate`` is in cases a second; a step function is relative and brings `cases` over its cover.
    A quarter of the window goes before it as warm-up. Ends for patience and room follow the nodes.
    """
    n = len(nodes)
    if isinstance(rate, Steps):
        window = (0, int(rate.stop or 0))
        profile = rate
    else:
        length = round(cases / rate)
        window = (length // 4, length // 4 + length)
        profile = Steps((0,), (1.0,))
    shares = tuple(np.cumsum([c.share for c in classes]).tolist())
    stream = Stream("cases", name_key("cases"), count=float(cases), per=window[1] - window[0], rate=profile,
                    class_shares=shares)  # fmt: skip
    ends = (end(n, "withdrawn", EndStatus.WITHDRAWN), end(n + 1, "turned-away", EndStatus.TURNED_AWAY))
    horizon = window[1] + (window[1] - window[0])
    return Network("theory", "before", "2023-01-02", "UTC", window, horizon, (), tuple(pools), tuple(classes),
                   (), (stream,), (), (), (), (*nodes, *ends), 0, n, n + 1)  # fmt: skip


def pool(size: int, index: int = 0, rule: QueueRule = QueueRule.FIRST_COME, room: int = -1) -> Pool:
    """Return an always open pool."""
    return Pool(index, f"pool-{index}", Steps((0,), (size,)), rule, room)


def queue_length(n: Network, r: Records) -> float:
    """Mean number waiting, all pools."""
    return float(r.queue_area.sum()) / (n.window[1] - n.window[0])


def busy(n: Network, r: Records) -> float:
    """Mean number of units at work."""
    return float(r.busy_area.sum()) / (n.window[1] - n.window[0])


def present(n: Network, r: Records) -> float:
    """Mean number waiting or in service."""
    return queue_length(n, r) + busy(n, r)


def left(n: Network, r: Records) -> float:
    """Cases withdrawn or turned away per second of the window."""
    cases = r.cases[np.isin(r.cases["status"], (EndStatus.WITHDRAWN, EndStatus.TURNED_AWAY))]
    inside = (cases["ended"] >= n.window[0]) & (cases["ended"] < n.window[1])
    return float(inside.sum()) / (n.window[1] - n.window[0])


def class_queue(cls: int) -> Callable[[Network, Records], float]:
    """Mean number of class `cls` waiting."""

    def value(n: Network, r: Records) -> float:
        rows = r.steps[(r.cases["class"][r.steps["case"]] == cls) & (r.steps["status"] <= Work.DONE)]
        until = np.where(rows["started"] < 0, r.stopped + 1, rows["started"])
        inside = np.clip(until, *n.window) - np.clip(rows["joined"], *n.window)
        return float(inside.sum()) / (n.window[1] - n.window[0])

    return value


def single(
    servers: int, load: float, law: Law, room: int = -1, patience: Law | None = None, cases: int = 400
) -> Network:
    """Return one station at `load` offered per server."""
    rate = load * servers / SERVICE
    return network([step(0, "serve", 0, law, 1, patience), end(1)], [pool(servers, room=room)], rate, cases)


def longer(model: Model, times: int) -> Model:
    """Return a model whose window, warm-up and number of cases are so many times as long."""
    net = model.network
    streams = tuple(replace(s, count=s.count * times, per=s.per * times) for s in net.streams)
    window = (net.window[0] * times, net.window[1] * times)
    grown = replace(net, window=window, horizon=net.horizon * times, streams=streams)
    return replace(model, network=grown)


def models() -> list[Model]:
    """Return every model with a closed answer."""
    exp = laws.exponential(SERVICE)
    out = []

    def add(name: str, net: Network, value: Callable[[Network, Records], float], truth: float) -> None:
        out.append(Model(name, net, value, truth))

    add("M/M/1 queue", single(1, 0.5, exp), queue_length, theory.mm1(0.5 / SERVICE, SERVICE).waiting)
    add("M/M/3 queue", single(3, 0.6, exp), queue_length, theory.mmc(1.8 / SERVICE, SERVICE, 3).waiting)
    add(
        "M/D/1 queue",
        single(1, 0.6, laws.constant(SERVICE)),
        queue_length,
        theory.md1(0.6 / SERVICE, SERVICE).waiting,
    )
    for cv, law in ((0.5, laws.gamma(SERVICE, 0.5)), (1.2, laws.lognormal(SERVICE, 1.2))):
        truth = theory.mg1(0.5 / SERVICE, SERVICE, cv).waiting
        add(f"M/G/1 queue, cv {cv}", single(1, 0.5, law, cases=600), queue_length, truth)
    k = theory.mmck(1.6 / SERVICE, SERVICE, 2, 5)
    add("M/M/2/5 queue", single(2, 0.8, exp, room=3), queue_length, k.waiting)
    add("M/M/2/5 lost", single(2, 0.8, exp, room=3), left, 1.6 / SERVICE * k.lost)
    blocked = theory.erlang_b(4, 3.0)
    add("Erlang B busy", single(4, 0.75, exp, room=0), busy, 3.0 * (1.0 - blocked))
    a = theory.mmc_patience(3.3 / SERVICE, SERVICE, 3, 0.8 * SERVICE)
    patient = laws.exponential(0.8 * SERVICE)
    add("Erlang A queue", single(3, 1.1, exp, patience=patient), queue_length, a.waiting)
    add("Erlang A lost", single(3, 1.1, exp, patience=patient), left, 3.3 / SERVICE * a.lost)
    classes = (CaseClass("urgent", 0.3, 1), CaseClass("normal", 0.7, 2))
    rates = [0.3 * 0.6 / SERVICE, 0.7 * 0.6 / SERVICE]
    for cls, wait in enumerate(theory.cobham(rates, [SERVICE] * 2, [1.0] * 2)):
        nodes = [step(0, "serve", 0, exp, 1), end(1)]
        net = network(nodes, [pool(1, rule=QueueRule.CLASS)], 0.6 / SERVICE, 400, classes)
        add(f"priorities, class {cls + 1}", net, class_queue(cls), rates[cls] * wait)
    add("Jackson network", *_jackson())
    return out


def _jackson() -> tuple[Network, Callable[[Network, Records], float], float]:
    """Two stations; a quarter of the cases goes back from the second to the first."""
    rate, again = 0.4 / SERVICE, 0.25
    nodes = [
        step(0, "first", 0, laws.exponential(SERVICE), 1),
        step(1, "second", 1, laws.exponential(1.6 * SERVICE), 2),
        Node(2, "back", name_key("back"), Kind.LOOP, next=3, again=again, cap=1_000_000, targets=(0,)),
        end(3),
    ]
    net = network(nodes, [pool(1), pool(2, 1)], rate)
    routes = [[0.0, 1.0], [again, 0.0]]
    truth = theory.jackson([rate, 0.0], [SERVICE, 1.6 * SERVICE], [1, 2], routes)
    return net, present, sum(q.present for q in truth.stations)
