"""The base of the models: each field records what is wrong with it, and reading goes on.

A pydantic model stops at the first level that fails, and speaks of "valid strings". Here every field that
cannot be taken adds a ``Problem`` to the ``Checking`` passed as validation context and gives a harmless
stand-in, so that one reading of a file finds all that is wrong with it. Every model keeps the mapping it
was read from (``model.raw``), and names are ``Text``, so that later checks know the place of everything.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, NamedTuple, Self, TypeVar

from pydantic import (
    BaseModel,
    ConfigDict,
    ModelWrapValidatorHandler,
    PrivateAttr,
    ValidationInfo,
    model_validator,
)

from sim.errors import Problem
from sim.scenario.nearest import nearest
from sim.scenario.tree import NOWHERE, Map, Mark, Places, Text, mark_of
from sim.scenario.units import WrongError

T = TypeVar("T")
#: Problems of one file that are told.
MOST = 500


class _Missing:
    """A required value that is not there, or was reported already."""


MISSING = _Missing()


class Flag(NamedTuple):
    """A YAML ``true`` or ``false`` on its way into a field, with its place."""

    value: bool
    mark: Mark


class Checking:
    """Collects the problems of one file.

    Parameters
    ----------
    file : name shown in messages.
    names : dotted names of the places in the tree.
    expanded : whether the copies of for-each elements, named with dots, are already in the tree.
    folder : where CSV files are; None: they are not looked at.
    """

    def __init__(self, file: str, names: Places, expanded: bool = False, folder: Path | None = None) -> None:
        self.folder = folder
        self.file = file
        self.names = names
        self.expanded = expanded
        self.problems: list[Problem] = []
        self._told: set[Problem] = set()

    def add(self, at: Any, what: str, hint: str = "") -> None:
        """Record a problem at a mark, or at anything that has one."""
        mark = at if isinstance(at, Mark) else mark_of(at)
        if mark == NOWHERE and self.problems:
            return  # about a stand-in for what was told already
        problem = Problem(self.file, *mark, _short(self.names.name(mark)), _short(what), _short(hint))
        if problem in self._told or len(self.problems) > MOST:
            return
        if len(self.problems) == MOST:
            problem = Problem(
                self.file, 0, 0, "", f"there are more than {MOST} problems.", "These are the first."
            )
        self._told.add(problem)
        self.problems.append(problem)

    @property
    def full(self) -> bool:
        """Whether so many problems were found that looking for more helps nobody."""
        return len(self.problems) > MOST


def _short(text: str) -> str:
    return text if len(text) <= 500 else text[:497] + "..."


def show(value: Any) -> str:
    """Return a short form of a value found, for messages."""
    if isinstance(value, dict):
        return (
            "a mapping with the keys " + ", ".join(f"`{k}`" for k in list(value)[:4])
            if value
            else "an empty mapping"
        )
    if isinstance(value, (list, tuple)) and not isinstance(value, Flag):
        return f"a list of {len(value)}" if value else "an empty list"
    if isinstance(value, Flag):
        return f"`{str(value.value).lower()}`"
    if value is None:
        return "nothing"
    text = str(value)
    return f"`{text if len(text) <= 40 else text[:37] + '...'}`"


def checking(info: ValidationInfo) -> Checking:
    """Return the collector that travels with the validation."""
    context = info.context
    assert isinstance(context, Checking)
    return context


def reading(read: Callable[[Any, Checking], T], stand_in: T) -> Callable[[Any, ValidationInfo], T]:
    """Return a validator that calls `read`, records a ``WrongError`` it raises, and then gives `stand_in`."""

    def validate(value: Any, info: ValidationInfo) -> T:
        if value is MISSING:
            return stand_in
        context = checking(info)
        try:
            return read(value, context)
        except WrongError as wrong:
            context.add(value, wrong.what, wrong.hint)
            return stand_in

    return validate


class Model(BaseModel):
    """A mapping of the language: keys in kebab-case, unknown keys refused, places kept."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        arbitrary_types_allowed=True,
        alias_generator=lambda name: name.rstrip("_").replace("_", "-"),
    )
    nullable: ClassVar[frozenset[str]] = frozenset()
    _raw: Map = PrivateAttr(default_factory=Map)

    @property
    def raw(self) -> Map:
        """The mapping of the file that this was read from."""
        raw: Map = self._private("_raw")
        return raw

    def _private(self, name: str) -> Any:
        """Return a private attribute from where pydantic keeps it: its `__getattr__` is slow."""
        return (self.__pydantic_private__ or {})[name]

    def place(self, key: str) -> Mark:
        """Return the place of the value of `key`, or of the whole where the key is not there."""
        return mark_of(self.raw, key)

    @classmethod
    def what(cls) -> str:
        """Return what the thing is called in messages: the first words of the docstring."""
        doc = (cls.__doc__ or cls.__name__).strip().split("\n")[0]
        return re.split(r"[.:;,]", doc)[0].lower()

    @classmethod
    def field_names(cls) -> list[str]:
        """Return the keys that the mapping may have."""
        return [f.alias or n for n, f in cls.model_fields.items()]

    @model_validator(mode="wrap")
    @classmethod
    def _heal(cls, value: Any, handler: ModelWrapValidatorHandler[Self], info: ValidationInfo) -> Self:
        context = checking(info)
        fields = _fields(cls)
        kept: dict[str, Any] = {}
        dropped: set[str] = set()
        if value is not MISSING and not isinstance(value, dict):
            context.add(
                place_of(value),
                f"keys are needed here, for {cls.what()}; found {show(value)}.",
                f"Keys: {', '.join(fields)}.",
            )
        for key, child in value.items() if isinstance(value, dict) else ():
            if context.full:
                break
            if key not in fields:
                meant = nearest(key, fields)
                hint = f"Did you mean `{meant}`?" if meant else f"Keys: {', '.join(fields)}."
                context.add(mark_of(key), f"`{key}` is no key of {cls.what()}.", hint)
                if meant and meant not in value and child is not None:  # said once; read it as it was meant
                    kept[meant] = Flag(child, mark_of(key)) if isinstance(child, bool) else child
            elif child is None:
                dropped.add(key)
                if key in cls.nullable:
                    continue
                context.add(mark_of(key), f"`{key}` has no value.", "Write one, or leave the key out.")
            else:
                kept[key] = Flag(child, mark_of(key)) if isinstance(child, bool) else child
        for key, advice in fields.items():
            if advice is not None and key not in kept:
                if isinstance(value, dict) and key not in dropped:
                    context.add(value, f"`{key}` is missing from {cls.what()}.", advice)
                kept[key] = MISSING
        made = handler(kept)
        if isinstance(value, Map):
            made._raw = value
        return made


