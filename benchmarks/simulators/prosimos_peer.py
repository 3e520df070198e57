"""Prosimos: a BPMN model with a task a station, resource calendars, and its log kept in memory."""

from __future__ import annotations

import json
import random
import tempfile
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import numpy as np

from benchmarks.simulators.common import Done, Run, Tell, arrivals, installed
from sim.runs.standard import OFFICE_HOURS, ORIGIN, Standard, Station

name = "Prosimos"
scale = 1

_FAR = 1e12  # no effort is longer
_SPACE = "http://www.omg.org/spec/BPMN/20100524/MODEL"


def missing(standard: Standard) -> str:
    """Return why it cannot run `standard` here, or nothing."""
    return installed("prosimos")


def prepare(standard: Standard, cases: int, seed: int) -> Run:
    """Return a run of `cases` cases; the model's files are read beforehand."""
    from prosimos.simulation_engine import SimBPMEnv, execute_full_process
    from prosimos.simulation_setup import SimDiffSetup

    times = arrivals(standard, cases, seed)
    with tempfile.TemporaryDirectory() as folder:
        model, numbers = Path(folder, "model.bpmn"), Path(folder, "numbers.json")
        model.write_text(_bpmn(standard), encoding="utf-8")
        numbers.write_text(json.dumps(_numbers(standard)), encoding="utf-8")
        setup = SimDiffSetup(str(model), str(numbers), False, cases)
    setup.set_starting_datetime(datetime(ORIGIN.year, ORIGIN.month, ORIGIN.day, tzinfo=UTC))

    def run() -> Tell:
        np.random.seed(seed)  # noqa: NPY002  # its draws are the global ones
        random.seed(seed)
        env = SimBPMEnv(setup, None, None)
        execute_full_process(env, times)

        def tell() -> Done:
            events = [event for trace in env.log_info.trace_list for event in trace.event_list]
            return Done(len(events), sum(e.started_at - e.enabled_at for e in events) / len(events))

        return tell

    return run


def _bpmn(standard: Standard) -> str:
    """Return start, [join], tasks, [split back to the join], end."""
    tasks = [f"task-{i}" for i in range(len(standard.stations))]
    path = ["start", *tasks, "end"]
    elements = [f'<task id="{t}" name="{t}"/>' for t in tasks]
    if standard.again:
        path = ["start", "join", *tasks, "split", "end"]
        elements += ['<exclusiveGateway id="join"/>', '<exclusiveGateway id="split"/>']
    flows = [(f"to-{b}", a, b) for a, b in pairwise(path)]
    if standard.again:
        flows.append(("back", "split", "join"))
    arcs = [f'<sequenceFlow id="{i}" sourceRef="{a}" targetRef="{b}"/>' for i, a, b in flows]
    inside = "".join(['<startEvent id="start"/>', '<endEvent id="end"/>', *elements, *arcs])
    return f'<definitions xmlns="{_SPACE}"><process id="model">{inside}</process></definitions>'


def _numbers(standard: Standard) -> dict[str, object]:
    """Return arrivals (unused: times are given), clerks, their hours, efforts and the share of rework."""
    ids = range(len(standard.stations))
    always = [_period("MONDAY", "SUNDAY", "00:00:00", "23:59:59.999999")]
    office = [
        _period("MONDAY", "FRIDAY", f"{start // 3600:02d}:00:00", f"{stop // 3600:02d}:00:00")
        for start, stop in OFFICE_HOURS
    ]
    back = {"gateway_id": "split", "probabilities": [
        {"path_id": "back", "value": standard.again}, {"path_id": "to-end", "value": 1 - standard.again},
    ]}  # fmt: skip
    return {
        "resource_profiles": [
            {"id": f"pool-{i}", "name": f"pool-{i}", "resource_list": [
                {"id": f"clerk-{i}", "name": f"clerk-{i}", "cost_per_hour": 1, "calendar": "hours",
                 "amount": standard.stations[i].clerks}]}
            for i in ids
        ],
        "resource_calendars": [
            {"id": "hours", "name": "hours", "time_periods": office if standard.hours else always}
        ],
        "arrival_time_calendar": always,
        "arrival_time_distribution": _law(standard.stations[0]),
        "gateway_branching_probabilities": [back] if standard.again else [],
        "task_resource_distribution": [
            {"task_id": f"task-{i}", "resources": [{"resource_id": f"clerk-{i}", **_law(station)}]}
            for i, station in enumerate(standard.stations)
        ],
    }  # fmt: skip


def _law(station: Station) -> dict[str, object]:
    if station.cv is None:
        return {"distribution_name": "expon", "distribution_params": _values(station.mean, 0, _FAR)}
    variance = (station.cv * station.mean) ** 2
    return {
        "distribution_name": "lognorm",
        "distribution_params": _values(station.mean, variance, 0, _FAR),
    }


def _values(*numbers: float) -> list[dict[str, float]]:
    return [{"value": number} for number in numbers]


def _period(first: str, last: str, begin: str, end: str) -> dict[str, str]:
    return {"from": first, "to": last, "beginTime": begin, "endTime": end}
