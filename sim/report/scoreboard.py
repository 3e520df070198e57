"""The scoreboard of all documented figures: which scenario judges each, and the newest verdict kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from sim.errors import InputError, StoreError
from sim.register.arithmetic import Sum, arithmetic
from sim.register.register import Figure, Service, Value, register
from sim.report.language import Lang, either
from sim.report.layout import paragraph, table
from sim.report.listing import listing
from sim.scenario.nearest import near
from sim.store import results

_UNITS = {
    "working days": "工作日", "days": "天", "hours": "小时", "seconds": "秒", "months": "个月", "share": "",
    "times": "倍", "count": "", "yuan": "元",
}  # fmt: skip
#: Kinds whose figures a replay can be held against.
JUDGED = ("endpoint", "after", "change")


@dataclass(frozen=True)
class Scoreboard:
    """Every documented figure with what is known of it; rows are as printed by ``claims --json``."""

    rows: tuple[dict[str, Any], ...]
    services: tuple[Service, ...]

    def document(self) -> dict[str, Any]:
        """Return what `claims --json` prints."""
        named = register().documents
        used = {row["document"] for row in self.rows}
        return {
            "documents": [
                {"id": d.name, "title": d.title, "issuer": d.issuer, "date": d.date}
                for d in named.values()
                if d.name in used
            ],
            "figures": list(self.rows),
        }

    def flat(self) -> list[dict[str, object]]:
        """Return one flat row a figure."""
        return [
            {key: _joined(value) if isinstance(value, list) else value for key, value in row.items()}
            for row in self.rows
        ]

    def as_text(self, lang: Lang = "en") -> str:
        """Return the figures, service by service, and how many of them are judged."""
        by_id = {service.id: service for service in self.services}
        headers = [
            either(lang, *words)
            for words in (
                ("figure", "指标"),
                ("documented", "文件记载"),
                ("scenario", "情景"),
                ("verdict", "结论"),
            )
        ]
        blocks = []
        for name, group in groupby(self.rows, lambda row: row["service"]):
            service = by_id[name]
            title = (
                f"{service.title[lang]} ({service.place[lang]})"
                if lang == "en"
                else (f"{service.title[lang]}（{service.place[lang]}）")
            )
            lines = [
                [row["id"], documented(row, lang), row["scenario"] or "-", row["verdict"] or "-"]
                for row in group
            ]
            place = f"{service.document}, {service.at}"
            blocks.append("\n".join([f"{name}: {title}", f"  {place}", table(headers, lines, indent="  ")]))
        return "\n\n".join([*blocks, self._count(lang)])

    def _count(self, lang: Lang) -> str:
        judged = [row for row in self.rows if row["kind"] in JUDGED]
        shipped = sum(row["scenario"] is not None for row in self.rows)
        verdicts = sum(row["verdict"] is not None for row in self.rows)
        return paragraph(
            either(
                lang,
                f"{len(self.rows)} figures of {len(self.services)} services; {len(judged)} of them are a "
                f"time, share or cut that was achieved. A scenario judges {shipped}; the results keep a "
                f"verdict of {verdicts}.",
                f"{len(self.services)} 项服务共 {len(self.rows)} 个指标，其中 {len(judged)} 个为已实现的"
                f"时间、比例或压缩幅度；有情景检验的 {shipped} 个，结果中已有结论的 {verdicts} 个。",
            )
        )


def scoreboard(names: Sequence[str], out: Path) -> Scoreboard:
    """Return the scoreboard of the services `names` (none: all), with the verdicts that `out` keeps.

    Raises
    ------
    InputError : for a service that is not in the register.
    """
    every = register().services
    known = {service.id: service for service in every}
    for name in names:
        if name not in known:
            raise InputError(f"the register has no service `{name}`. {near(name, known, 'services')}")
    chosen = tuple(service for service in every if not names or service.id in names)
    scenarios = {claim: str(entry["id"]) for entry in listing().entries for claim in entry["claims"]}
    verdicts = latest(out)
    rows = [
        _row(service, figure, scenarios.get(figure.id), verdicts.get(figure.id, {}))
        for service in chosen
        for figure in service.figures
    ]
    return Scoreboard(tuple(rows), chosen)


def latest(out: Path) -> dict[str, dict[str, Any]]:
    """Return, by claim, the newest verdict that a replay under `out` gave it in its first reading there."""
    found: dict[str, dict[str, Any]] = {}
    for folder in sorted(results.runs(out), key=results.age, reverse=True):
        try:
            manifest, document = results.read(folder, results.MANIFEST), results.read(folder)
        except StoreError:
            continue
        if manifest.get("kind") != "replay":
            continue
        for claim in document.get("claims", ()):
            found.setdefault(str(claim["id"]), {**claim, "run": folder.as_posix()})
    return found


def documented(row: Mapping[str, Any], lang: Lang = "en") -> str:
    """Return a figure in words: ``110 -> 0 working days``, ``-80 %``."""
    share = row["unit"] == "share"
    unit = either(lang, "" if share or row["unit"] == "count" else row["unit"], _UNITS[row["unit"]])
    before, after, change = (_number(row[key], share) for key in ("before", "after", "change"))
    if change:
        what = change if change.startswith(("-", "+")) or row["unit"] == "times" else f"+{change}"
    else:
        what = f"{before} -> {after}" if before else after
    return f"{what} {unit}".strip()


def _number(value: Any, share: bool) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return " / ".join(_number(one, share) for one in value)
    return f"{100 * value:.10g} %" if share else f"{value:,.10g}".replace(",", " ")


def _row(
    service: Service, figure: Figure, scenario: str | None, verdict: Mapping[str, Any]
) -> dict[str, Any]:
    return {
        "id": figure.id,
        "service": service.id,
        "ring": service.ring,
        "title_en": service.title["en"],
        "title_zh": service.title["zh"],
        "place_en": service.place["en"],
        "place_zh": service.place["zh"],
        "document": figure.document,
        "at": figure.at,
        "kind": figure.kind,
        "what": figure.what,
        "unit": figure.unit,
        "before": _plain(figure.before),
        "after": _plain(figure.after),
        "change": _plain(figure.change),
        "reads": figure.reads or None,
        "scenario": scenario,
        "verdict": verdict.get("verdict"),
        "reading": verdict.get("reading"),
        "reason": verdict.get("reason"),
        "run": verdict.get("run"),
    }


def _plain(value: Value) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _joined(values: Sequence[object]) -> str:
    return " ".join(str(value) for value in values)


def sums_rows(sums: Sequence[Sum]) -> list[dict[str, object]]:
    """Return one row a piece of the documents' own arithmetic."""
    return [
        {
            "id": one.id,
            "what": one.what,
            "rule": one.rule,
            "from": " ".join(one.inputs),
            "stated": one.stated,
            "value": one.value,
            "computed": one.computed,
            "low": one.low,
            "high": one.high,
            "tolerance": one.tolerance,
            "consistent": one.consistent,
            "how": one.how,
            "document": one.document,
            "at": one.at,
            "note": one.note or None,
        }
        for one in sums
    ]


