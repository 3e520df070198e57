"""Numbers and distributions of a scenario file in words, and where each number comes from.

Works on the tree of the file as it was written, so that a reader finds the words of the file again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sim.report.language import Lang, either

#: Keys that make a mapping one number.
NUMBER_KEYS = ("fact", "assume", "dial", "use", "product", "quotient", "sum", "complement")

#: Those of them that compute a number from others.
DERIVED_KEYS = ("product", "quotient", "sum", "complement")

#: Keys that make a mapping an element of the process, a lever and so on: its value is a name.
NAMING_KEYS = (
    "step", "wait", "choice", "parallel", "repeat", "batch", "unbundle", "block", "for-each", "mark", "end",
    "lever", "context", "reading", "claim",
)  # fmt: skip


@dataclass(frozen=True)
class SourcedNumber:
    """A number of the file with its source.

    Attributes
    ----------
    where : dotted path, beginning with the element's own name.
    kind : ``fact``, ``assumption``, ``dial``, or ``derived`` from others.
    value : the fact, the likely value of an assumption (None where none is given), or how it is derived.
    low, high : range of an assumption or of the dial.
    document, at : of a fact: which document, and where in it.
    why : reason of an assumption or of the dial; note of a fact.
    """

    where: str
    kind: str
    value: str | None = None
    low: str | None = None
    high: str | None = None
    document: str | None = None
    at: str | None = None
    why: str | None = None

    def as_row(self) -> dict[str, str | None]:
        """Return the number as one row of a table."""
        return asdict(self)


def number_text(value: object, lang: Lang) -> str:
    """Return a number of the language in words, its range beside it where it is not known."""
    if not isinstance(value, Mapping):
        return str(value)
    if "fact" in value:
        return str(value["fact"])
    if "assume" in value:
        low, high = _bounds(value["assume"])
        if "likely" in value:
            return either(
                lang, f"about {value['likely']} ({low} to {high})", f"约 {value['likely']}({low} 至 {high})"
            )
        return either(lang, f"{low} to {high}", f"{low} 至 {high}")
    if "dial" in value:
        low, high = _bounds(value["dial"])
        return either(lang, f"the dial ({low} to {high})", f"待校准({low} 至 {high})")
    if "use" in value:
        return str(value["use"])
    if "product" in value:
        return " × ".join(_part(part, lang) for part in value["product"])
    if "quotient" in value:
        return " ÷ ".join(_part(part, lang) for part in value["quotient"])
    if "sum" in value:
        return " + ".join(_part(part, lang) for part in value["sum"])
    if "complement" in value:
        return f"1 - {_part(value['complement'], lang)}"
    return ", ".join(f"{key} {number_text(part, lang)}" for key, part in value.items())


def law_text(value: object, lang: Lang) -> str:
    """Return a distribution of the language in words."""
    if not isinstance(value, Mapping) or any(key in value for key in NUMBER_KEYS):
        return number_text(value, lang)
    if "scaled" in value:
        times = number_text(value.get("times", 1), lang)
        return f"{law_text(value['scaled'], lang)} × {times}"
    for kind, inner in value.items():
        if kind == "constant":
            return number_text(inner, lang)
        if kind == "mixture" and isinstance(inner, list):
            parts = (f"{number_text(p.get('weight'), lang)}: {law_text(p.get('of'), lang)}" for p in inner)
            return either(lang, "mixture of ", "混合:") + "; ".join(parts)
        if isinstance(inner, Mapping):
            details = ", ".join(f"{key} {_many(part, lang)}" for key, part in inner.items())
        else:
            details = _many(inner, lang)
        return f"{kind} ({details})"
    return "-"


def numbers(tree: Mapping[str, Any]) -> tuple[SourcedNumber, ...]:
    """Return every fact, assumption, dial and derived number of a tree, in the order of the file."""
    return tuple(_walk(tree, ""))


def _walk(value: object, path: str, scope: str = "", within: bool = False) -> Iterator[SourcedNumber]:
    """Yield the numbers below `value`.

    `scope` goes before the names of elements inside a for-each; `within` a computed number its parts share
    its path.
    """
    if isinstance(value, Mapping):
        found = _sourced(value, path)
        if found is not None:
            yield found
            return
        derived = any(key in value for key in DERIVED_KEYS)
        if derived and not within:
            yield SourcedNumber(path, "derived", number_text(value, "en"))
        for key, child in value.items():
            if key not in NAMING_KEYS or not isinstance(child, str):
                same = within or derived or key == "edits"
                inner = f"{scope}{value['for-each']}.*." if key == "do" and "for-each" in value else scope
                yield from _walk(
                    child, path if same else f"{path}.{key}".lstrip("."), inner, within or derived
                )
    elif isinstance(value, list):
        for place, child in enumerate(value, 1):
            number = f"{path}.{place}" if _is_plain(child) and not within else path
            yield from _walk(child, _name_of(child, path, scope) or number, scope, within)


def _name_of(child: object, path: str, scope: str) -> str:
    """Return the path of a named element: its own name; within a lever its edits follow the lever's name."""
    if isinstance(child, Mapping):
        for kind in NAMING_KEYS:
            if isinstance(child.get(kind), str) and not (kind == "parallel" and "branches" not in child):
                prefix = f"{kind} " if kind in {"lever", "context", "reading", "claim"} else scope
                return f"{prefix}{child[kind]}"
        for kind in ("set", "scale", "route"):
            if isinstance(child.get(kind), str):
                return f"{path}: {kind} {child[kind]}"
    return ""


def _is_plain(child: object) -> bool:
    """Tell whether list items have to be told apart by their number."""
    return isinstance(child, Mapping) and any(key in child for key in (*NUMBER_KEYS, "weight"))


def _sourced(value: Mapping[str, Any], where: str) -> SourcedNumber | None:
    why = value.get("why", value.get("note"))
    reason = None if why is None else str(why)
    if "fact" in value:
        document, at = value.get("document"), value.get("at")
        return SourcedNumber(
            where,
            "fact",
            str(value["fact"]),
            document=None if document is None else str(document),
            at=None if at is None else str(at),
            why=reason,
        )
    if "assume" in value:
        low, high = _bounds(value["assume"])
        likely = None if value.get("likely") is None else str(value["likely"])
        source = value.get("source")
        return SourcedNumber(
            where, "assumption", likely, low, high, None if source is None else str(source), why=reason
        )
    if "dial" in value:
        low, high = _bounds(value["dial"])
        return SourcedNumber(where, "dial", None, low, high, why=reason)
    return None


def _bounds(pair: object) -> tuple[str, str]:
    if isinstance(pair, list | tuple) and len(pair) == 2:
        return str(pair[0]), str(pair[1])
    return str(pair), str(pair)


def _part(value: object, lang: Lang) -> str:
    """Return a part of a computation, in brackets where it is one itself."""
    text = number_text(value, lang)
    return f"({text})" if isinstance(value, Mapping) and any(key in value for key in DERIVED_KEYS) else text


def _many(value: object, lang: Lang) -> str:
    if isinstance(value, list | tuple):
        shown = ", ".join(number_text(part, lang) for part in value[:6])
        return shown + (", ..." if len(value) > 6 else "")
    return number_text(value, lang)
