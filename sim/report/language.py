"""English or Chinese: which of two texts to show, and the title of a thing in the language asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Lang = Literal["en", "zh"]


def either(lang: Lang, english: str, chinese: str) -> str:
    """Return the text in the language `lang`."""
    return chinese if lang == "zh" else english


def title(titles: object, lang: Lang, otherwise: str = "") -> str:
    """Return the title in `lang`, else in the other language, else `otherwise`.

    `titles` is a mapping ``{en: , zh: }``, a plain text, or None.
    """
    if isinstance(titles, str):
        return str(titles)
    if isinstance(titles, Mapping):
        for key in (lang, "en", "zh"):
            if titles.get(key):
                return str(titles[key])
    return otherwise
