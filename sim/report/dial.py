"""The dial of a reading for commands that run single variants: as solved for a replay, or solved now.

A replay keeps what it solved. The same file, reading, seed, replications and version would solve to the same
value, so it is taken from the store instead of being computed again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from sim import __version__
from sim.errors import StoreError
from sim.evidence.calibrate import DialJob, dial_of, solve_dial
from sim.runs.jobs import run_jobs
from sim.runs.replicate import Plan
from sim.scenario.load import Scenario
from sim.scenario.variant import before, reading_names
from sim.store import results

Tell = Callable[[str], None]

#: With fewer replications than this a scenario is taken to be large.
ENOUGH = 5


def other_reps(reps: int) -> int:
    """Return how many replications readings after the headline get.

    As many as the headline; but a scenario that asks for fewer than 5 is a large one, and gets 1.
    """
    return reps if reps >= ENOUGH else 1


def reading_plan(scenario: Scenario, reading: str, plan: Plan) -> Plan:
    """Return the plan with the replications that a replay, with no option set, gives to `reading`."""
    reps = scenario.model.run.reps
    headline = reading == reading_names(scenario)[0]
    return replace(plan, reps=reps if headline else other_reps(reps), precision=None)


def dial_key(scenario: Scenario, seed: int, reps: int) -> dict[str, object]:
    """Return what decides the dial of a reading, whose runs had `reps` replications."""
    return {"scenario_hash": scenario.text_hash, "seed": seed, "reps": reps, "version": __version__}


def dial_values(
    scenario: Scenario, reading: str, plan: Plan, out: Path | None, tell: Tell
) -> dict[str, float]:
    """Return the dial's value by name; empty where a reading has none or nothing to solve it on.

    Parameters
    ----------
    plan : seed, engine and where it runs; the replications are those that the scenario states.
    out : store in which to look for a replay of the same kind; None to solve in any case.
    tell : told in words what is done.
    """
    variant = before(scenario, reading)
    plan = reading_plan(scenario, reading, plan)
    dial = dial_of(variant)
    if dial is None:
        return {}
    if out is not None:
        kept = _kept(scenario, reading, plan, out)
        if kept is not None and set(kept) == {dial.name}:
            tell(f"{scenario.name}, {reading}: dial {dial.name} = {kept[dial.name]:.4g}, as kept by a replay")
            return kept
    tell(f"{scenario.name}, {reading}: setting the dial {dial.name} (a replay keeps it for next time)")
    (found,) = run_jobs(solve_dial, [DialJob(scenario, reading, plan)], plan.where, tell)
    if found is None:
        return {}
    tell(f"{scenario.name}, {reading}: dial {dial.name} = {found.solution.value:.4g}")
    return found.values


def _kept(scenario: Scenario, reading: str, plan: Plan, out: Path) -> dict[str, float] | None:
    wanted = dial_key(scenario, plan.seed, plan.reps)
    for folder in reversed(results.runs(out, scenario.name)):
        try:
            manifest = results.read(folder, results.MANIFEST)
        except StoreError:
            continue
        kept = manifest.get("dials", {}).get(reading, {}) if isinstance(manifest, dict) else {}
        if kept.get("key") == wanted:
            return {str(name): float(value) for name, value in kept["values"].items()}
    return None
