"""pyshacl in the same terms: what `validate` reports and what the compiled checks are tested against.

No inference, no imports, no advanced features, no JavaScript; terms are handed to rdflib one by one, which
therefore parses nothing but our own shapes. The only module that imports pyshacl: pyshacl changes how rdflib
reads booleans for the whole process.
"""

from __future__ import annotations

from collections.abc import Mapping

import pyshacl
import rdflib
from pyshacl.shapes_graph import ShapesGraph
from rdflib.term import Node as RdfNode

from vhkg.errors import EngineError
from vhkg.intake import Blank, Iri, Literal, PatientGraph, Term
from vhkg.model.checks import NodeCheck, ValidationReport, ValidationResult
from vhkg.namespaces import Sh
from vhkg.validation.report import finished_report, local, shown_term


def validate(graph: PatientGraph, shapes_turtle: bytes, checks: tuple[NodeCheck, ...]) -> ValidationReport:
    """Validate with pyshacl. `checks` only say which focus nodes to count, by targets that rdflib looks up."""
    shapes = rdflib.Graph().parse(data=shapes_turtle, format="turtle")
    data = rdflib.Graph(bind_namespaces="none")
    for subject, predicate, value in graph.triples:
        data.add((_rdf(subject), rdflib.URIRef(predicate), _rdf(value)))
    try:
        _, report, _ = pyshacl.validate(
            data,
            shacl_graph=shapes,
            inference="none",
            advanced=False,
            js=False,
            meta_shacl=False,
            do_owl_imports=False,
            inplace=True,
            allow_infos=True,
            allow_warnings=True,
        )
    except Exception as error:  # pyshacl's failures have no common root
        raise EngineError(f"pyshacl failed: {error}") from error
    if not isinstance(report, rdflib.Graph):
        raise EngineError(f"pyshacl failed: {report}")
    results = [_result(report, node) for node in report.subjects(rdflib.RDF.type, rdflib.URIRef(Sh.ValidationResult))]
    return finished_report(results, _hits(data, checks), checks)


def _result(report: rdflib.Graph, node: RdfNode) -> ValidationResult:
    def shown(predicate: str) -> str:
        value = report.value(node, rdflib.URIRef(predicate))
        return shown_term(_term(value)) if value is not None else ""

    message = report.value(node, rdflib.URIRef(Sh.resultMessage))
    path = report.value(node, rdflib.URIRef(Sh.resultPath))
    inverse = report.value(path, rdflib.URIRef(Sh.inversePath)) if isinstance(path, rdflib.BNode) else None
    return ValidationResult(
        focus_node=shown(Sh.focusNode),
        result_path=f"^{inverse}" if inverse is not None else shown(Sh.resultPath),
        severity=local(shown(Sh.resultSeverity)),
        component=local(shown(Sh.sourceConstraintComponent)),
        value=shown(Sh.value),
        message=str(message) if message is not None else "",
        shape=shown(Sh.sourceShape),
    )


def _hits(data: rdflib.Graph, checks: tuple[NodeCheck, ...]) -> dict[str, int]:
    hits: dict[str, int] = {}
    for check in checks:
        nodes: set[RdfNode] = set()
        for iri in check.target_classes:
            nodes.update(data.subjects(rdflib.RDF.type, rdflib.URIRef(iri)))
        for iri in check.target_subjects_of:
            nodes.update(data.subjects(rdflib.URIRef(iri)))
        for iri in check.target_objects_of:
            nodes.update(data.objects(None, rdflib.URIRef(iri)))
        for shape in (check.shape, *(part.shape for part in check.properties)):
            hits[shape] = len(nodes)
    return hits


def _rdf(term: Term) -> rdflib.URIRef | rdflib.BNode | rdflib.Literal:
    if isinstance(term, Iri):
        return rdflib.URIRef(term.value)
    if isinstance(term, Blank):
        return rdflib.BNode(term.label)
    if term.language:
        return rdflib.Literal(term.value, lang=term.language)
    return rdflib.Literal(term.value, datatype=rdflib.URIRef(term.datatype), normalize=False)


def _term(node: RdfNode) -> Term:
    if isinstance(node, rdflib.Literal):
        datatype = str(node.datatype) if node.datatype is not None else ""
        return (
            Literal(str(node), datatype, node.language or "")
            if datatype
            else Literal(str(node), language=node.language or "")
        )
    return Blank(str(node)) if isinstance(node, rdflib.BNode) else Iri(str(node))


def validate_knowledge(turtle: Mapping[str, bytes], shapes: bytes) -> ValidationReport:
    """Validate the knowledge itself, trusted Turtle keyed by file name, against its own shapes.

    Advanced features are on, since these shapes select by query. `hits` counts the focus nodes of each shape,
    those that a query selects left out.
    """
    data = rdflib.Graph(bind_namespaces="none")
    rules = rdflib.Graph()
    try:
        for _, content in sorted(turtle.items()):
            data.parse(data=content, format="turtle")
        rules.parse(data=shapes, format="turtle")
        _, report, _ = pyshacl.validate(
            data,
            shacl_graph=rules,
            inference="none",
            advanced=True,
            js=False,
            meta_shacl=False,
            do_owl_imports=False,
            inplace=True,
        )
        hits = {
            str(shape.node): len(shape.focus_nodes(data))
            for shape in ShapesGraph(rules).shapes
            if isinstance(shape.node, rdflib.URIRef)
        }
    except Exception as error:  # failures of rdflib and pyshacl have no common root
        raise EngineError(f"the shapes of the knowledge could not be run: {error}") from error
    if not isinstance(report, rdflib.Graph):
        raise EngineError(f"pyshacl failed: {report}")
    results = [_result(report, node) for node in report.subjects(rdflib.RDF.type, rdflib.URIRef(Sh.ValidationResult))]
    conforms = all(result.severity != local(Sh.Violation) for result in results)
    return ValidationReport(conforms=conforms, results=tuple(sorted(set(results))), hits=dict(sorted(hits.items())))
