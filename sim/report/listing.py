"""Which scenarios there are: name, title, levers and claims of each, read without checking the files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.errors import ScenarioError
from sim.report.language import Lang, either, title
from sim.report.layout import paragraph
from sim.scenario.files import folders, read_text
from sim.scenario.outline import outline


@dataclass(frozen=True)
class Listing:
    """All scenarios found.

    Attributes
    ----------
    entries : per scenario ``id``, ``title`` by language, and the names of its ``levers`` and ``claims``.
    unreadable : per file that could not be read, why.
    """

    entries: tuple[dict[str, Any], ...]
    unreadable: tuple[str, ...]


def listing(where: Sequence[Path] | None = None) -> Listing:
    """Return the scenarios of the folders `where`, by name.

    A name found in several folders is listed once, from the first: that is the file which other commands use.

    Parameters
    ----------
    where : folders; left out, ``scenarios`` where the user stands and then those shipped.
    """
    entries: dict[str, dict[str, Any]] = {}
    unreadable = []
    for folder in folders() if where is None else where:
        for path in sorted([*folder.glob("*.yaml"), *folder.glob("*.yml")]) if folder.is_dir() else ():
            if path.stem in entries:
                continue
            try:
                entries[path.stem] = _entry(path)
            except ScenarioError as error:
                unreadable.append(str(error))
    return Listing(tuple(entries[name] for name in sorted(entries)), tuple(unreadable))


def as_text(found: Listing, lang: Lang = "en") -> str:
    """Return the scenarios as `list` prints them."""
    if not found.entries:
        return either(lang, "No scenarios. `new NAME` writes one.", "尚无情景。可用 `new NAME` 新建。")
    blocks = []
    for entry in found.entries:
        lines = [f"{entry['id']}  {title(entry['title'], lang)}".rstrip()]
        for key, word in (
            ("levers", either(lang, "levers", "措施")),
            ("claims", either(lang, "claims", "指标")),
        ):
            names = ", ".join(entry[key]) or either(lang, "none", "无")
            lines.append(paragraph(f"{word}: {names}", "    ", "            "))
        blocks.append("\n".join(lines))
    return "\n".join(blocks)


def as_rows(found: Listing) -> list[dict[str, object]]:
    """Return one row a scenario, names of levers and claims joined by blanks."""
    return [
        {
            "id": entry["id"],
            "title_en": entry["title"]["en"],
            "title_zh": entry["title"]["zh"],
            "levers": " ".join(entry["levers"]),
            "claims": " ".join(entry["claims"]),
        }
        for entry in found.entries
    ]


def _entry(path: Path) -> dict[str, Any]:
    tree = outline(read_text(path), str(path))
    titles = tree.get("title")
    return {
        "id": path.stem,
        "title": {lang: _title(titles, lang) for lang in ("en", "zh")},
        "levers": _names(tree, "reform", "lever"),
        "claims": _names(tree, "claims", "claim"),
    }


def _title(titles: object, lang: str) -> str | None:
    if isinstance(titles, Mapping):
        found = titles.get(lang)
        return None if found is None else str(found)
    return None if titles is None else str(titles)


def _names(tree: Mapping[str, Any], section: str, key: str) -> list[str]:
    items = tree.get(section)
    if not isinstance(items, list):
        return []
    return [str(item[key]) for item in items if isinstance(item, Mapping) and key in item]
