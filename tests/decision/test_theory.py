"""What the compiler reads of OWL, and what it refuses by name and place."""

from __future__ import annotations

import pytest

from vhkg.decision.compilation import Target, compile_table
from vhkg.decision.theory import Theory, read_theory
from vhkg.errors import KnowledgeError, OutsideFragment
from vhkg.knowledge.graph import Graph
from vhkg.model.table import Atom, AtomKind

BASE = """
@prefix : <https://w3id.org/vhkg/ontology#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
:Presentation a owl:Class . :Upper a owl:Class . :Other a owl:Class .
:assertedThrough a owl:AnnotationProperty . :hasAlternative a owl:AnnotationProperty .
:sees a owl:ObjectProperty . :did a owl:ObjectProperty . :about a owl:ObjectProperty . :size a owl:DatatypeProperty .
:Colour a owl:Class ; :assertedThrough :sees .
:Act a owl:Class ; :assertedThrough :did .
:Red a owl:Class ; rdfs:subClassOf :Colour . :Scarlet a owl:Class ; rdfs:subClassOf :Red .
:Blue a owl:Class ; rdfs:subClassOf :Colour . :Green a owl:Class ; rdfs:subClassOf :Colour .
:Cut a owl:Class ; rdfs:subClassOf :Act . :Sewn a owl:Class ; rdfs:subClassOf :Act .
:Reddish a owl:Class ; owl:equivalentClass [ a owl:Restriction ; owl:onProperty :sees ; owl:someValuesFrom :Red ] .
:Bluish a owl:Class ; owl:equivalentClass [ a owl:Restriction ; owl:onProperty :sees ; owl:someValuesFrom :Blue ] .
:P a owl:Class . :Q a owl:Class .
"""
SOME_RED = "[ a owl:Restriction ; owl:onProperty :sees ; owl:someValuesFrom :Red ]"
SOME_BLUE = "[ a owl:Restriction ; owl:onProperty :sees ; owl:someValuesFrom :Blue ]"


def theory(*statements: str) -> Theory:
    return read_theory(Graph.parse({"base.ttl": BASE.encode(), "more.ttl": _with_prefixes(statements)}))


def _with_prefixes(statements: tuple[str, ...]) -> bytes:
    return (BASE[: BASE.index(":Presentation")] + "\n".join(statements)).encode()


def conflicts(found: Theory) -> set[tuple[str, ...]]:
    """The minimal conflicts by name, those of the base hierarchy left out."""
    table = compile_table(found, [])
    named = {
        tuple(f"{'' if x > 0 else '-'}{found.atoms[abs(x) - 1].name}" for x in conflict) for conflict in table.conflicts
    }
    return named - {("-Red", "Scarlet")}


def rows(found: Theory, name: str) -> tuple[set[tuple[str, ...]], set[tuple[str, ...]]]:
    goal = compile_table(found, [Target("goal", name)]).goals["goal"]
    yes, no = (
        {
            tuple(f"{'' if x > 0 else '-'}{found.atoms[abs(x) - 1].name}" for x in row.literals)
            for row in side
            if row.general
        }
        for side in (goal.yes, goal.no)
    )
    return yes, no


def test_atoms_are_the_findings_by_role_in_the_order_of_the_hierarchy() -> None:
    found = theory()
    assert [(atom.name, atom.role) for atom in found.atoms] == [
        ("Red", "sees"),
        ("Scarlet", "sees"),
        ("Blue", "sees"),
        ("Green", "sees"),
        ("Cut", "did"),
        ("Sewn", "did"),
    ]
    assert found.roles == {"sees": "https://w3id.org/vhkg/ontology#sees", "did": "https://w3id.org/vhkg/ontology#did"}
    assert found.clauses == ((1, -2),)


def test_a_root_is_an_atom_where_it_is_a_filler() -> None:
    found = theory(":P owl:equivalentClass [ a owl:Restriction ; owl:onProperty :did ; owl:someValuesFrom :Act ] .")
    assert Atom(AtomKind.FINDING, "Act", role="did") in found.atoms
    assert ("-Act", "Cut") in conflicts(found)


