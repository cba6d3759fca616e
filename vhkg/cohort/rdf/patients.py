"""Who the patients of groups are, and whether all groups have one: also as lines of other forms say it."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property

from vhkg.cohort.rdf.checking import patient_of_groups
from vhkg.cohort.rdf.lexicon import Lexicon
from vhkg.cohort.rdf.statements import Statements
from vhkg.namespaces import Rdf, Vhkg
from vhkg.validation.columns import Bools

_PATIENT = f"<{Vhkg.Patient}>"


class GroupPatients:
    """The patients of each group."""

    def __init__(self, statements: Statements, lexicon: Lexicon) -> None:
        self._statements = statements
        self._lexicon = lexicon
        self._count, _ = patient_of_groups(statements, lexicon)
        self._odd: dict[int, list[int]] = defaultdict(list)
        for row, line in statements.odd.items():
            if line.predicate == Rdf.type and line.value == _PATIENT:
                node = int(statements.subject[row])
                self._odd[int(statements.group[node])].append(node)

    def of(self, group: int) -> tuple[str, ...]:
        """Their names, sorted; none for the group -1."""
        tokens = {self._statements.tokens[node] for node in (*self._plain.get(group, ()), *self._odd.get(group, ()))}
        return tuple(sorted(token[1:-1] for token in tokens if token.startswith("<")))

    @cached_property
    def _plain(self) -> dict[int, list[int]]:
        """The nodes that plain lines type as patients."""
        said = self._statements
        nodes = said.subject[said.read & (said.iri == self._lexicon.iri(Vhkg.Patient))]
        found: dict[int, list[int]] = defaultdict(list)
        for group, node in zip(said.group[nodes].tolist(), nodes.tolist(), strict=True):
            found[group].append(node)
        return found

    def scattered(self) -> bool:
        """Whether there are nodes without a patient, or links to nodes of which nothing is said."""
        said = self._statements
        without = self._count == 0
        without[list(self._odd)] = False
        groups = said.line_group
        fine = groups >= 0
        fine[[row for row, line in said.odd.items() if line.fault]] = False
        values = said.node[linking(said, self._lexicon)]
        return bool(without[groups[fine]].any()) or not bool(said.is_subject[values].all())

    def faulty_rows(self) -> list[int]:
        """The lines at fault whose subject is known."""
        said = self._statements
        return [row for row, line in said.odd.items() if line.fault and said.subject[row] >= 0]


def linking(statements: Statements, lexicon: Lexicon) -> Bools:
    """The lines that lead from a patient to a node of its own, whether anything is said of that node or not."""
    found: Bools = statements.read & lexicon.links[statements.predicate] & (statements.node >= 0)
    for row, line in statements.odd.items():
        place = lexicon.predicate(line.predicate)
        found[row] = place >= 0 and bool(lexicon.links[place]) and bool(statements.node[row] >= 0)
    return found
