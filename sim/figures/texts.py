"""All words on the figures, in English and Chinese: data only, ``words`` reads it."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    # sides
    "before": ("before", "改革前"),
    "after": ("after", "改革后"),
    "Before": ("Before", "改革前"),
    "After": ("After", "改革后"),
    # kinds of time
    "touch": ("being worked on", "正在办理"),
    "queue": ("waiting for busy staff", "排队等人"),
    "off_shift": ("waiting, staff off shift", "非上班时间等待"),
    "batch": ("waiting for a meeting or bundle", "等待会议或成批"),
    "wait": ("other waits (notice, applicant, file at rest)", "其他等待（公告、申请人、搁置）"),
    "rework": ("doing it again", "返工"),
    # lead time
    "range": ("{low} to {high}", "{low} 至 {high}"),
    "lead.falls": (
        "{what} falls from {before} to {after} {unit}",
        "{what}由 {before} {unit}降至 {after} {unit}",
    ),
    "lead.rises": (
        "{what} rises from {before} to {after} {unit}",
        "{what}由 {before} {unit}升至 {after} {unit}",
    ),
    "lead.same": ("{what} stays at {after} {unit}", "{what}保持 {after} {unit}"),
    "lead.one": ("{what}: {after} {unit}", "{what}:{after} {unit}"),
    "mean": ("Mean lead time", "平均办理时间"),
    "median": ("Median lead time", "办理时间中位数"),
    "max": ("Longest lead time", "最长办理时间"),
    "quantile": ("Time within which {n} % of cases are done", "{n}% 的案件办结所需时间"),
    "share": ("Share of cases within {limit} {unit}", "{limit} {unit}内办结的比例"),
    "lead.x": ("{what} ({unit})", "{what}（{unit}）"),
    "clock.elapsed": ("lead time", "办理时间"),
    "clock.working-time": ("lead time in working hours only", "工作时间内的办理时间"),
    "clock.working-dates": ("lead time in working dates", "按工作日期计的办理时间"),
    "clock.legal": ("time in government hands, statutory stops left out", "政府办理时间（扣除法定中止）"),
    "clock.applicant": ("time in the applicant's hands", "申请人用时"),
    "clock.touch": ("time at work on the case", "实际办理用时"),
    "lead.y": ("cases done within that time", "在该时间内办结的比例"),
    "documented": ("documented {side}", "文件记载（{side}）"),
    "at-most": ("at most", "至多"),
    "at-least": ("at least", "至少"),
    "about": ("about", "约"),
    "lead.note": (
        "Line: share of cases, mean of {reps}; band: {band}.",
        "曲线：案件比例，{reps}的平均；色带：{band}。",
    ),
    "lead.note.one": (
        "Line: share of cases in one replication, so without a band.",
        "曲线：一次模拟中的案件比例（无色带）。",
    ),
    "lead.note.dot": ("Dot: simulated {statistic}.", "圆点：模拟的{statistic}。"),
    "lead.note.line": ("Dashed: documented.", "虚线：文件记载。"),
    "lead.note.diamond": ("Diamond: documented.", "菱形：文件记载。"),
    "band.interval": ("95 % interval across replications, point by point", "各次模拟的逐点 95% 区间"),
    "band.range": ("lowest to highest replication", "各次模拟的最低至最高"),
    "cases": ("cases", "件"),
    "card.simulated": ("simulated {value}", "模拟 {value}"),
    "card.interval": ("95 % interval {low} to {high}", "95% 区间 {low} 至 {high}"),
    "card.documented": ("documented {value}", "文件记载 {value}"),
    "card.late": ("{share} beyond the axis", "{share} 超出坐标轴"),
    "statistic.mean": ("mean", "平均值"),
    "statistic.median": ("median", "中位数"),
    "statistic.max": ("maximum", "最大值"),
    "statistic.share": ("share", "比例"),
    "reps": ("{n} replications", "{n} 次模拟"),
    "rep": ("one replication", "一次模拟"),
    # where the time goes
    "split.saved": (
        "Most of the time saved: {kind} (−{saved} of −{total})",
        "节省最多的是：{kind}（−{saved}，共 −{total}）",
    ),
    "split.not": (
        "No time is saved: {before} before, {after} after",
        "没有节省时间：改革前 {before}，改革后 {after}",
    ),
    "split.one": ("Most of the time: {kind} ({share})", "耗时最多的是：{kind}（{share}）"),
    "split.subject": ("where the time of an average case goes", "一件普通案件的时间去向"),
    "split.of": ("{claim} – where the time goes", "{claim}——时间去向"),
    "split.x": ("mean elapsed time per case ({unit})", "每件平均历时（{unit}）"),
    "split.note": (
        (
            "Mean over the cases closed, {reps}. Elapsed time, nights and weekends included. In parallel "
            "branches the one that ends last counts."
        ),
        "已办结案件的平均，{reps}。历时含夜间和周末。并行环节以最后完成的分支计。",
    ),
    "total": ("whole lead time", "全部时间"),
    "change": ("change", "变化"),
    # weeks
    "flow.finding": (
        "On average {before} cases are in progress before, {after} after",
        "平均在办：改革前 {before} 件，改革后 {after} 件",
    ),
    "flow.one": ("On average {after} cases are in progress", "平均在办：{after} 件"),
    "flow.subject": ("cases in progress and cases ended, week by week", "每周在办与办结件数"),
    "flow.open": ("cases in progress", "在办件数"),
    "flow.ended": ("cases ended per week", "每周办结件数"),
    "flow.period": (", means of {n} weeks", "，{n} 周平均"),
    "flow.x": ("week, from {date}", "周（自 {date} 起）"),
    "warm-up": ("warm-up", "预热"),
    "window": ("window (counted)", "统计窗口"),
    "follow": ("follow-up", "跟踪"),
    "flow.note": (
        "Lines: mean of {reps}; bands: {band}.",
        "曲线：{reps}的平均；色带：{band}。",
    ),
    "flow.note.one": ("One replication, so without bands.", "一次模拟，无色带。"),
    # utilisation
    "busy.finding": (
        "Staff on shift are at work {before} of the time before, {after} after",
        "在岗人员工作时间占比：改革前 {before}，改革后 {after}",
    ),
    "busy.one": (
        "{side}: staff on shift are at work {share} of the time",
        "{side}：在岗人员工作时间占比 {share}",
    ),
    "busy.subject": (
        "share of staff on shift who are at work, by weekday and hour",
        "各星期与时段在岗人员的工作占比",
    ),
    "busy.pool": ("{pool} – share at work, by weekday and hour", "{pool}——各星期与时段工作占比"),
    "busy.x": ("hour of the day (local time)", "时刻（当地时间）"),
    "busy.busiest": ("busiest pool: {pool}, {share}", "最忙的人员池：{pool}，{share}"),
    "busy.bar": ("at work", "工作占比"),
    "busy.note": (
        (
            "Window only, {reps}. Each cell: staff-time at work as % of staff-time on shift in that hour; "
            "overtime left out. Hatched: nobody on shift."
        ),
        "仅统计窗口，{reps}。每格：该小时工作人时占在岗人时的百分比，不含加班。斜线：无人在岗。",
    ),
    # path
    "path.finding": (
        "The same case takes {before} before and {after} after",
        "同一案件：改革前 {before}，改革后 {after}",
    ),
    "path.one": ("This case takes {after}", "该案件用时 {after}"),
    "path.subject": (
        "the way of case {case}, arrived {date}, element by element",
        "{date} 到达的第 {case} 号案件的办理过程",
    ),
    "path.title": ("{side}: {took}", "{side}：{took}"),
    "path.span": ("{side}: {took} from {start} to {stop}", "{side}：{start}至{stop} {took}"),
    "path.all": (" ({all} in all)", "（全程 {all}）"),
    "path.arrival": ("arrival", "到达"),
    "path.end": ("the end", "结束"),
    "path.x": ("{unit} since arrival", "到达后（{unit}）"),
    "path.others": ("{n} short elements", "其余 {n} 个短环节"),
    "path.note": (
        (
            "One row an element, in the order in which the case reached it; shaded rows run side by side, "
            "in parallel branches."
        ),
        "每行一个环节，按到达先后排列；灰底各行为并行分支。",
    ),
    "path.note.average": (
        "A case whose time is near the mean on both sides.",
        "用时在前后均接近平均的案件。",
    ),
    # verdicts
    "verdict.after": ("figure after the reform", "改革后的数值"),
    "verdict.change": ("change by the reform", "改革带来的变化"),
    "verdict.x": ("{side} ({unit})", "{side}（{unit}）"),
    "share.unit": ("share of cases", "办件比例"),
    "verdict.finding": (
        "The draws give {mean} ({low} to {high}) {unit}; documented: {documented}",
        "抽样结果 {mean}（{low} 至 {high}）{unit}；文件记载：{documented}",
    ),
    "verdict.alone": (
        "The draws give {mean} ({low} to {high}) {unit}",
        "抽样结果 {mean}（{low} 至 {high}）{unit}",
    ),
    "verdict.none": ("Nothing could be measured", "没有可测的数值"),
    "verdict.supported": ("supported", "得到支持"),
    "verdict.contradicted": ("contradicted", "不相符"),
    "verdict.plausible": ("plausible", "有可能"),
    "verdict.more_draws": ("plausible, more draws needed", "有可能，需更多抽样"),
    "verdict.not_testable": ("not testable", "无法检验"),
    "verdict.inside": ("{share} of draws agree", "{share} 的抽样相符"),
    "verdict.note": (
        (
            "Bars: weighted draws of the inputs, each with the luck of a period of its own. Hatched: what "
            "the claim allows. Dashed, with a triangle: documented. Line with a dot: 90 % interval and mean."
        ),
        (
            "柱：输入的加权抽样，每次各有一个时期的运气。斜线区：该说法允许的范围。虚线加三角：文件记载。"
            "横线加圆点：90% 区间与均值。"
        ),
    ),
    # attribution
    "share.title": ("share of the change", "对变化的贡献"),
    "fall.title": ("put in one after another", "逐项加入"),
    "share.finding": (
        "Most of the change: {lever} ({value} of {total})",
        "贡献最大的是：{lever}（{value}，共 {total}）",
    ),
    "share.context": ("{name} (not the reform)", "{name}（不属改革）"),
    "total.change": ("whole change", "全部变化"),
    "points": ("percentage points", "个百分点"),
    "share.note": (
        (
            "Left: {method}, which add up to the whole change; lines: 90 % interval over {draws} draws "
            "({runs} runs). Right: the levers in the order of the file, one such order."
        ),
        (
            "左：{method}，相加即全部变化；线段：{draws} 次抽样的 90% 区间（{runs} 次模拟）。"
            "右：按文件顺序逐项加入，仅为其中一种顺序。"
        ),
    ),
    "share.sampled": ("Shapley values from random orders", "随机顺序估计的夏普利值"),
    "share.exact": ("exact Shapley values", "精确夏普利值"),
    "share.overloaded": (
        "Hatched: rests on combinations in which the service was overloaded.",
        "斜线：所依据的组合中有服务超负荷的情形。",
    ),
    # sensitivity
    "tornado.after": (
        "After the reform, most depends on {name} ({share} of the variation)",
        "改革后的数值最取决于 {name}（占波动的 {share}）",
    ),
    "tornado.saving": (
        "The saving depends most on {name} ({share} of the variation)",
        "节省量最取决于 {name}（占波动的 {share}）",
    ),
    "tornado.x.after": ("after the reform ({unit})", "改革后（{unit}）"),
    "tornado.x.saving": ("saving, before minus after ({unit})", "节省量，改革前减改革后（{unit}）"),
    "tornado.note": (
        (
            "Hatched: mean of the draws with the input in its lowest quarter; plain: in its highest. Right: "
            "share of the variation that the input alone explains (first-order index)."
        ),
        "斜线：该输入处于最低四分之一时的抽样均值；实色：处于最高四分之一时。右侧：该输入单独解释的波动比例（一阶指数）。",
    ),
    "path.note.lines": ("Upright lines: from where to where the time is measured.", "竖线：计时起止。"),
    # what-if
    "sweep.finding": (
        "Mean lead time goes from {first} to {last} {unit}",
        "平均办理时间由 {first} 变为 {last} {unit}",
    ),
    "sweep.between": (
        "Mean lead time lies between {first} and {last} {unit}",
        "平均办理时间在 {first} 至 {last} {unit}之间",
    ),
    "sweep.same": ("Mean lead time stays at {last} {unit}", "平均办理时间保持 {last} {unit}"),
    "sweep.subject": ("{title}, {variant}: {fields}", "{title}，{variant}：{fields}"),
    "sweep.lead": ("Lead time ({unit})", "办理时间（{unit}）"),
    "sweep.lead.mean": ("Mean lead time ({unit})", "平均办理时间（{unit}）"),
    "sweep.lead.p90": ("Time within which 90 % of cases end ({unit})", "90% 的案件办结所需时间（{unit}）"),
    "sweep.mean": ("mean", "平均"),
    "sweep.p90": ("90 % end within", "90% 办结于"),
    "sweep.within": ("Share of cases that end within {limit}", "{limit} 内办结的比例"),
    "sweep.open": ("Share of cases still open when the run ends", "模拟结束时仍未办结的比例"),
    "sweep.use": ("Utilisation: work over staff on shift", "人员利用率：工作时间占在岗时间"),
    "sweep.use.of": ("Utilisation of {pool}", "{pool} 的利用率"),
    "sweep.note": (
        "Cases that arrived in the window; points: {reps} with the same luck at each; bands: 95 % intervals.",
        "窗口期到达的案件；各点：{reps}，随机数相同；色带：95% 区间。",
    ),
    "sweep.note.one": (
        "Cases that arrived in the window; one replication, so without bands.",
        "窗口期到达的案件；一次模拟（无色带）。",
    ),
    "sweep.some": (
        "{shown} of {all} lines are drawn; the table has all.",
        "仅绘 {all} 条线中的 {shown} 条。",
    ),
    "sweep.pools": (
        "{shown} of {all} pools are drawn; the table has all.",
        "仅绘 {all} 组人员中的 {shown} 组。",
    ),
}

#: Units as they stand behind a number: English one, English many, Chinese.
UNITS: dict[str, tuple[str, str, str]] = {
    "working days": ("working day", "working days", "个工作日"),
    "days": ("day", "days", "天"),
    "weeks": ("week", "weeks", "周"),
    "months": ("month", "months", "个月"),
    "years": ("year", "years", "年"),
    "hours": ("hour", "hours", "小时"),
    "h": ("hour", "hours", "小时"),
    "min": ("minute", "minutes", "分钟"),
    "s": ("second", "seconds", "秒"),
    "working hours": ("working hour", "working hours", "个工作小时"),
    "minutes": ("minute", "minutes", "分钟"),
    "seconds": ("second", "seconds", "秒"),
    "share": ("", "", ""),
}
