"""The vocabulary gate: a patient graph speaks of patients, never of the vocabulary."""

from __future__ import annotations

import re

from vhkg.errors import InputError, RefusedInput, near_matches
from vhkg.intake.canonical import check_blank_nodes
from vhkg.intake.document import Document
from vhkg.intake.lexical import has_form, is_language_tag, unprintable
from vhkg.intake.terms import Blank, Iri, Literal, Node, PatientGraph, Term, Triple
from vhkg.model.vocabulary import Vocabulary
from vhkg.namespaces import BASE, RESERVED, Rdf, Vhkg, Xsd

MAX_TEXT_LENGTH = 2000
MAX_IRI_LENGTH = 2048
_SCHEME = re.compile(r"(?:https?|urn|tag):", re.IGNORECASE)


def admit(triples: tuple[Triple, ...], document: Document, vocabulary: Vocabulary) -> PatientGraph:
    """Let a patient graph through whole, or refuse it with the first fault, in sorted order, and its place."""
    graph = PatientGraph.of(triples)
    gate = _Gate(document, vocabulary)
    types: dict[Node, list[str]] = {}
    for subject, predicate, value in graph.triples:
        types.setdefault(subject, [])
        if predicate == Rdf.type:
            types[subject].append(gate.admitted_class(subject, value))
    for triple in graph.triples:
        gate.admit(triple)
    for subject, found in types.items():
        gate.check_types(subject, found)
    if not any(Vhkg.Patient in found for found in types.values()):
        raise InputError("there is no patient in it", file=document.name, mend="type one node as vhkg:Patient")
    check_blank_nodes(graph, document.name)
    return graph


