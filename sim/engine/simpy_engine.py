"""The reference engine: each strand of a case is a SimPy process that walks the network's nodes.

This is the place where a semantic question is settled: it is written to be read, and the compiled
engine must give the same records, cell by cell. `walk` takes cases through the nodes, `staff` decides who
works on what, `shifts` and `room` change that, `batches` holds meetings, `limits` watches deadlines,
`consequences` and `ends` do what follows, `recorder` listens.
"""

from __future__ import annotations

from collections.abc import Collection, Generator
from typing import Any

import simpy

from sim.chance.arrivals import Cases, make_cases
from sim.chance.draws import Draws
from sim.engine import order
from sim.engine.batches import Batch
from sim.engine.consequences import Consequences
from sim.engine.ends import Ends
from sim.engine.limits import Limits
from sim.engine.order import Rung, base, case_rank, stuck_text
from sim.engine.parts import Parts
from sim.engine.records import Records
from sim.engine.staff import Staff
from sim.engine.state import CaseState, Happening, Strand
from sim.engine.walk import Walker
from sim.errors import RunError
from sim.network.elements import Network


def run(
    network: Network,
    draws: Draws,
    cases: Cases | None = None,
    *,
    pool_states: bool = False,
    elements: Collection[int] | None = None,
) -> Records:
    """Run one replication of `network`.

    Parameters
    ----------
    network : the variant to run.
    draws : the keyed source of chance (seed, draw, replication).
    cases : arrivals made beforehand; None: made here from `network` and `draws`.
    pool_states : also record every change of every pool.
    elements : index of those of which steps and pieces of work are recorded; None: of all.

    Returns
    -------
    Records
        Complete tables but for `elements`; nothing in them depends on `pool_states`.

    Raises
    ------
    RunError
        If more than a million things happen within one second.
    """
    made = make_cases(network, draws) if cases is None else cases
    return _Run(network, draws, made, pool_states).run(elements)


class _Run:
    """One run: makes the parts, brings in the cases, and lets SimPy's clock go on until the end."""

    def __init__(self, network: Network, draws: Draws, cases: Cases, pool_states: bool) -> None:
        parts = Parts(network, draws, cases, pool_states)
        parts.staff = Staff(parts)
        parts.limits = Limits(parts)
        parts.batches = {n.index: Batch(parts, n) for n in parts.batch_nodes}
        parts.ends = Ends(parts)
        parts.consequences = Consequences(parts)
        parts.walker = Walker(parts)
        self.parts = parts
        self.network = network
        self.stop = network.horizon - 1

    def run(self, elements: Collection[int] | None) -> Records:
        parts = self.parts
        env = parts.env
        window_end = self.network.window[1]
        env.process(self._arrive())
        at, count, before = -1, 0, 0
        while True:
            t = env.peek()
            if not parts.cohort_left and t > window_end:
                # The cohort has ended: finish this second, but never stop before the window does.
                self.stop = min(self.stop, max(window_end, env.now))
            if t > self.stop:
                break
            if t == at:
                count += 1
                cases = before + len(parts.recorder.cases)
                if count > order.MOST_PER_INSTANT + order.MOST_PER_CASE * cases:
                    raise RunError(self._stuck(at))
            else:
                at, count = int(t), 0
                before = len(parts.open) - len(parts.recorder.cases)
            env.step()
        parts.ends.close(self.stop)
        return parts.recorder.records(
            len(self.network.counters), parts.staff.pools, self.stop, parts.staff.activities, elements
        )

    def _stuck(self, at: int) -> str:
        entered = [
            (-times, case.stream, case.number, index)
            for case in self.parts.open.values()
            for index, times in case.entries.items()
            if index >= 0  # else a limit of a block
        ]
        where = ""
        if entered:
            times, stream, number, index = min(entered)
            where = f" Case {stream}/{number} entered {self.network.nodes[index].name} {-times} times."
        return stuck_text(self.network, at, where)

    def _arrive(self) -> Generator[simpy.Event, Any, None]:
        """A SimPy process: bring in the cases, made beforehand, at their times."""
        parts = self.parts
        made = parts.arrivals
        window_start, window_end = self.network.window
        rung = base(Rung.ARRIVE, 0)
        luck = [int(key) for key in made.stream_keys]
        priorities = [c.priority for c in self.network.classes]
        columns = zip(
            made.stream.tolist(), made.number.tolist(), made.arrived.tolist(), made.cls.tolist(),
            made.attributes.tolist(), made.initial.tolist(), made.node.tolist(), strict=True,
        )  # fmt: skip
        for row, (stream, number, arrived, cls, attributes, initial, node) in enumerate(columns):
            rank = case_rank(stream, number)
            yield Happening(parts.env, max(arrived, 0) - parts.env.now, rung + rank)
            case = CaseState(row, stream, number, arrived, cls, rank)
            case.luck = luck[stream]
            case.priority = priorities[cls]
            case.attributes = tuple(attributes)
            case.initial = initial
            case.in_cohort = not initial and window_start <= arrived < window_end
            case.counts = list(self.network.case_counts)
            parts.open[row] = case
            parts.recorder.cases.append(None)
            trunk = Strand(case, 0, None, 0)
            case.strands[0] = trunk
            parts.env.process(parts.walker.walk(trunk, node))
