"""Replays one case before and after the reform and tells both stories."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.chance.draws import Draws
from sim.engine.choose import choose, prepare
from sim.network.build import build
from sim.report.dial import dial_values
from sim.report.language import Lang, title
from sim.report.publish import titles
from sim.report.story import Story, find_case, rows, side_by_side, tell
from sim.runs.replicate import Plan
from sim.scenario.load import Scenario
from sim.scenario.variant import after, before, reading_names


@dataclass(frozen=True)
class Trace:
    """One case in both variants, of the first replication."""

    scenario: Scenario
    reading: str
    before: Story
    after: Story
    lang: Lang

    def as_text(self) -> str:
        """Return both stories in two columns."""
        names = titles(self.scenario.raw)
        head = title(self.scenario.raw.get("title"), self.lang, self.scenario.name)
        case = f"{self.before.stream}:{self.before.number}"
        return f"{head} - {case}\n\n{side_by_side(self.before, self.after, self.lang, names)}"

    def rows(self) -> list[dict[str, object]]:
        """Return both stories as rows of one table."""
        return rows(self.before, self.after)

    def to_json(self) -> dict[str, Any]:
        """Return both stories as one JSON document."""
        return {
            "scenario": self.scenario.name,
            "reading": self.reading,
            "stream": self.before.stream,
            "case": self.before.number,
            "before": self.before,
            "after": self.after,
        }


def trace(
    scenario: Scenario,
    case: str,
    plan: Plan,
    *,
    reading: str | None = None,
    out: Path | None = None,
    lang: Lang = "en",
    say: Callable[[str], None] | None = None,
) -> Trace:
    """Run the first replication of both variants and tell what happened to one case.

    Parameters
    ----------
    case : number within the first stream, or ``STREAM:NUMBER``.
    plan : seed and engine.
    out : results store, where a replay may have kept the dial.
    say : told in words what is done.

    Raises
    ------
    InputError : if there is no such case.
    """
    telling = say or (lambda _message: None)
    name = reading if reading is not None else reading_names(scenario)[0]
    sides = (before(scenario, name), after(scenario, name))
    prepare(plan.engine, telling)
    values = dial_values(scenario, name, plan, out, telling)
    engine = choose(plan.engine)
    stories = []
    for side in sides:
        network = build(side, values)
        telling(f"{scenario.name}, {name}: running {side.name}")
        records = engine.run(network, Draws(plan.seed, 0, 0))
        stories.append(tell(network, records, find_case(network, records, case), lang))
    return Trace(scenario, name, stories[0], stories[1], lang)
