"""The knowledge as people use it: load it once, then ask it about patients."""

from __future__ import annotations

import csv
import datetime
import hashlib
import io
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path

import msgspec

from vhkg.answering.compiled import compiled_knowledge
from vhkg.answering.composition import Composer
from vhkg.answering.placement import place
from vhkg.errors import InputError, UnknownName, UsageError
from vhkg.explanation.decider import Decider
from vhkg.explanation.explanations import Explanations
from vhkg.intake import Document, PatientGraph, document
from vhkg.knowledge.codes import with_codes
from vhkg.model.answer import (
    SCHEMA_VERSION,
    Answer,
    AnswerDocument,
    CodesShown,
    KnowledgeShown,
    SourceShown,
)
from vhkg.model.checks import ValidationReport
from vhkg.model.compiled import CompiledKnowledge
from vhkg.model.content import Content
from vhkg.model.record import PatientRecord
from vhkg.model.source_report import SourceReport
from vhkg.patients import Source, open_source, patient_graph, read_patients
from vhkg.resources import CONTEXT_FILE, KnowledgeFiles, knowledge_files
from vhkg.validation import check
from vhkg.version import __version__


class Patient(msgspec.Struct, frozen=True):
    """A patient as read: the record, the graph it stands for, and what the patient shapes say of that graph."""

    record: PatientRecord
    graph: PatientGraph
    report: ValidationReport


class Patients(msgspec.Struct, frozen=True):
    """All patients of a source, and what became of its entries."""

    patients: tuple[Patient, ...]
    report: SourceReport


