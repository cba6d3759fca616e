"""The patients that are understood become a batch, as `records.batch_of` makes one of their records."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import polars as pl

from vhkg.cohort.batch import NO_LESION, UNDATED, UNKNOWN, Batch, Checked, Facts, Lesions, day_number
from vhkg.cohort.rdf.checking import Groups
from vhkg.cohort.rdf.lexicon import NONE, Lexicon
from vhkg.cohort.rdf.statements import Statements
from vhkg.intake import Literal, calendar_date
from vhkg.model.source_report import Fate
from vhkg.namespaces import Rdfs, Vhkg, Xsd
from vhkg.validation.columns import Bools, Ints


def batch_of_groups(
    file: str, statements: Statements, groups: Groups, lexicon: Lexicon, ambiguous: Callable[[str], bool]
) -> Batch:
    """Patients in the order of their groups. `ambiguous` tells whether a code means more than one thing."""
    said = statements
    kept = np.flatnonzero(groups.understood)
    place = np.full(said.groups + 1, NONE, np.int32)  # the last is that of lines and nodes without a group
    place[kept] = np.arange(len(kept), dtype=np.int32)
    ours = said.read & (place[said.line_group] >= 0)

    def rows(predicate: str) -> Ints:
        return np.flatnonzero(ours & (said.predicate == lexicon.predicate(predicate))).astype(np.int32)

    def by_node(predicate: str, values: Ints, nothing: int) -> Ints:
        """For each node what its statement says."""
        found = np.full(len(said.tokens), nothing, np.int32)
        at = rows(predicate)
        found[said.subject[at]] = values[at]
        return found

    borne = rows(Vhkg.hasPresentation)
    lesion_nodes = said.node[borne]
    lesion = np.full(len(said.tokens), NO_LESION, np.int32)
    lesion[lesion_nodes] = np.arange(len(borne), dtype=np.int32)
    label = by_node(Rdfs.label, said.literal, NONE)[lesion_nodes]

    assessed = rows(Vhkg.hasAssessment)
    nodes, bearers = said.node[assessed], said.subject[assessed]
    status = by_node(Vhkg.status, lexicon.status[said.iri], NONE)[nodes]
    dates = by_node(Vhkg.assessedOn, said.literal, NONE)[nodes]
    facts = Facts(
        patient=place[said.group[nodes]],
        lesion=lesion[bearers],
        finding=by_node(Vhkg.ofFinding, lexicon.finding[said.iri], NONE)[nodes].astype(np.int16),
        status=status.astype(np.int8),
        day=np.where(dates >= 0, _days(said.literals)[dates], UNDATED).astype(np.int32),
        ambiguous=_ambiguous(said, rows(Vhkg.sourceCode), ambiguous)[nodes],
    )
    names = _names(said.tokens, np.maximum(groups.patient, 0), groups.names)
    patients = [names[group] for group in kept.tolist()]
    return Batch(
        file=file,
        patients=patients,
        lesions=Lesions(
            patient=place[said.group[lesion_nodes]],
            name=_names(said.tokens, lesion_nodes, groups.names),
            label=[said.literals[at].value if at >= 0 else "" for at in label.tolist()],
        ),
        facts=facts,
        invalid=_lesions_of(said, groups, lexicon, names),
        checked=[Checked(file, names[group], result) for group, result in groups.results],
        fates=_fates(said, groups, lexicon),
    )


def _lesions_of(
    statements: Statements, groups: Groups, lexicon: Lexicon, names: list[str]
) -> dict[str, tuple[str, ...]]:
    """The patients that are rejected, with the names of their lesions."""
    said = statements
    found: dict[str, list[str]] = {names[group]: [] for group in np.flatnonzero(groups.rejected).tolist()}
    group = said.line_group
    borne = said.read & (said.predicate == lexicon.predicate(Vhkg.hasPresentation)) & (group >= 0)
    rows = np.flatnonzero(borne)
    rows = rows[groups.rejected[group[rows]]]
    lesions = _names(said.tokens, said.node[rows], groups.names)
    for of_group, lesion in zip(group[rows].tolist(), lesions, strict=True):
        found[names[of_group]].append(lesion)
    return {patient: tuple(sorted(own)) for patient, own in found.items()}


def _fates(statements: Statements, groups: Groups, lexicon: Lexicon) -> dict[str, int]:
    """How many assessments have one finding and one status, known or not."""
    said = statements
    about = np.append(groups.understood | groups.rejected, False)
    ours = said.read & about[said.line_group]

    def one(predicate: str) -> Bools:
        rows = ours & (said.predicate == lexicon.predicate(predicate)) & (said.iri >= 0)
        found: Bools = np.bincount(said.subject[rows], minlength=len(said.tokens)) == 1
        return found

    borne = np.zeros(len(said.tokens), np.bool_)
    borne[said.node[ours & (said.predicate == lexicon.predicate(Vhkg.hasAssessment))]] = True
    read = borne & one(Vhkg.ofFinding) & one(Vhkg.status)
    stated = ours & (said.predicate == lexicon.predicate(Vhkg.status)) & (said.iri >= 0)
    unknown = stated & (lexicon.status[said.iri] == UNKNOWN)
    of_unknown = int(read[said.subject[unknown]].sum())
    fates = {Fate.READ.value: int(read.sum()) - of_unknown, Fate.UNKNOWN.value: of_unknown}
    return {fate: number for fate, number in fates.items() if number}


def _names(tokens: pl.Series, nodes: Ints, of_blanks: Mapping[int, str]) -> list[str]:
    """IRIs without brackets, and the names of blank nodes in the graph of their patient."""
    chosen = tokens.gather(nodes)
    names: list[str] = chosen.str.slice(1, chosen.str.len_chars() - 2).to_list()
    for at in np.flatnonzero(chosen.str.starts_with("_").to_numpy()).tolist():
        names[at] = of_blanks.get(int(nodes[at]), "_:b0")
    return names


def _days(literals: tuple[Literal, ...]) -> Ints:
    found = [UNDATED.item()]
    for each in literals:
        day = calendar_date(each.value) if each.datatype == Xsd.date else None
        found.append(UNDATED.item() if day is None else day_number(day))
    return np.array(found[1:] or found, np.int32)


def _ambiguous(statements: Statements, coded: Ints, ambiguous: Callable[[str], bool]) -> Bools:
    of_node = np.zeros(len(statements.tokens), np.bool_)
    used = np.unique(statements.literal[coded])
    used = used[used >= 0]
    flags = np.zeros(len(statements.literals) + 1, np.bool_)
    flags[used] = [ambiguous(statements.literals[at].value) for at in used.tolist()]
    of_node[statements.subject[coded[flags[statements.literal[coded]]]]] = True
    return of_node
