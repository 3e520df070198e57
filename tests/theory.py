"""Closed formulas of queueing theory that the engine is tested against.

Rates are per unit of time and times in that unit (whatever the test chooses). Every function has
a self-check in `test_theory_formulas`: a special case, a limit or a published table value.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True)
class Queue:
    """Steady state of one station.

    Attributes
    ----------
    load : work offered per server and unit of time (utilisation where nobody is lost).
    wait, time : mean wait in queue and mean time in the system of those served.
    waiting, present : mean number waiting and mean number in the system.
    delayed : probability that an arrival has to wait.
    lost : probability that an arrival is lost (blocked, or gives up).
    """

    load: float
    wait: float
    time: float
    waiting: float
    present: float
    delayed: float
    lost: float = 0.0


def erlang_b(servers: int, offered: float) -> float:
    """Blocking probability of M/G/c/c with `offered` erlangs (Erlang 1917), by its stable recursion."""
    b = 1.0
    for n in range(1, servers + 1):
        b = offered * b / (n + offered * b)
    return b


def erlang_c(servers: int, offered: float) -> float:
    """Probability of waiting in M/M/c with `offered` erlangs, below `servers` (Erlang 1917)."""
    if offered >= servers:
        raise ValueError(f"{offered} erlangs overload {servers} servers")
    b = erlang_b(servers, offered)
    return b / (1.0 - offered / servers * (1.0 - b))


def mmc(arrivals: float, service: float, servers: int = 1) -> Queue:
    """M/M/c (Erlang C); `service` is the mean service time."""
    offered = arrivals * service
    delayed = erlang_c(servers, offered)
    wait = delayed * service / (servers - offered)
    time = wait + service
    return Queue(offered / servers, wait, time, arrivals * wait, arrivals * time, delayed)


def mm1(arrivals: float, service: float) -> Queue:
    """M/M/1."""
    return mmc(arrivals, service, 1)


def mm1_time_beyond(arrivals: float, service: float, t: float) -> float:
    """P(time in system > t) of a first-come M/M/1: exponential with rate 1/service - arrivals."""
    return math.exp(-(1.0 / service - arrivals) * t)


def mm1_time_quantile(arrivals: float, service: float, p: float) -> float:
    """`p`-quantile of the time in system of a first-come M/M/1."""
    return -math.log1p(-p) / (1.0 / service - arrivals)


def mmc_wait_beyond(arrivals: float, service: float, servers: int, t: float) -> float:
    """P(wait > t) of a first-come M/M/c."""
    offered = arrivals * service
    return erlang_c(servers, offered) * math.exp(-(servers - offered) * t / service)


def mg1(arrivals: float, service: float, cv: float) -> Queue:
    """M/G/1 by Pollaczek-Khinchine; `cv` is the service time's coefficient of variation."""
    load = arrivals * service
    if load >= 1.0:
        raise ValueError(f"load {load} has no steady state")
    wait = load * service * (1.0 + cv * cv) / (2.0 * (1.0 - load))
    return Queue(load, wait, wait + service, arrivals * wait, arrivals * (wait + service), load)


def md1(arrivals: float, service: float) -> Queue:
    """M/D/1."""
    return mg1(arrivals, service, 0.0)


def mmck(arrivals: float, service: float, servers: int, places: int) -> Queue:
    """M/M/c/K: `places` in all, those in service included; an arrival that finds none is lost."""
    if places < servers:
        raise ValueError("fewer places than servers")
    p = _birth_death([arrivals] * places, [min(n, servers) / service for n in range(1, places + 1)])
    n = np.arange(places + 1)
    lost = float(p[-1])
    taken = arrivals * (1.0 - lost)
    present = float(p @ n)
    waiting = float(p @ np.maximum(n - servers, 0))
    delayed = float(p[servers:places].sum()) / (1.0 - lost)  # of those who get in
    load = arrivals * service / servers
    return Queue(load, waiting / taken, present / taken, waiting, present, delayed, lost)


