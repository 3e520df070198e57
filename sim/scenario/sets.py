"""What a user sets for one run: paths with new values, written as in a scenario file."""

from __future__ import annotations

from typing import Any

from sim.errors import InputError, ScenarioError
from sim.scenario.edits import apply
from sim.scenario.edits_work import Change
from sim.scenario.positions import marked, parse


def set_all(tree: Any, sets: tuple[tuple[str, Any], ...]) -> None:
    """Set each (path, value) in a raw tree, in place; InputError if a path leads nowhere."""
    edits = []
    for number, (path, value) in enumerate(sets, 1):
        plain = _value(path, value)
        edits.append(Change("--set", "readings", number, marked({"set": path, "to": plain})))
    problems = apply(tree, edits)
    if problems:
        first = problems[0]
        raise InputError(f"{first.what} {first.hint}".strip())


def _value(path: str, value: Any) -> Any:
    """Read the text of a value as the file's language does; it has no place in the file."""
    if isinstance(value, str):
        try:
            value = parse(f"value: {value}", path)["value"]
        except ScenarioError as error:
            raise InputError(f"{path}: `{value}` cannot be read. {error.problems[0].hint}".strip()) from None
    plain = _plain(value)
    if isinstance(plain, dict) and ("assume" in plain or "dial" in plain):
        plain.setdefault("name", path)
    return plain


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    if isinstance(value, bool) or value is None:
        return value
    return str(value) if isinstance(value, str) else int(value) if isinstance(value, int) else float(value)
