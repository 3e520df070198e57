"""A verdict in plain words, English or Chinese: why it was given, and what would flip it."""

from __future__ import annotations

import math

from sim.evidence.finding import Judged, StaffNeeded, Verdict
from sim.evidence.judge import MOST_LOST

_UNITS_ZH = {
    "working days": "个工作日", "working hours": "个工作小时", "days": "天", "h": "小时", "min": "分钟",
    "s": "秒", "weeks": "周", "months": "个月", "years": "年", "share": "",
}  # fmt: skip


def explain(judged: Judged, lang: str = "en") -> str:
    """Return one or two sentences: why this verdict."""
    return _explain_zh(judged) if lang == "zh" else _explain_en(judged)


def flips(judged: Judged, lang: str = "en") -> str:
    """Return what would flip the verdict; empty where that was not looked for."""
    said = [_break_even(judged, lang), _staff(judged, judged.staff, lang)]
    return ("" if lang == "zh" else " ").join(s for s in said if s)


def _explain_en(j: Judged) -> str:
    if j.verdict is Verdict.NOT_TESTABLE:
        return _untestable_en(j)
    spread = j.change if j.side == "change" else j.after
    assert spread is not None
    assert j.region is not None
    what = "the change" if j.side == "change" else "after the reform"
    over = "all that is not known" if j.calibrated else "all that is not known, nothing calibrated"
    said = (
        f"Over {over}, {what} is {number(spread.middle)}{_unit(j)}"
        f" ({number(spread.low)} to {number(spread.high)} in nine cases of ten);"
        f" the document allows {_region(j, 'en')}"
    )
    tails = {
        Verdict.SUPPORTED: "all of that lies within.",
        Verdict.CONTRADICTED: f"none of that lies within{_distance(j, 'en')}.",
    }
    said += ": " + tails.get(j.verdict, f"{percent(j.share)} of the draws lie within.")
    if j.verdict is Verdict.PLAUSIBLE and not j.calibrated:
        said += " As nothing is calibrated on a figure before the reform, it cannot be more than plausible."
    if j.verdict is Verdict.MORE_DRAWS:
        said += f" Only {percent(j.agreement)} of resamples of the draws agree on a verdict."
    elif j.borderline:
        said += f" Borderline: {percent(j.agreement)} of resamples of the draws agree."
    return said


def _explain_zh(j: Judged) -> str:
    if j.verdict is Verdict.NOT_TESTABLE:
        return _untestable_zh(j)
    spread = j.change if j.side == "change" else j.after
    assert spread is not None
    what = "变化量" if j.side == "change" else "改革后"
    said = (
        f"综合全部未知因素{'' if j.calibrated else '（未作校准）'}，"
        f"{what}为{number(spread.middle)}{_unit(j, 'zh')}"
        f"（九成概率在{number(spread.low)}至{number(spread.high)}之间）；文献容许{_region(j, 'zh')}，"
    )
    tails = {
        Verdict.SUPPORTED: "区间全部在内。",
        Verdict.CONTRADICTED: f"区间全部在外{_distance(j, 'zh')}。",
    }
    said += tails.get(j.verdict, f"{percent(j.share)}的抽样在内。")
    if j.verdict is Verdict.PLAUSIBLE and not j.calibrated:
        said += "由于未按改革前的数据校准，结论至多为“有可能”。"
    if j.borderline:
        said += f"结论处于边界：{percent(j.agreement)}的重抽样一致。"
    return said


def _untestable_en(j: Judged) -> str:
    if j.region is None:
        return "Nothing is documented after the reform to compare with."
    if j.draws.solved and (j.after is None or j.lost > MOST_LOST):
        return (
            f"In {percent(j.lost)} of the draws, by weight, nothing was closed after the reform to measure: "
            "an average over the others would mislead."
        )
    return (
        f"The stated ranges rarely reproduce the documented figure before the reform: of {j.draws.made} "
        f"draws {j.draws.solved} do, which count as {j.effective or j.draws.effective:.0f}; 30 are needed."
    )