def mmc_patience(arrivals: float, service: float, servers: int, patience: float, most: int = 20_000) -> Queue:
    """Erlang A, M/M/c+M: exponential patience of mean `patience`; `lost` is the share that gives up.

    `wait` is the mean over all arrivals, whether served or not (waiting / arrivals, Little);
    `time` is not defined here. Palm (1946); Mandelbaum and Zeltyn (2007), Service engineering in
    action: the Palm/Erlang-A queue.
    """
    deaths = [min(n, servers) / service + max(n - servers, 0) / patience for n in range(1, most + 1)]
    p = _birth_death([arrivals] * most, deaths)
    n = np.arange(most + 1)
    waiting = float(p @ np.maximum(n - servers, 0))
    lost = waiting / patience / arrivals
    return Queue(arrivals * service / servers, waiting / arrivals, math.nan, waiting, float(p @ n),
                 float(p[servers:].sum()), lost)  # fmt: skip


def cobham(arrivals: Sequence[float], services: Sequence[float], cvs: Sequence[float]) -> list[float]:
    """Mean waits by class, first class first, of a non-preemptive priority M/G/1.

    Cobham (1954), Priority assignment in waiting line problems, Operations Research 2(1).
    """
    rest = sum(a * s * s * (1.0 + c * c) / 2.0 for a, s, c in zip(arrivals, services, cvs, strict=True))
    waits, before = [], 0.0
    for a, s in zip(arrivals, services, strict=True):
        upto = before + a * s
        if upto >= 1.0:
            raise ValueError(f"load {upto} up to this class has no steady state")
        waits.append(rest / ((1.0 - before) * (1.0 - upto)))
        before = upto
    return waits


def cobham_servers(arrivals: Sequence[float], service: float, servers: int) -> list[float]:
    """As `cobham` for M/M/c with one exponential service time for all classes (Cobham 1954)."""
    offered = sum(arrivals) * service
    rest = erlang_c(servers, offered) * service / servers
    waits, before = [], 0.0
    for a in arrivals:
        upto = before + a * service / servers
        waits.append(rest / ((1.0 - before) * (1.0 - upto)))
        before = upto
    return waits


@dataclass(frozen=True)
class Jackson:
    """Open Jackson network in steady state.

    Attributes
    ----------
    rates : total arrival rate at each station.
    stations : each as an M/M/c of its own.
    time : mean time from arrival to departure of the network, all visits together.
    visits : mean visits of a case to each station.
    """

    rates: tuple[float, ...]
    stations: tuple[Queue, ...]
    time: float
    visits: tuple[float, ...]


def jackson(
    outside: Sequence[float], services: Sequence[float], servers: Sequence[int], routes: npt.ArrayLike
) -> Jackson:
    """Open network of M/M/c stations; ``routes[i][j]`` is the chance to go from i to j.

    Jackson (1957), Networks of waiting lines, Operations Research 5(4).
    """
    r = np.asarray(routes, dtype=float)
    outer = np.asarray(outside, dtype=float)
    rates = np.linalg.solve(np.eye(len(outer)) - r.T, outer)
    queues = tuple(mmc(float(a), s, c) for a, s, c in zip(rates, services, servers, strict=True))
    total = float(outer.sum())
    return Jackson(
        tuple(float(a) for a in rates), queues, sum(q.present for q in queues) / total,
        tuple(float(a) / total for a in rates),
    )  # fmt: skip


def jackson_feedback(arrivals: float, service: float, again: float, servers: int = 1) -> Jackson:
    """One station whose cases come back with chance `again` after each visit."""
    return jackson([arrivals], [service], [servers], [[again]])


def capped_visits(again: float, at_most: int) -> float:
    """Mean passes of a repeat: one, and with chance `again` one more, `at_most` times."""
    return sum(again**n for n in range(at_most + 1))


def _birth_death(births: Sequence[float], deaths: Sequence[float]) -> npt.NDArray[np.float64]:
    """Stationary probabilities of a birth-death chain, in logarithms so that long chains stay finite."""
    steps = np.log(np.asarray(births)) - np.log(np.asarray(deaths))
    logs = np.concatenate([[0.0], np.cumsum(steps)])
    weights = np.exp(logs - logs.max())
    return np.asarray(weights / weights.sum(), dtype=np.float64)
