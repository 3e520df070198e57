"""All words of the report page, in English and Chinese: data only, `say` reads it."""

from __future__ import annotations

from sim.report.language import Lang

WORDS: dict[str, tuple[str, str]] = {
    # the page
    "report": ("Replay of a reform", "改革重演报告"),
    "contents": ("On this page", "本页内容"),
    "answer": ("1. The answer", "1. 结论"),
    "process": ("2. The process before and after", "2. 改革前后的流程"),
    "figures": ("3. Figures", "3. 图"),
    "verdicts": ("4. Documented against simulated", "4. 文件记载与模拟对照"),
    "causes": ("5. Where the change comes from", "5. 变化从何而来"),
    "depends": ("6. What the answer depends on", "6. 结论取决于什么"),
    "numbers": ("7. Every number and its source", "7. 所有数值及其来源"),
    "sheet": ("8. Reporting sheet (STRESS-DES)", "8. 报告清单（STRESS-DES）"),
    "again": ("9. How to reproduce it", "9. 如何复现"),
    "print": ("Made by Reform Replay {version} on {date}.", "由 Reform Replay {version} 于 {date} 生成。"),
    "home": ("All scenarios", "全部情景"),
    # the answer
    "claimed": ("Claimed", "文件所称"),
    "gives": ("The replay gives", "重演结果"),
    "verdict": ("Verdict", "判断"),
    "hangs-on": ("It hangs on", "关键因素"),
    "would-flip": ("What would flip it", "怎样才会改变"),
    "claim.both": ("{title}: {before} before, {after} after", "{title}：改革前 {before}，改革后 {after}"),
    "claim.after": ("{title}: {after} after the reform", "{title}：改革后 {after}"),
    "claim.before": ("{title}: {before} before the reform", "{title}：改革前 {before}"),
    "claim.change": ("{title}: a change of {change}", "{title}：变化 {change}"),
    "claim.none": ("{title}: no figure is documented", "{title}：文件没有数值"),
    "by": ("Source: {document}, {at}", "来源：{document}，{at}"),
    "source-word": ("Source:", "来源："),
    "more-claims": ("and {count} more, in section 4", "另有 {count} 项，见第 4 节"),
    "no-claims": ("The scenario states no claim.", "该情景没有待检验的说法。"),
    "gives.draws": (
        "{after} after the reform (90 % interval {low} to {high}, over {draws} draws of the inputs){before}",
        "改革后 {after}（90% 区间 {low} 至 {high}，{draws} 次输入抽样）{before}",
    ),
    "gives.change": (
        "a change of {after} (90 % interval {low} to {high}, over {draws} draws of the inputs){before}",
        "变化 {after}（90% 区间 {low} 至 {high}，{draws} 次输入抽样）{before}",
    ),
    "gives.likeliest": (
        "{after} after the reform, at the likeliest inputs{before}",
        "在最可能的输入下，改革后 {after}{before}",
    ),
    "gives.change-likeliest": (
        "a change of {after}, at the likeliest inputs{before}",
        "在最可能的输入下，变化 {after}{before}",
    ),
    "gives.nothing": ("nothing that can be measured", "没有可测的结果"),
    "gives.set": ("; {before} before, on which the dial is set", "；改革前 {before}（以此校准）"),
    "gives.before": ("; {before} before", "；改革前 {before}"),
    "no-draws": (
        "No draws of the inputs were made: this is a comparison at the likeliest inputs, not a verdict.",
        "没有对不确定的输入抽样，因此只是在最可能输入下的对照，而不是判断。",
    ),
    "hangs.input": ("{name} ({share} of the variation)", "{name}（占波动的 {share}）"),
    "hangs.inputs": ("on the inputs {names}", "输入：{names}"),
    "hangs.lever": (
        "most of the change comes from {lever} ({value} of {total})",
        "变化主要来自“{lever}”（{value}，共 {total}）",
    ),
    "hangs.unknown": (
        "not known: no draws of the inputs were made; section 7 lists all {count} assumptions",
        "未知：没有对输入抽样；第 7 节列出全部 {count} 项假设",
    ),
    "flip.value": (
        "{name} at {value} (likeliest {likely}, range {low} to {high}), the other inputs at their likeliest",
        "{name} 取 {value}（最可能 {likely}，范围 {low} 至 {high}），其余输入取最可能值",
    ),
    "flip.nowhere": (
        "no value of {name} within {low} to {high} does: the figure stays between {at_low} and {at_high}",
        "{name} 在 {low} 至 {high} 之间取任何值都不会改变：数值保持在 {at_low} 与 {at_high} 之间",
    ),
    "flip.staff": ("{factor} times the staff of after would be enough", "改革后人手的 {factor} 倍即可"),
    "flip.enough": ("the staff of after is enough", "改革后的人手已足够"),
    "flip.no-staff": (
        "no number of staff is enough: with nobody waiting for staff it is still {unlimited}",
        "再多人手也不够：即使完全无需等人，仍为 {unlimited}",
    ),
    "flip.unknown": ("not looked for: no draws of the inputs were made", "未查：没有对输入抽样"),
    "flip.none": ("nothing was found that would", "没有找到"),
    # comparison without draws
    "likely.agrees": ("agrees at the likeliest inputs", "在最可能的输入下相符"),
    "likely.differs": ("differs by {away} at the likeliest inputs", "在最可能的输入下相差 {away}"),
    "likely.none": ("no documented figure to compare with", "没有可对照的文件数值"),
    "likely.nothing": ("nothing could be measured", "没有可测的办件"),
    # verdicts
    "supported": ("supported", "得到支持"),
    "contradicted": ("contradicted", "不相符"),
    "plausible": ("plausible", "有可能"),
    "more_draws": ("plausible, more draws needed", "有可能，需更多抽样"),
    "not_testable": ("not testable", "无法检验"),
    "plain.supported": (
        "supported: the whole 90 % interval lies within what the claim allows",
        "得到支持：整个 90% 区间都在该说法允许的范围内",
    ),
    "plain.contradicted": (
        "contradicted: the whole 90 % interval lies outside what the claim allows",
        "不相符：整个 90% 区间都在该说法允许的范围外",
    ),
    "plain.plausible": (
        "plausible: {share} of the draws lie within what the claim allows",
        "有可能：{share} 的抽样在该说法允许的范围内",
    ),
    "plain.more_draws": (
        "plausible, more draws needed: resampled draws agree on a verdict only {agreement} of the time",
        "有可能，需更多抽样：重抽样对判断的一致率仅 {agreement}",
    ),
    "plain.not_testable": (
        "not testable: too few draws reproduce the documented figure before, or none is documented after",
        "无法检验：能重现改革前数值的抽样太少，或没有改革后的文件数值",
    ),
    "borderline": ("borderline", "临界"),
    # tables of section 4
    "reading": ("Reading", "读法"),
    "claim": ("Claim", "说法"),
    "documented": ("Documented", "文件记载"),
    "simulated": ("Simulated", "模拟"),
    "interval95": ("95 % interval of chance", "95% 随机区间"),
    "interval90": ("90 % interval", "90% 区间"),
    "allowed": ("What the claim allows", "允许范围"),
    "side": ("Figure", "数值"),
    "before": ("before", "改革前"),
    "after": ("after", "改革后"),
    "change": ("change", "变化"),
    "share-inside": ("Draws that agree", "相符的抽样"),
    "distance": ("From the ceiling or floor", "距上限或下限"),
    "errors": ("Standard deviation from", "标准差来源"),
    "inputs": ("inputs", "输入"),
    "luck": ("luck of the period", "时期运气"),
    "monte-carlo": ("number of draws", "抽样次数"),
    "draws": ("Draws made / solved / effective", "抽样：总数 / 有解 / 有效"),
    "agreement": ("Resamples that agree", "重抽样一致率"),
    "open": ("Cases open at the end", "期末未结"),
    "dial-set": ("the dial is set on this", "以此校准"),
    "likeliest-table": (
        "At the likeliest inputs, over {reps}: the interval is that of chance alone.",
        "在最可能的输入下，{reps}：区间仅反映随机性。",
    ),
    "draws-table": (
        "Over draws of all uncertain inputs; in each the dial is set again and after runs in fresh luck.",
        "对所有不确定输入抽样；每次重新校准，改革后在新的随机运气下运行。",
    ),
    "region.to": ("{low} to {high}", "{low} 至 {high}"),
    "region.most": ("at most {high}", "至多 {high}"),
    "region.least": ("at least {low}", "至少 {low}"),
    "why-region": ("Why this much is allowed: {why}", "允许范围的理由：{why}"),
    "unsolved": ("Draws without a solution: {reasons}", "没有解的抽样：{reasons}"),
    "staff-warning": ("Warnings of this run", "本次运行的提示"),
    # section 5, 6
    "lever": ("Lever", "措施"),
    "shapley": ("Share of the change", "对变化的贡献"),
    "in-turn": ("Put in one after another", "逐项加入"),
    "total": ("whole change", "全部变化"),
    "of-context": ("{name} (not the reform)", "{name}（不属改革）"),
    "overloaded": ("rests on combinations that were overloaded", "所依据的组合有超负荷"),
    "kind": ("Kind of time", "时间类别"),
    "days": ("days", "天"),
    "kinds-table": (
        "Mean elapsed days per case of this claim, by kind of time.",
        "该说法所涉办件的平均历时（天），按时间类别。",
    ),
    "shares-table": (
        "What each lever contributes, in {unit}; the shares add up to the whole change.",
        "各项措施的贡献（{unit}）；各项相加即全部变化。",
    ),
    "no-causes": (
        "No draws were made, so the change is not taken apart by lever; by kind of time see section 3.",
        "没有抽样，因此没有按措施拆分变化。按时间类别的拆分见第 3 节。",
    ),
    "no-depends": (
        "No draws were made, so it is not known which inputs matter; section 7 has all their ranges.",
        "没有抽样，因此不知道哪些输入重要。所有输入的范围见第 7 节。",
    ),
    "input": ("Input", "输入"),
    "range": ("Range", "范围"),
    "likeliest": ("Likeliest", "最可能"),
    "at-low": ("Figure when low", "取低值时"),
    "at-high": ("Figure when high", "取高值时"),
    "first": ("Explains alone (first-order index)", "单独解释（一阶指数）"),
    "total-index": ("With interactions (total index)", "含交互（总指数）"),
    "emulator": (
        "Total indices: of a smooth surface through the draws, right on {share} of the spread of others.",
        "总指数来自穿过各次抽样的光滑曲面；对未见过的抽样，它说明了 {share} 的离散。",
    ),
    "no-emulator": (
        "No total indices: a smooth surface through the draws is right on {share} of the spread of others.",
        "未给出总指数：穿过各次抽样的光滑曲面对未见过的抽样只能说明 {share} 的离散，至少需要一半。",
    ),
    "depends.after": ("After the reform", "改革后的数值"),
    "depends.saving": ("The saving (before minus after)", "节省量（改革前减改革后）"),
    # section 2
    "before-drawing": ("Before the reform", "改革前"),
    "after-drawing": ("After the reform", "改革后"),
    "drawing-key": (
        "Down the page: in turn. Side by side: branches. Dashed arrow: done again. [1]: lever of the table.",
        "自上而下：依次办理。左右并列：分支。虚线回箭头：重做。方括号内数字：下表的措施编号。",
    ),
    "drawing-label": (
        "The process {side}, {count} boxes; what changes is in the table of levers below",
        "{side}的流程，共 {count} 个框；变化见下方措施表",
    ),
    "levers-table": ("What each lever changes, taken by itself", "各项措施单独改变的内容"),
    "place": ("Place", "出处"),
    "changes": ("Changes", "改变"),
    "not-process": ("staff, hours or cases", "人员、时间或办件"),
    "nothing-alone": ("nothing by itself", "单独无改变"),
    # section 7
    "where": ("Where in the file", "文件中的位置"),
    "what-kind": ("Kind", "类别"),
    "value": ("Value", "取值"),
    "source": ("Source or reason", "来源或理由"),
    "fact": ("fact", "事实"),
    "assumption": ("assumption", "假设"),
    "dial": ("dial", "校准量"),
    "derived": ("derived", "推算"),
    "numbers-table": (
        "{facts} facts from documents, {assumptions} assumptions with range and reason, {dials} set to fit.",
        "{facts} 项文件事实，{assumptions} 项附范围与理由的假设，{dials} 项由校准确定。",
    ),
    "likely-value": ("likely {value}", "最可能 {value}"),
    "documents": ("Documents", "文件"),
    # section 8, 9
    "item": ("Item", "条目"),
    "told": ("What was done", "所做"),
    "to-fill": ("to be filled in by the modeller", "待建模者填写"),
    "sheet-about": (
        "Strengthening the Reporting of Empirical Simulation Studies; filled from the scenario and this run.",
        "实证模拟研究报告规范（离散事件模拟）。根据情景文件与本次运行自动填写。",
    ),
    "fact-of-run": ("What", "项目"),
    "command": (
        "The same numbers, from the same version of the program and the same file:",
        "用同一版本程序与同一文件得到相同数字：",
    ),
    "look": (
        "The model and its sources in words, and the story of one case:",
        "用文字查看模型与来源，以及一个办件的经过：",
    ),
    "run.version": ("Version", "版本"),
    "run.hash": ("Scenario file, SHA-256", "情景文件 SHA-256"),
    "run.seed": ("Seed", "种子"),
    "run.reps": ("Replications", "模拟次数"),
    "run.engine": ("Engine", "引擎"),
    "run.dials": ("Dial", "校准量"),
    "run.window": ("Day 0, time zone", "第 0 日，时区"),
    "run.machine": ("Machine", "机器"),
    "run.seconds": ("Run time", "用时"),
    "run.versions": ("Packages", "软件包"),
    "run.written": ("Written", "写成时间"),
    "seconds": ("{count} s", "{count} 秒"),
    "processors": ("{count} processors", "{count} 个处理器"),
    "not-solved": ("not solved", "无解"),
    # index
    "board": ("Scoreboard of documented figures", "文件数值一览"),
    "board-about": (
        "The newest replay of each scenario: does the documented figure follow from the documented change?",
        "每个情景最近一次重演：文件数值是否由文件所述的改变得出？",
    ),
    "scenario": ("Scenario", "情景"),
    "replayed": ("Replayed", "重演时间"),
    "open-report": ("report", "报告"),
    "no-runs": ("No replay is kept here yet.", "尚无保存的重演。"),
}


def say(key: str, lang: Lang, **parts: str) -> str:
    """Return the words for `key` in `lang`, with `parts` filled in."""
    text = WORDS[key][lang == "zh"]
    return text.format(**parts) if parts else text
