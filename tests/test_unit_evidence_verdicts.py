"""Verdicts, Shapley values, indices and what flips a verdict, on cases worked out by hand."""

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest

from sim.evidence.attribute import orders_of, shapley_along, shapley_exact
from sim.evidence.emulate import total_order
from sim.evidence.explain import explain, flips
from sim.evidence.finding import BreakEven, DrawCount, StaffNeeded, Verdict
from sim.evidence.flip import with_staff
from sim.evidence.influence import first_order
from sim.evidence.judge import Predicted, judge, plain_verdict
from sim.network.build import build
from sim.scenario.load import loads
from sim.scenario.model import Claim
from sim.scenario.variant import before as before_of
from tests.worlds import READING, _text, make_world

COUNT = DrawCount(made=128, solved=128, effective=120.0)


@pytest.fixture(scope="module")
def claim() -> Claim:
    """A claim of 5 days after, give or take 0.5, from an invented scenario."""
    text = _text("slack", 0, np.random.default_rng(0))
    return loads(text("10", "5", "0.5")).model.claims[0]


def predicted(middle: float, width: float, count: int = 128) -> Predicted:
    after = middle + width * np.linspace(-1, 1, count)
    return Predicted(np.full(count, 10.0), after, after + 0.1, np.full(count, 1 / count))


@pytest.mark.parametrize(
    ("middle", "width", "calibrated", "verdict"),
    [
        (5.0, 0.3, True, Verdict.SUPPORTED),
        (5.0, 0.3, False, Verdict.PLAUSIBLE),  # nothing calibrated: never more than plausible
        (7.0, 0.3, True, Verdict.CONTRADICTED),
        (7.0, 0.3, False, Verdict.CONTRADICTED),
        (5.0, 2.0, True, Verdict.PLAUSIBLE),
        (5.0, 0.5 / 0.9, True, Verdict.MORE_DRAWS),  # the interval ends right on the edges
    ],
)
def test_verdicts(claim: Claim, middle: float, width: float, calibrated: bool, verdict: Verdict) -> None:
    found = judge(claim, READING, predicted(middle, width), COUNT, calibrated=calibrated, seed=1)
    assert found.verdict is verdict
    assert found.region == (4.5, 5.5)
    assert found.share is not None
    low, high = found.share_interval or (0, 0)
    assert low <= found.share <= high
    assert explain(found)
    assert explain(found, "zh")


def test_share_and_errors_apart(claim: Claim) -> None:
    found = judge(claim, READING, predicted(5.0, 2.0, 1024), COUNT, calibrated=True, seed=1)
    assert found.share == pytest.approx(0.25, abs=0.01)  # 1 of 4 days
    errors = found.errors
    assert errors is not None
    assert errors.luck == pytest.approx(0.1 / 2**0.5)  # half the squared difference of two lucks
    whole = 2 / 3**0.5  # of a uniform law from -2 to 2
    assert errors.inputs**2 + errors.luck**2 == pytest.approx(whole**2, rel=0.01)
    assert errors.monte_carlo == pytest.approx(whole / 32, rel=0.01)
    assert found.change is not None
    assert found.change.middle == pytest.approx(-5)


def test_too_few_draws_are_not_testable(claim: Claim) -> None:
    few = DrawCount(128, 20, 12.0)
    found = judge(claim, READING, predicted(5.0, 0.3, 20), few, calibrated=True, seed=1)
    assert found.verdict is Verdict.NOT_TESTABLE
    assert "count as 20; 30 are needed" in explain(found)
    nothing = Predicted(*(np.full(4, np.nan) for _ in range(3)), np.zeros(4))
    empty = judge(claim, READING, nothing, DrawCount(128, 0, 0.0), calibrated=True, seed=1)
    assert empty.verdict is Verdict.NOT_TESTABLE
    assert "rarely reproduce" in explain(empty)
    gone = predicted(5.0, 0.3)
    gone.after[:64] = np.nan
    lost = judge(claim, READING, gone, COUNT, calibrated=True, seed=1)
    assert lost.verdict is Verdict.NOT_TESTABLE
    assert "In 50% of the draws, by weight, nothing was closed" in explain(lost)
    assert "50%的抽样在改革后没有办结" in explain(lost, "zh")


def test_a_ceiling_tells_its_distance(claim: Claim) -> None:
    ceiling = claim.model_copy(update={"comparator": "at-most", "tolerance": None})
    found = judge(ceiling, READING, predicted(7.0, 0.3), COUNT, calibrated=True, seed=1)
    assert found.region == (-np.inf, 5.0)
    assert found.distance is not None
    assert found.distance.middle == pytest.approx(2.0)
    assert "2 days from the documented figure" in explain(found)


def test_edges_belong_to_the_region() -> None:
    assert plain_verdict(4.5, 5.5, (4.5, 5.5)) is Verdict.SUPPORTED
    assert plain_verdict(5.5, 6.0, (4.5, 5.5)) is Verdict.PLAUSIBLE
    assert plain_verdict(5.6, 6.0, (4.5, 5.5)) is Verdict.CONTRADICTED


