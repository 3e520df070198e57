"""The tally of a case: what is counted of it as it goes through the process, and in which columns.

Every wake of a case reads its tally, so it is short: entries into a node are counted only where a case can
come to it more than once.
"""

from __future__ import annotations

from collections.abc import Sequence

from sim.engine.compiled.layout import TALLIED
from sim.network.elements import Kind, Node

#: Kinds of nodes whose entries have numbers; a block's only if it waits for the unit that it keeps.
_COUNTED = (Kind.STEP, Kind.WAIT, Kind.MARK, Kind.BATCH, Kind.CHOICE, Kind.LOOP, Kind.FORK, Kind.BLOCK)


class Columns:
    """Columns of a tally, given out to the nodes of a network.

    Attributes
    ----------
    used : how many are.
    """

    def __init__(self, nodes: Sequence[Node]) -> None:
        self.used = 0
        self._repeated = repeated(nodes)

    @property
    def width(self) -> int:
        """Columns of a row: `used`, or some more so that it takes whole lines of memory, or several fill one.

        It is known when all nodes have their columns.
        """
        if self.used > TALLIED:
            return -(-self.used // TALLIED) * TALLIED
        return 1 << (self.used - 1).bit_length() if self.used else 0

    def of(self, node: Node) -> dict[str, int]:
        """Return the columns of a node, which are new, by their fields in ``layout.NODE``; -1 for none."""
        again = node.index in self._repeated
        counted = node.kind in _COUNTED and (node.kind is not Kind.BLOCK or node.hold >= 0)
        limited = node.kind is Kind.BLOCK and node.limit is not None
        wanted = {
            "entries": counted and again,
            "loop_column": node.kind is Kind.LOOP,
            "hold_column": node.hold >= 0,
            "limit_column": limited,
            "limit_entry": limited and again,
        }
        columns = {}
        for name, is_wanted in wanted.items():
            columns[name] = self.used if is_wanted else -1
            self.used += is_wanted
        return columns


def repeated(nodes: Sequence[Node]) -> frozenset[int]:
    """Return the indices of all nodes that lie on a way from a node back to itself.

    Those between two such ways are among them too, for simplicity: of all nodes those to which none leads,
    then those from which none leads on, are taken away until there are no more of them.
    """
    after = [_following(nodes, node) for node in nodes]
    before: list[set[int]] = [set() for _ in nodes]
    for index, following in enumerate(after):
        for other in following:
            before[other].add(index)
    left = set(range(len(nodes)))
    for onward, back in ((after, before), (before, after)):
        leading = {index: len(back[index] & left) for index in left}
        first = [index for index in left if not leading[index]]
        while first:
            index = first.pop()
            left.discard(index)
            for other in onward[index] & left:
                leading[other] -= 1
                if not leading[other]:
                    first.append(other)
    return frozenset(left)


def _following(nodes: Sequence[Node], node: Node) -> set[int]:
    """Return the nodes that a case, in any of its strands, may come to from `node`."""
    following = {node.next, *node.targets}
    if node.limit is not None:
        following.add(node.limit.escalate_to)
    if node.kind is Kind.JOIN:  # the last branch lets the whole go on
        following.add(nodes[node.fork].next)
    following.discard(-1)
    return following
