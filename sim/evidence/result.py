"""What a replay found: each documented figure beside the simulated one, with the reason in words."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sim.evidence.calibrate import Calibration
from sim.evidence.explain import explain, flips
from sim.evidence.figure import Measured
from sim.evidence.finding import Evidence, Judged
from sim.evidence.outcome import Outcome
from sim.evidence.region import claimed, distance, documented_change
from sim.measures.statistics import Interval
from sim.network.elements import Network
from sim.scenario.load import Scenario
from sim.scenario.model import Claim


@dataclass(frozen=True)
class ClaimResult:
    """One claim under one reading.

    Attributes
    ----------
    before, after, change : simulated statistic with interval; None where it cannot be measured.
    correlation : between before and after over the replications (common random numbers).
    measured : the cases behind it, by side name.
    calibration : how the dial was set; None if the scenario is not calibrated.
    calibrated_here : whether this claim's own documented "before" set the dial.
    reason : in plain words, what the comparison says and how far it may be trusted.
    judged : its verdict over the draws; None if none were made.
    """

    scenario: str
    reading: str
    claim: Claim
    before: Interval | None
    after: Interval | None
    change: Interval | None
    correlation: float
    measured: Mapping[str, Measured]
    calibration: Calibration | None
    calibrated_here: bool
    reason: str
    judged: Judged | None = None

    def with_verdict(self, judged: Judged) -> ClaimResult:
        """Return the claim with its verdict, its reason told by it, too."""
        told = " ".join(s for s in (explain(judged), flips(judged), self.reason) if s)
        return replace(self, judged=judged, reason=told)

    def to_json(self) -> dict[str, Any]:
        """Return the claim's entry of ``replay --json``."""
        c = self.claim
        return {
            "id": str(c.name),
            "scenario": self.scenario,
            "reading": self.reading,
            "unit": c.unit,
            "clock": c.clock,
            "statistic": c.statistic,
            "population": c.population,
            "comparator": c.comparator,
            "tolerance": c.tolerance,
            "documented": {
                "before": _listed(c.before),
                "after": _listed(c.after),
                "change": _listed(c.change),
            },
            "simulated": {
                "before": _spread(self.before),
                "after": _spread(self.after),
                "change": _spread(self.change),
            },
            "calibrated": self.calibration is not None and self.calibration.solution.solved,
            "verdict": None if self.judged is None else self.judged.verdict.value,
            "share": None if self.judged is None else self.judged.share,
            "effective_draws": None if self.judged is None else self.judged.draws.effective,
            "reason": self.reason,
        }


@dataclass(frozen=True)
class ReadingResult:
    """Both sides of one reading: networks, outcomes per replication, claims.

    Attributes
    ----------
    reps : replications of each side.
    outcomes : before and after; empty once they were handed on.
    reached : whether the precision asked for, if any, was reached.
    evidence : what the draws of the inputs show; None if none were made.
    """

    reading: str
    reps: int
    networks: tuple[Network, Network]
    outcomes: tuple[tuple[Outcome, ...], tuple[Outcome, ...]] = field(repr=False)
    claims: tuple[ClaimResult, ...]
    calibration: Calibration | None
    warnings: tuple[str, ...]
    reached: bool
    evidence: Evidence | None = None

    def without_outcomes(self) -> ReadingResult:
        """Return the reading without its outcomes, which take most of the memory."""
        return replace(self, outcomes=((), ()))


@dataclass(frozen=True)
class ReplayResult:
    """A whole replay of one scenario, headline reading first."""

    scenario: Scenario = field(repr=False)
    seed: int
    reps: int
    engine: str
    readings: tuple[ReadingResult, ...]
    seconds: float

    @property
    def claims(self) -> tuple[ClaimResult, ...]:
        """Claims of all readings, in order."""
        return tuple(c for r in self.readings for c in r.claims)

    @property
    def warnings(self) -> tuple[str, ...]:
        """All warnings, each once."""
        return tuple(dict.fromkeys(w for r in self.readings for w in r.warnings))

    def to_json(self) -> dict[str, Any]:
        """Return the document of ``replay --json``."""
        return {
            "seed": self.seed,
            "reps": self.reps,
            "engine": self.engine,
            "claims": [c.to_json() for c in self.claims],
        }


