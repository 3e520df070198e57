"""Loads scenario files: from text to a checked ``Scenario``.

``load(path)`` reads a small text file, parses it with positions, checks all of it, and raises one
``ScenarioError`` with every problem. ``sim.scenario.files`` finds files by name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sim.errors import ScenarioError
from sim.scenario.bind import numbers
from sim.scenario.files import MAX_BYTES, read_text, too_big
from sim.scenario.model import ScenarioModel, examine
from sim.scenario.model_reform import Context, Lever, Reading
from sim.scenario.numbers import Assume, Dial, Unknown
from sim.scenario.positions import parse
from sim.scenario.tree import Map
from sim.scenario.variant import check_levers


@dataclass(frozen=True)
class Scenario:
    """A scenario file, read and checked.

    Attributes
    ----------
    path : the file; None for a text.
    name : its name, as it states itself.
    text_hash : SHA-256 of the text, in hexadecimal.
    raw : the tree with places that edits work on (copy it before changing anything).
    model : the service before its reform, with for-each not yet expanded.
    """

    path: Path | None
    name: str
    text_hash: str
    raw: Map = field(repr=False)
    model: ScenarioModel = field(repr=False)
    file: str = ""

    @property
    def folder(self) -> Path | None:
        """Folder from which CSV files are read."""
        return self.path.parent if self.path is not None else None

    def content_key(self) -> tuple[object, ...]:
        """Return what decides all that can be computed from it: its text and the CSV files it reads."""
        files = []
        for name in sorted(set(_csv_files(self.raw))):
            path = (self.folder or Path()) / name
            files.append((name, hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""))
        return (self.name, self.text_hash, tuple(files))

    @property
    def levers(self) -> tuple[Lever, ...]:
        """Levers of the reform, in file order."""
        return self.model.reform

    @property
    def contexts(self) -> tuple[Context, ...]:
        """Documented changes that are not the reform."""
        return self.model.context

    @property
    def readings(self) -> tuple[Reading, ...]:
        """Readings, the headline first; empty means the one implicit reading ``stated``."""
        return self.model.readings

    @property
    def unknowns(self) -> tuple[Unknown, ...]:
        """All assumptions and dials, each once, in file order."""
        found: dict[str, Unknown] = {}
        for number in numbers(self.model):
            if isinstance(number, (Assume, Dial)):
                unknown = number.unknown()
                found.setdefault(unknown.name, unknown)
        return tuple(found.values())


def _csv_files(value: object) -> Iterator[str]:
    """Yield the names of the files from which arrivals are taken, in levers too."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if key == "from-csv":
                yield str(inner)
            yield from _csv_files(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _csv_files(inner)


def loads(
    text: str, name: str = "<text>", folder: Path | None = None, *, path: Path | None = None
) -> Scenario:
    """Return the scenario that a text holds.

    Parameters
    ----------
    name : what messages call the text.
    folder : where CSV files are looked for; None: they are not looked at.
    path : the file it was read from.

    Raises
    ------
    ScenarioError
        With all problems of the text.
    """
    if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise ScenarioError([too_big(name)])
    raw = parse(text, name)
    model, problems = examine(raw, name, folder=folder)
    digest = hashlib.sha256(text.encode("utf-8")).hexdigest()
    scenario = Scenario(path, str(model.scenario), digest, raw, model, name)
    if not problems:
        problems = check_levers(scenario)
    if problems:
        raise ScenarioError(problems)
    return scenario


def load(path: str | Path) -> Scenario:
    """Return the scenario of a file.

    Raises
    ------
    ScenarioError
        With all problems of the file.
    """
    path = Path(path)
    return loads(read_text(path), str(path), path.parent, path=path)
