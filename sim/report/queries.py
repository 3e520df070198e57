"""Runs kept, tables that can be asked, and answers of queries, as text, rows and documents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.report.language import Lang, either
from sim.report.layout import number, table

if TYPE_CHECKING:
    from sim.store.query import Answer, TableInfo

#: Rows of an answer that are printed as text.
MOST_LINES = 200


def runs_text(rows: Sequence[Mapping[str, Any]], out: Path, lang: Lang = "en") -> str:
    """Return what `results` prints."""
    if not rows:
        return either(lang, f"No runs are kept in {out}.", f"{out} 中没有保存的模拟。")
    headers = [
        either(lang, *words)
        for words in (
            ("scenario", "情景"), ("kind", "类型"), ("when (UTC)", "时间（UTC）"), ("variant", "方案"),
            ("seed", "种子"), ("reps", "次数"), ("engine", "引擎"), ("folder", "文件夹"),
        )
    ]  # fmt: skip
    lines = [
        [
            row["scenario"],
            _kind(row, lang),
            str(row["written"] or "-").replace("T", " ").partition("+")[0],
            row["variant"] or "-",
            *(("-" if row[key] is None else str(row[key])) for key in ("seed", "reps")),
            row["engine"] or "-",
            row["folder"],
        ]
        for row in rows
    ]
    return table(headers, lines, right=(4, 5))


def _kind(row: Mapping[str, Any], lang: Lang) -> str:
    kind = row["kind"] or "-"
    return kind if row["finished"] else either(lang, f"{kind} (not finished)", f"{kind}（未完成）")


def answer_text(answer: Answer, lang: Lang = "en") -> str:
    """Return an answer as a table, its first rows if there are very many."""
    numeric = [
        i for i in range(len(answer.columns)) if any(isinstance(row[i], int | float) for row in answer.rows)
    ]
    lines = [[_cell(value) for value in row] for row in answer.rows[:MOST_LINES]]
    shown = table([name for name, _ in answer.columns], lines, right=numeric)
    more = len(answer.rows) - MOST_LINES
    if more > 0:
        shown += "\n" + either(
            lang, f"... and {more} more rows; --csv prints all.", f"……另有 {more} 行；--csv 全部输出。"
        )
    return shown


def answer_document(answer: Answer) -> dict[str, Any]:
    """Return an answer as `sql --json` prints it."""
    return {
        "columns": [{"name": name, "type": kind} for name, kind in answer.columns],
        "rows": [list(row) for row in answer.rows],
    }


def answer_rows(answer: Answer) -> list[dict[str, Any]]:
    """Return one mapping a row."""
    names = [name for name, _ in answer.columns]
    return [dict(zip(names, row, strict=True)) for row in answer.rows]


def tables_text(tables: Sequence[TableInfo], out: Path, lang: Lang = "en") -> str:
    """Return what `sql --tables` prints: each table with its rows and columns."""
    if not tables:
        return either(
            lang, f"No runs are kept in {out}, so there are no tables.", f"{out} 中没有保存的模拟。"
        )
    blocks = []
    for info in tables:
        rows = either(
            lang, "1 row" if info.rows == 1 else f"{number(info.rows, decimals=0)} rows", f"{info.rows} 行"
        )
        columns = [[name, kind.lower()] for name, kind in info.columns]
        wide = max(len(name) for name, _ in columns)
        blocks.append(
            "\n".join([f"{info.name} ({rows})", *(f"  {n:<{wide}}  {kind}" for n, kind in columns)])
        )
    return "\n\n".join(blocks)


def table_rows(tables: Sequence[TableInfo]) -> list[dict[str, Any]]:
    """Return one row a column of each table."""
    return [
        {"table": info.name, "column": name, "type": kind} for info in tables for name, kind in info.columns
    ]


def tables_document(tables: Sequence[TableInfo]) -> dict[str, Any]:
    """Return what `sql --tables --json` prints."""
    return {
        "tables": [
            {
                "name": info.name,
                "rows": info.rows,
                "columns": [{"name": name, "type": kind} for name, kind in info.columns],
            }
            for info in tables
        ]
    }


def _cell(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:.6g}" if isinstance(value, float) else str(value)
