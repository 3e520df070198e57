"""Synthetic worlds: invented reforms of invented offices, of which everything is known.

A world is a scenario with stated ranges, true inputs drawn from those ranges' own laws (or, for the second
table, from beyond them), and documents that state one realised period before and one after, and a promise
made beforehand, which may be kept or not. The method is given the scenario and the documents alone.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from sim.chance.draws import Draws
from sim.engine.choose import choose
from sim.evidence.attribute import parts_of, shapley_exact
from sim.evidence.draw import figures
from sim.evidence.inputs import drawn_unknowns, quantile
from sim.evidence.variants import Coalition, variant_of
from sim.network.build import build
from sim.scenario.load import Scenario, loads
from sim.scenario.numbers import Unknown
from sim.scenario.variant import unknowns

KINDS = ("slack", "busy", "rework", "parallel", "meetings", "shifts")
#: Seeds of the true periods lie far from those of the method.
TRUE_SEED = 900_000
#: Replications over which a lever's true effect is averaged.
MANY = 16
READING = "stated"

_HEAD = """\
scenario: {name}
title: {{en: "An invented office", zh: "虚构的办事处"}}
documents:
  paper: {{title: "An invented paper", issuer: "Nobody", date: 2023-01-01, kind: seed}}
run:
  {{start: 2023-01-02, time-zone: Asia/Shanghai, warm-up: 10 weeks, window: {weeks} weeks,
   follow-for: 12 weeks, calendar: office}}
calendars:
  office: {{region: CN, open: {{mon-fri: ["09:00-12:00", "13:00-17:00"]}}}}
  early: {{region: CN, open: {{mon-fri: ["08:00-13:00"]}}}}
  late: {{region: CN, open: {{mon-fri: ["12:00-18:00"]}}}}
numbers:
  spread: {{assume: [0.5, 1.2], why: "invented"}}
  post: {{assume: [0.1 days, 0.6 days], likely: 0.3 days, why: "invented"}}
  quicker: {{assume: [0.55, 0.95], why: "invented"}}
  fewer: {{assume: [0.3, 0.9], why: "invented"}}
  more: {{assume: [0.9, 1.15], why: "invented"}}
  dial: {{dial: [{low} min, {high} min], direction: up, why: "never measured"}}
cases:
  arrive:
    main: {{count: {{assume: [{fewest}, {most}], why: "invented"}}, per: {weeks} weeks, during: office}}
"""
_TAIL = """\
context:
  - context: demand
    from: {{document: paper, at: "1"}}
    edits:
      - {{scale: cases.arrive.main.count, times: {{use: more}}}}
claims:
  - claim: world.mean
    document: {{document: paper, at: "3"}}
    from: begun
    to: decided
    clock: {clock}
    unit: {unit}
    before: {before}
    after: {after}
    tolerance: {tolerance}
    why: "invented"
    comparator: about
    calibrate: true
  - claim: world.promise
    document: {{document: paper, at: "4"}}
    from: begun
    to: decided
    clock: {clock}
    unit: {unit}
    after: {promise}
    comparator: at-most
    why: "invented"
"""
_DESK = 'pools: {{clerks: {{size: {{assume: [{small}, {large}], why: "invented"}}, on: office}}}}\n'
_STEP = "{{lognormal: {{mean: {{use: dial}}, cv: {{use: spread}}}}}}"

#: Body of each kind: pools, process and levers. The dial is the mean effort of the main step.
_BODIES = {
    "slack": _DESK
    + """\
process:
  - mark: begun
  - {{wait: post, for: {{exponential: {{mean: {{use: post}}}}}}}}
  - {{step: work, by: clerks, effort: STEP}}
  - mark: decided
reform:
  - lever: forms
    from: {{document: paper, at: "2"}}
    edits: [{{scale: work.effort, times: {{use: quicker}}}}]
  - lever: online
    from: {{document: paper, at: "2"}}
    edits: [{{scale: post.for, times: {{use: fewer}}}}]
""",
    "rework": _DESK
    + """\
