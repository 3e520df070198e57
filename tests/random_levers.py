"""Random changes of a random model: levers with every kind of edit, context, readings.

Each edit gets an element of its own, so that every combination of levers is valid.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

from tests.random_cases import Arrivals
from tests.random_models import Raw, World
from tests.random_process import Process


class Levers:
    """Makes the changes of one model."""

    def __init__(self, world: World, process: Process, model: Raw) -> None:
        self.world = world
        self.dice = world.dice
        self.process = process
        self.model = model
        self.number = 0
        self.taken: set[str] = set()
        self.pools_taken: set[str] = set()
        self.gone: set[str] = set()  # pools that a lever merges
        self.top = [*self._loose(model["process"])]
        self.every = list(_walk(model["process"]))
        self.whole = [e for e in self.every if "parts" not in e]  # have one effort
        self.kinds: list[Callable[[], list[Raw]]] = [
            self.set_effort, self.insert, self.scale_effort, self.remove, self.move, self.merge,
            self.parallel, self.route, self.calendar, self.pool_and_step, self.classes, self.stream,
            self.numbers, self.options, self.branches, self.merge_pools, self.set_again,
            self.scale_count, self.all_copies, self.field,
            self.options, self.branches, self.merge, self.parallel,  # few models have room for them
        ]  # fmt: skip

    def changes(self) -> Raw:
        """Return the sections that a model gets."""
        dice = self.dice
        made: Raw = {}
        levers = [f"lever-{i}" for i in range(dice.between(1, 3))]
        if dice.maybe(30):
            self.kinds.remove(self.merge_pools)  # what levers insert may need the pools
            made["context"] = [{"context": "more", "edits": self._edits(1)}]
        made["reform"] = [{"lever": name, "edits": self._edits(dice.between(1, 2))} for name in levers]
        if dice.maybe(30) and "merge-pools" not in str(made):  # an adopted lever comes before the others
            adopting = {"reading": "or-so", "why": "random", "edits": [{"adopt": levers[0]}]}
            made["readings"] = [{"reading": "stated-so", "why": "random"}, adopting]
        return made

    def _edits(self, count: int) -> list[Raw]:
        found: list[Raw] = []
        for _ in range(count):
            # Some edits find nothing in a small model: then another is tried.
            found += next(filter(None, (self.dice.pick(self.kinds)() for _ in range(4))), [])
        return found or self.insert()

    # ---- what edits act on -------------------------------------------------------------------------

    @staticmethod
    def _loose(items: list[Raw]) -> Iterator[Raw]:
        """Yield the elements of the outermost sequence that stand in no bundle."""
        bundled = False
        for element in items:
            bundled = bundled or "bundle" in element
            if not bundled:
                yield element
            bundled = bundled and "unbundle" not in element

    def take(self, items: list[Raw], *kinds: str) -> Raw | None:
        """Return an element of some kinds that no other edit has, if there is one."""
        free = [e for e in items if any(k in e and e[k] not in self.taken for k in kinds)]
        if not free:
            return None
        element = self.dice.pick(free)
        self.taken.add(next(element[k] for k in kinds if k in element))
        return element

    def new(self, kind: str) -> str:
        """Return a new name."""
        self.number += 1
        return f"new-{kind}-{self.number}"

    def step(self, by: Any = None) -> Raw:
        """Return a new step."""
        return {
            "step": self.new("step"),
            "by": by or next(iter(self.world.pools)),
            "effort": self.world.law(),
        }

    def place(self) -> Raw:
        """Say where something new goes."""
        anchors = [
            e[k] for e in self.top for k in ("step", "wait", "mark") if k in e and e[k] not in self.taken
        ]
        ways: list[Raw] = [{"at-end-of": "process"}, {"at-start-of": "process"}]
        if anchors:
            # An anchor must stay where every combination finds it.
            anchor = self.dice.pick(anchors)
            self.taken.add(anchor)
            ways += [{"before": anchor}, {"after": anchor}]
        return self.dice.pick(ways)

    # ---- edits -------------------------------------------------------------------------------------

    def insert(self) -> list[Raw]:
        element = self.dice.pick((self.step(), {"wait": self.new("wait"), "for": self.world.law()},
                                  {"mark": self.new("mark")}))  # fmt: skip
        return [{"insert": [element], **self.place()}]

    def pool_and_step(self) -> list[Raw]:
        pool, hours = self.new("pool"), self.new("hours")
        return [{"insert-calendars": {hours: {"open": "always"}}},
                {"insert-pools": {pool: {"size": 1, "on": hours}}},
                {"insert": [self.step(pool)], **self.place()}]  # fmt: skip

    def numbers(self) -> list[Raw]:
        name = self.new("number")
        step = {**self.step(), "effort": {"use": name}}
        return [{"insert-numbers": {name: self.world.positive()}}, {"insert": [step], **self.place()}]

    def classes(self) -> list[Raw]:
        if not self.world.classes or self.world.scope.fixed_classes:
            return []
        return [{"insert-classes": {self.new("class"): {"share": 0.2, "priority": 1}}}]

    def stream(self) -> list[Raw]:
        if self.world.ties:
            stream: Raw = {"at": Arrivals(self.world).instants()}
            fixed: Raw = {"class": self.world.classes[0]} if self.world.classes else {}
        else:
            stream = {"count": 3, "per": "1 weeks"}
            fixed = {"classes": {self.world.classes[0]: 1}} if self.world.classes else {}
        if self.world.scope.fixed_classes:
            stream.update(fixed)
        return [{"insert-streams": {self.new("stream"): stream}}]

    def options(self) -> list[Raw]:
        choice = self.take(self._by_chance(), "choice")
        if choice is None:
            return []
        return [
            {
                "insert-options": {self.new("option"): {"share": 0.2, "do": [self.step()]}},
                "into": choice["choice"],
            }
        ]

    def branches(self) -> list[Raw]:
        fork = self.take(self.every, "parallel")
        return (
            [{"insert-branches": {self.new("branch"): [self.step()]}, "into": fork["parallel"]}]
            if fork
            else []
        )

    def _by_chance(self) -> list[Raw]:
        return [e for e in self.every if "choice" in e and "by" not in e]

    def set_effort(self) -> list[Raw]:
        element = self.take(self.whole, "step", "wait")
        if element is None:
            return []
        if "step" in element:
            value = self.world.bounded() if element.get("at-shift-end") == "fits" else self.world.law()
            return [{"set": f"{element['step']}.effort", "to": value}]
        return [{"set": f"{element['wait']}.for", "to": self.world.law()}]

    def set_again(self) -> list[Raw]:
        repeat = self.take(self.every, "repeat")
        return [{"set": f"{repeat['repeat']}.again", "to": self.dice.pick((0.25, 0))}] if repeat else []

    def scale_effort(self) -> list[Raw]:
        element = self.take(self.whole, "step", "wait")
        if element is None:
            return []
        path = f"{element['step']}.effort" if "step" in element else f"{element['wait']}.for"
        return [{"scale": path, "times": self.dice.pick((0.5, 0.25))}]

    def scale_count(self) -> list[Raw]:
        arrive = self.model["cases"]["arrive"]
        names = [n for n, s in arrive.items() if isinstance(s, dict) and isinstance(s.get("count"), int)]
        names = [n for n in names if f"arrive.{n}" not in self.taken and "exactly" not in arrive[n]]
        if not names:
            return []
        name = self.dice.pick(names)
        self.taken.add(f"arrive.{name}")
        return [{"scale": f"cases.arrive.{name}.count", "times": self.dice.pick((1.5, 0.5))}]

    def all_copies(self) -> list[Raw]:
        each = self.take(self.top, "for-each")
        if each is None:
            return []
        return [{"scale": f"{each['for-each']}.*.{each['do'][0]['step']}.effort", "times": 0.5}]

    def route(self) -> list[Raw]:
        choice = self.take(self._by_chance(), "choice")
        return [{"route": choice["choice"], "shares": {"second": self.dice.pick((0.6, 0))}}] if choice else []

    def calendar(self) -> list[Raw]:
        pool = self.pool()
        return [{"calendar": pool, "to": self.world.calendar()}] if pool and not self._fitting() else []

    def _fitting(self) -> bool:
        """Whether some step starts only if it can end: other hours may be too short for it."""
        return any(e.get("at-shift-end") == "fits" for e in self.every)

    def pool(self) -> str | None:
        """Return a pool that no other edit has."""
        free = [p for p in self.world.pools if p not in self.pools_taken]
        if not free:
            return None
        pool = self.dice.pick(free)
        self.pools_taken.add(pool)
        return pool

    def field(self) -> list[Raw]:
        """Set or remove a field of a pool."""
        pool = self.pool()
        if pool is None:
            return []
        if "room" in self.world.pools[pool]:
            return [{"remove": f"pools.{pool}.room"}]
        if "size" in self.world.pools[pool]:
            return [{"set": f"pools.{pool}.size", "to": 3}]
        return [{"set": f"pools.{pool}.queue", "to": "shortest-effort"}]

    def move(self) -> list[Raw]:
        element, anchor = self.take(self.top, "step", "wait"), self.take(self.top, "step", "wait", "mark")
        if element is None or anchor is None:
            return []
        where = self.dice.pick(("before", "after"))
        return [{"move": element.get("step") or element["wait"],
                 where: next(anchor[k] for k in ("step", "wait", "mark") if k in anchor)}]  # fmt: skip

    def merge(self) -> list[Raw]:
        first, second = self.take(self.top, "step"), self.take(self.top, "step")
        if first is None or second is None or first.get("hands") != second.get("hands"):
            return []
        if "fits" in (first.get("at-shift-end"), second.get("at-shift-end")):
            return []
        pool = next(iter(self.world.pools))
        if pool in self.gone:
            return []
        self.pools_taken.add(pool)  # it must stay
        edit = {"merge": [first["step"], second["step"]], "as": self.new("step"), "by": pool}
        return [{**edit, "times": 0.5} if self.dice.maybe(40) else edit]

    def merge_pools(self) -> list[Raw]:
        if len(self.world.pools) < 2 or "any" in str(self.model["process"]) or self._fitting():
            return []
        first, second = self.pool(), self.pool()
        if first is None or second is None:
            return []
        self.gone |= {first, second}
        edit: Raw = {"merge-pools": [first, second], "as": self.new("pool")}
        if any("groups" in self.world.pools[p] for p in (first, second)) or self.dice.maybe(60):
            return [edit]
        return [{**edit, "size": 6}]

    def parallel(self) -> list[Raw]:
        items = self.model["process"]
        waited = {b["at"] for b in self.model["cases"].get("backlog", ())}
        loose = [e["step"] for e in self.top if "step" in e and e["step"] not in waited]
        pairs = [
            (a["step"], b["step"])
            for a, b in pairwise(items)
            if "step" in a and "step" in b and {a["step"], b["step"]} <= set(loose) - self.taken
        ]
        if not pairs:
            return []
        pair = self.dice.pick(pairs)
        self.taken |= set(pair)
        return [{"parallel": list(pair), "as": self.new("parallel")}]

    def remove(self) -> list[Raw]:
        """Remove an element, an option or a branch; something always stays."""
        wide = [e for e in self.every if len(e.get("options", e.get("branches", ()))) > 2 and "by" not in e]
        fork = self.take(wide, "choice", "parallel") if self.dice.maybe(50) else None
        if fork is not None:
            return [
                {"remove": f"{fork['choice']}.third" if "choice" in fork else f"{fork['parallel']}.right"}
            ]
        element = self.take(self.top, "wait", "step", "mark")
        name = next((element[k] for k in ("wait", "step", "mark") if k in element), "") if element else ""
        waited = {b["at"] for b in self.model["cases"].get("backlog", ())}
        return [{"remove": name}] if name and name not in waited and len(self.top) > 2 else []


def _walk(items: list[Raw]) -> Iterator[Raw]:
    """Yield every element but those that are copied."""
    for element in items:
        yield element
        bodies = [o["do"] for o in element.get("options", {}).values()] + list(
            element.get("branches", {}).values()
        )
        if "for-each" not in element:
            bodies += [element.get("do", []), element.get("redo", [])]
        for body in bodies:
            yield from _walk(body)
