"""The formulas of `theory` against special cases, limits and each other."""

import math

import pytest

from tests import theory


@pytest.mark.parametrize(
    ("servers", "offered", "blocked"), [(1, 1.0, 0.5), (2, 1.0, 0.2), (3, 2.0, 4 / 19), (10, 5.0, 0.018385)]
)
def test_erlang_b_by_hand_and_table(servers: int, offered: float, blocked: float) -> None:
    assert theory.erlang_b(servers, offered) == pytest.approx(blocked, rel=1e-4)


def test_erlang_c_of_one_server_is_its_load_and_two_servers_by_hand() -> None:
    assert theory.erlang_c(1, 0.7) == pytest.approx(0.7)
    # P0 = 1/3 at a = 1, c = 2: P(wait) = a^2/2 * c/(c - a) * P0 = 1/3.
    assert theory.erlang_c(2, 1.0) == pytest.approx(1 / 3)
    with pytest.raises(ValueError, match="overload"):
        theory.erlang_c(2, 2.0)


def test_mm1_textbook() -> None:
    q = theory.mm1(0.8, 1.0)
    assert (q.wait, q.time, q.waiting, q.present) == pytest.approx((4.0, 5.0, 3.2, 4.0))
    p95 = theory.mm1_time_quantile(0.8, 1.0, 0.95)
    assert theory.mm1_time_beyond(0.8, 1.0, p95) == pytest.approx(0.05)
    assert theory.mmc_wait_beyond(0.8, 1.0, 1, 0.0) == pytest.approx(0.8)
    # The mean wait is the integral of P(wait > t).
    step = 0.001
    area = sum(theory.mmc_wait_beyond(1.5, 1.0, 2, (k + 0.5) * step) * step for k in range(40_000))
    assert area == pytest.approx(theory.mmc(1.5, 1.0, 2).wait, rel=1e-4)


def test_pollaczek_khinchine_meets_mm1_and_halves_it_for_constant_service() -> None:
    assert theory.mg1(0.8, 1.0, 1.0).wait == pytest.approx(theory.mm1(0.8, 1.0).wait)
    assert theory.md1(0.8, 1.0).wait == pytest.approx(theory.mm1(0.8, 1.0).wait / 2)


def test_bounded_room_meets_erlang_b_and_mmc_at_its_ends() -> None:
    assert theory.mmck(5.0, 1.0, 10, 10).lost == pytest.approx(theory.erlang_b(10, 5.0))
    wide, free = theory.mmck(1.5, 1.0, 2, 400), theory.mmc(1.5, 1.0, 2)
    assert (wide.wait, wide.present, wide.delayed) == pytest.approx((free.wait, free.present, free.delayed))
    # M/M/1/2 at load 1: three states alike.
    assert theory.mmck(1.0, 1.0, 1, 2).lost == pytest.approx(1 / 3)


def test_erlang_a_between_erlang_b_and_erlang_c() -> None:
    assert theory.mmc_patience(1.5, 1.0, 2, 1e7).wait == pytest.approx(theory.mmc(1.5, 1.0, 2).wait, rel=1e-4)
    assert theory.mmc_patience(5.0, 1.0, 4, 1e-7).lost == pytest.approx(theory.erlang_b(4, 5.0), rel=1e-4)
    # Patience like service: the number present is Poisson with mean the offered load.
    q = theory.mmc_patience(3.0, 1.0, 2, 1.0)
    assert q.present == pytest.approx(3.0)
    assert q.delayed == pytest.approx(1 - math.exp(-3) * (1 + 3))


def test_cobham_keeps_the_conservation_law() -> None:
    arrivals, services, cvs = [0.2, 0.3, 0.1], [1.0, 0.8, 2.0], [1.0, 0.0, 0.5]
    waits = theory.cobham(arrivals, services, cvs)
    assert waits == sorted(waits)
    # Kleinrock: the load-weighted sum of waits does not depend on the order of the classes.
    back = theory.cobham(arrivals[::-1], services[::-1], cvs[::-1])[::-1]
    loads = [a * s for a, s in zip(arrivals, services, strict=True)]
    weigh = [sum(x * w for x, w in zip(loads, ws, strict=True)) for ws in (waits, back)]
    assert weigh[0] == pytest.approx(weigh[1])
    assert theory.cobham([0.8], [1.0], [1.0]) == pytest.approx([4.0])
    alike = theory.cobham([0.3, 0.5], [1.0, 1.0], [1.0, 1.0])
    assert theory.cobham_servers([0.3, 0.5], 1.0, 1) == pytest.approx(alike)


def test_jackson_with_feedback() -> None:
    # One station with feedback: as an M/M/1 of load a*s/(1 - p), time per case (1/(1 - p)) visits.
    j = theory.jackson_feedback(0.4, 1.0, 0.5)
    assert j.rates == pytest.approx((0.8,))
    assert j.visits == pytest.approx((2.0,))
    assert j.time == pytest.approx(10.0)
    # A tandem is the sum of its stations.
    t = theory.jackson([0.5, 0.0], [1.0, 1.5], [1, 1], [[0, 1], [0, 0]])
    assert t.time == pytest.approx(theory.mm1(0.5, 1.0).time + theory.mm1(0.5, 1.5).time)
    assert theory.capped_visits(0.5, 0) == 1
    assert theory.capped_visits(0.5, 2) == pytest.approx(1.75)
    assert theory.capped_visits(0.3, 200) == pytest.approx(1 / 0.7)
