"""A table of results as Markdown: what is printed is what the page on performance shows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

BEGIN = "<!-- benchmarks: begin -->"
END = "<!-- benchmarks: end -->"
NONE = "-"


@dataclass(frozen=True)
class Table:
    """Results with a title and what must be known to read them. A cell is text, or a number to be rounded."""

    title: str
    note: str
    header: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]

    def as_text(self) -> str:
        """Return title, table and note as Markdown, with columns in line."""
        if not self.rows:
            return f"### {self.title}\n\n{self.note}"
        cells = [self.header, *(tuple(shown(cell) for cell in row) for row in self.rows)]
        widths = [max(len(row[i]) for row in cells) for i in range(len(self.header))]
        left = [not isinstance(self.rows[0][i], int | float) and i == 0 for i in range(len(widths))]
        rule = [("-" * w) if first else ("-" * (w - 1) + ":") for w, first in zip(widths, left, strict=True)]
        lines = [
            "| " + " | ".join(
                cell.ljust(w) if first else cell.rjust(w)
                for cell, w, first in zip(row, widths, left, strict=True)
            ) + " |"
            for row in (cells[0], rule, *cells[1:])
        ]  # fmt: skip
        return "\n".join([f"### {self.title}", "", *lines, "", self.note])


def shown(cell: object) -> str:
    """Return a cell as text: nothing for None, a number with the digits that mean something."""
    if cell is None:
        return NONE
    if isinstance(cell, float):
        return f"{cell:.3g}" if abs(cell) < 100 else f"{cell:,.0f}"
    return f"{cell:,}" if isinstance(cell, int) else str(cell)


def write(page: Path, text: str) -> None:
    """Put `text` between the marks of `page`.

    Raises
    ------
    ValueError
        If the page has no marks.
    """
    old = page.read_text(encoding="utf-8")
    if BEGIN not in old or END not in old:
        raise ValueError(f'{page.name} has no lines "{BEGIN}" and "{END}" for the tables to stand between')
    head, tail = old.split(BEGIN)[0], old.split(END)[1]
    page.write_text(f"{head}{BEGIN}\n\n{text}\n\n{END}{tail}", encoding="utf-8")
