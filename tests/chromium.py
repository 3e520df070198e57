"""Finds a Chromium on this machine, and opens pages in it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")


def missing() -> str:
    """Return why no page can be opened here; empty if one can."""
    if find_spec("playwright") is None:
        return "Playwright, which drives the browser, is not installed (it is in the extra `dev`)"
    if not any(map(shutil.which, NAMES)):
        return f"no Chromium is installed here (looked for {', '.join(NAMES)})"
    return ""


@contextmanager
def browser() -> Iterator[Browser]:
    """Open the machine's Chromium; skip the test where there is none."""
    why = missing()
    if why:
        pytest.skip(why)
    from playwright.sync_api import sync_playwright

    path = next(found for name in NAMES if (found := shutil.which(name)))
    with sync_playwright() as tools:
        # Without its sandbox, which needs rights that containers seldom give; the pages are our own.
        opened = tools.chromium.launch(executable_path=path, args=["--no-sandbox"])
        try:
            yield opened
        finally:
            opened.close()
