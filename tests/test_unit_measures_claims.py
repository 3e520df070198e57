"""Whom a claim speaks of, and what it measures of them."""

import math
from dataclasses import replace

import numpy as np
import pytest

from sim.chance.draws import Draws
from sim.engine.choose import choose
from sim.engine.records import Work
from sim.errors import InputError
from sim.evidence.figure import spec_of
from sim.measures.claims import (
    ClaimSpec,
    Population,
    claim_split,
    claim_statistic,
    claim_values,
    elements_measured,
    quantile_of,
    statistic,
)
from sim.measures.clocks import BETWEEN_MARKS, Clock
from sim.network.build import build
from sim.network.elements import Kind
from sim.scenario.files import find
from sim.scenario.load import load
from sim.scenario.variant import before
from tests.handmade import DAY, HOUR, Hand, hours, node, office_calendar

MARKS = ("accepted", "drawn", "decided")


@pytest.fixture
def desk() -> Hand:
    """Window: days 10 to 20 of 30. Days of each mark:

    | case | class | arrived | accepted | drawn | decided    | ended        |
    |------|-------|---------|----------|-------|------------|--------------|
    | 0    | big   | -2 (bl) | 1        | 2     | 10         | 10 done      |
    | 1    | big   | 8       | 8, 9     | 11    | 9, 12      | 12 done      |
    | 2    | small | 11      | 11       | 13    | 14         | 14 refused   |
    | 3    | small | 12      | 12       |       |            | 15 withdrawn |
    | 4    | big   | 13      | 13       | 14    | 21         | 21 done      |
    | 5    | small | 14      | 14       |       |            | open         |
    | 6    | small | 20      | 20       | 20    | 20         | 20 done      |
    """
    hand = Hand(
        *(node(name, Kind.MARK) for name in MARKS), node("stay", Kind.WAIT), calendars=(office_calendar(),),
        window=(10 * DAY, 20 * DAY), stopped=30 * DAY, classes=("big", "small"),
    )  # fmt: skip
    story = [
        (0, -2, 10, "done", ([1], [2], [10])),
        (0, 8, 12, "done", ([8, 9], [11], [9, 12])),
        (1, 11, 14, "refused", ([11], [13], [14])),
        (1, 12, 15, "withdrawn", ([12], [], [])),
        (0, 13, 21, "done", ([13], [14], [21])),
        (1, 14, None, "", ([14], [], [])),
        (1, 20, 20, "done", ([20], [20], [20])),
    ]
    for cls, arrived, ended, end, passed in story:
        stop = -1 if ended is None else ended * DAY
        case = hand.case(arrived * DAY, stop, end or "done", cls=cls, initial=arrived < 0)
        status = Work.DONE if ended is not None else Work.STARTED
        hand.row(case, "stay", max(arrived, 0) * DAY, max(arrived, 0) * DAY, stop, status=status)
        for mark, days in zip(MARKS, passed, strict=True):
            for entry, day in enumerate(days, start=1):
                hand.mark(case, mark, day * DAY, entry)
    return hand


def measured(hand: Hand, **fields: object) -> tuple[dict[int, float], int, int]:
    spec = ClaimSpec(**{"spans": (("accepted", "decided"),), **fields})  # type: ignore[arg-type]
    found = claim_values(hand.network, hand.records(), spec)
    return dict(zip(found.cases.tolist(), found.values.tolist(), strict=True)), found.missing, found.open


def test_closed_in_takes_the_population_by_the_to_mark_first_to_last(desk: Hand) -> None:
    # 0 is of the backlog and counts; 1 from its first acceptance to its last decision; 4 is decided
    # too late; 3 ended in the window undecided: missing; 6 comes on the second after the window.
    assert measured(desk) == ({0: 9.0, 1: 4.0, 2: 3.0}, 1, 0)


def test_arrived_in_takes_the_cohort_and_says_who_is_still_open(desk: Hand) -> None:
    assert measured(desk, population=Population.ARRIVED_IN) == ({2: 3.0, 4: 8.0}, 2, 1)


def test_classes_and_outcomes_narrow_the_population(desk: Hand) -> None:
    assert measured(desk, classes=("big",)) == ({0: 9.0, 1: 4.0}, 0, 0)
    assert measured(desk, outcomes=("refused", "withdrawn")) == ({2: 3.0}, 1, 0)
    assert measured(desk, classes=("small",), outcomes=("done",)) == ({}, 0, 0)


def test_an_open_case_may_yet_come_to_the_outcome(desk: Hand) -> None:
    """Case 5 is open: a mean of those done is "at least", since it may be done later."""
    found = measured(desk, population=Population.ARRIVED_IN, outcomes=("done",))
    assert found == ({4: 8.0}, 1, 1)


def test_pairs_of_marks_add_up_and_all_are_needed(desk: Hand) -> None:
    spans = (("accepted", "drawn"), ("drawn", "decided"))
    assert measured(desk, spans=spans) == ({0: 9.0, 1: 4.0, 2: 3.0}, 1, 0)
    assert measured(desk, spans=(("", "accepted"), ("decided", ""))) == ({0: 3.0, 1: 4.0, 2: 0.0}, 1, 0)
    assert measured(desk, spans=(("", ""),)) == ({0: 12.0, 1: 4.0, 2: 3.0, 3: 3.0}, 0, 0)


