"""The cases of a random model: classes, attributes, streams of every kind, backlog, patience, counters."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from tests.random_models import Raw, World


class Arrivals:
    """Makes the cases of one model."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.dice = world.dice

    def cases(self) -> Raw:
        """Return the section of the cases, without a backlog."""
        dice, world = self.dice, self.world
        cases: Raw = {}
        if world.classes:
            cases["classes"] = {c: {"share": "rest" if i == 0 else 0.25} for i, c in enumerate(world.classes)}
            if world.crowd or dice.maybe(50):
                for c, priority in zip(world.classes, dice.shuffled((1, 2, 2)), strict=False):
                    cases["classes"][c]["priority"] = priority
            if world.attributes and dice.maybe(50):
                cases["classes"][world.classes[0]]["attributes"] = {"size": "large"}
        if world.attributes:
            cases["attributes"] = {
                name: {v: "rest" if i == 0 else 0.3 for i, v in enumerate(values)}
                for name, values in world.attributes.items()
            }
        streams = {f"stream-{i}": self.stream() for i in range(dice.pick((1, 1, 2, 3)))}
        cases["arrive"] = streams if len(streams) > 1 or dice.maybe(50) else streams["stream-0"]
        if dice.maybe(12):
            cases["patience"] = world.positive() if dice.maybe(50) else world.law()
        if dice.maybe(15):
            cases["counts"] = {"papers": dice.pick((2, 1.5))}
        return cases

    def stream(self) -> Raw:
        """Return a stream: listed, recorded or (with times as in an office) by count."""
        dice, world = self.dice, self.world
        if not world.ties and dice.maybe(75):
            return self._by_count()
        if dice.maybe(15) and not world.scope.dateless:
            return self._recorded()
        stream: Raw = {"at": self.instants()}
        if world.classes and (world.scope.fixed_classes or dice.maybe(60)):
            stream["class"] = dice.pick(world.classes)
        return stream

    def _by_count(self) -> Raw:
        dice, world = self.dice, self.world
        stream: Raw = {"count": dice.pick((40, 60, 25) if world.busy else (6, 3, 12)), "per": "1 weeks"}
        if dice.maybe(70):
            stream["during"] = world.calendar()
        if dice.maybe(30):
            stream["exactly"] = True
        elif dice.maybe(10):
            stream["count"] = world.unknown(5, 20)
        if dice.maybe(20):
            stream["growth"] = dice.pick((0.5, -0.5))
        if dice.maybe(20):
            stream["profile"] = {
                "weekday": {"mon": 1.5, "wed": 0.5},
                "hours": {"09:00-11:00": 2, "16:00-17:00": 0.5},
            }
        if world.classes and (world.scope.fixed_classes or dice.maybe(40)):
            last = dice.pick(world.classes)
            stream["classes"] = {last: 1}
            if not world.scope.fixed_classes and last != world.classes[0]:
                stream["classes"] = {world.classes[0]: 0.5, last: "rest"}
        return stream

    def _recorded(self) -> Raw:
        """Return a stream from a file that has rows in every run that a model may have, and outside it."""
        world = self.world
        stream: Raw = {"from-csv": "tiny.csv" if world.ties else "usual.csv", "time": "received"}
        if len(world.classes) > 1 and (world.scope.fixed_classes or self.dice.maybe(60)):
            stream["class"] = "kind"
        return stream

    def instants(self) -> list[str]:
        """Return times of arrival, some of them the same; in models of tiny times with their gaps."""
        dice, world = self.dice, self.world
        start = datetime.fromisoformat(world.start)
        number = dice.between(8, 30) if world.busy else dice.between(1, 8)
        found: list[int] = []
        if world.ties:
            for _ in range(number):
                found.append((found[-1] if found else 0) + dice.pick(world.seconds()))
        else:
            times = (9 * 3600, 14 * 3600, 17 * 3600 + 1800, 3600)
            days = dice.between(1, 7)  # few: many cases at the same time
            found = [dice.below(days) * 86400 + dice.pick(times) + dice.below(3) for _ in range(number)]
        return [str(start + timedelta(seconds=t)) for t in sorted(found)]

    def backlog(self, places: Sequence[str]) -> list[Raw]:
        """Return cases that are open at the start, waiting at some of `places`."""
        dice, world = self.dice, self.world
        if not places or not dice.maybe(25):
            return []
        found = []
        for place in dice.shuffled(places)[: dice.between(1, 2)]:
            one: Raw = {"at": place, "count": dice.between(1, 4), "age": world.law(working=dice.maybe(20))}
            if world.classes and (world.scope.fixed_classes or dice.maybe(30)):
                one["classes"] = {dice.pick(world.classes): 1}
            found.append(one)
        return found
