"""Checks of numbers: units, ranges, shares that add up, the dial, and where settings may stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from sim.scenario.bind import models, numbers
from sim.scenario.law_parts import Law, MedianP90, Table
from sim.scenario.laws import Erlang, Lognormal, Mixture, Pert, Triangular, Uniform
from sim.scenario.model_cases import ByCount
from sim.scenario.model_reform import Set
from sim.scenario.numbers import Assume, Dial, Fact, Number, Plain, Use
from sim.scenario.reading import Checking
from sim.scenario.tree import Mark
from sim.scenario.units import Dimension

if TYPE_CHECKING:
    from sim.scenario.model import ScenarioModel

#: How far from 1 shares may add up to, for rounding alone.
SLACK = 1e-6


def broken(number: Number) -> bool:
    """Whether a number, or any that it is made from, could not be read or is not known."""
    if number.broken or (isinstance(number, Use) and not number.parts()):
        return True
    if isinstance(number, (Assume, Dial)) and number.ends[0].base() >= number.ends[1].base():
        return True
    return any(broken(part) for part in number.parts())


def describe(number: Number) -> str:
    """Return a number as it stands in the file."""
    if isinstance(number, Plain):
        return f"`{number.quantity}`"
    if isinstance(number, Fact):
        return f"`{number.fact}`"
    if isinstance(number, (Assume, Dial)):
        low, high = number.ends
        return f"`[{low}, {high}]`"
    if isinstance(number, Use):
        return f"`{number.use}`"
    return f"this {type(number).__name__.lower()}"


def check_numbers(model: ScenarioModel, context: Checking) -> None:
    """Record numbers that cannot stand where they stand."""
    for one in models(model):
        if isinstance(one, Number) and not broken(one):
            _ranges(one, context)
            _wanted(one, context)
        elif isinstance(one, Law):
            _law(one, context)
    _names(model, context)
    _dials(model, context)


def _ranges(number: Number, context: Checking) -> None:
    if isinstance(number, (Assume, Dial)):
        low, high = number.ends
        if isinstance(number, Assume) and number.likely is not None:
            if number.likely.dimension is not low.dimension:
                what = f"the likely value `{number.likely}` is {number.likely.dimension.value}, "
                what += f"the range {low.dimension.value}."
                context.add(number.place("likely"), what, "Give all three the same kind of unit.")
            elif low.base() < high.base() and not low.base() <= number.likely.base() <= high.base():
                what = f"the likely value `{number.likely}` is outside the range {low} to {high}."
                context.add(number.place("likely"), what, "Widen the range, or correct the likely value.")
        if isinstance(number, Dial) and low.value <= 0:
            what = f"the range of the dial begins at {low}."
            context.add(
                number.place("dial"), what, "It must begin above 0: each doubling is taken to be as likely."
            )


def _wanted(number: Number, context: Checking) -> None:
    if number.wanted == "any" and not (isinstance(number, Plain) or number.parts()):
        return
    dimension = number.dimension()
    if dimension is None:
        context.add(
            number.mark,
            f"the parts of {describe(number)} cannot be combined.",
            "Add times to times; multiply times by plain numbers only; do not mix working and elapsed time.",
        )
        return
    if number.wanted == "any":
        return
    if number.wanted == "time" and dimension is Dimension.PLAIN:
        context.add(
            number.mark,
            f"{describe(number)} has no unit, and a time is needed.",
            "Write it as `25 min`, `2 h`, `3 days` or `5 working days`.",
        )
        return
    if number.wanted != "time" and dimension is not Dimension.PLAIN:
        kind = "a share from 0 to 1" if number.wanted == "share" else "a plain number"
        context.add(
            number.mark, f"{describe(number)} is a time, and {kind} is needed.", "Leave the unit out."
        )
        return
    low, high = number.bounds()
    span = f": it can be from {low:g} to {high:g}" if number.parts() and low < high else ""
    if number.wanted == "share" and not (low >= -SLACK and high <= 1 + SLACK):
        context.add(
            number.mark,
            f"{describe(number)} is outside 0 to 1{span}.",
            "A probability or share lies from 0 to 1 (or 0 % to 100 %).",
        )
    elif low < 0 or high == float("inf"):
        word = (
            "can become infinite"
            if high == float("inf")
            else "is negative"
            if high < 0 or low == high
            else "can become negative"
        )
        context.add(number.mark, f"{describe(number)} {word}.", "Write a number of 0 or more.")


def _law(law: Law, context: Checking) -> None:
    if any(broken(n) or n.dimension() is None for n in law.numbers()):
        return
    kinds = {n.dimension() for n in law.times()}
    if {Dimension.WORKING, Dimension.ELAPSED} <= kinds:
        if not isinstance(law, Mixture) or all(
            len({n.dimension() for n in c.of.times()}) == 1 for c in law.mixture
        ):
            context.add(
                law.mark,
                "working time and elapsed time are mixed in one distribution.",
                "Give all its times in working units, or all in elapsed units.",
            )
        return
    if Dimension.PLAIN in kinds:
        return
    values = [n.resolve() for n in law.times()]
    if isinstance(law, (Uniform, Triangular, Pert)) and (values != sorted(values) or values[0] == values[-1]):
        shown = ", ".join(describe(n).strip("`") for n in law.times())
        order = "lowest, highest" if isinstance(law, Uniform) else "lowest, likeliest, highest"
        context.add(
            law.mark,
            f"[{shown}] is not in order.",
            f"Write [{order}], each more than the one before." if len(values) == 2 else f"Write [{order}].",
        )
    if isinstance(law, Lognormal) and isinstance(law.lognormal, MedianP90) and not 0 < values[0] < values[1]:
        context.add(
            law.mark,
            f"the p90 {describe(law.times()[1])} is not above the median {describe(law.times()[0])}.",
            "Nine in ten are below the p90, five in ten below the median; both above 0.",
        )
    if isinstance(law, Erlang) and (law.erlang.k.resolve() < 1 or law.erlang.k.resolve() % 1):
        context.add(
            law.erlang.k.mark,
            f"k is {describe(law.erlang.k)}.",
            "Write a whole number of 1 or more; any other shape is a gamma.",
        )
    _positive(law, context)
    table = getattr(law, "empirical", None)
    if isinstance(table, Table) and table.weights is not None and len(table.weights) != len(table.values):
        context.add(
            table.place("weights"),
            f"there are {len(table.values)} values and {len(table.weights)} weights.",
            "Give one weight for each value.",
        )
    weights = [c.weight for c in law.mixture] if isinstance(law, Mixture) else []
    weights = list(table.weights) if isinstance(table, Table) and table.weights else weights
    if weights and sum(w.resolve() for w in weights) <= 0:
        context.add(law.mark, "all weights are 0.", "Give at least one of them a weight above 0.")


def _positive(law: Law, context: Checking) -> None:
    for key, form in (
        (k, getattr(law, k, None)) for k in ("exponential", "gamma", "erlang", "lognormal", "weibull")
    ):
        for field in ("mean", "cv", "shape"):
            number = getattr(form, field, None)
            if isinstance(number, Number) and number.bounds()[0] <= 0:
                context.add(
                    number.mark,
                    f"the {field} {describe(number)} of the {key} distribution is not above 0.",
                    "Write a number above 0; what is always the same is a bare time.",
                )


def _names(model: ScenarioModel, context: Checking) -> None:
    """Assumptions that share a name are one unknown, so they must say the same."""
    seen: dict[str, Assume | Dial] = {}
    for number in numbers(model):
        if isinstance(number, (Assume, Dial)) and number.name is not None:
            first = seen.setdefault(str(number.name), number)
            if (
                type(first) is not type(number)
                or first.ends != number.ends
                or getattr(first, "likely", None) != getattr(number, "likely", None)
            ):
                context.add(
                    number.place("name"),
                    f"the name `{number.name}` has another range in line {first.mark.line}.",
                    "Give it a name of its own, or the same range and likely value.",
                )


def _dials(model: ScenarioModel, context: Checking) -> None:
    service = (model.numbers, model.cases, model.pools, model.process, model.calendars)
    found: dict[str, Dial] = {}
    for dial in (n for part in service for n in numbers(part) if isinstance(n, Dial)):
        found.setdefault(str(dial.name or dial.mark), dial)
    dials = list(found.values())
    for extra in dials[1:]:
        context.add(
            extra.mark,
            f"a second dial (the first is in line {dials[0].mark.line}).",
            "A reading has one dial; make this an `assume`.",
        )
    for dial in (n for n in numbers((model.reform, model.context)) if isinstance(n, Dial)):
        if not context.expanded:
            context.add(
                dial.mark,
                "a dial stands in a change.",
                "The dial is solved for before the reform; here write an `assume`.",
            )
    judged = [c for c in model.claims if c.before is not None]
    if dials and not judged and not context.expanded:
        context.add(
            dials[0].mark,
            "there is a dial, but no claim states a figure `before` to solve it for.",
            "Make it an `assume`, or add the claim.",
        )


def check_shares(
    shares: Mapping[str, Number | str | None], place: Mark, what: str, context: Checking
) -> None:
    """Record shares that do not add up to 1, whatever the values of their unknowns.

    Parameters
    ----------
    shares : name -> number, ``rest``, or None where none is written.
    what : of what they are shares: ``the options of route``.
    """
    if not shares:
        return
    written = {name: share for name, share in shares.items() if isinstance(share, Number)}
    rest = [name for name, share in shares.items() if share == "rest"]
    none = [name for name, share in shares.items() if share is None]
    if len(rest) > 1:
        context.add(place, f"`{rest[0]}` and `{rest[1]}` are both `rest`.", "Only one share can be the rest.")
    if none and len(shares) > 1:
        context.add(
            place, f"`{none[0]}` has no share.", "Write `share: 0.3`, or `share: rest` for one of them."
        )
    if any(broken(n) or n.dimension() is not Dimension.PLAIN for n in written.values()) or (
        none and len(shares) > 1
    ):
        return
    low, high = _totals(list(written.values()))
    if rest or none:
        if high > 1 + SLACK:
            context.add(
                place,
                f"the shares of {what} add up to {high:g}, and nothing is left for the rest.",
                "Lower them.",
            )
    elif abs(low - 1) > SLACK or abs(high - 1) > SLACK:
        many = f"to {low:g}" if abs(high - low) < SLACK else f"to anything from {low:g} to {high:g}"
        hint = "They must add up to 1." if abs(high - low) < SLACK else "They must always add up to 1."
        context.add(
            place, f"the shares of {what} add up {many}.", f"{hint} Write `share: rest` for one of them."
        )


def _totals(shares: list[Number]) -> tuple[float, float]:
    unknowns = {u.name: u for n in shares for u in n.unknowns()}
    totals = [sum(n.resolve() for n in shares)]
    for unknown in unknowns.values():
        ends = (unknown.low, unknown.high)
        totals += [sum(n.resolve({unknown.name: value}) for n in shares) for value in ends]
    return min(totals), max(totals)


def settings(value: Any) -> Iterator[Plain]:
    """Yield the bare numbers within `value` other than 0 and 1."""
    for number in numbers(value):
        if isinstance(number, Plain) and not number.broken and number.quantity.value not in (0.0, 1.0):
            yield number


def _free(model: ScenarioModel) -> Iterator[Plain]:
    """Yield settings that need no source: periods of assumed counts, calendars and caps in edits."""
    for one in models((model.cases, model.reform, model.context, model.readings)):
        if isinstance(one, ByCount) and not isinstance(one.count, Fact):
            yield from settings(one.per)
        elif isinstance(one, Set):
            parts = str(one.set).split(".")
            if parts[0] in ("run", "calendars", "claims") or parts[-1] in ("at-most", "priority", "room"):
                yield from settings(one.to)


def check_settings(model: ScenarioModel, context: Checking) -> None:
    """In a scenario with claims, record bare numbers that should have a source or a range."""
    if not model.claims or context.expanded:
        return
    free = {id(n) for n in _free(model)}
    for part in (
        model.numbers,
        model.cases,
        model.pools,
        model.process,
        model.reform,
        model.context,
        model.readings,
    ):
        for number in settings(part):
            if id(number) in free:
                continue
            context.add(
                number.mark,
                f"{describe(number)} has neither source nor range, in a scenario with claims.",
                "Write {fact: .., document: .., at: ..} or {assume: [low, high], why: ..}.",
            )
