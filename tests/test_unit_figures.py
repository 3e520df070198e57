"""Every figure renders, whatever the data: no text over other text or off the page, same bytes each time."""

from __future__ import annotations

import dataclasses
import functools
import subprocess
import sys
from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from fontTools.ttLib import TTFont
from matplotlib.figure import Figure
from matplotlib.text import Text

from sim.figures import case_path, lead_time, style, time_kinds, utilisation, weeks, words
from sim.figures.all import draw_all, figures, picture
from sim.figures.data import FigureClaim, FigureData
from sim.figures.texts import WORDS
from sim.measures.claims import ClaimSpec
from sim.measures.path import average_paths
from sim.measures.statistics import Interval
from tests.figure_office import figure_data, offices_run

NAMES = [
    "lead-time-permit-desk-mean",
    "time-kinds",
    "weeks",
    "utilisation",
    "utilisation-experts",
    "utilisation-reviewers",
    "case-path",
]


@pytest.fixture
def drawn_text(monkeypatch: pytest.MonkeyPatch) -> list[Text]:
    """Collect every text that is really drawn."""
    seen: list[Text] = []
    draw = Text.draw

    def spy(self: Text, renderer: object) -> None:
        if self.get_visible() and self.get_text().strip():
            seen.append(self)
        draw(self, renderer)  # type: ignore[arg-type]

    monkeypatch.setattr(Text, "draw", spy)
    return seen


def assert_legible(figure: Figure, seen: list[Text]) -> None:
    """Fail if a drawn text leaves the page or touches another one."""
    seen.clear()
    figure.canvas.draw()
    boxes = [(text.get_text(), text.get_window_extent()) for text in seen]
    assert boxes
    width, height = figure.bbox.width, figure.bbox.height
    for words_, box in boxes:
        inside = box.x0 >= 0 and box.y0 >= 0 and box.x1 <= width and box.y1 <= height
        assert inside, f"off the page: {words_!r}"
    for (one, a), (other, b) in combinations(boxes, 2):
        across = min(a.x1, b.x1) - max(a.x0, b.x0)
        up = min(a.y1, b.y1) - max(a.y0, b.y0)
        assert across <= 0.5 or up <= 0.5, f"{one!r} touches {other!r}"


def with_claim(data: FigureData, **changes: object) -> FigureData:
    return dataclasses.replace(data, claims=(dataclasses.replace(data.claims[0], **changes),))  # type: ignore[arg-type]


def share_claim(data: FigureData) -> FigureClaim:
    """Return the claim "within 5 days", with its shares."""
    claim = data.claims[0]
    simulated = {}
    for name, samples in claim.values.items():
        share = float(np.mean([np.mean(sample <= 5) for sample in samples]))
        simulated[name] = Interval(share, share - 0.02, share + 0.02, 0.02, len(samples), 0.95)
    return dataclasses.replace(
        claim, statistic="share", within=5.0, documented={"before": 0.4, "after": 0.95}, simulated=simulated
    )


WHOLE = ("plain", "one replication", "one side", "long names", "worse")
CLAIMS = (
    "nothing documented", "close together", "range", "at the right edge", "share", "p90", "max",
)  # fmt: skip
LONG = "joint review of building, fire, environment and water drawings by the district bureau"


@functools.cache
def shaped(shape: str) -> FigureData:
    """Return data of some shape."""
    data = figure_data(2)
    before, after = data.sides
    by_claim = figure_data(2, spec=ClaimSpec((("accepted", "decided"),)))
    assert data.path is not None
    own = data.path[1:]
    titles = {node.name: {"en": f"{node.name}: {LONG}"} for node in before.network.nodes}
    shapes: dict[str, Callable[[], FigureData]] = {
        "plain": lambda: data,
        "one replication": lambda: dataclasses.replace(
            with_claim(data, values={n: v[:1] for n, v in data.claims[0].values.items()}),
            sides=tuple(dataclasses.replace(side, runs=side.runs[:1]) for side in data.sides),
        ),
        "one side": lambda: dataclasses.replace(data, sides=(after,), claims=(), reading={}, path=own),
        "long names": lambda: dataclasses.replace(
            by_claim,
            title={"en": LONG, "zh": "许可" * 40},
            elements=titles,
            reading={"en": "as limits added up"},
        ),
        "worse": lambda: dataclasses.replace(
            data,
            sides=(dataclasses.replace(after, name="before"), dataclasses.replace(before, name="after")),
            path=data.path[::-1],
        ),
        "nothing documented": lambda: with_claim(data, documented={"before": None}),
        "close together": lambda: with_claim(
            data, documented={"before": 9.05, "after": 9.0}, comparator="at-most"
        ),
        "range": lambda: with_claim(
            data, documented={"before": (8.0, 11.0), "after": (3.0, 4.0)}, comparator="range"
        ),
        "at the right edge": lambda: with_claim(
            data, documented={"before": 110.0, "after": 109.0}, comparator="about"
        ),
        "share": lambda: dataclasses.replace(data, claims=(share_claim(data),)),
        "p90": lambda: with_claim(data, statistic="p90"),
        "max": lambda: with_claim(data, statistic="max"),
    }
    return shapes[shape]()


