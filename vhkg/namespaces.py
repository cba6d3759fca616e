"""Every IRI that Python names, once. Closed: a mistyped term is an error when the module is read.

A term of our own belongs here only if code must act on it; clinical terms never do. A test compares each
member of `Vhkg` with the declarations in ontology/vhkg.ttl.
"""

from __future__ import annotations

from enum import StrEnum

BASE = "https://w3id.org/vhkg/ontology#"
CONTEXT = "https://w3id.org/vhkg/context.jsonld"
ANSWERS = "https://w3id.org/vhkg/answer/"
KNOWLEDGE = "https://w3id.org/vhkg/knowledge/"
MAPPINGS = "https://w3id.org/vhkg/mapping/"
ANSWER_SCHEMA = "https://w3id.org/vhkg/answer.schema.json"
AUDIT_SCHEMA = "https://w3id.org/vhkg/audit.schema.json"
COHORT_SCHEMA = "https://w3id.org/vhkg/cohort-report.schema.json"
AUDITS = "https://w3id.org/vhkg/audit/"
DECISIONS = "https://w3id.org/vhkg/decision/"
BRIDGES = "https://w3id.org/vhkg/bridge/"
EXAMPLE_CODES = "https://hospital.example/codes"
PUBLIC_DOMAIN = "https://creativecommons.org/publicdomain/zero/1.0/"
JSON_SCHEMA_DIALECT = "https://json-schema.org/draft/2020-12/schema"

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
_SSSOM = "https://w3id.org/sssom/"
_SEMAPV = "https://w3id.org/semapv/vocab/"
SNOMED_IDS = "http://snomed.info/id/"
OBO = _OBO
"""Before the ids of OBO ontologies, where the colon is written as an underscore (http://obofoundry.org/id-policy)."""
_OIO = "http://www.geneontology.org/formats/oboInOwl#"

VOCABULARIES = (_RDF, _RDFS, _OWL, _XSD)
"""Those whose terms are never classes of a domain."""
OBO = _OBO

FORMATS = "http://www.w3.org/ns/formats/"
"""Before the names of file formats (https://www.w3.org/ns/formats/)."""
SPARQL_RESULTS = "http://www.w3.org/2005/sparql-results#"
ITS = "http://www.w3.org/2005/11/its"
_SD = "http://www.w3.org/ns/sparql-service-description#"
_VOID = "http://rdfs.org/ns/void#"
_FOAF = "http://xmlns.com/foaf/0.1/"

FHIR_DEFINITIONS = "https://w3id.org/vhkg/fhir/StructureDefinition/"
"""Our own extensions of FHIR; their definitions are in the bundle that uses them."""
FHIR_EXTENSION = "http://hl7.org/fhir/StructureDefinition/Extension"
FHIR_STRENGTH = "http://hl7.org/fhir/StructureDefinition/cqf-strengthOfRecommendation"
FHIR_QUALITY = "http://hl7.org/fhir/StructureDefinition/cqf-qualityOfEvidence"
FHIR_PLAN_TYPES = "http://terminology.hl7.org/CodeSystem/plan-definition-type"
CPG_DIRECTION = "http://hl7.org/fhir/uv/cpg/StructureDefinition/cpg-directionOfRecommendation"
CPG_DIRECTIONS = "http://hl7.org/fhir/uv/cpg/CodeSystem/cpg-recommendation-direction-cs"

PREFIXES = {
    "vhkg": BASE,
    "rdf": _RDF,
    "rdfs": _RDFS,
    "owl": _OWL,
    "xsd": _XSD,
    "sh": _SH,
    "oa": _OA,
    "prov": _PROV,
    "dcterms": _DCTERMS,
    "cito": _CITO,
    "skos": _SKOS,
    "obo": _OBO,
}
"""For documents that people read."""
DESCRIBING = {"sd": _SD, "void": _VOID, "foaf": _FOAF, "formats": FORMATS}
"""Besides, for descriptions of a service and of what it holds."""

FOREIGN = (_RDF, _RDFS, _OWL, _XSD, _SH, _OA, _PROV, _DCTERMS, _CITO, _SKOS, _OBO, _SSSOM)
"""Vocabularies of others that the ontology declares and does not import."""

