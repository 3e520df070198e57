"""Finds scenario files by name and reads their text; small files in UTF-8 only."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sim.errors import InputError, Problem, ScenarioError
from sim.scenario.nearest import near

#: Size in bytes beyond which a file is refused.
MAX_BYTES = 1_000_000


def too_big(file: str) -> Problem:
    """Return what is said of a file that is too big."""
    return Problem(
        file,
        0,
        0,
        "",
        f"the file is larger than {MAX_BYTES // 1000} kB.",
        "A scenario is a few screens of text.",
    )


def read_text(path: Path) -> str:
    """Return the text of a file.

    Raises
    ------
    ScenarioError : if it cannot be read, is too big or is no text.
    """
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
        raise ScenarioError([too_big(file)])
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