FINDING_AXIOMS = [
    pytest.param("", set(), id="nothing more"),
    pytest.param(":Red owl:disjointWith :Blue .", set(), id="two disjoint findings can both be present"),
    pytest.param(
        ":Red owl:disjointWith :Blue . :Scarlet rdfs:subClassOf :Blue .", {("Scarlet",)}, id="an empty class is absent"
    ),
    pytest.param(":Red rdfs:subClassOf owl:Nothing .", {("Red",), ("Scarlet",)}, id="so are its subclasses"),
    pytest.param(
        ":Green rdfs:subClassOf [ a owl:Class ; owl:unionOf ( :Red :Blue ) ] .",
        {("-Red", "-Blue", "Green")},
        id="union",
    ),
    pytest.param(
        ":Green rdfs:subClassOf [ a owl:Class ; owl:unionOf ( :Red :Blue ) ] ; owl:disjointWith :Blue .",
        {("-Red", "Green")},
        id="disjointness closes a disjunct",
    ),
    pytest.param(
        ":Green owl:equivalentClass [ a owl:Class ; owl:intersectionOf ( :Red :Blue ) ] .",
        {("-Red", "Green"), ("-Blue", "Green")},
        id="two fillers do not make one",
    ),
    pytest.param(":Green owl:equivalentClass :Blue .", {("-Blue", "Green"), ("Blue", "-Green")}, id="equivalence"),
    pytest.param(
        ":Green owl:disjointUnionOf ( :Red :Blue ) .",
        {("-Red", "-Blue", "Green"), ("Red", "-Green"), ("Scarlet", "-Green"), ("Blue", "-Green")},
        id="disjoint union",
    ),
    pytest.param(
        "[] a owl:AllDisjointClasses ; owl:members ( :Red :Blue :Green ) . :Scarlet rdfs:subClassOf :Green .",
        {("Scarlet",)},
        id="all disjoint",
    ),
    pytest.param(
        "[ a owl:Class ; owl:intersectionOf ( :Green [ a owl:Class ; owl:complementOf :Blue ] ) ] "
        "rdfs:subClassOf :Red .",
        {("-Red", "-Blue", "Green")},
        id="a general axiom between anonymous classes",
    ),
    pytest.param(
        "owl:Thing rdfs:subClassOf :Blue .",
        {("Red", "-Blue"), ("Scarlet", "-Blue"), ("-Blue", "Green")},
        id="a class equivalent to owl:Thing",
    ),
    pytest.param(
        ":Colour owl:equivalentClass [ a owl:Class ; owl:unionOf ( :Red :Blue ) ] .",
        {("-Red", "-Blue", "Green")},
        id="a covered root",
    ),
    pytest.param(
        "[] a owl:AllDisjointClasses ; owl:members ( :Colour :Act :Presentation :Upper ) .", set(), id="harmless roots"
    ),
]


@pytest.mark.parametrize(("statements", "expected"), FINDING_AXIOMS)
def test_finding_axioms_become_conflicts(statements: str, expected: set[tuple[str, ...]]) -> None:
    assert conflicts(theory(statements)) == expected


