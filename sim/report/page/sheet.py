"""The reporting sheet of simulation studies, filled from a scenario and its run.

The items are those of Strengthening the Reporting of Empirical Simulation Studies for discrete-event
simulation: Monks, Currie, Onggo, Robinson, Kunc, Taylor, Journal of Simulation 13 (2019) 55-67. What only a
person can say is left blank: a line ``None``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sim.evidence.result import ReplayResult
from sim.report.language import Lang, either, title
from sim.report.page.again import machine_text
from sim.report.words import number_rows, sections
from sim.scenario.edits_find import walk

#: Lines of one item that are told; more are in the file.
MOST_LINES = 12


@dataclass(frozen=True)
class Item:
    """One item of the sheet: its number and name, and what was done; None for a line to be filled in."""

    number: str
    name: str
    lines: tuple[str | None, ...]


@dataclass(frozen=True)
class Part:
    """A part of the sheet with its items."""

    name: str
    items: tuple[Item, ...]


def sheet(result: ReplayResult, manifest: Mapping[str, Any], before: Any, lang: Lang) -> tuple[Part, ...]:
    """Return the sheet, part by part.

    Parameters
    ----------
    manifest : of the run, with versions and machine.
    before : tree of the service before the reform, for-each written out.
    """
    tree = result.scenario.raw
    told = sections(tree, lang)
    kinds = Counter(place.kind for place in walk(before.get("process")))

    def say(english: str, chinese: str) -> str:
        return either(lang, english, chinese)

    def lines(*names: str) -> list[str]:
        found = [line for name in names for line in told[name]]
        more = len(found) - MOST_LINES
        rest = say(f"... and {more} more lines, which `show` prints", f"……另有 {more} 行，见 `show`")
        return [*found[:MOST_LINES], rest] if more > 0 else found

    def item(number: str, english: str, chinese: str, *what: str | None) -> Item:
        return Item(number, say(english, chinese), tuple(what) or (None,))

    numbers = number_rows(tree)
    assumed = sum(row["kind"] == "assumption" for row in numbers)
    counts = ", ".join(f"{kind} {count}" for kind, count in kinds.items())
    versions, machine = manifest.get("versions") or {}, manifest.get("machine") or {}
    packages = ", ".join(f"{name} {version}" for name, version in versions.items() if version)
    reps = ", ".join(f"{reading.reading}: {reading.reps}" for reading in result.readings)
    draws = next(
        (r.evidence.judged[0].draws for r in result.readings if r.evidence and r.evidence.judged), None
    )
    own, hashed = versions.get("reform-replay") or "", result.scenario.text_hash[:16]
    section2 = say("section 2 of this page", "本页第 2 节")
    section7 = say("section 7 of this page", "本页第 7 节")
    return (
        Part(say("Objectives", "目的"), (
            item("1.1", "Purpose of the model", "模型目的",
                 title(tree.get("about"), lang) or title(tree.get("title"), lang), None),
            item("1.2", "Model outputs", "模型输出", *lines("claims")),
            item("1.3", "Experimentation aims", "实验目的",
                 say("To see whether the documented figure after the reform follows from the documented "
                     "changes, under each reading of the documents.",
                     "检验改革后的文件数值在各种读法下是否由文件所述的改变得出。"), *lines("readings")),
        )),
        Part(say("Logic", "逻辑"), (
            item("2.1", "Base model overview diagram", "基础模型总图", section2),
            item("2.2", "Base model logic", "基础模型逻辑",
                 say(f"Block-structured process; elements before the reform: {counts}; drawn in {section2}.",
                     f"块结构流程；改革前的环节：{counts}；见{section2}。")),
            item("2.3", "Scenario logic", "情景逻辑", *lines("reform", "context")),
            item("2.4", "Algorithms", "算法",
                 say("The dial is solved by bracketing until before meets its documented figure; after "
                     "is then run with nothing tuned. Every random number has a key of its own, so that "
                     "before and after see the same cases with the same luck.",
                     "以区间法求解校准量，使改革前与文件数值相符；改革后不再调参。每个随机数都有自己的键，"
                     "因此前后两侧面对相同的办件与相同的运气。")),
            item("2.5.1", "Components: entities", "要素：实体", *lines("cases")),
            item("2.5.2", "Components: activities", "要素：活动",
                 say(f"{kinds['step']} steps, {kinds['wait']} waits, {kinds['batch']} meetings or bundles; "
                     f"laws and sources in {section7}.",
                     f"{kinds['step']} 个环节、{kinds['wait']} 个等待、{kinds['batch']} 个会议或成批；"
                     f"分布与来源见{section7}。")),
            item("2.5.3", "Components: resources", "要素：资源", *lines("staff", "calendars")),
            item("2.5.4", "Components: queues", "要素：排队",
                 say("One queue a pool, with the rule stated under resources; work goes to whoever is free "
                     "and on shift.", "每个人员池一个队列，规则见资源；工作交给空闲且在岗的人。")),
            item("2.5.5", "Components: entry and exit", "要素：进出",
                 say("Cases arrive as stated under entities and leave at the end of the process or at a "
                     f"named end ({kinds['end']} of them); unfinished, withdrawn and refused cases stay in "
                     "the tables.",
                     f"办件按“实体”所述到达，在流程末尾或命名终点（{kinds['end']} 个）离开；"
                     "未结、撤回与不予受理的办件都保留在表中。")),
        )),
        Part(say("Data", "数据"), (
            item("3.1", "Data sources", "数据来源", *lines("documents")),
            item("3.2", "Pre-processing", "预处理", None),
            item("3.3", "Input parameters", "输入参数",
                 say(f"{len(numbers)} numbers, each with its source or reason, in {section7}.",
                     f"{len(numbers)} 个数值，各附来源或理由，见{section7}。")),
            item("3.4", "Assumptions", "假设",
                 say(f"{assumed} of these numbers are assumptions, each with a range and a reason.",
                     f"其中 {assumed} 个为假设，各附范围与理由。"), None),
        )),
        Part(say("Experimentation", "实验"), (
            item("4.1", "Initialisation", "初始化", *lines("run")[:2]),
            item("4.2", "Run length", "运行长度", *lines("run")[2:]),
            item("4.3", "Estimation approach", "估计方法",
                 say(f"Replications by reading: {reps}; t-intervals over replications, changes paired.",
                     f"各读法的模拟次数：{reps}；对模拟次数取 t 区间，变化按对比较。"),
                 *([say(f"Draws of the inputs: {draws.made}, effective {draws.effective:.0f}.",
                        f"输入抽样：{draws.made} 次，有效 {draws.effective:.0f} 次。")] if draws else [])),
        )),
        Part(say("Implementation", "实现"), (
            item("5.1", "Software", "软件", packages),
            item("5.2", "Random sampling", "随机抽样",
                 say(f"Counter-based generator (Philox), keyed by case and element; seed {result.seed}.",
                     f"计数器型随机数（Philox），以办件与环节为键；种子 {result.seed}。")),
            item("5.3", "Model execution", "模型执行",
                 say("Event-driven, integer seconds, a written order of equal times; "
                     f"engine {result.engine}.",
                     f"事件驱动，整数秒，同时事件次序有明文规定；引擎 {result.engine}。")),
            item("5.4", "System specification", "系统",
                 machine_text(machine, lang)),
        )),
        Part(say("Code access", "代码获取"), (
            item("6.1", "Computer model sharing statement", "模型共享声明",
                 say(f"Reform Replay {own}, MIT licence; the scenario is one text file, SHA-256 {hashed}...",
                     f"Reform Replay {own}，MIT 许可；情景为一个文本文件，SHA-256 {hashed}…"), None),
        )),
    )  # fmt: skip
