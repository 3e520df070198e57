"""Writes a commented, valid scenario for a planner to begin from."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path

from sim.errors import InputError
from sim.scenario.fields import NAME

#: File beside this module that holds the text.
TEMPLATE = "starter.yaml"


def starter(name: str) -> str:
    """Return the text of a new scenario called `name`.

    Raises
    ------
    InputError : if no scenario can have that name.
    """
    if not re.fullmatch(NAME, name):
        meant = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
        hint = f" Try `{meant}`." if re.fullmatch(NAME, meant) else ""
        rule = "A name has small letters, digits and single hyphens, and begins with a letter."
        raise InputError(f"`{name}` is no name for a scenario. {rule}{hint}")
    text = resources.files("sim.scenario").joinpath(TEMPLATE).read_text(encoding="utf-8")
    return text.replace("NAME", name).replace("TITLE", name.replace("-", " ").capitalize())


def write_starter(name: str, folder: Path) -> Path:
    """Write a new scenario called `name` into `folder`, made if it is missing; return its path.

    Raises
    ------
    InputError : if the name is none, the file exists, or it cannot be written.
    """
    text = starter(name)
    path = folder / f"{name}.yaml"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
    except FileExistsError:
        raise InputError(f"{path}: this exists already; choose another name, or remove it first.") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror}).") from error
    return path