process:
  - mark: begun
  - repeat: supplement
    do: [{{step: work, by: clerks, effort: STEP}}]
    again: {{assume: [0.2, 0.5], why: "invented"}}
    at-most: 3
    redo: [{{wait: mend, for: {{exponential: {{mean: {{use: post}}}}}}}}]
  - mark: decided
reform:
  - lever: checklist
    from: {{document: paper, at: "2"}}
    edits: [{{scale: supplement.again, times: {{use: fewer}}}}]
  - lever: forms
    from: {{document: paper, at: "2"}}
    edits: [{{scale: work.effort, times: {{use: quicker}}}}]
""",
    "parallel": """\
pools:
  clerks: {{size: {{assume: [{small}, {large}], why: "invented"}}, on: office}}
  experts: {{size: {{assume: [{small}, {large}], why: "invented"}}, on: office}}
process:
  - mark: begun
  - {{step: work, by: clerks, effort: STEP}}
  - {{step: opinion, by: experts, effort: {{exponential: {{mean: {{use: dial}}}}}}}}
  - {{wait: post, for: {{exponential: {{mean: {{use: post}}}}}}}}
  - mark: decided
reform:
  - lever: side-by-side
    from: {{document: paper, at: "2"}}
    edits: [{{parallel: [work, opinion]}}]
  - lever: forms
    from: {{document: paper, at: "2"}}
    edits: [{{scale: opinion.effort, times: {{use: quicker}}}}]
""",
    "meetings": _DESK
    + """\
process:
  - mark: begun
  - {{step: work, by: clerks, effort: STEP}}
  - batch: panel
    on: {{every: 1 week, weekday: tue, at: "14:00"}}
    agenda: {{assume: [{agenda}, {roomy}], why: "invented"}}
  - {{wait: post, for: {{exponential: {{mean: {{use: post}}}}}}}}
  - mark: decided
reform:
  - lever: forms
    from: {{document: paper, at: "2"}}
    edits: [{{scale: work.effort, times: {{use: quicker}}}}]
  - lever: no-panel
    from: {{document: paper, at: "2"}}
    edits: [{{remove: panel}}]
""",
    "shifts": """\
pools:
  clerks:
    groups:
      - {{size: {{assume: [{small}, {large}], why: "invented"}}, on: early}}
      - {{size: 1, on: late}}
process:
  - mark: begun
  - {{step: work, by: clerks, effort: STEP, at-shift-end: pause}}
  - {{wait: post, for: {{exponential: {{mean: {{use: post}}}}}}}}
  - mark: decided
reform:
  - lever: longer
    from: {{document: paper, at: "2"}}
    edits: [{{calendar: clerks, to: office}}]
  - lever: online
    from: {{document: paper, at: "2"}}
    edits: [{{scale: post.for, times: {{use: fewer}}}}]
