"""What the parts of one run share: the clock, the network, chance, and each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.chance.arrivals import Cases
from sim.chance.draws import Draws
from sim.engine.members import BATCH
from sim.engine.recorder import Recorder
from sim.engine.state import CaseState, Env
from sim.network.elements import Network

if TYPE_CHECKING:
    from sim.engine.batches import Batch
    from sim.engine.consequences import Consequences
    from sim.engine.ends import Ends
    from sim.engine.limits import Limits
    from sim.engine.staff import Staff
    from sim.engine.walk import Walker


class Parts:
    """One run's parts. Each is made with this object and finds the others in it.

    Attributes
    ----------
    env, network, draws, arrivals, recorder : what is given.
    staff : who works on what. limits : deadlines. batches : meetings, by node.
    walker : takes cases through the nodes. ends : ends them. consequences : of limits, patience and room.
    open : cases that have not ended, by row; ended cases are only rows any more.
    cohort_left : cases of the window's cohort that have not ended.
    """

    staff: Staff
    limits: Limits
    walker: Walker
    ends: Ends
    consequences: Consequences
    batches: dict[int, Batch]

    def __init__(self, network: Network, draws: Draws, cases: Cases, pool_states: bool) -> None:
        self.env = Env()
        self.network = network
        self.draws = draws
        self.arrivals = cases
        self.recorder = Recorder(pool_states)
        self.open: dict[int, CaseState] = {}
        start, stop = network.window
        in_window = (cases.arrived >= start) & (cases.arrived < stop) & ~cases.initial
        self.cohort_left = int(in_window.sum())
        self.batch_nodes = [n for n in network.nodes if n.kind is BATCH]
