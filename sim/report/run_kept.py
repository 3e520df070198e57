"""Runs one variant, or finds the same run in the store."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sim.engine.choose import choose
from sim.report.publish import Kept
from sim.report.run_view import RunView, view
from sim.report.single import Choice, run_single
from sim.runs.replicate import Plan, Progress
from sim.scenario.load import Scenario
from sim.store import again, results
from sim.store.documents import plain


def run_or_found(
    scenario: Scenario,
    choice: Choice,
    plan: Plan,
    *,
    against: str | None,
    out: Path,
    kept: Kept,
    form: results.Format,
    fresh: bool = False,
    tell: Callable[[str], None],
    progress: Progress | None = None,
) -> tuple[RunView, Path]:
    """Return what one variant did and where it is kept; a run of the same inputs is not made again.

    Parameters
    ----------
    plan, against, kept, form, fresh, tell, progress : as of ``run_single``.
    """
    engine = choose(plan.engine).name
    key = again.run_key("run", scenario, choice, against, _sizes(plan), engine, kept, form)
    if not fresh and (found := again.earlier(out, scenario.name, key)) is not None:
        folder, manifest, document = found
        tell(again.told(folder, manifest))
        return view(document), folder
    result, made = run_single(
        scenario, choice, plan,
        against=against, out=out, kept=kept, form=form, fresh=fresh, key=key, tell=tell, progress=progress,
    )  # fmt: skip
    assert made is not None
    return view(plain(result.to_json())), made


def _sizes(plan: Plan) -> tuple[object, ...]:
    return (plan.reps, plan.precision, plan.budget, plan.seed)