@pytest.mark.parametrize("shape", WHOLE)
def test_unit_every_figure_is_legible(shape: str, drawn_text: list[Text]):
    with style.look("en"):
        made = figures(shaped(shape), "en")
        assert len(made) == len(NAMES)
        for name, figure in made:
            try:
                assert_legible(figure, drawn_text)
            except AssertionError as error:
                raise AssertionError(f"{name}: {error}") from None


@pytest.mark.parametrize("shape", CLAIMS)
def test_unit_every_claim_is_legible(shape: str, drawn_text: list[Text]):
    data = shaped(shape)
    with style.look("en"):
        assert_legible(lead_time.draw(data, data.claims[0]), drawn_text)


def test_unit_text_check_sees_an_overlap(drawn_text: list[Text]):
    figure = style.new_figure(3)
    figure.text(0.5, 0.5, "one")
    figure.text(0.51, 0.5, "two")
    with pytest.raises(AssertionError, match="touches"):
        assert_legible(figure, drawn_text)
    figure.texts[1].set_position((0.99, 0.5))
    with pytest.raises(AssertionError, match="off the page"):
        assert_legible(figure, drawn_text)


def test_unit_chinese_figures_are_legible(drawn_text: list[Text]):
    with style.look("zh"):
        for name in ("plain", "long names"):
            for _, figure in figures(shaped(name), "zh"):
                assert_legible(figure, drawn_text)


def test_unit_the_package_has_a_glyph_for_every_chinese_word_it_may_draw():
    with TTFont(style.CHINESE_FONT, lazy=True) as font:
        held = set(font.getBestCmap())
    shown = "".join(chinese for _, chinese in WORDS.values())
    shown += "".join(path.read_text(encoding="utf-8") for path in Path("scenarios").glob("*.yaml"))
    assert not {c for c in shown if c > "\u2e80" and ord(c) not in held}
    assert ord("\u9f98") not in held, "a rare letter, which shows that the test can fail"


def test_unit_a_figure_tells_its_finding_to_those_who_do_not_see_it():
    with style.look("zh"):
        name, figure = figures(shaped("plain"), "zh")[0]
        first = picture(name, figure, style.svg_bytes(figure))
    assert "平均办理时间" in first.finding
    assert "许可窗口" in first.subject
    assert first.svg.startswith(b"<?xml")


def test_unit_files_come_out_equal_and_leave_matplotlib_as_it_was(tmp_path: Path):
    data = figure_data(2)
    settings = dict(mpl.rcParams)
    first = draw_all(data, tmp_path / "a")
    second = draw_all(data, tmp_path / "b", lang="en")
    assert dict(mpl.rcParams) == settings
    assert [path.name for path in first] == [
        f"{name}{suffix}" for name in NAMES for suffix in (".png", ".svg")
    ]
    for one, other in zip(first, second, strict=True):
        assert one.read_bytes() == other.read_bytes(), one.name
    assert b"<dc:date>" not in first[1].read_bytes()


