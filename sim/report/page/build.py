"""Puts a report together: one HTML file with both languages that asks nothing of a network."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from sim.diagram.svg import STYLE
from sim.diagram.words import SIGNS
from sim.diagram.words import say as drawn_word
from sim.evidence.region import claimed
from sim.evidence.result import ReplayResult
from sim.report.language import Lang, either, title
from sim.report.page import findings, write
from sim.report.page.again import again
from sim.report.page.answer import answer, break_even
from sim.report.page.drawing import Compared, compared, drawn
from sim.report.page.han import font_for, han_letters
from sim.report.page.sheet import sheet
from sim.report.page.texts import say
from sim.report.words import number_rows
from sim.scenario.variant import STATED, lever_trees, reading_names

if TYPE_CHECKING:
    import jinja2

    from sim.figures.all import Picture

LANGS: tuple[Lang, Lang] = ("en", "zh")
Titles = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Pictures:
    """The figures of a report in one language.

    Attributes
    ----------
    main : of the headline reading, in order.
    evidence : by name: ``verdict-CLAIM``, ``attribution-CLAIM``, ``sensitivity-CLAIM``.
    """

    main: Sequence[Picture] = ()
    evidence: Mapping[str, Picture] = field(default_factory=dict)


def report(
    result: ReplayResult,
    manifest: Mapping[str, Any],
    pictures: Mapping[Lang, Pictures],
    titles: Titles,
    lang: Lang = "en",
) -> str:
    """Return the report of a replay as one HTML document.

    Parameters
    ----------
    result : all readings, headline first; their records are not needed.
    manifest : of the run, with versions and machine.
    pictures : the figures, by language.
    titles : of all named things of the scenario.
    lang : shown first.
    """
    seen = compared(lever_trees(result.scenario, result.readings[0].reading))
    bodies = {each: _body(result, manifest, pictures[each], titles, seen, each) for each in LANGS}
    page = _templates().get_template("report.html.j2")
    return with_font(
        page, bodies, lang, title={each: bodies[each]["title"] for each in LANGS}, drawing_style=STYLE
    )


def with_font(
    page: jinja2.Template, bodies: Mapping[Lang, Mapping[str, Any]], lang: Lang, **more: Any
) -> str:
    """Return a page with a font for the Chinese letters that stand in it."""
    html = page.render(bodies=bodies, lang=lang, font=_FONT_HERE, **more)
    return html.replace(_FONT_HERE, font_for(han_letters([html])))


#: Stands in a page for its font until its letters are known.
_FONT_HERE = "FONT-OF-THIS-PAGE"


@cache
def _templates() -> jinja2.Environment:
    import jinja2

    found = jinja2.Environment(
        loader=jinja2.PackageLoader("sim.report"), autoescape=True, undefined=jinja2.StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    found.filters["data"] = _data
    found.globals.update(say=say, drawn_word=drawn_word, signs=SIGNS)
    return found


def template(name: str) -> jinja2.Template:
    """Return a template of the package, with autoescape."""
    return _templates().get_template(name)


def _data(picture: Picture) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(picture.svg).decode("ascii")


def _body(
    result: ReplayResult, manifest: Mapping[str, Any], pictures: Pictures, titles: Titles, seen: Compared,
    lang: Lang,
) -> dict[str, Any]:  # fmt: skip
    """Return what the template shows in one language."""
    scenario = result.scenario
    tree = scenario.raw
    headline = result.readings[0]
    rows = number_rows(tree)
    documents = {
        str(name): {"en": str(document.get("title", name))}
        for name, document in (tree.get("documents") or {}).items()
    }
    kinds = [row["kind"] for row in rows]
    counts = {f"{kind}s": str(kinds.count(kind)) for kind in ("fact", "assumption", "dial")}
    every = reading_names(scenario)
    return {
        "lang": lang,
        "title": title(tree.get("title"), lang, scenario.name),
        "about": title(tree.get("about"), lang),
        "scenario": scenario.name,
        "reading": _reading_title(headline.reading, titles, lang),
        "answer": answer(headline, titles, documents, int(counts["assumptions"]), lang),
        "drawn": drawn(seen, tree, lang),
        "figures": pictures.main,
        "claims": [_claim(n, found, result, pictures, titles, lang) for n, found in _claims(result)],
        "evidence": any(reading.evidence is not None for reading in result.readings),
        "warnings": _warnings(result),
        "numbers": [_number(row, documents, lang) for row in rows],
        "numbers_caption": say("numbers-table", lang, **counts),
        "documents": [_document(name, found) for name, found in (tree.get("documents") or {}).items()],
        "sheet": sheet(result, manifest, seen.trees.before, lang),
        "again": again(result, manifest, len(every) > len(result.readings), lang),
        "made": say(
            "print", lang, version=str((manifest.get("versions") or {}).get("reform-replay") or ""),
            date=str(manifest.get("written", ""))[:10],
        ),
    }  # fmt: skip


def _claims(result: ReplayResult) -> Iterable[tuple[str, list[tuple[str, Any]]]]:
    return findings.by_claim(result.readings).items()


def _claim(
    name: str,
    found: list[tuple[str, Any]],
    result: ReplayResult,
    pictures: Pictures,
    titles: Titles,
    lang: Lang,
) -> dict[str, Any]:
    """Return one claim of sections 4 to 6."""
    claim = found[0][1].claim
    headline = result.readings[0].evidence
    named = [(_reading_title(reading, titles, lang) or "–", one) for reading, one in found]
    counts = {reading.reading: reading.reps for reading in result.readings}
    reps = ", ".join(dict.fromkeys(_replications(counts[reading], lang) for reading, _ in found))
    judged = [
        (_reading_title(reading.reading, titles, lang) or "–", one)
        for reading in result.readings
        if reading.evidence
        for one in reading.evidence.judged
        if one.claim == name
    ]
    file = name.replace(".", "-")
    unsolved = {reason: count for _, one in judged for reason, count in one.draws.unsolved}
    return {
        "name": name,
        "anchor": file,
        "title": write.claim_title(claim, lang),
        "why": say("why-region", lang, why=str(claim.why)) if claim.why and claimed(claim)[0] else "",
        "likeliest": findings.likeliest_table(named, say("likeliest-table", lang, reps=reps), lang),
        "verdicts": findings.verdict_table(judged, lang) if judged else None,
        "unsolved": say("unsolved", lang, reasons="; ".join(f"{r} ({n})" for r, n in unsolved.items()))
        if unsolved
        else "",
        "flips": [break_even(one.break_even, one.unit, lang) for _, one in judged[:1] if one.break_even],
        "verdict": pictures.evidence.get(f"verdict-{file}"),
        "attribution": pictures.evidence.get(f"attribution-{file}"),
        "sensitivity": pictures.evidence.get(f"sensitivity-{file}"),
        "shares": [
            findings.shares_table(each, titles, lang)
            for each in (headline.attributions if headline else ())
            if each.claim == name and each.shares
        ],
        "kinds": [
            findings.kinds_table(each, lang)
            for each in (headline.attributions if headline else ())
            if each.claim == name and each.kinds
        ],
        "inputs": [
            findings.inputs_tables(each, lang)
            for each in (headline.sensitivities if headline else ())
            if each.claim == name and each.rows
        ],
    }


def _replications(count: int, lang: Lang) -> str:
    return either(lang, f"{count} replication{'s' if count != 1 else ''}", f"{count} 次模拟")


def _reading_title(name: str, titles: Titles, lang: Lang) -> str:
    return "" if name == STATED else title(titles.get(name), lang, name)


def _number(row: Mapping[str, str | None], documents: Titles, lang: Lang) -> dict[str, str]:
    value = row["value"] or ""
    if row["low"] is not None:
        value = say("region.to", lang, low=str(row["low"]), high=str(row["high"]))
        if row["value"]:
            value += either(lang, ", ", "，") + say("likely-value", lang, value=row["value"])
    source = write.named(row["document"], documents, lang) if row["document"] else ""
    place = ", ".join(part for part in (source, row["at"]) if part)
    return {
        "where": str(row["where"]),
        "kind": str(row["kind"]),
        "kind_word": say(str(row["kind"]), lang),
        "value": value,
        "source": " – ".join(part for part in (place, row["why"]) if part),
    }


def _document(name: str, found: Mapping[str, Any]) -> str:
    facts = [str(found[key]) for key in ("title", "issuer", "date", "address") if found.get(key)]
    return f"{name}: {'; '.join(facts)}"


def _warnings(result: ReplayResult) -> list[str]:
    own = [warning for r in result.readings if r.evidence for warning in r.evidence.warnings]
    return list(dict.fromkeys([*result.warnings, *own]))
