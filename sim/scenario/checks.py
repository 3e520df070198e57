"""All checks of what a scenario means, once its shape has been read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.scenario.bind import bind_numbers, models
from sim.scenario.check_cases import check_cases, check_run, check_stream
from sim.scenario.check_claims import check_claims
from sim.scenario.check_names import check_names
from sim.scenario.check_numbers import check_numbers, check_settings
from sim.scenario.check_process import check_element, check_process, check_sequence
from sim.scenario.check_work import check_calendars, check_pools, check_steps
from sim.scenario.model_process import walk
from sim.scenario.model_reform import Insert, InsertBranches, InsertOptions, InsertStreams
from sim.scenario.reading import Checking

if TYPE_CHECKING:
    from sim.scenario.model import ScenarioModel


def check_all(model: ScenarioModel, context: Checking) -> None:
    """Record everything that is wrong with what `model` means."""
    bind_numbers(model, context)
    check_numbers(model, context)
    check_settings(model, context)
    known = check_names(model, context)
    check_run(model, context)
    check_calendars(model, context)
    check_pools(model, context)
    check_process(model, context)
    check_steps(model, context)
    check_cases(model, known, context)
    check_claims(model, context)
    for edit in models((model.reform, model.context, model.readings)):
        for body in _bodies(edit):
            check_sequence(body, context)
            for element in walk(body):
                check_element(element, model, context)
        if isinstance(edit, InsertStreams):
            for name, stream in edit.insert_streams.items():
                check_stream(str(name), stream, known, model, context)


def _bodies(edit: Any) -> list[Any]:
    if isinstance(edit, Insert):
        return [edit.insert]
    if isinstance(edit, InsertOptions):
        return [option.do for option in edit.insert_options.values()]
    return list(edit.insert_branches.values()) if isinstance(edit, InsertBranches) else []
