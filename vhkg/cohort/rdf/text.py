"""A text of N-Triples or N-Quads becomes a batch: columns for what is plain, the exact path for the rest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from vhkg.answering.knowledge import Knowledge
from vhkg.cohort.batch import Batch, Refusal
from vhkg.cohort.joining import joined
from vhkg.cohort.rdf.checking import check_groups, patient_of_groups
from vhkg.cohort.rdf.exact import Part, exact_batch
from vhkg.cohort.rdf.facts import batch_of_groups
from vhkg.cohort.rdf.lexicon import Lexicon
from vhkg.cohort.rdf.lines import Lines, lines_of
from vhkg.cohort.rdf.odd import OddLine, read_odd
from vhkg.cohort.rdf.ordering import in_order
from vhkg.cohort.rdf.statements import Statements, statements_of
from vhkg.cohort.reader import ScatteredError
from vhkg.cohort.records import Ambiguity
from vhkg.intake import Format
from vhkg.namespaces import Rdf, Vhkg
from vhkg.validation.columns import Bools


class TextReader:
    """Reads texts of one file."""

    def __init__(self, file: str, format: Format, knowledge: Knowledge) -> None:
        self.lexicon = Lexicon.of(knowledge.compiled)
        self._file = file
        self._format = format
        self._knowledge = knowledge
        self._ambiguity = Ambiguity(knowledge.compiled.codes)

    def statements(self, lines: Lines, faulty: Sequence[OddLine] = ()) -> Statements:
        """`faulty` are lines that were taken out of the text before."""
        garbled = [read_odd(line, number, self._file, self._format) for number, line in lines.garbled]
        datatypes = self._knowledge.compiled.vocabulary.datatypes
        first = [*(each for each in garbled if each is not None), *faulty]
        return statements_of(lines, self.lexicon, datatypes, file=self._file, format=self._format, first=first)

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
        patients = _Patients(statements, self.lexicon)
        if not whole and patients.scattered():
            raise ScatteredError
        groups = check_groups(statements, self.lexicon, self._knowledge.compiled.checks)
        of_columns = batch_of_groups(self._file, statements, groups, self.lexicon, self._ambiguity.of)
        refused = self._refused(statements, patients, lines_before)
        apart = ~groups.understood
        apart[statements.subject_groups()[patients.faulty_rows()]] = False
        parts = _parts(lines, statements, apart, patients)
        of_parts = exact_batch(self._file, self._format, parts, self._knowledge)
        found = joined([of_columns, of_parts._replace(refused=[*refused, *of_parts.refused])])
        keys = statements.tokens.filter(statements.is_subject).hash().to_numpy()
        return in_order(found)._replace(keys=keys.astype(np.uint64, copy=False))

    def _refused(
        self, statements: Statements, patients: _Patients, lines_before: Callable[[], int]
    ) -> Iterator[Refusal]:
        """The lines at fault, once for each patient that they are about."""
        faulty = {row: line for row, line in statements.odd.items() if line.fault}
        before = lines_before() if faulty else 0
        groups = statements.subject_groups()
        for row, line in faulty.items():
            message = line.message(self._file, before)
            for patient in patients.of(int(groups[row])) or ("",):
                yield Refusal(self._file, patient, message)


class _Patients:
    """The patients of groups, those included that are typed in lines of other forms."""

    def __init__(self, statements: Statements, lexicon: Lexicon) -> None:
        self._statements = statements
        self._lexicon = lexicon
        self._count, self._patient = patient_of_groups(statements, lexicon)
        self._odd: dict[int, set[str]] = defaultdict(set)
        for row, line in statements.odd.items():
            if line.predicate == Rdf.type and line.value == f"<{Vhkg.Patient}>":
                self._odd[int(statements.group[statements.subject[row]])].add(line.subject[1:-1])

    def of(self, group: int) -> tuple[str, ...]:
        """The names, sorted; none for the group -1."""
        if group < 0:
            return ()
        said = self._statements
        rows = said.read & (said.iri == self._lexicon.iri(Vhkg.Patient)) & (said.subject_groups() == group)
        named = said.tokens.gather(said.subject[rows]).to_list() if self._count[group] else []
        return tuple(sorted(self._odd[group] | {token[1:-1] for token in named if token.startswith("<")}))

    def faulty_rows(self) -> list[int]:
        """The lines at fault whose subject is known."""
        said = self._statements
        return [row for row, line in said.odd.items() if line.fault and said.subject[row] >= 0]

    def scattered(self) -> bool:
        """Whether there are nodes without a patient, or links to nodes of which nothing is said."""
        said = self._statements
        without = self._count == 0
        without[list(self._odd)] = False
        groups = said.subject_groups()
        fine = np.ones(len(groups), np.bool_)
        fine[[row for row, line in said.odd.items() if line.fault]] = False
        if without[groups[fine & (groups >= 0)]].any():
            return True
        links = said.read & self._lexicon.links[said.predicate]
        for row, line in said.odd.items():
            place = self._lexicon.predicate(line.predicate)
            links[row] = place >= 0 and bool(self._lexicon.links[place])
        values = said.node[links & (said.node >= 0)]
        return not bool(said.is_subject[values].all())


def _parts(lines: Lines, statements: Statements, apart: Bools, patients: _Patients) -> Iterator[Part]:
    """The lines of groups that are to be read apart, in their order, group by group."""
    groups = statements.subject_groups()[: len(lines.start)]
    rows = np.flatnonzero((groups >= 0) & apart[groups])
    by_group: dict[int, list[int]] = defaultdict(list)
    for row, group in zip(rows.tolist(), groups[rows].tolist(), strict=True):
        by_group[group].append(row)
    for group, own in by_group.items():
        content = b"".join(lines.line(row) + b"\n" for row in own)
        nodes = statements.tokens.gather(np.unique(statements.subject[own])).to_list()
        named = min((token[1:-1] for token in nodes if token.startswith("<")), default="without a name")
        yield Part(content, patients.of(group), named)
