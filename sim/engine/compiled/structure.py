"""Nodes without work in compiled code: where strands part and join, and where blocks begin and end."""

from __future__ import annotations

from sim.engine.compiled import ends, events, limits, recording, slots, staff
from sim.engine.compiled import layout as a
from sim.engine.compiled.jit import apart, inner
from sim.engine.records import Work

_DONE = int(Work.DONE)


@inner
def fork(m, strand, node):
    """Let all branches of a parallel block begin."""
    apart()
    now = a.numbers(m)[a.NOW]
    d = a.nodes(m)[node]
    table = a.strands(m)
    s = table[strand]
    c = a.cases(m)[s.case]
    whole = a.whole(m)
    entry = recording.enter(m, s.case, d.entries)
    s.left = d.targets_n
    for i in range(d.targets_n):
        c.strand_count += 1
        branch = slots.new_strand(m, s.case, c.strand_count, strand, s.rework)
        b = table[branch]
        b.join = whole[d.joins_at + i]
        b.forked = now
        b.branch_entry = entry
        events.make_urgent(m, branch, whole[d.targets_at + i])


@inner
def join_branch(m, strand):
    """A branch ends; the last one lets its parent go on."""
    apart()
    table = a.strands(m)
    recording.write_branch(m, strand, a.numbers(m)[a.NOW], _DONE)
    parent = table[strand].parent
    slots.drop_strand(m, strand)
    p = table[parent]
    p.left -= 1
    if p.left == 0:
        events.let_go_on(m, parent, a.nodes(m)[p.node].next)


@inner
def unbundle(m, strand, node):
    """Members of the bundle that this strand leads go on by themselves."""
    apart()
    table = a.strands(m)
    s = table[strand]
    following = a.nodes(m)[node].next
    member = s.follower if s.leads else -1
    s.leads = 0
    s.follower = -1
    while member >= 0:
        other = table[member]
        after = other.follower
        other.led_by = -1
        other.follower = -1
        other.follower_before = -1
        events.let_go_on(m, member, following)
        member = after


@inner
def enter_block(m, strand, node):
    """Begin the limit of a block, if it has one."""
    apart()
    n = a.numbers(m)
    d = a.nodes(m)[node]
    if d.limit:
        case = a.strands(m)[strand].case
        entry = recording.enter(m, case, d.limit_entry)
        limit = limits.begin(m, case, node, entry, -1, strand, n[a.NOW])
        a.tally(m)[case * n[a.WIDTH] + d.limit_column] = limit + 1


@inner
def leave_block(m, strand, node):
    """End the limit of a block, and give back the unit kept through it."""
    apart()
    n = a.numbers(m)
    case = a.strands(m)[strand].case
    index = a.nodes(m)[node].block
    block = a.nodes(m)[index]
    if block.limit_column >= 0:
        ends.end_block_limit(m, case, index)
    if block.hold >= 0 and a.tally(m)[case * n[a.WIDTH] + block.hold_column]:
        staff.release(m, case, index)
