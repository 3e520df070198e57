"""Ends cases, and writes what is still open when the run ends."""

from __future__ import annotations

from sim.engine.limits import RunningLimit
from sim.engine.members import BATCH, BLOCK_END, OPEN, WORK_CANCELLED, WORK_DONE, WORK_STARTED, WORK_WAITING
from sim.engine.parts import Parts
from sim.engine.records import Work
from sim.engine.state import CaseState, Strand, Visit
from sim.network.elements import EndStatus


class Ends:
    """Stops in one second all that a case that ended still waits for or is in work with."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.env = parts.env
        self.recorder = parts.recorder
        self.staff = parts.staff
        self.limits = parts.limits
        self.batches = parts.batches
        self.open = parts.open
        self.block_ends = {n.block: n.index for n in parts.network.nodes if n.kind is BLOCK_END}

    def end(
        self, case: CaseState, end: int, status: EndStatus, by: Strand, last_work: Work = WORK_CANCELLED
    ) -> None:
        """End `case` now: whatever else of it waits or is in work stops in this second.

        `by` is the strand that ended it; `last_work` the status of what that strand waited for.
        """
        now = self.env.now
        case.status = status
        case.ended = now
        case.end_node = end
        if case.in_cohort:
            self.parts.cohort_left -= 1
        path = set()
        up: Strand | None = by
        while up is not None:
            path.add(up.token)
            up = up.parent
        followers: list[Visit] = []
        for strand in case.strands.values():
            if strand.bundle:
                followers += [v for v in strand.bundle if v.case is not case]
            self._stop_strand(strand, last_work if strand is by else WORK_CANCELLED, now)
            if strand.parent is not None:
                self.recorder.branch(strand, now, WORK_DONE if strand.token in path else WORK_CANCELLED)
        for running in (case.limits or {}).values():
            self.write_block(running, now, now)
        for block in list(case.holds or ()):
            self.staff.release(case, block)
        self.limits.forget(case)
        case.strands = {}
        del self.open[case.row]
        self.recorder.case(case)
        for visit in followers:  # a bundle shares the fate of the case that leads it
            if visit.case.status is OPEN:
                self.end(visit.case, end, status, visit.strand)

    def _stop_strand(self, strand: Strand, status: Work, now: int) -> None:
        if strand.led_by is not None and strand.led_by.bundle:
            strand.led_by.bundle = [v for v in strand.led_by.bundle if v.strand is not strand]
        visit = strand.visit
        if visit is not None and visit.state in (WORK_WAITING, WORK_STARTED):
            if visit.node.kind is BATCH:
                self.batches[visit.node.index].leave(visit)
            else:
                if visit.patience is not None:
                    visit.patience.call_off()
                self.staff.leave(visit)
                self.staff.stop(visit)
            if visit.limit is not None:
                self.limits.end(visit.limit, now)
            visit.state = status
            self.recorder.visit(visit, status, now)
        if strand.wait is not None:
            event, began, entry, delay = strand.wait
            event.call_off()
            self.recorder.wait(strand, strand.node, entry, began, now, delay, WORK_CANCELLED)

    def write_block(self, running: RunningLimit, ended: int, now: int) -> None:
        """Write the row of a block with a limit, ended or (-1) still open in second `now`."""
        self.limits.end(running, ended if ended >= 0 else now + 1)
        self.recorder.block(running, self.block_ends[running.node.index], ended)

    def close(self, now: int) -> None:
        """Write what is still open when the run ends, in second `now`."""
        for case in self.open.values():
            for strand in case.strands.values():
                self._write_open(strand, now)
            for running in (case.limits or {}).values():
                self.write_block(running, -1, now)
            self.recorder.case(case)
        self.staff.close()

    def _write_open(self, strand: Strand, now: int) -> None:
        visit = strand.visit
        if visit is not None and visit.state in (WORK_WAITING, WORK_STARTED):
            if visit.limit is not None:
                self.limits.end(visit.limit, now + 1)
            if visit.state is WORK_STARTED:
                if visit.work_from >= 0 and (visit.end is not None or visit.meeting >= 0):
                    visit.pieces = [*(visit.pieces or ()), (visit.work_from, now + 1)]
                    visit.served += now + 1 - visit.work_from
                elif visit.pieces is None:
                    visit.pieces = []
            self.recorder.visit(visit, visit.state, -1)
        elif strand.wait is not None:
            _, began, entry, delay = strand.wait
            self.recorder.wait(strand, strand.node, entry, began, -1, delay, WORK_STARTED)
        if strand.parent is not None:
            self.recorder.branch(strand, -1, WORK_STARTED)
