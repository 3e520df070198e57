"""Goals of a service as a planner writes them: ``p90 <= 4 working days``, ``share within 2 h >= 0.9`` ..."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from sim.errors import InputError
from sim.scenario.nearest import near
from sim.scenario.units import Dimension, Quantity, WrongError, parse_quantity
from sim.whatif.outcome import What

HOW = (
    "Write `p90 <= 4 working days`, `mean <= 2 h`, `share within 5 days >= 0.9` or `utilisation <= 0.85`; "
    "with `wait` before it for the time in queues only: `wait p90 <= 10 min`; with a pool: "
    "`utilisation clerks <= 0.85`."
)
#: Units of a goal, and what they are called in tables.
UNITS = {
    "s": "seconds", "min": "minutes", "h": "hours", "days": "days",
    "working days": "working days", "working hours": "working hours",
}  # fmt: skip

_TIME = re.compile(r"(?:(wait|lead) +)?(mean|median|p\d{1,2}(?:\.\d+)?) *(<=|>=|<|>|=) *(.+)")
_SHARE = re.compile(r"(?:(wait|lead) +)?(?:share +)?within +(.+?) *(<=|>=|<|>|=) *(.+)")
_USE = re.compile(r"utili[sz]ation(?: +([a-z][a-z0-9.-]*))? *(<=|>=|<|>|=) *(.+)")


@dataclass(frozen=True)
class Limit:
    """A length of time: `value` in `unit`."""

    value: float
    unit: str

    def __str__(self) -> str:
        return f"{self.value:g} {self.unit}"


@dataclass(frozen=True)
class Goal:
    """One goal.

    Attributes
    ----------
    text : as it was written.
    kind : ``mean`` (of a time, at most the limit), ``share`` (of the cases within the limit, at least
        `bound`) or ``utilisation`` (of a pool, at most `bound`).
    what : the time that it is about.
    limit : of the time; None for a utilisation.
    bound : least share, or greatest utilisation.
    quantile : the probability, where it was written as a quantile: ``p90 <= 4 h`` asks for the same as
        ``share within 4 h >= 0.9``; None else.
    pool : of a utilisation; empty for every pool that varies.
    """

    text: str
    kind: Literal["mean", "share", "utilisation"]
    what: What = "lead"
    limit: Limit | None = None
    bound: float = 0.0
    quantile: float | None = None
    pool: str = ""


def limit_of(text: str, where: str) -> Limit:
    """Return the length of time that a text such as ``4 working days`` means.

    Parameters
    ----------
    where : what messages begin with, such as ``--within``.

    Raises
    ------
    InputError : for a text that is no length of time above 0.
    """
    how = "Write it as `4 working days`, `36 h` or `30 days`."
    try:
        found = parse_quantity(text)
    except WrongError as wrong:
        raise InputError(f"{where} {text}: {wrong.what} {how}") from None
    if found.dimension is Dimension.PLAIN or found.value <= 0:
        raise InputError(f"{where} {text}: a length of time above 0 is needed, found `{text}`. {how}")
    if found.unit.name in UNITS:
        return Limit(found.value, UNITS[found.unit.name])
    return Limit(found.base() / 86_400.0, "days")  # weeks, months, years


def goal_of(text: str) -> Goal:
    """Return the goal that a text means.

    Raises
    ------
    InputError : for a text that is none; with what is allowed.
    """
    plain = " ".join(text.replace("≤", "<=").replace("≥", ">=").split()).lower()
    shown = f"--goal {text}:"
    if found := _USE.fullmatch(plain):
        _sign(shown, found[2], "<=", "utilisation")
        return Goal(text, "utilisation", bound=_fraction(shown, found[3]), pool=found[1] or "")
    if found := _TIME.fullmatch(plain):
        _sign(shown, found[3], "<=", f"a {found[2]}")
        limit = limit_of(found[4], shown)
        what: What = "wait" if found[1] == "wait" else "lead"
        if found[2] == "mean":
            return Goal(text, "mean", what, limit)
        p = 0.5 if found[2] == "median" else float(found[2][1:]) / 100
        if not p:
            raise InputError(f"{shown} p0 is no quantile; p1 to p99 are.")
        return Goal(text, "share", what, limit, p, quantile=p)
    if found := _SHARE.fullmatch(plain):
        _sign(shown, found[3], ">=", "a share")
        share = _fraction(shown, found[4])
        return Goal(text, "share", "wait" if found[1] == "wait" else "lead", limit_of(found[2], shown), share)
    raise InputError(f"{shown} this is no goal. {HOW}")


def goals_of(texts: list[str]) -> tuple[Goal, ...]:
    """Return the goals that texts mean; InputError for none, and for one that is given twice."""
    if not texts:
        raise InputError(f"say what is to be met with --goal. {HOW}")
    goals = tuple(goal_of(text) for text in texts)
    seen: set[tuple[object, ...]] = set()
    for goal in goals:
        key = (
            goal.kind,
            goal.what,
            goal.quantile,
            goal.pool,
            str(goal.limit) if goal.kind == "share" else "",
        )
        if key in seen:
            raise InputError(f"--goal {goal.text}: the same is asked for twice; keep the stricter one.")
        seen.add(key)
    return goals


def for_pools(goals: tuple[Goal, ...], every: list[str], varied: list[str]) -> tuple[Goal, ...]:
    """Return goals whose utilisations each name one pool: those that vary, where none was named.

    Raises
    ------
    InputError : for a pool that does not exist.
    """
    found: list[Goal] = []
    for goal in goals:
        if goal.kind != "utilisation":
            found.append(goal)
        elif not goal.pool:
            found += [
                Goal(f"utilisation {pool} <= {goal.bound:g}", "utilisation", bound=goal.bound, pool=pool)
                for pool in varied
            ]
        elif goal.pool not in every:
            raise InputError(f"--goal {goal.text}: there is no pool. {near(goal.pool, every, 'pools')}")
        else:
            found.append(goal)
    return tuple(found)


def _sign(shown: str, found: str, wanted: str, what: str) -> None:
    if found != wanted:
        raise InputError(f"{shown} {what} needs `{wanted}`, found `{found}`.")


def _fraction(shown: str, text: str) -> float:
    try:
        value: Quantity = parse_quantity(text)
    except WrongError as wrong:
        raise InputError(f"{shown} {wrong.what} {HOW}") from None
    size = value.base()
    if value.dimension is not Dimension.PLAIN or not 0 < size < 1:
        raise InputError(f"{shown} a share between 0 and 1 is needed, such as 0.9 or 90 %; found `{text}`.")
    return size
