"""How an event is packed into whole numbers: its key, the order of scheduling, its kind and what it concerns.

A key packs rung, element and case as ``sim.engine.order`` does; the number of the visit and the order of
scheduling follow in its tail.
"""

from __future__ import annotations

from sim.engine.compiled.jit import small
from sim.engine.order import Rung

#: Of a case's rank: those of its number; its stream stands before them.
NUMBER_BITS = 32
_STREAM_BITS = 12
_ELEMENT_BITS = 15
_VISIT_BITS = 20
SEQUENCE_BITS = 63 - _VISIT_BITS
#: Streams and elements that fit into a key.
MOST_STREAMS = 1 << _STREAM_BITS
MOST_ELEMENTS = 1 << _ELEMENT_BITS

_RANK_BITS = NUMBER_BITS + _STREAM_BITS
_RUNG_SHIFT = _RANK_BITS + _ELEMENT_BITS

END_WORK = int(Rung.END_WORK) << _RUNG_SHIFT
END_WAIT = int(Rung.END_WAIT) << _RUNG_SHIFT
SHIFT = int(Rung.SHIFT) << _RUNG_SHIFT
MEETING = int(Rung.MEETING) << _RUNG_SHIFT
LIMIT = int(Rung.LIMIT) << _RUNG_SHIFT
WITHDRAW = int(Rung.WITHDRAW) << _RUNG_SHIFT
ARRIVE = int(Rung.ARRIVE) << _RUNG_SHIFT
DISPATCH = int(Rung.DISPATCH) << _RUNG_SHIFT
ROOM = int(Rung.ROOM) << _RUNG_SHIFT

#: Kinds of events.
(
    WORK_ENDS, WAIT_ENDS, SHIFT_CHANGES, MEETING_DATE, BUNDLE_FULL, BUNDLE_OLD, MEETING_ENDS, LIMIT_PASSES,
    PATIENCE_ENDS, CASE_ARRIVES, ROOM_CHECKED,
) = range(11)  # fmt: skip
_KIND_BITS = 4


@small
def key_of(rung, element, rank):
    """Return the key of a rung (shifted to its place), an element and a case's rank."""
    return rung | element << _RANK_BITS | rank


@small
def tail_of(visit, sequence):
    """Return what follows a key: the number of the visit, and of the event in the order of scheduling."""
    return visit << SEQUENCE_BITS | sequence


@small
def what_of(kind, ref):
    """Return the kind of an event and the place of what it concerns as one number."""
    return ref << _KIND_BITS | kind


@small
def kind_of(what):
    """Return the kind of an event."""
    return what & ((1 << _KIND_BITS) - 1)


@small
def ref_of(what):
    """Return the place of what an event concerns."""
    return what >> _KIND_BITS


@small
def sequence_of(tail):
    """Return the number of an event from its tail."""
    return tail & ((1 << SEQUENCE_BITS) - 1)