RESERVED = (
    "https://w3id.org/vhkg/", _RDF, _RDFS, _OWL, _XSD, _SH, _OA, _PROV, _DCTERMS, _CITO, _SKOS, _OBO, _SSSOM, _SEMAPV,
)  # fmt: skip
"""What no node of a patient graph may be named in."""


class Rdf(StrEnum):
    type = _RDF + "type"
    first = _RDF + "first"
    rest = _RDF + "rest"
    nil = _RDF + "nil"
    langString = _RDF + "langString"


class Rdfs(StrEnum):
    comment = _RDFS + "comment"
    isDefinedBy = _RDFS + "isDefinedBy"
    label = _RDFS + "label"
    seeAlso = _RDFS + "seeAlso"
    subClassOf = _RDFS + "subClassOf"
    subPropertyOf = _RDFS + "subPropertyOf"
    domain = _RDFS + "domain"
    range = _RDFS + "range"


class Owl(StrEnum):
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
    deprecated = _OWL + "deprecated"
    disjointUnionOf = _OWL + "disjointUnionOf"
    disjointWith = _OWL + "disjointWith"
    equivalentClass = _OWL + "equivalentClass"
    intersectionOf = _OWL + "intersectionOf"
    members = _OWL + "members"
    onProperty = _OWL + "onProperty"
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
    ValidationResult = _SH + "ValidationResult"
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
    Literal = _SH + "Literal"


class Oa(StrEnum):
    """Web Annotation selectors (https://www.w3.org/TR/annotation-model/)."""

    end = _OA + "end"
    exact = _OA + "exact"
    hasSelector = _OA + "hasSelector"
    prefix = _OA + "prefix"
    start = _OA + "start"
    suffix = _OA + "suffix"


class Prov(StrEnum):
    wasDerivedFrom = _PROV + "wasDerivedFrom"


class Cito(StrEnum):
    citesAsEvidence = _CITO + "citesAsEvidence"


class Dcterms(StrEnum):
    creator = _DCTERMS + "creator"
    description = _DCTERMS + "description"
    isPartOf = _DCTERMS + "isPartOf"
    issued = _DCTERMS + "issued"
    license = _DCTERMS + "license"
    publisher = _DCTERMS + "publisher"
    rights = _DCTERMS + "rights"
    title_ = _DCTERMS + "title"


class Sd(StrEnum):
    """SPARQL 1.1 Service Description (https://www.w3.org/TR/sparql11-service-description/)."""

    Dataset = _SD + "Dataset"
    Graph = _SD + "Graph"
    NamedGraph = _SD + "NamedGraph"
    SPARQL11Query = _SD + "SPARQL11Query"
    Service = _SD + "Service"
    defaultDataset = _SD + "defaultDataset"
    defaultGraph = _SD + "defaultGraph"
    endpoint = _SD + "endpoint"
    graph = _SD + "graph"
    name_ = _SD + "name"
    namedGraph = _SD + "namedGraph"
    resultFormat = _SD + "resultFormat"
    supportedLanguage = _SD + "supportedLanguage"


class Void(StrEnum):
    """Vocabulary of Interlinked Datasets (https://www.w3.org/TR/void/)."""

    Dataset = _VOID + "Dataset"
    DatasetDescription = _VOID + "DatasetDescription"
    classes = _VOID + "classes"
    feature = _VOID + "feature"
    properties = _VOID + "properties"
    sparqlEndpoint = _VOID + "sparqlEndpoint"
    triples = _VOID + "triples"


class Foaf(StrEnum):
    primaryTopic = _FOAF + "primaryTopic"


class Skos(StrEnum):
    """The five mapping relations, and the property for codes (https://www.w3.org/TR/skos-reference/)."""

    broadMatch = _SKOS + "broadMatch"
    closeMatch = _SKOS + "closeMatch"
    exactMatch = _SKOS + "exactMatch"
    narrowMatch = _SKOS + "narrowMatch"
    notation = _SKOS + "notation"
    relatedMatch = _SKOS + "relatedMatch"


class Semapv(StrEnum):
    ManualMappingCuration = _SEMAPV + "ManualMappingCuration"


