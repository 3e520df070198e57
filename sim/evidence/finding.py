"""What the evidence found, as plain tables for figures and reports: verdicts, attribution, sensitivity."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]


class Verdict(StrEnum):
    """What the draws say of a claim's documented figure."""

    SUPPORTED = "supported"  # the 90 % interval lies within what the claim allows
    CONTRADICTED = "contradicted"  # it lies outside
    PLAUSIBLE = "plausible"  # it lies partly within, or nothing was calibrated
    MORE_DRAWS = "plausible, more draws needed"  # resampled draws do not agree on one of the above
    NOT_TESTABLE = "not testable"  # too few draws reproduce "before", or nothing is documented after


@dataclass(frozen=True)
class Spread:
    """A figure over the weighted draws, in the claim's unit.

    Attributes
    ----------
    mean, low, middle, high : weighted mean, 5 %, 50 % and 95 % points.
    """

    mean: float
    low: float
    middle: float
    high: float


@dataclass(frozen=True)
class Errors:
    """Why "after" is not one number: standard deviations, in the claim's unit.

    Attributes
    ----------
    inputs : what is not known of the service, calibration included.
    luck : the chance of one period of the documented length.
    monte_carlo : error of the mean of the draws, which more draws make smaller.
    """

    inputs: float
    luck: float
    monte_carlo: float


@dataclass(frozen=True)
class DrawCount:
    """How many draws of the inputs a finding rests on.

    Attributes
    ----------
    made, solved : draws, and those in which the dial meets the documented "before" (all of them where
        nothing is calibrated).
    effective : effective size of the weights, (sum w)^2 / sum w^2.
    unsolved : (reason in words, draws) of the others.
    values : dial values tried, all draws together.
    error : largest relative gap between "before" and the documented figure among the solved.
    """

    made: int
    solved: int
    effective: float
    unsolved: tuple[tuple[str, int], ...] = ()
    values: int = 0
    error: float = 0.0


@dataclass(frozen=True)
class BreakEven:
    """The value of one input at which the verdict would turn, the others being at their likeliest.

    Attributes
    ----------
    name : of the unknown.
    unit : of its values.
    likely, low, high : its likeliest value, and the 1 and 99 % points of its law between which was looked.
    value : where the judged figure reaches the edge of what the claim allows; None: nowhere in the range.
    edge : that edge, in the claim's unit.
    at_low, at_high : the judged figure there, in the claim's unit.
    """

    name: str
    unit: str
    likely: float
    low: float
    high: float
    value: float | None
    edge: float
    at_low: float
    at_high: float


@dataclass(frozen=True)
class StaffNeeded:
    """What staffing could do for a claim that is missed, at the likeliest inputs.

    Attributes
    ----------
    factor : by which all staff of "after" must grow for the figure to come within the region (1: it is
        there already); None where none is enough.
    unlimited : the figure with staff that is practically never waited for, in the claim's unit.
    """

    factor: float | None
    unlimited: float


@dataclass(frozen=True)
class Judged:
    """The verdict on one claim under one reading.

    Attributes
    ----------
    claim, reading, unit : names; unit of all figures of ``side`` (``share`` for a ratio).
    side : ``after`` or ``change``: which figure is judged.
    documented : the documented figure of that side, or the pair of a range; None where there is none.
    region : (low, high) that the claim allows, ends included; None where nothing is documented.
    calibrated : whether the dial was solved for a documented "before"; if not, the best verdict is
        plausible.
    before, after, change : over the draws; "after" in fresh luck. None where nothing can be measured.
    verdict : see `Verdict`.
    agreement : share of bootstrap resamples of the draws that give this verdict.
    share : weighted share of draws whose figure lies in the region, with its 90 % bootstrap interval.
    distance : figure minus ceiling (or floor) for claims of one side; None for the others.
    errors : apart, of the judged figure.
    draws : what it rests on.
    open_share : share of cases open at the end of the "after" runs, mean over draws.
    break_even, staff : what would flip the verdict; None where not looked for.
    effective : effective size of the draws that have the judged figure.
    lost : share of the weight of draws that do not: nothing was closed to measure.
    """

    claim: str
    reading: str
    unit: str
    side: str
    documented: float | tuple[float, ...] | None
    region: tuple[float, float] | None
    calibrated: bool
    before: Spread | None
    after: Spread | None
    change: Spread | None
    verdict: Verdict
    agreement: float
    share: float | None
    share_interval: tuple[float, float] | None
    distance: Spread | None
    errors: Errors | None
    draws: DrawCount
    open_share: float = 0.0
    break_even: BreakEven | None = None
    staff: StaffNeeded | None = None
    effective: float = 0.0
    lost: float = 0.0

    @property
    def borderline(self) -> bool:
        """Whether resampled draws do not quite agree on the verdict."""
        return self.verdict is Verdict.MORE_DRAWS or (
            self.verdict is not Verdict.NOT_TESTABLE and self.agreement < 0.97
        )


