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
def _sorted(steps, starts, filled, order, rows):
    """Sort by counting on cases, whose rows are few and nearly in order, then by insertion within each.

    `starts` and `filled` are 0, one longer than there are cases; `order` and `rows` are as long as `steps`.
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
    for i in range(len(steps)):
        rows[i] = steps[order[i]]


def sorted_steps(steps: npt.NDArray[Any], cases: int) -> tuple[npt.NDArray[Any], npt.NDArray[np.int64]]:
    """Return the rows of the steps table in their fixed order, and the places that they came from.

    `cases` is the number of cases.
    """
    # Made here, for NumPy asks for large pages: the first touch of a small one takes as long as to fill it.
    order, rows = np.empty(len(steps), np.int64), np.empty_like(steps)
    starts, filled = np.zeros(cases + 1, np.int64), np.zeros(cases + 1, np.int64)
    _sorted(steps, starts, filled, order, rows)
    return rows, order
