"""The tree of errors that a user can cause; each carries its exit status and says what to do.

ReplayError (2)
|-- InputError          something in a file or an option is wrong
|   `-- ScenarioError   one or more problems of a scenario file, each with its position
|-- RunError (1)        a run cannot go on or broke a law (conservation, Little)
`-- StoreError          a result cannot be read or written
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class ReplayError(Exception):
    """Base of every error shown to a user without a traceback."""

    exit_code = 2


class InputError(ReplayError):
    """Bad input: an option, a name, a file."""


@dataclass(frozen=True)
class Problem:
    """One thing wrong in a scenario file.

    Attributes
    ----------
    file, line, column : where (line and column from 1; 0 when the file as a whole is meant).
    where : dotted path of the element, for example ``process.check-papers.effort``.
    what : what is wrong, with the value found.
    hint : what is allowed, or the nearest known name; may be empty.
    """

    file: str
    line: int
    column: int
    where: str
    what: str
    hint: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        at = f" {self.where}:" if self.where else ""
        hint = f" {self.hint}" if self.hint else ""
        return f"{place}:{at} {self.what}{hint}"


class ScenarioError(InputError):
    """All problems of one scenario file, reported together."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(p) for p in self.problems))

    def __reduce__(self) -> tuple[type[ScenarioError], tuple[tuple[Problem, ...]]]:
        # A worker process sends its error home: made again from its problems, not from its text.
        return type(self), (self.problems,)


class RunError(ReplayError):
    """A run that cannot go on, or whose records break a law."""

    exit_code = 1


class StoreError(ReplayError):
    """A result that cannot be read or written."""
