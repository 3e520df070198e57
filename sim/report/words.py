"""A scenario in words: its process, staff, calendars, cases, reform, claims, and each number's source.

Works on the tree of the file, so that every name that a reader sees can be found in the file again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sim.report.language import Lang, either, title
from sim.report.layout import paragraph, width
from sim.report.process_words import process_lines
from sim.report.quantities import SourcedNumber, law_text, number_text, numbers

Tree = Mapping[str, Any]


def describe(tree: Tree, lang: Lang = "en") -> str:
    """Return the whole scenario in words, as `show` prints it.

    Parameters
    ----------
    tree : the scenario file as nested mappings and lists.
    lang : language of the words; names and reasons stay as the file has them.
    """
    name = str(tree.get("scenario", ""))
    head = title(tree.get("title"), lang)
    parts = [f"{name} - {head}" if head else name]
    if about := title(tree.get("about"), lang):
        parts.append(paragraph(about))
    for heading, lines in _sections(tree, lang):
        if lines:
            parts.append("\n".join([heading, *(f"  {line}".rstrip() for line in lines)]))
    if found := numbers(tree):
        parts.append(f"{either(lang, 'Numbers and their sources', '数值及其来源')}\n{_numbers(found, lang)}")
    return "\n\n".join(parts)


def as_document(tree: Tree, lang: Lang = "en") -> dict[str, object]:
    """Return the same as one JSON document: sections as lists of lines, numbers as rows."""
    return {
        "scenario": tree.get("scenario"),
        "title": tree.get("title"),
        "about": tree.get("about"),
        "sections": [
            {"heading": heading, "lines": lines} for heading, lines in _sections(tree, lang) if lines
        ],
        "numbers": number_rows(tree),
    }


def number_rows(tree: Tree) -> list[dict[str, str | None]]:
    """Return one row for each fact, assumption, dial and derived number of the file."""
    return [found.as_row() for found in numbers(tree)]


#: Names of the sections of `_sections`, in their order.
SECTIONS = (
    "run", "process", "staff", "calendars", "cases", "reform", "context", "readings", "claims", "documents",
)  # fmt: skip


def sections(tree: Tree, lang: Lang) -> dict[str, list[str]]:
    """Return the lines of each section by its name in `SECTIONS`; empty lists for what is not stated."""
    return {name: lines for name, (_, lines) in zip(SECTIONS, _sections(tree, lang), strict=True)}


def _sections(tree: Tree, lang: Lang) -> list[tuple[str, list[str]]]:
    return [
        (either(lang, "Run", "运行"), list(_run(tree.get("run") or {}, lang))),
        (either(lang, "Process", "流程"), process_lines(tree.get("process") or [], lang)),
        (either(lang, "Staff", "人员"), list(_pools(tree.get("pools") or {}, lang))),
        (either(lang, "Calendars", "日历"), list(_calendars(tree.get("calendars") or {}, lang))),
        (either(lang, "Cases", "办件"), list(_cases(tree.get("cases") or {}, lang))),
        (
            either(lang, "Reform: each lever can be left out", "改革:各项措施均可单独取舍"),
            list(_levers(tree.get("reform") or [], "lever", lang)),
        ),
        (
            either(lang, "Context: changed too, and is not the reform", "背景:同期变化,不属改革"),
            list(_levers(tree.get("context") or [], "context", lang)),
        ),
        (
            either(lang, "Readings: how the documents may be understood", "读法:文件的不同理解"),
            list(_levers(tree.get("readings") or [], "reading", lang)),
        ),
        (
            either(lang, "Claims: what the documents say", "文件所称"),
            list(_claims(tree.get("claims") or [], lang)),
        ),
        (either(lang, "Documents", "文件"), list(_documents(tree.get("documents") or {}))),
    ]


def _run(run: Tree, lang: Lang) -> Iterator[str]:
    start, zone = run.get("start"), run.get("time-zone", "Asia/Shanghai")
    yield either(lang, f"from {start} ({zone})", f"自 {start} 起({zone})")
    if "warm-up" in run:
        yield either(lang, f"warm-up {run['warm-up']}, not counted", f"预热 {run['warm-up']},不计入")
    window, follow = run.get("window"), run.get("follow-for")
    yield either(
        lang,
        f"measured over {window}; cases of that time are followed for up to {follow} more",
        f"统计期 {window};其间办件最多再跟踪 {follow}",
    )


def _pools(pools: Tree, lang: Lang) -> Iterator[str]:
    for name, pool in pools.items():
        groups = pool.get("groups") or [pool]
        sizes = " + ".join(
            either(
                lang,
                f"{number_text(group.get('size', 1), lang)} on {group.get('on', pool.get('on', '-'))}",
                f"{number_text(group.get('size', 1), lang)} 人,按 {group.get('on', pool.get('on', '-'))}",
            )
            for group in groups
        )
        rule = pool.get("queue", "first-come")
        room = f"; {either(lang, 'room for', '等候上限')} {pool['room']}" if "room" in pool else ""
        yield f"{_named(name, pool, lang)}: {sizes}; {either(lang, 'queue', '排队规则')} {rule}{room}"


def _calendars(calendars: Tree, lang: Lang) -> Iterator[str]:
    for name, calendar in calendars.items():
        if calendar.get("open") == "always":
            yield f"{name}: {either(lang, 'always open', '全天开放')}"
            continue
        hours = calendar.get("open") or {}
        week = "; ".join(f"{days} {', '.join(map(str, times))}" for days, times in hours.items())
        region = calendar.get("region")
        holidays = either(lang, f"; public holidays of {region}", f";{region} 公众假期") if region else ""
        closed, extra = calendar.get("closed") or [], calendar.get("extra") or {}
        also = f"; {either(lang, 'also closed', '另休')} {', '.join(map(str, closed))}" if closed else ""
        more = f"; {either(lang, 'also open', '另开')} {', '.join(map(str, extra))}" if extra else ""
        yield f"{name}: {week}{holidays}{also}{more}"


def _cases(cases: Tree, lang: Lang) -> Iterator[str]:
    arrive = cases.get("arrive") or {}
    streams = {"": arrive} if {"count", "from-csv", "at"} & set(arrive) else arrive
    for name, stream in streams.items():
        yield f"{f'{name}: ' if name else ''}{_stream(stream, lang)}"
    for name, item in (cases.get("classes") or {}).items():
        attributes = ", ".join(f"{k} {v}" for k, v in (item.get("attributes") or {}).items())
        share = number_text(item.get("share", 1), lang)
        also = f" ({attributes})" if attributes else ""
        named = _named(name, item, lang)
        yield either(lang, f"class {named}: share {share}{also}", f"类别 {named}:占比 {share}{also}")
    for name, values in (cases.get("attributes") or {}).items():
        shares = ", ".join(f"{value} {number_text(share, lang)}" for value, share in values.items())
        yield f"{either(lang, 'attribute', '属性')} {name}: {shares}"
    for item in cases.get("backlog") or []:
        count, age = number_text(item.get("count"), lang), law_text(item.get("age"), lang)
        yield either(
            lang,
            f"at the start {count} cases wait at {item.get('at')}, of age {age}",
            f"期初有 {count} 件在 {item.get('at')} 等候,已历时 {age}",
        )
    if cases.get("patience") not in (None, "none"):
        patience = law_text(cases["patience"], lang)
        yield either(lang, f"a case gives up after waiting {patience}", f"等候 {patience} 后放弃")
    for name, value in (cases.get("counts") or {}).items():
        yield f"{name}: {number_text(value, lang)} {either(lang, 'a case', '每件')}"


def _stream(stream: Tree, lang: Lang) -> str:
    if "from-csv" in stream:
        return either(lang, f"recorded in {stream['from-csv']}", f"记录于 {stream['from-csv']}")
    if "at" in stream:
        return either(lang, f"{len(stream['at'])} listed arrivals", f"列明 {len(stream['at'])} 件")
    count, per = number_text(stream.get("count"), lang), number_text(stream.get("per"), lang)
    exact = either(lang, "exactly ", "恰好 ") if stream.get("exactly") is True else ""
    text = either(lang, f"{exact}{count} arrive in {per}", f"{per}内{exact}到达 {count} 件")
    if "during" in stream:
        text += either(lang, f", while {stream['during']} is open", f",在 {stream['during']} 开放时")
    if "profile" in stream:
        text += either(lang, ", more at some hours or weekdays than at others", ",随星期与时刻变化")
    if "growth" in stream:
        growth = number_text(stream["growth"], lang)
        text += either(lang, f"; growing by {growth} a year", f";年增长 {growth}")
    return text


def _levers(items: Sequence[Tree], kind: str, lang: Lang) -> Iterator[str]:
    for item in items:
        source = item.get("from") or {}
        place = ", ".join(str(source[key]) for key in ("document", "at") if key in source)
        yield _named(item.get(kind, ""), item, lang) + (f" [{place}]" if place else "")
        if item.get("why"):
            yield from paragraph(str(item["why"]), "    ", limit=96).splitlines()
        for edit in item.get("edits") or []:
            yield f"    {_edit(edit, lang)}"


def _edit(edit: Tree, lang: Lang) -> str:
    """Return one edit as `kind target: detail, ...`, in the file's own words."""
    keys = list(edit)
    if not keys:
        return "-"
    kind, target = keys[0], edit[keys[0]]
    details = [f"{key} {_detail(edit[key], lang)}" for key in keys[1:]]
    return ": ".join([f"{kind} {_detail(target, lang)}", *([", ".join(details)] if details else [])])


