"""Where compiled code is kept between runs, and what makes it out of date.

Numba looks only at the file of a function to see whether its compiled form still holds, not at the modules
that it calls. So everything that decides it - the sources of the engine and of chance, the versions of
Numba and its compiler, Python, the processor - is hashed into the name of a folder of its own.
"""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any

import llvmlite.binding
import numba
import platformdirs

#: Sources on which compiled code depends, seen from the package's folder.
SOURCES = ("engine/**/*.py", "chance/*.py", "network/elements.py", "worktime/hours.py", "errors.py")
#: Environment variable that names another folder.
VARIABLE = "REFORM_REPLAY_CACHE"
#: Folders of other versions that are kept: old ones go.
MOST_FOLDERS = 5


def key() -> str:
    """Return a hash of all that decides what compiled code looks like."""
    package = Path(__file__).parents[2]
    found = hashlib.sha256()
    for part in (
        numba.__version__,
        llvmlite.__version__,
        platform.python_version(),
        platform.platform(),
        llvmlite.binding.get_host_cpu_name(),
        llvmlite.binding.get_host_cpu_features().flatten(),
    ):
        found.update(part.encode() + b"\0")
    for path in sorted({p for pattern in SOURCES for p in package.glob(pattern)}):
        found.update(path.relative_to(package).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()[:20]


@cache
def folder() -> Path:
    """Return the folder of compiled code for this version on this machine; it exists."""
    chosen = os.environ.get(VARIABLE)
    usual = platformdirs.user_cache_path("reform-replay", appauthor=False)
    candidates = [Path(chosen) if chosen else usual, Path(tempfile.gettempdir()) / "reform-replay"]
    for base in candidates:
        place = base / "compiled" / key()
        with suppress(OSError):
            place.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=place):  # a folder may exist and not be writable
                pass
            _clear(place)
            return place
    return Path(tempfile.mkdtemp(prefix="reform-replay-"))


def _clear(mine: Path) -> None:
    """Remove the oldest folders of other versions."""
    others = [p for p in mine.parent.iterdir() if p != mine and p.is_dir()]
    others.sort(key=lambda p: p.stat().st_mtime, reverse=True)
    for old in others[MOST_FOLDERS - 1 :]:
        shutil.rmtree(old, ignore_errors=True)


@contextmanager
def keeping() -> Iterator[None]:
    """Let functions that are decorated within keep their compiled code in `folder`."""
    settings: Any = numba.config
    before = settings.CACHE_DIR
    settings.CACHE_DIR = str(folder())
    try:
        yield
    finally:
        settings.CACHE_DIR = before


def filled(module: str, function: str) -> bool:
    """Return whether compiled code of a function is there."""
    return any(folder().glob(f"*/{module}.{function}-*.nbc"))
