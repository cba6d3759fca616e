"""Answers in columns become the frames that a run writes; the tables are those of `vhkg.model.cohort`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt
import polars as pl

from vhkg.answering.knowledge import Knowledge
from vhkg.cohort.batch import UNDATED, Batch
from vhkg.cohort.checked import columns_of
from vhkg.cohort.deciding import VERDICTS, Answers
from vhkg.cohort.explained import NO_REASON
from vhkg.cohort.recurring import as_places, coded, members, names, same
from vhkg.cohort.rows import outcome, provenance, row_flags
from vhkg.cohort.texts import Texts
from vhkg.engines.columns import STATUSES
from vhkg.model.answer import Verdict
from vhkg.model.cohort import ANSWERS, CONFLICTS, PATIENTS, REFUSED, UNMAPPED, VALIDATION
from vhkg.model.content import Recommendation

Codes = npt.NDArray[np.uint32]
_Code = TypeVar("_Code", bound=np.integer[Any])
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
"""What the files hold. In a frame, texts that recur are members of an Enum (`vhkg.cohort.recurring`)."""


class _Fixed(NamedTuple):
    """What is the same in every row of a recommendation."""

    recommendation: Recommendation
    sources: str
    statement: str


class _Lesions(NamedTuple):
    """`columns` are what both tables say of each lesion, and after these of each record that does not conform, of
    which there are `invalid`; `verdicts` are places in `VERDICTS`."""

    columns: dict[str, pl.Series]
    verdicts: pl.Series
    invalid: int

    @classmethod
    def of(cls, batch: Batch, answers: Answers) -> _Lesions:
        invalid = [(patient, lesion) for patient, lesions in batch.invalid.items() for lesion in lesions or ("",)]
        patient = names([*batch.patients, *(patient for patient, _ in invalid)])
        bearers = np.arange(len(batch.patients), len(patient), dtype=np.uint32)
        end = np.full(len(invalid), VERDICTS.index(Verdict.INVALID), np.int8)
        verdicts = as_places(np.concatenate((answers.verdict, end)))
        columns = {
            "patient": patient.gather(as_places(np.concatenate((batch.lesions.patient, bearers)))),
            "presentation": names([*batch.lesions.name, *(lesion for _, lesion in invalid)]),
            "asOf": _dates(pl.Series(answers.as_of).extend_constant(None, len(invalid)), UNDATED),
            "verdict": members([value.value for value in VERDICTS]).gather(verdicts),
        }
        return cls(columns, verdicts, len(invalid))

    def ended(self, column: npt.NDArray[_Code], end: int) -> npt.NDArray[_Code]:
        """A column of rows, with a value for each record that does not conform."""
        return np.concatenate((column, np.full(self.invalid, end, column.dtype)))


class Framer:
    """Prepared once for a knowledge."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._provenance = {name: str(text) for name, text in provenance(knowledge.document(())).items()}
        self._fixed = [_fixed(knowledge, each) for each in knowledge.content.recommendations]
        self._row_flags = cache(row_flags)
        recommendations = [fixed.recommendation for fixed in self._fixed]
        self._once = {
            "recommendation": members([each.name for each in recommendations]),
            "order": pl.Series([each.order for each in recommendations], dtype=pl.Int32),
            "direction": members([each.direction for each in recommendations]),
            "sources": members([fixed.sources for fixed in self._fixed]),
            "statement": members([fixed.statement for fixed in self._fixed]),
        }
        self._repeated = self._once

    def frames(self, batch: Batch, answers: Answers, texts: Texts) -> dict[str, pl.DataFrame]:
        """The tables for a batch, in the order of its patients; what does not conform comes last."""
        lesions = _Lesions.of(batch, answers)
        return {
            "answers": self._answers(batch, answers, texts, lesions),
            "patients": self._patients(batch, answers, texts, lesions),
            "validation": self._table(VALIDATION, _validation(batch)),
            "conflicts": self._table(CONFLICTS, _conflicts(batch, answers)),
            "unmapped": self._table(UNMAPPED, _unmapped(batch)),
            "refused": self._table(REFUSED, _refused(batch)),
        }

    def _answers(self, batch: Batch, answers: Answers, texts: Texts, lesions: _Lesions) -> pl.DataFrame:
        """What is None here is what the rows of records that do not conform lack, which come last."""
        count, width = answers.status.shape
        alone = np.arange(count, count + lesions.invalid, dtype=np.uint32)
        lesion = pl.Series(np.concatenate((np.repeat(np.arange(count, dtype=np.uint32), width), alone)))
        words = answers.words
        places = as_places(lesions.ended(answers.said.ravel(), len(words.because)))
        statuses = members([*(status.value for status in STATUSES), None])
        by_rule = {
            name: column.extend_constant(None, lesions.invalid) for name, column in self._by_rule(count * width).items()
        }

        def by_status(codes: npt.NDArray[np.int8]) -> pl.Series:
            return statuses.gather(as_places(lesions.ended(codes.ravel(), len(STATUSES))))

        def said(codes: Codes, column: str) -> pl.Series:
            known = [*texts.of(column), None]
            return coded(np.append(codes, np.uint32(len(known) - 1)), known).gather(places)

        def cells(column: npt.NDArray[Any]) -> pl.Series:
            return pl.Series(column.ravel()).extend_constant(None, lesions.invalid)

        not_addressed = [*texts.of("notAddressed"), None]
        columns: dict[str, pl.Series] = {
            "file": same(batch.file, len(lesion)),
            **{name: column.gather(lesion) for name, column in lesions.columns.items()},
            **by_rule,
            "status": by_status(answers.status),
            "baseStatus": by_status(answers.base),
            "because": said(words.because, "because"),
            "decisiveSince": _dates(cells(answers.since), UNDATED, NO_REASON),
            "ambiguousCode": cells(answers.ambiguous),
            "confirm": said(words.confirm, "confirm"),
            "refute": said(words.refute, "refute"),
            "questions": said(words.questions, "questions"),
            "notAddressed": coded(lesions.ended(answers.not_addressed.ravel(), len(not_addressed) - 1), not_addressed),
            "readings": said(words.readings, "readings"),
            "holdsUnderEveryReading": cells(words.everywhere.take(answers.said)),
            "flags": self._flags(answers, texts, lesions),
        }
        return self._finished(ANSWERS, columns, len(lesion))

    def _by_rule(self, rows: int) -> dict[str, pl.Series]:
        """What is the same in every answer, for so many rows: the start of what is made once, longer if need be."""
        if rows > len(self._repeated["order"]):
            place = pl.Series(np.tile(np.arange(len(self._fixed), dtype=np.uint32), 2 * rows // len(self._fixed) + 1))
            self._repeated = {name: column.gather(place) for name, column in self._once.items()}
        return {name: column.slice(0, rows) for name, column in self._repeated.items()}

    def _flags(self, answers: Answers, texts: Texts, lesions: _Lesions) -> pl.Series:
        """Of few kinds: what holds of the answer, the recommendation, and whether it was capped."""
        own = list(dict.fromkeys(fixed.recommendation.flags for fixed in self._fixed))
        of_rule = np.array([own.index(fixed.recommendation.flags) for fixed in self._fixed], np.uint32)
        kind = answers.flags[:, None] * np.uint32(2 * len(own)) + 2 * of_rule
        kind += answers.status != answers.base
        used, of_answer = np.bincount(kind.ravel()) > 0, texts.of("answerFlags")
        written: list[str | None] = [None] * len(used)
        for number in np.flatnonzero(used).tolist():
            at, is_capped = divmod(number, 2)
            answer, rule = divmod(at, len(own))
            written[number] = self._row_flags((*own[rule], "capped") if is_capped else own[rule], of_answer[answer])
        codes = lesions.ended(kind.ravel(), len(written))
        return members([*written, _INVALID_FLAGS if lesions.invalid else None]).gather(pl.Series(codes))

    def _patients(self, batch: Batch, answers: Answers, texts: Texts, lesions: _Lesions) -> pl.DataFrame:
        flags = [*texts.of("answerFlags"), _INVALID_FLAGS]
        columns = {
            "file": same(batch.file, len(lesions.verdicts)),
            **lesions.columns,
            "outcome": members([outcome(value.value) for value in VERDICTS]).gather(lesions.verdicts),
            "flags": coded(lesions.ended(answers.flags, len(flags) - 1), flags),
        }
        return self._finished(PATIENTS, columns, len(lesions.verdicts))

    def _table(self, names: Sequence[str], given: Mapping[str, pl.Series | Sequence[object]]) -> pl.DataFrame:
        columns = {
            name: values if isinstance(values, pl.Series) else pl.Series(values, dtype=SCHEMA[name])
            for name, values in given.items()
        }
        return self._finished(names, columns, len(columns[names[0]]))

    def _finished(self, names: Sequence[str], columns: Mapping[str, pl.Series], count: int) -> pl.DataFrame:
        """The columns in their order, the provenance at the end."""
        full = {**columns, **{name: same(text, count) for name, text in self._provenance.items()}}
        return pl.DataFrame({name: full[name] for name in names})


def _dates(days: pl.Series, *none: np.int32) -> pl.Series:
    for each in none:
        days = days.set(days == int(each), None)
    return days.cast(pl.Date)


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
