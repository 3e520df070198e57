"""What ``--set`` of a sweep means: ranges, lists, one value, grids, and what is refused."""

from __future__ import annotations

import math

import pytest

from sim.errors import InputError
from sim.whatif.grid import MOST_POINTS, grid_of


def test_a_range_has_both_ends_and_no_rounding() -> None:
    (axis,) = grid_of({"a": "0.1:0.3:0.1"}).axes
    assert axis.texts == ("0.1", "0.2", "0.3")
    (axis,) = grid_of({"a": "1:10:4"}).axes
    assert axis.texts == ("1", "5", "9")
    (axis,) = grid_of({"a": "0:200:100"}).axes
    assert axis.texts == ("0", "100", "200")


def test_units_stay_with_the_values() -> None:
    (axis,) = grid_of({"a": "10 min:30 min:10 min"}).axes
    assert axis.texts == ("10 min", "20 min", "30 min")
    assert (axis.sizes, axis.unit) == ((10.0, 20.0, 30.0), "min")
    (axis,) = grid_of({"a": "30 min, 1 h"}).axes
    assert axis.texts == ("30 min", "1 h")
    assert (axis.sizes, axis.unit) == ((30.0, 60.0), "min")


def test_words_are_values_without_a_size() -> None:
    (axis,) = grid_of({"pools.clerks.queue": "first-come, class"}).axes
    assert axis.texts == ("first-come", "class")
    assert all(map(math.isnan, axis.sizes))


def test_several_fields_make_every_combination_and_one_value_is_fixed() -> None:
    grid = grid_of({"a": "1,2", "b": "5", "c": "3:4:1", "d": "{lognormal: {mean: 5 min, cv: 1}}"})
    assert grid.fixed == {"b": "5", "d": "{lognormal: {mean: 5 min, cv: 1}}"}
    assert [tuple(point.values()) for point in grid.points] == [
        ("1", "3"), ("1", "4"), ("2", "3"), ("2", "4"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("sets", "told"),
    [
        ({"a": "5"}, "more than one value"),
        ({"a": "12:4:1"}, "must go up"),
        ({"a": "4:12:0"}, "must go up"),
        ({"a": "4:12"}, "three parts, found 2"),
        ({"a": "4:12:x"}, "`x` is not a number"),
        ({"a": "4 min:12 h:1 min"}, "one unit, found `4 min`, `12 h`, `1 min`"),
        ({"a": "4:5:2"}, "only 4 is in it"),
        ({"a": "1,,2"}, "empty"),
        ({"a": "1,2,1"}, "`1` is in the list twice"),
        ({"a": "1:30:1", "b": "1:30:1"}, f"30 x 30 = 900 points; at most {MOST_POINTS}"),
        ({"a": "0:1e12:1"}, "1000000000001 values"),
    ],
)
def test_what_cannot_be_a_grid_is_refused_with_what_was_found(sets: dict[str, str], told: str) -> None:
    with pytest.raises(InputError) as refused:
        grid_of(sets)
    assert told in str(refused.value)
