"""The tables of a compiled run: what the network is, what is happening, and the rows that come out.

Every table is a NumPy array of records, reached in compiled code by a function of its name
(``visits(m)[v].started``), where ``m`` is the list of addresses of ``memory``. -1 means "none" in every
reference. Compiled code only reads the tables of `_FIXED`; slots of what comes and goes are used again.
"""

from __future__ import annotations

import numpy as np

from sim.chance.compiled import LAW
from sim.engine.compiled.memory import ASKED, LINE, reader
from sim.engine.records import CASE_DTYPE, MEETING_DTYPE, PIECE_DTYPE, POOL_DTYPE, STEP_DTYPE


def _record(short: str, long: str = "", floats: str = "") -> np.dtype[np.void]:
    """Return a record of whole numbers of 8 and of 4 bytes, and of floats.

    Times, keys, numbers of events and whatever a user may give need 8 bytes. Places in tables, and counts
    that memory bounds, do with 4, which halves what a case in progress takes up.
    """
    fields = (("i8", long), ("f8", floats), ("i4", short))
    return np.dtype([(name, kind) for kind, names in fields for name in names.split()])


def _lines(*records: np.dtype[np.void], near: int = 1) -> np.dtype[np.void]:
    """Return one record of several, each of which fills a line of memory; the first `near` are asked for.

    What is wanted together stands together: where very much is in progress, a step costs little but the lines
    that it waits for.
    """
    names, formats, offsets = [], [], []
    for line, record in enumerate(records):
        if record.itemsize > LINE:
            raise ValueError(f"{record.names} do not fit into {LINE} bytes")
        for name, (kind, offset, *_) in (record.fields or {}).items():
            names.append(name)
            formats.append(kind)
            offsets.append(line * LINE + offset)
    whole = np.dtype(
        {"names": names, "formats": formats, "offsets": offsets, "itemsize": len(records) * LINE}
    )
    return np.dtype(whole, metadata={ASKED: near * LINE})


# ---- the network -------------------------------------------------------------------------------------

#: A node; lists (`..._at`, `..._n`) stand in the table of whole numbers, shares and counts in that of floats.
NODE = _record(
    "kind next hands stops shift_end patience "
    "needs_at parts_at shares_at targets_at counts_at joins_at blocks_at "
    "needs_n parts_n shares_n targets_n blocks_n "
    "limit limit_clock limit_calendar escalate new_class "  # limit: 1 if there is one
    "delay delay_calendar by attribute cap batch hold block end_status "
    "recorded queue block_end drawn "
    "entries loop_column hold_column limit_column limit_entry",  # of the tally (``tally.Columns``)
    long="key limit_seconds",
    floats="again",
)
#: Units taken at one instant: `n` pools, then as many numbers of units.
NEED = _record("at n")
#: One drawn piece of effort.
PART = _record("law", long="key")
#: A calendar: edges, open seconds before each, number of edges by day, as in ``Calendar``.
CALENDAR = _record("edges_at before_at days_at edges_n", long="first last")
#: A change of head-count.
SHIFT = _record("pool", long="time capacity")
#: A pool: what it is, and how it stands. `own`: its one queue, where that wants no other pool.
POOL = _record(
    "queues_at kin_at steps_at steps_n rule queues_n kin_n own "
    "work meetings room_first room_last dirty",  # heads of lists: takes, links, visits
    long="last queue_area busy_area excess_area held_area room capacity busy held waiting",
)
#: The waiting work of one step (or hold): a line, and heaps of visits by their heads (``waiting``).
QUEUE = _record("pools_at rule pools_n first line last root paused length simple")
#: A batch element: its meetings and who waits for the next.
BATCH = _record(
    "times_at node or_after_calendar cut_off_calendar order need whole each bundle root",
    long="times_n or_after agenda_seconds cut_off whole_key each_key fire size agenda "
    "next number most waiting",
)

# ---- what is happening ---------------------------------------------------------------------------------

