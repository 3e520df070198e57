"""Takes strands through the nodes in compiled code, one node at a time (see ``sim.engine.walk``)."""

from __future__ import annotations

from sim.chance.draws import Purpose
from sim.engine.compiled import (
    batches,
    chance,
    ends,
    events,
    foresight,
    keys,
    limits,
    queues,
    recording,
    slots,
    staff,
    structure,
)
from sim.engine.compiled import layout as a
from sim.engine.compiled.jit import apart, inner, small
from sim.engine.records import Work
from sim.network.elements import ChoiceBy, Kind

_STEP, _WAIT, _CHOICE, _FORK, _JOIN, _LOOP = (
    int(k) for k in (Kind.STEP, Kind.WAIT, Kind.CHOICE, Kind.FORK, Kind.JOIN, Kind.LOOP)
)
_BATCH, _UNBUNDLE, _BLOCK, _BLOCK_END, _MARK, _END = (
    int(k) for k in (Kind.BATCH, Kind.UNBUNDLE, Kind.BLOCK, Kind.BLOCK_END, Kind.MARK, Kind.END)
)
_BY_CLASS, _BY_ATTRIBUTE = int(ChoiceBy.CLASS), int(ChoiceBy.ATTRIBUTE)
_EFFORT, _DELAY, _ROUTE, _AGAIN, _PATIENCE = (
    int(p) for p in (Purpose.EFFORT, Purpose.WAIT, Purpose.ROUTE, Purpose.AGAIN, Purpose.PATIENCE)
)
_DONE = int(Work.DONE)
_CANCELLED = int(Work.CANCELLED)


@inner
def _count_case(m, case, at):
    apart()
    width = a.numbers(m)[a.COUNTERS]
    for i in range(width):
        a.counts(m)[case * width + i] += a.floats(m)[at + i]


@inner
def _count(m, strand, at):
    """Add what an element counts to the case, or to all cases of its bundle."""
    apart()
    table = a.strands(m)
    _count_case(m, table[strand].case, at)
    member = table[strand].follower if table[strand].leads else -1
    while member >= 0:
        _count_case(m, table[member].case, at)
        member = table[member].follower


@inner
def _seconds(m, case, law, key, entry, purpose):
    c = a.cases(m)[case]
    return chance.seconds(m, law, key, c.luck, c.number, entry, purpose)


@inner
def _waited_before(m, case, node, entry):
    """Whether this is where a case of the backlog has waited since it arrived."""
    c = a.cases(m)[case]
    return node == c.first_node and entry == 1 and c.strand_count == 0


@inner
def _set_clocks(m, strand, node, visit):
    """Let the clocks run that a case who waits is under: the legal one, its limit's, its patience's."""
    apart()
    n = a.numbers(m)
    s = a.strands(m)[strand]
    d = a.nodes(m)[node]
    v = a.visits(m)[visit]
    if n[a.ANY_LEGAL]:
        limits.hands(m, strand, node, 1)
    if d.kind == _STEP:
        if d.limit:
            v.limit = limits.begin(m, s.case, node, v.entry, visit, strand, v.joined)
            v.due = a.limits(m)[v.limit].due
        elif d.blocks_n:
            v.due = limits.due_of_block(m, s.case, node)
    if d.patience >= 0 and not s.leads:
        length = _seconds(m, s.case, d.patience, d.key, v.entry, _PATIENCE)
        key = keys.key_of(keys.WITHDRAW, node, v.rank)
        v.patience = events.schedule(m, n[a.NOW] + length, key, v.entry, keys.PATIENCE_ENDS, visit)


@small
def _join(m, strand, node):
    """Queue for a step, or for the unit of a hold."""
    n = a.numbers(m)
    now = n[a.NOW]
    case = a.strands(m)[strand].case
    d = a.nodes(m)[node]
    entry = recording.enter(m, case, d.entries)
    visit = slots.new_visit(m, strand, node, entry, now)
    v = a.visits(m)[visit]
    if _waited_before(m, case, node, entry):
        v.joined = v.since = a.cases(m)[case].arrived
    if d.parts_n:
        v.effort = v.remaining = foresight.effort(m, case, node, entry)
    s = a.strands(m)[strand]
    s.visit = visit
    if n[a.ANY_LEGAL] or d.limit or d.blocks_n or d.patience >= 0:
        _set_clocks(m, strand, node, visit)
    if not staff.start_at_once(m, visit):
        queues.join(m, visit)


@small
def work_done(m, visit):
    """The work (or wait for a unit) of a visit ends now; return its strand and where that goes on."""
    n = a.numbers(m)
    now = n[a.NOW]
    v = a.visits(m)[visit]
    strand = v.strand
    if v.limit >= 0:
        limits.end(m, v.limit, now)
    recording.write_visit(m, visit, _DONE, now)
    if v.limit >= 0:
        slots.drop_limit(m, v.limit)
    if n[a.ANY_LEGAL]:
        limits.hands(m, strand, v.node, -1)
    s = a.strands(m)[strand]
    s.visit = -1
    slots.drop_visit(m, visit)
    return strand, a.nodes(m)[s.node].next


@small
def work_ends(m, visit):
    """Work ends now: free its units; return its strand and where that goes on."""
    staff.stop_work(m, visit)
    v = a.visits(m)[visit]
    staff.give_back(m, v.take)
    v.take = -1
    return work_done(m, visit)