class _Gate:
    def __init__(self, document: Document, vocabulary: Vocabulary) -> None:
        self._document = document
        self._vocabulary = vocabulary
        self._finding_iris = frozenset(term.iri for term in vocabulary.findings.values())

    def admitted_class(self, subject: Node, value: Term) -> str:
        if isinstance(value, Iri) and value.value in self._vocabulary.classes:
            return value.value
        raise self._refused("class", value, self._vocabulary.classes, subject)

    def check_types(self, subject: Node, found: list[str]) -> None:
        if not found:
            raise self._fault(
                InputError, "it has no type", subject, "give it a class, such as vhkg:Patient", str(subject)
            )
        if len(found) > 1:
            names = " and ".join(short(iri) for iri in sorted(found))
            raise self._fault(InputError, f"it is typed {names}", subject, "leave one class")
        if found[0] == Vhkg.Patient and isinstance(subject, Blank):
            raise self._fault(InputError, "a patient has no IRI", subject, "give it one, such as urn:example:a")

    def admit(self, triple: Triple) -> None:
        subject, predicate, value = triple
        if isinstance(subject, Iri):
            self._own_iri(subject, subject)
        if predicate == Rdf.type:
            return
        if predicate not in self._vocabulary.predicates:
            raise self._refused("predicate", Iri(predicate), self._vocabulary.predicates, subject)
        if isinstance(value, Literal):
            self._literal(value, subject)
        elif isinstance(value, Iri):
            self._object_iri(predicate, value, subject)

    def _object_iri(self, predicate: str, value: Iri, subject: Node) -> None:
        if predicate == Vhkg.ofFinding:
            if value.value not in self._finding_iris:
                raise self._refused("finding", value, self._finding_iris, subject)
        elif predicate == Vhkg.status:
            if value.value not in self._vocabulary.statuses:
                raise self._refused("status", value, self._vocabulary.statuses, subject)
        else:
            self._own_iri(value, subject)

    def _own_iri(self, iri: Iri, subject: Node) -> None:
        """An IRI of the data: not in a vocabulary's namespace, and of a scheme that no program runs or opens."""
        if len(iri.value) > MAX_IRI_LENGTH:
            raise self._fault(InputError, f"an IRI is longer than {MAX_IRI_LENGTH} characters", None, "shorten it")
        if iri.value.startswith(RESERVED):
            fault = f"{short(iri.value)} belongs to a vocabulary, so it cannot name a node of a patient graph"
            raise self._fault(RefusedInput, fault, subject, "use an IRI of your own", iri.value)
        if not _SCHEME.match(iri.value):
            fault = f"the IRI {shown(iri.value)} has a scheme that is not allowed"
            raise self._fault(RefusedInput, fault, subject, "use urn:, http:, https: or tag:", iri.value)
        self._text(iri.value, subject)

    def _literal(self, value: Literal, subject: Node) -> None:
        if value.language:
            if not is_language_tag(value.language):
                fault = f"{shown(value.language)} is no language tag"
                raise self._fault(InputError, fault, subject, "write one such as en")
        elif value.datatype != Xsd.string:
            if value.datatype not in self._vocabulary.datatypes:
                raise self._refused("datatype", Iri(value.datatype), self._vocabulary.datatypes, subject)
            if not has_form(value.value, value.datatype):
                fault = f"{shown(value.value)} is not a valid {short(value.datatype)}"
                mend = "write the date as YYYY-MM-DD" if value.datatype == Xsd.date else "correct it"
                raise self._fault(InputError, fault, subject, mend, value.value)
        if len(value.value) > MAX_TEXT_LENGTH:
            raise self._fault(InputError, f"a text is longer than {MAX_TEXT_LENGTH} characters", subject, "shorten it")
        self._text(value.value, subject)

    def _text(self, text: str, subject: Node) -> None:
        found = unprintable(text)
        if found:
            raise self._fault(InputError, f"there is an unprintable character {found}", subject, "remove it")

    def _refused(self, kind: str, value: Term, allowed: object, subject: Node) -> InputError:
        known = {short(iri): iri for iri in allowed} if isinstance(allowed, (frozenset, dict)) else {}
        name = short(str(value)) if isinstance(value, Iri) else str(value)
        near = near_matches(name.removeprefix("vhkg:"), [each.removeprefix("vhkg:") for each in known])
        mend = f"did you mean {' or '.join(near)}" if near else f"allowed: {', '.join(sorted(known)[:12])}"
        if kind == "finding" and not near:
            mend = "see `vhkg terms` for the names that exist"
        error = InputError if kind == "finding" else RefusedInput
        fault = f"unknown finding {shown(name)}" if kind == "finding" else f"the {kind} {shown(name)} is not allowed"
        return self._fault(error, fault, subject, mend, str(value))

    def _fault(
        self, kind: type[InputError], fault: str, subject: Node | None, mend: str, culprit: str = ""
    ) -> InputError:
        line = self._line_of(culprit)
        parts = [f"line {line}"] if line else []
        if isinstance(subject, Iri):
            parts.append(f"node {shown(subject.value)}")
        return kind(fault, file=self._document.name, place=", ".join(parts) or None, mend=mend)

    def _line_of(self, culprit: str) -> int:
        """The first line that names the culprit and is no comment; 0 if there is none."""
        name = re.split(r"[#/:]", culprit)[-1]
        if not name:
            return 0
        word = re.compile(rf"(?:{re.escape(culprit)}|[:#/\"']{re.escape(name)})(?![\w-])")
        for number, line in enumerate(re.split(r"\r\n|\r|\n", self._document.text), start=1):
            if not line.lstrip().startswith("#") and word.search(line):
                return number
        return 0


_PREFIXES = {
    "vhkg": BASE,
    "xsd": Xsd.date.rsplit("#", 1)[0] + "#",
    "rdf": Rdf.type.rsplit("#", 1)[0] + "#",
}


def short(iri: str) -> str:
    """A prefixed name where we have a prefix for it, else the IRI."""
    for prefix, namespace in _PREFIXES.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return iri


def shown(text: str) -> str:
    """A value of the data, quoted for a message: bounded, and printable whatever it holds."""
    return ascii(text)[:120] if unprintable(text) else repr(text[:120])
