"""Reading a scenario: places of every value, quantities, and what numbers come to."""

from __future__ import annotations

import copy
import hashlib
from pathlib import Path

import pytest

from sim.scenario.files import find, folders
from sim.scenario.load import load, loads
from sim.scenario.model_process import Step, walk
from sim.scenario.model_work import needs
from sim.scenario.numbers import Number
from sim.scenario.positions import Mark, key_mark, mark_of, marked, parse, places
from sim.scenario.units import Dimension, WrongError, parse_quantity
from tests.language import WHOLE

HEAD = """
scenario: desk
title: {en: "Desk", zh: "窗口"}
run: {start: 2023-02-06, warm-up: 0 weeks, window: 1 week, follow-for: 1 week}
calendars: {office: {open: {mon-fri: ["09:00-16:00"]}}}
cases: {arrive: {count: 10, per: 1 week}}
pools: {clerks: {size: 2, on: office}}
numbers: {a: {assume: [10 min, 40 min], why: x},
          b: {assume: [2 working days, 6 working days], likely: 3 working days, why: x},
          c: {assume: [0.2, 0.6], likely: 0.3, why: x}}
"""


def _number(text: str) -> Number:
    scenario = loads(f"{HEAD}process: [{{wait: w, for: {text}}}]\n")
    number: Number = scenario.model.process[0].for_.constant  # type: ignore[union-attr]
    return number


def test_every_value_knows_its_line_and_column() -> None:
    tree = parse("a: 1\nb: [x, {c: true}]\n", "t")
    assert (mark_of(tree, "a"), mark_of(tree, "b"), key_mark(tree, "b")) == (
        Mark(1, 4),
        Mark(2, 4),
        Mark(2, 1),
    )
    assert mark_of(tree["b"], 0) == Mark(2, 5)
    assert mark_of(tree["b"][1], "c") == Mark(2, 9)  # a bool has no place of its own: its key's
    assert tree == {"a": 1, "b": ["x", {"c": True}]}


def test_copies_keep_places_and_new_data_gets_one() -> None:
    tree = copy.deepcopy(parse("a: [x]\n", "t"))
    assert mark_of(tree["a"], 0) == Mark(1, 5)
    new = marked({"k": ["v", tree["a"][0]]}, Mark(7, 3))
    assert (mark_of(new["k"], 0), mark_of(new["k"], 1)) == (Mark(7, 3), Mark(1, 5))


def test_dates_times_and_yes_stay_text() -> None:
    tree = parse("a: 2023-02-06\nb: 09:00\nc: yes\non: off\n", "t")
    assert dict(tree) == {"a": "2023-02-06", "b": "09:00", "c": "yes", "on": "off"}


def test_places_are_named_as_lever_paths() -> None:
    tree = parse(WHOLE, "t")
    names = places(tree)
    route = tree["process"][3]
    assert names.name(mark_of(route["options"]["simple"], "share")) == "route.simple.share"
    assert names.name(mark_of(tree["pools"]["clerks"], "size")) == "pools.clerks.size"
    file = tree["process"][14]["do"][0]["do"][0]
    assert names.name(mark_of(file, "effort")) == "permits.*.file.effort"
    assert names.name(mark_of(tree["reform"][0]["edits"][0], "times")) == "reform.shared-data.edits.1.times"


@pytest.mark.parametrize(
    ("text", "base", "dimension"),
    [
        ("25 min", 1500, Dimension.ELAPSED),
        ("1.5 h", 5400, Dimension.ELAPSED),
        ("90s", 90, Dimension.ELAPSED),
        ("1 month", 30.44 * 86400, Dimension.ELAPSED),
        ("1 year", 365.25 * 86400, Dimension.ELAPSED),
        ("2 working hours", 7200, Dimension.WORKING),
        ("2 working days", 2 * 25200, Dimension.WORKING),
        ("30 %", 0.3, Dimension.PLAIN),
        (7, 7, Dimension.PLAIN),
        ("-1e3", -1000, Dimension.PLAIN),
    ],
)
def test_quantities(text: object, base: float, dimension: Dimension) -> None:
    quantity = parse_quantity(text)
    assert quantity.base(day=25200) == pytest.approx(base)
    assert quantity.dimension is dimension


