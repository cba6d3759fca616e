"""A text of N-Triples or N-Quads becomes a batch: columns for what is plain, the exact path for the rest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import partial

import numpy as np

from vhkg.answering.knowledge import Knowledge
from vhkg.cohort.batch import Batch, Refusal
from vhkg.cohort.joining import joined
from vhkg.cohort.rdf.checking import check_groups
from vhkg.cohort.rdf.exact import Part, exact_batch
from vhkg.cohort.rdf.facts import batch_of_groups
from vhkg.cohort.rdf.lexicon import Lexicon
from vhkg.cohort.rdf.lines import Lines, Longs, lines_of
from vhkg.cohort.rdf.links import Links, links_of
from vhkg.cohort.rdf.odd import OddLine, read_odd
from vhkg.cohort.rdf.ordering import in_order
from vhkg.cohort.rdf.patients import GroupPatients
from vhkg.cohort.rdf.statements import Statements, Subjects, statements_of, subjects_of
from vhkg.cohort.reader import ScatteredError
from vhkg.cohort.records import Ambiguity
from vhkg.errors import InputError
from vhkg.intake import Format
from vhkg.validation.columns import Bools

_MOST_FAULTS = 1000
"""As many lines of nobody are named of one text; the others are counted."""


class TextReader:
    """Reads texts of one file."""

    def __init__(self, file: str, format: Format, knowledge: Knowledge, *, numbered: bool = True) -> None:
        """`numbered` is false where the lines of texts are not those of the file, so that none is named."""
        self.lexicon = Lexicon.of(knowledge.compiled)
        self._file = file
        self._format = format
        self._numbered = numbered
        self._knowledge = knowledge
        self._datatypes = knowledge.compiled.vocabulary.datatypes
        self._ambiguity = Ambiguity(knowledge.compiled.codes)

    def statements(self, lines: Lines, faulty: Sequence[OddLine] = ()) -> Statements:
        """`faulty` are lines that were taken out of the text before."""
        first = [*self._garbled(lines), *faulty]
        return statements_of(lines, self.lexicon, self._datatypes, file=self._file, format=self._format, first=first)

    def subjects(self, lines: Lines) -> Subjects:
        """Whom the lines are about."""
        first = self._garbled(lines)
        return subjects_of(lines, self.lexicon, self._datatypes, file=self._file, format=self._format, first=first)

    def _garbled(self, lines: Lines) -> list[OddLine]:
        found = (read_odd(line, number, self._file, self._format) for number, line in lines.garbled)
        return [each for each in found if each is not None]

    def links(self, text: bytes) -> Links:
        return links_of(lines_of(text), self.lexicon, file=self._file, format=self._format)

    def batch(
        self,
        text: bytes,
        *,
        whole: bool,
        lines_before: Callable[[], int] = lambda: 0,
        faulty: Sequence[OddLine] = (),
    ) -> Batch:
        """All patients of a text, sorted. Raises ScatteredError if it is not `whole` and nodes lack their patient.

        `lines_before` counts the lines of the file before the text; it is called where one is at fault.
        """
        lines = lines_of(text)
        statements = self.statements(lines, faulty)
        patients = GroupPatients(statements, self.lexicon)
        if not whole and patients.scattered():
            raise ScatteredError
        groups = check_groups(statements, self.lexicon, self._knowledge.compiled.checks, _sizes(lines, statements))
        of_columns = batch_of_groups(self._file, statements, groups, self.lexicon, self._ambiguity.of)
        refused = self._refused(statements, patients, lines_before)
        apart = ~(groups.understood | groups.rejected)
        apart[statements.line_group[patients.faulty_rows()]] = False
        parts = _parts(lines, statements, apart, patients)
        of_parts = exact_batch(self._file, self._format, parts, self._knowledge)
        found = joined([of_columns, of_parts._replace(refused=[*refused, *of_parts.refused])])
        keys = statements.tokens.filter(statements.is_subject).hash().to_numpy()
        return in_order(found)._replace(keys=keys.astype(np.uint64, copy=False))

    def _refused(
        self, statements: Statements, patients: GroupPatients, lines_before: Callable[[], int]
    ) -> Iterator[Refusal]:
        """The lines at fault, once for each patient that they are about; those of nobody up to a limit."""
        faulty = {row: line for row, line in statements.odd.items() if line.fault}
        before = lines_before() if faulty and self._numbered else 0
        groups = statements.line_group
        of_nobody = 0
        for row, line in sorted(faulty.items(), key=lambda each: each[1].number):
            named = patients.of(int(groups[row]))
            of_nobody += not named
            if named or of_nobody <= _MOST_FAULTS:
                message = line.message(self._file, before if self._numbered else None)
                for patient in named or ("",):
                    yield Refusal(self._file, patient, message)
        if of_nobody > _MOST_FAULTS:
            fault = f"{of_nobody - _MOST_FAULTS} more lines are no statements, and it is not known whom they are about"
            yield Refusal(self._file, "", str(InputError(fault, file=self._file, mend="correct the syntax")))


def _sizes(lines: Lines, statements: Statements) -> Longs:
    """The bytes of each group."""
    groups = statements.line_group[: len(lines.start)]
    length = lines.end - lines.start + 1
    found = np.bincount(groups[groups >= 0], length[groups >= 0], statements.groups)
    return found.astype(np.int64)


def _parts(lines: Lines, statements: Statements, apart: Bools, patients: GroupPatients) -> Iterator[Part]:
    """The lines of groups that are to be read apart, in their order, group by group."""
    groups = statements.line_group[: len(lines.start)]
    rows = np.flatnonzero(groups >= 0)
    rows = rows[apart[groups[rows]]]
    by_group: dict[int, list[int]] = defaultdict(list)
    for row, group in zip(rows.tolist(), groups[rows].tolist(), strict=True):
        by_group[group].append(row)
    for group, own in by_group.items():
        content = b"".join(lines.line(row) + b"\n" for row in own)
        yield Part(content, patients.of(group), partial(_first_node, statements, own))


def _first_node(statements: Statements, rows: list[int]) -> str:
    nodes = statements.tokens.gather(np.unique(statements.subject[rows])).to_list()
    return min((token[1:-1] for token in nodes if token.startswith("<")), default="without a name")
