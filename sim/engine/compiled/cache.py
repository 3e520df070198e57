"""Where compiled code is kept between runs, and what makes it out of date.

Numba looks only at the file of a function to see whether its compiled form still holds, not at the modules
that it calls. So everything that decides it - the sources of the engine and of chance, the versions of
Numba and its compiler, Python, the processor - is hashed into the name of a folder of its own.
"""

from __future__ import annotations

import atexit
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

from sim.engine.compiled.place import VARIABLE, meant, usable

#: Sources on which compiled code depends, seen from the package's folder.
SOURCES = ("engine/**/*.py", "chance/*.py", "network/elements.py", "worktime/hours.py", "errors.py")
#: Files with functions that Numba keeps.
STAMPED = ("blocks.py", "loop.py", "parting.py", "sorting.py")
#: Settings of Numba that change the code it makes.
SETTINGS = ("OPT", "BOUNDSCHECK", "CPU_NAME", "CPU_FEATURES", "LOOP_VECTORIZE", "SLP_VECTORIZE", "USING_SVML")
#: Folders of other versions that are kept: old ones go.
MOST_FOLDERS = 5


def key() -> str:
    """Return a hash of all that decides what compiled code looks like, and where its sources stand."""
    package = Path(__file__).resolve().parents[2]
    settings: Any = numba.config
    found = hashlib.sha256()
    for part in (
        numba.__version__,
        llvmlite.__version__,
        platform.python_version(),
        platform.platform(),
        llvmlite.binding.get_host_cpu_name(),
        llvmlite.binding.get_host_cpu_features().flatten(),
        *(f"{name}={getattr(settings, name, None)}" for name in SETTINGS),
        str(package),
    ):
        found.update(part.encode() + b"\0")
    for path in sorted({p for pattern in SOURCES for p in package.glob(pattern)}):
        found.update(path.relative_to(package).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
        if path.name in STAMPED:  # of these Numba also looks at the time of change
            found.update(str(path.stat().st_mtime_ns).encode())
    return found.hexdigest()[:20]


def folder() -> Path:
    """Return the folder of compiled code for this version on this machine; it exists and can be written."""
    return found()[0]


def refused() -> str:
    """Return the folder in which compiled code should be kept and cannot be; empty if it can."""
    return found()[1]


@cache
def found() -> tuple[Path, str]:
    """Look once for the folder: return it, and which one could not be written if it is another than meant."""
    whole = meant()
    place = whole / key()
    if usable(place):
        with suppress(OSError):
            os.utime(place)
            _clear(place)
        return place, ""
    # For this run and its workers only: what lies ready in a folder that all can write is not to be trusted.
    own = tempfile.mkdtemp(prefix="reform-replay-")
    atexit.register(shutil.rmtree, own, ignore_errors=True)
    os.environ[VARIABLE] = own
    place = meant() / key()
    place.mkdir(parents=True)
    return place, str(whole.parent)


def _clear(mine: Path) -> None:
    """Remove the folders of other versions that have not been used for longest."""
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
