"""Which nodes belong together."""

from __future__ import annotations

import numpy as np

from vhkg.validation.columns import Ints


def components(nodes: int, left: Ints, right: Ints) -> Ints:
    """For each node the least node that it is linked with, directly or over others.

    Each round hands the lesser label over every link, then follows labels to their end, so that chains of any length
    take few rounds.
    """
    label = np.arange(nodes, dtype=np.int32)
    while True:
        ends = label[left], label[right]
        if np.array_equal(*ends):
            return label
        low = np.minimum(*ends)
        for end in ends:  # a label is a node of its group, so lowering what stands there lowers it for the whole group
            np.minimum.at(label, end, low)
        while not np.array_equal(label, followed := label[label]):
            label = followed
