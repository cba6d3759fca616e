"""A term's neighbourhood: a part of what is published, whole where it is anonymous, and the same in every form."""

from __future__ import annotations

from collections import defaultdict

import pyoxigraph as ox
import pytest

from tests.support import shipped
from vhkg.answering.published import published
from vhkg.exchange import FORMS, Descriptions, Neighbourhoods, everything, write
from vhkg.namespaces import Dcterms, Oa, Sssom

KNOWLEDGE = shipped()
TRIPLES = everything(published(KNOWLEDGE))
FOUND = Neighbourhoods(TRIPLES)
IRIS = tuple(Descriptions(KNOWLEDGE.files.ontology, KNOWLEDGE.compiled))
SOME = ("HasDeficit", "BackPain", "AvoidEnBlocResection", "S31", "Source2", "CandidacyExcludes", "PregnancySilence")


def test_every_neighbourhood_is_a_part_of_what_is_published_and_has_all_that_names_the_term() -> None:
    naming: defaultdict[object, set[ox.Triple]] = defaultdict(set)
    saying: defaultdict[object, set[ox.Triple]] = defaultdict(set)
    for triple in TRIPLES:
        saying[triple.subject].add(triple)
        naming[triple.subject].add(triple)
        naming[triple.object].add(triple)
    known = set(TRIPLES)
    assert len(IRIS) > 500
    for iri in IRIS:
        around = FOUND.of(iri)
        term = ox.NamedNode(iri)
        assert len(set(around)) == len(around)
        assert set(around) <= known
        assert naming[term] <= set(around)
        for blank in {t.object for t in around if isinstance(t.object, ox.BlankNode)}:
            assert saying[blank] <= set(around)


def test_whoever_is_anonymous_is_reached_from_a_name() -> None:
    around = FOUND.of(KNOWLEDGE.content.iris["HasDeficit"])
    held = {t.object for t in around}
    assert any(isinstance(t.subject, ox.BlankNode) for t in around)
    assert all(t.subject in held for t in around if isinstance(t.subject, ox.BlankNode))


def test_a_sentence_comes_with_its_words_and_a_mapping_with_its_licence() -> None:
    sentence = FOUND.of(KNOWLEDGE.content.iris["S31"])
    exact = [t.object for t in sentence if t.predicate.value == Oa.exact and "S31" in str(t.subject)]
    assert exact == [ox.Literal(KNOWLEDGE.content.statements["S31"].quote, language="en")]
    finding = FOUND.of(KNOWLEDGE.content.iris["BackPain"])
    sets = {t.object for t in finding if t.predicate.value == Sssom.mapping_set_id}
    assert sets
    assert sets <= {t.subject for t in finding if t.predicate.value == Dcterms.license}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", SOME)
def test_every_form_says_the_same(name: str, form: str) -> None:
    around = FOUND.of(KNOWLEDGE.content.iris[name])
    read = ox.Dataset(ox.parse(write(around, form), format=FORMS[form]))
    given = ox.Dataset(ox.Quad(t.subject, t.predicate, t.object) for t in around)
    for each in (read, given):
        each.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    assert read == given


def test_what_is_not_there_has_no_neighbourhood() -> None:
    assert FOUND.of("https://example.org/nothing") == []
