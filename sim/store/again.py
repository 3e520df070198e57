"""Finds a run that was made before from the same inputs, so that it need not be made again.

The key of a run is the content of all that decides it: the command, the scenario with the files that it
reads, the options, and the program itself with the libraries that take part in its numbers.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sim.errors import StoreError
from sim.runs.content import content_hash, program
from sim.store import results

#: Name of the key in a manifest.
KEY = "key"


def run_key(*inputs: object) -> str:
    """Return the key of a run with these inputs, in hexadecimal."""
    return content_hash(inputs, program())


def earlier(out: Path | None, scenario: str, key: str) -> tuple[Path, dict[str, Any], Any] | None:
    """Return folder, manifest and summary of the newest run with this key; None if there is none.

    One that cannot be read is as good as none.
    """
    if out is None:
        return None
    for folder in reversed(results.runs(out, scenario)):
        try:
            manifest = results.read(folder, results.MANIFEST)
            if isinstance(manifest, dict) and manifest.get(KEY) == key:
                return folder, manifest, results.read(folder)
        except StoreError:
            continue
    return None


def told(folder: Path, manifest: dict[str, Any]) -> str:
    """Return what a user is told of a run that was found."""
    made = str(manifest.get("written", "at an unknown time")).replace("T", " ").replace("+00:00", " UTC")
    return f"found in {folder}, made on {made}; --fresh runs it again"
