"""Errors of a compiled run, raised by the functions that raise them in the reference, in the same words."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.chance.draws import Draws, entry_and_purpose
from sim.chance.laws import whole
from sim.engine.compiled import chance
from sim.engine.compiled import layout as a
from sim.engine.compiled.network import NetworkArrays
from sim.engine.compiled.room import Room
from sim.engine.order import stuck_text
from sim.errors import RunError
from sim.network.elements import Network


def stuck(network: Network, room: Room) -> RunError:
    """Return the error of a run in which time does not pass."""
    open_ = room.tables["cases"]["strand"] >= 0
    where = ""
    if open_.any():
        n = room.numbers
        width, columns = int(n[a.WIDTH]), room.tables["nodes"]["entries"]
        counted = np.flatnonzero(columns >= 0)
        tally = room.tables["tally"][: len(open_) * width].reshape(len(open_), width)
        entries = tally[:, columns[counted]] * open_[:, np.newaxis]
        times = int(entries.max(initial=0))
        if times:
            slots, which = np.nonzero(entries == times)
            cases = room.tables["cases"][slots]
            first = np.lexsort((which, cases["number"], cases["stream"]))[0]
            case, name = cases[first], network.nodes[counted[which[first]]].name
            where = f" Case {case['stream']}/{case['number']} entered {name} {times} times."
    return RunError(stuck_text(network, int(room.numbers[a.NOW]), where))


def failed(
    network: Network, draws: Draws, arrays: NetworkArrays, numbers: npt.NDArray[np.int64]
) -> Exception:
    """Return the error of the first failure that compiled code noted."""
    what, *values = (int(numbers[i]) for i in range(a.FAILURE, a.FAILED_E + 1))
    one, two, three, four, five = values
    try:
        if what == chance.FAIL_KEY:
            draws.uniform(one, two, three, four, five)
        elif what == chance.FAIL_VALUE:
            whole(draws.value(arrays.laws.law(one), two, three, four, *entry_and_purpose(five)))
        elif what == chance.FAIL_ADD:
            network.calendars[one].add_open(two, three)
        elif what == chance.FAIL_BETWEEN:
            network.calendars[one].open_seconds(two, three)
    except Exception as error:  # noqa: BLE001 - whatever the reference raises here is what is to be raised
        return error
    return RunError(
        f"the compiled engine failed ({what}: {values}) where the reference does not; please report it, and "
        "use --engine simpy until then"
    )
