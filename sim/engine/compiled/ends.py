"""Ends of cases in compiled code, what leads to them, and what is still open as a run ends.

See ``sim.engine.ends`` and ``sim.engine.consequences``.
"""

from __future__ import annotations

import numpy as np

from sim.engine.compiled import batches, limits, pools, queues, recording, slots, staff
from sim.engine.compiled import layout as a
from sim.engine.compiled.jit import apart, inner
from sim.engine.records import Work
from sim.network.elements import EndStatus, Kind

_BATCH = int(Kind.BATCH)
_WAITING, _STARTED, _DONE = int(Work.WAITING), int(Work.STARTED), int(Work.DONE)
_CANCELLED, _MOVED = int(Work.CANCELLED), int(Work.MOVED)
_WITHDRAWN_WORK, _TURNED_AWAY_WORK = int(Work.WITHDRAWN), int(Work.TURNED_AWAY)
_WITHDRAWN, _TURNED_AWAY = int(EndStatus.WITHDRAWN), int(EndStatus.TURNED_AWAY)


@inner
def _leave_bundle(m, strand):
    apart()
    table = a.strands(m)
    s = table[strand]
    before = s.follower_before
    if before >= 0:
        table[before].follower = s.follower
    if s.follower >= 0:
        table[s.follower].follower_before = before
    s.led_by = -1
    s.follower = -1
    s.follower_before = -1


@inner
def _stop_visit(m, visit, status):
    """The case ended elsewhere: what waits or is in work for it stops now."""
    apart()
    now = a.numbers(m)[a.NOW]
    v = a.visits(m)[visit]
    kept = False
    if a.nodes(m)[v.node].kind == _BATCH:
        kept = batches.leave(m, visit)
    else:
        v.patience = 0
        queues.leave(m, visit)
        if v.end:
            staff.stop_work(m, visit)
            staff.give_back(m, v.take)
            v.take = -1
    if v.limit >= 0:
        limits.end(m, v.limit, now)
    v.state = status
    recording.write_visit(m, visit, status, now)
    if v.limit >= 0:
        slots.drop_limit(m, v.limit)
    if not kept:  # else its meeting, which goes on, lets go of it
        slots.drop_visit(m, visit)


@inner
def _stop_strand(m, strand, status):
    now = a.numbers(m)[a.NOW]
    s = a.strands(m)[strand]
    if s.led_by >= 0:
        _leave_bundle(m, strand)
    if s.visit >= 0:
        _stop_visit(m, s.visit, status)
        s.visit = -1
    if s.wait_end:
        s.wait_end = 0
        recording.write_wait(m, strand, s.node, s.wait_entry, s.wait_began, now, s.wait_delay, _CANCELLED)


@inner
def _end_block(m, limit, ended, at):
    """Write the row of a block with a limit, ended or (-1) still open, and forget the limit."""
    apart()
    limits.end(m, limit, at)
    recording.write_block(m, limit, ended)
    slots.drop_limit(m, limit)


@inner
def end_block_limit(m, case, block):
    """A block with a limit ends for a case."""
    apart()
    n = a.numbers(m)
    place = case * n[a.WIDTH] + a.nodes(m)[block].limit_column
    limit = np.int64(a.tally(m)[place]) - 1
    if limit >= 0:
        a.tally(m)[place] = 0
        _end_block(m, limit, n[a.NOW], n[a.NOW])


@inner
def _end_one(m, case, node, status, by, last_work, followers):
    """End one case; put those whom it led on the list `followers` long; return its new length."""
    n = a.numbers(m)
    now = n[a.NOW]
    c = a.cases(m)[case]
    table = a.strands(m)
    first = followers
    c.status = status
    c.ended = now
    c.end = node
    if c.in_cohort:
        n[a.COHORT_LEFT] -= 1
    up = by
    while up >= 0:
        table[up].on_path = 1
        up = table[up].parent
    strand = c.strand
    while strand >= 0:
        s = table[strand]
        _stop_strand(m, strand, last_work if strand == by else _CANCELLED)
        if s.leads:
            s.leads = 0
            member = s.follower
            s.follower = -1
            while member >= 0:
                after = table[member].follower
                other = table[member]
                other.led_by = -1
                other.follower = -1
                other.follower_before = -1
                if other.case != case:
                    a.scratch(m)[followers] = member
                    followers += 1
                member = after
        if s.parent >= 0:
            recording.write_branch(m, strand, now, _DONE if s.on_path else _CANCELLED)
        strand = s.next
    # Taken from the list's end, they end in the order of the bundle, each with its own followers first.
    last = followers - 1
    while first < last:
        a.scratch(m)[first], a.scratch(m)[last] = a.scratch(m)[last], a.scratch(m)[first]
        first += 1
        last -= 1
    whole = a.whole(m)
    base = case * n[a.WIDTH]
    for i in range(n[a.LIMITED], n[a.LIMITED] + n[a.N_LIMITED]):
        block = a.nodes(m)[whole[i]]
        if block.limit_column >= 0 and a.tally(m)[base + block.limit_column]:
            end_block_limit(m, case, whole[i])
        if block.hold_column >= 0 and a.tally(m)[base + block.hold_column]:
            staff.release(m, case, whole[i])
    while c.strand >= 0:
        slots.drop_strand(m, c.strand)
    n[a.OPEN_CASES] -= 1
    recording.write_case(m, case)
    slots.drop_case(m, case)
    return followers


