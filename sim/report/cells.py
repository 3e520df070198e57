"""Cells of printed tables: a value with as many digits as its interval needs, shares as percentages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.report.language import Lang, either
from sim.report.layout import decimals_of, number


def with_interval(measure: Mapping[str, Any], lang: Lang = "en", *, signed: bool = False) -> list[str]:
    """Return two cells: the mean, and ``LOW to HIGH``; a dash for what is not known.

    Parameters
    ----------
    measure : ``mean``, ``low`` and ``high`` as in printed documents, and ``at_least`` where it may be more.
    signed : write a plus before what rises.
    """
    mean, low, high = (measure.get(key) for key in ("mean", "low", "high"))
    if mean is None:
        return ["-", "-"]
    decimals = decimals_of(max(abs(v) for v in (mean, low, high) if v is not None))
    text = number(mean, decimals=decimals)
    if signed and mean > 0:
        text = f"+{text}"
    if measure.get("at_least"):
        text = f">={text}"
    if low is None or high is None:
        return [text, "-"]
    ends = number(low, decimals=decimals), number(high, decimals=decimals)
    return [text, either(lang, "{} to {}", "{} 至 {}").format(*ends)]


def percent(measure: Mapping[str, Any]) -> str:
    """Return a share as a percentage with one decimal; a dash where it is not known."""
    mean = measure.get("mean")
    return "-" if mean is None else f"{100 * mean:.1f} %"


def percent_interval(measure: Mapping[str, Any], lang: Lang = "en") -> list[str]:
    """Return two cells: a share, and its interval, as percentages."""
    low, high = measure.get("low"), measure.get("high")
    if low is None or high is None:
        return [percent(measure), "-"]
    return [
        percent(measure),
        either(lang, "{:.1f} to {:.1f} %", "{:.1f} 至 {:.1f} %").format(100 * low, 100 * high),
    ]
