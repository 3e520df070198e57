"""A search for the fewest staff as a planner reads it: who is needed, how sure that is, what was tried."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sim.report.cells import percent_interval, with_interval
from sim.report.language import Lang, either
from sim.report.layout import paragraph, table
from sim.report.sweep_text import unit_word

_STATES = {
    "meets": ("meets the goals", "达标"),
    "fails": ("misses a goal", "不达标"),
    "undecided": ("undecided", "无法判定"),
}


def as_text(document: Mapping[str, Any], lang: Lang = "en") -> str:
    """Return what `staff` prints."""
    seed, engine = either(lang, "seed", "种子"), either(lang, "engine", "引擎")
    settings = either(
        lang,
        f"{document['reps']} to {document['budget']} replications a staffing, {seed} {document['seed']}, ",
        f"每种配置 {document['reps']} 至 {document['budget']} 次模拟，{seed} {document['seed']}，",
    )
    reading = f"{either(lang, 'reading', '读法')} {document['reading']}"
    out = [
        f"{document['scenario']}: {document['variant']} ({reading})",
        f"{settings}{engine} {document['engine']}",
        "",
        either(lang, "Goals: ", "目标：") + "; ".join(document["goals"]),
        "",
    ]
    if document["staff"] is None:
        out += [paragraph(_none(document, lang)), _goals(document["unlimited"], lang)]
        return "\n".join(out)
    out += [
        _pools(document, lang),
        "",
        _goals(document["result"], lang),
        "",
        paragraph(_minimal(document, lang)),
    ]
    out += [paragraph(text) for text in _open_ends(document, lang)]
    if document["equal"]:
        out.append(either(lang, "As cheap, and they meet the goals too:", "成本相同且同样达标："))
        out += [f"  {_staffing(one['staff'])}" for one in document["equal"]]
    return "\n".join(out)


def _none(document: Mapping[str, Any], lang: Lang) -> str:
    most, staff = document["most"], document["unlimited"]["staff"]
    whom = (
        either(
            lang,
            f"With practically unlimited staff ({staff} in every pool)",
            f"人员几乎不限（各组 {staff} 人）时",
        )
        if most is None
        else either(lang, f"With {most} in every pool, the most allowed,", f"各组 {most} 人（上限）时")
    )
    if document["feasible"] is None:
        return either(
            lang,
            f"{whom} it is not decided whether the goals are met: more replications (--budget) may tell.",
            f"{whom}仍无法判定能否达标：可增加模拟次数（--budget）。",
        )
    if most is None:
        return either(
            lang,
            f"No staffing can meet the goals. {whom} they are missed: what is left is the work itself, waits "
            "that no staff shortens, and hours when nobody is on shift.",
            f"任何人员配置都无法达标。{whom}仍不达标：剩下的是办理本身、与人员无关的等待以及下班时间。",
        )
    return either(
        lang,
        f"{whom} the goals are missed. Without --most it is tried with unlimited staff.",
        f"{whom}不达标。去掉 --most 可按人员不限再试。",
    )


def _pools(document: Mapping[str, Any], lang: Lang) -> str:
    headers = [
        either(lang, "pool", "人员组"), either(lang, "now", "现有"), either(lang, "needed", "需要"),
        either(lang, "needed alone", "单独需要"), either(lang, "one fewer", "少一人"),
        either(lang, "confidence that it does", "少一人达标的置信度"),
    ]  # fmt: skip
    fewer = {_changed(document, one): one for one in document["fewer"]}
    rows = []
    for pool, size in document["staff"].items():
        one = fewer.get(pool)
        state = either(lang, "cannot be", "不可再少") if one is None else either(lang, *_STATES[one["state"]])
        confidence = "-" if one is None else _confidence(one["confidence"])
        now, alone = document["now"]["staff"][pool], document["alone"][pool]
        rows.append([pool, str(now), str(size), str(alone), state, confidence])
    if any(cost != 1 for cost in document["costs"].values()):
        total = either(lang, "cost", "成本")
    else:
        total = either(lang, "in all", "合计")
    rows.append([total, f"{document['now']['cost']:g}", f"{document['cost']:g}", "", "", ""])
    return table(headers, rows, right=(1, 2, 3, 5), indent="  ")


def _changed(document: Mapping[str, Any], one: Mapping[str, Any]) -> str:
    """Return the pool that a neighbour has one fewer of."""
    return next(str(pool) for pool, size in document["staff"].items() if one["staff"][pool] == size - 1)


def _goals(verdict: Mapping[str, Any], lang: Lang) -> str:
    headers = [
        either(lang, "goal", "目标"),
        either(lang, "simulated", "模拟"),
        either(lang, "95 % interval", "95% 区间"),
        "",
        either(lang, "confidence that it is met", "达标置信度"),
    ]
    rows = []
    for goal in verdict["goals"]:
        share = goal["unit"] == "1"
        cells = percent_interval(goal, lang) if share else with_interval(goal, lang)
        unit = "" if share else unit_word(goal["unit"], lang)
        rows.append([goal["goal"], *cells, unit, _confidence(goal["confidence"])])
    reps = either(lang, f"({verdict['reps']} replications)", f"（{verdict['reps']} 次模拟）")
    return table(headers, rows, right=(1, 2, 4), indent="  ") + f"\n  {reps}"


def _confidence(value: float | None) -> str:
    if value is None:
        return "-"
    return "> 99.9 %" if value > 0.999 else "< 0.1 %" if value < 0.001 else f"{100 * value:.1f} %"


def _minimal(document: Mapping[str, Any], lang: Lang) -> str:
    if document["minimal"] == "optimal":
        return either(
            lang,
            "No staffing is cheaper, if more staff is never worse: one fewer in any pool misses a goal even "
            "with unlimited staff elsewhere.",
            "若增员从不使结果变差，则没有更省的配置：任一组少一人，即使其他组人员不限，也不达标。",
        )
    if document["minimal"] == "local":
        return either(
            lang,
            "Locally the cheapest: one fewer in any pool misses a goal, and so does every cheaper trade of "
            "one or two people here for one there. A cheaper staffing farther away is not excluded.",
            "局部最省：任一组少一人即不达标，用一处一两人换另一处一人的更省配置也不达标；"
            "不排除更远处有更省的配置。",
        )
    return either(
        lang,
        "The cheapest that is shown to meet the goals; of one fewer it is not decided:",
        "已证实达标的最省配置；少一人时无法判定：",
    )


def _open_ends(document: Mapping[str, Any], lang: Lang) -> Iterator[str]:
    for one in document["fewer"]:
        if one["state"] == "undecided":
            pool = _changed(document, one)
            size = document["staff"][pool]
            confidence = _confidence(one["confidence"])
            yield either(
                lang,
                f"{pool}: undecided between {size - 1} and {size}. With {size - 1} the confidence is "
                f"{confidence} after {one['reps']} replications; --budget allows more.",
                f"{pool}：{size - 1} 与 {size} 之间无法判定。{size - 1} 人时，{one['reps']} 次模拟后"
                f"达标置信度为 {confidence}；--budget 可增加次数。",
            )


def _staffing(staff: Mapping[str, int]) -> str:
    return ", ".join(f"{pool} {size}" for pool, size in staff.items())


def as_rows(document: Mapping[str, Any]) -> list[dict[str, object]]:
    """Return one row a staffing that was tried and goal, in the order in which they were tried."""
    return [
        {
            "trial": number,
            **{f"staff_{pool}": size for pool, size in one["staff"].items()},
            "found": one["staff"] == document["staff"],
            "state": one["state"],
            "reps": one["reps"],
            **{key: goal[key] for key in ("goal", "mean", "low", "high", "unit", "at_least", "confidence")},
        }
        for number, one in enumerate(document["tried"], 1)
        for goal in one["goals"]
    ]
