"""Binds `use` to the number it names, gives each unknown its name, and visits all numbers of a model."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from sim.scenario.fields import Checking, near
from sim.scenario.numbers import Assume, Dial, Number, Use
from sim.scenario.tree import NOWHERE, Mark, Text
from sim.scenario.units import Quantity

if TYPE_CHECKING:
    from sim.scenario.model import ScenarioModel


def models(value: Any) -> Iterator[BaseModel]:
    """Yield every model within `value`, itself included, in the order of the file's keys."""
    todo = [value]
    while todo:
        one = todo.pop()
        if isinstance(one, BaseModel):
            yield one
            inside: Iterable[Any] = one.__dict__.values()
        elif isinstance(one, dict):
            inside = one.values()
        elif type(one) is tuple:
            inside = one
        else:
            continue
        todo += [child for child in reversed([*inside]) if type(child) not in _LEAVES]


_LEAVES = frozenset((str, Text, int, float, bool, type(None), Quantity, Mark, date))


def numbers(value: Any) -> Iterator[Number]:
    """Yield every number within `value`, parts included."""
    for one in models(value):
        if isinstance(one, Number):
            yield one


def bind_numbers(model: ScenarioModel, context: Checking) -> None:
    """Bind `use`, name the unknowns, and record names that are not known or go in a circle."""
    known: dict[Any, Number] = dict(model.numbers)
    edits = [
        e
        for changes in (model.reform, model.context, model.readings)
        for change in changes
        for e in change.edits
    ]
    for edit in edits:
        known |= getattr(edit, "insert_numbers", {})
    circular = _circular(known)
    for number in numbers(model):
        if isinstance(number, Use):
            target = known.get(number.use)
            if target is None:
                hint = near(number.use, known, "numbers")
                context.add(number.use, f"`{number.use}` is not among the named numbers.", hint)
            elif number.use in circular:
                hint = "Break the circle with a number of its own."
                context.add(number.use, f"`{number.use}` is made from itself.", hint)
            else:
                number._target = target
        elif isinstance(number, (Assume, Dial)) and number.mark != NOWHERE:
            number._name = context.names.name(number.mark)
    for name, number in known.items():
        if isinstance(number, (Assume, Dial)):
            number._name = str(name)


def _circular(known: dict[Any, Number]) -> set[str]:
    """Return the names from which following `use` leads into a circle."""
    uses = {
        str(n): {str(u.use) for u in numbers(number) if isinstance(u, Use)} for n, number in known.items()
    }
    sound: set[str] = set()
    while True:
        more = {
            name for name, used in uses.items() if name not in sound and used.isdisjoint(uses.keys() - sound)
        }
        if not more:
            return set(uses) - sound
        sound |= more
