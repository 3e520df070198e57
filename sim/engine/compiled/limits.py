"""Limits in compiled code: deadlines of steps and blocks on their clocks (see ``sim.engine.limits``)."""

from __future__ import annotations

import numpy as np

from sim.engine.compiled import chance, events, keys, slots
from sim.engine.compiled import layout as a
from sim.engine.compiled.jit import apart, inner
from sim.network.elements import Hands, LimitClock

_ELAPSED = int(LimitClock.ELAPSED)
_LEGAL = int(LimitClock.LEGAL)
_GOVERNMENT = int(Hands.GOVERNMENT)
#: `resumed` of a limit on the legal clock while that clock stands.
_STANDS = -(1 << 62)


@inner
def _deadline(m, t, length, node):
    apart()
    d = a.nodes(m)[node]
    if d.limit_clock == _ELAPSED:
        return t + length
    return chance.after(m, d.limit_calendar, t, length)


@inner
def _set_timer(m, limit):
    apart()
    n = a.numbers(m)
    r = a.limits(m)[limit]
    if r.due < n[a.HORIZON]:
        key = keys.key_of(keys.LIMIT, r.node, a.cases(m)[r.case].rank)
        r.timer = events.schedule(m, max(r.due, n[a.NOW]), key, r.entry, keys.LIMIT_PASSES, limit)


@inner
def _resume(m, limit, since):
    apart()
    r, clock = a.limits(m)[limit], a.legals(m)[limit]
    clock.resumed = since
    if clock.left < 0:
        return  # missed before it was suspended: its due time stays what it was
    r.due = _deadline(m, since, clock.left, r.node)
    _set_timer(m, limit)


@inner
def _suspend(m, limit):
    apart()
    now = a.numbers(m)[a.NOW]
    r, clock = a.limits(m)[limit], a.legals(m)[limit]
    r.timer = 0
    calendar = a.nodes(m)[r.node].limit_calendar
    if calendar >= 0:
        clock.left -= chance.open_seconds(m, calendar, clock.resumed, now)
    else:
        clock.left -= now - clock.resumed
    if clock.left < 0:
        r.missed = 1
    clock.resumed = _STANDS


@inner
def begin(m, case, node, entry, visit, strand, began):
    """Start the limit of `node` for `case` at second `began`; return it. `visit` -1 for a block's."""
    apart()
    limit = slots.new_limit(m)
    d = a.nodes(m)[node]
    r = a.limits(m)[limit]
    r.case = case
    r.node = node
    r.entry = entry
    r.visit = visit
    r.strand = strand
    r.began = began
    r.missed = 0
    r.timer = 0
    r.legal = -1
    r.due = _deadline(m, began, d.limit_seconds, node)
    if d.limit_clock == _LEGAL:
        clock = a.legals(m)[limit]
        clock.left = d.limit_seconds
        clock.resumed = _STANDS
        c = a.cases(m)[case]
        r.legal = c.legal
        c.legal = limit
        if c.gov > 0 and not c.stops:
            _resume(m, limit, began)
    else:
        _set_timer(m, limit)
    return limit


@inner
def end(m, limit, at):
    """Stop watching: the element ended at `at` (or is still open in the second before it)."""
    apart()
    r = a.limits(m)[limit]
    legal = a.nodes(m)[r.node].limit_clock == _LEGAL
    if (not legal or a.legals(m)[limit].resumed != _STANDS) and at > r.due:
        r.missed = 1
    r.timer = 0
    if legal:
        c = a.cases(m)[r.case]
        table = a.limits(m)
        before = -1
        one = c.legal
        while one >= 0 and one != limit:
            before = one
            one = table[one].legal
        if one >= 0:
            if before >= 0:
                table[before].legal = r.legal
            else:
                c.legal = r.legal


@inner
def move(m, case, node, step):
    """Note that a strand of `case` enters (`step` 1) or leaves (-1) `node`."""
    apart()
    now = a.numbers(m)[a.NOW]
    c = a.cases(m)[case]
    d = a.nodes(m)[node]
    ran = c.gov > 0 and not c.stops
    if d.hands == _GOVERNMENT:
        c.gov += step
    if d.stops:
        c.stops += step
    runs = c.gov > 0 and not c.stops
    if runs != ran:
        limit = c.legal
        while limit >= 0:
            r = a.limits(m)[limit]
            stands = a.legals(m)[limit].resumed == _STANDS
            if runs and stands:
                _resume(m, limit, now)
            elif not runs and not stands:
                _suspend(m, limit)
            limit = r.legal


@inner
def hands(m, strand, node, step):
    """Tell the legal clock that the strand (with all whom it leads) enters or leaves `node`."""
    apart()
    table = a.strands(m)
    s = table[strand]
    move(m, s.case, node, step)
    if s.leads:
        member = s.follower
        while member >= 0:
            if table[member].case != s.case:
                move(m, table[member].case, node, step)
            member = table[member].follower


@inner
def due_of_block(m, case, node):
    """Return the deadline of the innermost block with a limit around `node`; -1 for none."""
    apart()
    n = a.numbers(m)
    d = a.nodes(m)[node]
    whole = a.whole(m)
    for i in range(d.blocks_at + d.blocks_n - 1, d.blocks_at - 1, -1):
        column = a.nodes(m)[whole[i]].limit_column
        if column >= 0:
            running = np.int64(a.tally(m)[case * n[a.WIDTH] + column])
            if running:
                return a.limits(m)[running - 1].due
    return -1
