"""Figures of the evidence: legible whatever the data, in both languages, and true to what they are given."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from matplotlib.text import Text

from sim.evidence.finding import Verdict
from sim.evidence.values import judged_values
from sim.figures import attribution, sensitivity, style, verdicts
from sim.report.page.pictures import drawn_claims
from tests.made_evidence import made_evidence
from tests.made_replay import CLAIMS, evidence_by_name, made_replay, made_titles
from tests.test_unit_figures import LONG, assert_legible, drawn_text

__all__ = ["drawn_text"]

EVIDENCE = made_evidence("mean-of-cases", CLAIMS)


def rows(place: int, count: int = 1, **changes: object) -> list[verdicts.Predicted]:
    judged = dataclasses.replace(EVIDENCE.judged[place], **changes)  # type: ignore[arg-type]
    values = EVIDENCE.figures[CLAIMS[place]][:, 1]
    title = {"en": LONG, "zh": "一种相当长的读法" * 3} if count > 1 else {}
    return [verdicts.Predicted(title, judged, values + 2 * n, EVIDENCE.weights) for n in range(count)]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_unit_evidence_figures_are_legible(drawn_text: list[Text], lang: str):
    titles = {name: {"en": LONG, "zh": "一项名称相当长的改革措施" * 3} for name in ("one-bureau", "demand")}
    few = dataclasses.replace(EVIDENCE.sensitivities[0], rows=EVIDENCE.sensitivities[0].rows[:1])
    with style.look(lang):
        figures = [
            verdicts.draw(LONG, rows(0, 3), lang),
            verdicts.draw(LONG, rows(1), lang),
            verdicts.draw(LONG, rows(2, 2, verdict=Verdict.MORE_DRAWS), lang),
            verdicts.draw("x", rows(0, documented=(20.0, 30.0), region=(20.0, 30.0)), lang),
            attribution.draw(LONG, EVIDENCE.attributions[0], titles, lang),
            attribution.draw("x", EVIDENCE.attributions[2], {}, lang),
            sensitivity.draw(LONG, EVIDENCE.sensitivities[:2], lang),
            sensitivity.draw("x", [few], lang),
        ]
        for figure in figures:
            assert_legible(figure, drawn_text)


def test_unit_a_verdict_figure_shows_region_documented_figure_and_interval():
    (row,) = rows(0)
    with style.look():
        axes = verdicts.draw("x", [row]).axes[0]
    spread = row.judged.after
    assert spread is not None
    lines = [np.asarray(line.get_xdata()) for line in axes.lines]
    assert any(line.tolist() == [spread.low, spread.high] for line in lines)
    assert any(set(line.tolist()) == {0.0} for line in lines), "the documented 0"
    bars = [patch.get_height() for patch in axes.patches if patch.get_width() < 1]
    assert sum(bars) == pytest.approx(1.0), "the weights of all draws"


def test_unit_bars_of_an_attribution_add_up_to_the_whole_change():
    found = EVIDENCE.attributions[0]
    with style.look():
        left, right = attribution.draw("x", found, {}).axes
    for axes in (left, right):
        *parts, whole = [bar.get_width() for bar in axes.patches]
        assert sum(parts) == pytest.approx(whole)
        assert whole == pytest.approx(found.total.mean)


def test_unit_a_tornado_names_its_inputs_in_the_order_given():
    with style.look():
        figure = sensitivity.draw("x", EVIDENCE.sensitivities[:2])
    labels = [label.get_text().split(":")[0] for label in figure.axes[0].get_yticklabels()]
    assert labels == [row.name for row in EVIDENCE.sensitivities[0].rows[: sensitivity.MOST]]


def test_unit_only_claims_with_a_documented_figure_have_figures():
    result = made_replay()
    found = evidence_by_name(result.readings, made_titles(), "en")
    assert set(found) == {
        f"{kind}-{claim}"
        for kind, claim in [
            ("verdict", "one-seal-time"), ("attribution", "one-seal-time"), ("sensitivity", "one-seal-time"),
            ("verdict", "one-seal-within"), ("attribution", "one-seal-within"),
        ]
    }  # fmt: skip
    assert "28.1" in found["verdict-one-seal-time"].finding
    assert evidence_by_name(made_replay(evidence=False).readings, {}, "en") == {}
    bare = dataclasses.replace(result.readings[0], claims=result.readings[0].claims[1:2])
    assert [str(r.claim.name) for r in drawn_claims(bare)] == ["one-seal.elapsed"], "else the first"


def test_unit_the_judged_figure_is_after_or_the_change_on_its_scale():
    claim = made_replay().readings[0].claims[0].claim
    figures = np.array([[10.0, 4.0], [0.0, 5.0]])
    ratio = claim.model_copy(update={"scale": "ratio"})
    assert judged_values(claim, "after", figures).tolist() == [4.0, 5.0]
    assert judged_values(claim, "change", figures).tolist() == [-6.0, 5.0]
    first, second = judged_values(ratio, "change", figures)
    assert first == pytest.approx(-0.6)
    assert np.isnan(second)