def _untestable_zh(j: Judged) -> str:
    if j.region is None:
        return "文献没有可供比较的改革后数据。"
    if j.draws.solved and (j.after is None or j.lost > MOST_LOST):
        return f"按权重计，{percent(j.lost)}的抽样在改革后没有办结可供测量的办件；只看其余抽样会误导。"
    return (
        f"所设范围很少能重现改革前的文献数据：{j.draws.made}次抽样中{j.draws.solved}次可以，"
        f"有效数为{j.effective or j.draws.effective:.0f}，至少需要30。"
    )


def _break_even(j: Judged, lang: str) -> str:
    b = j.break_even
    if b is None:
        return ""
    unit = f" {b.unit}" if b.unit else ""
    if lang == "zh":
        unit = _UNITS_ZH.get(b.unit, b.unit)
        if b.value is None:
            return (
                f"影响最大的未知因素{b.name}在{number(b.low)}至{number(b.high)}{unit}之间都不能改变结论"
                f"（结果为{number(b.at_low)}至{number(b.at_high)}{_unit(j, 'zh')}）。"
            )
        return (
            f"若{b.name}约为{number(b.value)}{unit}（最可能为{number(b.likely)}），"
            f"结果即到达{number(b.edge)}{_unit(j, 'zh')}的界限。"
        )
    if b.value is None:
        return (
            f"The input that matters most, {b.name}, does not turn it anywhere between {number(b.low)} and "
            f"{number(b.high)}{unit}: the figure goes from {number(b.at_low)} to "
            f"{number(b.at_high)}{_unit(j)}."
        )
    return (
        f"The input that matters most is {b.name}: at about {number(b.value)}{unit} (likeliest "
        f"{number(b.likely)}) the figure reaches {number(b.edge)}{_unit(j)}, the edge of what the document "
        "allows."
    )


def _staff(j: Judged, staff: StaffNeeded | None, lang: str) -> str:
    if staff is None or staff.factor == 1.0:
        return ""
    if lang == "zh":
        if staff.factor is None:
            return f"增加人员也不够：人员充足时仍为{number(staff.unlimited)}{_unit(j, 'zh')}。"
        return f"人员增至{number(staff.factor)}倍即可达到文献数据。"
    if staff.factor is None:
        return (
            f"More staff would not do it: with nobody ever waiting it is {number(staff.unlimited)}{_unit(j)}."
        )
    return f"With {number(staff.factor)} times the staff after the reform the figure would be reached."


def _region(j: Judged, lang: str) -> str:
    assert j.region is not None
    low, high = j.region
    unit = _unit(j, lang)
    if math.isinf(low):
        return (
            f"至多{number(high)}{unit}" if lang == "zh" else f"at most {number(high)}{_unit(j, lang, high)}"
        )
    if math.isinf(high):
        return f"至少{number(low)}{unit}" if lang == "zh" else f"at least {number(low)}{_unit(j, lang, low)}"
    if low == high:
        return f"{number(low)}{unit}"
    return (
        f"{number(low)}至{number(high)}{unit}" if lang == "zh" else f"{number(low)} to {number(high)}{unit}"
    )


def _distance(j: Judged, lang: str) -> str:
    if j.distance is None:
        return ""
    away = number(abs(j.distance.middle))
    if lang == "zh":
        return f"，与文献数据相差{away}{_unit(j, 'zh')}"
    return f", {away}{_unit(j)} from the documented figure"


def _unit(j: Judged, lang: str = "en", value: float = 2.0) -> str:
    if lang == "zh":
        return _UNITS_ZH.get(j.unit, j.unit)
    if j.unit == "share":
        return ""
    return f" {j.unit.removesuffix('s')}" if number(value) == "1" else f" {j.unit}"


def number(value: float) -> str:
    """Return three significant figures, or a whole number from a thousand on."""
    if abs(value) >= 999.5:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def percent(share: float | None) -> str:
    """Return a share in per cent."""
    return "-" if share is None else f"{share:.0%}"
