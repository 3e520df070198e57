"""Takes each strand of a case through the network's nodes, as a SimPy process."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

import simpy

from sim.chance.draws import Purpose
from sim.chance.laws import whole
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
    UNBUNDLE,
    WAIT,
    WORK_DONE,
)
from sim.engine.order import Rung, base
from sim.engine.parts import Parts
from sim.engine.state import CaseState, Fork, Happening, Strand, Visit
from sim.network.elements import Kind, Node

Walk = Generator[simpy.Event, Any, None]


class Walker:
    """Walks the nodes for all cases of one run."""

    def __init__(self, parts: Parts) -> None:
        network = parts.network
        self.env = parts.env
        self.network = network
        self.nodes = network.nodes
        self.draws = parts.draws
        self.arrivals = parts.arrivals
        self.recorder = parts.recorder
        self.staff = parts.staff
        self.limits = parts.limits
        self.batches = parts.batches
        self.ends = parts.ends
        self.consequences = parts.consequences
        self.legal = parts.limits.any_legal
        self.joins = {
            n.index: [j.index for j in network.nodes if j.fork == n.index and j.kind is JOIN]
            for n in network.nodes
            if n.kind is FORK
        }
        self._wait_priority = [base(Rung.END_WAIT, n.index) for n in network.nodes]
        self._leave_priority = [base(Rung.WITHDRAW, n.index) for n in network.nodes]
        self._elements: dict[Kind, Callable[[Strand, Node], Walk]] = {
            WAIT: self._wait,
            FORK: self._fork,
            BLOCK: self._block,
        }

    def walk(self, strand: Strand, index: int) -> Walk:
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
                self.ends.end(case, node.index, node.end_status, strand)
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
            visit.patience = Happening(self.env, seconds, priority, self.consequences.lose_patience)
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

    def work_done(self, visit: Visit) -> None:
        """The work (or wait for a unit, or meeting) of `visit` ends now; its strand goes on."""
        self.follow(visit)
        visit.done.succeed()

    def follow(self, visit: Visit) -> None:
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
            self.env.process(self.walk(branch, target))
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
            self.ends.write_block(case.limits.pop(block.index), now, now)
        if block.hold >= 0:
            self.staff.release(case, block.index)