@inner
def end_case(m, case, node, status, by, last_work):
    """End `case` now: whatever else of it waits or is in work stops in this second.

    `by` is the strand that ended it; `last_work` the status of what that strand waited for. A bundle shares
    the fate of the case that leads it.
    """
    followers = _end_one(m, case, node, status, by, last_work, 0)
    while followers > 0:
        followers -= 1
        strand = a.scratch(m)[followers]
        s = a.strands(m)[strand]
        if s.uid:  # else its case has ended in the meantime
            followers = _end_one(m, s.case, node, status, strand, _CANCELLED, followers)


# ---- consequences ------------------------------------------------------------------------------------


@inner
def _escalate(m, visit, target):
    """Move waiting work to the hidden step that another pool does; it keeps its waiting-since."""
    apart()
    now = a.numbers(m)[a.NOW]
    v = a.visits(m)[visit]
    queues.leave(m, visit)
    limits.end(m, v.limit, now + 1)
    recording.write_visit(m, visit, _MOVED, now)
    slots.drop_limit(m, v.limit)
    # The visit goes on in the same slot, so that its patience finds it.
    v.limit = -1
    v.node = target
    v.entry = recording.enter(m, v.case, a.nodes(m)[target].entries)
    v.joined = now
    v.state = _WAITING
    queues.join(m, visit)


@inner
def limit_passes(m, limit):
    """A limit passes: if the work waits (or, for a block, while the case is in it), something follows."""
    apart()
    r = a.limits(m)[limit]
    r.timer = 0
    visit = r.visit
    # Ending in this very second is still in time: what is in work may yet end in it.
    if visit >= 0 and a.visits(m)[visit].started >= 0:
        return
    d = a.nodes(m)[r.node]
    if d.new_class >= 0:
        n = a.numbers(m)
        c = a.cases(m)[r.case]
        c.cls = d.new_class
        c.priority = a.whole(m)[n[a.PRIORITIES] + d.new_class]
        strand = c.strand
        while strand >= 0:
            waiting = a.strands(m)[strand].visit
            if waiting >= 0:
                if a.nodes(m)[a.visits(m)[waiting].node].kind == _BATCH:
                    batches.rekey(m, waiting)
                else:
                    queues.rekey(m, waiting)
            strand = a.strands(m)[strand].next
    if visit >= 0 and d.escalate >= 0:
        _escalate(m, visit, d.escalate)


@inner
def lose_patience(m, visit):
    """Patience ends in this second: a case that still waits withdraws, whole."""
    apart()
    v = a.visits(m)[visit]
    v.patience = 0
    if v.started < 0:
        end = a.numbers(m)[a.WITHDRAWN_END]
        end_case(m, v.case, end, _WITHDRAWN, v.strand, _WITHDRAWN_WORK)


@inner
def check_room(m):
    """Turn away whoever waits beyond the room of a pool, the last joined first."""
    apart()
    n = a.numbers(m)
    n[a.ROOM_DUE] = 0
    for pool in range(n[a.N_POOLS]):
        p = a.pools(m)[pool]
        if p.room >= 0:
            while p.waiting > p.room:
                v = a.visits(m)[p.room_last]
                end_case(m, v.case, n[a.TURNED_AWAY_END], _TURNED_AWAY, v.strand, _TURNED_AWAY_WORK)


# ---- the end of the run ------------------------------------------------------------------------------


@inner
def _write_open(m, strand, now):
    apart()
    s = a.strands(m)[strand]
    if s.visit >= 0:
        v = a.visits(m)[s.visit]
        if v.limit >= 0:
            limits.end(m, v.limit, now + 1)
        if v.state == _STARTED and v.work_from >= 0 and (v.end or v.meeting >= 0):
            slots.add_piece(m, s.visit, v.work_from, now + 1)
            v.served += now + 1 - v.work_from
        recording.write_visit(m, s.visit, v.state, -1)
    elif s.wait_end:
        recording.write_wait(m, strand, s.node, s.wait_entry, s.wait_began, -1, s.wait_delay, _STARTED)
    if s.parent >= 0:
        recording.write_branch(m, strand, -1, _STARTED)


@inner
def close(m, now):
    """Write what is still open when the run ends, in second `now`; bring all areas to the window's end."""
    apart()
    n = a.numbers(m)
    whole = a.whole(m)
    table = a.cases(m)
    for case in range(len(table)):
        c = table[case]
        if c.status != 0 or c.strand < 0:
            continue
        strand = c.strand
        while strand >= 0:
            _write_open(m, strand, now)
            strand = a.strands(m)[strand].next
        base = case * n[a.WIDTH]
        for i in range(n[a.LIMITED], n[a.LIMITED] + n[a.N_LIMITED]):
            column = a.nodes(m)[whole[i]].limit_column
            if column >= 0 and a.tally(m)[base + column]:
                limit = np.int64(a.tally(m)[base + column]) - 1
                a.tally(m)[base + column] = 0
                _end_block(m, limit, -1, now + 1)
        recording.write_case(m, case)
    for pool in range(n[a.N_POOLS]):
        pools.account_to(m, pool, max(n[a.WINDOW_END], a.pools(m)[pool].last))
