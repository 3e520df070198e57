"""Puts the rows of a run into their fixed order: by case, then joined, element, entry and token."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from sim.engine.compiled.jit import entry, inner


@inner
def _before(one, other):
    if one.joined != other.joined:
        return one.joined < other.joined
    if one.element != other.element:
        return one.element < other.element
    if one.entry != other.entry:
        return one.entry < other.entry
    return one.token < other.token


@entry
def _sorted(steps, starts, filled, order, places, spare):
    """Sort by counting on cases, whose rows are few and nearly in order, then by insertion within each.

    `starts` and `filled` are 0, one longer than there are cases; `order` and `places` are as long as `steps`,
    `places` is -1; `spare` is a row. The rows move within their table: those of a case stand close to each
    other, so that this stays in the processor's cache, and a second table would first have to be cleared.
    """
    for i in range(len(steps)):
        starts[steps[i].case + 1] += 1
    for case in range(1, len(starts)):
        starts[case] += starts[case - 1]
        filled[case] = starts[case]
    for i in range(len(steps)):
        case = steps[i].case
        place = filled[case]
        filled[case] = place + 1
        while place > starts[case] and _before(steps[i], steps[order[place - 1]]):
            order[place] = order[place - 1]
            place -= 1
        order[place] = i
    for first in range(len(steps)):
        if order[first] == first:
            places[first] = first
        elif places[order[first]] < 0:
            # Round the circle of those that take each other's places.
            spare[0] = steps[first]
            place = first
            while order[place] != first:
                steps[place] = steps[order[place]]
                places[order[place]] = place
                place = order[place]
            steps[place] = spare[0]
            places[first] = place


def sort_steps(steps: npt.NDArray[Any], cases: int) -> npt.NDArray[np.int64]:
    """Put the rows of the steps table into their fixed order; return the place to which each has moved.

    `cases` is the number of cases.
    """
    order, places = np.empty(len(steps), np.int64), np.full(len(steps), -1)
    starts, filled = np.zeros(cases + 1, np.int64), np.zeros(cases + 1, np.int64)
    _sorted(steps, starts, filled, order, places, np.empty(1, steps.dtype))
    return places
