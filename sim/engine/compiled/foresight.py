"""Draws for many cases at once, kept until these cases come to an element for the first time.

A draw is a chain of computations that wait for each other, and takes a quarter of the time of a whole step.
Cases come to most elements nearly in the order of their numbers; so the draws of the next 64 cases are made
together, side by side. A draw is keyed, so it is the same whenever it is made, and whether or not it is used.

What is made and not used is lost. So each element has an account: it pays for every block, and earns by every
draw that is used. Where it has nothing left (few cases come, or in another order), draws are made one by one.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba.extending import register_jitable

from sim.chance.compiled import quantile, uniform
from sim.chance.draws import Purpose
from sim.chance.quantiles import LONGEST
from sim.engine.compiled import chance
from sim.engine.compiled import layout as a
from sim.engine.compiled.jit import apart, inner, small
from sim.engine.compiled.keys import NUMBER_BITS
from sim.network.elements import Kind

_EFFORT, _DELAY, _ROUTE, _AGAIN = (
    int(p) for p in (Purpose.EFFORT, Purpose.WAIT, Purpose.ROUTE, Purpose.AGAIN)
)
_STEP, _WAIT, _CHOICE = int(Kind.STEP), int(Kind.WAIT), int(Kind.CHOICE)

_BLOCK_BITS = 6
#: Cases in a block: the first has a number that is a multiple of this.
BLOCK = 1 << _BLOCK_BITS
#: Blocks that are kept of an element for each stream of arrivals; of the streams so many have their own, and
#: those that follow share that of the last.
KEPT = 4
_MOST_STREAMS = 8
#: What a draw that is used earns, and one that was made by itself; what a block costs: it takes as long as
#: some 40 draws by themselves.
_USED, _SINGLE = 64, 1
_COST = 48 * _USED
#: What an element has in the beginning, and at most, for each stream that has blocks of its own.
CREDIT = 4 * _COST
#: The entry of all that is drawn ahead, and what stands for a draw that must be made by itself.
_ENTRY, _NONE = 1, -1.0


@inner
def _add_seconds(m, first, luck, law, key, purpose, at):
    """Add whole seconds of a law to the draws of a block, of which the first is at `at`."""
    n = a.numbers(m)
    laws, floats, found, units = a.laws(m), a.floats(m), a.drawn(m), a.units(m)
    seed, run, word = n[a.SEED], n[a.STREAM_KEY], chance.word(_ENTRY, purpose)
    for i in range(BLOCK):
        units[i] = uniform(seed, run, first + i, key, word, luck)
    for i in range(BLOCK):
        value = quantile(laws, floats, law, units[i])
        # What is an error is one only if this case comes here; and a sum must be a whole number.
        if found[at + i] >= 0.0 and value < LONGEST and found[at + i] + value < LONGEST:
            found[at + i] += max(0.0, math.floor(value + 0.5))
        else:
            found[at + i] = _NONE


@inner
def _draw_units(m, first, luck, key, purpose, at):
    n = a.numbers(m)
    found = a.drawn(m)
    seed, run, word = n[a.SEED], n[a.STREAM_KEY], chance.word(_ENTRY, purpose)
    for i in range(BLOCK):
        found[at + i] = uniform(seed, run, first + i, key, word, luck)


@inner
def _draw(m, case, node, place):
    """Draw the block of `case` for an element, in place of an older one, if that pays."""
    apart()
    c = a.cases(m)[case]
    d = a.nodes(m)[node]
    kept = a.blocks(m)[place]
    account = a.accounts(m)[d.drawn]
    block = c.rank >> _BLOCK_BITS
    most = CREDIT * streams_apart(a.numbers(m))
    account.credit = min(account.credit + kept.used * _USED, most)
    kept.used = 0
    if account.credit < _COST:
        account.credit += _SINGLE
        return
    same_stream = kept.block >> (NUMBER_BITS - _BLOCK_BITS) == c.stream
    if same_stream and kept.block > block:  # this case is late
        return
    account.credit -= _COST
    kept.block = block
    first = c.number - (c.number & (BLOCK - 1))
    at = place << _BLOCK_BITS
    if d.kind == _STEP or d.kind == _WAIT:
        for i in range(BLOCK):
            a.drawn(m)[at + i] = 0.0
        if d.kind == _WAIT:
            _add_seconds(m, first, c.luck, d.delay, d.key, _DELAY, at)
        for i in range(d.parts_at, d.parts_at + d.parts_n):
            part = a.parts(m)[i]
            _add_seconds(m, first, c.luck, part.law, part.key, _EFFORT, at)
    else:
        _draw_units(m, first, c.luck, d.key, _ROUTE if d.kind == _CHOICE else _AGAIN, at)


@register_jitable
def streams_apart(n: Any) -> Any:
    """Return how many streams have blocks of their own, given the run's single numbers."""
    return min(n[a.STREAMS], _MOST_STREAMS)


@small
def _place(m, column, rank):
    """Return where the block of a case stands, if it is kept."""
    streams = streams_apart(a.numbers(m))
    stream = min(rank >> NUMBER_BITS, streams - 1)
    return (column * streams + stream) * KEPT + ((rank >> _BLOCK_BITS) & (KEPT - 1))


@small
def _find(m, case, node, entry):
    """Return what was drawn ahead for a case and an element, or a number below 0."""
    column = a.nodes(m)[node].drawn
    if column < 0 or entry != _ENTRY:
        return _NONE
    rank = a.cases(m)[case].rank
    block = rank >> _BLOCK_BITS
    place = _place(m, column, rank)
    kept = a.blocks(m)[place]
    if kept.block != block:
        _draw(m, case, node, place)
        if kept.block != block:
            return _NONE
    kept.used += 1
    return a.drawn(m)[place << _BLOCK_BITS | rank & (BLOCK - 1)]


@small
def effort(m, case, node, entry):
    """Return the seconds of work of a case at a step, all parts together."""
    found = _find(m, case, node, entry)
    if found >= 0.0:
        return np.int64(found)
    c = a.cases(m)[case]
    d = a.nodes(m)[node]
    whole = 0
    for i in range(d.parts_at, d.parts_at + d.parts_n):
        part = a.parts(m)[i]
        whole += chance.seconds(m, part.law, part.key, c.luck, c.number, entry, _EFFORT)
    return whole


@inner
def delay(m, case, node, entry):
    """Return the seconds that a case spends in a wait."""
    found = _find(m, case, node, entry)
    if found >= 0.0:
        return np.int64(found)
    c = a.cases(m)[case]
    d = a.nodes(m)[node]
    return chance.seconds(m, d.delay, d.key, c.luck, c.number, entry, _DELAY)


@inner
def unit(m, case, node, entry, purpose):
    """Return the uniform by which a case goes on from a choice or a repeat."""
    found = _find(m, case, node, entry)
    if found >= 0.0:
        return found
    c = a.cases(m)[case]
    return chance.draw(m, a.nodes(m)[node].key, c.luck, c.number, entry, purpose)
