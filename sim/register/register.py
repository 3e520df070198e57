"""The register of documented figures: services, documents, places and figures, as data in the package."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

Value = float | tuple[float, ...] | None


@dataclass(frozen=True)
class Document:
    """A source document.

    Attributes
    ----------
    title : by language, ``en`` and ``zh``; the document's own is Chinese.
    date : ISO date, as far as it is known.
    """

    name: str
    title: dict[str, str]
    issuer: str
    date: str


@dataclass(frozen=True)
class Figure:
    """One documented figure.

    Attributes
    ----------
    kind : ``endpoint``, ``after``, ``change``, ``count``, ``structure`` or ``target``.
    what : is measured. unit : of its values; ``share`` is 0..1, ``count`` a number.
    before, after, change : values; several where it is a range, can be read in two ways, or lists parts.
    reads : what the figure means and how else it can be read; may be empty.
    document, at : where it stands.
    """

    id: str
    kind: str
    what: str
    unit: str
    before: Value
    after: Value
    change: Value
    reads: str
    document: str
    at: str


@dataclass(frozen=True)
class Service:
    """One service process.

    Attributes
    ----------
    ring : 1 its time, share or cut is to be judged; 2 a process worth modelling; 3 little to simulate.
    title, place : by language.
    """

    id: str
    ring: int
    title: dict[str, str]
    place: dict[str, str]
    document: str
    at: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class Register:
    """All services, in the order of the file, and the documents by short name."""

    documents: dict[str, Document]
    services: tuple[Service, ...]

    @property
    def figures(self) -> tuple[Figure, ...]:
        """All figures."""
        return tuple(figure for service in self.services for figure in service.figures)


@cache
def register() -> Register:
    """Return the register."""
    raw = read("register.yaml")
    documents = {
        name: Document(name, dict(entry["title"]), entry["issuer"], str(entry["date"]))
        for name, entry in raw["documents"].items()
    }
    return Register(documents, tuple(_service(entry) for entry in raw["services"]))


def read(name: str) -> Any:
    """Return a data file of this folder as plain values."""
    from ruamel.yaml import YAML  # not before: other commands have no use for it

    return YAML(typ="safe", pure=False).load(Path(__file__).with_name(name))


def _service(entry: dict[str, Any]) -> Service:
    figures = tuple(
        Figure(
            id=figure["id"],
            kind=figure["kind"],
            what=figure["what"],
            unit=figure["unit"],
            before=_value(figure.get("before")),
            after=_value(figure.get("after")),
            change=_value(figure.get("change")),
            reads=figure.get("reads", ""),
            document=figure.get("document", entry["document"]),
            at=figure.get("at", entry["at"]),
        )
        for figure in entry["figures"]
    )
    return Service(
        entry["id"], entry["ring"], dict(entry["title"]), dict(entry["place"]), entry["document"],
        entry["at"], figures,
    )  # fmt: skip


def _value(value: Any) -> Value:
    if value is None:
        return None
    return tuple(float(one) for one in value) if isinstance(value, list) else float(value)
