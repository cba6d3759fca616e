"""Keys tell names apart, whatever stands beside them."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from vhkg.cohort.keys import buckets_of, keys_of


@given(st.lists(st.text(max_size=200)))
def test_a_key_is_of_the_name_alone(names: list[str]) -> None:
    together = keys_of(names)
    assert together.tolist() == [int(keys_of([name])[0]) for name in names]
    assert len(set(together.tolist())) == len(set(names))
    assert np.all(buckets_of(together, 7) < 7)


def test_keys_of_many_like_names_are_different_and_spread() -> None:
    names = [f"urn:uuid:00000000-0000-4000-8000-{number:012}" for number in range(200_000)]
    keys = keys_of(names)
    assert len(np.unique(keys)) == len(names)
    sizes = np.bincount(buckets_of(keys, 16), minlength=16)
    assert sizes.max() < 1.1 * sizes.min()


def test_keys_are_the_same_for_ever() -> None:
    """What was partitioned before an update of a library is gathered after it."""
    found = keys_of(["", "p1", "ü" * 32, "ü" * 33, "x" * 64, "x" * 65])
    assert found.tolist() == [
        0,
        3694982825378602937,
        4412222760291055232,
        17397006478405662182,
        5202075483883334579,
        3947904110462928320,
    ]
