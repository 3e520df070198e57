"""What follows when a limit passes, patience ends or there is no room."""

from __future__ import annotations

import simpy

from sim.engine.limits import RunningLimit
from sim.engine.members import BATCH, OPEN, TURNED_AWAY, WITHDRAWN, WORK_MOVED
from sim.engine.parts import Parts
from sim.engine.records import Work
from sim.engine.state import CaseState, Visit
from sim.network.elements import Node


class Consequences:
    """Escalates, changes classes, and ends cases that leave."""

    def __init__(self, parts: Parts) -> None:
        self.env = parts.env
        self.network = parts.network
        self.nodes = parts.network.nodes
        self.recorder = parts.recorder
        self.staff = parts.staff
        self.limits = parts.limits
        self.batches = parts.batches
        self.ends = parts.ends

    def limit_missed(self, running: RunningLimit) -> None:
        """A limit passes while the work waits (or, for a block, while the case is in it)."""
        limit = running.limit
        visit = running.visit
        case = running.case
        if limit.new_class >= 0:
            case.cls = limit.new_class
            case.priority = self.network.classes[limit.new_class].priority
            for strand in case.strands.values():
                waiting = strand.visit
                if waiting is not None and waiting.node.kind is BATCH:
                    self.batches[waiting.node.index].rekey(waiting)
                elif waiting is not None:
                    self.staff.rekey(waiting)
        if visit is not None and limit.escalate_to >= 0:
            self._escalate(visit, self.nodes[limit.escalate_to])

    def _escalate(self, visit: Visit, node: Node) -> None:
        """Move waiting work to the hidden step that another pool does; it keeps its waiting-since."""
        now = self.env.now
        self.staff.leave(visit)
        self.limits.end(visit.limit, now + 1)
        visit.state = WORK_MOVED
        self.recorder.visit(visit, WORK_MOVED, now)
        strand = visit.strand
        moved = Visit(strand, node, strand.case.enter(node.index), now, visit.done)
        moved.since = visit.since
        moved.effort = moved.remaining = visit.effort
        moved.due = visit.due
        moved.limit = None
        moved.patience = visit.patience
        if moved.patience is not None:
            moved.patience.work = moved
        strand.visit = moved
        self.staff.join(moved)

    def lose_patience(self, event: simpy.Event) -> None:
        """Patience ends in this second: a case that still waits withdraws, whole."""
        visit: Visit = event.work  # type: ignore[attr-defined]
        if visit.started < 0 and visit.case.status is OPEN:
            self.ends.end(visit.case, self.network.withdrawn, WITHDRAWN, visit.strand, Work.WITHDRAWN)

    def turn_away(self, case: CaseState, visit: Visit) -> None:
        """There is no room: the case leaves."""
        self.ends.end(case, self.network.turned_away, TURNED_AWAY, visit.strand, Work.TURNED_AWAY)
