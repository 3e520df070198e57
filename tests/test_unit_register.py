"""The register: complete, well formed, in the project's own words; and the documents' own arithmetic."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from sim.register.arithmetic import RULES, Sum, arithmetic, number, work_out
from sim.register.register import register
from sim.scenario.load import load

ROOT = Path(__file__).parent.parent
KINDS = {"endpoint", "after", "change", "count", "structure", "target"}
UNITS = {"working days", "days", "hours", "seconds", "months", "share", "times", "count", "yuan"}


def test_every_figure_is_whole() -> None:
    for figure in register().figures:
        assert figure.kind in KINDS, figure.id
        assert figure.unit in UNITS, figure.id
        assert figure.what, figure.id
        assert figure.at, figure.id
        assert figure.document in register().documents, figure.id
        values = {name for name in ("before", "after", "change") if getattr(figure, name) is not None}
        if figure.kind == "endpoint":
            assert {"before", "after"} <= values, figure.id
        assert values, figure.id
        if figure.unit == "share" and figure.change is None:
            shares = figure.after if isinstance(figure.after, tuple) else (figure.after,)
            assert all(value is not None and 0 <= value <= 1 for value in shares), figure.id


def test_names_are_used_once_and_services_have_titles_in_both_languages() -> None:
    services = register().services
    assert len(services) == 70
    assert {service.ring for service in services} == {1, 2, 3}
    for ids in ([s.id for s in services], [f.id for f in register().figures]):
        assert not [name for name, times in Counter(ids).items() if times > 1]
    for service in services:
        assert service.figures, service.id
        assert re.search(r"[\u4e00-\u9fff]", service.title["zh"]), service.id
        assert service.title["en"].isascii(), service.id
        assert service.place["en"].isascii(), service.id
        assert len(service.title["zh"]) <= 16, service.id


def test_words_are_the_projects_own() -> None:
    """What is measured and how it reads is told in English, without a run of the original."""
    for figure in register().figures:
        assert not re.search(r"[\u4e00-\u9fff]", figure.what + figure.reads), figure.id


def test_documents_have_issuer_and_date() -> None:
    for document in register().documents.values():
        assert document.issuer
        year, *rest = document.date.split("-")
        date(int(year), *(int(part) for part in [*rest, "1", "1"][:2]))


def test_figures_that_scenarios_judge_are_as_the_register_has_them() -> None:
    """Before, after and unit of every claim of a shipped scenario are those of the register."""
    figures = {figure.id: figure for figure in register().figures}
    judged = 0
    for path in sorted((ROOT / "scenarios").glob("*.yaml")):
        for claim in load(path).model.claims:
            figure = figures.get(str(claim.name))
            if figure is None:  # another way to read a figure, under a name of its own
                continue
            judged += 1
            for side in ("before", "after"):
                stated = getattr(claim, side)
                if isinstance(stated, int | float) and isinstance(getattr(figure, side), float):
                    assert float(stated) == getattr(figure, side), f"{claim.name}, {side}"
    assert judged >= 4


def found(name: str) -> Sum:
    return next(one for one in arithmetic() if one.id == name)


def test_figures_that_follow_from_others() -> None:
    cut = found("delegated.cut")
    assert cut.computed == pytest.approx(1 - 3018 / 5598)
    assert (cut.how, cut.tolerance) == ("rounded", pytest.approx(0.005))
    rate = found("ip.rate")  # 66.502 %, which rounds to 67 %: the document drops the digits
    assert rate.computed == pytest.approx(135 / 203)
    assert rate.how == "cut off"
    assert found("research.share").how == "rounded"


def test_figures_that_do_not_follow_are_found() -> None:
    """Each was looked up in the document again: the numbers are as it has them, and do not agree."""
    assert {one.id for one in arithmetic() if not one.consistent} == {
        "huangpu.private-growth", "zhuhai-outsourcing.kinds", "country-outsourcing.east",
    }  # fmt: skip


def entry(rule: str, inputs: list[object], stated: str) -> dict[str, object]:
    return {
        "id": "x",
        "what": "x",
        "document": "gdd39",
        "at": "x",
        "rule": rule,
        "from": inputs,
        "stated": stated,
    }


@pytest.mark.parametrize(
    ("rule", "inputs", "stated", "how"),
    [
        ("share", [1, 3], "33 %", "rounded"),
        ("share", [2, 3], "67 %", "rounded"),
        ("share", [2, 3], "66 %", "cut off"),
        ("share", [2, 3], "65 %", "no"),
        ("share", [2, 3], "68 %", "no"),
        ("cut", [12, 3], "75 %", "rounded"),
        ("growth", ["2.0", "5.0"], "150 %", "rounded"),
        ("growth", ["2.0", "5.0"], "160 %", "no"),
        ("sum", ["~10", "~10"], "21", "rounded"),
        ("sum", [10, 10], "21", "no"),
        ("difference", ["14.1", "6.5"], "7.6", "rounded"),
        ("yearly", [100, 121, 2], "10 %", "rounded"),
        ("ratio", ["~60", "~10"], "6", "rounded"),
        ("share", [91, 213], "> 40 %", "at least"),
        ("share", [80, 213], "> 40 %", "no"),
        ("share", [">2500", "~97300"], "2.65 %", "rounded"),
        ("share", [">2500", "~97300"], "2.45 %", "no"),
    ],
)
def test_rounding_decides_what_is_consistent(rule: str, inputs: list[object], stated: str, how: str) -> None:
    assert work_out(entry(rule, inputs, stated)).how == how


def test_numbers_are_read_with_their_last_digit() -> None:
    assert (number("5866.7").value, number("5866.7").unit) == (5866.7, pytest.approx(0.1))
    assert number(135).unit == 0
    assert number("~60").unit == 1
    assert (number("46 %").value, number("46 %").unit) == (pytest.approx(0.46), pytest.approx(0.01))
    with pytest.raises(ValueError, match="no number"):
        number("many")
    assert set(RULES) >= {one.rule for one in arithmetic()}
    assert not [n for n, times in Counter(one.id for one in arithmetic()).items() if times > 1]
