"""What a text must come to, the slow way: each line parsed alone, each group of nodes read as a file of its own."""

from __future__ import annotations

import re
from collections.abc import Iterable

from tests.cohort.batches import Shown, shown, together
from tests.support import shipped
from vhkg.cohort.batch import Refusal
from vhkg.cohort.records import batch_of
from vhkg.errors import InputError
from vhkg.intake import Document, Format, Iri, Literal, Node, document
from vhkg.intake.rdf import parse_triples
from vhkg.namespaces import Rdf, Vhkg

_SUBJECT = re.compile(r'[ \t]*(<[^<>"{}|^`\\\x00-\x20]*>|_:[^\s<>"]+)[ \t]')


def expected(file: str, lines: list[str]) -> Shown:
    """The groups are those that patients' links make; a line at fault sets aside what its subject belongs to."""
    format = Format.NQUADS if ".nq" in file else Format.NTRIPLES
    groups = _Groups()
    links: list[tuple[str, str]] = []
    by_subject: dict[str, list[str]] = {}
    patients: set[str] = set()
    faults: list[tuple[str, str]] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        try:
            ((subject, predicate, value),) = parse_triples(Document(name=file, content=line.encode(), format=format))
        except InputError as error:
            start = _SUBJECT.match(line)
            column = re.search(r", column \d+", error.place or "")
            error.place = f"line {number}" + (column.group() if column else "")
            faults.append((start.group(1) if start else "", str(error)))
            continue
        by_subject.setdefault(_token(subject), []).append(line)
        if predicate == Rdf.type and value == Iri(Vhkg.Patient) and isinstance(subject, Iri):
            patients.add(subject.value)
        if predicate in (Vhkg.hasPresentation, Vhkg.hasAssessment) and not isinstance(value, Literal):
            links.append((_token(subject), _token(value)))
    about = {*by_subject, *(subject for subject, _ in faults)}
    for one, other in links:
        if other in about:
            groups.join(one, other)
    return together(_shown(file, groups, by_subject, patients, faults))


def _shown(
    file: str, groups: _Groups, by_subject: dict[str, list[str]], patients: set[str], faults: list[tuple[str, str]]
) -> Iterable[Shown]:
    aside: set[str] = set()
    named: dict[str, list[str]] = {}
    for patient in sorted(patients):
        named.setdefault(groups.head(f"<{patient}>"), []).append(patient)
    refused: list[Refusal] = []
    for subject, message in faults:
        head = groups.head(subject) if subject else ""
        aside.add(head)
        refused += [Refusal(file, patient, message) for patient in named.get(head, [""])]
    yield shown(batch_of(file, (), shipped(), refused=refused), shipped())
    members: dict[str, list[str]] = {}
    for subject in by_subject:
        members.setdefault(groups.head(subject), []).append(subject)
    for head, subjects in members.items():
        if head in aside:
            continue
        text = "".join(f"{line}\n" for subject in subjects for line in by_subject[subject])
        try:
            found = shipped().read_source(document(file, text.encode()))
        except InputError as error:
            error.place = re.sub(r"^line \d+(?:, column \d+)?(?:, )?", "", error.place or "")
            node = min((each[1:-1] for each in subjects if each.startswith("<")), default="without a name")
            error.place = error.place or f"node {node!r}"
            each = [Refusal(file, patient, str(error)) for patient in named.get(head, [""])]
            yield shown(batch_of(file, (), shipped(), refused=each), shipped())
        else:
            yield shown(batch_of(file, found.patients, shipped(), report=found.report), shipped())


def _token(node: Node) -> str:
    return f"<{node.value}>" if isinstance(node, Iri) else str(node)


class _Groups:
    """Which nodes are linked, by following each to the head of its group."""

    def __init__(self) -> None:
        self._above: dict[str, str] = {}

    def head(self, node: str) -> str:
        while (above := self._above.get(node, node)) != node:
            node = above
        return node

    def join(self, one: str, other: str) -> None:
        self._above[self.head(one)] = self.head(other)
