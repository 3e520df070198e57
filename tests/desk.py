"""A small scenario, the network made of it, and what tests of both look at."""

from __future__ import annotations

from sim.network.build import build
from sim.network.elements import Kind, Network, Node
from sim.scenario.load import loads
from sim.scenario.variant import variant

HEAD = """
scenario: desk
title: {en: "Desk", zh: "窗口"}
run: {start: 2023-02-06, warm-up: 0 days, window: 4 weeks, follow-for: 4 weeks, calendar: office}
calendars:
  office: {open: {mon-fri: ["09:00-12:00", "14:00-18:00"]}}
  always: {open: always}
pools:
  clerks: {size: 2, on: office}
  seniors: {size: 1, on: office, queue: earliest-due, room: 5}
"""
CASES = """
cases:
  arrive: {count: 400, per: 4 weeks, during: office}
"""
HOUR, DAY = 3600, 86400


def network(
    process: str, cases: str = CASES, head: str = HEAD, values: dict[str, float] | None = None
) -> Network:
    return build(variant(loads(head + cases + "process:\n" + process)), values)


def ways(made: Network) -> list[tuple[str, str, list[str]]]:
    """(name, name of the next node, names of the targets) of each node."""
    names = [node.name for node in made.nodes]

    def name(index: int) -> str:
        return names[index] if index >= 0 else ""

    return [(n.name, name(n.next), [name(t) for t in n.targets]) for n in made.nodes]


def one(made: Network, kind: Kind) -> Node:
    found = [node for node in made.nodes if node.kind is kind]
    assert len(found) == 1
    return found[0]


STEP = "{step: %s, by: clerks, effort: 10 min}"


def step(name: str) -> str:
    return STEP % name