def _listed(figure: float | tuple[float, ...] | None) -> float | list[float] | None:
    return list(figure) if isinstance(figure, tuple) else figure


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _spread(interval: Interval | None) -> dict[str, float | None] | None:
    if interval is None or not math.isfinite(interval.estimate):
        return None
    return {"mean": interval.estimate, "low": _finite(interval.low), "high": _finite(interval.high)}


# ---- the reason --------------------------------------------------------------------------------------


def reason(
    claim: Claim,
    sides: Mapping[str, Interval | None],
    calibration: Calibration | None,
    measured: Mapping[str, Measured],
) -> str:
    """Say in plain words what the comparison at the likeliest inputs shows."""
    parts = [_calibrated(claim, calibration), _compared(claim, sides), _open(claim, measured)]
    return " ".join(p for p in parts if p)


def _compared(claim: Claim, sides: Mapping[str, Interval | None]) -> str:
    allowed, side = claimed(claim)
    simulated = sides.get(side)
    if allowed is None:
        return "No figure is documented to compare with; the simulated one is reported."
    if simulated is None or not math.isfinite(simulated.estimate):
        return "At the likeliest inputs: no case of the claim's population, so there is nothing to compare."
    away = distance(simulated.estimate, allowed)
    documented = _words(claim.after if side == "after" else documented_change(claim))
    relative = claim.scale == "ratio" and side == "change"
    unit = "" if claim.unit == "share" or relative else f" {claim.unit}"
    bound = {"at-most": "at most ", "at-least": "at least "}.get(claim.comparator, "")
    text = f"simulated {_number(simulated.estimate)}{unit}, documented {bound}{documented}{unit}"
    if isinstance(claim.tolerance, float) and claim.tolerance:
        text += f" (give or take {_number(claim.tolerance)})"
    if not away:
        inside = allowed[0] <= simulated.low and simulated.high <= allowed[1]
        doubt = (
            ""
            if inside or not math.isfinite(simulated.half_width)
            else "; the interval reaches beyond what is allowed"
        )
        return f"At the likeliest inputs: agrees ({text}{doubt})."
    return f"At the likeliest inputs: differs by {away:+.3g}{unit} ({text})."


def _calibrated(claim: Claim, calibration: Calibration | None) -> str:
    if calibration is None and claim.before is None:
        return "Not calibrated: no figure before the reform is documented."
    if calibration is None:
        return "Not calibrated: no dial is solved for the documented figure before the reform."
    s = calibration.solution
    dial = f"{calibration.dial.name} = {_number(s.value)} {calibration.dial.unit.name}".rstrip()
    if s.solved:
        return ""
    lows = sorted(figure for _, figure in s.tried if math.isfinite(figure))
    own = str(claim.name) == calibration.claim
    unit = f" {claim.unit}" if own and claim.unit != "share" else ""
    reach = f"from {_number(lows[0])} to {_number(lows[-1])}{unit}" if lows else "no case to measure"
    between = bool(lows) and lows[0] <= s.target <= lows[-1]
    whose = "" if own else f" of {calibration.claim}"
    return (
        f"Not calibrated: no value {'tried of the dial' if between else 'of the dial in its range'} meets "
        f"the documented {_number(s.target)}{whose}; values tried gave {reach}; the nearest, {dial}, is used."
    )


def _open(claim: Claim, measured: Mapping[str, Measured]) -> str:
    late = {side: m.open for side, m in measured.items() if m.open}
    if not late:
        return ""
    shown = " and ".join(f"{n} {side}" for side, n in late.items())
    if claim.statistic == "share":
        means = "they are not counted, so the shares may be smaller than shown"
    else:
        means = f"the {'means' if claim.statistic == 'mean' else 'figures'} are at least what is shown"
    return f"Cases still open when the run ended: {shown}; {means}."


def _words(figure: float | tuple[float, ...] | None) -> str:
    if isinstance(figure, tuple):
        return " to ".join(_number(f) for f in figure)
    return "-" if figure is None else _number(figure)


def _number(value: float) -> str:
    return f"{value:.4g}"