def place_of(value: Any) -> Mark:
    """Return the place of a value; ``NOWHERE`` if it has none."""
    return getattr(value, "mark", NOWHERE)


@cache
def _fields(model: type[Model]) -> dict[str, str | None]:
    """Return the keys of a model: what to say where a required one is missing, None for the others."""
    return {
        field.alias or name: (field.description or "") if field.is_required() else None
        for name, field in model.model_fields.items()
    }


def listing(value: Any, info: ValidationInfo) -> Any:
    """Take a list; anything else is recorded and read as an empty one."""
    if value is MISSING:
        return ()
    if not isinstance(value, (list, tuple)) or isinstance(value, Flag):
        checking(info).add(
            value,
            f"a list is needed; found {show(value)}.",
            "Write it as [a, b], or as lines that begin with `- `.",
        )
        return ()
    found = []
    for child in value:
        if child is None:
            checking(info).add(
                value, "an entry of the list is empty.", "Remove its `-` or its comma, or fill it in."
            )
        else:
            found.append(Flag(child, mark_of(value)) if isinstance(child, bool) else child)
    return tuple(found)


def keyed(value: Any, info: ValidationInfo) -> Any:
    """Take a mapping with any keys; anything else, and empty values, are recorded."""
    if value is MISSING:
        return {}
    context = checking(info)
    if not isinstance(value, dict):
        context.add(
            place_of(value), f"a mapping is needed; found {show(value)}.", "Write it as lines of `name: ...`."
        )
        return {}
    found: dict[Any, Any] = {}
    for key, child in value.items():
        if child is None:
            context.add(mark_of(key), f"`{key}` has no value.", "Write one, or leave the line out.")
        name = key if isinstance(key, Text) else Text(key)
        found[name] = (
            MISSING if child is None else Flag(child, mark_of(key)) if isinstance(child, bool) else child
        )
    return found


def named(value: Any, info: ValidationInfo) -> Any:
    """Take a mapping from names of the user's own; bad names and empty values are recorded."""
    found = keyed(value, info)
    context = checking(info)
    for name in found:
        try:
            check_name(name, context.expanded)
        except WrongError as wrong:
            context.add(name, wrong.what, wrong.hint)
    return found


NAME = r"[a-z][a-z0-9]*(-[a-z0-9]+)*"
_NAME = re.compile(NAME)
_DOTTED = re.compile(rf"{NAME}(\.{NAME})*")
NAME_HINT = "A name has small letters, digits and single hyphens, and begins with a letter: check-papers."


def check_name(value: str, expanded: bool = False) -> None:
    """Raise ``WrongError`` if `value` is not a name (with `expanded`: nor several joined by dots)."""
    pattern = _DOTTED if expanded else _NAME
    if not pattern.fullmatch(value) or len(value) > 200:
        meant = re.sub(r"[^a-z0-9]+", "-", value.lower()).strip("-")
        hint = f"Write `{meant}`. " if pattern.fullmatch(meant) else ""
        raise WrongError(f"{show(value)} is not a name.", hint + NAME_HINT)