def test_words_for_what_would_flip_a_verdict(claim: Claim) -> None:
    found = judge(claim, READING, predicted(7.0, 0.3), COUNT, calibrated=True, seed=1)
    turned = replace(
        found,
        break_even=BreakEven("post", "days", 1.0, 0.5, 3.0, 0.7, 5.5, 4.0, 9.0),
        staff=StaffNeeded(None, 6.2),
    )
    assert "post: at about 0.7 days (likeliest 1) the figure reaches 5.5 days" in flips(turned)
    assert "More staff would not do it: with nobody ever waiting it is 6.2 days" in flips(turned)
    assert "With 1.5 times the staff" in flips(replace(turned, staff=StaffNeeded(1.5, 4.0)))
    assert "post" in flips(turned, "zh")
    nowhere = BreakEven("post", "days", 1, 0.5, 3, None, 5.5, 6, 9)
    stays = replace(turned, break_even=nowhere, staff=None)
    assert "does not turn it anywhere between 0.5 and 3 days" in flips(stays)


# Shapley values ------------------------------------------------------------------------------------


def additive(subset: frozenset[int]) -> np.ndarray:
    return np.array([-1.0 * (0 in subset) - 2.0 * (1 in subset) - 4.0 * (2 in subset)])


def redundant(subset: frozenset[int]) -> np.ndarray:
    """Either of the first two saves 3; the second adds nothing to the first."""
    return np.array([-3.0 * bool(subset & {0, 1}) - 1.0 * (2 in subset)])


def synergistic(subset: frozenset[int]) -> np.ndarray:
    """Only all three together save 6."""
    return np.array([-6.0 * (len(subset) == 3)])


@pytest.mark.parametrize(
    ("worth", "values"),
    [(additive, [-1, -2, -4]), (redundant, [-1.5, -1.5, -1]), (synergistic, [-2, -2, -2])],
)
def test_shapley_values_by_hand(worth, values) -> None:  # type: ignore[no-untyped-def]
    exact = shapley_exact(3, worth)[:, 0]
    assert exact == pytest.approx(values)
    over_all_orders = shapley_along(3, list(permutations(range(3))), worth)[:, 0]
    assert over_all_orders == pytest.approx(values)


def test_a_random_order_and_its_reverse_add_up_and_are_right_on_average() -> None:
    total = np.zeros(3)
    for draw in range(2000):
        along = shapley_along(3, orders_of(3, draw, seed=1), synergistic)[:, 0]
        assert along.sum() == pytest.approx(-6)  # the whole change, in each draw
        total += along / 2000
    assert total == pytest.approx([-2, -2, -2], abs=0.15)
    one = shapley_along(3, orders_of(3, 5, seed=1), redundant)[:, 0]
    assert one == pytest.approx([-1.5, -1.5, -1])  # pairs are exact where no more than two parts meet


# Sensitivity ---------------------------------------------------------------------------------------


def test_first_order_indices_of_ishigamis_function() -> None:
    from scipy.stats import qmc

    found = []
    for seed in range(5):
        x = qmc.Sobol(4, rng=np.random.default_rng(seed)).random(512) * 2 * np.pi - np.pi
        y = np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])
        first, error = first_order(x, y, np.full(512, 1 / 512), seed)
        assert (error > 0).all()
        found.append(first)
    # T. Ishigami and T. Homma, 1990: 0.3139, 0.4424, 0; the fourth input is not used.
    assert np.mean(found, axis=0) == pytest.approx([0.3139, 0.4424, 0, 0], abs=0.06)


def ishigami(x: np.ndarray) -> np.ndarray:
    """The function of the probabilities of three inputs, uniform from -pi to pi; others are not used."""
    x = (2 * x - 1) * np.pi
    return np.asarray(np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0]))


def test_total_indices_of_ishigamis_function() -> None:
    from scipy.stats import qmc

    x = qmc.Sobol(3, rng=np.random.default_rng(1)).random(512)
    total, error, explained = total_order(x, ishigami(x), 1)
    # T. Ishigami and T. Homma, 1990: the third input acts only together with the first.
    assert total == pytest.approx([0.5576, 0.4424, 0.2437], abs=0.06)
    assert (error > 0).all()
    assert explained > 0.9


def test_luck_alone_gives_no_total_index() -> None:
    rng = np.random.default_rng(1)
    total, _, explained = total_order(rng.random((128, 4)), rng.normal(size=128), 1)
    assert np.isnan(total).all()
    assert explained < 0.5
    few = total_order(rng.random((16, 20)), rng.normal(size=16), 1)  # fewer draws than a plane needs
    assert np.isnan(few[0]).all()


# Staff ---------------------------------------------------------------------------------------------


def test_more_staff_is_rounded_up() -> None:
    text = _text("slack", 0, np.random.default_rng(0))
    network = build(before_of(loads(text("10", "5", "0.5"))))
    size = max(network.pools[0].capacity.values)
    assert max(with_staff(network, 1.5).pools[0].capacity.values) == int(np.ceil(1.5 * size))
    assert min(with_staff(network, 50).pools[0].capacity.values) == 0
    assert with_staff(network, 1.0).pools[0].capacity == network.pools[0].capacity


# Worlds --------------------------------------------------------------------------------------------


def test_a_world_is_the_same_every_time_and_its_levers_add_up() -> None:
    one, other = make_world(2), make_world(2)
    assert one.after == other.after
    assert one.effects == other.effects
    assert set(one.effects) == {"context", "checklist", "forms"}
    assert sum(one.effects.values()) < 0
