"""The machine in neutral words: what results depend on, and nothing that names it."""

from __future__ import annotations

import os
import platform
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGES = ("numpy", "numba", "simpy", "ciw", "salabim", "prosimos", "distributed")


def words() -> str:
    """Return processors, system, Python and the versions of what is compared."""
    found = []
    for name in PACKAGES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            found.append(f"no {name}")
    return (
        f"{os.cpu_count()} processors ({platform.machine()}), {platform.system()}, "
        f"Python {platform.python_version()}; {', '.join(found)}."
    )


def peak_memory() -> float:
    """Return the most memory that this process has had, in MB (10^6 bytes; 0 on Windows, where none says)."""
    if sys.platform == "win32":
        return 0.0
    if sys.platform == "linux":
        # `getrusage` would count the process that started this one.
        for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024 / 1e6
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak * (1 if sys.platform == "darwin" else 1024) / 1e6
