"""How figures are written on the page: numbers with their units, regions, documented values."""

from __future__ import annotations

import math
from collections.abc import Mapping

from sim.figures import words
from sim.report.language import Lang, title
from sim.report.page.texts import say
from sim.scenario.model import Claim

Documented = float | tuple[float, ...] | None
DASH = "–"


def figure(value: float | None, unit: str, lang: Lang, *, bare: bool = False) -> str:
    """Write a computed figure with its unit; ``bare`` leaves the unit out."""
    if value is None or not math.isfinite(value):
        return DASH
    if unit == "share":
        return words.percent(value)
    text = words.number(value)
    return text if bare else with_unit(text, unit, lang, value)


def with_unit(text: str, unit: str, lang: Lang, value: float = 2.0) -> str:
    """Put the unit behind a number in words."""
    return f"{text} {words.unit(unit, lang, value)}".rstrip() if unit else text


def change(value: float | None, unit: str, lang: Lang) -> str:
    """Write a change with its sign; of a share in percentage points."""
    if value is None or not math.isfinite(value):
        return DASH
    sign = "+" if value > 0 else "−" if value < 0 else ""
    if unit == "share":
        return f"{sign}{words.number(abs(100 * value))} {words.say('points', lang)}"
    return sign + figure(abs(value), unit, lang)


def span(low: float, high: float, unit: str, lang: Lang) -> str:
    """Write the two ends of an interval, the unit left to the column."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return DASH
    if unit == "share":
        return say("region.to", lang, low=words.percent(low), high=words.percent(high))
    first, last = words.numbers(low, high)
    return say("region.to", lang, low=first, high=last)


def stated(value: Documented, unit: str, lang: Lang) -> str:
    """Write a documented figure as it was stated, with its unit."""
    if value is None:
        return DASH
    text = words.stated(value, lang, share=unit == "share")
    if unit == "share":
        return text
    return with_unit(text, unit, lang, value if isinstance(value, float) else 2.0)


def bounded(claim: Claim, value: Documented, unit: str, lang: Lang) -> str:
    """Write the documented figure of the judged side with ``at most`` and the like before it."""
    text = stated(value, unit, lang)
    if value is not None and claim.comparator in ("at-most", "at-least", "about"):
        text = f"{words.say(claim.comparator, lang)} {text}"
    return text


def region(allowed: tuple[float, float] | None, unit: str, lang: Lang) -> str:
    """Write what a claim allows."""
    if allowed is None:
        return DASH
    low, high = allowed

    def end(value: float) -> str:
        return words.percent(value) if unit == "share" else words.plain(round(value, 6))

    if math.isinf(low):
        text = say("region.most", lang, high=end(high))
    elif math.isinf(high):
        text = say("region.least", lang, low=end(low))
    elif low == high:
        text = end(low)
    else:
        text = say("region.to", lang, low=end(low), high=end(high))
    one = [end_ for end_ in allowed if math.isfinite(end_)]
    return text if unit == "share" else with_unit(text, unit, lang, one[0] if len(one) == 1 else 2.0)


def claim_title(claim: Claim, lang: Lang) -> str:
    """Return what to call a claim."""
    if claim.title is None:
        return str(claim.name)
    return str(claim.title.zh if lang == "zh" else claim.title.en)


def named(name: str, titles: Mapping[str, Mapping[str, str]], lang: Lang) -> str:
    """Return the title of a named thing, or its name."""
    return title(titles.get(name), lang, name)


def listed(parts: list[str], lang: Lang) -> str:
    """Join parts of a sentence."""
    return ("；" if lang == "zh" else "; ").join(part for part in parts if part)
