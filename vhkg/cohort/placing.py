"""Facts of a batch laid onto its lesions, as `vhkg.answering.placement` and `vhkg.decision.facts` do for one patient.

What these two decide with one comparison is decided here for all lesions at once; a lesion whose facts contradict
each other in any other way is left to them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from vhkg.cohort.batch import ABSENT, NO_LESION, PRESENT, UNDATED, UNKNOWN, Batch, Facts, Ints
from vhkg.engines.columns import some
from vhkg.model.content import Finding

Bools = npt.NDArray[np.bool_]
Places = npt.NDArray[np.intp]


class Placed(NamedTuple):
    """`facts` are by lesion (`Facts.lesion`), and no longer by patient: those of a patient stand at each lesion.

    `as_of` is the day by lesion, `UNDATED` where there is none. `unplaced` says of which lesions' patients a present
    finding has no lesion, `later` at which lesions facts are later than the day.
    """

    facts: Facts
    as_of: Ints
    unplaced: Bools
    later: Bools


def place(batch: Batch, findings: Mapping[str, Finding], as_of: int | None) -> Placed:
    """All assertions that concern each lesion up to its day, by default the latest that its patient's facts have."""
    facts, owner = batch.facts, batch.lesions.patient
    of_patient = np.array([finding.bearer == "patient" for finding in findings.values()], np.bool_)
    lesions_of = np.bincount(owner, minlength=len(batch.patients)).astype(np.int32)
    general = facts.lesion == NO_LESION
    by_patient = of_patient[facts.finding]
    lost = general & ~by_patient & (facts.status == PRESENT) & (lesions_of[facts.patient] != 1)
    unplaced = np.zeros(len(batch.patients), np.bool_)
    unplaced[facts.patient[lost]] = True
    own = np.flatnonzero(~general & ~by_patient)
    shared = np.flatnonzero((general | by_patient) & ~lost)
    copies = lesions_of[facts.patient[shared]]
    spread = np.repeat(shared, copies)
    order = np.argsort(owner, kind="stable").astype(np.int32)
    first = np.concatenate(([0], np.cumsum(lesions_of)[:-1])).astype(np.int64) if len(lesions_of) else np.empty(0, int)
    step = np.arange(len(spread)) - np.repeat(np.cumsum(copies) - copies, copies)
    chosen = np.concatenate((own, spread))
    lesion = np.concatenate((facts.lesion[own], order[first[facts.patient[spread]] + step])).astype(np.int32)
    placed = taken(facts, chosen)._replace(lesion=lesion)
    days = np.full(len(batch.patients), UNDATED, np.int32)
    if as_of is None:
        np.maximum.at(days, placed.patient, placed.day)
    else:
        days[:] = as_of
    future = placed.day > days[placed.patient]
    later = np.zeros(len(owner), np.bool_)
    later[placed.lesion[future]] = True
    kept = taken(placed, ~future) if future.any() else placed
    return Placed(kept, days[owner], unplaced[owner], later)


def taken(facts: Facts, chosen: npt.NDArray[np.bool_] | npt.NDArray[np.intp]) -> Facts:
    """The facts at some places."""
    return Facts(
        patient=facts.patient[chosen],
        lesion=facts.lesion[chosen],
        finding=facts.finding[chosen],
        status=facts.status[chosen],
        day=facts.day[chosen],
        ambiguous=facts.ambiguous[chosen],
    )


class Recorded(NamedTuple):
    """By lesion, and by finding present and then by finding absent: whether it was recorded, the latest day of that,
    and whether a code that means one thing says so."""

    stated: Bools
    days: Ints
    clear: Bools

    @property
    def present(self) -> Bools:
        """A view, by finding."""
        return self.stated[:, : self.stated.shape[1] // 2]

    @property
    def absent(self) -> Bools:
        """A view, by finding."""
        return self.stated[:, self.stated.shape[1] // 2 :]


def columns_of(facts: Facts, findings: int) -> Places:
    """Where `Recorded` has facts; those that state nothing are not among them."""
    found: Places = facts.finding.astype(np.intp)
    found[facts.status == ABSENT] += findings
    return found


def recorded(facts: Facts, lesions: int, findings: int) -> Recorded:
    """What facts with a lesion state; unknown states nothing. Columns stand together, so that one is quick to ask."""
    own = taken(facts, np.flatnonzero(facts.status != UNKNOWN))
    cell = columns_of(own, findings) * lesions + own.lesion
    stated = np.zeros(2 * findings * lesions, np.bool_)
    on = np.full(len(stated), UNDATED, np.int32)
    stated[cell], on[cell] = True, own.day
    older = np.flatnonzero(on.take(cell) < own.day)  # few: the last one stated is seldom not the latest
    np.maximum.at(on, cell.take(older), own.day.take(older))
    if own.ambiguous.any():
        clear = np.zeros(len(stated), np.bool_)
        clear[cell[~own.ambiguous]] = True
    else:
        clear = stated.copy()
    shape = 2 * findings, lesions
    return Recorded(stated.reshape(shape).T, on.reshape(shape).T, clear.reshape(shape).T)


class Settled(NamedTuple):
    """What is left at some lesions; `superseded` and `open` say where something was overruled, and where that did not
    settle all."""

    stated: Bools
    superseded: Bools
    open: Bools


def newest(found: Recorded, chosen: Places, undated: Bools) -> Settled:
    """Of a finding that is both at one of the chosen lesions, what was recorded last, where both have days that differ.

    Exact where what is left can hold together: an older fact is then overruled by the newer one on its own finding,
    and nothing else is (`vhkg.decision.facts`). `undated` says of which cells an undated fact was recorded.
    """
    stated, days = found.stated[chosen], found.days[chosen]
    (present, absent), (present_on, absent_on) = np.hsplit(stated, 2), np.hsplit(days, 2)
    both = present & absent
    gone = np.hstack((both & (present_on < absent_on), both & (absent_on < present_on)))
    return Settled(stated & ~gone, some(both), some(both & (undated | (present_on == absent_on))))


def undated_cells(facts: Facts, chosen: Places, findings: int) -> Bools:
    """By lesion, of those chosen, and finding: whether a fact without a day states it."""
    row = np.full(int(facts.lesion.max(initial=-1)) + 1, -1, np.int32)
    row[chosen] = np.arange(len(chosen), dtype=np.int32)
    undated = np.flatnonzero(facts.day == UNDATED)
    undated = undated[(row.take(facts.lesion.take(undated)) >= 0) & (facts.status.take(undated) != UNKNOWN)]
    found = np.zeros((len(chosen), findings), np.bool_)
    found[row.take(facts.lesion.take(undated)), facts.finding.take(undated)] = True
    return found
