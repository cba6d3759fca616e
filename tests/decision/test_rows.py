"""What is enough to entail the rest, by conflicts."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from vhkg.decision.prime import bit, term
from vhkg.decision.rows import Closure

LITERALS = st.integers(1, 5).flatmap(lambda atom: st.sampled_from([atom, -atom]))
CONFLICTS = st.lists(st.lists(LITERALS, min_size=1, max_size=3, unique_by=abs), max_size=8)
SETS = st.lists(LITERALS, max_size=4, unique_by=abs)


@given(conflicts=CONFLICTS, known=SETS, further=SETS)
def test_literals_are_left_out_as_long_as_the_others_entail_them(
    conflicts: list[list[int]], known: list[int], further: list[int]
) -> None:
    closure, closed = Closure(conflicts), term(known)
    rest = [literal for literal in further if not closed & (bit(literal) | bit(-literal))]
    expected = term(rest)
    for literal in sorted(rest, key=bit, reverse=True):
        without = expected & ~bit(literal)
        if closure.close(closed | without) & bit(literal):
            expected = without
    found = closure.reduced(closed, term(rest))
    short = len(rest) < 2 or not any(len(conflict) > 2 and {-x for x in conflict} & set(rest) for conflict in conflicts)
    assert found == (term(rest) if short else expected)