@dataclass(frozen=True)
class Share:
    """What one lever, or the context, does to a claim's figure.

    Attributes
    ----------
    name : of the lever; ``kind`` is ``lever`` or ``context``.
    value, low, high : its Shapley value (mean and 90 % interval over draws), in the claim's unit;
        negative values shorten a time.
    overloaded : whether the service was overloaded in some subset that the value rests on.
    """

    name: str
    kind: str
    value: float
    low: float
    high: float
    overloaded: bool = False


@dataclass(frozen=True)
class TimeKind:
    """One kind of time of a claim's cases: touch, queue, off_shift, batch, wait or rework.

    Attributes
    ----------
    kind : its name.
    before, after : mean per case, in days of 24 hours.
    change, low, high : after minus before with its 90 % interval over draws, in days of 24 hours.
    """

    kind: str
    before: float
    after: float
    change: float
    low: float
    high: float


@dataclass(frozen=True)
class Attribution:
    """Which part of the reform does what to one claim; the shares add up to the whole change.

    Attributes
    ----------
    claim, reading, unit : as in `Judged`.
    total : after minus before, shared luck.
    shares : levers in file order, the context first.
    waterfall : (name, change) when the levers are put in one after another in file order.
    kinds : the same change over the kinds of time (elapsed); empty where the claim is no mean.
    method : ``exact``, or ``sampled`` (a random order and its reverse in each of `draws`).
    draws, runs : number of resampled draws and of simulated runs.
    """

    claim: str
    reading: str
    unit: str
    total: Spread
    shares: tuple[Share, ...]
    waterfall: tuple[tuple[str, float], ...]
    kinds: tuple[TimeKind, ...]
    method: str
    draws: int
    runs: int


@dataclass(frozen=True)
class Influence:
    """How much one unknown matters for one output.

    Attributes
    ----------
    name, unit : of the unknown.
    low, high : ends of its stated range; ``likely`` its likeliest value.
    at_low, at_high : mean output over the draws in its lowest and highest quarter, in the output's unit.
    first : first-order index (share of the output's variance) and ``first_error``, its 90 % half-width.
    total, total_error : total index (share of what an emulator of the draws varies by) with its 90 %
        half-width, if it was asked for and the emulator is good enough.
    """

    name: str
    unit: str
    low: float
    high: float
    likely: float
    at_low: float
    at_high: float
    first: float
    first_error: float
    total: float | None = None
    total_error: float | None = None


@dataclass(frozen=True)
class Sensitivity:
    """What one output of a claim depends on, the most influential unknown first.

    Attributes
    ----------
    output : ``after``, or ``saving`` (before minus after).
    middle : weighted mean of the output, in the claim's unit.
    rows : the unknowns.
    explained : share of the output's variance that an emulator told right in draws that it had not seen
        (the rest is luck, and its own error); None: total indices were not asked for.
    """

    claim: str
    reading: str
    unit: str
    output: str
    middle: float
    rows: tuple[Influence, ...]
    explained: float | None = None


@dataclass(frozen=True)
class Evidence:
    """All that the draws of one reading show.

    Attributes
    ----------
    reading : its name.
    judged, attributions, sensitivities : claim by claim.
    names : of the unknowns, the dial last if there is one.
    values : of the unknowns, one row a draw, each in its own unit; NaN for a dial without solution.
    weights : of the draws, adding up to 1.
    figures : claim -> columns before, after (fresh luck) of each draw, in the claim's unit.
    warnings : in words.
    """

    reading: str
    judged: tuple[Judged, ...]
    attributions: tuple[Attribution, ...]
    sensitivities: tuple[Sensitivity, ...]
    names: tuple[str, ...]
    values: FloatArray
    weights: FloatArray
    figures: dict[str, FloatArray]
    warnings: tuple[str, ...] = ()
