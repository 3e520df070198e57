"""The measures of one variant as a planner reads them: tables by subject, each value with its interval."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from sim.measures.combine import Combined, Key
from sim.measures.statistics import Difference, Interval
from sim.report.language import Lang, either
from sim.report.layout import decimals_of, number, paragraph, table
from sim.report.run_view import RunView

_SUBJECTS = {
    "lead-time": ("Lead time of cases that arrived in the window", "窗口期到达办件的办理时间"),
    "working-time": ("The same in working time", "同上,按工作时间"),
    "open-at-end": ("Share of them still open when the run ended", "运行结束时仍未办结的占比"),
    "in-time": ("Limits: share kept", "时限:按时占比"),
    "throughput": ("Throughput in the window", "窗口期办结量"),
    "in-progress": ("Cases in progress, mean over the window", "在办件数,窗口期平均"),
    "utilisation": ("Utilisation: work over staff on shift", "人员利用率:工作时间占在岗时间"),
    "held-idle": ("Kept by a case without working on it", "被办件占用而未办理"),
    "overtime": ("Work beyond the end of shifts", "下班后的工作"),
    "queue": ("Queue, mean over the window", "排队件数,窗口期平均"),
    "wait": ("Wait from joining a step's queue to the start of work", "各环节自排队至开始办理的等候"),
    "queue-age": ("Since when waits what waits at the end of the window", "窗口期末排队件已等候"),
    "counted": ("Counted per case", "每件累计"),
}
_COUNTS = {
    "initial": ("open at its start", "期初在办"),
    "arrived": ("arrived", "到达"),
    "finished": ("finished", "办结"),
    "withdrawn": ("withdrawn", "撤回"),
    "abandoned": ("abandoned", "放弃"),
    "refused": ("refused", "不予"),
    "turned_away": ("turned away", "被拒"),
    "open": ("open at its end", "期末在办"),
}
#: Subjects that are left out where all is 0.
_RARE = frozenset({"open-at-end", "overtime", "held-idle"})
#: Statistics that stand beside a mean and its interval, if any row has them, with their headings.
_BESIDE = {
    "sd": ("sd", "标准差"),
    "median": ("median", "中位数"),
    "p90": ("p90", "p90"),
    "p95": ("p95", "p95"),
    "max": ("max", "最大"),
}


def as_text(result: RunView, lang: Lang = "en") -> str:
    """Return what `run` prints."""
    document = result.document
    reps = document["reps"]
    how_often = either(lang, f"{reps} replication{'s' if reps != 1 else ''}", f"{reps} 次模拟")
    seed, engine = either(lang, "seed", "种子"), either(lang, "engine", "引擎")
    reading = f"{either(lang, 'reading', '读法')} {document['reading']}"
    out = [
        f"{document['scenario']}: {document['variant']} ({reading})",
        f"{how_often}, {seed} {document['seed']}, {engine} {document['engine']}",
    ]
    counted = ", ".join(
        f"{either(lang, *words)} {_count(result.counts[name])}"
        for name, words in _COUNTS.items()
        if result.counts[name] or name in {"arrived", "finished", "open", "initial"}
    )
    out += ["", paragraph(either(lang, "Cases over the window: ", "窗口期办件:") + counted, hanging="  ")]
    if any(m.at_least for m in result.measures):
        note = either(lang, "(>= : cases were still open, so at least that)", "(>= :仍有未办结,至少为该值)")
        out.append(note)
    groups: dict[str, list[Combined]] = {}
    for measure in result.measures:
        groups.setdefault(measure.name, []).append(measure)
    for name, group in groups.items():
        rows = _worth_showing(name, group, result.changes)
        subject = either(lang, *_SUBJECTS.get(name, (name, name)))
        if shown := _table(rows, result.changes, lang):
            unit = next(
                m.unit for m in rows if m.statistic != "count" or len({r.statistic for r in rows}) == 1
            )
            out += ["", f"{subject}{'' if unit == '1' else f' ({unit})'}", shown]
    return "\n".join(out)


def _worth_showing(name: str, rows: list[Combined], changes: Mapping[Key, Difference]) -> list[Combined]:
    """Leave out what says nothing: zeros of what is rare, and the only end, which repeats the total."""
    values = [m.interval.estimate for m in rows]
    values += [
        changes[m.name, m.of, m.statistic].interval.estimate
        for m in rows
        if (m.name, m.of, m.statistic) in changes
    ]
    if name in _RARE and not any(values):
        return []
    ends = {m.of for m in rows if m.of.startswith("end ")}
    return [m for m in rows if m.of not in ends] if len(ends) == 1 else rows


def _table(rows: Sequence[Combined], changes: Mapping[Key, Difference], lang: Lang) -> str:
    """Return one subject: a line for each population with its mean, interval, spread and change."""
    by_place: dict[str, dict[str, Combined]] = {}
    for row in rows:
        by_place.setdefault(row.of, {})[row.statistic] = row
    with_change = bool(changes)
    beside = [name for name in _BESIDE if any(name in found for found in by_place.values())]
    if with_change and "sd" in beside:  # there is no room for both
        beside.remove("sd")
    lines = []
    for of, found in by_place.items():
        main = next((found[key] for key in ("mean", "share", "count") if key in found), None)
        if main is None or not math.isfinite(main.interval.estimate):
            continue
        line = [of, *_interval(main.interval, main.at_least)]
        line += [_value(found[name]) if name in found else "-" for name in beside]
        if with_change:
            difference = changes.get((main.name, main.of, main.statistic))
            line += ["-", "-"] if difference is None else _interval(difference.interval, False, signed=True)
        lines.append(line)
    headers = ["", either(lang, "mean", "平均"), either(lang, "95 % interval", "95% 区间")]
    headers += [either(lang, *_BESIDE[name]) for name in beside]
    if with_change:
        headers += [either(lang, "change", "变化"), either(lang, "95 % interval", "95% 区间")]
    return table(headers, lines, right=range(1, len(headers)), indent="  ") if lines else ""


def _interval(interval: Interval, at_least: bool, *, signed: bool = False) -> list[str]:
    known = [v for v in (interval.estimate, interval.low, interval.high) if math.isfinite(v)]
    if not known:
        return ["-", "-"]
    decimals = decimals_of(max(map(abs, known)))
    mean = number(interval.estimate, decimals=decimals)
    if signed and interval.estimate > 0:
        mean = f"+{mean}"
    if len(known) < 3:
        return [f">={mean}" if at_least else mean, "-"]
    low, high = number(interval.low, decimals=decimals), number(interval.high, decimals=decimals)
    return [f">={mean}" if at_least else mean, f"{low} to {high}"]


def _value(measure: Combined) -> str:
    value = measure.interval.estimate
    return number(value) if math.isfinite(value) else "-"


def _count(value: float) -> str:
    return number(value, decimals=0 if float(value).is_integer() else 1)
