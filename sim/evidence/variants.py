"""Variants by the parts of the reform that are in, each made once per process."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import TypeVar

from sim.scenario.load import Scenario
from sim.scenario.variant import Subsets, Variant, lever_names

T = TypeVar("T")

#: Variants that a process keeps: all subsets of eight levers and the context.
MOST = 512

#: Readings whose common part a process keeps.
READINGS = 8

_made: OrderedDict[tuple[object, ...], Variant] = OrderedDict()
_makers: OrderedDict[tuple[object, ...], Subsets] = OrderedDict()


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
    key = (scenario.content_key(), reading)
    if (*key, coalition) not in _made:
        if key not in _makers:
            _keep(_makers, key, Subsets(scenario, reading), READINGS)
        wanted = coalition or Coalition(lever_names(scenario, reading), True)
        _keep(_made, (*key, coalition), _makers[key].make(wanted.levers, wanted.context), MOST)
    _made.move_to_end((*key, coalition))
    return _made[*key, coalition]


def _keep(kept: OrderedDict[tuple[object, ...], T], key: tuple[object, ...], made: T, most: int) -> None:
    kept[key] = made
    while len(kept) > most:
        kept.popitem(last=False)