PRESENTATION_AXIOMS = [
    pytest.param(f":P owl:equivalentClass {SOME_RED} .", {("Red",)}, {("-Red",)}, id="a restriction"),
    pytest.param(":P owl:equivalentClass :Reddish .", {("Red",)}, {("-Red",)}, id="another class"),
    pytest.param(f"{SOME_RED} owl:equivalentClass :P .", {("Red",)}, {("-Red",)}, id="the other way round"),
    pytest.param(
        ":P owl:equivalentClass [ a owl:Class ; owl:unionOf ( :Reddish :Q ) ] . :Q owl:equivalentClass :Bluish .",
        {("Red",), ("Blue",)},
        {("-Red", "-Blue")},
        id="definitions are unfolded",
    ),
    pytest.param(
        ":P owl:equivalentClass [ a owl:Class ; owl:intersectionOf ( :Presentation "
        "[ a owl:Class ; owl:complementOf :Reddish ] ) ] .",
        {("-Red",)},
        {("Red",)},
        id="Presentation is true of presentations",
    ),
    pytest.param(":P owl:equivalentClass owl:Thing .", {()}, set(), id="owl:Thing"),
    pytest.param(":P owl:equivalentClass owl:Nothing .", set(), {()}, id="owl:Nothing"),
    pytest.param(":P rdfs:subClassOf :Presentation .", set(), set(), id="no definition"),
    pytest.param(":P rdfs:subClassOf :Reddish .", set(), {("-Red",)}, id="a necessary condition"),
    pytest.param(":Reddish rdfs:subClassOf :P .", {("Red",)}, set(), id="a sufficient condition"),
    pytest.param(
        ":P owl:equivalentClass :Reddish , :Bluish .",
        {("Red",)},
        {("-Red",)},
        id="two definitions, which make red and blue equivalent",
    ),
    pytest.param(
        ":P owl:equivalentClass [ a owl:Class ; owl:unionOf ( :Reddish :Q ) ] . "
        ":Q owl:equivalentClass [ a owl:Class ; owl:intersectionOf ( :Bluish :P ) ] .",
        {("Red",)},
        {("-Red", "-Blue")},
        id="a cycle",
    ),
    pytest.param(
        f"[ a owl:Class ; owl:intersectionOf ( :P {SOME_BLUE} ) ] rdfs:subClassOf owl:Nothing .",
        set(),
        {("Blue",)},
        id="a general axiom",
    ),
    pytest.param(":P owl:disjointWith :Reddish .", set(), {("Red",)}, id="disjointness"),
    pytest.param(
        ":P owl:disjointUnionOf ( :Reddish :Bluish ) .", {("Red",), ("Blue",)}, {("-Red", "-Blue")}, id="disjoint union"
    ),
]


@pytest.mark.parametrize(("statements", "yes", "no"), PRESENTATION_AXIOMS)
def test_presentation_axioms_become_rows(statements: str, yes: set[tuple[str, ...]], no: set[tuple[str, ...]]) -> None:
    assert rows(theory(statements), "P") == (yes, no)


def test_the_alternatives_of_a_reading_are_atoms_that_exclude_one_another() -> None:
    found = theory(
        ":Strict a owl:Class . :Wide a owl:Class . :R :hasAlternative :Strict , :Wide .",
        ":Presentation owl:disjointUnionOf ( :Strict :Wide ) .",
        ":P owl:equivalentClass [ a owl:Class ; owl:unionOf ( :Reddish "
        "[ a owl:Class ; owl:intersectionOf ( :Wide :Bluish ) ] ) ] .",
    )
    assert Atom(AtomKind.ALTERNATIVE, "Strict", reading="R") in found.atoms
    assert conflicts(found) == {("Strict", "Wide"), ("-Strict", "-Wide")}
    assert rows(found, "P") == ({("Red",), ("Blue", "Wide")}, {("-Red", "-Blue"), ("-Red", "Strict")})


def test_alternatives_that_do_not_cover_are_an_error() -> None:
    with pytest.raises(KnowledgeError, match=r"more\.ttl, R: the alternatives do not cover Presentation or overlap"):
        theory(":S a owl:Class . :W a owl:Class . :R :hasAlternative :S , :W . :S owl:disjointWith :W .")


@pytest.mark.parametrize(
    "statements",
    [
        ":sees rdfs:domain :Presentation ; rdfs:range :Colour .",
        ":narrow a owl:AnnotationProperty . :wide a owl:AnnotationProperty . :narrow rdfs:subPropertyOf :wide .",
        ":Upper rdfs:subClassOf :Other . :thing a owl:NamedIndividual , :Upper ; :size 3 ; rdfs:label 'thing'@en .",
        ":Colour rdfs:subClassOf :Upper . :Upper owl:disjointWith :Presentation .",
        ":about rdfs:range :Upper . :one a owl:NamedIndividual , :Other ; :about :two .",
        "[] a owl:AllDifferent ; owl:distinctMembers ( :one :two ) .",
        "[] a owl:Axiom ; owl:annotatedSource :Red ; owl:annotatedProperty rdfs:subClassOf ; "
        "owl:annotatedTarget :Colour ; rdfs:comment 'why' .",
        ":P rdfs:subClassOf :Presentation ; owl:disjointWith :Colour . :Presentation owl:disjointWith :Colour .",
    ],
)
def test_harmless_axioms_change_nothing(statements: str) -> None:
    assert theory(statements).clauses == theory().clauses


