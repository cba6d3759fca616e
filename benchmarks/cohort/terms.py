"""What generated patients are made of, read from the compiled knowledge: no finding, no code is written down."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from vhkg.answering.knowledge import Knowledge
from vhkg.model.table import AtomKind
from vhkg.namespaces import BASE


class Level(NamedTuple):
    """A lesion's name, and the token of a body site that names it."""

    name: str
    system: str
    code: str


class Terms(NamedTuple):
    """Findings are those with a question; `subject` is the place of the one that the article is about.

    `conflicts` are literals over places, counted from 1, that cannot all be true: of findings only. `answers` are the
    tokens, as system and code, that mean absent and present, in the order of `vhkg.cohort.batch`.
    """

    digest: str
    findings: tuple[str, ...]
    labels: tuple[str, ...]
    iris: tuple[str, ...]
    of_patient: npt.NDArray[np.bool_]
    subject: int
    conflicts: tuple[tuple[int, ...], ...]
    statuses: tuple[str, ...]
    levels: tuple[Level, ...]
    answers: tuple[tuple[str, str], ...]
    system: str

    @classmethod
    def of(cls, knowledge: Knowledge) -> Terms:
        content, vocabulary, codes = knowledge.content, knowledge.compiled.vocabulary, knowledge.compiled.codes
        table = knowledge.compiled.table
        findings = tuple(name for name, finding in content.findings.items() if finding.question)
        (literal,) = table.goals[content.article.subject].yes[0].literals
        iris = {word: iri for iri, word in vocabulary.statuses.items()}
        levels: dict[str, Level] = {}
        for token, site in sorted(codes.sites.items(), reverse=True):
            if site.lesion:
                levels.setdefault(site.lesion, Level(site.lesion, *token.rsplit("|", 1)))
        answers = {status: token for token, status in sorted(codes.answers.items(), reverse=True)}
        return cls(
            digest=knowledge.compiled.digest,
            findings=findings,
            labels=tuple(content.findings[name].label for name in findings),
            iris=tuple(vocabulary.findings[name].iri for name in findings),
            of_patient=np.array([vocabulary.findings[name].bearer == "patient" for name in findings]),
            subject=findings.index(table.atoms[abs(literal) - 1].name),
            conflicts=_conflicts(knowledge, findings),
            statuses=(iris["absent"], iris["present"], iris["unknown"]),
            levels=tuple(levels[name] for name in sorted(levels)),
            answers=tuple(_pair(answers[status]) for status in ("absent", "present")),
            system=codes.systems[BASE],
        )


def _conflicts(knowledge: Knowledge, findings: tuple[str, ...]) -> tuple[tuple[int, ...], ...]:
    place = {name: number for number, name in enumerate(findings, start=1)}
    atoms = knowledge.compiled.table.atoms
    known = [n for n, atom in enumerate(atoms, start=1) if atom.kind is AtomKind.FINDING and atom.name in place]
    return tuple(
        tuple(place[atoms[abs(literal) - 1].name] * (1 if literal > 0 else -1) for literal in conflict)
        for conflict in knowledge.compiled.table.conflicts
        if all(abs(literal) in known for literal in conflict)
    )


def _pair(token: str) -> tuple[str, str]:
    system, _, code = token.rpartition("|")
    return system, code
