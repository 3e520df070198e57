"""Meetings and bundles in compiled code: called, staffed, held (see ``sim.engine.batches``)."""

from __future__ import annotations

from sim.chance.draws import Purpose
from sim.engine.compiled import (
    attending,
    chance,
    events,
    keys,
    limits,
    queues,
    recording,
    slots,
    staff,
    waiting,
)
from sim.engine.compiled import layout as a
from sim.engine.compiled.jit import apart, inner
from sim.engine.records import Work

_WAITING = int(Work.WAITING)
_STARTED = int(Work.STARTED)
_DONE = int(Work.DONE)
_MEETING = int(Purpose.MEETING)


@inner
def _wait(m, batch, visit):
    """Put a case at its place among those that wait."""
    apart()
    b = a.batches(m)[batch]
    v = a.visits(m)[visit]
    v.k0 = queues.rule_value(m, b.order, visit)
    v.k1 = v.since
    b.root = waiting.join(m, b.root, visit)
    b.waiting += 1


@inner
def _unwait(m, batch, visit):
    apart()
    b = a.batches(m)[batch]
    b.root = waiting.leave(m, b.root, visit)
    b.waiting -= 1


@inner
def join(m, visit):
    """Let a case wait for the next meeting."""
    apart()
    now = a.numbers(m)[a.NOW]
    v = a.visits(m)[visit]
    batch = a.nodes(m)[v.node].batch
    _wait(m, batch, visit)
    b = a.batches(m)[batch]
    if b.size:
        due = chance.after(m, b.or_after_calendar, v.joined, b.or_after)
        if v.joined < now and due <= now:
            # Overdue backlog goes when all cases of this second are here, not one by one.
            key = keys.key_of(keys.DISPATCH, v.node, 0)
            v.patience = events.schedule(m, now, key, 0, keys.BUNDLE_OLD, visit)
        else:
            key = keys.key_of(keys.MEETING, v.node, 0)
            v.patience = events.schedule(m, due, key, 1, keys.BUNDLE_OLD, visit)
        if b.waiting >= b.size and not b.fire:
            key = keys.key_of(keys.MEETING, v.node, 0)
            b.fire = events.schedule(m, now, key, 0, keys.BUNDLE_FULL, batch)


@inner
def rekey(m, visit):
    """Give a waiting case the place that its changed class gives it."""
    apart()
    v = a.visits(m)[visit]
    if v.taken_by < 0:
        batch = a.nodes(m)[v.node].batch
        _unwait(m, batch, visit)
        _wait(m, batch, visit)


@inner
def _add_item(m, meeting, visit):
    apart()
    g = a.meetings(m)[meeting]
    v = a.visits(m)[visit]
    v.item = -1
    v.item_before = g.last
    if g.last >= 0:
        a.visits(m)[g.last].item = visit
    else:
        g.first = visit
    g.last = visit
    g.items += 1


@inner
def _drop_item(m, meeting, visit):
    apart()
    g = a.meetings(m)[meeting]
    v = a.visits(m)[visit]
    if v.item_before >= 0:
        a.visits(m)[v.item_before].item = v.item
    else:
        g.first = v.item
    if v.item >= 0:
        a.visits(m)[v.item].item_before = v.item_before
    else:
        g.last = v.item_before
    g.items -= 1


@inner
def leave(m, visit):
    """Take a case out (it ended elsewhere); return whether its meeting still needs the visit's slot."""
    apart()
    now = a.numbers(m)[a.NOW]
    v = a.visits(m)[visit]
    v.patience = 0
    if v.taken_by < 0:
        _unwait(m, a.nodes(m)[v.node].batch, visit)
        return False
    meeting = v.taken_by
    g = a.meetings(m)[meeting]
    if g.started >= 0:
        v.served = now - v.work_from
        return True
    _drop_item(m, meeting, visit)
    if g.items == 0:
        # A meeting left without items is not held.
        if a.needs(m)[a.batches(m)[g.batch].need].n:
            attending.call_off(m, meeting)
        slots.drop_meeting(m, meeting)
    return False


@inner
def call(m, batch, planned, most):
    """Take the cases of one meeting and let it begin or wait for its staff; return how many."""
    apart()
    b = a.batches(m)[batch]
    table = a.visits(m)
    left = -1  # too young for the cut-off: they wait on, chained by `item`
    meeting = -1
    minutes = 0
    while b.root >= 0:
        visit = b.root
        v = table[visit]
        if most and meeting >= 0 and a.meetings(m)[meeting].items >= most:
            break
        if b.cut_off and chance.after(m, b.cut_off_calendar, v.joined, b.cut_off) > planned:
            _unwait(m, batch, visit)
            v.item = left
            left = visit
            continue
        if b.agenda_seconds and meeting >= 0 and minutes + v.effort > b.agenda_seconds:
            break  # the first that does not fit closes the agenda; one alone always fits
        minutes += v.effort
        _unwait(m, batch, visit)
        if meeting < 0:
            meeting = slots.new_meeting(m)
            g = a.meetings(m)[meeting]
            g.batch = batch
            g.number = b.number
            g.planned = planned
            g.started = -1
            g.ends = -1
            g.end = 0
            g.take = -1
            g.first = -1
            g.last = -1
            g.items = 0
        _add_item(m, meeting, visit)
        v.patience = 0
        v.meeting = b.number
        v.taken_by = meeting
    while left >= 0:
        after = table[left].item
        _wait(m, batch, left)
        left = after
    if meeting < 0:
        return 0
    taken = a.meetings(m)[meeting].items
    if a.needs(m)[b.need].n:
        attending.meet(m, meeting)
    else:
        start(m, meeting)
    return taken


