"""Checks scenario files and gathers all problems of each, without stopping at the first file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sim.errors import InputError, Problem, ScenarioError
from sim.scenario.files import find
from sim.scenario.load import load


@dataclass(frozen=True)
class Validation:
    """What checking some files found: those that are good, and all problems of the others."""

    good: tuple[str, ...]
    problems: tuple[Problem, ...]

    def as_text(self) -> str:
        """Return one line for each good file."""
        return "\n".join(f"{file}: good" for file in self.good)

    def as_document(self) -> dict[str, object]:
        """Return the outcome as one JSON document."""
        return {"good": list(self.good), "problems": [asdict(problem) for problem in self.problems]}


def validate(files: Sequence[str]) -> Validation:
    """Load each of `files` (paths, or names of scenarios) and return what was found."""
    good: list[str] = []
    problems: list[Problem] = []
    for file in files:
        try:
            load(find(file))
        except ScenarioError as error:
            problems.extend(error.problems)
        except InputError as error:
            problems.append(Problem(file, 0, 0, "", str(error)))
        else:
            good.append(file)
    return Validation(tuple(good), tuple(problems))