def sums_document(sums: Sequence[Sum]) -> dict[str, Any]:
    """Return what `claims --arithmetic --json` prints."""
    return {"arithmetic": [{**row, "from": str(row["from"]).split()} for row in sums_rows(sums)]}


def sums_text(sums: Sequence[Sum], lang: Lang = "en") -> str:
    """Return the documents' own arithmetic as a table; what does not follow is told below it."""
    headers = [
        either(lang, *words)
        for words in (
            ("figure", "指标"), ("rule", "算法"), ("stated", "记载"), ("computed", "计算"),
            ("give or take", "容差"), ("consistent", "是否一致"), ("place", "出处"),
        )
    ]  # fmt: skip
    how = {
        "rounded": ("yes", "一致"), "cut off": ("yes, cut off", "一致（截尾）"), "at least": ("yes", "一致"),
        "no": ("NO", "不一致"),
    }  # fmt: skip
    lines = [
        [
            one.id, one.rule, one.stated, _shown(one.computed, one), _shown(one.tolerance, one),
            either(lang, *how[one.how]), f"{one.document}, {one.at}",
        ]
        for one in sums
    ]  # fmt: skip
    out = [table(headers, lines, right=(2, 3, 4))]
    wrong = [one for one in sums if not one.consistent]
    count = either(
        lang,
        f"{len(sums)} figures follow from others; {len(sums) - len(wrong)} are consistent, {len(wrong)} not.",
        f"可由其他数字推算的指标 {len(sums)} 个：一致 {len(sums) - len(wrong)} 个，不一致 {len(wrong)} 个。",
    )
    out += ["", count]
    out += [
        paragraph(
            f"{one.id}: {one.what}; {one.rule} of {', '.join(one.inputs)} is {_shown(one.computed, one, 4)}, "
            f"stated is {one.stated}{'; ' + one.note if one.note else ''}.",
            "  ", "    ",
        )
        for one in wrong
    ]  # fmt: skip
    return "\n".join(out)


def _shown(value: float, one: Sum, more: int = 2) -> str:
    unit = 2 * one.tolerance * (100 if one.percent else 1)
    decimals = 0
    while unit and 10**-decimals > unit * 1.001 and decimals < 6:
        decimals += 1
    text = f"{100 * value if one.percent else value:.{decimals + (more if value != one.tolerance else 1)}f}"
    return f"{text} %" if one.percent else text


def all_sums() -> tuple[Sum, ...]:
    """Return the documents' own arithmetic, worked out."""
    return arithmetic()