REFUSED = [
    (":P owl:equivalentClass [ a owl:Restriction ; owl:onProperty :sees ; owl:allValuesFrom :Red ] .", "allValuesFrom"),
    (
        ":P owl:equivalentClass [ a owl:Restriction ; owl:onProperty :sees ; owl:minCardinality 2 ] .",
        "owl:minCardinality",
    ),
    (
        ":P rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :sees ; owl:onClass :Red ; "
        "owl:maxQualifiedCardinality 1 ] .",
        "owl:",
    ),
    (":P owl:equivalentClass [ a owl:Restriction ; owl:onProperty :sees ; owl:hasValue :x ] .", "owl:hasValue"),
    (":P owl:equivalentClass [ a owl:Restriction ; owl:onProperty :sees ; owl:hasSelf true ] .", "owl:hasSelf"),
    (":P owl:equivalentClass [ a owl:Class ; owl:oneOf ( :x :y ) ] .", "owl:oneOf"),
    (
        f":P owl:equivalentClass [ a owl:Restriction ; owl:onProperty :sees ; owl:someValuesFrom {SOME_RED} ] .",
        "the filler of sees is not a named class",
    ),
    (
        ":P owl:equivalentClass [ a owl:Restriction ; owl:onProperty :did ; owl:someValuesFrom :Red ] .",
        "the filler Red of did is not under Act",
    ),
    (
        ":P owl:equivalentClass [ a owl:Restriction ; owl:onProperty :sees ; owl:someValuesFrom owl:Thing ] .",
        "the filler Thing of sees is not under Colour",
    ),
    (
        ":P owl:equivalentClass [ a owl:Restriction ; owl:onProperty :about ; owl:someValuesFrom :Red ] .",
        "about is not the role of a root",
    ),
    (
        ":P owl:equivalentClass [ a owl:Restriction ; owl:onProperty [ owl:inverseOf :sees ] ; "
        "owl:someValuesFrom :Red ] .",
        "owl:inverseOf",
    ),
    (":P owl:equivalentClass [ a owl:Class ; owl:unionOf ( :Reddish ) ] .", "owl:unionOf has fewer than two classes"),
    (":P owl:equivalentClass [ a owl:Class ] .", "an anonymous class has no constructor"),
    (
        ":P owl:equivalentClass [ a owl:Class ; owl:unionOf ( :Reddish :Q ) ; owl:complementOf :Q ] .",
        "an anonymous class has two constructors",
    ),
    (":P owl:equivalentClass _:loop . _:loop a owl:Class ; owl:complementOf _:loop .", "contains itself"),
    (":P owl:unionOf ( :Reddish :Bluish ) .", "owl:unionOf on a name"),
    (":P owl:equivalentClass [ a owl:Class ; owl:unionOf ( :Reddish :Red ) ] .", "mixes findings"),
    (":P owl:equivalentClass [ a owl:Class ; owl:unionOf ( :Reddish :Colour ) ] .", "mixes Colour with presentation"),
    (":P rdfs:subClassOf :Presentation , :Colour .", "mixes findings"),
    (":Red owl:disjointWith :Cut .", "mixes findings"),
    (":Cut rdfs:subClassOf :Colour .", "under two roots"),
    (f":Blue rdfs:subClassOf {SOME_RED} .", "mixes findings"),
    (":sees rdfs:subPropertyOf :about .", "rdfs:subPropertyOf"),
    (":sees owl:inverseOf :about .", "owl:inverseOf"),
    (":sees a owl:FunctionalProperty .", "owl:FunctionalProperty"),
    (":sees a owl:TransitiveProperty .", "owl:TransitiveProperty"),
    (":sees owl:propertyChainAxiom ( :did :about ) .", "owl:propertyChainAxiom"),
    (":sees owl:equivalentProperty :about .", "owl:equivalentProperty"),
    (":sees owl:propertyDisjointWith :did .", "owl:propertyDisjointWith"),
    ("[] a owl:AllDisjointProperties ; owl:members ( :sees :did ) .", "owl:AllDisjointProperties"),
    (":sees rdfs:domain :Upper .", "rdfs:domain Upper"),
    (":sees rdfs:range :Red .", "rdfs:range Red"),
    (":about rdfs:range [ a owl:Class ; owl:unionOf ( :Upper :Other ) ] .", "rdfs:range of an anonymous class"),
    (":size rdfs:range xsd:integer .", "a data range"),
    (":Red owl:hasKey ( :about ) .", "owl:hasKey"),
    (":x owl:sameAs :y .", "owl:sameAs"),
    (":x owl:differentFrom :y .", "owl:differentFrom"),
    ("[] a owl:NegativePropertyAssertion ; owl:sourceIndividual :x .", "owl:"),
    (":x a :Red .", "an individual of Red"),
    (":x a :Presentation .", "an individual of Presentation"),
    (":x a :Reddish .", "an individual of Reddish"),
    (":x a [ a owl:Class ; owl:unionOf ( :Upper :Other ) ] .", "an individual of an anonymous class"),
    (":x :sees :y .", "sees relates individuals"),
    (":about rdfs:range :Red . :x :about :y .", "an individual of Red"),
    ("<https://w3id.org/vhkg/ontology> a owl:Ontology ; owl:imports <urn:other> .", "owl:imports"),
    (":P owl:complementOf :Q .", "owl:complementOf on a name"),
    (":T a rdfs:Datatype .", "rdfs:Datatype"),
    (
        "[] a owl:Axiom ; owl:annotatedSource :Red ; owl:annotatedProperty rdfs:subClassOf ; "
        "owl:annotatedTarget :Blue .",
        "annotates an axiom that is not stated",
    ),
    (":Blue :assertedThrough :sees .", "a root has two roles, or a role two roots"),
    (":P owl:disjointWith :P .", "fewer than two classes, or one twice"),
    (
        "owl:Thing rdfs:subClassOf :Red . :Colour owl:disjointWith :Presentation .",
        "no presentation can exist beside the other axioms",
    ),
    (":sees a owl:AnnotationProperty .", "declared as an annotation property and as another kind"),
]