def _detail(value: object, lang: Lang) -> str:
    if isinstance(value, list):
        return ", ".join(_detail(item, lang) for item in value)
    if isinstance(value, Mapping):
        first = next(iter(value.items()), ("", ""))
        if isinstance(first[1], str) and first[0] in {
            "step",
            "wait",
            "mark",
            "block",
            "batch",
            "repeat",
            "choice",
            "end",
        }:
            return str(first[1])
        return law_text(value, lang)
    return str(value)


def _claims(claims: Sequence[Tree], lang: Lang) -> Iterator[str]:
    for claim in claims:
        unit = claim.get("unit", "")
        figures = [
            f"{word} {claim[key]}"
            for key, word in (
                ("before", either(lang, "before", "改革前")),
                ("after", either(lang, "after", "改革后")),
                ("change", either(lang, "change", "变化")),
            )
            if claim.get(key) is not None
        ]
        source = claim.get("document") or {}
        place = ", ".join(str(source[key]) for key in ("document", "at") if key in source)
        yield _named(claim.get("claim", ""), claim, lang) + (f" [{place}]" if place else "")
        spans = claim.get("spans") or [[claim.get("from"), claim.get("to")]]
        span = "; ".join(f"{first} - {last}" for first, last in spans)
        statistic, clock = claim.get("statistic", "mean"), claim.get("clock", "elapsed")
        comparator, population = claim.get("comparator", "exact"), claim.get("population", "closed-in")
        said = ", ".join(figures) or "-"
        yield f"    {statistic}, {unit} ({clock}), {span}, {population}: {said} ({comparator})"
        if source.get("says"):
            yield from paragraph(str(source["says"]), "    ", limit=96).splitlines()


