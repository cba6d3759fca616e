"""Batches that say the same are the same when they are in order."""

from __future__ import annotations

import random

import numpy as np
import pytest

from tests.cohort.batches import shown
from tests.cohort.rdf.samples import damaged, patient_lines
from tests.support import shipped
from vhkg.cohort.joining import joined
from vhkg.cohort.rdf.ordering import in_order
from vhkg.cohort.rdf.text import TextReader
from vhkg.intake import Format


@pytest.mark.parametrize("seed", range(3))
def test_the_order_in_which_patients_come_does_not_show(seed: int) -> None:
    source = random.Random(seed)
    reader = TextReader("cohort.nt", Format.NTRIPLES, shipped())
    texts = [patient_lines(at, f"p{at}") for at in range(12)]
    texts = [damaged(own, source) if at % 3 == 0 else own for at, own in enumerate(texts)]
    batches = [reader.batch("".join(f"{line}\n" for line in own).encode(), whole=True) for own in texts]
    first = in_order(joined(batches))
    source.shuffle(batches)
    second = in_order(joined(batches))
    assert list(first.patients) == sorted(first.patients)
    for one, other in zip((*first.facts, first.lesions.patient), (*second.facts, second.lesions.patient), strict=True):
        assert np.array_equal(np.asarray(one), np.asarray(other))
    assert first._replace(facts=second.facts, lesions=second.lesions, keys=second.keys) == second
    assert first.lesions.name == second.lesions.name
    assert first.lesions.label == second.lesions.label
    assert shown(first, shipped()) == shown(joined(batches), shipped())
