"""Edits that make one of several: merged steps, merged pools."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sim.scenario.edits_find import PathError, Place, clone, parts_of
from sim.scenario.edits_work import Change, Work, backlogs
from sim.scenario.positions import Map, Seq, mark_of, marked

#: Fields of a step that the merged step takes from the first part that states them.
KEPT = ("title", "hands", "at-shift-end", "patience", "limit", "stops-clock")


def merge(work: Work, change: Change) -> None:
    """Merge steps into one at the place of the first; each part keeps its name and so its draws.

    The edit states who does the merged step and, with ``times``, a factor on the efforts. Counts add
    up; hands, end of shift, patience, limit, clock stop and title are those of the first part that
    states them.
    """
    edit = change.edit
    for need in ("as", "by"):
        if need not in edit:
            raise PathError(f"`merge` needs `{need}`.")
    if not isinstance(edit["merge"], list) or len(edit["merge"]) < 2:
        raise PathError("`merge` needs at least two steps.", hint="Write `merge: [first, second]`.")
    places: list[Place] = []
    for name in work.names(edit["merge"]):
        place = work.find.element(name)
        if place.kind != "step":
            raise PathError(f"`{name}` is a {place.kind}: only steps can be merged.")
        if all(place.element is not other.element for other in places):
            places.append(place)
    if not places:
        return
    name = str(edit["as"])
    old = [place.name for place in places]
    if name in work.find.places and name not in old:
        raise PathError(
            f"there is already an element `{name}`.", hint="Give the merged step a name of its own."
        )
    merged = _merged([place.element for place in places], edit)
    order = sorted(places, key=lambda p: list(work.find.places).index(p.name))
    order[0].items[order[0].index] = merged
    emptied = []
    for place in order[1:]:
        emptied.append(place.items)
        work.detach(place)
    work.changed()
    work.tidy(emptied)
    for backlog in backlogs(work.tree):
        if backlog.get("at") in old:
            backlog["at"] = merged["step"]


def _merged(steps: list[Any], edit: Any) -> Any:
    made = Map()
    made.mark = mark_of(edit, "merge")
    made["step"] = edit["as"]
    made["by"] = clone(edit["by"])
    parts = Seq()
    parts.mark = made.mark
    for step in steps:
        for part in parts_of(step) or [{"part": step["step"], "effort": step.get("effort", "0 s")}]:
            effort = clone(part["effort"])
            if "times" in edit:
                effort = {"scaled": effort, "times": clone(edit["times"])}
            parts.append(marked({"part": part["part"], "effort": effort}, made.mark))
    made["parts"] = parts
    hands = {str(step.get("hands", "government")) for step in steps}
    if len(hands) > 1:
        raise PathError(
            f"the steps are in different hands ({', '.join(sorted(hands))}), so they cannot be one."
        )
    for field in KEPT:
        for step in steps:
            if field in step and field not in made:
                made[field] = clone(step[field])
    counts = _added([step["counts"] for step in steps if isinstance(step.get("counts"), dict)])
    if counts:
        made["counts"] = marked(counts, made.mark)
    return made


def _added(counts: list[Any]) -> dict[str, Any]:
    total: dict[str, Any] = {}
    for each in counts:
        for name, value in each.items():
            value = clone(value)
            total[name] = {"sum": [total[name], value]} if name in total else value
    return total


def merge_pools(work: Work, change: Change) -> None:
    """Make one pool of several: their sizes (or groups) add up unless a size is given."""
    edit = change.edit
    if not isinstance(edit["merge-pools"], list) or len(edit["merge-pools"]) < 2:
        raise PathError("`merge-pools` needs at least two pools.", hint="Write `merge-pools: [one, other]`.")
    pools = work.tree.get("pools") or {}
    old = []
    for path in edit["merge-pools"]:
        name = str(path).removeprefix("pools.")
        if name in pools:
            old.append(name)
        elif not work.is_known(f"pools.{name}"):
            raise PathError(f"there is no pool `{name}`.", name, tuple(pools))
    if not old:
        return
    name = edit["as"]
    if name in pools and str(name) not in old:
        raise PathError(f"there is already a pool `{name}`.", hint="Give the merged pool a name of its own.")
    merged = _one_pool([pools[n] for n in old], edit)
    rebuilt = [
        (name, merged) if n == old[0] else (n, pool)
        for n, pool in pools.items()
        if n == old[0] or n not in old
    ]
    pools.clear()
    pools.update(rebuilt)
    for place in list(work.find.places.values()):
        rename_pools(place.element, lambda pool: name if pool in old else pool)


def _one_pool(pools: list[Any], edit: Any) -> Any:
    made = clone(pools[0])
    rooms = [pool["room"] for pool in pools if "room" in pool]
    if len(rooms) == len(pools):
        made["room"] = rooms[0] if len(rooms) == 1 else sum(rooms)
    else:
        made.pop("room", None)
    if "size" in edit:
        made.pop("groups", None)
        made["size"] = clone(edit["size"])
        made.setdefault("on", next((on for pool in pools for on in _calendars(pool)), None))
        return made
    if all("groups" not in pool for pool in pools) and len({str(pool.get("on")) for pool in pools}) == 1:
        sizes = [clone(pool.get("size", 1)) for pool in pools]
        made["size"] = sizes[0] if len(sizes) == 1 else marked({"sum": sizes}, mark_of(edit))
        return made
    made["groups"] = Seq(clone(group) for pool in pools for group in _groups(pool))
    made["groups"].mark = mark_of(edit)
    made.pop("size", None)
    made.pop("on", None)
    return made


def _groups(pool: Any) -> list[Any]:
    if isinstance(pool.get("groups"), list):
        return list(pool["groups"])
    group = Map({key: pool[key] for key in ("size", "on") if key in pool})
    group.mark = mark_of(pool)
    return [group]


def _calendars(pool: Any) -> list[Any]:
    return [group["on"] for group in _groups(pool) if "on" in group]


def rename_pools(element: Any, name: Callable[[Any], Any]) -> None:
    """Give the pools that a raw element refers to other names; units of pools that become one add up."""
    for field in ("by", "attend"):
        if field in element and ("step" in element or "batch" in element):
            element[field] = renamed(element[field], name)
    if "block" in element and isinstance(element.get("hold"), str):
        element["hold"] = name(element["hold"])
    limit = element.get("limit")
    missed = limit.get("missed") if isinstance(limit, dict) else None
    if isinstance(missed, dict) and isinstance(missed.get("move-to"), str):
        missed["move-to"] = name(missed["move-to"])


def renamed(by: Any, name: Callable[[Any], Any]) -> Any:
    """Return who does a step, with other names for the pools."""
    if isinstance(by, str):
        return name(by)
    if isinstance(by, list):
        pools = [name(pool) if isinstance(pool, str) else renamed(pool, name) for pool in by]
        if len({str(pool) for pool in pools}) == len(pools):
            return marked(pools, mark_of(by))
        return marked(_units([(pool, 1) for pool in pools]), mark_of(by))
    if isinstance(by, dict) and isinstance(by.get("any"), list):
        options: list[Any] = []
        for option in by["any"]:
            option = renamed(option, name)
            if option not in options:
                options.append(option)
        if len(options) == 1:
            return options[0]
        return marked({"any": options}, mark_of(by))
    if isinstance(by, dict):
        return marked(_units([(name(pool), units) for pool, units in by.items()]), mark_of(by))
    return by


def _units(pairs: list[tuple[Any, Any]]) -> dict[str, Any]:
    total: dict[str, Any] = {}
    for pool, units in pairs:
        if pool not in total:
            total[pool] = units
        elif isinstance(total[pool], int) and isinstance(units, int):
            total[pool] = total[pool] + units
        else:
            total[pool] = {"sum": [total[pool], units]}
    return total