def test_a_to_mark_passed_before_the_from_mark_does_not_count(desk: Hand) -> None:
    # Cases 2 and 4 were drawn (in the window) before they were decided; case 3 ended undrawn.
    assert measured(desk, spans=(("decided", "drawn"),)) == ({1: 2.0}, 3, 0)


def test_units_and_clocks(desk: Hand) -> None:
    # Day 0 is a Monday; 4 days from Tuesday of week 1 to Saturday: 4 open days of 7 h.
    assert measured(desk, classes=("big",), clock=Clock.WORKING_TIME, unit_seconds=7 * HOUR)[0][1] == 4.0
    assert measured(desk, classes=("big",), clock=Clock.WORKING_DATES, unit_seconds=1e9)[0][1] == 3.0
    assert measured(desk, unit_seconds=HOUR)[0][2] == 72.0


def test_the_split_of_a_claim_adds_up_to_its_elapsed_time(desk: Hand) -> None:
    spec = ClaimSpec((("accepted", "drawn"), ("drawn", "decided")))
    table = claim_split(desk.network, desk.records(), spec)
    assert table["case"].tolist() == [0, 1, 2]
    assert (table["total"] / DAY).tolist() == [9.0, 4.0, 3.0]
    assert np.array_equal(table["wait"], table["total"])


def test_statistics_of_a_claim(desk: Hand) -> None:
    def of(name: str, **fields: object) -> float:
        spec = ClaimSpec((("accepted", "decided"),), statistic=name, **fields)  # type: ignore[arg-type]
        return claim_statistic(desk.network, desk.records(), spec)

    assert of("mean") == pytest.approx(16 / 3)
    assert (of("median"), of("max")) == (4.0, 9.0)
    assert of("p75") == pytest.approx(6.5)
    assert of("share", within=4.0) == pytest.approx(2 / 3)  # meeting the limit is within
    assert of("share", within=3.99) == pytest.approx(1 / 3)
    assert math.isnan(of("p90", classes=("small",), outcomes=("done",)))
    with pytest.raises(InputError, match="needs a limit"):
        of("share")


@pytest.mark.parametrize("name", ["p0", "p100", "P90", "mode", "p", "p9o"])
def test_a_statistic_that_does_not_exist(name: str) -> None:
    with pytest.raises(InputError, match="no statistic"):
        quantile_of(name)
    with pytest.raises(InputError, match="no statistic"):
        statistic(np.ones(3), name)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"spans": (("acepted", "decided"),)}, 'no mark "acepted"; did you mean "accepted"'),
        ({"spans": (("stay", "decided"),)}, 'no mark "stay"; its marks are: accepted, drawn, decided'),
        ({"classes": ("bigg",)}, 'no class "bigg"; did you mean "big"'),
        ({"outcomes": ("rejected",)}, 'has no end "rejected"'),
    ],
)
def test_names_that_a_variant_does_not_have(desk: Hand, fields: dict[str, object], said: str) -> None:
    with pytest.raises(InputError, match=said):
        measured(desk, **fields)


def test_quantile_probabilities() -> None:
    assert [quantile_of(n) for n in ("median", "p5", "mean")] == [0.5, 0.05, None]
    assert quantile_of("p99.9") == pytest.approx(0.999)


def test_hours_helper_counts_from_midnight() -> None:
    assert hours(9.5, 1) == DAY + 9 * HOUR + HOUR // 2


@pytest.mark.parametrize("name", ["one-seal-approval", "bankruptcy-fast-track"])
def test_what_claims_between_marks_measure_needs_no_other_steps(name: str) -> None:
    side = before(load(find(name)))
    network = build(side, None)
    specs = [spec_of(claim, network) for claim in side.model.claims]
    specs += [replace(spec, population=Population.ARRIVED_IN, statistic="max") for spec in specs]
    specs = [spec for spec in specs if spec.clock in BETWEEN_MARKS]
    run = choose().run
    whole = run(network, Draws(3))
    some = run(network, Draws(3), elements=elements_measured(network, specs))
    assert len(specs) >= 4
    assert 0 < len(some.steps) < len(whole.steps) / 2
    for spec in specs:
        found, expected = (claim_values(network, records, spec) for records in (some, whole))
        assert found.values.tolist() == expected.values.tolist()


def test_a_run_that_did_not_record_what_a_claim_needs_is_refused(desk: Hand) -> None:
    network, records = desk.network, replace(desk.records(), elements=frozenset())
    with pytest.raises(ValueError, match="mark accepted was not recorded"):
        claim_values(network, records, ClaimSpec(spans=(("accepted", "decided"),)))
    for clock in Clock:
        spec = ClaimSpec(clock=clock, calendar=0)
        if clock in BETWEEN_MARKS:
            assert elements_measured(network, [spec]) == frozenset()
            continue
        assert elements_measured(network, [spec]) is None
        with pytest.raises(ValueError, match="recorded all elements"):
            claim_values(network, records, spec)