@pytest.mark.parametrize(("statements", "fault"), REFUSED, ids=[fault for _, fault in REFUSED])
def test_what_is_outside_the_fragment_is_refused_by_name(statements: str, fault: str) -> None:
    with pytest.raises(OutsideFragment) as caught:
        theory(statements)
    assert fault in str(caught.value)
    assert caught.value.place
    assert caught.value.file in {"more.ttl", "base.ttl"}


FAULTY = [
    (":P owl:equivalentClass :Missing .", "more.ttl, P: Missing is not declared as an owl:Class"),
    (":Upper owl:disjointWith :Other . :x a :Upper , :Other .", "an individual cannot be in Upper and Other"),
    ("owl:Thing rdfs:subClassOf owl:Nothing .", "the ontology is inconsistent"),
    (":Blue :assertedThrough :nowhere .", "nowhere is not an object property"),
    (":R :hasAlternative :Missing .", "more.ttl, R: an alternative is not a declared class"),
    ("<urn:other#Red> a owl:Class ; rdfs:subClassOf :Colour .", "have the same local name"),
]


@pytest.mark.parametrize(("statements", "fault"), FAULTY)
def test_faults_of_the_ontology_are_named(statements: str, fault: str) -> None:
    with pytest.raises(KnowledgeError) as caught:
        theory(statements)
    assert fault in str(caught.value)


def test_the_place_is_the_class_whose_definition_is_at_fault() -> None:
    with pytest.raises(OutsideFragment) as caught:
        theory(
            ":P owl:equivalentClass [ a owl:Class ; owl:unionOf ( :Reddish "
            "[ a owl:Restriction ; owl:onProperty :sees ; owl:allValuesFrom :Red ] ) ] ."
        )
    assert str(caught.value) == (
        "more.ttl, P: owl:allValuesFrom is outside the fragment that is decided exactly; say it within the fragment."
    )
