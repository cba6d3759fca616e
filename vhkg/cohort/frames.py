"""Answers in columns become the frames that a run writes; the tables are those of `vhkg.model.cohort`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from vhkg.answering.knowledge import Knowledge
from vhkg.cohort.batch import UNDATED, Batch
from vhkg.cohort.checked import columns_of
from vhkg.cohort.deciding import VERDICTS, Answers
from vhkg.cohort.explained import NO_REASON
from vhkg.cohort.rows import outcome, provenance, row_flags
from vhkg.cohort.texts import Texts
from vhkg.engines.columns import STATUSES
from vhkg.model.answer import Verdict
from vhkg.model.cohort import ANSWERS, CONFLICTS, PATIENTS, REFUSED, UNMAPPED, VALIDATION
from vhkg.model.content import Recommendation

Codes = npt.NDArray[np.uint32]
_INVALID_FLAGS = "invalid pending-review"

SCHEMA: dict[str, pl.DataType] = {
    **dict.fromkeys((*ANSWERS, *PATIENTS, *CONFLICTS, *UNMAPPED, *REFUSED, *VALIDATION), pl.String()),
    "asOf": pl.Date(),
    "decisiveSince": pl.Date(),
    "order": pl.Int32(),
    "entries": pl.Int64(),
    "ambiguousCode": pl.Boolean(),
    "holdsUnderEveryReading": pl.Boolean(),
}
"""What columns hold. Texts that recur may be categorical in a frame, and are texts in the files."""


class _Fixed(NamedTuple):
    """What is the same in every row of a recommendation."""

    recommendation: Recommendation
    sources: str
    statement: str


class Framer:
    """Prepared once for a knowledge."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._provenance = {name: str(text) for name, text in provenance(knowledge.document(())).items()}
        self._fixed = [_fixed(knowledge, each) for each in knowledge.content.recommendations]
        self._row_flags = cache(row_flags)

    def frames(self, batch: Batch, answers: Answers, texts: Texts) -> dict[str, pl.DataFrame]:
        """The tables for a batch, in the order of its patients; what does not conform comes last."""
        return {
            "answers": self._answers(batch, answers, texts),
            "patients": self._patients(batch, answers, texts),
            "validation": self._table(VALIDATION, _validation(batch)),
            "conflicts": self._table(CONFLICTS, _conflicts(batch, answers)),
            "unmapped": self._table(UNMAPPED, _unmapped(batch)),
            "refused": self._table(REFUSED, _refused(batch)),
        }

    def _answers(self, batch: Batch, answers: Answers, texts: Texts) -> pl.DataFrame:
        count, width = answers.status.shape
        each = pl.Series(np.repeat(np.arange(count, dtype=np.uint32), width))
        rule = pl.Series(np.tile(np.arange(width, dtype=np.uint32), count))
        patient, lesion = _names(batch)
        status = [value.value for value in STATUSES]
        words, places = answers.words, pl.Series(answers.said.ravel().astype(np.uint32))
        used = np.zeros(len(words.because), np.bool_)
        used[answers.said] = True

        def said(codes: Codes, column: str) -> pl.Series:
            return _coded(codes, texts.of(column), used).gather(places)

        columns: dict[str, pl.Series] = {
            "file": _same(batch.file, len(each)),
            "patient": patient.gather(each),
            "presentation": lesion.gather(each),
            "asOf": _dates(answers.as_of, UNDATED).gather(each),
            "verdict": _coded(answers.verdict, [value.value for value in VERDICTS]).gather(each),
            "recommendation": _recurring([fixed.recommendation.name for fixed in self._fixed]).gather(rule),
            "order": pl.Series([fixed.recommendation.order for fixed in self._fixed], dtype=pl.Int32).gather(rule),
            "direction": _recurring([fixed.recommendation.direction for fixed in self._fixed]).gather(rule),
            "status": _coded(answers.status.ravel(), status),
            "baseStatus": _coded(answers.base.ravel(), status),
            "because": said(words.because, "because"),
            "decisiveSince": _dates(answers.since.ravel(), UNDATED, NO_REASON),
            "ambiguousCode": pl.Series(answers.ambiguous.ravel()),
            "confirm": said(words.confirm, "confirm"),
            "refute": said(words.refute, "refute"),
            "questions": said(words.questions, "questions"),
            "notAddressed": _coded(answers.not_addressed.ravel(), texts.of("notAddressed")),
            "readings": said(words.readings, "readings"),
            "holdsUnderEveryReading": pl.Series(words.everywhere).gather(places),
            "sources": _recurring([fixed.sources for fixed in self._fixed]).gather(rule),
            "statement": _recurring([fixed.statement for fixed in self._fixed]).gather(rule),
            "flags": self._flags(answers, texts),
        }
        found = self._finished(ANSWERS, columns, len(each))
        none = [{**row, "flags": _INVALID_FLAGS} for row in _invalid(batch)]
        return _with_rows(found, none, self._provenance)

    def _flags(self, answers: Answers, texts: Texts) -> pl.Series:
        """Of few kinds: the recommendation, whether it was capped, and what holds of the answer."""
        width = answers.status.shape[1]
        capped = (answers.status != answers.base).astype(np.int64)
        kind = (answers.flags[:, None].astype(np.int64) * width + np.arange(width)) * 2 + capped
        kinds = np.flatnonzero(np.bincount(kind.ravel()))
        places = np.zeros(kinds.max(initial=0) + 1, np.uint32)
        places[kinds] = np.arange(len(kinds))
        of_answer = texts.of("answerFlags")
        written = []
        for number in kinds.tolist():
            at, is_capped = divmod(number, 2)
            own = self._fixed[at % width].recommendation.flags
            written.append(self._row_flags((*own, "capped") if is_capped else own, of_answer[at // width]))
        return _coded(places[kind.ravel()], written)

    def _patients(self, batch: Batch, answers: Answers, texts: Texts) -> pl.DataFrame:
        patient, lesion = _names(batch)
        columns = {
            "file": _same(batch.file, len(lesion)),
            "patient": patient,
            "presentation": lesion,
            "outcome": _coded(answers.verdict, [outcome(value.value) for value in VERDICTS]),
            "verdict": _coded(answers.verdict, [value.value for value in VERDICTS]),
            "asOf": _dates(answers.as_of, UNDATED),
            "flags": _coded(answers.flags, texts.of("answerFlags")),
        }
        found = self._finished(PATIENTS, columns, len(lesion))
        invalid = outcome(Verdict.INVALID.value)
        none = [{**row, "outcome": invalid, "flags": _INVALID_FLAGS} for row in _invalid(batch)]
        return _with_rows(found, none, self._provenance)

    def _table(self, names: Sequence[str], given: Mapping[str, pl.Series | Sequence[object]]) -> pl.DataFrame:
        columns = {name: pl.Series(values, dtype=SCHEMA[name]) for name, values in given.items()}
        return self._finished(names, columns, len(columns[names[0]]))

    def _finished(self, names: Sequence[str], columns: Mapping[str, pl.Series], count: int) -> pl.DataFrame:
        """The columns in their order, the provenance at the end."""
        full = {**columns, **{name: _same(text, count) for name, text in self._provenance.items()}}
        return pl.DataFrame({name: full[name] for name in names})


def _with_rows(frame: pl.DataFrame, rows: Sequence[Mapping[str, object]], end: Mapping[str, str]) -> pl.DataFrame:
    """The frame with further rows, which lack what is not given; each with its provenance."""
    if not rows:
        return frame
    plain = {name: SCHEMA[name] for name in frame.columns}
    further = pl.DataFrame([{**row, **end} for row in rows], schema=plain)
    return pl.concat([frame, further.cast(frame.schema)])


def _names(batch: Batch) -> tuple[pl.Series, pl.Series]:
    """The patient of each lesion, and its own name."""
    patients = pl.Series(batch.patients, dtype=pl.String)
    return patients.gather(batch.lesions.patient), pl.Series(batch.lesions.name, dtype=pl.String)


def _coded(
    codes: npt.NDArray[np.integer[Any]], texts: Sequence[str], among: npt.NDArray[np.bool_] | slice = slice(None)
) -> pl.Series:
    """Texts by code. Sorted and only those that occur `among` them, so that the file depends on nothing but its rows.

    For the others there is any text.
    """
    used = np.flatnonzero(np.bincount(codes[among], minlength=len(texts)))
    ordered = sorted({texts[at] for at in used.tolist()})
    place = {text: at for at, text in enumerate(ordered)}
    renumbered = np.zeros(len(texts), np.uint32)
    renumbered[used] = [place[texts[at]] for at in used.tolist()]
    return pl.Series(ordered, dtype=pl.Categorical).gather(renumbered[codes])


def _same(text: str, count: int) -> pl.Series:
    return pl.Series([text], dtype=pl.Categorical).new_from_index(0, count)


def _recurring(texts: Sequence[str]) -> pl.Series:
    return _coded(np.arange(len(texts)), texts)


def _dates(days: npt.NDArray[np.int32], *none: np.int32) -> pl.Series:
    found = pl.Series(days)
    for each in none:
        found = found.set(found == int(each), None)
    return found.cast(pl.Date)


def _invalid(batch: Batch) -> list[dict[str, object]]:
    return [
        {"file": batch.file, "patient": patient, "presentation": lesion, "verdict": Verdict.INVALID.value}
        for patient, lesions in batch.invalid.items()
        for lesion in lesions or ("",)
    ]


def _validation(batch: Batch) -> dict[str, pl.Series]:
    return dict(zip(VALIDATION, columns_of(batch.checked), strict=False))


def _conflicts(batch: Batch, answers: Answers) -> dict[str, Sequence[object]]:
    lesions = batch.lesions
    return {
        "file": [batch.file] * len(answers.conflicts),
        "patient": [batch.patients[int(lesions.patient[lesion])] for lesion, _ in answers.conflicts],
        "presentation": [lesions.name[lesion] for lesion, _ in answers.conflicts],
        "facts": [text for _, text in answers.conflicts],
    }


def _unmapped(batch: Batch) -> dict[str, Sequence[object]]:
    codes = sorted(batch.unmapped)
    return {"file": [batch.file] * len(codes), "code": codes, "entries": [batch.unmapped[code] for code in codes]}


def _refused(batch: Batch) -> dict[str, Sequence[object]]:
    return {
        "file": [each.file for each in batch.refused],
        "patient": [each.patient for each in batch.refused],
        "message": [each.message for each in batch.refused],
    }


def _fixed(knowledge: Knowledge, recommendation: Recommendation) -> _Fixed:
    """As an answer to nothing has them: no patient changes them."""
    sources, statement = knowledge.composer.evidence(recommendation.name)
    return _Fixed(recommendation, " ".join(sources), statement)
