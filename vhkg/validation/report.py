"""The report that checks and pyshacl share, and its W3C form (https://www.w3.org/TR/shacl/#validation-report)."""

from __future__ import annotations

from collections.abc import Iterable

from vhkg.intake import Blank, Iri, Term, quoted
from vhkg.model.checks import NodeCheck, ValidationReport, ValidationResult
from vhkg.namespaces import Sh, Vhkg, Xsd

_SH = Sh.path.removesuffix("path")


def finished_report(
    results: Iterable[ValidationResult], hits: dict[str, int], checks: tuple[NodeCheck, ...]
) -> ValidationReport:
    """Sorted, without repetition; that no shape looked at a patient is itself a violation, of no focus node."""
    found = set(results)
    for_patients = [shape.shape for shape in checks if Vhkg.Patient in shape.target_classes]
    if not any(hits.get(shape) for shape in for_patients):
        found.add(missing_patient(checks))
    ordered = tuple(sorted(found))
    conforms = all(result.severity != local(Sh.Violation) for result in ordered)
    return ValidationReport(conforms=conforms, results=ordered, hits=dict(sorted(hits.items())))


def missing_patient(checks: tuple[NodeCheck, ...]) -> ValidationResult:
    """The result for a graph in which no shape looked at a patient."""
    return ValidationResult(
        focus_node="",
        result_path="",
        severity=local(Sh.Violation),
        component=local(Sh.MinCountConstraint),
        value="",
        message="There is no patient here: type one node as vhkg:Patient.",
        shape=next((shape.shape for shape in checks if Vhkg.Patient in shape.target_classes), ""),
    )


def shown_term(term: Term) -> str:
    """IRIs and blank nodes as they are; literals as in Turtle, so that "a" and <a> differ."""
    if isinstance(term, (Iri, Blank)):
        return str(term)
    text = quoted(term.value)
    if term.language:
        return f"{text}@{term.language}"
    return text if term.datatype == Xsd.string else f"{text}^^<{term.datatype}>"


def report_turtle(reports: Iterable[ValidationReport]) -> str:
    """One W3C validation report over all, as Turtle."""
    merged = list(reports)
    conforms = all(report.conforms for report in merged)
    results = [_result(result) for report in merged for result in report.results]
    body = "".join(f" ;\n    sh:result {result}" for result in results)
    return (
        f"@prefix sh: <{_SH}> .\n@prefix xsd: <{Xsd.date.removesuffix('date')}> .\n\n"
        f"[] a sh:ValidationReport ;\n    sh:conforms {'true' if conforms else 'false'}{body} .\n"
    )


def _result(result: ValidationResult) -> str:
    statements = [
        "a sh:ValidationResult",
        f"sh:resultSeverity sh:{result.severity}",
        f"sh:sourceConstraintComponent sh:{result.component}",
        f"sh:resultMessage {quoted(result.message)}@en",
    ]
    if result.shape:
        statements.append(f"sh:sourceShape <{result.shape}>")
    if result.focus_node:
        statements.append(f"sh:focusNode {_term(result.focus_node)}")
    if result.result_path.startswith("^"):
        statements.append(f"sh:resultPath [ sh:inversePath <{result.result_path[1:]}> ]")
    elif result.result_path:
        statements.append(f"sh:resultPath <{result.result_path}>")
    if result.value:
        statements.append(f"sh:value {_term(result.value)}")
    return "[\n        " + " ;\n        ".join(statements) + " ]"


def _term(shown: str) -> str:
    return shown if shown.startswith(('"', "_:")) else f"<{shown}>"


def local(iri: str) -> str:
    return iri.removeprefix(_SH)
