"""The folder under which compiled code is meant to be kept, known without loading what compiles it."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import platformdirs

#: Environment variable that names another folder.
VARIABLE = "REFORM_REPLAY_CACHE"


def meant() -> Path:
    """Return the folder that is named, or the user's own for such things; perhaps it cannot be written."""
    named = os.environ.get(VARIABLE)
    whole = Path(named) if named else platformdirs.user_cache_path("reform-replay", appauthor=False)
    return whole / "compiled"


def usable(place: Path) -> bool:
    """Whether a folder is there, or can be made, and can be written."""
    try:
        place.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=place):
            return True
    except OSError:
        return False
