"""Flattens the process of a variant: block-structured elements become nodes that point to each other.

Nodes come in file order, which decides ties. Each method of ``Flattener`` makes the nodes of one kind of
element: it is given the *exits* that lead into it - fields of nodes still to be filled in - and returns the
exits that lead out of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sim.errors import InputError
from sim.network.build_laws import cumulative, naming
from sim.network.build_work import HANDS, SHIFT_ENDS, STATUSES, WorkBuilder, escalating
from sim.network.elements import ChoiceBy, EndStatus, Kind, Need, Node
from sim.scenario import model_process as language
from sim.scenario.model_work import needs

#: (fields of a node in the making, name of the field, place in it or -1 for the field itself)
Exit = tuple[dict[str, Any], str, int]


class Flattener:
    """Makes the nodes of one process."""

    def __init__(self, work: WorkBuilder) -> None:
        self.work = work
        self.drafts: list[dict[str, Any]] = []
        self.first: dict[str, int] = {}  # name of an element -> first node of it
        self.batches: dict[str, int] = {}
        self.blocks: tuple[int, ...] = ()

    def flatten(self, process: Sequence[Any]) -> tuple[Node, ...]:
        """Return the nodes of a process, implicit ends included."""
        exits = self.sequence(process, [])
        self._lead_to_end("done", EndStatus.DONE, exits)
        self._lead_to_end("withdrawn", EndStatus.WITHDRAWN, [])
        self._lead_to_end("turned-away", EndStatus.TURNED_AWAY, [])
        return tuple(Node(**self._filled(draft)) for draft in self.drafts)

    def index_of(self, name: str) -> int:
        """Return the node at which a case enters the element `name`."""
        if name not in self.first:
            raise InputError(f"there is no element `{name}` where cases could wait.")
        return self.first[name]

    def end_index(self, name: str) -> int:
        """Return the node of the end called `name`."""
        return int(next(d["index"] for d in self.drafts if d["name"] == name))

    def _filled(self, draft: dict[str, Any]) -> dict[str, Any]:
        filled = dict(draft)
        counts = filled.get("counts", {})
        targets = filled.get("targets")
        filled["counts"] = tuple(counts.get(i, 0.0) for i in range(len(self.work.names.counters)))
        if targets is not None:
            filled["targets"] = tuple(targets)
        return filled

    # Drafts --------------------------------------------------------------------------------------

    def _new(self, name: str, kind: Kind, exits: Sequence[Exit], **fields: Any) -> dict[str, Any]:
        draft = {
            "index": len(self.drafts),
            "name": name,
            "key": self.work.key(name),
            "kind": kind,
            "blocks": self.blocks,
            **fields,
        }
        self.drafts.append(draft)
        _lead(exits, draft["index"])
        return draft

    # Elements ------------------------------------------------------------------------------------

    def sequence(self, elements: Sequence[Any], exits: list[Exit]) -> list[Exit]:
        """Make the nodes of elements in turn."""
        for element in elements:
            start = len(self.drafts)
            with naming(str(element.name)):
                exits = getattr(self, f"_{type(element).__name__.lower()}")(element, exits)
            if len(self.drafts) > start:
                self.first.setdefault(str(element.name), start)
        return exits

    def _step(self, step: language.Step, exits: list[Exit]) -> list[Exit]:
        wanted = [self.work.need(together) for together in needs(step.by)]
        common = {
            "hands": HANDS[step.hands],
            "stops_clock": step.stops_clock,
            "parts": self.work.parts(step),
            "shift_end": SHIFT_ENDS[step.at_shift_end],
        }
        node = self._new(
            str(step.name),
            Kind.STEP,
            exits,
            needs=tuple(wanted),
            patience=self.work.patience(step.patience),
            counts=self.work.counts(step.counts),
            limit=self.work.limit(step.limit),
            **common,
        )
        out: list[Exit] = [(node, "next", -1)]
        missed = step.limit.missed if step.limit is not None else None
        if missed is not None and missed.move_to is not None:
            other = Need((self.work.names.pools[str(missed.move_to)],), (1,))
            hidden = self._new(
                f"{step.name}/escalated",
                Kind.STEP,
                [],
                needs=(other,),
                escalated_from=node["index"],
                **common,
            )
            node["limit"] = escalating(node["limit"], hidden["index"])
            out.append((hidden, "next", -1))
        return out

    def _wait(self, wait: language.Wait, exits: list[Exit]) -> list[Exit]:
        node = self._new(
            str(wait.name),
            Kind.WAIT,
            exits,
            delay=self.work.resolver.duration(wait.for_, self.work.times.clock(wait.calendar)),
            hands=HANDS[wait.hands],
            stops_clock=wait.stops_clock,
            counts=self.work.counts(wait.counts),
        )
        return [(node, "next", -1)]

    def _choice(self, choice: language.Choice, exits: list[Exit]) -> list[Exit]:
        labels = [str(label) for label in choice.options]
        node = self._new(str(choice.name), Kind.CHOICE, exits)
        known: dict[str, int] = {}
        if choice.by is None:
            shares = self.work.resolver.shares([option.share for option in choice.options.values()])
            node["shares"] = cumulative(shares)
        elif choice.by == "class":
            node["by"], known = ChoiceBy.CLASS, self.work.names.classes
        else:
            node["by"] = ChoiceBy.ATTRIBUTE
            node["attribute"] = self.work.names.attributes[str(choice.by)]
            known = self.work.names.values[node["attribute"]]
        takes = [[i] for i in range(len(labels))]
        if choice.by is not None:
            takes = [[] for _ in labels]
            for value, place in known.items():
                label = value if value in labels else "else"
                if label not in labels:
                    raise InputError(f"no option says what happens to `{value}`; add it, or `else`.")
                takes[labels.index(label)].append(place)
        node["targets"] = [-1] * (len(known) if choice.by is not None else len(labels))
        if choice.by is None:
            node["branches"] = tuple(labels)
        else:
            node["branches"] = tuple(value if value in labels else "else" for value in known)
        out: list[Exit] = []
        for places, option in zip(takes, choice.options.values(), strict=True):
            out += self.sequence(option.do, [(node, "targets", place) for place in places])
        return out

    def _parallel(self, parallel: language.Parallel, exits: list[Exit]) -> list[Exit]:
        labels = tuple(str(label) for label in parallel.branches)
        node = self._new(str(parallel.name), Kind.FORK, exits, branches=labels, targets=[-1] * len(labels))
        out: list[Exit] = [(node, "next", -1)]
        for place, (label, branch) in enumerate(zip(labels, parallel.branches.values(), strict=True)):
            ends = self.sequence(branch, [(node, "targets", place)])
            join = self._new(f"{parallel.name}/{label}", Kind.JOIN, ends, fork=node["index"])
            out.append((join, "next", -1))
        return out

    def _repeat(self, repeat: language.Repeat, exits: list[Exit]) -> list[Exit]:
        start = len(self.drafts)
        inside = self.sequence(repeat.do, exits)
        again = self.work.resolver.share(repeat.again)
        node = self._new(str(repeat.name), Kind.LOOP, inside, again=again, cap=repeat.at_most, targets=[-1])
        back = self.sequence(repeat.redo, [(node, "targets", 0)])
        _lead(back, start)
        return [(node, "next", -1)]

    def _batch(self, batch: language.Batch, exits: list[Exit]) -> list[Exit]:
        name = str(batch.name)
        node = self._new(
            name,
            Kind.BATCH,
            exits,
            hands=HANDS[batch.hands],
            stops_clock=batch.stops_clock,
            counts=self.work.counts(batch.counts),
            meetings=self.work.meetings(batch),
        )
        self.batches[name] = node["index"]
        return [(node, "next", -1)]

    def _unbundle(self, unbundle: language.Unbundle, exits: list[Exit]) -> list[Exit]:
        name = str(unbundle.batch)
        node = self._new(f"{name}/unbundle", Kind.UNBUNDLE, exits, batch=self.batches[name])
        return [(node, "next", -1)]

    def _block(self, block: language.Block, exits: list[Exit]) -> list[Exit]:
        if block.hold is None and block.limit is None and not block.counts:
            return self.sequence(block.do, exits)  # a name for a sequence: nothing to simulate
        if (
            block.limit is not None
            and block.limit.missed is not None
            and block.limit.missed.move_to is not None
        ):
            raise InputError("the limit of a block cannot move work to another pool; put it on a step.")
        node = self._new(
            str(block.name),
            Kind.BLOCK,
            exits,
            hold=-1 if block.hold is None else self.work.names.pools[str(block.hold)],
            limit=self.work.limit(block.limit),
            counts=self.work.counts(block.counts),
            patience=self.work.patience(block.patience) if block.hold is not None else None,
        )
        outer = self.blocks
        self.blocks = (*outer, node["index"])
        inside = self.sequence(block.do, [(node, "next", -1)])
        self.blocks = outer
        end = self._new(f"{block.name}/end", Kind.BLOCK_END, inside, block=node["index"])
        return [(end, "next", -1)]

    def _markelement(self, mark: language.MarkElement, exits: list[Exit]) -> list[Exit]:
        return [(self._new(str(mark.name), Kind.MARK, exits), "next", -1)]

    def _end(self, end: language.End, exits: list[Exit]) -> list[Exit]:
        self._lead_to_end(str(end.name), STATUSES[end.status], exits)
        return []

    def _lead_to_end(self, name: str, status: EndStatus, exits: list[Exit]) -> None:
        """Lead `exits` to the end of that name, made where it is not there yet."""
        place = next((d for d in self.drafts if d["name"] == name), None)
        if place is None:
            self._new(name, Kind.END, exits, end_status=status)
        elif place["kind"] is not Kind.END or place["end_status"] is not status:
            raise InputError(f"`{name}` is the name of an end that every process has; choose another name.")
        else:
            _lead(exits, place["index"])


def _lead(exits: Sequence[Exit], index: int) -> None:
    for draft, name, place in exits:
        if place < 0:
            draft[name] = index
        else:
            draft[name][place] = index
