"""Every IRI that Python names, once. Closed: a mistyped term is an error when the module is read.

A term of our own belongs here only if code must act on it; clinical terms never do. A test compares each
member of `Vhkg` with the declarations in ontology/vhkg.ttl.
"""

from __future__ import annotations

from enum import StrEnum

BASE = "https://w3id.org/vhkg/ontology#"
CONTEXT = "https://w3id.org/vhkg/context.jsonld"
ANSWERS = "https://w3id.org/vhkg/answer/"

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_OWL = "http://www.w3.org/2002/07/owl#"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_SH = "http://www.w3.org/ns/shacl#"
_OA = "http://www.w3.org/ns/oa#"
_PROV = "http://www.w3.org/ns/prov#"
_DCTERMS = "http://purl.org/dc/terms/"
_CITO = "http://purl.org/spar/cito/"
_SKOS = "http://www.w3.org/2004/02/skos/core#"
_OBO = "http://purl.obolibrary.org/obo/"


class Rdf(StrEnum):
    type = _RDF + "type"
    first = _RDF + "first"
    rest = _RDF + "rest"
    nil = _RDF + "nil"
    langString = _RDF + "langString"


class Rdfs(StrEnum):
    label = _RDFS + "label"
    comment = _RDFS + "comment"
    subClassOf = _RDFS + "subClassOf"
    subPropertyOf = _RDFS + "subPropertyOf"
    domain = _RDFS + "domain"
    range = _RDFS + "range"


class Owl(StrEnum):
    AllDifferent = _OWL + "AllDifferent"
    AllDisjointClasses = _OWL + "AllDisjointClasses"
    AnnotationProperty = _OWL + "AnnotationProperty"
    Class = _OWL + "Class"
    DatatypeProperty = _OWL + "DatatypeProperty"
    NamedIndividual = _OWL + "NamedIndividual"
    Nothing = _OWL + "Nothing"
    ObjectProperty = _OWL + "ObjectProperty"
    Ontology = _OWL + "Ontology"
    Restriction = _OWL + "Restriction"
    Thing = _OWL + "Thing"
    complementOf = _OWL + "complementOf"
    disjointUnionOf = _OWL + "disjointUnionOf"
    disjointWith = _OWL + "disjointWith"
    equivalentClass = _OWL + "equivalentClass"
    imports = _OWL + "imports"
    intersectionOf = _OWL + "intersectionOf"
    inverseOf = _OWL + "inverseOf"
    members = _OWL + "members"
    onProperty = _OWL + "onProperty"
    sameAs = _OWL + "sameAs"
    someValuesFrom = _OWL + "someValuesFrom"
    unionOf = _OWL + "unionOf"
    versionIRI = _OWL + "versionIRI"
    versionInfo = _OWL + "versionInfo"


class Xsd(StrEnum):
    boolean = _XSD + "boolean"
    date = _XSD + "date"
    decimal = _XSD + "decimal"
    integer = _XSD + "integer"
    string = _XSD + "string"


class Sh(StrEnum):
    """SHACL core, as far as the compiled checks go (https://www.w3.org/TR/shacl/)."""

    Info = _SH + "Info"
    NodeShape = _SH + "NodeShape"
    PropertyShape = _SH + "PropertyShape"
    Violation = _SH + "Violation"
    Warning = _SH + "Warning"
    ClassConstraint = _SH + "ClassConstraintComponent"
    ClosedConstraint = _SH + "ClosedConstraintComponent"
    DatatypeConstraint = _SH + "DatatypeConstraintComponent"
    InConstraint = _SH + "InConstraintComponent"
    MaxCountConstraint = _SH + "MaxCountConstraintComponent"
    MaxLengthConstraint = _SH + "MaxLengthConstraintComponent"
    MinCountConstraint = _SH + "MinCountConstraintComponent"
    NodeKindConstraint = _SH + "NodeKindConstraintComponent"
    PatternConstraint = _SH + "PatternConstraintComponent"
    ValidationReport = _SH + "ValidationReport"
    ValidationResult = _SH + "ValidationResult"
    conforms = _SH + "conforms"
    focusNode = _SH + "focusNode"
    resultMessage = _SH + "resultMessage"
    resultPath = _SH + "resultPath"
    resultSeverity = _SH + "resultSeverity"
    sourceConstraintComponent = _SH + "sourceConstraintComponent"
    sourceShape = _SH + "sourceShape"
    value = _SH + "value"
    class_ = _SH + "class"
    closed = _SH + "closed"
    datatype = _SH + "datatype"
    deactivated = _SH + "deactivated"
    description = _SH + "description"
    flags = _SH + "flags"
    ignoredProperties = _SH + "ignoredProperties"
    in_ = _SH + "in"
    inversePath = _SH + "inversePath"
    maxCount = _SH + "maxCount"
    maxLength = _SH + "maxLength"
    message = _SH + "message"
    minCount = _SH + "minCount"
    name = _SH + "name"
    nodeKind = _SH + "nodeKind"
    order = _SH + "order"
    path = _SH + "path"
    pattern = _SH + "pattern"
    property = _SH + "property"
    result = _SH + "result"
    severity = _SH + "severity"
    targetClass = _SH + "targetClass"
    targetObjectsOf = _SH + "targetObjectsOf"
    targetSubjectsOf = _SH + "targetSubjectsOf"
    BlankNode = _SH + "BlankNode"
    BlankNodeOrIRI = _SH + "BlankNodeOrIRI"
    IRI = _SH + "IRI"


class Oa(StrEnum):
    """Web Annotation selectors (https://www.w3.org/TR/annotation-model/)."""

    end = _OA + "end"
    exact = _OA + "exact"
    hasSelector = _OA + "hasSelector"
    hasSource = _OA + "hasSource"
    prefix = _OA + "prefix"
    start = _OA + "start"
    suffix = _OA + "suffix"


class Prov(StrEnum):
    wasDerivedFrom = _PROV + "wasDerivedFrom"


class Cito(StrEnum):
    citesAsEvidence = _CITO + "citesAsEvidence"


class Dcterms(StrEnum):
    description = _DCTERMS + "description"
    isPartOf = _DCTERMS + "isPartOf"
    issued = _DCTERMS + "issued"
    license = _DCTERMS + "license"
    title = _DCTERMS + "title"


class Skos(StrEnum):
    definition = _SKOS + "definition"


class Iao(StrEnum):
    definition = _OBO + "IAO_0000115"
