"""The cases of a run a few at a time, so that memory does not grow with their number."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from sim.chance.arrivals import Cases, Part, join, sources
from sim.chance.draws import Draws

if TYPE_CHECKING:
    from sim.network.elements import Network

#: Cases drawn at once of each stream.
SIZE = 32_768

_NEVER = 1 << 62


def cases_in_chunks(network: Network, draws: Draws, size: int = SIZE) -> Iterator[Cases]:
    """Yield the cases of ``make_cases``, in their order, some at a time; at least one chunk, if an empty one.

    Cases that come in one second are in one chunk, a backlog in second 0. Backlogs and recorded arrivals,
    which the scenario states one by one, are held in memory; arrivals drawn by a rate are not.

    Parameters
    ----------
    size : cases drawn at once of each stream, at least 1.

    Raises
    ------
    RunError
        As ``make_cases``, when it comes to it.
    """
    more = {i: source.parts(network, draws, size) for i, source in enumerate(sources(network, draws))}
    waiting: dict[int, Part] = {}
    given = False
    behind = list(more)
    while behind:
        for i in behind:
            _extend(waiting, more, i)
        # Before this second every case is known: whoever has come least far may yet bring one in it. What is
        # there from the start comes in second 0, however long it has waited.
        reached = {i: max(int(waiting[i].arrived.max()), 0) for i in more}
        bound = min(reached.values(), default=_NEVER)
        behind = [i for i, t in reached.items() if t == bound]
        comes = {i: np.maximum(p.arrived, 0) < bound for i, p in waiting.items()}
        ready = [p.where(comes[i]) for i, p in waiting.items()]
        ready = [p for p in ready if len(p.arrived)]
        waiting = {i: p.where(~comes[i]) for i, p in waiting.items()}
        if ready:
            yield join(network, draws, ready)
            given = True
    if not given:
        yield join(network, draws, [])


def _extend(waiting: dict[int, Part], more: dict[int, Iterator[Part]], i: int) -> None:
    """Draw more cases of source `i`; forget that it has more when it has none."""
    part = next(more[i], None)
    if part is None or not len(part.arrived):
        del more[i]
    elif i not in waiting:
        waiting[i] = part
    else:
        held = waiting[i]
        waiting[i] = replace(
            held,
            arrived=np.concatenate([held.arrived, part.arrived]),
            number=np.concatenate([held.number, part.number]),
            cls=np.concatenate([held.cls, part.cls]),
        )
