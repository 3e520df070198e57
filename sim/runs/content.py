"""Hashes of what decides a job: of values by their content, and of the program that works on them."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, time
from enum import Enum
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

import sim

#: Packages that take part in the numbers of a run.
PACKAGES = ("numpy", "scipy", "simpy", "numba", "holidays", "tzdata")
_PLAIN = (type(None), bool, int, float, str, bytes, date, time)


class Hasher:
    """Hashes values by content: equal in every process, whatever their place in memory.

    Knows plain values, dates, enumerations, tuples, lists, mappings, NumPy arrays, functions (by
    name) and data classes. Of a data class the fields count that take part in ``==``; one with a
    method ``content_key`` is hashed by what that returns. Large values shared between jobs, such as a
    network, are hashed once.
    """

    def __init__(self) -> None:
        self._seen: dict[int, tuple[object, bytes]] = {}

    def digest(self, value: object) -> bytes:
        """Return the SHA-256 of `value`.

        Raises
        ------
        TypeError : for a kind of value that has no content known here.
        """
        if type(value) in _PLAIN:
            return _sha(type(value).__name__, repr(value).encode())
        if isinstance(value, tuple | list):
            if {type(one) for one in value} <= {int, float}:  # long tables: quickly
                return _sha(type(value).__name__, repr(value).encode())
            return _sha(type(value).__name__, *(self.digest(one) for one in value))
        if isinstance(value, Enum):
            return _sha(_name(type(value)), value.name.encode())
        for kind in (str, int, float):
            if isinstance(value, kind) and not isinstance(value, np.generic):
                return self.digest(kind(value))  # one that knows its place in a file: the value is enough
        if isinstance(value, np.ndarray | np.generic):
            array = np.ascontiguousarray(value)
            return _sha("array", f"{array.dtype.descr}{array.shape}".encode(), array.tobytes())
        if isinstance(value, Mapping):
            return _sha("mapping", *(self.digest(item) for item in value.items()))
        if is_dataclass(value) and not isinstance(value, type):
            return self._data(value)
        if callable(value) and hasattr(value, "__qualname__"):
            return _sha("function", _name(value).encode())
        raise TypeError(f"no content hash for {type(value)}")

    def _data(self, value: Any) -> bytes:
        known = self._seen.get(id(value))
        if known is not None:
            return known[1]
        key: Callable[[], object] | None = getattr(value, "content_key", None)
        content = (
            key()
            if key is not None
            else tuple((f.name, getattr(value, f.name)) for f in fields(value) if f.compare)
        )
        found = _sha(_name(type(value)), self.digest(content))
        self._seen[id(value)] = (value, found)  # the value too, so that its place is not given away
        return found


def content_hash(*values: object) -> str:
    """Return the SHA-256 of `values` by content, in hexadecimal."""
    return Hasher().digest(values).hex()


@cache
def program() -> dict[str, str]:
    """Return what tells one state of the program from another that may compute other numbers.

    Returns
    -------
    Versions of this package, of Python and of the packages that take part in the numbers, and
    ``sources``: the SHA-256 of this package's own files, which differ more often than its version.
    """
    found = {"reform-replay": sim.__version__, "python": platform.python_version()}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "none"
    sources = hashlib.sha256()
    root = Path(sim.__file__).parent
    for path in sorted(root.rglob("*.py")):
        text = path.read_bytes().replace(b"\r\n", b"\n")
        sources.update(f"{path.relative_to(root).as_posix()} {len(text)}\n".encode())
        sources.update(text)
    return {**found, "sources": sources.hexdigest()}


def _sha(kind: str, *parts: bytes) -> bytes:
    found = hashlib.sha256(kind.encode())
    for part in parts:
        found.update(len(part).to_bytes(8, "big"))
        found.update(part)
    return found.digest()


def _name(thing: Any) -> str:
    return f"{thing.__module__}.{thing.__qualname__}"
