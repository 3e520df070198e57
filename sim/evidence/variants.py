"""Variants by the parts of the reform that are in, each made once per process."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from sim.scenario.load import Scenario
from sim.scenario.variant import Variant, after, variant

#: Variants that a process keeps: all subsets of eight levers and the context.
MOST = 512

_made: OrderedDict[tuple[object, ...], Variant] = OrderedDict()


@dataclass(frozen=True)
class Coalition:
    """Parts of a change that are in.

    Attributes
    ----------
    levers : their names, in file order.
    context : whether the documented changes that are not the reform are in.
    """

    levers: tuple[str, ...] = ()
    context: bool = False


def variant_of(scenario: Scenario, reading: str, coalition: Coalition | None) -> Variant:
    """Return the variant with the parts of `coalition`; None for all: "after"."""
    key = (scenario.content_key(), reading, coalition)
    if key not in _made:
        if coalition is None:
            _made[key] = after(scenario, reading)
        else:
            _made[key] = variant(
                scenario, levers=coalition.levers, context=coalition.context, reading=reading
            )
        while len(_made) > MOST:
            _made.popitem(last=False)
    _made.move_to_end(key)
    return _made[key]
