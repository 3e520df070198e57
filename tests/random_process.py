"""The random process of a random model: every kind of element, within what the language allows."""

from __future__ import annotations

from typing import Any

from tests.random_models import Raw, World

KINDS = ("step", "wait", "mark", "choice", "parallel", "repeat", "batch", "bundle", "block", "for-each")
WEIGHTS = (34, 9, 8, 11, 8, 8, 8, 5, 10, 4)


class Process:
    """Makes the elements of one process.

    Attributes
    ----------
    places : names of elements at which a backlog may wait.
    plain : names of steps and waits that levers may move, merge or take away.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.dice = world.dice
        self.number = 0
        self.places: list[str] = []
        self.left = 9  # elements that may still be made
        self.apart = 0  # depth of what a backlog cannot stand in
        self.copied = 0  # depth of for-each
        self.own: list[str] = []  # pools of the for-each around

    def whole(self) -> list[Raw]:
        """Return a process with at least one step."""
        made = [self.step(), *self.sequence(0, self.dice.between(0, 4))]
        if self.dice.maybe(50):
            made = [{"mark": "received"}, *made, {"mark": "finished"}]
        return made

    def name(self, kind: str) -> str:
        """Return a new name."""
        self.number += 1
        name = f"{kind}-{self.number}"
        if kind in ("step", "wait", "batch") and not self.apart and not self.copied:
            self.places.append(name)
        return name

    def sequence(self, depth: int, count: int) -> list[Raw]:
        """Return up to `count` elements in turn."""
        made: list[Raw] = []
        for _ in range(count):
            if self.left <= 0:
                break
            self.left -= 1
            made += self.element(depth)
        return made

    def element(self, depth: int) -> list[Raw]:
        """Return a random element; a bundle brings what stands in it and its end."""
        point = self.dice.below(sum(WEIGHTS))
        kind = KINDS[next(i for i in range(len(KINDS)) if point < sum(WEIGHTS[: i + 1]))]
        if depth >= 3 and kind not in ("step", "wait", "mark", "batch"):
            kind = "step"
        if kind == "for-each" and (self.copied > 1 or (self.copied and self.own)):
            kind = "step"
        if kind == "bundle":
            return self.bundle()
        make = getattr(self, kind.replace("-", "_"))
        return [make() if kind in ("step", "wait", "mark", "batch") else make(depth)]

    # ---- elements that take time -------------------------------------------------------------------

    def step(self, *, whole: bool = False) -> Raw:
        """Return a step; `whole`: of one effort, not of parts."""
        dice, world = self.dice, self.world
        step: Raw = {"step": self.name("step"), "by": self.by(), "effort": world.law(working=dice.maybe(8))}
        if dice.maybe(35):
            step["at-shift-end"] = dice.pick(("finish", "fits", "pause"))
            if step["at-shift-end"] == "fits":
                step["effort"] = world.bounded()
        elif not whole and dice.maybe(10):
            name = step["step"]
            step["parts"] = [{"part": f"{name}-one", "effort": step.pop("effort")},
                             {"part": f"{name}-two", "effort": world.law()}]  # fmt: skip
        if dice.maybe(20):
            step["patience"] = "none" if dice.maybe(30) else world.law()
        if dice.maybe(20):
            step["limit"] = self.limit(step=True)
        self.hands(step)
        return step

    def hands(self, element: Raw) -> None:
        """Say in whose hands an element is, whether it stops the legal clock, what it counts."""
        if self.dice.maybe(20):
            element["hands"] = self.dice.pick(("applicant", "third-party", "government"))
        if self.dice.maybe(10):
            element["stops-clock"] = True
        if self.dice.maybe(15):
            element["counts"] = {self.dice.pick(("visits", "papers")): self.dice.pick((1, 2.5))}

    def by(self) -> Any:
        """Say who does a step: one pool, several, several of a pool, or any of several."""
        dice, world = self.dice, self.world
        pools = [*world.pools, *self.own]
        one = dice.pick(pools)
        form = dice.below(10)
        if form < 6:
            return one
        units = min(world.most(one), 2) if one in world.pools else 1
        if form == 6:
            return {one: units}
        if world.scope.alone or len(pools) < 2:
            return one
        other = dice.pick([p for p in pools if p != one])
        if form == 7:
            return {one: units, other: 1}
        more = [p for p in pools if p not in (one, other)] if dice.maybe(30) else []
        if form == 8:
            return [one, other, *more[:1]]
        if dice.maybe(60):
            return {"any": [one, other, *more[:1]]}
        return {"any": [{one: units}, other, [other, *more[:1]]]}

    def limit(self, *, step: bool) -> Any:
        dice, world = self.dice, self.world
        working = dice.maybe(40)
        within = world.positive(working=working)
        if dice.maybe(20):
            return within
        limit: Raw = {"within": within}
        if working:
            limit["clock"] = dice.pick(("working-time", "legal"))
            if dice.maybe(30):
                limit["calendar"] = world.calendar()
        elif dice.maybe(30):
            limit["clock"] = "elapsed"
        missed: Raw = {}
        if step and dice.maybe(60) and not world.scope.alone:
            missed["move-to"] = dice.pick(list(world.pools))
        if world.classes and dice.maybe(50):
            missed["class"] = dice.pick(world.classes)
        if missed:
            limit["missed"] = missed
        return limit

    def wait(self) -> Raw:
        dice, world = self.dice, self.world
        working = dice.maybe(40)
        wait: Raw = {"wait": self.name("wait"), "for": world.law(working=working)}
        if working and dice.maybe(50):
            wait["calendar"] = world.calendar()
        self.hands(wait)
        return wait

    def mark(self) -> Raw:
        return {"mark": self.name("mark")}

    def batch(self, *, bundle: bool = False) -> Raw:
        dice, world = self.dice, self.world
        batch: Raw = {"batch": self.name("batch")}
        if dice.maybe(45):
            working = dice.maybe(30)
            batch["when"] = {"size": dice.between(1, 4), "or-after": world.length(working=working)}
            if working and dice.maybe(50):
                batch["when"]["calendar"] = world.calendar()
        else:
            batch["on"] = self.dates()
            if dice.maybe(30):
                batch["cut-off"] = world.length(working=dice.maybe(30))
        effort: str | None = dice.pick((None, "whole", "each"))
        if effort:
            batch["effort"] = {effort: world.law()}
        if dice.maybe(30):
            batch["agenda"] = dice.between(1, 3)
            if effort == "each" and dice.maybe(40):
                batch["agenda"] = {"minutes": dice.pick((1, 40))}
        if dice.maybe(60 if effort else 15):
            pools = [*world.pools, *self.own]
            one = dice.pick(pools)
            batch["attend"] = one
            if one in world.pools and dice.maybe(25):
                batch["attend"] = {one: min(world.most(one), 2)}
            if len(pools) > 1 and dice.maybe(30) and not world.scope.alone:
                batch["attend"] = [one, dice.pick([p for p in pools if p != one])]
        if dice.maybe(30):
            batch["order"] = dice.pick(("class", "earliest-due", "first-come"))
        if bundle:
            batch["bundle"] = True
        self.hands(batch)
        return batch

    def dates(self) -> Raw:
        dice, world = self.dice, self.world
        at = dice.pick(
            ("00:01", "00:00", "00:02", "00:04") if world.ties else ("14:00", "09:00", "12:00", "20:00")
        )
        forms: list[Raw] = [{"every": "1 days", "at": at}, {"every": "1 working days", "at": at}]
        if not world.ties:
            forms.append({"every": "1 weeks", "weekday": "tue", "at": at})
        if not world.scope.dateless:
            forms += [
                {"month-days": [6, 20], "at": at},
                {"dates": [world.start, "2023-02-08", "2023-02-25"], "at": at},
                {"every": "2 days", "at": at, "from": "2023-01-02"},
            ]
        form = dict(dice.pick(forms))
        if dice.maybe(30):
            form["calendar"] = world.calendar()
        return form

    def bundle(self) -> list[Raw]:
        """Return a batch taken as a bundle, some elements, and the end of the bundle."""
        self.apart += 1
        batch = self.batch(bundle=True)
        inside = [
            getattr(self, self.dice.pick(("step", "wait", "mark")))() for _ in range(self.dice.below(3))
        ]
        self.apart -= 1
        return [batch, *inside, {"unbundle": batch["batch"]}]

    # ---- elements with a body ----------------------------------------------------------------------

    def choice(self, depth: int) -> Raw:
        dice, world = self.dice, self.world
        choice: Raw = {"choice": self.name("choice")}
        kinds = ["chance", "class", *world.attributes]
        by = dice.pick(kinds)
        if by == "chance":
            labels = ["first", "second", "third"][: dice.between(2, 3)]
        elif by == "class":
            labels = [*world.classes[:1], "else"]
        else:
            labels = [world.attributes[by][-1], "else"]
        if by != "chance":
            choice["by"] = by
        options: Raw = {}
        for i, label in enumerate(labels):
            option: Raw = (
                {} if by != "chance" else {"share": "rest" if i == 0 else dice.pick((0.3, 0.1, 0.5))}
            )
            option["do"] = self.sequence(depth + 1, dice.below(3))
            if i and dice.maybe(50):
                status = dice.pick(("done", "refused", "abandoned", "withdrawn", "turned-away"))
                self.number += 1
                option["do"].append({"end": f"end-{self.number}", "status": status})
            options[label] = option
        choice["options"] = options
        return choice

    def parallel(self, depth: int) -> Raw:
        name = self.name("parallel")
        self.apart += 1
        labels = ["left", "middle", "right"][: self.dice.between(2, 3)]
        branches = {label: self.sequence(depth + 1, self.dice.pick((1, 1, 2, 0))) for label in labels}
        self.apart -= 1
        return {"parallel": name, "branches": branches}

    def repeat(self, depth: int) -> Raw:
        dice = self.dice
        repeat: Raw = {"repeat": self.name("repeat")}
        do = self.sequence(depth + 1, 2)
        repeat["do"] = do or [self.step()]
        repeat["again"] = dice.pick((0.5, 0, 1, 0.9))
        repeat["at-most"] = dice.between(1, 3)
        if dice.maybe(50):
            repeat["redo"] = self.sequence(depth + 1, 1)
        return repeat

    def block(self, depth: int) -> Raw:
        dice, world = self.dice, self.world
        block: Raw = {"block": self.name("block")}
        pools = [*world.pools, *self.own]
        hold = dice.maybe(50)
        if hold:
            if not self.apart and not self.copied:
                self.places.append(str(block["block"]))
            block["hold"] = dice.pick(pools)
            if dice.maybe(30):
                block["patience"] = world.law()
        if dice.maybe(50):
            block["limit"] = self.limit(step=False)
        if dice.maybe(15):
            block["counts"] = {"papers": 1}
        apart = hold or "limit" in block
        self.apart += apart
        block["do"] = self.sequence(depth + 1, dice.between(1, 2)) or [self.step()]
        self.apart -= apart
        return block

    def for_each(self, depth: int) -> Raw:
        dice, world = self.dice, self.world
        each: Raw = {"for-each": self.name("each"), "as": dice.pick(("sequence", "parallel", "choice"))}
        self.copied += 1
        around = self.own
        if dice.maybe(60) and not around:
            self.own = ["window"]
            each["pools"] = {"window": {"size": dice.between(1, 2), "on": world.calendar()}}
        first = self.step(whole=True)
        body = [first, *self.sequence(max(depth + 1, 2), dice.below(2))]
        labels = ["filing", "planning", "building"][: dice.between(2, 3)]
        each["over"] = labels
        if dice.maybe(50):
            each["over"] = {label: {} for label in labels}
            if "at-shift-end" not in first:
                each["over"]["planning"] = {f"{first['step']}.effort": world.length()}
            if each["as"] == "choice":
                for i, label in enumerate(labels):
                    each["over"][label]["share"] = "rest" if i == 0 else 0.3
        each["do"] = body
        self.copied -= 1
        self.own = around
        return each
