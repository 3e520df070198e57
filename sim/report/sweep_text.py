"""A sweep as tables: lead times of every point with their changes, then the use of staff."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sim.report.cells import percent, percent_interval, with_interval
from sim.report.language import Lang, either
from sim.report.layout import table

_UNITS = {
    "seconds": "秒", "minutes": "分钟", "hours": "小时", "days": "天",
    "working days": "工作日", "working hours": "工作小时",
}  # fmt: skip


def unit_word(unit: str, lang: Lang) -> str:
    """Return what a unit of time is called."""
    return either(lang, unit, _UNITS.get(unit, unit))


def as_text(document: Mapping[str, Any], lang: Lang = "en") -> str:
    """Return what `sweep` prints."""
    reps = document["reps"]
    how_often = either(lang, f"{reps} replication{'s' if reps != 1 else ''} a point", f"每点 {reps} 次模拟")
    fixed = ", ".join(f"{path} = {value}" for path, value in document["fixed"].items())
    reading = f"{either(lang, 'reading', '读法')} {document['reading']}"
    seed, engine = either(lang, "seed", "种子"), either(lang, "engine", "引擎")
    settings = f"{seed} {document['seed']}, {engine} {document['engine']}"
    out = [
        f"{document['scenario']}: {document['variant']} ({reading}){fixed and ', ' + fixed}",
        f"{how_often}, {settings}",
        "",
        _lead_times(document, lang),
    ]
    for name, title in (
        ("in-time", either(lang, "Limits: share kept", "时限：按时占比")),
        (
            "utilisation",
            either(lang, "Utilisation: work over staff on shift", "人员利用率：工作时间占在岗时间"),
        ),
    ):
        if shown := _shares(document, name):
            out += ["", title, shown]
    return "\n".join(out)


def _lead_times(document: Mapping[str, Any], lang: Lang) -> str:
    unit = unit_word(document["unit"], lang)
    within = document["within"]
    points = document["points"]
    with_open = any(point["measures"]["open"]["mean"] for point in points)
    title = (
        either(lang, "Lead time of cases that arrived in the window", "窗口期到达办件的办理时间")
        + f" ({unit})"
    )
    headers = _fields(document)
    sides = either(lang, "95 % interval", "95% 区间")
    headers += [either(lang, "mean", "平均"), sides, "p90", sides]
    if within:
        limit = f"{within['value']:g} {unit_word(within['unit'], lang)}"
        headers += [either(lang, f"within {limit}", f"{limit}内"), sides]
    if with_open:
        headers.append(either(lang, "open", "未办结"))
    headers += [either(lang, "change of mean", "平均变化"), sides]
    rows = []
    for point in points:
        found = point["measures"]
        row = [*_values(document, point)]
        row += with_interval(found["lead-time"]["mean"], lang)
        row += with_interval(found["lead-time"]["p90"], lang)
        if within:
            row += percent_interval(found["within"], lang)
        if with_open:
            row.append(percent(found["open"]))
        row += with_interval(found["lead-time"]["mean"].get("change", {}), lang, signed=True)
        rows.append(row)
    note = either(
        lang,
        "Changes are from the first point, paired: every point sees the same cases with the same luck.",
        "变化相对第一点，逐次配对：各点的办件与随机数相同。",
    )
    if with_open:
        note += "\n" + either(
            lang,
            ">= : cases were still open when the run ended, so at least that.",
            ">= ：结束时仍有未办结，至少为该值。",
        )
    return "\n".join([title, table(headers, rows, right=range(len(headers)), indent="  "), note])


def _shares(document: Mapping[str, Any], name: str) -> str:
    """Return a table of shares by name (a limit, a pool), one row a point; empty if there are none."""
    points = document["points"]
    names = list(dict.fromkeys(of for point in points for of in point["measures"].get(name, {})))
    if not names:
        return ""
    headers = [*_fields(document), *names]
    rows = [
        [*_values(document, point), *(percent(point["measures"][name].get(of, {})) for of in names)]
        for point in points
    ]
    return table(headers, rows, right=range(len(headers)), indent="  ")


def _fields(document: Mapping[str, Any]) -> list[str]:
    return [str(axis["field"]) for axis in document["axes"]]


def _values(document: Mapping[str, Any], point: Mapping[str, Any]) -> list[str]:
    return [str(point["set"][axis["field"]]) for axis in document["axes"]]


def as_rows(document: Mapping[str, Any]) -> list[dict[str, object]]:
    """Return one row a point and measure, the fields that vary first."""
    return [
        row for number, point in enumerate(document["points"], 1) for row in _rows(document, number, point)
    ]


def _rows(document: Mapping[str, Any], number: int, point: Mapping[str, Any]) -> Iterator[dict[str, object]]:
    fields = dict(zip(_fields(document), _values(document, point), strict=True))
    for name, found in point["measures"].items():
        entries = {"all": found} if "mean" in found and not isinstance(found["mean"], dict) else found
        for of, entry in entries.items():
            statistic = of if name == "lead-time" else "share"
            change = entry.get("change", {})
            yield {
                "point": number,
                **fields,
                "measure": name,
                "of": "all" if name == "lead-time" else of,
                "statistic": statistic,
                "unit": document["unit"] if name == "lead-time" else "1",
                **{key: entry[key] for key in ("mean", "low", "high")},
                "at_least": bool(entry.get("at_least", False)),
                **{f"change_{key}": change.get(key) for key in ("mean", "low", "high", "correlation")},
            }
