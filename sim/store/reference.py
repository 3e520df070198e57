"""The committed expectations: written, read, and compared with what runs give now.

On the platform on which they were written (system, processor, versions of NumPy and SciPy) numbers must be
equal; elsewhere they may differ by `TOLERANCE` of their size, for the last bits of a logarithm may.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.errors import StoreError
from sim.runs.reference import SEED, Numbers, ReferenceRun, this_platform
from sim.scenario.load import Scenario
from sim.store import documents, results

#: Folder of the expectations in the results store; one file a scenario.
HOME = "reference"
#: Greatest relative difference of a number on another platform.
TOLERANCE = 1e-9


@dataclass(frozen=True)
class Difference:
    """One number that is not as expected; None where there is none."""

    number: str
    expected: float | None
    found: float | None


@dataclass(frozen=True)
class Compared:
    """One run beside its expectation.

    Attributes
    ----------
    numbers : how many were compared.
    different : those that differ.
    largest : greatest relative difference; infinite where a number is missing on one side.
    """

    scenario: str
    variant: str
    engine: str
    numbers: int
    different: tuple[Difference, ...]
    largest: float
    tolerance: float
    file_changed: bool


def reference_files(out: Path) -> dict[str, Path]:
    """Return the files of expectations by scenario.

    Raises
    ------
    StoreError : if there is none.
    """
    found = {path.stem: path for path in sorted((out / HOME).glob("*.json"))}
    if not found:
        raise StoreError(
            f"{out / HOME}: there are no expectations here. They come with a checkout of the project; "
            "`verify --write` makes them anew from what runs give now."
        )
    return found


def write_reference(out: Path, scenario: Scenario, runs: Sequence[ReferenceRun]) -> Path:
    """Write what `runs` gave as the expectations of a scenario; both engines must agree.

    Raises
    ------
    StoreError : if the engines differ, or the file cannot be written.
    """
    by_variant: dict[str, Numbers] = {}
    for run in runs:
        if by_variant.setdefault(run.variant, run.numbers) != run.numbers:
            raise StoreError(f"{scenario.name}, {run.variant}: the engines differ; nothing is written.")
    path = out / HOME / f"{scenario.name}.json"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        documents.write(
            path,
            {
                "scenario": scenario.name,
                "scenario_hash": scenario.text_hash,
                "seed": SEED,
                "platform": this_platform(),
                "expected": by_variant,
            },
        )
    except OSError as error:
        raise StoreError(f"{path}: cannot be written ({error.strerror}).") from error
    return path


def read_reference(path: Path) -> dict[str, Any]:
    """Return the expectations of one scenario.

    Raises
    ------
    StoreError : if the file is broken.
    """
    found = results.read(path.parent, path.name)
    if not isinstance(found, dict) or not {"scenario", "scenario_hash", "platform", "expected"} <= set(found):
        raise StoreError(f"{path}: this is no file of expectations; `verify --write` makes it anew.")
    return found


def compare(reference: Mapping[str, Any], scenario: Scenario, run: ReferenceRun) -> Compared:
    """Return one run beside its expectation."""
    tolerance = 0.0 if reference["platform"] == this_platform() else TOLERANCE
    expected: Mapping[str, float | None] = reference["expected"].get(run.variant, {})
    names = list(dict.fromkeys([*expected, *run.numbers]))
    different, largest = [], 0.0
    for name in names:
        wanted, found = expected.get(name), run.numbers.get(name)
        distance = relative(wanted, found)
        if (name in expected) != (name in run.numbers):
            distance = math.inf
        largest = max(largest, distance)
        if distance > tolerance:
            different.append(Difference(name, wanted, found))
    return Compared(
        scenario.name, run.variant, run.engine, len(names), tuple(different), largest, tolerance,
        reference["scenario_hash"] != scenario.text_hash,
    )  # fmt: skip


def relative(one: float | None, other: float | None) -> float:
    """Return the difference of two numbers over the larger; infinite where only one is there."""
    if one is None or other is None:
        return 0.0 if one is other else math.inf
    return 0.0 if one == other else abs(one - other) / max(abs(one), abs(other))
