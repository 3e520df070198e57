"""A font for the Chinese letters of one page, so that it can be read where no Chinese font is installed."""

from __future__ import annotations

import base64
import logging
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

#: The font of Chinese text that comes with the package.
FONT = Path(__file__).parents[2] / "figures" / "fonts" / "replay-han.ttf"


def han_letters(texts: Iterable[str]) -> set[int]:
    """Return the code points of the Chinese letters and full-width signs of texts."""
    return {ord(c) for text in texts for c in text if c >= "\u2e80"}


def font_for(letters: set[int]) -> str:
    """Return a WOFF font of only `letters` as base64; empty where there are none."""
    if not letters:
        return ""
    from fontTools import subset  # a quarter of a second, which only pages need
    from fontTools.ttLib import TTFont

    logging.getLogger("fontTools").setLevel(logging.ERROR)
    options = subset.Options(hinting=False, layout_features=[], notdef_outline=True, flavor="woff")
    with TTFont(FONT, lazy=True, recalcTimestamp=False) as font:
        wanted = letters & set(font.getBestCmap())
        maker = subset.Subsetter(options)
        maker.populate(unicodes=sorted(wanted))
        maker.subset(font)
        font.flavor = "woff"
        out = BytesIO()
        font.save(out)
    return base64.b64encode(out.getvalue()).decode("ascii")
