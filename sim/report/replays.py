"""Replays several scenarios, keeps each in the store, and gathers one report."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sim.engine.choose import choose
from sim.evidence.outcome import Wanted
from sim.evidence.replay import replay
from sim.evidence.result import ReadingResult
from sim.evidence.study import Study
from sim.report import replay_text
from sim.report.dial import other_reps
from sim.report.language import Lang
from sim.report.listing import listing
from sim.report.options import plan_of
from sim.report.publish import TABLES, Kept, publishing, titles
from sim.report.working import expect, prepare_there, resumable, workers
from sim.runs.replicate import Plan, Progress
from sim.runs.where import HERE, Where
from sim.scenario.files import find
from sim.scenario.load import Scenario, load
from sim.store import again
from sim.store.documents import plain
from sim.store.results import Format

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Options:
    """How to replay; what is None is as each scenario states it.

    Attributes
    ----------
    reading : only this one; None for all.
    reps, precision, seed, engine : of the runs.
    study : how many draws of the inputs judge the claims.
    where : they take place.
    fresh : replay again what is kept, and forget what an earlier run, which was stopped, has finished.
    out, kept, form : where results go, which tables, and how.
    lang : of figures and text.
    """

    reading: str | None = None
    reps: int | None = None
    precision: float | None = None
    seed: int | None = None
    engine: str = "auto"
    study: Study = field(default_factory=Study)
    where: Where = HERE
    fresh: bool = False
    out: Path = Path("results")
    kept: Kept = "cases"
    form: Format = "parquet"
    lang: Lang = "en"


@dataclass(frozen=True)
class Report:
    """What the replays found.

    Attributes
    ----------
    document : as printed by `replay --json`; ``reps`` is the least of the headline readings.
    titles : of scenarios and claims, by name and language.
    runs : what was run, by scenario.
    folders : where each replay is kept.
    """

    document: dict[str, Any]
    titles: dict[str, dict[str, str]]
    runs: dict[str, replay_text.Runs]
    warnings: tuple[str, ...]
    folders: tuple[Path, ...]
    lang: Lang

    def as_text(self) -> str:
        """Return what a reviewer reads."""
        return replay_text.as_text(self.document, self.lang, self.titles, self.runs)

    def rows(self) -> list[dict[str, object]]:
        """Return one row a claim and reading."""
        return replay_text.as_rows(self.document)


def replay_all(
    names: Sequence[str], options: Options, tell: Tell, progress: Progress | None = None
) -> Report:
    """Replay the scenarios `names` (none: all that there are) and keep each in the store.

    All files are loaded first, so that a mistake in the last one does not wait for the first one's runs.

    Raises
    ------
    InputError : for an unknown scenario or reading, or a file that is wrong.
    """
    wanted = list(dict.fromkeys(names)) or [str(entry["id"]) for entry in listing().entries]
    files = [find(name) for name in wanted]
    if options.fresh or not all((options.out / file.stem).is_dir() for file in files):
        expect(options.where, options.engine)  # beside what follows, which takes as long
    scenarios = [load(file) for file in files]
    kept = [_kept(scenario, options, tell) for scenario in scenarios]
    found: list[_Done] = []
    known: dict[str, dict[str, str]] = {}
    some = None in kept
    there = workers(options.where, options.engine) if some else nullcontext(options.where)
    with _summarised(options), there as where:
        if some:
            prepare_there(options.engine, where, tell)
        for scenario, before in zip(scenarios, kept, strict=True):
            found.append(before or _one(scenario, replace(options, where=where), tell, progress))
            known.update(titles(scenario.raw))
            if heading := titles({scenario.name: {"title": scenario.raw.get("title")}}):
                known.update(heading)
    documents = [done.document for done in found]
    joined = {
        "seed": documents[0]["seed"],
        "reps": min(document["reps"] for document in documents),
        "engine": documents[0]["engine"],
        "claims": [claim for document in documents for claim in document["claims"]],
    }
    runs = {done.scenario: done.runs for done in found}
    warnings = tuple(warning for done in found for warning in done.warnings)
    return Report(joined, known, runs, warnings, tuple(done.folder for done in found), options.lang)


@contextmanager
def _summarised(options: Options) -> Iterator[None]:
    """Bring the page over all scenarios up to date, also when a later scenario was stopped."""
    try:
        yield
    finally:
        from sim.report.page.index import update  # Jinja2, which no other command needs

        update(options.out, options.lang)


@dataclass(frozen=True)
class _Done:
    """One replay, made now or kept from before."""

    scenario: str
    document: dict[str, Any]
    runs: replay_text.Runs
    warnings: tuple[str, ...]
    folder: Path


def _plan(scenario: Scenario, options: Options) -> Plan:
    return plan_of(
        scenario,
        reps=options.reps,
        precision=options.precision,
        seed=options.seed,
        engine=options.engine,
    )


def _key(scenario: Scenario, options: Options) -> str:
    """Return the key of the inputs of a replay; where it runs and where it is kept decide nothing."""
    plan = _plan(scenario, options)
    sizes = (plan.reps, plan.precision, plan.budget, plan.seed, choose(plan.engine).name)
    return again.run_key(
        "replay", scenario, sizes, options.study, options.reading, options.kept, options.form, options.lang
    )


def _kept(scenario: Scenario, options: Options, tell: Tell) -> _Done | None:
    """Return the same replay from the store, if it is there and is not to be made again."""
    key = _key(scenario, options)
    earlier = None if options.fresh else again.earlier(options.out, scenario.name, key)
    if earlier is None:
        return None
    folder, manifest, summary = earlier
    tell(f"{scenario.name}: {again.told(folder, manifest)}")
    document = {name: value for name, value in summary.items() if name not in ("warnings", "scoreboard")}
    runs = replay_text.Runs(manifest["reps"], manifest["seed"], manifest["engine"])
    return _Done(scenario.name, document, runs, tuple(summary["warnings"]), folder)


def _one(scenario: Scenario, options: Options, tell: Tell, progress: Progress | None) -> _Done:
    """Replay one scenario and keep it; the records of a reading are let go of before the next one."""
    plan = _plan(scenario, options)
    readings = None if options.reading is None else (options.reading,)
    inputs = ("replay", scenario, options.reading, plan.seed, plan.engine)
    label = f"replay-{scenario.name}"
    with (
        resumable(options.where, options.out, label, inputs, fresh=options.fresh, tell=tell) as where,
        publishing(
            scenario, options.out, kept=options.kept, form=options.form, lang=options.lang,
            where=options.where,
        ) as (publisher, folder),
    ):  # fmt: skip

        def keep(reading: ReadingResult) -> None:
            tell(f"{scenario.name}, {reading.reading}: writing tables")
            publisher.add(reading)

        result = replay(
            scenario, replace(plan, where=where), readings=readings, other_reps=other_reps(plan.reps),
            study=options.study,
            tell=tell, progress=progress, hand_on=keep,
            wanted=Wanted(TABLES[options.kept], figures=True),
        )  # fmt: skip
        publisher.finish(result, _key(scenario, options))
    runs = replay_text.Runs(
        {reading.reading: reading.reps for reading in result.readings}, result.seed, result.engine
    )
    return _Done(scenario.name, plain(result.to_json()), runs, tuple(result.warnings), folder)
