"""Meetings that wait for their staff in compiled code."""

from __future__ import annotations

from sim.engine.compiled import layout as a
from sim.engine.compiled import pools, slots
from sim.engine.compiled.jit import inner


@inner
def _meets_before(m, one, other):
    table = a.meetings(m)
    g, h = table[one], table[other]
    if g.planned != h.planned:
        return g.planned < h.planned
    node, other_node = a.batches(m)[g.batch].node, a.batches(m)[h.batch].node
    if node != other_node:
        return node < other_node
    return g.number < h.number


@inner
def meet(m, meeting):
    """Let a meeting wait for all who attend."""
    need = a.needs(m)[a.batches(m)[a.meetings(m)[meeting].batch].need]
    table = a.links(m)
    for i in range(need.at, need.at + need.n):
        pool = a.whole(m)[i]
        p = a.pools(m)[pool]
        link = slots.new_link(m)
        table[link].meeting = meeting
        before = -1
        after = p.meetings
        while after >= 0 and not _meets_before(m, meeting, table[after].meeting):
            before = after
            after = table[after].next
        table[link].next = after
        if before >= 0:
            table[before].next = link
        else:
            p.meetings = link
        pools.look_again(m, pool)
    pools.dispatch_later(m)


@inner
def call_off(m, meeting):
    """Let a meeting wait no longer."""
    need = a.needs(m)[a.batches(m)[a.meetings(m)[meeting].batch].need]
    table = a.links(m)
    for i in range(need.at, need.at + need.n):
        p = a.pools(m)[a.whole(m)[i]]
        before = -1
        link = p.meetings
        while table[link].meeting != meeting:
            before = link
            link = table[link].next
        if before >= 0:
            table[before].next = table[link].next
        else:
            p.meetings = table[link].next
        slots.drop_link(m, link)


@inner
def first_ready(m, pool):
    """Return the first meeting at `pool` whose whole staff is free, -1 for none."""
    link = a.pools(m)[pool].meetings
    whole = a.whole(m)
    while link >= 0:
        meeting = a.links(m)[link].meeting
        need = a.needs(m)[a.batches(m)[a.meetings(m)[meeting].batch].need]
        ready = True
        for i in range(need.at, need.at + need.n):
            if pools.free_units(m, whole[i]) < whole[i + need.n]:
                ready = False
                break
        if ready:
            return meeting
        link = a.links(m)[link].next
    return -1
