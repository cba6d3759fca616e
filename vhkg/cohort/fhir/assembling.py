"""What is gathered becomes a batch: in columns where a patient is plain, else by the code for one patient.

A patient is plain whose facts are different, on whole days, and have no site that is not understood: lesions are the
levels, and the patient shapes say the same of all, since the writer of graphs gives them the same few statements.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from vhkg.answering.knowledge import Knowledge, Patient
from vhkg.cohort.batch import NO_LESION, UNDATED, Batch, Facts, Lesions, day_of
from vhkg.cohort.fhir.gathering import Gathered, Numbers
from vhkg.cohort.fhir.parts import AMBIGUOUS, CODES, DAY, ENTRY, FINDING, LETTERS, RAW_SITE, SITE, STATUS
from vhkg.cohort.joining import joined
from vhkg.cohort.keys import keys_of
from vhkg.cohort.records import STATUSES, batch_of
from vhkg.cohort.tables.shapes import row_results
from vhkg.cohort.tables.undated import undated_results
from vhkg.intake import PatientGraph
from vhkg.model.checks import ValidationReport
from vhkg.model.coded import CodedEntry
from vhkg.model.record import PatientRecord
from vhkg.patients.assembly import Assembler
from vhkg.patients.interpretation import Stated
from vhkg.patients.tally import Tally
from vhkg.patients.writing import patient_graph
from vhkg.validation import check

_WHOLE_DAY = len("2026-03-01")
_FACTOR, _SHIFT = np.uint64(0x9E3779B97F4A7C15), np.uint64(32)
_NOTHING = PatientGraph(())


class BatchAssembler:
    """Prepared for one knowledge."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self._assembler = Assembler(knowledge.compiled.codes, knowledge.compiled.vocabulary)
        findings = knowledge.content.findings
        self._names = tuple(findings)
        self._statuses = {number: status for status, number in STATUSES.items()}
        self._of_lesion = np.array([term.bearer == "lesion" for term in findings.values()], np.bool_)
        kinds = (("Observation/1", ("X:1", "X:2")), ("urn:x:1", ()), ("Observation/1", ()))
        first, *others = {row_results(knowledge, origin=origin, codes=codes) for origin, codes in kinds}
        self._results = None if others else first
        self._order = np.argsort(np.argsort(np.array(self._names)))

    def batch(self, file: str, found: Gathered) -> Batch:
        facts = found.facts[:, 1:]
        of_lesion = self._of_lesion[facts[:, FINDING]]
        odd = np.full(len(found.patients), self._results is None)
        odd[found.facts[_repeated(found.facts, of_lesion), 0]] = True
        coarse = (facts[:, LETTERS] != _WHOLE_DAY) & (facts[:, DAY] != UNDATED)
        odd[found.facts[coarse | (of_lesion & (facts[:, RAW_SITE] > 0)), 0]] = True
        is_odd = odd[found.facts[:, 0]]
        plain = self._plain(file, found, np.flatnonzero(~odd), found.facts[~is_odd], of_lesion[~is_odd])
        others = batch_of(file, self._patients(file, found, found.facts[is_odd], np.flatnonzero(odd)), self._knowledge)
        return joined([plain, others])._replace(refused=found.refused, unmapped=found.unmapped, fates=found.fates)

    def _plain(
        self, file: str, found: Gathered, chosen: npt.NDArray[np.intp], rows: Numbers, of_lesion: npt.NDArray[np.bool_]
    ) -> Batch:
        # As the assertions of a record are sorted, so that the writer's numbers of them are known.
        order = np.lexsort((rows[:, 1 + STATUS], rows[:, 1 + DAY], self._order[rows[:, 1 + FINDING]]))
        rows, of_lesion = rows[order], of_lesion[order]
        patient = np.searchsorted(chosen, rows[:, 0]).astype(np.int32)
        facts = rows[:, 1:]
        names, site = _sorted_names(found.sites, facts[:, SITE])
        at_lesion = of_lesion & (facts[:, SITE] > 0)
        key = patient.astype(np.int64) * (len(names) + 1) + site
        lesions = np.unique(key[at_lesion])
        without = np.setdiff1d(np.arange(len(chosen)), lesions // (len(names) + 1))
        every = np.sort(np.concatenate([lesions, without * (len(names) + 1)]))
        lesion = np.where(at_lesion, np.searchsorted(every, key), NO_LESION).astype(np.int32)
        labels = [names[at] for at in (every % (len(names) + 1)).tolist()]
        own = [found.patients[at] for at in chosen.tolist()]
        batch = Batch(
            file=file,
            patients=own,
            lesions=Lesions((every // (len(names) + 1)).astype(np.int32), labels, labels),
            facts=Facts(
                patient=patient,
                lesion=lesion,
                finding=facts[:, FINDING].astype(np.int16),
                status=facts[:, STATUS].astype(np.int8),
                day=facts[:, DAY],
                ambiguous=facts[:, AMBIGUOUS].astype(np.bool_),
            ),
            keys=keys_of(own),
        )
        return batch._replace(checked=undated_results(batch, self._results)) if self._results else batch

    def _patients(self, file: str, found: Gathered, rows: Numbers, chosen: npt.NDArray[np.intp]) -> Iterator[Patient]:
        rows = rows[np.argsort(rows[:, 0], kind="stable")]
        starts = np.searchsorted(rows[:, 0], chosen).tolist()
        ends = np.searchsorted(rows[:, 0], chosen, side="right").tolist()
        for place, start, end in zip(chosen.tolist(), starts, ends, strict=True):
            stated = [self._stated(found, row) for row in rows[start:end, 1:].tolist()]
            record = self._assembler.assembled(found.patients[place], stated, file, Tally(""))
            yield Patient(record, _NOTHING, self._report(record))

    def _stated(self, found: Gathered, row: Sequence[int]) -> Stated:
        day = day_of(row[DAY]) if row[DAY] != UNDATED else None
        return Stated(
            finding=self._names[row[FINDING]],
            status=self._statuses[row[STATUS]],
            day=day.isoformat()[: row[LETTERS]] if day else "",
            site=found.sites[row[SITE]],
            raw_site=found.sites[row[RAW_SITE]],
            entry=CodedEntry(element="", origin=found.origins[row[ENTRY]], codes=found.codes[row[CODES]]),
        )

    def _report(self, record: PatientRecord) -> ValidationReport:
        knowledge = self._knowledge
        if self._results and _is_dated(record):
            return ValidationReport(conforms=True, results=(), hits={})
        return check(patient_graph(record, knowledge.compiled.vocabulary), knowledge.compiled.checks)


def _repeated(rows: Numbers, of_lesion: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Facts that are like another of the same patient, but for their origins; and a few others, by chance."""
    facts = rows[:, 1:]
    key = rows[:, 0].astype(np.uint64)
    for column in (facts[:, FINDING], facts[:, STATUS], facts[:, DAY], facts[:, SITE] * of_lesion, facts[:, CODES]):
        key = (key ^ column.astype(np.uint64)) * _FACTOR
        key ^= key >> _SHIFT
    _, place, count = np.unique(key, return_inverse=True, return_counts=True)
    repeated: npt.NDArray[np.bool_] = count[place] > 1
    return repeated


def _is_dated(record: PatientRecord) -> bool:
    bearers = (record.assertions, *(lesion.assertions for lesion in record.presentations))
    return all(each.date is not None for assertions in bearers for each in assertions)


def _sorted_names(names: Sequence[str], numbers: Numbers) -> tuple[list[str], Numbers]:
    """The names in their order, and the numbers for it."""
    order = sorted(range(len(names)), key=names.__getitem__)
    place = np.empty(len(names), np.int32)
    place[order] = np.arange(len(names), dtype=np.int32)
    return [names[at] for at in order], place[numbers]
