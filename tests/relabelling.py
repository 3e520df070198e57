"""Other ways to write the same model: another order in the file, other units, weeks later, another zone."""

from __future__ import annotations

import json
import random
import re
from datetime import date, timedelta
from typing import Any

import numpy as np

from sim.engine.records import Records
from sim.network.elements import Network
from tests.random_models import Raw

#: Unit -> the next smaller one, and how many of those it has.
FINER = {"min": ("s", 60), "h": ("min", 60), "days": ("h", 24), "weeks": ("days", 7)}
ELEMENTS = (
    "step",
    "wait",
    "mark",
    "choice",
    "parallel",
    "repeat",
    "batch",
    "unbundle",
    "block",
    "for-each",
    "end",
)


def copy(model: Raw) -> Raw:
    """Return a copy of a model."""
    found: Raw = json.loads(json.dumps(model))
    return found


def reordered(model: Raw, seed: int) -> Raw:
    """Return a model with pools, classes, calendars and the keys of every element in another order.

    The classes must state their priorities, which else come from their order.
    """
    chance = random.Random(seed)

    def shuffle(mapping: Raw) -> Raw:
        keys = list(mapping)
        chance.shuffle(keys)
        return {key: mapping[key] for key in keys}

    def visit(value: Any) -> Any:
        if isinstance(value, list):
            return [visit(v) for v in value]
        if not isinstance(value, dict):
            return value
        inner = {key: visit(v) for key, v in value.items()}
        return shuffle(inner) if any(kind in value for kind in ELEMENTS) or "within" in value else inner

    found = visit(copy(model))
    for section in ("run", "calendars", "pools"):
        found[section] = shuffle(
            {k: shuffle(v) if isinstance(v, dict) else v for k, v in found[section].items()}
        )
    if "classes" in found["cases"]:
        found["cases"]["classes"] = shuffle(found["cases"]["classes"])
    found["cases"] = shuffle(found["cases"])
    return shuffle(found)


def other_streams(model: Raw) -> Raw:
    """Return a model with its streams in the opposite order."""
    found = copy(model)
    arrive = found["cases"]["arrive"]
    found["cases"]["arrive"] = dict(reversed(arrive.items()))
    return found


def finer(model: Raw) -> Raw:
    """Return a model with every time in the next smaller unit."""

    def visit(value: Any, key: str) -> Any:
        if isinstance(value, dict):
            return {k: visit(v, k) for k, v in value.items()}
        if isinstance(value, list):
            return [visit(v, key) for v in value]
        time = re.fullmatch(r"([0-9.]+) (min|h|days|weeks)", value) if isinstance(value, str) else None
        if time is None or key == "every":
            return value
        unit, many = FINER[time[2]]
        return f"{float(time[1]) * many:.12g} {unit}"

    found: Raw = visit(copy(model), "")
    return found


def weeks_later(model: Raw, weeks: int) -> Raw:
    """Return a model that begins whole weeks later, with all that it lists."""
    found = copy(model)
    shift = timedelta(weeks=weeks)
    found["run"]["start"] = str(date.fromisoformat(found["run"]["start"]) + shift)
    arrive = found["cases"]["arrive"]
    for stream in [arrive] if "at" in arrive or "count" in arrive else arrive.values():
        if "at" in stream:
            stream["at"] = [str(date.fromisoformat(t[:10]) + shift) + t[10:] for t in stream["at"]]
    return found


def elsewhere(model: Raw, zone: str) -> Raw:
    """Return a model in another time zone."""
    found = copy(model)
    found["run"]["time-zone"] = zone
    for calendar in found["calendars"].values():
        calendar.pop("time-zone", None)
    return found


def by_name(network: Network, records: Records) -> dict[str, Any]:
    """Return the tables of a run with names for indices and rows in an order of their own."""
    streams = [s.name for s in network.streams] + [f"backlog {i}" for i in range(len(network.backlogs))]
    classes = [c.name for c in network.classes]
    pools = [p.name for p in network.pools]
    names = [(streams[c["stream"]], int(c["number"])) for c in records.cases]
    cases = sorted(
        (
            name,
            classes[c["class"]],
            classes[c["final_class"]],
            *(int(c[f]) for f in ("arrived", "ended", "end")),
        )
        for name, c in zip(names, records.cases, strict=True)
    )
    fields = [f for f in records.steps.dtype.names or () if f not in ("case", "lead")]
    rows = [(names[r["case"]], names[r["lead"]] if r["lead"] >= 0 else None, *(r[f].item() for f in fields))
            for r in records.steps]  # fmt: skip
    order = sorted(range(len(rows)), key=lambda i: (rows[i][0], rows[i][2:6], str(rows[i])))
    pieces = [(rows[p["row"]], int(p["start"]), int(p["stop"])) for p in records.pieces]
    areas = {
        f"{what} of {pool}": int(getattr(records, what)[i])
        for what in ("queue_area", "busy_area", "excess_area", "held_area")
        for i, pool in enumerate(pools)
    }
    counts = dict(zip(names, (tuple(np.round(row, 6)) for row in records.counts), strict=True))
    return {
        "cases": cases,
        "steps": [rows[i] for i in order],
        "pieces": sorted(pieces, key=str),
        "meetings": records.meetings.tolist(),
        "counts": counts,
        "stopped": records.stopped,
        "activities": records.activities,
        **areas,
    }
