"""All checks of what a scenario means, once its shape has been read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.scenario.bind import bind_numbers
from sim.scenario.fields import Checking

if TYPE_CHECKING:
    from sim.scenario.model import ScenarioModel


def check_all(model: ScenarioModel, context: Checking) -> None:
    """Record everything that is wrong with what `model` means."""
    bind_numbers(model, context)
