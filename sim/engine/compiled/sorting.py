"""Puts the rows of a run into their fixed order: by case, then joined, element, entry and token."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from sim.engine.compiled.copying import copy_row
from sim.engine.compiled.jit import entry, inner
from sim.engine.records import STEP_DTYPE

Table = npt.NDArray[Any]

#: Rows written before those of ended cases are sorted: 750 kB, less than a processor's cache.
CHUNK = 8_192


@inner
def _before(one, other):
    if one.joined != other.joined:
        return one.joined < other.joined
    if one.element != other.element:
        return one.element < other.element
    if one.entry != other.entry:
        return one.entry < other.entry
    return one.token < other.token


@inner
def _sort_out(rows, last, ended, first, found, order):
    """Find the order of `rows`: those of cases before `last`, of which there are `ended`, then the others.

    By counting on cases, whose rows are few and nearly in order, then by insertion within each.
    """
    others = ended
    for i in range(len(rows)):
        case = rows[i].case
        if case >= last:
            order[others] = i
            others += 1
            continue
        place = first[case] + found[case]
        found[case] += 1
        while place > first[case] and _before(rows[i], rows[order[place - 1]]):
            order[place] = order[place - 1]
            place -= 1
        order[place] = i


@inner
def _move(rows, order, places, spare):
    """Put each row in its place within their table; note in `places` where each has gone."""
    for place in range(len(rows)):
        places[place] = -1
    for start in range(len(rows)):
        if order[start] == start:
            places[start] = start
        elif places[order[start]] < 0:
            # Round the circle of those that take each other's places.
            copy_row(spare, 0, rows, start)
            place = start
            while order[place] != start:
                copy_row(rows, place, rows, order[place])
                places[order[place]] = place
                place = order[place]
            copy_row(rows, place, spare, 0)
            places[start] = place


@inner
def _follow(pieces, cut, done, ended, places):
    """Let pieces of work from `cut` on follow their rows; bring those of sorted rows to the front."""
    for i in range(cut, len(pieces)):
        row, start, stop = done + places[pieces[i].row - done], pieces[i].start, pieces[i].stop
        if row < done + ended:
            copy_row(pieces, i, pieces, cut)
            pieces[cut].row, pieces[cut].start, pieces[cut].stop = row, start, stop
            cut += 1
        else:
            pieces[i].row = row
    return cut


@entry
def _sorted(steps, pieces, cases, known, whole, at, first, found, order, places, spare):
    """Sort what comes next, if that is worth while: see `Sorter`, whose arrays these are."""
    done, seen, case, cut = at[0], at[1], at[2], at[3]
    for i in range(seen, len(steps)):
        found[steps[i].case] += 1
    at[1] = len(steps)
    last, ended = case, 0
    while last < known and (whole or cases[last].status):
        first[last] = ended
        ended += found[last]
        last += 1
    if not whole and 2 * ended < len(steps) - done:
        return
    found[case:last] = 0
    rows = steps[done:]
    _sort_out(rows, last, ended, first, found, order)
    _move(rows, order, places, spare)
    at[0], at[2], at[3] = done + ended, last, _follow(pieces, cut, done, ended, places)


class Sorter:
    """Sorts the rows of a run as it goes on, while they are in the processor's cache.

    At the front of the tables stand, in their order, the rows of all cases before the first one that is open,
    as of when that was last looked at. They stay; the others follow as they were written.
    """

    def __init__(self, cases: int) -> None:
        """Begin with no rows of so many cases."""
        #: Rows sorted, rows counted, the first case whose rows are not sorted, pieces of sorted rows.
        self._at = np.zeros(4, np.int64)
        #: Of each case: where its rows begin among those that are sorted next; how many are there.
        self._first, self._found = np.zeros(cases, np.int64), np.zeros(cases, np.int64)
        self._order = self._places = np.zeros(0, np.int64)
        self._spare = np.zeros(1, STEP_DTYPE)

    def sort(self, steps: Table, pieces: Table, cases: Table, *, whole: bool) -> int:
        """Sort the rows of ended cases before the first open one, if those are half of what is not sorted.

        Parameters
        ----------
        steps, pieces, cases : rows written so far, those sorted before among them; changed in place.
        whole : sort all rows, now that no more come.

        Returns
        -------
        How many rows there should be when this is done again: as many as to make it worth while.
        """
        left = len(steps) - int(self._at[0])
        if len(self._order) < left:
            self._order, self._places = np.empty(2 * left, np.int64), np.empty(2 * left, np.int64)
        _sorted(
            steps, pieces, cases, len(cases), whole,
            self._at, self._first, self._found, self._order, self._places, self._spare,
        )  # fmt: skip
        return len(steps) + max(CHUNK, len(steps) - int(self._at[0]))


def sort_rows(steps: Table, pieces: Table, cases: Table) -> None:
    """Put the rows of all cases into their fixed order, in place; pieces of work follow theirs."""
    Sorter(len(cases)).sort(steps, pieces, cases, whole=True)
