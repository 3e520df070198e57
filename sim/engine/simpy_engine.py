"""The reference engine: each strand of a case is a SimPy process that walks the network's nodes.

This is the place where a semantic question is settled: it is written to be read, and the compiled
engine must give the same records, cell by cell. `staff` decides who works on what, `batches` holds
meetings, `limits` watches deadlines, `recorder` listens.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

import simpy

from sim.chance.arrivals import Cases, make_cases
from sim.chance.draws import Draws, Purpose
from sim.chance.laws import whole
from sim.engine.batches import Batch
from sim.engine.limits import Limits, RunningLimit
from sim.engine.members import (
    AGAIN,
    BATCH,
    BLOCK,
    BLOCK_END,
    BY_ATTRIBUTE,
    BY_CLASS,
    CHOICE,
    DELAY,
    EFFORT,
    END,
    FORK,
    JOIN,
    LOOP,
    MARK,
    OPEN,
    PATIENCE,
    ROUTE,
    STEP,
    TURNED_AWAY,
    UNBUNDLE,
    WAIT,
    WITHDRAWN,
    WORK_CANCELLED,
    WORK_DONE,
    WORK_MOVED,
    WORK_STARTED,
    WORK_WAITING,
)
from sim.engine.order import MOST_PER_INSTANT, Rung, base, case_rank
from sim.engine.recorder import Recorder
from sim.engine.records import Records, Work
from sim.engine.staff import Staff
from sim.engine.state import CaseState, Env, Fork, Happening, Strand, Visit
from sim.errors import RunError
from sim.network.elements import EndStatus, Kind, Network, Node

Walk = Generator[simpy.Event, Any, None]


def run(network: Network, draws: Draws, cases: Cases | None = None, *, pool_states: bool = False) -> Records:
    """Run one replication of `network`.

    Parameters
    ----------
    network : the variant to run.
    draws : the keyed source of chance (seed, draw, replication).
    cases : arrivals made beforehand; None: made here from `network` and `draws`.
    pool_states : also record every change of every pool.

    Returns
    -------
    Records
        Complete tables; nothing in them depends on `pool_states`.

    Raises
    ------
    RunError
        If more than a million things happen within one second.
    """
    return _Run(network, draws, make_cases(network, draws) if cases is None else cases, pool_states).run()


class _Run:
    def __init__(self, network: Network, draws: Draws, cases: Cases, pool_states: bool) -> None:
        self.network = network
        self.nodes = network.nodes
        self.draws = draws
        self.arrivals = cases
        self.env = Env()
        self.recorder = Recorder(pool_states)
        self.staff = Staff(self.env, network, self.recorder, self._work_done, self._turned_away)
        self.limits = Limits(self.env, network, self._limit_missed)
        self.batches = {
            n.index: Batch(
                self.env, network, n, draws, self.staff, self.recorder, self._work_done, self._follow
            )
            for n in network.nodes
            if n.kind is BATCH
        }
        self.open: dict[int, CaseState] = {}  # by row; ended cases are only rows any more
        start, stop = network.window
        in_window = (cases.arrived >= start) & (cases.arrived < stop) & ~cases.initial
        self.cohort_left = int(in_window.sum())
        self.stop = network.horizon - 1
        self.legal = self.limits.any_legal
        self.joins = {n.index: [j.index for j in network.nodes if j.fork == n.index and j.kind is JOIN]
                      for n in network.nodes if n.kind is FORK}  # fmt: skip
        self.block_ends = {n.block: n.index for n in network.nodes if n.kind is BLOCK_END}
        self._wait_priority = [base(Rung.END_WAIT, n.index) for n in network.nodes]
        self._leave_priority = [base(Rung.WITHDRAW, n.index) for n in network.nodes]
        self._elements: dict[Kind, Callable[[Strand, Node], Walk]] = {
            WAIT: self._wait,
            FORK: self._fork,
            BLOCK: self._block,
        }

    # ---- the run ---------------------------------------------------------------------------------

    def run(self) -> Records:
        env = self.env
        window_end = self.network.window[1]
        env.process(self._arrive())
        at, count = -1, 0
        while True:
            t = env.peek()
            if not self.cohort_left and t > window_end:
                # The cohort has ended: finish this second, but never stop before the window does.
                self.stop = min(self.stop, max(window_end, env.now))
            if t > self.stop:
                break
            if t == at:
                count += 1
                if count > MOST_PER_INSTANT:
                    raise RunError(self._stuck(at))
            else:
                at, count = int(t), 0
            env.step()
        self._close()
        return self.recorder.records(
            len(self.network.counters), self.staff.pools, self.stop, self.staff.activities
        )

    def _stuck(self, at: int) -> str:
        busy = max(self.open.values(), key=lambda c: sum(c.entries.values()), default=None)
        where = ""
        if busy is not None and busy.entries:
            index = max(busy.entries, key=lambda i: busy.entries[i])
            times, name = busy.entries[index], self.nodes[index].name
            where = f" Case {busy.stream}/{busy.number} entered {name} {times} times."
        return (
            f"More than {MOST_PER_INSTANT} things happen in second {at} of {self.network.scenario} "
            f"({self.network.variant}): time does not pass.{where} Give some element of the loop a duration."
        )

    def _close(self) -> None:
        """Write what is still open when the run ends."""
        now = self.stop
        for case in self.open.values():
            for strand in case.strands.values():
                self._write_open(strand, now)
            for running in (case.limits or {}).values():
                self._write_block(running, -1, now)
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

    # ---- arrivals --------------------------------------------------------------------------------

    def _arrive(self) -> Walk:
        """A SimPy process: bring in the cases, made beforehand, at their times."""
        made = self.arrivals
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
            yield Happening(self.env, max(arrived, 0) - self.env.now, rung + rank)
            case = CaseState(row, stream, number, arrived, cls, rank)
            case.luck = luck[stream]
            case.priority = priorities[cls]
            case.attributes = tuple(attributes)
            case.initial = initial
            case.in_cohort = not initial and window_start <= arrived < window_end
            case.counts = list(self.network.case_counts)
            self.open[row] = case
            self.recorder.cases.append(None)
            trunk = Strand(case, 0, None, 0)
            case.strands[0] = trunk
            self.env.process(self._walk(trunk, node))

    # ---- walking the nodes -----------------------------------------------------------------------

    def _walk(self, strand: Strand, index: int) -> Walk:
        """A SimPy process: take one strand of a case from node `index` to its end."""
        case = strand.case
        nodes = self.nodes
        while case.status is OPEN:
            node = nodes[index]
            strand.node = index
            if node.counts:
                self._count(strand, node.counts)
            kind = node.kind
            if kind is STEP:
                yield self._join(strand, node)
                index = node.next
            elif kind is MARK:
                self.recorder.mark(strand, index, case.enter(index), self.env.now)
                index = node.next
            elif kind is CHOICE:
                index = self._choose(case, node)
            elif kind is LOOP:
                index = self._again(strand, node)
            elif kind is BATCH:
                target = yield from self._batch(strand, node)
                index = node.next if target is None else target
            elif kind is UNBUNDLE:
                self._unbundle(strand, node)
                index = node.next
            elif kind is BLOCK_END:
                self._leave_block(case, node)
                index = node.next
            elif kind is JOIN:
                self._join_branch(strand)
                return
            elif kind is END:
                self._end(case, node.index, node.end_status, strand)
                return
            else:
                yield from self._elements[kind](strand, node)
                index = node.next

    def _count(self, strand: Strand, counts: tuple[float, ...]) -> None:
        members = [v.case for v in strand.bundle] if strand.bundle else [strand.case]
        for case in members:
            for i, amount in enumerate(counts):
                case.counts[i] += amount

    def _value(self, case: CaseState, law: Any, key: int, entry: int, purpose: Purpose) -> int:
        return whole(self.draws.value(law, key, case.luck, case.number, entry, purpose))

    def _effort(self, case: CaseState, node: Node, entry: int) -> int:
        total = 0
        for part in node.parts:
            total += self._value(case, part.law, part.key, entry, EFFORT)
        return total

    # ---- steps -----------------------------------------------------------------------------------

    def _join(self, strand: Strand, node: Node) -> simpy.Event:
        """Queue for a step (or for the unit of a hold); return the event of its end."""
        case = strand.case
        now = self.env.now
        entry = case.enter(node.index)
        visit = Visit(strand, node, entry, now, self.env.event())
        if (
            case.initial
            and not case.strand_count
            and node.index == self.arrivals.node[case.row]
            and entry == 1
        ):
            visit.joined = visit.since = case.arrived  # backlog has waited here since it arrived
        if node.parts:
            visit.effort = visit.remaining = self._effort(case, node, entry)
        strand.visit = visit
        if self.legal:
            self._hands(strand, node, 1)
        if node.kind is STEP:
            if node.limit is not None:
                visit.limit = self.limits.begin(case, node, entry, visit)
                visit.due = visit.limit.due
            else:
                visit.due = self._due_of_block(case, node)
        if node.patience is not None and not strand.bundle:
            seconds = self._value(case, node.patience, node.key, entry, PATIENCE)
            priority = self._leave_priority[node.index] + case.rank + entry
            visit.patience = Happening(self.env, seconds, priority, self._loses_patience)
            visit.patience.work = visit
        self.staff.join(visit)
        return visit.done

    def _due_of_block(self, case: CaseState, node: Node) -> int:
        """Deadline that orders work by due date: that of the innermost block with a limit."""
        if case.limits:
            for block in reversed(node.blocks):
                running = case.limits.get(block)
                if running is not None:
                    due: int = running.due
                    return due
        return -1

    def _work_done(self, visit: Visit) -> None:
        """The work (or wait for a unit, or meeting) of `visit` ends now; its strand goes on."""
        self._follow(visit)
        visit.done.succeed()

    def _follow(self, visit: Visit) -> None:
        """`visit` is over; its strand goes on later, or is led from now on by another of its bundle."""
        now = self.env.now
        visit.state = WORK_DONE
        if visit.limit is not None:
            self.limits.end(visit.limit, now)
        self.recorder.visit(visit, WORK_DONE, now)
        if self.legal:
            self._hands(visit.strand, visit.node, -1)
        visit.strand.visit = None

    def _hands(self, strand: Strand, node: Node, step: int) -> None:
        """Tell the legal clock that the strand (with all whom it leads) enters or leaves `node`."""
        self.limits.move(strand.case, node, step)
        if strand.bundle:
            for member in strand.bundle:
                if member.case is not strand.case:
                    self.limits.move(member.case, node, step)

    # ---- other elements --------------------------------------------------------------------------

    def _wait(self, strand: Strand, node: Node) -> Walk:
        case = strand.case
        now = self.env.now
        entry = case.enter(node.index)
        assert node.delay is not None
        delay = self._value(case, node.delay.law, node.key, entry, DELAY)
        ends = now + delay
        if node.delay.calendar >= 0:
            ends = self.network.calendars[node.delay.calendar].add_open(now, delay)
        if self.legal:
            self._hands(strand, node, 1)
        event = Happening(self.env, ends - now, self._wait_priority[node.index] + case.rank + entry)
        strand.wait = (event, now, entry, delay)
        yield event
        strand.wait = None
        if self.legal:
            self._hands(strand, node, -1)
        self.recorder.wait(strand, node.index, entry, now, ends, delay)

    def _choose(self, case: CaseState, node: Node) -> int:
        entry = case.enter(node.index)
        if node.by is BY_CLASS:
            return node.targets[case.cls]
        if node.by is BY_ATTRIBUTE:
            return node.targets[case.attributes[node.attribute]]
        u = self.draws.uniform(node.key, case.luck, case.number, entry, ROUTE)
        for share, target in zip(node.shares, node.targets, strict=True):
            if u < share:
                return target
        return node.targets[-1]

    def _again(self, strand: Strand, node: Node) -> int:
        """After `do` of a repeat: another redo pass, or go on."""
        case = strand.case
        entry = case.enter(node.index)
        passes = strand.loops.get(node.index, 0)
        if passes < node.cap:
            u = self.draws.uniform(node.key, case.luck, case.number, entry, AGAIN)
            if u < node.again:
                strand.loops[node.index] = passes + 1
                if not passes:
                    strand.rework += 1
                return node.targets[0]
        if passes:
            strand.rework -= 1
            del strand.loops[node.index]
        return node.next

    def _fork(self, strand: Strand, node: Node) -> Walk:
        case = strand.case
        entry = case.enter(node.index)
        now = self.env.now
        fork = Fork(len(node.targets), self.env.event())
        for i, target in enumerate(node.targets):
            case.strand_count += 1
            branch = Strand(case, case.strand_count, strand, strand.rework)
            branch.fork = fork
            branch.join_node = self.joins[node.index][i]
            branch.forked = now
            branch.branch_entry = entry
            case.strands[branch.token] = branch
            self.env.process(self._walk(branch, target))
        yield fork.done

    def _join_branch(self, strand: Strand) -> None:
        """A branch ends; the last one lets its parent go on."""
        self.recorder.branch(strand, self.env.now, WORK_DONE)
        del strand.case.strands[strand.token]
        fork = strand.fork
        assert fork is not None
        fork.left -= 1
        if not fork.left:
            fork.done.succeed()

    def _batch(self, strand: Strand, node: Node) -> Generator[simpy.Event, Any, int | None]:
        case = strand.case
        entry = case.enter(node.index)
        visit = Visit(strand, node, entry, self.env.now, self.env.event())
        assert node.meetings is not None
        if (
            case.initial
            and not case.strand_count
            and node.index == self.arrivals.node[case.row]
            and entry == 1
        ):
            visit.joined = visit.since = case.arrived
        if node.meetings.each is not None:
            part = node.meetings.each
            visit.effort = self._value(case, part.law, part.key, entry, EFFORT)
        visit.due = self._due_of_block(case, node)
        strand.visit = visit
        if self.legal:
            self._hands(strand, node, 1)
        self.batches[node.index].join(visit)
        target: int | None = yield visit.done
        return target

    def _unbundle(self, strand: Strand, node: Node) -> None:
        """Members of the bundle that this strand leads go on by themselves."""
        members = strand.bundle or []
        strand.bundle = None
        for visit in members:
            if visit.strand is not strand and visit.case.status is OPEN:
                visit.strand.led_by = None
                visit.done.succeed(node.next)

    def _block(self, strand: Strand, node: Node) -> Walk:
        case = strand.case
        if node.limit is not None:
            entry = case.enter(-1 - node.index)  # apart from the entries of its hold
            if case.limits is None:
                case.limits = {}
            running = self.limits.begin(case, node, entry, None)
            running.strand = strand
            case.limits[node.index] = running
        if node.hold >= 0:
            yield self._join(strand, node)

    def _leave_block(self, case: CaseState, node: Node) -> None:
        block = self.nodes[node.block]
        if block.limit is not None and case.limits and block.index in case.limits:
            now = self.env.now
            self._write_block(case.limits.pop(block.index), now, now)
        if block.hold >= 0:
            self.staff.release(case, block.index)

    def _write_block(self, running: RunningLimit, ended: int, now: int) -> None:
        self.limits.end(running, ended if ended >= 0 else now + 1)
        self.recorder.block(running, self.block_ends[running.node.index], ended)

    # ---- limits, patience, room ------------------------------------------------------------------

    def _limit_missed(self, running: RunningLimit) -> None:
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

    def _loses_patience(self, event: simpy.Event) -> None:
        visit: Visit = event.work  # type: ignore[attr-defined]
        if visit.started < 0 and visit.case.status is OPEN:
            self._end(visit.case, self.network.withdrawn, WITHDRAWN, visit.strand, Work.WITHDRAWN)

    def _turned_away(self, case: CaseState, visit: Visit) -> None:
        self._end(case, self.network.turned_away, TURNED_AWAY, visit.strand, Work.TURNED_AWAY)

    # ---- ends ------------------------------------------------------------------------------------

    def _end(
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
            self.cohort_left -= 1
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
            self._write_block(running, now, now)
        for block in list(case.holds or ()):
            self.staff.release(case, block)
        self.limits.forget(case)
        case.strands = {}
        del self.open[case.row]
        self.recorder.case(case)
        for visit in followers:  # a bundle shares the fate of the case that leads it
            if visit.case.status is OPEN:
                self._end(visit.case, end, status, visit.strand)

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