@inner
def _wait(m, strand, node):
    n = a.numbers(m)
    now = n[a.NOW]
    s = a.strands(m)[strand]
    d = a.nodes(m)[node]
    entry = recording.enter(m, s.case, d.entries)
    delay = foresight.delay(m, s.case, node, entry)
    until = chance.after(m, d.delay_calendar, now, delay)
    if n[a.ANY_LEGAL]:
        limits.hands(m, strand, node, 1)
    key = keys.key_of(keys.END_WAIT, node, a.cases(m)[s.case].rank)
    s.wait_end = events.schedule(m, until, key, entry, keys.WAIT_ENDS, strand)
    s.wait_began = now
    s.wait_entry = entry
    s.wait_delay = delay


@inner
def wait_ends(m, strand):
    """A wait is over; return the node at which its strand goes on."""
    n = a.numbers(m)
    s = a.strands(m)[strand]
    s.wait_end = 0
    if n[a.ANY_LEGAL]:
        limits.hands(m, strand, s.node, -1)
    recording.write_wait(m, strand, s.node, s.wait_entry, s.wait_began, n[a.NOW], s.wait_delay, _DONE)
    return a.nodes(m)[s.node].next


@inner
def _choose(m, case, node):
    d = a.nodes(m)[node]
    c = a.cases(m)[case]
    whole = a.whole(m)
    entry = recording.enter(m, case, d.entries)
    if d.by == _BY_CLASS:
        return whole[d.targets_at + c.cls]
    if d.by == _BY_ATTRIBUTE:
        n = a.numbers(m)
        return whole[d.targets_at + a.attributes(m)[case * n[a.ATTRIBUTES] + d.attribute]]
    u = foresight.unit(m, case, node, entry, _ROUTE)
    for i in range(d.shares_n):
        if u < a.floats(m)[d.shares_at + i]:
            return whole[d.targets_at + i]
    return whole[d.targets_at + d.targets_n - 1]


@inner
def _again(m, strand, node):
    """After `do` of a repeat: another redo pass, or go on."""
    s = a.strands(m)[strand]
    d = a.nodes(m)[node]
    entry = recording.enter(m, s.case, d.entries)
    place = s.case * a.numbers(m)[a.WIDTH] + d.loop_column
    tally = a.tally(m)
    passes = tally[place]
    if passes < d.cap and foresight.unit(m, s.case, node, entry, _AGAIN) < d.again:
        tally[place] = passes + 1
        if not passes:
            s.rework += 1
        return a.whole(m)[d.targets_at]
    if passes:
        s.rework -= 1
        tally[place] = 0
    return d.next


@inner
def _batch(m, strand, node):
    apart()
    n = a.numbers(m)
    case = a.strands(m)[strand].case
    d = a.nodes(m)[node]
    b = a.batches(m)[d.batch]
    entry = recording.enter(m, case, d.entries)
    visit = slots.new_visit(m, strand, node, entry, n[a.NOW])
    v = a.visits(m)[visit]
    if _waited_before(m, case, node, entry):
        v.joined = v.since = a.cases(m)[case].arrived
    if b.each >= 0:
        v.effort = _seconds(m, case, b.each, b.each_key, entry, _EFFORT)
    v.due = limits.due_of_block(m, case, node)
    a.strands(m)[strand].visit = visit
    if n[a.ANY_LEGAL]:
        limits.hands(m, strand, node, 1)
    batches.join(m, visit)


@inner
def _wait_for_unit(m, strand, node):
    """Queue for the unit that a block keeps."""
    apart()  # else all that is done to join would stand in `_pass` too
    _join(m, strand, node)


@inner
def _pass(m, strand, node, kind):
    """Take a strand through a node that is no step; return the next one, or -1 where it stops for now."""
    s = a.strands(m)[strand]
    d = a.nodes(m)[node]
    following = d.next
    if kind == _MARK:
        now = a.numbers(m)[a.NOW]
        entry = recording.enter(m, s.case, d.entries)
        recording.write_wait(m, strand, node, entry, now, now, 0, _DONE)
    elif kind == _CHOICE:
        following = _choose(m, s.case, node)
    elif kind == _LOOP:
        following = _again(m, strand, node)
    elif kind == _WAIT:
        _wait(m, strand, node)
        following = -1
    elif kind == _END:
        ends.end_case(m, s.case, node, d.end_status, strand, _CANCELLED)
        following = -1
    elif kind == _FORK:
        structure.fork(m, strand, node)
        following = -1
    elif kind == _JOIN:
        structure.join_branch(m, strand)
        following = -1
    elif kind == _BATCH:
        _batch(m, strand, node)
        following = -1
    elif kind == _UNBUNDLE:
        structure.unbundle(m, strand, node)
    elif kind == _BLOCK:
        structure.enter_block(m, strand, node)
        if d.hold >= 0:
            _wait_for_unit(m, strand, node)
            following = -1
    elif kind == _BLOCK_END:
        structure.leave_block(m, strand, node)
    return following


@small
def step(m, strand, node):
    """Take a strand through one node; return the next one, or -1 where it stops for now."""
    d = a.nodes(m)[node]
    a.strands(m)[strand].node = node
    if d.counts_at >= 0:
        _count(m, strand, d.counts_at)
    kind = d.kind
    if kind == _STEP:
        _join(m, strand, node)
        return -1
    return _pass(m, strand, node, kind)
