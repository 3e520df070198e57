"""Checks of the claims: what they measure, on which clock, and what they compare."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.scenario.bind import numbers
from sim.scenario.numbers import Dial
from sim.scenario.reading import Checking
from sim.scenario.units import Dimension

if TYPE_CHECKING:
    from sim.scenario.model import Claim, ScenarioModel

ELAPSED_UNITS = ("s", "min", "h", "days", "weeks", "months", "years")
WORKING_UNITS = ("working days", "working hours")
UNITS_OF = {
    "elapsed": ELAPSED_UNITS,
    "applicant": ELAPSED_UNITS,
    "touch": (*ELAPSED_UNITS, *WORKING_UNITS),
    "working-time": WORKING_UNITS,
    "legal": WORKING_UNITS,
    "working-dates": ("working days",),
}


def check_claims(model: ScenarioModel, context: Checking) -> None:
    """Record claims that could not be measured or judged."""
    asked = [claim for claim in model.claims if claim.calibrate]
    for extra in asked[1:]:
        context.add(
            extra.place("calibrate"),
            f"`{asked[0].name}` is calibrated already, and there is one dial.",
            "Keep `calibrate: true` on one claim.",
        )
    for claim in asked:
        if claim.before is None:
            context.add(
                claim.place("calibrate"),
                "there is no figure `before` to calibrate to.",
                "Add it, or leave `calibrate` out.",
            )
    if asked and not context.expanded and not any(isinstance(n, Dial) for n in numbers(model)):
        context.add(
            asked[0].place("calibrate"),
            "there is no dial to calibrate.",
            "Make one number {dial: [low, high], direction: up, why: ..}, or leave `calibrate` out.",
        )
    for claim in model.claims:
        _claim(claim, model, context)


def _claim(claim: Claim, model: ScenarioModel, context: Checking) -> None:
    ends = {"from", "to"} & set(claim.raw)
    if claim.spans is not None and ends:
        context.add(
            claim.place("spans"), "the claim has both `spans` and `from` or `to`.", "Keep one of them."
        )
    elif claim.spans is None and len(ends) < 2:
        missing = "from" if "from" not in ends else "to"
        context.add(
            claim.raw,
            f"the claim `{claim.name}` does not say {'from' if missing == 'from' else 'to'} which mark it "
            "measures.",
            f"Write `{missing}: MARK`, or `spans: [[from, to], ..]`.",
        )
    elif claim.spans is not None and not claim.spans and claim.raw.get("spans") == []:
        context.add(claim.place("spans"), "the list of spans is empty.", "Write [[from, to], [from, to]].")
    if claim.from_ is not None and claim.from_ == claim.to:
        context.add(claim.to, "the claim measures from a mark to itself.", "Name two marks.")
    _units(claim, model, context)
    if claim.before is not None or claim.after is not None or claim.change is not None:
        _comparison(claim, context)  # a claim without figures is only reported beside the others


def _units(claim: Claim, model: ScenarioModel, context: Checking) -> None:
    share = claim.statistic == "share"
    if share and claim.within is None and "within" not in claim.raw:
        context.add(
            claim.raw,
            "a share of cases needs the limit that they are within.",
            "Write `within: 20 working days`.",
        )
    if not share and claim.within is not None:
        context.add(
            claim.place("within"),
            f"`within` goes with `statistic: share`, and this is `{claim.statistic}`.",
            "Leave it out.",
        )
    if "unit" not in claim.raw or "clock" not in claim.raw:
        return
    if share != (claim.unit == "share"):
        hint = "Write `unit: share`." if share else "`unit: share` goes with `statistic: share`."
        context.add(
            claim.place("unit"),
            f"the unit `{claim.unit}` does not go with the statistic `{claim.statistic}`.",
            hint,
        )
    elif not share and claim.unit not in UNITS_OF[claim.clock]:
        context.add(
            claim.place("unit"),
            f"the unit `{claim.unit}` does not go with the clock `{claim.clock}`.",
            f"Allowed: {', '.join(UNITS_OF[claim.clock])}.",
        )
    if claim.within is not None and share:
        working = claim.clock in ("working-time", "working-dates", "legal")
        wanted = Dimension.WORKING if working else Dimension.ELAPSED
        if claim.within.dimension is not wanted and claim.clock != "touch":
            context.add(
                claim.place("within"),
                f"`{claim.within}` does not go with the clock `{claim.clock}`.",
                f"Write a time in {'working days' if working else 'days or hours'}.",
            )
    if claim.clock in ("working-time", "working-dates", "legal") and not claim.calendar and _unclear(model):
        context.add(
            claim.place("clock"),
            f"the clock `{claim.clock}` needs a calendar, and there is more than one.",
            "Add `calendar: NAME` here, or under `run` for all.",
        )


def _unclear(model: ScenarioModel) -> bool:
    return model.default_calendar is None and bool(model.calendars)


def _comparison(claim: Claim, context: Checking) -> None:
    figures = {"before": claim.before, "after": claim.after, "change": claim.change}
    for key, figure in figures.items():
        values = figure if isinstance(figure, tuple) else () if figure is None else (figure,)
        if claim.statistic == "share" and key != "change" and any(not 0 <= v <= 1 for v in values):
            context.add(claim.place(key), "a share lies from 0 to 1.", "Write 0.9 or 90 %.")
        elif key != "change" and any(v < 0 for v in values):
            context.add(claim.place(key), "the figure is negative.", "Write a number of 0 or more.")
        if isinstance(figure, tuple) and (len(figure) != 2 or figure[0] >= figure[1]) and key in claim.raw:
            context.add(
                claim.place(key), "a range of figures is two numbers, the lower first.", "Write [2, 3]."
            )
    if claim.scale != "level" and claim.change is None and (claim.before is None or claim.after is None):
        context.add(
            claim.place("scale"),
            f"the {claim.scale} is compared, and no `change` is stated.",
            "Write `change`, or both `before` and `after`.",
        )
    if claim.comparator in ("exact", "about") and claim.tolerance is None and "tolerance" not in claim.raw:
        context.add(
            claim.raw,
            f"the comparator `{claim.comparator}` needs a `tolerance`.",
            "Write how far off still agrees, and why.",
        )
    judged = claim.change if claim.scale != "level" else claim.after
    if claim.comparator == "range" and judged is not None and not isinstance(judged, tuple):
        key = "change" if claim.scale != "level" else "after"
        context.add(claim.place(key), "the comparator is `range`, and this is one figure.", "Write [2, 3].")
    if claim.why is None and "why" not in claim.raw:
        context.add(
            claim.raw,
            f"the claim `{claim.name}` has no `why`.",
            "Say why it is measured and compared in this way.",
        )
