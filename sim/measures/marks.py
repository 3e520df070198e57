"""When cases pass marks: the first and the last time."""

from __future__ import annotations

from difflib import get_close_matches

import numpy as np
import numpy.typing as npt

from sim.engine.records import Records
from sim.errors import InputError
from sim.network.elements import Kind, Network

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

#: Stands for "never" among the passings; no time of a run is so low.
NEVER = np.iinfo(np.int64).min


def passings(network: Network, records: Records, mark: str) -> tuple[IntArray, IntArray]:
    """Return when each case first and last passed `mark`, in seconds; `NEVER` where it did not.

    Raises
    ------
    InputError
        If the variant has no mark of that name.
    ValueError
        If the run did not record it.
    """
    node = next((n for n in network.nodes if n.name == mark and n.kind == Kind.MARK), None)
    if node is None:
        raise InputError(_unknown(network, mark))
    if records.elements is not None and node.index not in records.elements:
        raise ValueError(f"mark {mark} was not recorded in this run")
    rows = np.flatnonzero(records.steps["element"] == node.index)
    case, passed = records.steps["case"][rows], records.steps["ended"][rows]
    first = np.full(len(records.cases), NEVER, dtype=np.int64)
    last = first.copy()
    # Rows of a case stand in order of time: the last one written stays.
    last[case] = passed
    first[case[::-1]] = passed[::-1]
    return first, last


def between(
    network: Network, records: Records, start: str, stop: str
) -> tuple[BoolArray, IntArray, IntArray]:
    """Return which cases passed both marks, the first passing of `start`, the last of `stop`.

    An empty name is the arrival or the end of the case. A case that passed `stop` for the last time
    before it ever passed `start` has not passed both.
    """
    cases = records.cases
    begin = passings(network, records, start)[0] if start else cases["arrived"].astype(np.int64)
    if stop:
        end = passings(network, records, stop)[1]
    else:
        end = np.where(cases["ended"] >= 0, cases["ended"], NEVER).astype(np.int64)
    return (begin != NEVER) & (end != NEVER) & (end >= begin), begin, end


def _unknown(network: Network, mark: str) -> str:
    names = [node.name for node in network.nodes if node.kind == Kind.MARK]
    near = get_close_matches(mark, names, 1)
    hint = f'did you mean "{near[0]}"?' if near else f"its marks are: {', '.join(names) or 'none'}"
    return f'scenario {network.scenario} ({network.variant}) has no mark "{mark}"; {hint}'
