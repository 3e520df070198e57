"""Binds `use` to the number it names, gives each unknown its name, and visits all numbers of a model."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from sim.scenario.fields import Checking, near
from sim.scenario.numbers import Assume, Dial, Number, Use
from sim.scenario.tree import NOWHERE

if TYPE_CHECKING:
    from sim.scenario.model import ScenarioModel


def models(value: Any) -> Iterator[BaseModel]:
    """Yield every model within `value`, itself included, in the order of the file's keys."""
    todo = [value]
    while todo:
        one = todo.pop()
        if isinstance(one, BaseModel):
            yield one
            todo += reversed([getattr(one, name) for name in type(one).model_fields])
        elif isinstance(one, dict):
            todo += reversed(list(one.values()))
        elif isinstance(one, tuple) and not hasattr(one, "_fields"):
            todo += reversed(one)


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
    for number in numbers(model):
        if isinstance(number, Use):
            target = known.get(number.use)
            if target is None:
                context.add(
                    number.use,
                    f"`{number.use}` is not among the named numbers.",
                    near(number.use, known, "numbers"),
                )
            elif not _circular(number, known):
                number._target = target
            else:
                context.add(
                    number.use,
                    f"`{number.use}` is made from itself.",
                    "Break the circle with a number of its own.",
                )
        elif isinstance(number, (Assume, Dial)) and number.mark != NOWHERE:
            number._name = context.names.name(number.mark)
    for name, number in known.items():
        if isinstance(number, (Assume, Dial)):
            number._name = str(name)


def _circular(number: Use, known: dict[Any, Number]) -> bool:
    """Whether following names from `number` ever comes back to a name already on the way."""
    state: dict[str, int] = {}

    def visit(name: str) -> bool:
        if state.get(name):
            return state[name] == 1
        state[name] = 1
        target = known.get(name)
        found = target is not None and any(visit(u.use) for u in numbers(target) if isinstance(u, Use))
        state[name] = 2
        return found

    return visit(number.use)
