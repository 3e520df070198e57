"""The story of one case in words and dates, and the same case before and after side by side.

Chance is keyed, so case n of a stream has the same luck in both variants: what differs is the reform.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from difflib import SequenceMatcher

import numpy as np

from sim.engine.records import Records, Work
from sim.errors import InputError
from sim.measures.path import Time, case_path
from sim.network.elements import EndStatus, Hands, Kind, Network
from sim.report.language import Lang, either, title
from sim.report.layout import paragraph, width
from sim.worktime.zones import to_datetime

Titles = Mapping[str, Mapping[str, str]]
_COLUMN = 47  # two of them and what stands between fill a line


@dataclass(frozen=True)
class Chapter:
    """One thing that happened to the case.

    Attributes
    ----------
    element : name of the element; ``arrival`` and ``end`` for the first and last chapter.
    entry : n-th time that the case came there, from 1.
    branch : name of the parallel branch; empty on the trunk.
    begins, ends : local times; `ends` is None while it goes on.
    words : what happened.
    """

    element: str
    entry: int
    branch: str
    begins: datetime
    ends: datetime | None
    words: str


@dataclass(frozen=True)
class Story:
    """One case in one variant; `lead` is the time from arrival to end in seconds, None while open."""

    variant: str
    stream: str
    number: int
    lead: int | None
    chapters: tuple[Chapter, ...]


def find_case(network: Network, records: Records, case: str) -> int:
    """Return the row of a case.

    Parameters
    ----------
    case : its number within the stream, as in the tables; ``STREAM:NUMBER`` where there are several.

    Raises
    ------
    InputError : if it is no such number, or that case did not come.
    """
    names = [stream.name for stream in network.streams]
    names += [f"backlog-{place}" for place in range(1, len(network.backlogs) + 1)]
    stream, _, number = case.rpartition(":")
    if stream and stream not in names:
        raise InputError(f"--case {case}: no stream `{stream}`. Streams: {', '.join(names)}.")
    if not number.isdecimal():
        raise InputError(
            f"--case {case}: a case is a number, such as 17, or STREAM:NUMBER ({', '.join(names)})."
        )
    place = names.index(stream) if stream else 0
    cases = records.cases
    same = cases["stream"] == place
    rows = np.flatnonzero(same & (cases["number"] == int(number)))
    if not len(rows):
        count = int(same.sum())
        known = f"0 to {int(cases['number'][same].max())}" if count else "none"
        raise InputError(f"--case {case}: no such case; the numbers of `{names[place]}` are {known}.")
    return int(rows[0])


def tell(network: Network, records: Records, row: int, lang: Lang = "en") -> Story:
    """Return the story of the case in `row` of the case table."""
    case = records.cases[row]
    origin = date.fromisoformat(network.origin)
    streams = len(network.streams)
    stream = int(case["stream"])

    def local(seconds: int) -> datetime:
        return to_datetime(int(seconds), network.zone, origin)

    arrived, ended = int(case["arrived"]), int(case["ended"])
    name = network.classes[int(case["class"])].name
    many = len(network.classes) > 1
    words = either(
        lang, f"arrives, class {name}" if many else "arrives", f"到达,类别 {name}" if many else "到达"
    )
    chapters = [Chapter("arrival", 1, "", local(arrived), local(arrived), words)]
    chapters += _happenings(network, records, row, lang, local)
    if ended >= 0:
        status = EndStatus(int(case["status"])).name.lower().replace("_", " ")
        end = network.nodes[int(case["end"])].name
        total = duration(ended - arrived, lang)
        words = either(
            lang, f"ends as {end} ({status}) after {total}", f"以 {end}({status})办结,历时 {total}"
        )
        chapters.append(Chapter("end", 1, "", local(ended), local(ended), words))
    else:
        words = either(lang, "still open when the run stops", "运行结束时仍未办结")
        chapters.append(Chapter("end", 1, "", local(records.stopped), None, words))
    shown = network.streams[stream].name if stream < streams else f"backlog-{stream - streams + 1}"
    lead = ended - arrived if ended >= 0 else None
    return Story(network.variant, shown, int(case["number"]), lead, tuple(chapters))


def side_by_side(left: Story, right: Story, lang: Lang = "en", titles: Titles | None = None) -> str:
    """Return two stories in two columns; the same element stands on the same line where the order allows."""
    names = {"before": either(lang, "BEFORE", "改革前"), "after": either(lang, "AFTER", "改革后")}
    out = [_line(names.get(left.variant, left.variant), names.get(right.variant, right.variant))]
    keys = [[(c.element, c.entry, c.branch) for c in story.chapters] for story in (left, right)]
    for tag, l0, l1, r0, r1 in SequenceMatcher(None, keys[0], keys[1], autojunk=False).get_opcodes():
        lefts, rights = left.chapters[l0:l1], right.chapters[r0:r1]
        pairs = (
            list(zip(lefts, rights, strict=True))
            if tag == "equal"
            else [*((c, None) for c in lefts), *((None, c) for c in rights)]
        )
        for one, other in pairs:
            out.extend(_row(one, other, lang, titles or {}))
    if left.lead is not None and right.lead is not None:
        gain = left.lead - right.lead
        amount = duration(abs(gain), lang)
        shorter = either(lang, f"{amount} shorter", f"缩短 {amount}")
        longer = either(lang, f"{amount} longer", f"延长 {amount}")
        same = either(lang, "as long as before", "时长不变")
        out.append("")
        out.append(
            either(lang, "This case after the reform: ", "此件改革后:")
            + (shorter if gain > 0 else longer if gain else same)
        )
    return "\n".join(out)


def rows(*stories: Story) -> list[dict[str, object]]:
    """Return the stories as rows of one table."""
    return [
        {
            "variant": story.variant,
            "stream": story.stream,
            "case": story.number,
            "element": chapter.element,
            "entry": chapter.entry,
            "branch": chapter.branch,
            "begins": chapter.begins.isoformat(),
            "ends": None if chapter.ends is None else chapter.ends.isoformat(),
            "words": chapter.words,
        }
        for story in stories
        for chapter in story.chapters
    ]


def duration(seconds: int, lang: Lang = "en") -> str:
    """Return a length of time with its two greatest units.

    >>> duration(59), duration(3600), duration(90061)
    ('59 s', '1 h', '1 d 1 h')
    """
    units = (
        (86_400, "d", "天"),
        (3_600, "h", "小时"),
        (60, "min", "分钟"),
        (1, "s", "秒"),
    )
    parts: list[str] = []
    first = -1
    for place, (length, english, chinese) in enumerate(units):
        amount, seconds = divmod(seconds, length)
        if amount and (first < 0 or place == first + 1):
            parts.append(f"{amount} {either(lang, english, chinese)}")
        if amount and first < 0:
            first = place
    return " ".join(parts) or f"0 {either(lang, 's', '秒')}"


def _happenings(
    network: Network, records: Records, row: int, lang: Lang, local: Callable[[int], datetime]
) -> list[Chapter]:
    steps = records.steps
    first, last = np.searchsorted(steps["case"], (row, row + 1))
    path = case_path(network, records, row)
    branches = {
        int(s["child"]): network.nodes[int(s["element"])].name for s in steps[first:last] if s["child"] >= 0
    }
    chapters = []
    for step in sorted(steps[first:last], key=lambda s: (int(s["joined"]), int(s["token"]))):
        node = network.nodes[int(step["element"])]
        if node.kind is Kind.JOIN:
            continue
        stop = int(step["ended"]) if step["ended"] >= 0 else records.stopped + 1
        mine = path[(path["element"] == node.index) & (path["token"] == step["token"])]
        mine = mine[(mine["start"] >= step["joined"]) & (mine["stop"] <= stop)]
        spent = {kind: int((mine["stop"] - mine["start"])[mine["kind"] == kind].sum()) for kind in Time}
        words = _words(network, node.index, step, spent, lang)
        branch = branches.get(int(step["token"]), "").rpartition("/")[2]
        ends = local(int(step["ended"])) if step["ended"] >= 0 else None
        chapters.append(
            Chapter(node.name, int(step["entry"]), branch, local(int(step["joined"])), ends, words)
        )
    return chapters


def _words(network: Network, element: int, step: np.void, spent: Mapping[Time, int], lang: Lang) -> str:
    node = network.nodes[element]
    if node.kind is Kind.MARK:
        return ""
    parts = []
    for kind, english, chinese in (
        (Time.QUEUE, "{} in the queue", "排队 {}"),
        (Time.OFF_SHIFT, "{} while nobody is on shift", "下班等候 {}"),
        (Time.BATCH, "{} until the meeting or bundle", "待会或成批 {}"),
        (Time.WAIT, "{} of waiting", "等候 {}"),
        (Time.TOUCH, "{} of work", "办理 {}"),
    ):
        if spent[kind]:
            parts.append(either(lang, english, chinese).format(duration(spent[kind], lang)))
    if not parts and node.kind is not Kind.BLOCK:
        parts.append(either(lang, "takes no time", "不耗时"))
    if node.kind is Kind.BLOCK:
        parts.append(
            either(
                lang, f"gets one of {network.pools[node.hold].name}", f"分到 {network.pools[node.hold].name}"
            )
        )
    if node.kind in {Kind.STEP, Kind.WAIT} and node.hands is not Hands.GOVERNMENT:
        applicant = node.hands is Hands.APPLICANT
        parts.append(
            either(lang, "applicant", "申请人") if applicant else either(lang, "third party", "第三方")
        )
    if step["rework"]:
        parts.append(either(lang, "again", "返工"))
    if step["missed"]:
        parts.append(either(lang, "limit missed", "逾期"))
    ending = _ENDINGS.get(Work(int(step["status"])))
    if ending:
        parts.append(either(lang, *ending))
    return either(lang, ", ", "、").join(parts)


_ENDINGS = {
    Work.WAITING: ("still waiting", "仍在等候"),
    Work.STARTED: ("still at work", "仍在办理"),
    Work.CANCELLED: ("stopped, as the case ended elsewhere", "因办件终止而停止"),
    Work.WITHDRAWN: ("gives up", "放弃"),
    Work.TURNED_AWAY: ("turned away for want of room", "因满员被拒"),
    Work.MOVED: ("moved on by its limit", "逾期转出"),
}


def _row(left: Chapter | None, right: Chapter | None, lang: Lang, titles: Titles) -> list[str]:
    """Return the lines of one element: its name, then what happened in two columns."""
    chapter = left or right
    assert chapter is not None
    shown = title(titles.get(chapter.element), lang)
    head = chapter.element + (f" ({shown})" if shown else "")
    if chapter.entry > 1:
        head += either(lang, f", time {chapter.entry}", f",第 {chapter.entry} 次")
    if chapter.branch:
        head += f" [{chapter.branch}]"
    cells = [_cell(left, lang), _cell(right, lang)]
    height = max(map(len, cells))
    for cell in cells:
        cell += [""] * (height - len(cell))
    return [head, *(_line(*pair) for pair in zip(*cells, strict=True))]


def _cell(chapter: Chapter | None, lang: Lang) -> list[str]:
    if chapter is None:
        return ["-"]
    begins, ends = chapter.begins, chapter.ends
    when = f"{begins:%Y-%m-%d} {_weekday(begins, lang)} {begins:%H:%M}"
    if ends is not None and ends != begins:
        day = "" if ends.date() == begins.date() else f"{ends:%m-%d} {_weekday(ends, lang)} "
        when += f" - {day}{ends:%H:%M}"
    return [when, *paragraph(chapter.words, limit=_COLUMN).splitlines()]


def _weekday(when: datetime, lang: Lang) -> str:
    names = either(lang, "Mon Tue Wed Thu Fri Sat Sun", "周一 周二 周三 周四 周五 周六 周日")
    return names.split()[when.weekday()]


def _line(left: str, right: str) -> str:
    blanks = " " * max(0, _COLUMN - width(left))
    return f"  {left}{blanks} | {right}".rstrip()
