"""A small scenario with every kind of element, and helpers that read edited variants, for tests of edits."""

from __future__ import annotations

from typing import Any

import pytest

from sim.errors import ScenarioError
from sim.network.build import build
from sim.network.elements import Node
from sim.scenario.load import Scenario, loads
from sim.scenario.variant import Variant, variant

BASE = """
scenario: office
title: {en: "Office", zh: "办公室"}
run:
  {start: 2023-02-06, warm-up: 1 weeks, window: 4 weeks, follow-for: 4 weeks, calendar: office}
calendars:
  office: {open: {mon-fri: ["09:00-12:00", "14:00-18:00"]}}
  late: {open: {mon-fri: ["12:00-20:00"]}}
numbers:
  handling: {assume: [10 min, 40 min], likely: 20 min, why: "seen"}
cases:
  classes: {question: {share: 0.6}, request: {share: 0.4}}
  attributes: {size: {small: 0.7, large: 0.3}}
  arrive: {count: 400, per: 4 weeks, during: office}
  backlog: [{at: check, count: 3, age: 2 days}]
pools:
  clerks: {size: 4, on: office}
  seniors: {size: 2, on: office}
  hall: {groups: [{size: 1, on: office}, {size: 1, on: late}]}
process:
  - mark: accepted
  - step: check
    by: clerks
    effort: {use: handling}
    counts: {papers: 2}
  - step: register
    by: [clerks, hall]
    effort: {gamma: {mean: 10 min, cv: 0.5}}
    counts: {papers: 1, visits: 1}
  - choice: route
    options:
      simple: {share: 0.5, do: []}
      complex:
        share: 0.3
        do:
          - {step: study, by: seniors, effort: 1 h}
      refuse:
        share: rest
        do:
          - {end: refused, status: refused}
  - repeat: supplement
    do:
      - {step: review, by: seniors, effort: {uniform: [10 min, 30 min]}}
    again: 0.3
    at-most: 3
    redo:
      - {wait: mend, for: 2 working days, hands: applicant}
  - parallel: opinions
    branches:
      fire:
        - {step: fire-check, by: hall, effort: 15 min}
      traffic:
        - {wait: traffic-letter, for: 3 days}
  - block: deciding
    limit: 10 working days
    do:
      - {step: decide, by: {any: [seniors, hall]}, effort: 30 min, limit: 5 working days}
      - {wait: notice, for: 1 working day}
  - mark: decided
  - for-each: permits
    as: sequence
    over: {filing: {stamp.effort: 5 min}, planning: {}}
    pools: {desk: {size: 1, on: office}}
    do:
      - {step: stamp, by: desk, effort: 10 min}
  - mark: closed
"""


def office(*edits: str, also: str = "", base: str = BASE) -> Scenario:
    """Return the office with one lever a text of edits (YAML list items), called ``lever-1`` and so on."""
    reform = ""
    if edits:
        reform = "reform:\n"
        for number, text in enumerate(edits, 1):
            lines = "".join(f"      {line}\n" for line in text.strip().splitlines())
            reform += f"  - lever: lever-{number}\n    edits:\n{lines}"
    return loads(base + reform + also)


def edited(*edits: str, also: str = "", levers: tuple[str, ...] | None = None) -> Variant:
    """Return the variant with all levers (or those named) made by `edits`."""
    scenario = office(*edits, also=also)
    chosen = tuple(str(lever.name) for lever in scenario.levers) if levers is None else levers
    return variant(scenario, levers=chosen, context=True)


def outline(items: Any) -> list[Any]:
    """Return a process as names: [a, b, {route: {simple: [...]}}]."""
    found: list[Any] = []
    for element in items:
        kind = next(iter(element))
        name = str(element[kind])
        if kind == "choice":
            found.append({name: {str(k): outline(v["do"]) for k, v in element["options"].items()}})
        elif kind == "parallel":
            found.append({name: {str(k): outline(v) for k, v in element["branches"].items()}})
        elif kind == "repeat":
            found.append({name: [outline(element.get("do", [])), outline(element.get("redo", []))]})
        elif kind == "block":
            found.append({name: outline(element["do"])})
        else:
            found.append(name)
    return found


def element(made: Variant, name: str) -> Any:
    """Return the raw element called `name`, wherever it stands."""
    todo = [made.raw["process"]]
    while todo:
        value = todo.pop()
        if isinstance(value, dict):
            if any(
                value.get(kind) == name for kind in ("step", "wait", "choice", "repeat", "block", "batch")
            ):
                return value
            todo += value.values()
        elif isinstance(value, list):
            todo += value
    raise KeyError(name)


def node(made: Variant, name: str) -> Node:
    """Return the node of a name in the network of a variant."""
    return build(made).node(name)


def shares(made: Variant, name: str = "route") -> list[float]:
    """Return the shares of a choice in file order, to 12 digits."""
    cumulative = node(made, name).shares
    return [round(b - a, 12) for a, b in zip((0.0, *cumulative), cumulative, strict=False)]


def problems(*edits: str, also: str = "") -> str:
    """Return what is told of edits that cannot be."""
    with pytest.raises(ScenarioError) as error:
        office(*edits, also=also)
    return str(error.value)