def test_unit_no_figure_loads_pyplot_and_no_table_loads_matplotlib():
    code = (
        "import sys, sim.measures.series, sim.measures.path, sim.measures.kinds\n"
        "assert 'matplotlib' not in sys.modules\n"
        "import sim.figures.all\n"
        "assert 'matplotlib.pyplot' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_unit_titles_say_the_finding():
    data = figure_data(2)
    claim = data.claims[0]
    values = {name: claim.simulated[name].estimate for name in ("before", "after")}
    text = (
        f"Mean lead time falls from {words.number(values['before'])} to {words.number(values['after'])} days"
    )
    assert lead_time.finding(claim, ["before", "after"], "en") == text
    assert lead_time.finding(claim, ["after", "before"], "en").startswith("Mean lead time rises from")
    day = 86400.0
    means = {
        "before": {"touch": day, "queue": 5 * day, "wait": 10 * day},
        "after": {"touch": day, "queue": 2 * day, "wait": 9 * day},
    }
    assert (
        time_kinds.finding(means, "en")
        == "Most of the time saved: waiting for busy staff (−3.00 d of −4.00 d)"
    )
    assert time_kinds.finding({"before": means["after"], "after": means["before"]}, "en").startswith(
        "No time"
    )
    assert utilisation.finding([0.571, 0.368], "en").endswith("57 % of the time before, 37 % after")
    assert weeks.finding(data, "en").startswith("On average ")
    assert (
        case_path.finding([5 * 86400, 3600], "en") == "The same case takes 5.00 d before and 60.0 min after"
    )


def test_unit_a_pool_of_one_side_is_drawn_for_that_side(drawn_text: list[Text]):
    data = figure_data(2)
    before, after = data.sides
    pools = tuple(dataclasses.replace(pool, name=f"{pool.name}-new") for pool in after.network.pools)
    network = dataclasses.replace(after.network, pools=pools)
    data = dataclasses.replace(data, sides=(before, dataclasses.replace(after, network=network)))
    assert utilisation.busiest(data, 2) == ["experts", "reviewers"]
    with style.look():
        figure = utilisation.draw(data, pool="clerks-new")
        assert_legible(figure, drawn_text)
    assert any(text.get_text().startswith("After: staff on shift") for text in figure.texts)


def test_unit_many_elements_share_the_last_row(monkeypatch: pytest.MonkeyPatch, drawn_text: list[Text]):
    monkeypatch.setattr(case_path, "_MOST_ROWS", 4)
    with style.look():
        figure = case_path.draw(figure_data(2))
        assert figure is not None
        assert_legible(figure, drawn_text)
    labels = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert len(labels) == 4
    assert labels[-1].endswith("short elements")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0.00"),
        (3.296, "3.30"),
        (12.34, "12.3"),
        (110.2, "110"),
        (154321.0, "154\u2009321"),
        (-2.5, "−2.50"),
    ],
)
def test_unit_computed_numbers_have_three_digits(value: float, text: str):
    assert words.number(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(110, "110"), (3.4, "3.4"), (0.95, "0.95"), (154000, "154\u2009000")]
)
def test_unit_stated_numbers_stay_as_they_were_stated(value: float, text: str):
    assert words.plain(value) == text


@pytest.mark.parametrize(
    ("seconds", "unit", "text"),
    [
        (0, None, "0"),
        (90, None, "90.0 s"),
        (25 * 60, None, "25.0 min"),
        (47 * 3600, None, "47.0 h"),
        (47 * 3600, "days", "1.96 d"),
        (30 * 60, "days", "30.0 min"),
        (40 * 86400, None, "40.0 d"),
    ],
)
def test_unit_lengths_of_time_read_well(seconds: float, unit: str | None, text: str):
    assert words.duration(seconds, "en", unit) == text


def test_unit_every_word_stands_in_both_languages():
    for key, pair in WORDS.items():
        english, chinese = pair
        assert english, key
        assert chinese, key
        assert set(_fields(english)) == set(_fields(chinese)), key


def _fields(text: str) -> list[str]:
    return [part.split("}")[0] for part in text.split("{")[1:]]


def test_unit_runs_without_cases_or_of_a_few_days_can_be_drawn(drawn_text: list[Text]):
    data = figure_data(2)
    office = offices_run(2)[0]
    records = office.records[0]
    nobody = dataclasses.replace(
        records, cases=records.cases[:0], steps=records.steps[:0], pieces=records.pieces[:0],
        meetings=records.meetings[:0], busy_area=records.busy_area * 0, stopped=3 * 86400,
    )  # fmt: skip
    side = dataclasses.replace(office, records=(nobody,)).side()
    path = average_paths((office.network, nobody, None))
    empty = dataclasses.replace(data, claims=(), sides=(side,), path=path)
    with style.look():
        made = dict(figures(empty, "en"))
        assert "lead-time" not in made
        assert "case-path" not in made
        for figure in made.values():
            assert_legible(figure, drawn_text)