@pytest.mark.parametrize(
    "text", ["", "min", "25 mni", "1 000", "1,5 h", True, None, [1], float("nan"), float("inf")]
)
def test_what_is_no_quantity(text: object) -> None:
    with pytest.raises(WrongError):
        parse_quantity(text)


@pytest.mark.parametrize(
    ("text", "values", "seconds"),
    [
        ("{use: a}", {}, 25 * 60),  # the middle
        ("{use: a}", {"a": 12.0}, 12 * 60),  # a value is in the unit of the range
        ("{use: b}", {}, 3 * 25200),  # the likely value, of a day of seven hours
        ("{use: b}", {"b": 2.5}, 2.5 * 25200),
        ("{product: [{use: a}, {use: c}]}", {"a": 10.0, "c": 0.5}, 300),
        ("{product: [{use: a}, {complement: {use: c}}]}", {}, 25 * 60 * 0.7),
        ("{quotient: [{use: a}, 2]}", {}, 750),
        ("{sum: [{use: a}, 5 min]}", {}, 1800),
        ("{product: [1 h, {quotient: [{use: a}, 50 min]}]}", {}, 1800),
    ],
)
def test_what_a_number_comes_to(text: str, values: dict[str, float], seconds: float) -> None:
    assert _number(text).resolve(values, 25200) == pytest.approx(seconds)


def test_bounds_follow_the_ranges() -> None:
    assert _number("{product: [{use: a}, {use: c}]}").bounds() == pytest.approx((120, 1440))
    assert _number("{quotient: [{use: a}, {use: c}]}").bounds() == pytest.approx((1000, 12000))
    assert _number("{product: [{use: a}, {complement: {use: c}}]}").bounds() == pytest.approx((240, 1920))


def test_unknowns_are_named_by_their_path_or_by_themselves() -> None:
    scenario = loads(WHOLE)
    unknowns = {unknown.name: unknown for unknown in scenario.unknowns}
    dial = unknowns["check-papers.effort.lognormal.mean"]
    assert (dial.kind, dial.low, dial.direction) == ("dial", 20, "up")
    assert dial.likely == pytest.approx((20 * 480) ** 0.5)
    assert (unknowns["clerks"].low, unknowns["clerks"].likely, unknowns["clerks"].stated) == (3, 4, True)
    assert unknowns["handling"].source == "a yearbook"
    assert unknowns["supplement.again"].why == "usual"
    assert not unknowns["days.agenda"].stated


def test_the_ways_to_say_who_works_are_one() -> None:
    process = loads(WHOLE).model.process
    steps = {str(step.name): step for step in walk(process) if isinstance(step, Step)}
    found = [[(str(pool), units.resolve()) for pool, units in one] for one in needs(steps["check-papers"].by)]
    assert found == [[("clerks", 1)], [("clerks", 1), ("night", 1)], [("night", 1), ("officers", 1)]]
    assert [[str(pool) for pool, _ in one] for one in needs(steps["visit-site"].by)] == [
        ["clerks", "officers"]
    ]


def test_hours_by_weekday() -> None:
    calendars = loads(WHOLE).model.calendars
    assert calendars["early"].weekly == {0: [("06:00", "14:00")], 2: [("06:00", "14:00")]}
    assert sorted(calendars["late"].weekly) == [0, 4, 5, 6]
    assert calendars["always"].always


def test_a_loaded_file_knows_itself(tmp_path: Path) -> None:
    path = tmp_path / "whole-language.yaml"
    path.write_text(WHOLE, encoding="utf-8", newline="\n")
    scenario = load(path)
    assert (scenario.path, scenario.folder, scenario.name) == (path, tmp_path, "whole-language")
    assert scenario.text_hash == hashlib.sha256(WHOLE.encode()).hexdigest()
    assert find("whole-language", [tmp_path]) == path
    assert find(path) == path
    assert folders()[0] == Path("scenarios")
