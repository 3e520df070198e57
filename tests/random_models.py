"""Random small scenarios over the whole language, as raw trees: the ground of the laws and of engine parity.

``seeded(7)`` is always the same model; ``models()`` is a Hypothesis strategy, so that a failing model shrinks
(the first of the choices offered is always the simplest). Half of the models take all their times (efforts,
waits, limits, patience, ages, gaps between arrivals) from 0, 1, 2 and 60 seconds around midnight, so that
most of what happens in them happens at the same time as something else. In some of these, cases come in a
crowd, half of the work takes no time and classes go before each other: the order within a second decides.
The others have minutes to days, every family of laws and the calendars of real offices. Some of both are
busy: many cases and few staff.
``text(model)`` is a file of it, ``load(model)`` the checked scenario.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from hypothesis import strategies as st

from sim.scenario.load import Scenario, loads

T = TypeVar("T")
Raw = dict[str, Any]

#: Where files of recorded arrivals are.
FOLDER = Path(__file__).parent / "recorded"


class Dice:
    """Every random choice of a model, as whole numbers below a bound; 0 is the plainest."""

    def __init__(self, below: Callable[[int], int]) -> None:
        self.below = below

    def pick(self, options: Sequence[T]) -> T:
        """Return one of `options`."""
        return options[self.below(len(options))]

    def maybe(self, some: int, of: int = 100) -> bool:
        """Return True in `some` of `of` cases; False is the plainer."""
        return self.below(of) >= of - some

    def between(self, low: int, high: int) -> int:
        """Return a whole number from `low` to `high`."""
        return low + self.below(high - low + 1)

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """Return `items` in another order."""
        left = list(items)
        return [left.pop(self.below(len(left))) for _ in range(len(left))]


@dataclass(frozen=True)
class Scope:
    """What the models of a law may hold; the default is the whole language.

    Attributes
    ----------
    ties : True: only models of tiny times; False: only others; None: half of each.
    always : every calendar is always open.
    dateless : nothing names a date or a public holiday, so that weeks are alike.
    alone : each step needs one pool only, and no pool has bounded room.
    fixed_classes : the class of a case is stated by its stream, never drawn.
    levers : the reform, context and readings.
    """

    ties: bool | None = None
    always: bool = False
    dateless: bool = False
    alone: bool = False
    fixed_classes: bool = False
    levers: bool = True


WHOLE = Scope()


def seeded(seed: int, scope: Scope = WHOLE) -> Raw:
    """Return the model of a seed."""
    chance = random.Random(seed)
    return make(Dice(lambda n: int(chance.random() * n)), scope)


@st.composite
def models(draw: Any, scope: Scope = WHOLE) -> Raw:
    """Give models; a failing one shrinks towards few and plain elements."""
    return make(Dice(lambda n: draw(st.integers(0, n - 1)) if n > 1 else 0), scope)


def make(dice: Dice, scope: Scope = WHOLE) -> Raw:
    """Return a model made with `dice`."""
    from tests.random_cases import Arrivals
    from tests.random_levers import Levers
    from tests.random_process import Process

    ties = dice.below(2) == 0 if scope.ties is None else scope.ties
    world = World(dice, scope, ties)
    process = Process(world)
    model = world.model(process.whole())
    backlog = Arrivals(world).backlog(process.places)
    if backlog:
        model["cases"]["backlog"] = backlog
    if scope.levers and dice.maybe(35):
        model.update(Levers(world, process, model).changes())
    return model


def text(model: Raw) -> str:
    """Return a scenario file of `model` (JSON, which is YAML)."""
    return json.dumps(model, indent=1, ensure_ascii=False)


def load(model: Raw) -> Scenario:
    """Return the checked scenario of `model`."""
    return loads(text(model), "random model", FOLDER, path=FOLDER / "random.yaml")


#: Hours of the calendars of models with tiny times; the run begins at midnight.
TINY = {
    "desk": {"open": {"mon-sun": ["00:00-00:02", "00:03-00:05"]}},
    "always": {"open": "always"},
    "late": {"open": {"mon-sun": ["00:02-00:04"]}},
    "night": {"open": {"mon-sun": ["23:58-00:01"]}},
    "odd": {"open": {"mon-fri": ["00:01-00:03"]}, "extra": {"2023-02-06": ["00:00-00:01", "00:04-00:06"]},
            "closed": ["2023-02-07"]},
}  # fmt: skip
#: Calendars of the others.
USUAL = {
    "office": {"region": "CN", "open": {"mon-fri": ["09:00-12:00", "14:00-18:00"]}},
    "always": {"open": "always"},
    "early": {"open": {"mon-fri": ["07:00-14:00"], "sat": ["08:00-11:00"]}},
    "late": {"open": {"mon-fri": ["14:00-21:00"], "sat": ["11:00-14:00"]}},
    "night": {"open": {"mon-sun": ["22:00-06:00"]}},
    "make-up": {"region": "CN", "open": {"mon-fri": ["09:00-17:00"]}, "make-up-hours": ["09:00-13:00"],
                "closed": ["2023-02-01"], "extra": {"2023-02-04": ["10:00-16:00"]}},
}  # fmt: skip
#: (start, zone): a plain week; the Chinese new year with its make-up days; changes of clocks by an hour,
#: forth and back, and by half an hour.
STARTS = (
    ("2023-02-06", "Asia/Shanghai"),
    ("2023-01-16", "Asia/Shanghai"),
    ("2023-03-20", "Europe/Berlin"),
    ("2023-10-23", "Europe/Berlin"),
    ("2023-03-06", "America/New_York"),
    ("2023-03-27", "Australia/Lord_Howe"),
)
#: Zones and regions of single calendars.
ZONES = ("Asia/Hong_Kong", "America/New_York", "Europe/Berlin")
REGIONS = ("HK", "MO", "MO-government")


class World:
    """Calendars, pools, classes and times of one model, and the small random things made from them."""

    def __init__(self, dice: Dice, scope: Scope, ties: bool) -> None:
        self.dice = dice
        self.scope = scope
        self.ties = ties
        self.start, self.zone = STARTS[0] if ties or scope.dateless else dice.pick((STARTS[0], *STARTS))
        self.crowd = ties and dice.maybe(40)
        self.busy = self.crowd or dice.maybe(30)
        self.calendars = self._calendars()
        self.pools = self._pools()
        self.classes = [f"class-{i}" for i in range(dice.pick((2, 3) if self.crowd else (0, 0, 2, 3)))]
        self.attributes = (
            {"size": ["small", "large"], "area": ["east", "west", "north"]} if dice.maybe(40) else {}
        )
        if dice.maybe(50) and self.attributes:
            del self.attributes["area"]

    # ---- calendars and pools -----------------------------------------------------------------------

    def _calendars(self) -> Raw:
        always = self.scope.always or (self.crowd and self.dice.maybe(50))
        shelf = {"always": {"open": "always"}} if always else TINY if self.ties else USUAL
        names = list(shelf)
        if self.scope.dateless:
            names = [n for n in names if not {"region", "closed", "extra"} & set(shelf[n])] or ["always"]
        kept = names[:1] + [n for n in names[1:] if self.dice.maybe(45)]
        calendars = {name: dict(shelf[name]) for name in kept}
        if self.ties or self.scope.always:
            return calendars
        for name in kept:
            if self.dice.maybe(12):
                calendars[name]["time-zone"] = self.dice.pick(ZONES)
            if "region" in calendars[name] and self.dice.maybe(30):
                calendars[name]["region"] = self.dice.pick(REGIONS)
        return calendars

    def calendar(self) -> str:
        """Return the name of a calendar."""
        return self.dice.pick(list(self.calendars))

    def _pools(self) -> Raw:
        dice, pools = self.dice, {}
        for name in ("clerks", "desk", "experts")[: dice.pick((2, 3) if self.crowd else (1, 2, 2, 3))]:
            pool: Raw = {"size": dice.between(1, 2 if self.busy else 3), "on": self.calendar()}
            if dice.maybe(25):
                pool = {"groups": [{"size": dice.between(1, 2), "on": self.calendar()} for _ in range(2)]}
            if dice.maybe(8) and "size" in pool:
                pool["size"] = self.unknown(1, 3)
            if self.crowd and dice.maybe(60):
                pool["queue"] = "class"
            elif dice.maybe(50):
                pool["queue"] = dice.pick(("class", "earliest-due", "shortest-effort", "first-come"))
            if dice.maybe(20) and not self.scope.alone:
                pool["room"] = dice.between(0, 4)
            pools[name] = pool
        return pools

    def most(self, pool: str) -> int:
        """Return the greatest head-count that the pool surely has, all groups together."""
        groups = self.pools[pool].get("groups") or [self.pools[pool]]
        return sum(g["size"] if isinstance(g["size"], int) else 1 for g in groups)

    def unknown(self, low: float, high: float, unit: str = "") -> Raw:
        """Return an assumed number."""
        ends = [f"{low} {unit}", f"{high} {unit}"] if unit else [low, high]
        return {"assume": ends, "why": "a random model"}

    # ---- times -------------------------------------------------------------------------------------

    def length(self, *, working: bool = False) -> str:
        """Return a fixed length of time."""
        if self.ties:
            return self.tiny(self.dice.pick(self.seconds()), working=working)
        if working:
            return self.dice.pick(("2 working hours", "1 working days", "3 working days"))
        return self.dice.pick(("30 min", "5 min", "2 h", "1 days"))

    def seconds(self) -> tuple[int, ...]:
        """Return the lengths and gaps of a model of tiny times, in seconds."""
        return (0, 1, 0, 2) if self.crowd else (1, 0, 2, 60)

    @staticmethod
    def tiny(seconds: int, *, working: bool = False) -> str:
        """Return some seconds as a text; those of working time are rounded back when the model is read."""
        return f"{seconds / 3600:.6f} working hours" if working else f"{seconds} s"

    def positive(self, *, working: bool = False) -> str:
        """Return a fixed length of time above 0."""
        found = self.length(working=working)
        return self.tiny(1, working=working) if found == self.tiny(0, working=working) else found

    def law(self, *, working: bool = False, depth: int = 0) -> Any:
        """Return a law of times of any kind."""
        if self.dice.below(100) < (80 if self.crowd else 60 if self.ties else 30):
            return self.length(working=working)
        return self.dice.pick(self._tiny_laws(working) if self.ties else self._laws(working, depth))

    def _tiny_laws(self, working: bool) -> list[Any]:
        """Return laws of which each value is 0, 1, 2 or 60 seconds."""
        none, one, two, minute = (self.tiny(n, working=working) for n in (0, 1, 2, 60))
        return [
            {"uniform": [none, two]}, {"empirical": [none, one, two, minute]}, {"constant": two},
            {"empirical": {"values": [one, minute], "weights": [3, 1]}}, {"triangular": [none, one, two]},
            {"pert": [none, one, two]}, {"scaled": one, "times": 2},
            {"mixture": [{"weight": 3, "of": {"uniform": [one, two]}}, {"weight": 1, "of": minute}]},
        ]  # fmt: skip

    def _laws(self, working: bool, depth: int) -> list[Any]:
        dice = self.dice
        size, unit = (dice.pick((1, 4)), "working hours") if working else (dice.pick((10, 25, 90)), "min")
        a, b, c = (f"{round(x * size, 6):g} {unit}" for x in (0.5, 1, 3))
        laws: list[Any] = [
            {"uniform": [a, c]}, {"empirical": [a, b, b, c]}, {"exponential": {"mean": b}},
            {"triangular": [a, b, c]}, {"pert": [a, b, c]}, {"gamma": {"mean": b, "cv": 0.7}},
            {"erlang": {"k": 2, "mean": b}}, {"lognormal": {"mean": b, "cv": 0.8}},
            {"lognormal": {"median": b, "p90": c}}, {"weibull": {"shape": 1.4, "mean": b}},
            {"empirical": {"values": [a, c], "weights": [3, 1]}}, {"constant": b},
        ]  # fmt: skip
        if depth < 1:
            part = self.law(working=working, depth=1)
            laws += [
                {"mixture": [{"weight": 3, "of": part}, {"weight": 1, "of": c}]},
                {"scaled": part, "times": dice.pick((2, 0.5))},
            ]
        if not working:
            laws.append(self.unknown(10, 40, "min"))
        return laws

    def bounded(self) -> Any:
        """Return a law of short efforts that has an upper bound, as `fits` needs."""
        if self.ties:
            return self.dice.pick(("1 s", "0 s", "60 s", {"uniform": ["0 s", "2 s"]}))
        return self.dice.pick(
            ("30 min", {"uniform": ["5 min", "90 min"]}, {"pert": ["1 min", "20 min", "2 h"]})
        )

    # ---- the model ---------------------------------------------------------------------------------

    def model(self, process: list[Raw]) -> Raw:
        """Return the whole scenario around a process."""
        from tests.random_cases import Arrivals

        run: Raw = {"start": self.start, "time-zone": self.zone, "calendar": next(iter(self.calendars))}
        if self.ties:
            run["warm-up"] = self.dice.pick(("0 s", "60 s"))
            run.update({"window": "4 min", "follow-for": "2 days"})
        else:
            run.update({"warm-up": "1 days", "window": "1 weeks", "follow-for": "2 weeks"})
        return {
            "scenario": "random", "title": {"en": "A random office", "zh": "随机"}, "run": run,
            "calendars": self.calendars, "cases": Arrivals(self).cases(), "pools": self.pools,
            "process": process,
        }  # fmt: skip
