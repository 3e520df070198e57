"""The result of a replay as a reviewer reads it: documented beside simulated, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sim.report.language import Lang, either, title
from sim.report.layout import decimals_of, number, paragraph, table
from sim.scenario.variant import STATED

Claim = Mapping[str, Any]


@dataclass(frozen=True)
class Runs:
    """What was run of one scenario: replications by reading, headline first; seed; engine."""

    reps: Mapping[str, int]
    seed: int
    engine: str

    def as_text(self, lang: Lang) -> str:
        """Return one line: how many replications of which reading, with which seed and engine."""
        counts = list(self.reps.values())
        if len(set(counts)) == 1:
            words = _replications(counts[0], lang)
        else:
            words = either(lang, ", ", "，").join(
                f"{name}{either(lang, ': ', '：')}{_replications(count, lang)}"
                for name, count in self.reps.items()
            )
        return either(
            lang,
            f"({words}; seed {self.seed}; engine {self.engine})",
            f"（{words}；种子 {self.seed}；引擎 {self.engine}）",
        )


def _replications(count: int, lang: Lang) -> str:
    return either(lang, f"{count} replication{'s' if count != 1 else ''}", f"{count} 次模拟")


def as_text(
    result: Mapping[str, Any],
    lang: Lang = "en",
    titles: Mapping[str, Any] | None = None,
    runs: Mapping[str, Runs] | None = None,
) -> str:
    """Return the document of `replay --json` as text.

    Parameters
    ----------
    result : ``{"seed", "reps", "engine", "claims": [...]}`` as in the documentation of `replay --json`.
    titles : titles by name of scenario and of claim.
    runs : what was run, by scenario: told at the end of each.
    """
    titles, runs = titles or {}, runs or {}
    claims: Sequence[Claim] = result["claims"]
    out = []
    for scenario, group in groupby(claims, key=lambda claim: str(claim["scenario"])):
        shown = title(titles.get(scenario), lang)
        out.append(f"{scenario} - {shown}" if shown else scenario)
        for reading, claims_of in groupby(group, key=lambda claim: str(claim["reading"])):
            if reading != STATED:
                words = title(titles.get(reading), lang)
                named = f"{either(lang, 'Reading', '读法')} {reading}" + (f": {words}" if words else "")
                out.append(paragraph(named, "\n  ", "    "))
            out.extend(_claim(claim, lang, titles) for claim in claims_of)
        if scenario in runs:
            out.append(paragraph(runs[scenario].as_text(lang), "\n  ", "  "))
        out.append("")
    return "\n".join(out).rstrip("\n")


def as_rows(result: Mapping[str, Any]) -> list[dict[str, object]]:
    """Return one row a claim, nested values flattened with underscores."""
    rows = []
    for claim in result["claims"]:
        row: dict[str, object] = {}
        for key, value in claim.items():
            if key == "documented":
                row.update({f"documented_{side}": _listed(value.get(side)) for side in _SIDES})
            elif key == "simulated":
                for side in _SIDES:
                    interval = value.get(side) or {}
                    row.update(
                        {f"simulated_{side}_{part}": interval.get(part) for part in ("mean", "low", "high")}
                    )
            else:
                row[key] = value
        rows.append(row)
    return rows


_SIDES = ("before", "after", "change")


def _claim(claim: Claim, lang: Lang, titles: Mapping[str, Any]) -> str:
    names = dict(
        zip(_SIDES, either(lang, "before,after,change", "改革前,改革后,变化").split(","), strict=True)
    )
    shown = title(titles.get(str(claim["id"])), lang)
    head = f"\n  {claim['id']}" + (f" - {shown}" if shown else "")
    documented, simulated = claim["documented"], claim["simulated"]
    rows: list[tuple[str, ...]] = []
    for side in _SIDES:
        interval = simulated.get(side)
        if documented.get(side) is None and interval is None:
            continue
        figure = _documented(documented.get(side))
        bound = _BOUNDS.get(str(claim.get("comparator")))
        if bound and side == "after" and figure != "-":
            figure = f"{either(lang, *bound)} {figure}"
        set_here = side == "before" and claim.get("calibrated") and documented.get(side) is not None
        note = either(lang, "the dial is set on this", "以此校准") if set_here else ""
        rows.append((names[side], figure, *_interval(interval), note))
    headers = either(lang, "|documented|simulated|95 % interval|", "|文件记载|模拟|95% 区间|").split("|")
    if not any(row[-1] for row in rows):
        headers, rows = headers[:-1], [row[:-1] for row in rows]
    out = [head, paragraph(_measure(claim, lang), "    ", "      ")]
    out.append(table(headers, rows, right=(1, 2), indent="    "))
    verdict = f"{claim['verdict']}: " if claim.get("verdict") else ""
    if claim.get("reason") or verdict:
        out.append(paragraph(f"{verdict}{claim.get('reason') or ''}", "    -> ", "       "))
    return "\n".join(out)


_BOUNDS = {"at-most": ("at most", "至多"), "at-least": ("at least", "至少"), "about": ("about", "约")}
_CLOCKS = {
    "elapsed": ("elapsed time", "自然时间"),
    "working-time": ("working time", "工作时间"),
    "working-dates": ("working dates", "工作日(按日期)"),
    "legal": ("legal time limit", "法定计时"),
    "applicant": ("time in the applicant's hands", "申请人用时"),
    "touch": ("time worked on", "实际办理时间"),
}
_POPULATIONS = {
    "closed-in": ("cases closed in the window", "窗口期内办结"),
    "arrived-in": ("cases that arrived in the window", "窗口期内到达"),
}


def _measure(claim: Claim, lang: Lang) -> str:
    """Return what is measured, in which unit, on which clock, of which cases."""
    clock, population = str(claim["clock"]), str(claim["population"])
    parts = [f"{claim['statistic']}, {claim['unit']}"]
    if clock in _CLOCKS:
        parts.append(either(lang, *_CLOCKS[clock]))
    if population in _POPULATIONS:
        parts.append(either(lang, *_POPULATIONS[population]))
    return "; ".join(parts)


def _interval(interval: Mapping[str, float | None] | None) -> tuple[str, str]:
    """Return mean and interval, all with the decimals that the greatest of them needs."""
    if interval is None or interval.get("mean") is None:
        return "-", "-"
    known = [value for value in interval.values() if value is not None]
    decimals = decimals_of(max(map(abs, known)))
    mean, low, high = (number(interval.get(part), decimals=decimals) for part in ("mean", "low", "high"))
    return mean, "-" if interval.get("low") is None else f"{low} to {high}"


def _documented(value: object) -> str:
    if isinstance(value, list | tuple):
        return " to ".join(_documented(item) for item in value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{value:g}" if abs(value) < 100_000 else number(value)
    return "-" if value is None else str(value)


def _listed(value: object) -> object:
    return " ".join(map(str, value)) if isinstance(value, list | tuple) else value
