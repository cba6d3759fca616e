"""Groups of linked nodes are those that a search finds."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from vhkg.cohort.rdf.components import components

_NODES = 12
_LINKS = st.lists(st.tuples(st.integers(0, _NODES - 1), st.integers(0, _NODES - 1)), max_size=20)


@given(_LINKS)
def test_each_node_has_the_least_node_of_its_group(links: list[tuple[int, int]]) -> None:
    left, right = (np.array([each[end] for each in links], np.int32) for end in (0, 1))
    found = components(_NODES, left, right).tolist()
    group = {node: {node} for node in range(_NODES)}
    for one, other in links:
        merged = group[one] | group[other]
        for node in merged:
            group[node] = merged
    assert found == [min(group[node]) for node in range(_NODES)]


def test_a_long_chain_in_random_order() -> None:
    order = np.random.default_rng(1).permutation(10_000).astype(np.int32)
    assert not components(10_000, order[:-1], order[1:]).any()
