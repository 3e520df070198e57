"""The report page: what it says, in both languages; it asks nothing of a network and escapes all text."""

from __future__ import annotations

import functools
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from sim.evidence.finding import Influence, Sensitivity, Verdict
from sim.report.language import Lang
from sim.report.page.build import LANGS, Pictures, report
from sim.report.page.findings import inputs_tables
from sim.report.page.texts import WORDS
from sim.report.words import number_rows
from tests.made_replay import MANIFEST, evidence_by_name, made_replay, made_scenario, made_titles

VOID = {"meta", "link", "input", "img", "br"}


class Page(HTMLParser):
    """Reads a page: headings, texts of each language, and whether its elements nest."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.headings: dict[str, list[int]] = {}
        self.attributes: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {}
        self._lang = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.attributes.append((tag, found))
        if tag == "main":
            self._lang = str(found["lang"])
        if re.fullmatch("h[1-6]", tag):
            self.headings.setdefault(self._lang, []).append(int(tag[1]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._lang and data.strip():
            self.texts.setdefault(self._lang, []).append(data.strip())

    def text(self, lang: Lang) -> str:
        return " ".join(self.texts["zh-CN" if lang == "zh" else "en"])


@functools.cache
def html(evidence: bool = True, lang: Lang = "en") -> str:
    result = made_replay(evidence)
    titles = made_titles()
    drawn = {each: evidence_by_name(result.readings, titles, each) for each in LANGS}
    return report(result, MANIFEST, {each: Pictures((), drawn[each]) for each in LANGS}, titles, lang)


@functools.cache
def page(evidence: bool = True, lang: Lang = "en") -> Page:
    return Page(html(evidence, lang))


def test_unit_the_answer_says_claim_result_verdict_causes_and_what_would_flip_it():
    text = page().text("en")
    told = text[: text.index("2. The process")]
    for part in (
        "110 working days before, at most 0 working days after",
        "28.1 working days after the reform (90 % interval 23.1 to 32.6, over 121 draws of the inputs)",
        "✗ contradicted: the whole 90 % interval lies outside what the claim allows",
        "≈ plausible, more draws needed: resampled draws agree on a verdict only 82 % of the time",
        "limit-study (50 % of the variation)",
        "technical review bought from third parties",
        "no value of returned within 0.1 to 0.5 does",
        "no number of staff is enough: with nobody waiting for staff it is still 26.1 working days",
        "Source: 关于推广借鉴广州开发区营商环境改革创新经验做法的通知",
    ):
        assert part in told, part
    chinese = page().text("zh")
    assert "不相符：整个 90% 区间都在该说法允许的范围外" in chinese
    assert "改革前 110 个工作日，改革后 至多 0 个工作日" in chinese


def test_unit_without_draws_the_page_says_so_and_compares_at_the_likeliest_inputs():
    text = page(evidence=False).text("en")
    assert text.count("No draws of the inputs were made: this is a comparison") == 2
    assert "differs by +26.2 working days at the likeliest inputs" in text
    assert "not known: no draws of the inputs were made; section 7 lists all 41 assumptions" in text
    assert "the change is not taken apart by lever" in text
    assert "contradicted" not in text


def test_unit_all_nine_parts_stand_in_order_in_both_languages():
    parts = ("answer", "process", "figures", "verdicts", "causes", "depends", "numbers", "sheet", "again")
    for lang in LANGS:
        text = page().text(lang)
        places = [text.rindex(WORDS[part][lang == "zh"]) for part in parts]
        assert places == sorted(places)


def test_unit_verdicts_show_every_reading_with_the_three_errors_and_the_draws():
    text = page().text("en")
    for part in ("110 days are limits added up along the way", "at most 1 working day", "+28.1 working days",
                 "Standard deviation from: luck of the period", "128 / 121 / 84", "Draws without a solution",
                 "before stays below the documented figure (7)", "Why this much is allowed"):  # fmt: skip
        assert part in text, part
    assert text.count("128 / 121 / 84") == 9, "three claims under three readings"


def test_unit_the_inputs_that_matter_less_are_folded_away():
    one = Influence("x", "days", 1.0, 3.0, 2.0, 20.0, 30.0, 0.25, 0.1, 0.5, 0.04)
    rows = tuple(replace(one, name=f"input-{i}") for i in range(15))
    many = Sensitivity("office.time", "only", "days", "after", 25.0, rows, 0.52)
    first, told, others = inputs_tables(many, "en")
    assert others is not None
    assert [len(first.rows), len(others.rows)] == [12, 3]
    assert (told, others.caption) == ("3 more inputs, which matter less", "After the reform")
    assert first.caption.startswith("After the reform. Total indices")
    assert "52 %" in first.caption
    assert first.headers[-1] == "With interactions (total index)"
    assert first.rows[0][-1] == "50 % ± 4.0 %"
    assert inputs_tables(replace(many, rows=rows[:13]), "zh")[2] is None, "one is not folded away"


def test_unit_every_number_of_the_file_is_there_with_its_source():
    rows = number_rows(made_scenario().raw)
    text = page().text("en")
    assert len(rows) > 60
    for row in rows:
        assert str(row["where"]) in text
        assert row["why"] is None or " ".join(str(row["why"]).split()) in " ".join(text.split())


def test_unit_the_sheet_leaves_to_a_person_what_only_a_person_knows():
    assert html().count('class="blank"') == 2 * 4
    text = page().text("en")
    for item in ("Purpose of the model", "Base model overview diagram", "Initialisation", "Random sampling",
                 "Computer model sharing statement"):  # fmt: skip
        assert item in text
    assert len(re.findall(r"\b[1-6]\.\d(?:\.\d)? [A-Z]", text[text.index("8. Reporting sheet") :])) >= 20


def test_unit_the_page_says_how_to_get_the_same_numbers():
    text = page().text("en")
    assert "reform-replay replay one-seal-approval --reps 5 --seed 7 --engine compiled" in text
    assert "reform-replay 9.8.7" in text
    assert made_scenario().text_hash in text
    one = report(made_replay(readings=1), MANIFEST, dict.fromkeys(LANGS, Pictures()), made_titles())
    assert "--engine compiled --reading mean-of-cases" in one


def test_unit_the_page_asks_nothing_of_a_network():
    for tag, attributes in page().attributes:
        assert tag not in {"script", "iframe", "object", "embed"}
        for name, value in attributes.items():
            if name in {"src", "href"}:
                assert str(value).startswith(("data:", "#", "../../index.html")), value
            assert not name.startswith("on")
    assert "url(http" not in html()
    assert "@import" not in html()


def test_unit_text_of_a_scenario_is_shown_and_not_read():
    assert "&lt;b&gt;a test&lt;/b&gt;: the page must show this &amp; not read it" in html()
    assert "<b>a test</b>" not in html()


def test_unit_the_page_is_accessible():
    found = page()
    assert not found.open
    for lang in ("en", "zh-CN"):
        levels = found.headings[lang]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(b <= a + 1 for a, b in pairwise(levels)), "no level is left out"
    identities = [attributes["id"] for _, attributes in found.attributes if "id" in attributes]
    assert len(identities) == len(set(identities))
    for tag, attributes in found.attributes:
        if tag == "img":
            assert len(str(attributes["alt"])) > 20
        if tag == "svg":
            assert attributes["role"] == "img"
            assert attributes["aria-label"]
        if tag == "th":
            assert attributes["scope"] in ("col", "row")
        if tag == "a" and str(attributes["href"]).startswith("#"):
            assert str(attributes["href"])[1:] in identities


@pytest.mark.parametrize("lang", LANGS)
def test_unit_the_language_asked_for_is_shown_first(lang: Lang):
    found = page(lang=lang)
    checked = [attributes["id"] for _, attributes in found.attributes if "checked" in attributes]
    assert checked == [f"lang-{lang}"]
    assert dict(found.attributes[0][1])["lang"] == {"en": "en", "zh": "zh-CN"}[lang]


def test_unit_every_verdict_has_words_and_a_sign():
    from sim.report.page.answer import VERDICT_SIGNS

    for verdict in Verdict:
        key = verdict.name.lower()
        assert {key, f"plain.{key}"} <= set(WORDS)
        assert VERDICT_SIGNS[key]


def test_unit_every_word_of_the_page_is_there_in_both_languages():
    for key, (english, chinese) in WORDS.items():
        assert english, key
        assert chinese, key
        assert set(re.findall(r"{\w+}", english)) == set(re.findall(r"{\w+}", chinese)), key
