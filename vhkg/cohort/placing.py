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
    kept = taken(placed, ~future)
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
    """By lesion and finding: whether it was recorded present and absent, the latest day of each, and whether a code
    that means one thing says so."""

    present: Bools
    absent: Bools
    present_on: Ints
    absent_on: Ints
    present_clear: Bools
    absent_clear: Bools


def recorded(facts: Facts, lesions: int, findings: int) -> Recorded:
    """What facts with a lesion state; unknown states nothing."""
    cell = _cells(facts, lesions)
    present, present_on, present_clear = _side(facts, cell, PRESENT, (findings, lesions))
    absent, absent_on, absent_clear = _side(facts, cell, ABSENT, (findings, lesions))
    return Recorded(present, absent, present_on, absent_on, present_clear, absent_clear)


def _side(facts: Facts, cells: Places, status: int, shape: tuple[int, int]) -> tuple[Bools, Ints, Bools]:
    chosen = np.flatnonzero(facts.status == status)
    cell, days = cells.take(chosen), facts.day.take(chosen)
    has = np.zeros(shape[0] * shape[1], np.bool_)
    on = np.full(len(has), UNDATED, np.int32)
    has[cell], on[cell] = True, days
    older = np.flatnonzero(on.take(cell) < days)  # few: the last one stated is seldom not the latest
    np.maximum.at(on, cell.take(older), days.take(older))
    ambiguous = facts.ambiguous.take(chosen)
    if ambiguous.any():
        clear = np.zeros(len(has), np.bool_)
        clear[cell[~ambiguous]] = True
    else:
        clear = has.copy()
    return has.reshape(shape).T, on.reshape(shape).T, clear.reshape(shape).T


def _cells(facts: Facts, lesions: int) -> Places:
    """Finding by finding, so that what is asked of one stands together."""
    return facts.finding.astype(np.intp) * lesions + facts.lesion


def at_lesions(found: Recorded, chosen: Places) -> Recorded:
    """What was recorded at some lesions."""
    return Recorded(
        present=found.present[chosen],
        absent=found.absent[chosen],
        present_on=found.present_on[chosen],
        absent_on=found.absent_on[chosen],
        present_clear=found.present_clear[chosen],
        absent_clear=found.absent_clear[chosen],
    )


class Settled(NamedTuple):
    """`recorded` without what newer facts overrule; `superseded` and `open` say where, and where that did not do."""

    recorded: Recorded
    superseded: Bools
    open: Bools


def newest(found: Recorded, undated: Bools) -> Settled:
    """Of a finding that is both, what was recorded last, where both have days that differ.

    Exact where what is left can hold together: an older fact is then overruled by the newer one on its own finding,
    and nothing else is (`vhkg.decision.facts`). `undated` says of which cells an undated fact was recorded.
    """
    both = found.present & found.absent
    gone_present = both & (found.present_on < found.absent_on)
    gone_absent = both & (found.absent_on < found.present_on)
    kept = found._replace(present=found.present & ~gone_present, absent=found.absent & ~gone_absent)
    return Settled(kept, some(both), some(both & (undated | (found.present_on == found.absent_on))))


def undated_cells(facts: Facts, lesions: int, findings: int) -> Bools:
    """By lesion and finding: whether a fact without a day states it."""
    found = np.zeros(lesions * findings, np.bool_)
    undated = np.flatnonzero(facts.day == UNDATED)
    stated = undated[facts.status.take(undated) != UNKNOWN]
    found[facts.finding.take(stated).astype(np.intp) * lesions + facts.lesion.take(stated)] = True
    return found.reshape(findings, lesions).T
