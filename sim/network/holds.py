"""Holds that can lock up: work inside a block that needs more of the pool than the unit the block keeps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sim.network.elements import Kind, Node, Pool


def hold_warnings(nodes: Sequence[Node], pools: Sequence[Pool]) -> Iterator[str]:
    """Yield a text for each step or meeting that may wait for ever for staff that waiting cases keep.

    A step works with the unit that its case keeps, and asks for the rest; a meeting never takes a kept
    unit. If enough cases keep theirs while they wait for more, nobody gets on.
    """
    for block in nodes:
        if block.kind is not Kind.BLOCK or block.hold < 0:
            continue
        pool = pools[block.hold].name
        for node in nodes:
            if block.index not in node.blocks:
                continue
            if node.meetings is not None and block.hold in node.meetings.attend.pools:
                yield (
                    f"{node.name}: {pool} attend, and each case that waits for it keeps one of {pool} "
                    f"through {block.name}: with as many cases as {pool} it is never held."
                )
            wanted = [
                u
                for need in node.needs
                for p, u in zip(need.pools, need.units, strict=True)
                if p == block.hold
            ]
            if wanted and min(wanted) > 1:
                yield (
                    f"{node.name}: it needs {min(wanted)} of {pool} at once, and each case keeps one of them "
                    f"through {block.name}: cases can wait for each other for ever."
                )
