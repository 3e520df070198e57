"""The verdict on one claim: where the predicted figure lies, next to what the claim allows."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from sim.evidence.finding import DrawCount, Errors, Judged, Spread, Verdict
from sim.evidence.region import claimed, documented_change
from sim.evidence.weigh import HIGH, LOW, bootstrap, effective, quantiles, spread
from sim.scenario.model import Claim

FloatArray = npt.NDArray[np.float64]

#: Effective draws below which a calibrated claim cannot be tested.
FEWEST = 30.0
#: Share of the weight of draws without a figure (nothing closed to measure) above which nothing is judged.
MOST_LOST = 0.05
#: Share of resamples that must agree on a verdict.
AGREED = 0.9


@dataclass(frozen=True)
class Predicted:
    """One claim over the draws.

    Attributes
    ----------
    before, after : figure of each draw, in the claim's unit; NaN where there was nothing to measure.
    again : "after" once more in other luck, for some draws (else NaN): what luck alone does.
    weights : of the draws, adding up to 1; all 0 if none was solved.
    """

    before: FloatArray
    after: FloatArray
    again: FloatArray
    weights: FloatArray

    @property
    def usable(self) -> npt.NDArray[np.bool_]:
        """Draws that count."""
        return (self.weights > 0) & np.isfinite(self.after)


def judge(
    claim: Claim,
    reading: str,
    predicted: Predicted,
    draws: DrawCount,
    *,
    calibrated: bool,
    seed: int,
    open_share: float = 0.0,
) -> Judged:
    """Return the verdict on one claim.

    Parameters
    ----------
    claim : what is documented.
    predicted : its figures over the draws.
    calibrated : whether the dial was solved in the draws; if not, "supported" becomes "plausible".
    seed : of the bootstrap.
    """
    region, side = claimed(claim)
    ratio = side == "change" and claim.scale == "ratio"
    usable = predicted.usable
    change = _change(predicted, ratio=ratio)
    judged = change if side == "change" else predicted.after
    usable &= np.isfinite(judged)
    weights = np.where(usable, predicted.weights, 0.0)
    lost = max(float(predicted.weights.sum() - weights.sum()), 0.0)
    documented = claim.after if side == "after" else documented_change(claim)
    found = Judged(
        claim=str(claim.name),
        reading=reading,
        unit="share" if ratio else claim.unit,
        side=side,
        documented=documented,
        region=region,
        calibrated=calibrated,
        before=_spread(predicted.before, predicted.weights),
        after=_spread(predicted.after, predicted.weights),
        change=_spread(change, weights),
        verdict=Verdict.NOT_TESTABLE,
        agreement=1.0,
        share=None,
        share_interval=None,
        distance=None,
        errors=None,
        draws=draws,
        open_share=open_share,
        effective=effective(weights),
        lost=lost,
    )
    if region is None or not usable.any():
        return found
    x, w = judged[usable], weights[usable] / weights[usable].sum()
    inside = (x >= region[0]) & (x <= region[1])
    verdict, agreement, shares = _verdict(x, w, inside, region, calibrated, seed)
    if (calibrated and effective(weights) < FEWEST) or lost > MOST_LOST:
        verdict = Verdict.NOT_TESTABLE
    beyond = None
    if math.isinf(region[0]) != math.isinf(region[1]) and isinstance(documented, float):
        beyond = spread(x - documented, w)
    return replace(
        found,
        verdict=verdict,
        agreement=agreement,
        share=float(w[inside].sum()),
        share_interval=(float(shares[0]), float(shares[1])),
        distance=beyond,
        errors=_errors(x, _again(predicted, side, ratio=ratio)[usable], w),
    )


def plain_verdict(low: float, high: float, region: tuple[float, float]) -> Verdict:
    """Return the verdict on an interval: inside the region, disjoint from it, or neither."""
    if region[0] <= low and high <= region[1]:
        return Verdict.SUPPORTED
    if high < region[0] or low > region[1]:
        return Verdict.CONTRADICTED
    return Verdict.PLAUSIBLE


def _verdict(
    x: FloatArray,
    w: FloatArray,
    inside: npt.NDArray[np.bool_],
    region: tuple[float, float],
    calibrated: bool,
    seed: int,
) -> tuple[Verdict, float, FloatArray]:
    """Return the verdict, how many resamples agree, and the 90 % bootstrap interval of the share."""

    def of(values: FloatArray, weights: FloatArray) -> Verdict:
        low, high = quantiles(values, weights, (LOW, HIGH))
        found = plain_verdict(float(low), float(high), region)
        return Verdict.PLAUSIBLE if found is Verdict.SUPPORTED and not calibrated else found

    verdict = of(x, w)
    agreement = bootstrap(lambda i: float(of(x[i], w[i]) is verdict), len(x), seed).mean()
    shares = bootstrap(lambda i: float(w[i][inside[i]].sum() / w[i].sum()), len(x), seed)
    if agreement < AGREED:
        verdict = Verdict.MORE_DRAWS
    return verdict, float(agreement), np.quantile(shares, (LOW, HIGH))


def _change(predicted: Predicted, *, ratio: bool) -> FloatArray:
    """Return after minus before in each draw, or after over before minus 1 for a ratio."""
    if not ratio:
        return np.asarray(predicted.after - predicted.before)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(predicted.before != 0, predicted.after / predicted.before - 1.0, math.nan)


def _again(predicted: Predicted, side: str, *, ratio: bool) -> FloatArray:
    other = Predicted(predicted.before, predicted.again, predicted.again, predicted.weights)
    return _change(other, ratio=ratio) if side == "change" else predicted.again


def _spread(values: FloatArray, weights: FloatArray) -> Spread | None:
    known = np.where(np.isfinite(values), weights, 0.0)
    return spread(values, known) if known.sum() > 0 else None


def _errors(x: FloatArray, again: FloatArray, w: FloatArray) -> Errors:
    """Take the variance over draws apart: two lucks of one draw differ by luck alone."""
    mean = float(np.average(x, weights=w))
    whole = float(np.average((x - mean) ** 2, weights=w))
    twice = np.isfinite(again)
    luck = math.nan
    if twice.any():
        luck = float(np.average((x[twice] - again[twice]) ** 2, weights=w[twice])) / 2.0
    inputs = max(whole - luck, 0.0) if math.isfinite(luck) else math.nan
    return Errors(
        inputs=math.sqrt(inputs) if math.isfinite(inputs) else math.nan,
        luck=math.sqrt(luck) if math.isfinite(luck) else math.nan,
        monte_carlo=math.sqrt(whole / max(effective(w), 1.0)),
    )