class Sssom(StrEnum):
    """The Simple Standard for Sharing Ontological Mappings (https://w3id.org/sssom/)."""

    Mapping = _SSSOM + "Mapping"
    MappingSet = _SSSOM + "MappingSet"
    NoTermFound = _SSSOM + "NoTermFound"
    confidence = _SSSOM + "confidence"
    mapping_justification = _SSSOM + "mapping_justification"
    mapping_set_id = _SSSOM + "mapping_set_id"
    mapping_set_version = _SSSOM + "mapping_set_version"
    object_id = _SSSOM + "object_id"
    object_label = _SSSOM + "object_label"
    object_source = _SSSOM + "object_source"
    object_source_version = _SSSOM + "object_source_version"
    predicate_id = _SSSOM + "predicate_id"
    predicate_modifier = _SSSOM + "predicate_modifier"
    subject_id = _SSSOM + "subject_id"


class Iao(StrEnum):
    definition = _OBO + "IAO_0000115"
    termReplacedBy = _OBO + "IAO_0100001"


class Oio(StrEnum):
    """Ids that an OBO term absorbed (https://owlcollab.github.io/oboformat/doc/obo-syntax.html)."""

    hasAlternativeId = _OIO + "hasAlternativeId"


class Vhkg(StrEnum):
    """The upper vocabulary that code acts on; declared in ontology/vhkg.ttl."""

    Absent = BASE + "Absent"
    Answer = BASE + "Answer"
    Assessment = BASE + "Assessment"
    AssessmentStatus = BASE + "AssessmentStatus"
    Audit = BASE + "Audit"
    Bridge = BASE + "Bridge"
    FindingState = BASE + "FindingState"
    LinkRule = BASE + "LinkRule"
    Measure = BASE + "Measure"
    ModellingDecision = BASE + "ModellingDecision"
    Outcome = BASE + "Outcome"
    Patient = BASE + "Patient"
    Plan = BASE + "Plan"
    Present = BASE + "Present"
    Presentation = BASE + "Presentation"
    PublishedKnowledge = BASE + "PublishedKnowledge"
    QuestionToAsk = BASE + "QuestionToAsk"
    Reading = BASE + "Reading"
    ReadingChange = BASE + "ReadingChange"
    ReadingDependence = BASE + "ReadingDependence"
    Recommendation = BASE + "Recommendation"
    RecommendationStatus = BASE + "RecommendationStatus"
    SafetyNotice = BASE + "SafetyNotice"
    ScopeLimit = BASE + "ScopeLimit"
    Silence = BASE + "Silence"
    Source = BASE + "Source"
    Statement = BASE + "Statement"
    actionIn = BASE + "actionIn"
    advisesAgainst = BASE + "advisesAgainst"
    alternativeTo = BASE + "alternativeTo"
    appliesTo = BASE + "appliesTo"
    asOf = BASE + "asOf"
    askWhenNotRecorded = BASE + "askWhenNotRecorded"
    asks = BASE + "asks"
    asksFor = BASE + "asksFor"
    assertedThrough = BASE + "assertedThrough"
    assessedOn = BASE + "assessedOn"
    audience = BASE + "audience"
    auditLabel = BASE + "auditLabel"
    auditReason = BASE + "auditReason"
    audited = BASE + "audited"
    auditedOn = BASE + "auditedOn"
    baseStatusCode = BASE + "baseStatusCode"
    basis = BASE + "basis"
    bearer = BASE + "bearer"
    bearsOn = BASE + "bearsOn"
    because = BASE + "because"
    becauseOf = BASE + "becauseOf"
    branchClass = BASE + "branchClass"
    candidate = BASE + "candidate"
    capsWithin = BASE + "capsWithin"
    certainty = BASE + "certainty"
    changesReading = BASE + "changesReading"
    comparedWith = BASE + "comparedWith"
    concerns = BASE + "concerns"
    conditionIn = BASE + "conditionIn"
    confidence = BASE + "confidence"
    defaultAlternative = BASE + "defaultAlternative"
    denominator = BASE + "denominator"
    description = BASE + "description"
    disclaimer = BASE + "disclaimer"
    displayGroup = BASE + "displayGroup"
    disposition = BASE + "disposition"
    effectIfAbsent = BASE + "effectIfAbsent"
    effectIfPresent = BASE + "effectIfPresent"
    effectOfChange = BASE + "effectOfChange"
    excludedBy = BASE + "excludedBy"
    exclusionIn = BASE + "exclusionIn"
    factor = BASE + "factor"
    findingStatus = BASE + "findingStatus"
    flag = BASE + "flag"
    forPatient = BASE + "forPatient"
    forPresentation = BASE + "forPresentation"
    gap = BASE + "gap"
    gapClass = BASE + "gapClass"
    given = BASE + "given"
    hasAlternative = BASE + "hasAlternative"
    hasAssessment = BASE + "hasAssessment"
    hasFindingState = BASE + "hasFindingState"
    hasOutcome = BASE + "hasOutcome"
    hasPresentation = BASE + "hasPresentation"
    hasReadingChange = BASE + "hasReadingChange"
    hasRecommendationStatus = BASE + "hasRecommendationStatus"
    hasStep = BASE + "hasStep"
    heldAgainst = BASE + "heldAgainst"
    ifRead = BASE + "ifRead"
    inFile = BASE + "inFile"
    intervention = BASE + "intervention"
    isFirstLine = BASE + "isFirstLine"
    knowledgeDigest = BASE + "knowledgeDigest"
    knowledgeVersion = BASE + "knowledgeVersion"
    leastConfidence = BASE + "leastConfidence"
    levelName = BASE + "levelName"
    limits = BASE + "limits"
    line = BASE + "line"
    lineIn = BASE + "lineIn"
    lineNumber = BASE + "lineNumber"
    mappingKind = BASE + "mappingKind"
    mappingTarget = BASE + "mappingTarget"
    marker = BASE + "marker"
    meetsIn = BASE + "meetsIn"
    modality = BASE + "modality"
    modalityIn = BASE + "modalityIn"
    modelledBy = BASE + "modelledBy"
    nearestStatement = BASE + "nearestStatement"
    notAddressed = BASE + "notAddressed"
    notMatched = BASE + "notMatched"
    noticeText = BASE + "noticeText"
    number = BASE + "number"
    ofFinding = BASE + "ofFinding"
    ofReading = BASE + "ofReading"
    ofRecommendation = BASE + "ofRecommendation"
    optional = BASE + "optional"
    order = BASE + "order"
    passageOrder = BASE + "passageOrder"
    plainAbsent = BASE + "plainAbsent"
    plainLabel = BASE + "plainLabel"
    plainPresent = BASE + "plainPresent"
    plainQuestion = BASE + "plainQuestion"
    plainSentence = BASE + "plainSentence"
    promotesRelation = BASE + "promotesRelation"
    question = BASE + "question"
    raisedBy = BASE + "raisedBy"
    rankedAfter = BASE + "rankedAfter"
    recordedAs = BASE + "recordedAs"
    recordedOn = BASE + "recordedOn"
    recommendationKind = BASE + "recommendationKind"
    recommends = BASE + "recommends"
    restsOn = BASE + "restsOn"
    restsOnReading = BASE + "restsOnReading"
    reviewStatus = BASE + "reviewStatus"
    scopeClass = BASE + "scopeClass"
    scopeNote = BASE + "scopeNote"
    section = BASE + "section"
    sha256 = BASE + "sha256"
    shownUnless = BASE + "shownUnless"
    sourceCode = BASE + "sourceCode"
    sourceNote = BASE + "sourceNote"
    spanSha256 = BASE + "spanSha256"
    staleAfterDays = BASE + "staleAfterDays"
    standing = BASE + "standing"
    statedIn = BASE + "statedIn"
    status = BASE + "status"
    statusCode = BASE + "statusCode"
    strength = BASE + "strength"
    subjectClass = BASE + "subjectClass"
    supportedIn = BASE + "supportedIn"
    takesAlternative = BASE + "takesAlternative"
    tension = BASE + "tension"
    undefinedIn = BASE + "undefinedIn"
    unit = BASE + "unit"
    verdict = BASE + "verdict"
    zeroDenies = BASE + "zeroDenies"
