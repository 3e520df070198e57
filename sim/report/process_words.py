"""The process of a scenario in words: one line an element, indented as the blocks are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sim.report.language import Lang, either, title
from sim.report.quantities import law_text, number_text

Tree = Mapping[str, Any]
KINDS = (
    "step",
    "wait",
    "choice",
    "parallel",
    "repeat",
    "batch",
    "unbundle",
    "block",
    "for-each",
    "mark",
    "end",
)
_STEP = "  "


def process_lines(elements: Sequence[Tree], lang: Lang, indent: str = "") -> list[str]:
    """Return the elements in order, each with what happens in it; what a block holds is indented."""
    return [line for element in elements for line in _element(element, lang, indent)]


def kind_of(element: Tree) -> str:
    """Return the kind key of an element; empty if it has none."""
    return next((kind for kind in KINDS if kind in element), "")


def _element(element: Tree, lang: Lang, indent: str) -> Iterator[str]:
    kind = kind_of(element)
    if not kind:
        return
    name, shown = str(element[kind]), title(element.get("title"), lang)
    head = f"{indent}{_KIND_WORDS[kind][lang == 'zh']} {name}" + (f" ({shown})" if shown else "")
    details = [text for text in (_own(kind, element, lang), *_common(element, lang)) if text]
    yield head + (": " + "; ".join(details) if details else "")
    yield from _inside(kind, element, lang, indent + _STEP)


_KIND_WORDS = {
    "step": ("step", "环节"),
    "wait": ("wait", "等候"),
    "choice": ("choice", "分流"),
    "parallel": ("in parallel", "并行"),
    "repeat": ("repeat", "重复"),
    "batch": ("batch", "集中办理"),
    "unbundle": ("end of bundle", "拆批"),
    "block": ("block", "阶段"),
    "for-each": ("for each of", "逐项"),
    "mark": ("mark", "标记"),
    "end": ("end", "办结"),
}


def _own(kind: str, element: Tree, lang: Lang) -> str:
    """Return what is particular to the kind."""
    if kind == "step":
        work = [f"{either(lang, 'by', '由')} {_by(element.get('by'), lang)}"]
        if "effort" in element:
            work.append(f"{either(lang, 'effort', '工作量')} {law_text(element['effort'], lang)}")
        return ", ".join(work)
    if kind == "wait":
        return law_text(element.get("for"), lang)
    if kind == "choice":
        by = element.get("by")
        return either(lang, f"by {by}", f"按 {by}") if by else ""
    if kind == "repeat":
        again, cap = number_text(element.get("again"), lang), element.get("at-most")
        return either(
            lang,
            f"again with probability {again}, at most {cap} times",
            f"以概率 {again} 重来,至多 {cap} 次",
        )
    if kind == "batch":
        return _batch(element, lang)
    if kind == "for-each":
        over = element.get("over") or []
        count = len(over)
        names = ", ".join(map(str, list(over)[:8])) + (", ..." if count > 8 else "")
        manner = element.get("as", "sequence")
        return either(lang, f"{count} copies in {manner}: {names}", f"{count} 份({manner}):{names}")
    if kind == "end":
        return str(element.get("status", ""))
    if kind == "block" and "hold" in element:
        return either(lang, f"keeps one of {element['hold']}", f"占用 {element['hold']} 一人")
    return ""


def _common(element: Tree, lang: Lang) -> Iterator[str]:
    """Yield what any element may say about hands, limits, patience and counters."""
    hands = element.get("hands")
    if hands and hands != "government":
        words = {
            "applicant": ("in the applicant's hands", "在申请人手中"),
            "third-party": ("with a third party", "在第三方"),
        }
        yield words.get(str(hands), (str(hands), str(hands)))[lang == "zh"]
    if "limit" in element:
        yield _limit(element["limit"], lang)
    if element.get("stops-clock") is True:
        yield either(lang, "stops the legal clock", "期间不计入法定时限")
    if "patience" in element and element["patience"] != "none":
        patience = law_text(element["patience"], lang)
        yield either(lang, f"given up after waiting {patience}", f"等候 {patience} 后放弃")
    if "at-shift-end" in element:
        yield either(
            lang, f"at the end of a shift: {element['at-shift-end']}", f"下班时:{element['at-shift-end']}"
        )
    for counter, value in (element.get("counts") or {}).items():
        yield f"{counter} +{number_text(value, lang)}"


def _limit(limit: object, lang: Lang) -> str:
    if not isinstance(limit, Mapping) or "within" not in limit:
        return either(lang, f"limit {number_text(limit, lang)}", f"时限 {number_text(limit, lang)}")
    text = either(
        lang, f"limit {number_text(limit['within'], lang)}", f"时限 {number_text(limit['within'], lang)}"
    )
    if "clock" in limit:
        text += f" ({limit['clock']})"
    for action, target in (limit.get("missed") or {}).items():
        text += either(lang, f", when missed {action} {target}", f",逾期则 {action} {target}")
    return text


def _by(by: object, lang: Lang) -> str:
    if isinstance(by, Mapping):
        if "any" in by:
            return either(lang, " or ", " 或 ").join(_by(item, lang) for item in by["any"])
        return either(lang, " and ", " 与 ").join(f"{units} {pool}" for pool, units in by.items())
    if isinstance(by, list):
        return either(lang, " and ", " 与 ").join(_by(item, lang) for item in by)
    return str(by)


def _batch(element: Tree, lang: Lang) -> str:
    parts = []
    if isinstance(when := element.get("when"), Mapping):
        size, age = number_text(when.get("size"), lang), number_text(when.get("or-after"), lang)
        parts.append(either(lang, f"when {size} wait, or after {age}", f"满 {size} 件或满 {age}"))
    if isinstance(on := element.get("on"), Mapping):
        words = ", ".join(f"{key} {_listed(value)}" for key, value in on.items())
        parts.append(either(lang, f"meets {words}", f"会期 {words}"))
    if "agenda" in element:
        parts.append(f"{either(lang, 'agenda', '议程')} {number_text(element['agenda'], lang)}")
    if "attend" in element:
        parts.append(f"{either(lang, 'attended by', '出席')} {_by(element['attend'], lang)}")
    for manner, law in (
        (element.get("effort") or {}).items() if isinstance(element.get("effort"), Mapping) else ()
    ):
        words = either(
            lang, {"whole": "effort for the meeting", "each": "effort for each"}.get(manner, manner), manner
        )
        parts.append(f"{words} {law_text(law, lang)}")
    if element.get("bundle") is True:
        parts.append(either(lang, "stay together afterwards", "其后合并办理"))
    return "; ".join(parts)


def _listed(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _inside(kind: str, element: Tree, lang: Lang, indent: str) -> Iterator[str]:
    """Yield the lines of what an element contains."""
    if kind == "choice":
        for name, option in (element.get("options") or {}).items():
            share = f" ({number_text(option['share'], lang)})" if "share" in option else ""
            yield f"{indent}{name}{share}:"
            yield from process_lines(option.get("do") or [], lang, indent + _STEP)
    elif kind == "parallel":
        for name, branch in (element.get("branches") or {}).items():
            yield f"{indent}{name}:"
            yield from process_lines(branch or [], lang, indent + _STEP)
    elif "do" in element:
        yield from process_lines(element.get("do") or [], lang, indent)
        if element.get("redo"):
            yield f"{indent}{either(lang, 'before doing it again:', '重来之前:')}"
            yield from process_lines(element["redo"], lang, indent + _STEP)
