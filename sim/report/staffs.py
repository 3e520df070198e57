"""Finds the fewest staff that meet goals for one variant, keeps what was tried, and tells it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sim.engine.choose import choose, prepare
from sim.errors import InputError
from sim.network.build import build
from sim.network.elements import Network
from sim.report.dial import dial_values
from sim.report.language import Lang
from sim.report.publish import window_dates
from sim.report.single import Choice, chosen
from sim.report.staff_text import as_rows, as_text
from sim.report.working import resumable, workers
from sim.runs.replicate import FIRST, Plan
from sim.scenario.load import Scenario
from sim.scenario.nearest import near
from sim.scenario.variant import Variant
from sim.store import again, results
from sim.store.documents import plain
from sim.whatif.goals import Goal, for_pools
from sim.whatif.judge import Rule, State, Verdict, standing_documents
from sim.whatif.runs import Luck
from sim.whatif.staffing import Found, Neighbour, search, undecided
from sim.whatif.trials import ENDLESS, Trials, fewest, head_counts, of_one_group

Tell = Callable[[str], None]

#: Replications of one staffing at most, as a multiple of the first ones.
BUDGET = 8


@dataclass(frozen=True)
class Wish:
    """What is asked of a search.

    Attributes
    ----------
    goals : to be met, all of them.
    pools : names of those that may vary; empty for all that have one head-count.
    costs : pool -> cost of one person, where it is not 1.
    most : greatest head-count of a pool; None for no bound.
    level : confidence asked for.
    budget : replications of one staffing at most; None for 8 times the first ones.
    """

    goals: tuple[Goal, ...]
    pools: tuple[str, ...] = ()
    costs: Mapping[str, float] | None = None
    most: int | None = None
    level: float = 0.95
    budget: int | None = None

    def __post_init__(self) -> None:
        if not 0.5 < self.level < 1:
            raise InputError(f"--confidence must be above 0.5 and below 1, found {self.level:g}.")
        if self.most is not None and not 1 <= self.most <= ENDLESS:
            raise InputError(f"--most must be a head-count from 1 to {ENDLESS}, found {self.most}.")
        if self.budget is not None and self.budget < 2:
            raise InputError(f"--budget must be at least 2 replications, found {self.budget}.")


@dataclass(frozen=True)
class StaffReport:
    """What a search found, new or kept: everything is in its document."""

    document: dict[str, Any]

    def as_text(self, lang: Lang) -> str:
        """Return what a planner reads."""
        return as_text(self.document, lang)

    def rows(self) -> list[dict[str, object]]:
        """Return one row a staffing that was tried."""
        return as_rows(self.document)


def costs_of(texts: Sequence[str]) -> dict[str, float]:
    """Return what ``pools.NAME=COST`` texts mean: pool -> cost of one person.

    Raises
    ------
    InputError : for a text that is none.
    """
    found: dict[str, float] = {}
    for text in texts:
        name, sign, value = text.partition("=")
        name = name.strip().removeprefix("pools.")
        try:
            cost = float(value)
        except ValueError:
            cost = 0.0
        if not (sign and name and 0 < cost < 1e12):
            raise InputError(
                f"--cost {text}: write pools.NAME=COST with a cost above 0, such as --cost pools.clerks=2.5."
            )
        if name in found:
            raise InputError(f"--cost {text}: pool {name} has two costs.")
        found[name] = cost
    return found


def find_staff(
    scenario: Scenario,
    choice: Choice,
    wish: Wish,
    plan: Plan,
    *,
    out: Path,
    form: results.Format = "parquet",
    fresh: bool = False,
    tell: Tell | None = None,
) -> tuple[StaffReport, Path]:
    """Search the fewest staff; return what came out and where it is kept.

    A search of the same inputs that is kept is not made again.

    Parameters
    ----------
    choice, plan : the variant, and seed, engine, place and first replications (at least 5) of every staffing.
    form : of the kept table.
    fresh : search again, and forget what an earlier search, which was stopped, has finished.
    """
    say = tell or (lambda _message: None)
    engine = choose(plan.engine).name
    first = max(plan.reps, FIRST)
    rule = Rule(wish.level, first, max(wish.budget or BUDGET * first, 2))
    inputs = ("staff", scenario, choice, wish, rule, plan.seed, engine)
    key = again.run_key(inputs, form)
    if not fresh and (found := again.earlier(out, scenario.name, key)) is not None:
        folder, manifest, document = found
        say(again.told(folder, manifest))
        return StaffReport(document), folder
    variant = chosen(scenario, choice)
    with (
        workers(plan.where, plan.engine) as place,
        resumable(place, out, f"staff-{scenario.name}", inputs, fresh=fresh, tell=tell) as where,
        results.new_run(out, scenario.name, label="staff") as run,
    ):
        prepare(plan.engine, tell)
        solve = any(unknown.kind == "dial" for unknown in variant.unknowns)
        dials = dial_values(scenario, variant.reading, replace(plan, where=where), out, say) if solve else {}
        network = build(variant, dials)
        pools, warnings = _varied(network, wish)
        goals = for_pools(wish.goals, [pool.name for pool in network.pools], list(pools))
        luck = Luck(plan.seed, plan.engine, (), where)
        trials = Trials(network, pools, goals, luck, rule, tell)
        costs = dict.fromkeys(pools, 1.0) | {p: c for p, c in (wish.costs or {}).items() if p in pools}
        outcome = search(trials, costs, wish.most)
        document = _document(variant, trials, outcome, costs, wish, plan.seed, engine, dials, warnings)
        run.manifest({**_manifest(document, scenario, variant, network), again.KEY: key})
        run.summary(document)
        run.rows("staffings", as_rows(document), form)
    return StaffReport(document), run.final


def _varied(network: Network, wish: Wish) -> tuple[tuple[str, ...], list[str]]:
    """Return the pools that vary, and what must be said of those that do not."""
    every = [pool.name for pool in network.pools]
    for name in (*wish.pools, *(wish.costs or {})):
        if name.removeprefix("pools.") not in every:
            raise InputError(f"there is no pool `{name}`. {near(name, every, 'pools')}")
    single = of_one_group(network)
    asked = tuple(dict.fromkeys(name.removeprefix("pools.") for name in wish.pools))
    for name in asked:
        if not single(name):
            raise InputError(
                f"--pool {name}: its head-count changes over the day, so there is no one number to find. "
                "Try other pools, or `sweep` over its groups."
            )
    if asked:
        return asked, []
    found = tuple(name for name in every if single(name))
    if not found:
        raise InputError("no pool of this variant has one head-count that could vary; try `sweep`.")
    return found, [
        f"pools.{name}: its head-count changes over the day; it stays as it is."
        for name in every
        if not single(name)
    ]


def _document(
    variant: Variant, trials: Trials, found: Found, costs: Mapping[str, float], wish: Wish, seed: int,
    engine: str, dials: Mapping[str, float], warnings: list[str],
) -> dict[str, Any]:  # fmt: skip
    pools = trials.pools
    now = head_counts(trials.network)
    verdict = found.verdict
    open_ends = undecided(found)
    top = found.unlimited
    feasible = {State.MEETS: True, State.FAILS: False, State.UNDECIDED: None}[top.verdict.state]
    certain = not open_ends
    document: dict[str, Any] = plain(
        {
            "scenario": variant.scenario.name,
            "variant": variant.name,
            "reading": variant.reading,
            "goals": [goal.text for goal in trials.goals],
            "level": trials.rule.level,
            "seed": seed,
            "engine": engine,
            "dials": dict(dials),
            "reps": trials.rule.first,
            "budget": trials.rule.budget,
            "feasible": feasible,
            "most": wish.most,
            "unlimited": {"staff": top.staff[0] if wish.most is None else wish.most, **_verdict(top.verdict)},
            "staff": None if found.staff is None else dict(zip(pools, found.staff, strict=True)),
            "cost": None if found.staff is None else _cost(found.staff, pools, costs),
            "costs": dict(costs),
            "now": {
                "staff": {pool: now[pool] for pool in pools},
                "cost": _cost(tuple(now[pool] for pool in pools), pools, costs),
            },
            "alone": dict(zip(pools, found.alone, strict=True)) if found.alone else None,
            "least": {pool: fewest(trials.network)[pool] for pool in pools},
            "minimal": None
            if found.staff is None
            else "undecided"
            if not certain
            else "optimal"
            if found.optimal
            else "local",
            "result": None if verdict is None else _verdict(verdict),
            "fewer": [_neighbour(one, pools) for one in found.fewer],
            "equal": [_neighbour(one, pools) for one in found.equal],
            "tried": [_neighbour(Neighbour(s, v), pools) for s, v in trials.found.items()],
            "warnings": warnings,
        }
    )
    return document


def _cost(staff: Sequence[int], pools: Sequence[str], costs: Mapping[str, float]) -> float:
    return sum(costs[pool] * n for pool, n in zip(pools, staff, strict=True))


def _verdict(verdict: Verdict) -> dict[str, object]:
    return {
        "state": verdict.state.value,
        "confidence": verdict.confidence,
        "reps": verdict.reps,
        "goals": standing_documents(verdict),
    }


def _neighbour(one: Neighbour, pools: Sequence[str]) -> dict[str, object]:
    return {"staff": dict(zip(pools, one.staff, strict=True)), **_verdict(one.verdict)}


def _manifest(
    document: Mapping[str, Any], scenario: Scenario, variant: Variant, network: Network
) -> dict[str, object]:
    kept = ("variant", "reading", "goals", "level", "seed", "reps", "budget", "engine")
    return {
        "kind": "staff",
        "scenario": scenario.name,
        "scenario_hash": scenario.text_hash,
        "written": datetime.now(UTC).replace(microsecond=0),
        "levers": variant.levers,
        "context": variant.context,
        "sets": dict(variant.sets),
        **{name: document[name] for name in kept},
        "window": window_dates(network),
    }
