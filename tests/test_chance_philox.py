"""The generator: Random123's known answers, and one result from its two forms."""

from __future__ import annotations

import numpy as np
import pytest

from sim.chance.philox import MASK, philox, philox_many, round_keys, to_unit, to_unit_many

#: Known answers of philox4x32-10 published with the Random123 library: counter, key, words.
KNOWN = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((MASK,) * 4, (MASK,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]


@pytest.mark.parametrize(("counter", "key", "words"), KNOWN)
def test_gold_random123_known_answers_of_the_scalar_form(counter, key, words):
    assert philox(*counter, round_keys(*key)) == words


@pytest.mark.parametrize(("counter", "key", "words"), KNOWN)
def test_gold_random123_known_answers_of_the_array_form(counter, key, words):
    made = philox_many(np.array([counter[0]] * 3, dtype=np.uint64), *counter[1:], round_keys(*key))
    assert made.T.tolist() == [list(words)] * 3


def test_law_array_and_scalar_forms_agree_on_random_counters_and_keys():
    rng = np.random.default_rng(1)
    for _ in range(50):
        c1, c2, c3, k0, k1 = (int(x) for x in rng.integers(0, 2**32, 5))
        c0 = rng.integers(0, 2**32, 40, dtype=np.uint64)
        keys = round_keys(k0, k1)
        many = philox_many(c0, c1, c2, c3, keys)
        assert [philox(int(c), c1, c2, c3, keys) for c in c0] == [tuple(w) for w in many.T.tolist()]
        assert to_unit_many(many[0], many[1]).tolist() == [to_unit(a, b) for a, b in many[:2].T.tolist()]


def test_hand_the_array_form_leaves_its_counters_alone():
    c0 = np.arange(5, dtype=np.uint64)
    philox_many(c0, 1, 2, 3, round_keys(4, 5))
    assert c0.tolist() == [0, 1, 2, 3, 4]


def test_hand_the_least_and_greatest_uniforms_are_inside_the_unit_interval():
    """Words of all zeros and all ones: half a cell of 2**-52 from either end, exactly."""
    assert to_unit(0, 0) == 2.0**-53
    assert to_unit(MASK, MASK) == 1 - 2.0**-53 < 1
    ends = np.array([0, MASK], dtype=np.uint64)
    assert to_unit_many(ends, ends).tolist() == [2.0**-53, 1 - 2.0**-53]


def test_hand_the_first_word_gives_the_leading_bits():
    assert to_unit(1 << 31, 0) == 0.5 + 2.0**-53
    assert to_unit(0, MASK) < 2.0**-26 < to_unit(1 << 6, 0)
