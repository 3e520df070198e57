"""How words and numbers are written on the figures, in English and Chinese."""

from __future__ import annotations

import math

from sim.figures.texts import UNITS, WORDS

_WEEKDAYS = {
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    "zh": ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
}

#: Units of elapsed time, longest first, and from how many seconds on each is used.
_SCALES = (("days", 2 * 86400), ("hours", 2 * 3600), ("minutes", 2 * 60), ("seconds", 0))
LENGTHS = {"days": 86400, "hours": 3600, "minutes": 60, "seconds": 1}
_SHORT = {"days": "d", "hours": "h", "minutes": "min", "seconds": "s"}


_MOST_DECIMALS = 2


def say(key: str, lang: str, **parts: str) -> str:
    """Return the words for `key` in `lang`, with `parts` filled in."""
    text = WORDS[key][1 if lang == "zh" else 0]
    return text.format(**parts) if parts else text


def side(name: str, lang: str) -> str:
    """Return ``Before``, ``After``, or the variant's own name."""
    key = name.capitalize()
    return say(key, lang) if key in WORDS else name


def unit(name: str, lang: str, value: float | None = None) -> str:
    """Return unit `name` as it stands behind `value` (many, if no value is given)."""
    one, many, chinese = UNITS.get(name, (name, name, name))
    if lang == "zh":
        return chinese if value is not None else chinese.removeprefix("个")
    return one if value == 1 else many


def weekdays(lang: str) -> tuple[str, ...]:
    """Return the names of the weekdays, Monday first."""
    return _WEEKDAYS["zh" if lang == "zh" else "en"]


def number(value: float) -> str:
    """Write a computed number with three significant digits, groups of thousands set apart."""
    if not math.isfinite(value):
        return "–"
    return _thin(f"{value:,.{_digits(abs(value))}f}")


def _digits(size: float) -> int:
    return 0 if size >= 99.95 else 1 if size >= 9.995 else 2


def numbers(*values: float) -> tuple[str, ...]:
    """Write computed numbers with as many decimals as the smallest needs, and as tell them apart."""
    finite = {value for value in values if math.isfinite(value)}
    digits = _digits(min((abs(value) for value in finite if value), default=0.0))
    while digits < _MOST_DECIMALS and len({f"{value:.{digits}f}" for value in finite}) < len(finite):
        digits += 1
    return tuple(_thin(f"{v:,.{digits}f}") if math.isfinite(v) else "–" for v in values)


def plain(value: float) -> str:
    """Write a stated number as it was stated, without zeros that say nothing."""
    text = f"{value:,.10f}".rstrip("0").rstrip(".") if math.isfinite(value) else "–"
    return _thin(text)


def stated(value: float | tuple[float, ...], lang: str, *, share: bool = False) -> str:
    """Write a documented value, or the two ends of a range."""
    write = percent if share else plain
    if isinstance(value, tuple):
        return say("range", lang, low=write(min(value)), high=write(max(value)))
    return write(value)


def _thin(text: str) -> str:
    return text.replace(",", "\u2009").replace("-", "−")


def percent(share: float) -> str:
    """Write a share as a percentage."""
    if not math.isfinite(share):
        return "–"
    if 0 < share < 0.001:
        return "<0.1 %"
    return f"{share * 100:.1f} %" if share < 0.0995 or 0.995 <= share < 1 else f"{share * 100:.0f} %"


def scale(seconds: float) -> str:
    """Return the unit in which `seconds` of elapsed time read best."""
    return next(name for name, least in _SCALES if seconds >= least)


def duration(seconds: float, lang: str, name: str | None = None) -> str:
    """Write a length of elapsed time.

    Parameters
    ----------
    name : unit to write it in, unless it would come out below a twentieth; None: the one in which it
        reads best.
    """
    if seconds == 0:
        return "0"
    size = abs(seconds)
    if name is None or size < 0.05 * LENGTHS[name]:
        name = scale(size)
    return in_unit(seconds, name, lang)


def in_unit(seconds: float, name: str, lang: str) -> str:
    """Write a length of elapsed time in unit `name`, however small it comes out."""
    return f"{number(seconds / LENGTHS[name])} {unit(name, lang, 2.0) if lang == 'zh' else _SHORT[name]}"


def replications(count: int, lang: str) -> str:
    """Return ``one replication`` or how many."""
    return say("rep", lang) if count == 1 else say("reps", lang, n=str(count))


def band(level: float | None, lang: str) -> str:
    """Return what a band is: an interval, or the range of the replications."""
    return say("band.interval" if level is not None else "band.range", lang)


def statistic(name: str, lang: str) -> str:
    """Return what a statistic is called in small print."""
    key = f"statistic.{name}"
    return say(key, lang) if key in WORDS else name
