"""Does the coverage ledger account for every character of the article, and quote it exactly?

Offsets count code points of the UTF-8 text, end exclusive, as oa:TextPositionSelector does
(https://www.w3.org/TR/annotation-model/#text-position-selector). Faults never repeat text of the article that the
ledger does not quote: the article itself is not redistributed.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from vhkg.assurance.faults import Fault
from vhkg.model.content import Content, Statement

_BETWEEN = re.compile(r"\s*(?:[•‣◦▪*–-]\s)?\s*")
"""What may stand between two passages: white space and one bullet."""
_MARKERS = re.compile(r"(?<=\S)\s(\d{1,3}(?:,\s?\d{1,3})*)\.?\Z")
"""Citation markers close a passage and are bare numbers; a decimal or a year is none."""


def check_source(content: Content, text: bytes | str) -> tuple[Fault, ...]:
    """Compare the ledger with a copy of the article; no fault means that both agree to the last character."""
    data = text.encode() if isinstance(text, str) else text
    faults = list(_digest(content, data))
    try:
        article = data.decode()
    except UnicodeDecodeError as error:
        where = f"byte {error.start}"
        return (*faults, Fault("encoding", where, "the article is not UTF-8", "give the file that was read"))
    faults += check_ledger(content)
    inside = []
    for statement in content.statements.values():
        if 0 <= statement.start < statement.end <= len(article):
            inside.append(statement)
            faults += _quotation(statement, article)
        else:
            fault = f"the span {statement.start} to {statement.end} is not within the {len(article)} characters"
            faults.append(Fault("span", statement.name, fault, "correct oa:start and oa:end"))
    passages = [statement for statement in inside if is_passage(statement)]
    passages.sort(key=lambda passage: (passage.start, passage.end))
    faults += _accounted(passages, article)
    faults += _citations(passages, article)
    faults += _sections(inside, passages, article)
    if content.article.title not in article:
        fault = "the title does not occur in the article"
        faults.append(Fault("title", content.article.name, fault, "correct dcterms:title"))
    return tuple(faults)


def check_ledger(content: Content) -> tuple[Fault, ...]:
    """What can be said of the ledger without the article: order, containment, dispositions, inherited citations."""
    faults: list[Fault] = []
    passages = sorted((s for s in content.statements.values() if is_passage(s)), key=lambda s: s.order)
    for number, passage in enumerate(passages, start=1):
        if passage.order != number:
            fault = f"passageOrder is {passage.order} where {number} comes next"
            faults.append(Fault("order", passage.name, fault, "number the passages from 1 without a gap"))
    for before, after in pairwise(passages):
        if after.start < before.end:
            fault = f"begins before {before.name} ends"
            faults.append(Fault("order", after.name, fault, "let passages follow one another without overlap"))
    for statement in content.statements.values():
        faults += _containment(content, statement)
        faults += _disposition(content, statement)
        if must_be_quoted(content, statement) and not statement.quote:
            fault = "a statement that models or defers content has no quotation"
            faults.append(Fault("quotation", statement.name, fault, "add an oa:TextQuoteSelector"))
    return tuple(faults)


def is_passage(statement: Statement) -> bool:
    """Passages have a place in the article; claims are parts of passages."""
    return statement.order > 0


def must_be_quoted(content: Content, statement: Statement) -> bool:
    """Whether the statement bears on content, and not only on the article as a page."""
    if statement.disposition == "modelled":
        return any(name != content.article.name for name in statement.modelled_by)
    return statement.disposition == "deferred"


def related(content: Content, statement: Statement) -> frozenset[str]:
    """The statement, the passages it is part of and the claims that are part of it."""
    parts = (s.name for s in content.statements.values() if statement.name in s.part_of)
    return frozenset((statement.name, *statement.part_of, *parts))


def references(content: Content) -> dict[str, frozenset[str]]:
    """The statements that each recommendation, outcome, plan, finding, reading, decision and silence refers to."""
    found: dict[str, frozenset[str]] = {}
    for recommendation in content.recommendations:
        found[recommendation.name] = frozenset(use.statement for use in recommendation.uses)
    for outcome in content.outcomes.values():
        found[outcome.id] = frozenset(outcome.statements)
    for plan in content.plans.values():
        found[plan.name] = frozenset(name for step in plan.steps for name in step.statements)
    for finding in content.findings.values():
        found[finding.name] = frozenset(finding.derived_from)
    for reading in content.readings.values():
        found[reading.name] = frozenset(reading.concerns)
    for decision in content.decisions.values():
        found[decision.name] = frozenset(decision.concerns)
    for silence in content.silences:
        found[silence.name] = frozenset((silence.nearest, *silence.concerns))
    return found


def _digest(content: Content, data: bytes) -> Iterator[Fault]:
    if hashlib.sha256(data).hexdigest() != content.article.sha256:
        fault = "the sha256 of the file is not that of the article that was read"
        yield Fault(
            "sha256", content.article.name, fault, "give the same file, or read the new one sentence by sentence"
        )


def _quotation(statement: Statement, article: str) -> Iterator[Fault]:
    name, start, end = statement.name, statement.start, statement.end
    span = article[start:end]
    if statement.quote and statement.quote != span:
        yield Fault("quotation", name, "the quotation is not what stands at its offsets", "quote the span exactly")
    if not statement.quote and not statement.span_sha256:
        yield Fault("quotation", name, "neither quotation nor span hash", "add one")
    if statement.span_sha256 and statement.span_sha256 != hashlib.sha256(span.encode()).hexdigest():
        yield Fault(
            "span-hash", name, "the span hash is not that of the span", "correct vhkg:spanSha256 or the offsets"
        )
    if statement.quote:
        prefix, suffix = statement.prefix, statement.suffix
        if prefix != article[max(0, start - len(prefix)) : start] or (start > 0 and not prefix):
            yield Fault("prefix", name, "oa:prefix is not what stands before the quotation", "copy what stands there")
        if suffix != article[end : end + len(suffix)] or (end < len(article) and not suffix):
            yield Fault("suffix", name, "oa:suffix is not what stands after the quotation", "copy what stands there")
    line = article.count("\n", 0, start) + 1
    if statement.line != line:
        yield Fault("line", name, f"lineNumber is {statement.line}, the span begins on line {line}", "correct it")


def _accounted(passages: list[Statement], article: str) -> Iterator[Fault]:
    """Every character between passages is white space or a bullet."""
    position = 0
    bounds = [(passage.start, passage.end) for passage in passages]
    for start, end in [*bounds, (len(article), len(article))]:
        gap = article[position:start]
        if not _BETWEEN.fullmatch(gap):
            line = article.count("\n", 0, position + len(gap) - len(gap.lstrip())) + 1
            fault = f"{sum(not c.isspace() for c in gap)} characters belong to no passage"
            yield Fault("unaccounted", f"line {line}", fault, "add a statement with a disposition")
        position = max(position, end)


def _containment(content: Content, statement: Statement) -> Iterator[Fault]:
    if is_passage(statement):
        return
    wholes = [content.statements[name] for name in statement.part_of if name in content.statements]
    if len(wholes) != len(statement.part_of) or not wholes or not all(is_passage(whole) for whole in wholes):
        fault = "a claim is part of at least one passage of the ledger"
        yield Fault("containment", statement.name, fault, "name its passages with dcterms:isPartOf")
        return
    wholes.sort(key=lambda whole: whole.start)
    apart = any(whole.end <= statement.start or statement.end <= whole.start for whole in wholes)
    neighbours = all(after.order == before.order + 1 for before, after in pairwise(wholes))
    if apart or not neighbours or statement.start < wholes[0].start or statement.end > wholes[-1].end:
        fault = "the claim does not lie within the passages it is part of"
        yield Fault("containment", statement.name, fault, "correct dcterms:isPartOf or the offsets")
    inherited = {marker for whole in wholes for marker in whole.citations}
    if set(statement.citations) != inherited:
        fault = f"cites {_listed(statement.citations)} where its passage cites {_listed(inherited)}"
        yield Fault("citation", statement.name, fault, "let a claim cite what closes its passage")


def _disposition(content: Content, statement: Statement) -> Iterator[Fault]:
    name = statement.name
    if statement.disposition in ("deferred", "out-of-scope"):
        if not statement.because:
            yield Fault("disposition", name, f"{statement.disposition} without a reason", "say why with vhkg:because")
        if statement.modelled_by:
            fault = f"{statement.disposition}, and modelled by {_listed(statement.modelled_by)}"
            yield Fault("disposition", name, fault, "leave one of the two")
        return
    if statement.disposition != "modelled":
        fault = f"the disposition is {statement.disposition or 'missing'!r}"
        yield Fault("disposition", name, fault, "choose modelled, deferred or out-of-scope")
        return
    if not statement.modelled_by:
        yield Fault("disposition", name, "modelled by nothing", "name what models it, or defer it with a reason")
    back, near = references(content), related(content, statement)
    for term in statement.modelled_by:
        if term not in content.iris:
            yield Fault("disposition", name, f"modelled by {term}, which does not exist", "correct the name")
        elif term in back and not back[term] & near:
            fault = f"modelled by {term}, which does not refer back to it"
            yield Fault("disposition", name, fault, "link the two, or name what does model it")


def printed_citations(text: str) -> tuple[str, ...]:
    """The citation markers that close a passage.

    >>> printed_citations("pain relief at 5.8 years 1")
    ('1',)
    >>> printed_citations("as others found 2, 3"), printed_citations("Last updated: August 26, 2025")
    (('2', '3'), ())
    """
    printed = _MARKERS.search(text)
    return tuple(re.findall(r"\d+", printed[1])) if printed else ()


def _citations(passages: list[Statement], article: str) -> Iterator[Fault]:
    for passage in passages:
        markers = printed_citations(article[passage.start : passage.end])
        if sorted(markers) != sorted(passage.citations):
            fault = f"cites {_listed(passage.citations)} where {_listed(markers)} is printed"
            yield Fault("citation", passage.name, fault, "cite what is printed at its end")


def _sections(statements: list[Statement], passages: list[Statement], article: str) -> Iterator[Fault]:
    """Each part of a section path is a heading printed at or above the statement; words in brackets are ours."""
    headings = [(p.start, article[p.start : p.end].rstrip(":")) for p in passages if p.kind == "Heading"]
    for statement in statements:
        above = {text for start, text in headings if start <= statement.start}
        for part in statement.section.split(" > "):
            words = re.sub(r"\s*\([^)]*\)\Z", "", part)
            if words and words not in above:
                fault = "a part of its section is no heading above it"
                yield Fault("section", statement.name, fault, "name the headings under which it stands")


def _listed(markers: Iterable[str]) -> str:
    return ", ".join(sorted(markers)) or "nothing"