#: An open case. `first_node` -1 unless it is of the backlog.
CASE = _lines(
    _record("number cls first_node status strand_count gov stops legal strand free", long="row rank luck"),
    _record("stream first_cls end initial in_cohort last_strand", long="arrived priority ended"),
)
#: One strand of a case. `token` -1 while the slot is free; `uid` tells its user from later ones.
STRAND = _lines(
    _record("case token visit wait_entry node rework leads free", long="uid wait_end wait_began wait_delay"),
    _record(
        "parent left join branch_entry on_path next previous led_by follower follower_before", long="forked"
    ),
)
#: One piece of work to be done for one case at a step, a hold or a meeting.
VISIT = _lines(
    _record("entry child sibling before queue free", long="rank joined since k0 k1"),
    _record("strand case node take", long="started work_from effort remaining ends end"),
    _record(
        "state option paused limit meeting taken_by first_piece last_piece in_room room",
        long="served due patience",
    ),
    _record("room_before item item_before"),
    near=3,
)
#: A running limit.
LIMIT = _lines(_record("case node entry visit strand missed legal free", long="began due timer"))
#: What else is known of a limit on the legal clock; in the slot of that limit, and of no other clock's.
LEGAL = _record("", long="left resumed")
#: A meeting or bundle that has been called.
MEETING = _record("batch first last items take free", long="planned started ends end number")
#: A meeting that waits at one pool.
LINK = _record("meeting next free")
#: Units of a pool at work: for a visit, or for a meeting (`visit` -1).
TAKE = _record("visit meeting pool next pool_next pool_before free", long="units held")
#: A piece of paused work.
PIECE = _record("next free", long="start stop")
#: What is due: time, then rung, element and case, then visit and order of scheduling. `what` is its kind, and
#: the place of what it concerns.
EVENT = _record("", long="time key tail what")
#: Events that stand aside side by side: how many there are, and the next pack of their list.
PACK = _record("used next")
#: Draws of an element for a block of cases: which one (-1 for none), and how many of them have been used.
BLOCK = _record("used", long="block")
#: What an element has left to pay for draws ahead.
ACCOUNT = _record("", long="credit")
#: A strand that goes on in this second, at a node.
TURN = _record("strand node", long="uid")

_COUNT = np.dtype("i4")
#: Numbers of a tally that fill a line of memory.
TALLIED = LINE // _COUNT.itemsize

TABLES = {
    "numbers": np.dtype("i8"),  # the state's single numbers, by the names below
    "whole": np.dtype("i8"),
    "floats": np.dtype("f8"),
    "laws": LAW,
    "nodes": NODE,
    "needs": NEED,
    "parts": PART,
    "calendars": CALENDAR,
    "shifts": SHIFT,
    "pools": POOL,
    "queues": QUEUE,
    "batches": BATCH,
    "due_at": np.dtype("i8"),  # of the cases still to come, as `Cases` has them
    "due_number": np.dtype("i4"),
    "due_stream": np.dtype("i4"),
    "due_class": np.dtype("i4"),
    "due_node": np.dtype("i4"),
    "due_initial": np.dtype("?"),
    "due_attributes": np.dtype("i4"),
    "attributes": np.dtype("i8"),
    "cases": CASE,
    "tally": _COUNT,  # of each case (``tally.Columns``)
    "counts": np.dtype("f8"),
    "strands": STRAND,
    "visits": VISIT,
    "limits": LIMIT,
    "legals": LEGAL,
    "meetings": MEETING,
    "links": LINK,
    "takes": TAKE,
    "pieces": PIECE,
    "events": EVENT,
    "far": EVENT,
    "packs": PACK,
    "rungs": np.dtype("i8"),  # the first pack in the list of each rung, -1 for none
    "drawn": np.dtype("f8"),  # draws of all blocks
    "blocks": BLOCK,
    "accounts": ACCOUNT,
    "units": np.dtype("f8"),  # the uniforms of a block
    "urgent": TURN,
    "normal": TURN,
    "dirty": np.dtype("i8"),
    "scratch": np.dtype("i8"),
    "case_rows": CASE_DTYPE,
    "count_rows": np.dtype("f8"),
    "step_rows": STEP_DTYPE,
    "piece_rows": PIECE_DTYPE,
    "meeting_rows": MEETING_DTYPE,
    "pool_rows": POOL_DTYPE,
}
PLACES = {name: place for place, name in enumerate(TABLES)}
#: Tables that compiled code only reads.
_FIXED = {
    "whole", "floats", "laws", "nodes", "needs", "parts", "calendars", "shifts",
    "due_at", "due_number", "due_stream", "due_class", "due_node", "due_initial", "due_attributes",
}  # fmt: skip
#: Tables of the same rows, where they are not called like the table: rows go from one to the other.
_ROWS = {"far": "events", "urgent": "turns", "normal": "turns"}
_READERS = {
    name: reader(place, _ROWS.get(name, name), TABLES[name], name in _FIXED) for name, place in PLACES.items()
}