""",
}
_BODIES["busy"] = _BODIES["slack"]
_BODIES = {kind: body.replace("STEP", _STEP) for kind, body in _BODIES.items()}


@dataclass(frozen=True)
class World:
    """One world.

    Attributes
    ----------
    scenario : what the method is given.
    inputs : the true value of every unknown, the dial with them, each in its own unit.
    before, after : figures of the two realised periods, in the claims' unit, as the first claim states them.
    promise : what the second claim allows at most: the figure before, cut as much as in another office of
        the same ranges. Given the figure before it says nothing about this office.
    effects : true effect of each part of the change: its Shapley value at the true inputs.
    """

    kind: str
    scenario: Scenario
    inputs: dict[str, float]
    before: float
    after: float
    promise: float
    effects: dict[str, float]

    @property
    def kept(self) -> bool:
        """Whether the promise is."""
        return self.after <= self.promise


def make_world(number: int, *, outside: float = 0.0, effects: bool = True) -> World:
    """Return world `number`.

    Parameters
    ----------
    outside : the true inputs, the dial apart, are moved beyond their ranges by up to this share of
        each range.
    effects : work out the true effects of the levers too, which takes many runs.
    """
    rng = np.random.default_rng([number, 0x3041D])
    kind = KINDS[number % len(KINDS)]
    text = _text(kind, number, rng)
    first = loads(text("10", "5.0", "5.0"), f"world-{number}")
    inputs = _true_inputs(unknowns(first), rng, outside)
    before = _figure(first, inputs, Coalition(), number, 0)
    after = _figure(first, inputs, None, number, 1)
    other = _true_inputs(unknowns(first), rng, 0.0)
    cut = _figure(first, other, None, number, 3) / _figure(first, other, Coalition(), number, 2)
    promise = float(_three_digits(before * cut))
    scenario = loads(
        text(_three_digits(before), _three_digits(after), _three_digits(promise)), f"world-{number}"
    )
    found = _effects(first, inputs, number) if effects else {}
    return World(kind, scenario, inputs, before, after, promise, found)


def _three_digits(figure: float) -> str:
    """As a document prints it: 5.10, 12.0, 110."""
    places = max(2 - math.floor(math.log10(abs(figure))), 0) if figure else 2
    return f"{figure:.{places}f}"


def _text(kind: str, number: int, rng: np.random.Generator) -> Callable[[str, str, str], str]:
    """Return what makes the scenario's text from the figures that its documents state."""
    weeks = 20
    small = int(rng.integers(2, 4))
    large = small + 1
    fewest = int(rng.integers(300, 500))
    most = round(fewest * 1.2)
    # Effort at which the desk would be full, in minutes: a week has 35 hours. The range of the dial ends at
    # a load that its kind asks for.
    full = weeks * 35 * 60 * small / most
    share = {"busy": (0.3, 1.1), "slack": (0.03, 0.7)}.get(kind, (0.05, 0.9))
    if kind == "rework":
        share = (0.04, 0.6)
    if kind == "shifts":
        share = (0.08, 0.85)
    words = {
        "name": f"world-{number}",
        "weeks": weeks,
        "low": round(share[0] * full, 1),
        "high": round(share[1] * full, 1),
        "fewest": fewest,
        "most": most,
        "small": small,
        "large": large,
        "agenda": math.ceil(1.4 * most / weeks),
        "roomy": math.ceil(2.0 * most / weeks),
        "clock": "elapsed" if kind in ("slack", "busy", "meetings") else "working-time",
        "unit": "days" if kind in ("slack", "busy", "meetings") else "working days",
    }
    template = _HEAD + _BODIES[kind] + _TAIL
    return lambda before, after, promise: template.format(
        **words, before=before, after=after, promise=promise, tolerance=_three_digits(0.1 * float(after))
    )


def _true_inputs(known: Sequence[Unknown], rng: np.random.Generator, outside: float) -> dict[str, float]:
    inputs = {}
    for u in (*drawn_unknowns(known), *(u for u in known if u.kind == "dial")):
        value = float(quantile(u, np.array([rng.random()]))[0])
        if outside and u.kind != "dial":
            beyond = outside * rng.random() * (u.high - u.low)
            value = u.high + beyond if rng.random() < 0.5 else max(u.low - beyond, 0.2 * u.low)
        inputs[u.name] = value
    return inputs


def _figure(
    scenario: Scenario, inputs: dict[str, float], parts: Coalition | None, number: int, replication: int
) -> float:
    variant = variant_of(scenario, READING, parts)
    network = build(variant, inputs, known=True)
    records = choose("auto").run(network, Draws(TRUE_SEED + number, 0, replication))
    return figures(variant, network, records)[0]


def _effects(scenario: Scenario, inputs: dict[str, float], number: int) -> dict[str, float]:
    """Return the Shapley value of each part, averaged over many periods with shared luck."""
    parts = parts_of(scenario, READING)

    def worth(subset: frozenset[int]) -> np.ndarray:
        names = [parts[p] for p in sorted(subset)]
        chosen = Coalition(tuple(n for n in names if n != "context"), "context" in names)
        runs = [_figure(scenario, inputs, chosen, number, 10 + r) for r in range(MANY)]
        return np.array([np.mean(runs)])

    known: dict[frozenset[int], np.ndarray] = {}

    def once(subset: frozenset[int]) -> np.ndarray:
        return known.setdefault(subset, worth(subset)) if subset not in known else known[subset]

    values = shapley_exact(len(parts), once)
    return {part: float(values[i, 0]) for i, part in enumerate(parts)}