def _documents(documents: Tree) -> Iterator[str]:
    for name, document in documents.items():
        facts = [str(document[key]) for key in ("title", "issuer", "date") if document.get(key)]
        yield f"{name}: {'; '.join(facts)}"


def _numbers(found: Sequence[SourcedNumber], lang: Lang) -> str:
    kinds = {
        "fact": either(lang, "fact", "事实"),
        "assumption": either(lang, "assumed", "假设"),
        "dial": either(lang, "dial", "待校准"),
        "derived": either(lang, "derived", "推算"),
    }
    column = max(map(width, kinds.values())) + 2
    out = []
    for item in found:
        kind = kinds[item.kind]
        hanging = " " * (column + 2)
        out.append(f"  {kind}{' ' * (column - width(kind))}{item.where}: {_value(item, lang)}")
        source = ", ".join(part for part in (item.document, item.at) if part)
        if reason := " - ".join(part for part in (source, item.why) if part):
            out.append(paragraph(reason, hanging))
    return "\n".join(out)


def _value(item: SourcedNumber, lang: Lang) -> str:
    if item.kind in {"fact", "derived"}:
        return item.value or "-"
    span = either(lang, f"{item.low} to {item.high}", f"{item.low} 至 {item.high}")
    likely = either(lang, f", likely {item.value}", f",最可能 {item.value}") if item.value else ""
    return span + likely


def _named(name: object, item: Tree, lang: Lang) -> str:
    shown = title(item.get("title"), lang)
    return f"{name} ({shown})" if shown else str(name)