numbers = _READERS["numbers"]
whole = _READERS["whole"]
floats = _READERS["floats"]
laws = _READERS["laws"]
nodes = _READERS["nodes"]
needs = _READERS["needs"]
parts = _READERS["parts"]
calendars = _READERS["calendars"]
shifts = _READERS["shifts"]
pools = _READERS["pools"]
queues = _READERS["queues"]
batches = _READERS["batches"]
due_at = _READERS["due_at"]
due_number = _READERS["due_number"]
due_stream = _READERS["due_stream"]
due_class = _READERS["due_class"]
due_node = _READERS["due_node"]
due_initial = _READERS["due_initial"]
due_attributes = _READERS["due_attributes"]
attributes = _READERS["attributes"]
cases = _READERS["cases"]
tally = _READERS["tally"]
counts = _READERS["counts"]
strands = _READERS["strands"]
visits = _READERS["visits"]
limits = _READERS["limits"]
legals = _READERS["legals"]
meetings = _READERS["meetings"]
links = _READERS["links"]
takes = _READERS["takes"]
pieces = _READERS["pieces"]
events = _READERS["events"]
far = _READERS["far"]
packs = _READERS["packs"]
rungs = _READERS["rungs"]
drawn = _READERS["drawn"]
blocks = _READERS["blocks"]
accounts = _READERS["accounts"]
units = _READERS["units"]
urgent = _READERS["urgent"]
normal = _READERS["normal"]
dirty = _READERS["dirty"]
scratch = _READERS["scratch"]
case_rows = _READERS["case_rows"]
count_rows = _READERS["count_rows"]
step_rows = _READERS["step_rows"]
piece_rows = _READERS["piece_rows"]
meeting_rows = _READERS["meeting_rows"]
pool_rows = _READERS["pool_rows"]

# ---- single numbers ------------------------------------------------------------------------------------

(
    NOW, SEQUENCE, UID, ACTIVITIES, COHORT_LEFT, STOP, BEGUN, STUCK, AT_STRAND, AT_NODE,
    LOOK_AGAIN, OPEN_BEFORE,
    WINDOW_START, WINDOW_END, HORIZON, WITHDRAWN_END, TURNED_AWAY_END, ANY_LEGAL, POOL_STATES,
    SEED, STREAM_KEY, STREAMS, WIDTH, COUNTERS, ATTRIBUTES, CASE_COUNTS, LUCK, PRIORITIES,
    STAFF, HOLDS, IN_NUMBERS, MOST_OF_A_CASE,
    N_POOLS, N_NODES, N_BATCHES, N_LIMITED, LIMITED, MOST_POOLS, MOST_BRANCHES,
    DISPATCH_DUE, ROOM_DUE, DIRTY, MOST_BUNDLE,
    ARRIVAL, N_ARRIVALS, FIRST_ROW, ALL_ARRIVED, NEXT_SHIFT, N_SHIFTS,
    N_EVENTS, GAP, NEAR, NEAR_MOST,
    FAR_N, FAR_FROM, FAR_TOP, FREE_PACK, FAR_BEGIN, FAR_WIDTH, FAR_RUNG, FAR_MADE, FAR_LOOK, FAR_NEXT,
    URGENT_FROM, URGENT_N, NORMAL_FROM, NORMAL_N,
    FREE_CASE, FREE_STRAND, FREE_VISIT, FREE_LIMIT, FREE_MEETING, FREE_LINK, FREE_TAKE, FREE_PIECE,
    OPEN_CASES, LIVE_CASES, LIVE_STRANDS, LIVE_VISITS, LIVE_LIMITS, LIVE_MEETINGS, LIVE_LINKS, LIVE_TAKES,
    LIVE_PIECES,
    STEP_ROWS, PIECE_ROWS, MEETING_ROWS, POOL_ROWS, ROWS_DUE,
    FAILURE, FAILED_A, FAILED_B, FAILED_C, FAILED_D, FAILED_E,
    N_NUMBERS,
) = range(96)  # fmt: skip
