"""JSON documents: any value of the program as plain values, the same text for the same content."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import Any


def plain(value: object) -> Any:
    """Return `value` as what JSON knows.

    Dataclasses become objects, tuples, sets and arrays become lists (sets sorted), enum members their
    lower-case names, dates ISO text, paths text with forward slashes. A number that is not finite becomes
    null: JSON has no word for it, and a reader must not take it for a measured value.

    Raises
    ------
    TypeError : for a value of any other kind.
    """
    if value is None or isinstance(value, str | bool):
        return value
    np: Any = sys.modules.get("numpy")  # where it was never imported, no value is of its kinds
    if isinstance(value, Enum):
        return value.name.lower().replace("_", "-")
    if np is not None and isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Path):
        return value.as_posix()
    if np is not None and isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, set | frozenset):
        return sorted(plain(item) for item in value)
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def to_text(value: object) -> str:
    """Return `value` as one JSON document, indented, in UTF-8's own letters, without a last line end."""
    return json.dumps(plain(value), ensure_ascii=False, indent=2, allow_nan=False)


def write(path: Path, value: object) -> None:
    """Write `value` to `path` as one JSON document."""
    path.write_text(to_text(value) + "\n", encoding="utf-8", newline="\n")
