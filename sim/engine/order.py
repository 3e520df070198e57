"""The written order of equal times: named rungs, packed with element, case and visit into one priority.

Of all that is due, next is the least (time, rung, element in file order, case = (stream, number),
visit). SimPy compares (time, priority, event id), so the rest of the tuple is packed into the
priority. SimPy's own events use priorities 0 (a process starts) and 1 (`succeed`): they only carry
on what the event that made them began, and so come before anything else of that second.
"""

from __future__ import annotations

from enum import IntEnum

from sim.network.elements import Network


class Rung(IntEnum):
    """What happens first within one second."""

    END_WORK = 0
    END_WAIT = 1
    SHIFT = 2
    MEETING = 3
    LIMIT = 4
    WITHDRAW = 5
    ARRIVE = 6
    DISPATCH = 7
    ROOM = 8  # bounded room is checked after the last dispatch of the second


VISIT_BITS = 20
NUMBER_BITS = 32
STREAM_BITS = 12
ELEMENT_BITS = 16

NUMBER_SHIFT = VISIT_BITS
STREAM_SHIFT = NUMBER_SHIFT + NUMBER_BITS
ELEMENT_SHIFT = STREAM_SHIFT + STREAM_BITS
RUNG_SHIFT = ELEMENT_SHIFT + ELEMENT_BITS

#: SimPy's URGENT (0) and NORMAL (1) stay below every priority made here.
OFFSET = 2

#: More happenings than this within one second, and so many more for each case that was open in it, mean a
#: loop that never lets time pass. Many cases may well come at once: a file of arrivals may state dates alone.
MOST_PER_INSTANT = 1_000_000
MOST_PER_CASE = 1_000


def case_rank(stream: int, number: int) -> int:
    """Pack (stream, number), already shifted to its place in a priority."""
    return stream << STREAM_SHIFT | number << NUMBER_SHIFT


def base(rung: Rung, element: int) -> int:
    """Priority of `rung` and `element` with case and visit zero; add rank and visit to it."""
    return (int(rung) << RUNG_SHIFT | element << ELEMENT_SHIFT) + OFFSET


def stuck_text(network: Network, second: int, where: str) -> str:
    """Return the message of a run in which time does not pass; `where` names a case that goes round."""
    return (
        f"More than {MOST_PER_INSTANT} things happen in second {second} of {network.scenario} "
        f"({network.variant}): time does not pass.{where} Give some element of the loop a duration."
    )
