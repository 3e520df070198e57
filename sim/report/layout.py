"""Plain text for a terminal: tables that line up under Chinese letters too, wrapped lines, numbers."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

#: Greatest width of a text that commands print.
WIDTH = 100


def width(text: str) -> int:
    """Return how many terminal columns `text` takes: East Asian wide letters take two."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text
    )


def table(
    headers: Sequence[str], rows: Iterable[Sequence[str]], *, right: Iterable[int] = (), indent: str = ""
) -> str:
    """Return a table with aligned columns, two blanks apart, and a rule below its headers.

    Parameters
    ----------
    headers : one text a column.
    rows : cells as texts; as many as there are headers.
    right : numbers of the columns aligned to the right.
    indent : put before every line.
    """
    lines = [list(headers), *[list(row) for row in rows]]
    to_right = set(right)
    widths = [max(width(line[column]) for line in lines) for column in range(len(headers))]

    def cell(text: str, column: int) -> str:
        blanks = " " * (widths[column] - width(text))
        return blanks + text if column in to_right else text + blanks

    out = [
        indent + "  ".join(cell(text, column) for column, text in enumerate(line)).rstrip() for line in lines
    ]
    out.insert(1, indent + "  ".join("-" * w for w in widths))
    return "\n".join(out)


def paragraph(text: str, indent: str = "", hanging: str | None = None, limit: int = WIDTH) -> str:
    """Return `text` wrapped to `limit` columns; lines after the first begin with `hanging`.

    Lines break at blanks, and between Chinese letters but not before their punctuation.
    """
    lines, line = [], indent
    rest = indent if hanging is None else hanging
    empty = True
    for word in _WORD.findall(text):
        if not empty and width(line + word.rstrip()) > limit:
            lines.append(line.rstrip())
            line, empty = rest, True
        line += word
        empty = False
    return "\n".join([*lines, line.rstrip()])


_WIDE = "\u2e80-\u9fff\uf900-\ufaff"
_MARKS = "\u3001\u3002\uff0c\uff1b\uff1a\uff09\u201d\u300b,.;:)"
_WORD = re.compile(rf"[{_WIDE}][{_MARKS}]*\s*|[^\s{_WIDE}]+[{_MARKS}]*\s*|\s+")


def decimals_of(value: float, digits: int = 3) -> int:
    """Return how many decimals show `value` with `digits` significant digits."""
    decimals = 0
    while value != 0 and decimals < 12 and abs(value) * 10**decimals < 10 ** (digits - 1):
        decimals += 1
    return decimals


def number(value: float | None, digits: int = 3, *, decimals: int | None = None) -> str:
    """Return `value` with `digits` significant digits, or so many decimals; a dash for None.

    >>> number(3.40), number(154000), number(0.02345), number(None), number(-0.8, decimals=2)
    ('3.40', '154 000', '0.0234', '-', '-0.80')
    """
    if value is None:
        return "-"
    if decimals is None:
        decimals = 0 if value == 0 else decimals_of(value, digits)
    return f"{value:,.{decimals}f}".replace(",", " ")


def csv_text(rows: Sequence[Mapping[str, object]]) -> str:
    """Return rows as CSV with a header line; the first row's keys are the columns. Empty for no rows."""
    if not rows:
        return ""
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(rows[0]), lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerows({key: "" if value is None else value for key, value in row.items()} for row in rows)
    return out.getvalue().rstrip("\n")
