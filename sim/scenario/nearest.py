"""Hints with the nearest known name, for messages."""

from __future__ import annotations

from collections.abc import Iterable

from sim.scenario.tree import Text

#: Stands for a name that could not be read; checks skip it.
BROKEN = Text("?")


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the known name that `name` was most likely meant to be; empty if none is near."""
    from difflib import get_close_matches

    close = get_close_matches(name, [str(k) for k in known], 1, 0.6)
    return close[0] if close else ""


def near(name: str, known: Iterable[str], kind: str = "") -> str:
    """Return a hint with the nearest known name, or all of them when they are few."""
    names = sorted({str(k) for k in known} - {BROKEN})
    meant = nearest(name, names)
    if meant:
        return f"Did you mean `{meant}`?"
    if not names:
        return f"There are no {kind} yet." if kind else ""
    return f"Known{' ' + kind if kind else ''}: {', '.join(names[:12])}{', ...' if len(names) > 12 else ''}."
