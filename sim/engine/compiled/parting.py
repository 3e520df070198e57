"""Parts the rows of a run by groups of cases: those that have ended, some at a time, and those still open.

Compiled, for a run hands on its rows often, and NumPy copies records field by field. All rows are looked at
once, however many groups there are; then each group is copied by itself.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from sim.engine.compiled.copying import copy_row
from sim.engine.compiled.jit import entry, inner

#: ``lead`` of a row whose bundle is led by a case of another group: this and the number of that case.
ELSEWHERE = 1 << 40


Table = npt.NDArray[Any]
Places = npt.NDArray[np.int32]
IntArray = npt.NDArray[np.int64]


@entry
def _grouped(of, begins, order, where):
    """Find where each of some things goes that are told apart by their groups.

    `of` is the group of each; `order` becomes their places group by group, as they stand within it, `where`
    the place of each in its group, and `begins` (zeros, one more than groups) where groups begin in `order`.
    """
    for i in range(len(of)):
        where[i] = begins[of[i]]
        begins[of[i]] += 1
    before = 0
    for group in range(len(begins)):
        size = begins[group]
        begins[group] = before
        before += size
    for i in range(len(of)):
        order[begins[of[i]] + where[i]] = i


@inner
def _name(row, group, of_case, place_of_case, names):
    """Number the case of a row of `group` anew, and the one that leads it."""
    row.case = place_of_case[row.case]
    lead = row.lead
    if 0 <= lead < ELSEWHERE:
        row.lead = place_of_case[lead] if of_case[lead] == group else ELSEWHERE + names[lead]


@entry
def _copied(steps, chosen, group, of_case, place_of_case, names, rows):
    """Copy the rows `chosen`, of the cases of `group`, to `rows`."""
    for found in range(len(chosen)):
        copy_row(rows, found, steps, chosen[found])
        _name(rows[found], group, of_case, place_of_case, names)


@entry
def _kept(steps, chosen, group, of, where, of_case, place_of_case, names):
    """Bring the rows `chosen`, of the cases of `group`, to the front: those behind fill the gaps of others.

    `of` is the group of each row; `where` becomes the place of each row of this one.
    """
    gap = 0
    for i in range(len(chosen)):
        place = chosen[i]
        if place >= len(chosen):
            while of[gap] == group:
                gap += 1
            copy_row(steps, gap, steps, place)
            place = gap
            gap += 1
        where[chosen[i]] = place
        _name(steps[place], group, of_case, place_of_case, names)


@entry
def _counted(steps, case, count):
    """Note in `case` the case of each row, and in `count` (zeros) how many rows each case has."""
    for i in range(len(steps)):
        case[i] = steps[i].case
        count[case[i]] += 1


@entry
def renumber(slots, place_of_case):
    """Give open cases, in their slots (``layout.CASE``), the rows that they have come to have."""
    for i in range(len(slots)):
        slot = slots[i]
        if slot.strand >= 0 and slot.status == 0:
            slot.row = place_of_case[slot.row]


class Groups:
    """Things told apart by the number of their group.

    Attributes
    ----------
    of : the group of each. where : the place of each in its group.
    """

    def __init__(self, of: Places, groups: int) -> None:
        """Take the group of each thing, from 0 up to but not including `groups`."""
        self.of = of
        self.where: Places = np.empty(len(of), np.int32)
        self._order: Places = np.empty(len(of), np.int32)
        self._begins = np.zeros(groups + 1, np.int64)
        _grouped(of, self._begins, self._order, self.where)

    def __getitem__(self, group: int) -> Places:
        """Return the places of the things of one group, in ascending order."""
        return self._order[self._begins[group] : self._begins[group + 1]]


class Rows:
    """Rows of a run as they were written, of cases that go to groups."""

    def __init__(self, steps: Table, pieces: Table, names: IntArray) -> None:
        """Take the used part of both tables, and the number of each case in the whole run."""
        self._steps, self._pieces, self._names = steps, pieces, names
        # In a table of its own, as it is read more than once.
        self._case: Places = np.empty(len(steps), np.int32)
        #: How many rows of steps each case has.
        self.count: IntArray = np.zeros(len(names), np.int64)
        _counted(steps, self._case, self.count)

    def part(self, of: Places, groups: int) -> None:
        """Take the group of each case, from 0 up to but not including `groups`."""
        self._cases = Groups(of, groups)
        self._rows = Groups(of[self._case], groups)
        self._cuts = Groups(self._rows.of[self._pieces["row"]], groups)

    @property
    def place_of_case(self) -> Places:
        """The number of each case in its group."""
        return self._cases.where

    def cases(self, group: int) -> Places:
        """Return the cases of one group."""
        return self._cases[group]

    def copy(self, group: int) -> tuple[Table, Table]:
        """Return the rows of the cases of one group, which are numbered anew.

        A ``lead`` that is not of the group becomes `ELSEWHERE` and its number in the whole run.
        """
        chosen, cases = self._rows[group], self._cases
        steps = np.empty(len(chosen), self._steps.dtype)
        _copied(self._steps, chosen, group, cases.of, cases.where, self._names, steps)
        pieces = self._pieces[self._cuts[group]]
        pieces["row"] = self._rows.where[pieces["row"]]
        return steps, pieces

    def keep(self, group: int) -> tuple[int, int]:
        """Move the rows of the cases of one group to the front of both tables, numbered as by `copy`.

        In any order: few of them move. It comes after all that is copied.

        Returns
        -------
        How many rows of each there are then.
        """
        chosen, rows, cases = self._rows[group], self._rows, self._cases
        _kept(self._steps, chosen, group, rows.of, rows.where, cases.of, cases.where, self._names)
        pieces = self._pieces[self._cuts[group]]
        pieces["row"] = rows.where[pieces["row"]]
        self._pieces[: len(pieces)] = pieces
        return len(chosen), len(pieces)
