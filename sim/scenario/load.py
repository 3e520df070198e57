"""Loads scenario files: from bytes to a checked ``Scenario``, and finds them by name.

``load(path)`` refuses what is not a small text file before reading it whole, parses it with positions,
checks all of it, and raises one ``ScenarioError`` with every problem. ``find(name)`` looks for a scenario
where the user stands first, then among those shipped.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sim.errors import InputError, Problem, ScenarioError
from sim.scenario.bind import numbers
from sim.scenario.fields import near
from sim.scenario.model import ScenarioModel, examine
from sim.scenario.model_reform import Context, Lever, Reading
from sim.scenario.numbers import Assume, Dial, Unknown
from sim.scenario.positions import parse
from sim.scenario.tree import Map

#: Size in bytes beyond which a file is refused.
MAX_BYTES = 1_000_000


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
        raise ScenarioError([_too_big(name)])
    raw = parse(text, name)
    model, problems = examine(raw, name, folder=folder)
    digest = hashlib.sha256(text.encode("utf-8")).hexdigest()
    scenario = Scenario(path, str(model.scenario), digest, raw, model, name)
    if not problems:
        problems = _lever_problems(scenario)
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
    return loads(_read(path), str(path), path.parent, path=path)


def _lever_problems(scenario: Scenario) -> list[Problem]:
    try:
        from sim.scenario.variant import check_levers
    except ImportError:
        return []
    return list(check_levers(scenario))


def _too_big(file: str) -> Problem:
    return Problem(
        file,
        0,
        0,
        "",
        f"the file is larger than {MAX_BYTES // 1000} kB.",
        "A scenario is a few screens of text.",
    )


def _read(path: Path) -> str:
    file = str(path)
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise ScenarioError(
            [Problem(file, 0, 0, "", "there is no such file.", "Check its name and folder.")]
        ) from None
    except IsADirectoryError:
        raise ScenarioError(
            [Problem(file, 0, 0, "", "this is a folder.", "Name a scenario file in it.")]
        ) from None
    except OSError as error:
        raise ScenarioError(
            [Problem(file, 0, 0, "", f"the file cannot be read: {error.strerror}.", "")]
        ) from None
    if len(data) > MAX_BYTES:
        raise ScenarioError([_too_big(file)])
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - (data.rfind(b"\n", 0, error.start) + 1) + 1
        what = f"the file is not text in UTF-8 (byte {data[error.start]:#04x})."
        raise ScenarioError([Problem(file, line, column, "", what, "Save it as UTF-8 text.")]) from None
    return text


def folders() -> list[Path]:
    """Return the folders with scenarios: ``scenarios`` where the user stands, then the shipped ones."""
    shipped = (Path(__file__).parents[2] / "scenarios", Path(__file__).parents[1] / "_scenarios")
    return [Path("scenarios"), *(folder for folder in shipped if folder.is_dir())]


def find(name: str | Path, where: Sequence[Path] | None = None) -> Path:
    """Return the file of a scenario given by name or by path.

    Raises
    ------
    InputError
        If there is none; with the nearest name.
    """
    text = str(name)
    if text.endswith((".yaml", ".yml")) or "/" in text or "\\" in text:
        if Path(text).is_file():
            return Path(text)
        raise InputError(f"{text}: there is no such file.")
    looked = list(where) if where is not None else folders()
    for folder in looked:
        for ending in (".yaml", ".yml"):
            if (folder / f"{text}{ending}").is_file():
                return folder / f"{text}{ending}"
    known = {p.stem for folder in looked if folder.is_dir() for p in folder.glob("*.y*ml")}
    raise InputError(f"there is no scenario `{text}`. {near(text, known, 'scenarios')}")