@inner
def start(m, meeting):
    """Begin the work of a meeting whose staff (if any) has been taken."""
    apart()
    n = a.numbers(m)
    now = n[a.NOW]
    g = a.meetings(m)[meeting]
    b = a.batches(m)[g.batch]
    table = a.visits(m)
    length = 0
    visit = g.first
    while visit >= 0:
        v = table[visit]
        length += v.effort
        v.started = now
        v.work_from = now
        v.state = _STARTED
        visit = v.item
    if b.whole >= 0:
        # Keyed by (batch, number): a meeting belongs to no case.
        length += chance.seconds(m, b.whole, b.whole_key, 0, g.number, 1, _MEETING)
    g.started = now
    g.ends = now + length
    key = keys.key_of(keys.END_WORK, b.node, g.number)
    g.end = events.schedule(m, g.ends, key, 0, keys.MEETING_ENDS, meeting)


@inner
def call_full(m, batch):
    """As many wait as make a bundle: let bundles go until fewer do."""
    apart()
    now = a.numbers(m)[a.NOW]
    b = a.batches(m)[batch]
    b.fire = 0
    while b.waiting >= b.size:
        taken = call(m, batch, now, b.most)
        b.number += 1
        if not taken:
            break


@inner
def call_old(m, visit):
    """A case has waited long enough: let bundles go until it is in one, as others may go before it."""
    apart()
    now = a.numbers(m)[a.NOW]
    v = a.visits(m)[visit]
    batch = a.nodes(m)[v.node].batch
    b = a.batches(m)[batch]
    v.patience = 0
    while v.taken_by < 0 and v.state == _WAITING:
        taken = call(m, batch, now, b.most)
        b.number += 1
        if not taken:
            break


@inner
def next_date(m, batch):
    """Schedule the next dated meeting within the run."""
    apart()
    n = a.numbers(m)
    b = a.batches(m)[batch]
    whole = a.whole(m)
    while b.next < b.times_n:
        t = whole[b.times_at + b.next]
        if 0 <= t < n[a.HORIZON]:
            key = keys.key_of(keys.MEETING, b.node, 0)
            events.schedule(m, t, key, 0, keys.MEETING_DATE, batch)
            return
        b.next += 1


@inner
def hold_date(m, batch):
    """Hold a dated meeting."""
    apart()
    b = a.batches(m)[batch]
    b.number = b.next
    b.next += 1
    call(m, batch, a.numbers(m)[a.NOW], b.agenda)
    next_date(m, batch)


@inner
def _over(m, visit):
    """The meeting of a case is over: write its row, and let the legal clock know."""
    apart()
    now = a.numbers(m)[a.NOW]
    v = a.visits(m)[visit]
    recording.write_visit(m, visit, _DONE, now)
    if a.numbers(m)[a.ANY_LEGAL]:
        limits.hands(m, v.strand, v.node, -1)
    a.strands(m)[v.strand].visit = -1


@inner
def end(m, meeting):
    """The work of a meeting ends: its cases go on, together where they are a bundle."""
    apart()
    n = a.numbers(m)
    now = n[a.NOW]
    g = a.meetings(m)[meeting]
    b = a.batches(m)[g.batch]
    recording.write_meeting(m, meeting, now)
    staff.give_back(m, g.take)
    table = a.visits(m)
    strands = a.strands(m)
    following = a.nodes(m)[b.node].next
    leader = -1
    last = -1
    size = 0
    visit = g.first
    while visit >= 0:
        after = table[visit].item
        v = table[visit]
        if v.state == _STARTED:
            v.served = now - v.work_from
            strand = v.strand
            _over(m, visit)
            if not b.bundle or leader < 0:
                events.let_go_on(m, strand, following)
            if b.bundle:
                size += 1
                if leader < 0:
                    leader = strand
                else:
                    s = strands[strand]
                    s.led_by = leader
                    s.follower_before = last
                    strands[last].follower = strand
                last = strand
        slots.drop_visit(m, visit)
        visit = after
    if leader >= 0:
        strands[leader].leads = 1
        if size > n[a.MOST_BUNDLE]:
            n[a.MOST_BUNDLE] = size
            n[a.LOOK_AGAIN] = 1  # the bounds of what a step may write have changed
    slots.drop_meeting(m, meeting)
