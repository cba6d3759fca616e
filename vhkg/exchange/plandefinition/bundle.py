"""The knowledge as FHIR R4: a bundle of definitions that refer to nothing of ours outside it.

It follows the conventions of Clinical Practice Guidelines (https://hl7.org/fhir/uv/cpg/): a strategy lists the
recommendations, each an event-condition-action rule that names activities. It claims none of that guide's profiles,
which want logic in CQL and codes of processes that the article does not give.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from vhkg.exchange.codings import exact_matches
from vhkg.exchange.plandefinition.actions import AVOID, Activities
from vhkg.exchange.plandefinition.conditions import Conditions
from vhkg.exchange.plandefinition.definitions import code_systems, extension_definitions
from vhkg.exchange.plandefinition.elements import Json, as_date, canonical, canonical_base, fhir_id, filled
from vhkg.exchange.plandefinition.evidence import documentation, markers_of, ratings, related_artifacts
from vhkg.knowledge.graph import Graph
from vhkg.knowledge.mappings import read_mappings
from vhkg.model.compiled import CompiledKnowledge
from vhkg.model.content import Content, Recommendation
from vhkg.namespaces import FHIR_PLAN_TYPES, KNOWLEDGE, Dcterms, Owl


def plan_definitions(files: Mapping[str, bytes], compiled: CompiledKnowledge) -> bytes:
    """The bundle as JSON, the same bytes for the same knowledge. `files` are those of the ontology folder."""
    return msgspec.json.format(msgspec.json.encode(_Definitions(files, compiled).bundle()), indent=2) + b"\n"


class _Definitions:
    def __init__(self, files: Mapping[str, bytes], compiled: CompiledKnowledge) -> None:
        self._content, self._compiled = compiled.content, compiled
        graph = Graph.parse({name: text for name, text in files.items() if name.endswith(".ttl") and "/" not in name})
        matches = exact_matches(read_mappings(files, self._content.iris), compiled.codes)
        article = self._content.article
        self._base = canonical_base(self._content.iris[article.name], article.name)
        self._frame = self._shared(graph)
        self._conditions = Conditions(graph, compiled, matches)
        rights = {name: " ".join(sorted({row.set.comment for row in rows})) for name, rows in matches.items()}
        self._activities = Activities(self._content, self._conditions, self._frame, self._base, rights)

    def bundle(self) -> Json:
        digest = self._compiled.digest
        return {
            "resourceType": "Bundle",
            "id": digest[:16],
            "identifier": {"system": KNOWLEDGE.rstrip("/"), "value": digest},
            "type": "collection",
            "entry": [{"fullUrl": self._full_url(each), "resource": each} for each in self._resources()],
        }

    def _full_url(self, resource: Json) -> str:
        """RESTful, so that it ends as type and id do (https://hl7.org/fhir/R4/bundle.html#bundle-unique)."""
        return f"{self._base}{resource['resourceType']}/{resource['id']}"

    def _resources(self) -> Iterator[Json]:
        plans = [self._recommendation(each) for each in self._content.recommendations]
        yield self._strategy(plans)
        yield from plans
        yield from self._activities.all()
        yield from code_systems(self._content)
        yield from extension_definitions()

    def _shared(self, graph: Graph) -> Json:
        """What all definitions say alike: a draft, since the article is pending review."""
        article = self._content.article
        header = next(iter(graph.instances(Owl.Ontology)), "")
        texts = (graph.text(header, Dcterms.rights), graph.text(header, Dcterms.license)) if header else ()
        return filled(
            version=self._content.version,
            status="draft",
            experimental=True,
            date=as_date(self._content.version),
            publisher=graph.text(header, Dcterms.creator) if header else "",
            usage=f"{article.disclaimer} Review of the article: {article.review_status}.",
            copyright=" ".join(filter(None, texts)),
        )

    def _plan(self, name: str, kind: str, title: str, description: str, usage: str) -> Json:
        identifier = fhir_id(name)
        frame = dict(self._frame)
        return filled(
            resourceType="PlanDefinition",
            id=identifier,
            url=f"{self._base}PlanDefinition/{identifier}",
            name=name,
            title=title,
            type={"coding": [{"system": FHIR_PLAN_TYPES, "code": kind}]},
            **(frame | {"usage": f"{frame['usage']} {usage}".strip()}),
            description=description,
        )

    def _strategy(self, plans: list[Json]) -> Json:
        content = self._content
        silent = "; ".join(silence.label for silence in content.silences)
        plan = self._plan(
            content.article.name,
            "workflow-definition",
            content.title,
            content.article.description,
            f"The article does not state: {silent}." if silent else "",
        )
        plan["relatedArtifact"] = related_artifacts(content, tuple(sorted(content.sources)))
        plan["action"] = [
            filled(
                id=fhir_id(recommendation.name),
                extension=list(ratings(recommendation)),
                prefix=str(number),
                title=plans[number - 1]["title"],
                description=_wording(recommendation),
                definitionCanonical=canonical(plans[number - 1]),
            )
            for number, recommendation in enumerate(content.recommendations, start=1)
        ]
        return plan

    def _recommendation(self, given: Recommendation) -> Json:
        content = self._content
        title = _title(given)
        plan = self._plan(given.name, "eca-rule", title, _description(given, content), _usage(given, content))
        plan["relatedArtifact"] = related_artifacts(content, markers_of(given, content))
        plan["action"] = [
            filled(
                id=fhir_id(f"{given.name}-action"),
                extension=list(ratings(given)),
                title=title,
                description=_wording(given),
                documentation=documentation(given, content),
                condition=self._conditions.of(given),
                **self._activities.of(given),
            )
        ]
        return plan


def _title(given: Recommendation) -> str:
    return given.label if given.direction == "for" else AVOID + given.label


def _wording(given: Recommendation) -> str:
    said = f'; in the words of the article: "{given.modality}"' if given.modality else ""
    return f"{given.line[:1].upper()}{given.line[1:]}{said}."


def _description(given: Recommendation, content: Content) -> str:
    labels = {each.name: each.label for each in content.recommendations}
    after = ", ".join(labels[name] for name in given.ranked_after)
    return " ".join(filter(None, (_wording(given), f"Ranked after: {after}." if after else "", given.scope_note)))


def _usage(given: Recommendation, content: Content) -> str:
    """Readings, and what caps the status: FHIR has no place for either."""
    readings = [content.readings[name] for name in given.readings]
    chosen = [
        f"{reading.label} ({option.label})"
        for reading in readings
        for option in reading.alternatives
        if option.name == reading.default
    ]
    limits = [each.label for each in content.limits if given.name in each.limits or not each.limits]
    texts = [f"Readings of the text taken by default: {'; '.join(chosen)}."] if chosen else []
    if given.direction == "for" and limits:
        texts.append(
            "The article does not address the following; while one of them is recorded, "
            f"this is not to be taken as applying: {'; '.join(limits)}."
        )
    return " ".join(texts)