class Knowledge:
    """One knowledge, compiled. Immutable and without global state; several can live side by side.

    >>> import vhkg
    >>> knowledge = vhkg.load()
    >>> rows = [{"patient": "p", "finding": "VertebralHemangioma", "status": "absent"}]
    >>> knowledge.recommend(rows)[0].verdict
    <Verdict.NOT_APPLICABLE: 'not-applicable'>
    """

    def __init__(self, files: KnowledgeFiles, compiled: CompiledKnowledge, codes: tuple[CodesShown, ...] = ()) -> None:
        self.files = files
        self.compiled = compiled
        self.codes = codes

    @classmethod
    def load(cls, folder: str | None = None, codes: Sequence[str | Path] = ()) -> Knowledge:
        """The shipped knowledge, or that of a folder; compiled on first use, then cached.

        `codes` are files of rows that say what codes of patient records mean, added to those of the knowledge. The
        digest is then that of the knowledge with these files. Raises KnowledgeError if the folder does not hold a
        knowledge that can be compiled exactly, and InputError for a file of codes.
        """
        files = knowledge_files(folder)
        compiled = compiled_knowledge(files)
        given = [(str(path), _bytes(path)) for path in codes]
        if not given:
            return cls(files, compiled)
        shown = tuple(CodesShown(file=name, sha256=hashlib.sha256(text).hexdigest()) for name, text in given)
        digest = hashlib.sha256("\0".join((compiled.digest, *(each.sha256 for each in shown))).encode()).hexdigest()
        tables = with_codes(compiled.codes, given, compiled.vocabulary, compiled.content.iris)
        return cls(files, msgspec.structs.replace(compiled, codes=tables, digest=digest), shown)

    @property
    def content(self) -> Content:
        return self.compiled.content

    @cached_property
    def decider(self) -> Decider:
        return Decider(self.compiled)

    @cached_property
    def composer(self) -> Composer:
        return Composer(self.decider, Explanations(self.decider, self.compiled))

    def read(self, source: str | Path | Document | Sequence[Mapping[str, str]]) -> tuple[Patient, ...]:
        """The patients of `read_source`."""
        return self.read_source(source).patients

    def read_source(self, source: str | Path | Document | Sequence[Mapping[str, str]]) -> Patients:
        """Patients from a file or folder, from bytes that passed the front door, or from rows, validated.

        A row has the keys of the facts CSV: patient, finding, status, and optionally presentation and date
        (YYYY-MM-DD). Raises InputError.
        """
        opened: Source
        if isinstance(source, (str, Path)):
            opened = open_source(str(source))
        elif isinstance(source, Document):
            opened = source
        else:
            opened = _facts_csv(source)
        context = self.files.ontology.get(CONTEXT_FILE, b"")
        found = read_patients(opened, self.compiled.vocabulary, self.compiled.codes, context=context)
        return Patients(
            tuple(Patient(each.record, each.graph, check(each.graph, self.compiled.checks)) for each in found.patients),
            found.report,
        )

    def admit(self, record: PatientRecord) -> Patient:
        """A record that was put together elsewhere, written as a graph and validated like any other.

        Its findings are names of the vocabulary.
        """
        graph = patient_graph(record, self.compiled.vocabulary)
        return Patient(record, graph, check(graph, self.compiled.checks))

    def recommend(
        self,
        source: str | Path | Document | Sequence[Mapping[str, str]],
        *,
        readings: Mapping[str, str] | None = None,
        as_of: datetime.date | None = None,
        assume: Mapping[str, bool] | None = None,
    ) -> list[Answer]:
        """One answer for each lesion of each patient, in the order of their names.

        `readings` maps the name of a reading to the alternative chosen; `as_of` None means the latest day in each
        patient's record; `assume` maps findings to true or false in place of what is recorded.
        Raises InputError for what cannot be read and UnknownName for a reading or finding that does not exist.
        """
        return [
            answer
            for patient in self.read(source)
            for answer in self.answer(patient, readings=readings, as_of=as_of, assume=assume)
        ]

    def answer(
        self,
        patient: Patient,
        *,
        readings: Mapping[str, str] | None = None,
        as_of: datetime.date | None = None,
        assume: Mapping[str, bool] | None = None,
        presentation: str | None = None,
    ) -> list[Answer]:
        """The answers for one patient that was read, or the one for the lesion of this name."""
        chosen = self.decider.guards.chosen(readings or {})
        if as_of is not None and not isinstance(as_of, datetime.date):
            raise UsageError(f"{as_of!r} is no date", place="as_of", mend="give a datetime.date")
        for name in assume or {}:
            if not self.decider.evaluator.has_atom(name):
                raise UnknownName(name, "finding", self.content.findings)
        report = patient.report
        placed = place(patient.record, self.content.findings)
        if not report.conforms:
            return [self.composer.invalid(patient.record, p, report.results) for p in placed or (None,)]
        if as_of is None:
            as_of = _latest(assertion.date for p in placed for assertion in p.assertions)
        return [
            self.composer.compose(
                patient.record, p, readings=chosen, as_of=as_of, warnings=report.results, assumed=assume
            )
            for p in placed
            if presentation in (None, p.presentation.name)
        ]

    def document(self, answers: Iterable[Answer]) -> AnswerDocument:
        """The answers with what must accompany them: version, digest, review status, sources, disclaimer."""
        content = self.content
        return AnswerDocument(
            schema_version=SCHEMA_VERSION,
            knowledge=KnowledgeShown(
                software=f"vhkg {__version__}",
                version=content.version,
                digest=self.compiled.digest,
                codes=self.codes,
                review_status=content.article.review_status,
                source=content.article.title,
                sources={
                    marker: SourceShown(
                        standing=source.standing,
                        candidate=source.candidate,
                        confidence=source.confidence,
                        basis=source.basis,
                        notes=source.notes,
                    )
                    for marker, source in content.sources.items()
                },
            ),
            disclaimer=content.article.disclaimer,
            answers=tuple(answers),
        )


def _bytes(path: str | Path) -> bytes:
    """A file of codes, as it is."""
    try:
        return Path(path).read_bytes()
    except OSError as error:
        fault = f"the codes cannot be read: {(error.strerror or str(error)).lower()}"
        raise InputError(fault, file=str(path), mend="correct the path") from error


def _latest(dates: Iterable[datetime.date | None]) -> datetime.date | None:
    return max((date for date in dates if date is not None), default=None)


def _facts_csv(rows: Sequence[Mapping[str, str]]) -> Document:
    """Rows pass the same door as a file, so that they are checked alike."""
    if not isinstance(rows, Sequence) or not all(isinstance(row, Mapping) for row in rows):
        raise UsageError("neither a path nor rows", place="source", mend="give a path, or a list of dictionaries")
    columns = list(dict.fromkeys(column for row in rows for column in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n", restval="")
    writer.writeheader()
    writer.writerows(rows)
    return document("rows", text.getvalue().encode())
