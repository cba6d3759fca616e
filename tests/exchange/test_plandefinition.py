"""Models of FHIR accept the bundle, and it says what the knowledge says: no more, and nothing the other way round."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from fhir.resources.R4B import get_fhir_model_class
from fhirclient.models import fhirelementfactory
from pydantic import BaseModel

from tests.support import ROOT, shipped
from vhkg.answering.knowledge import Knowledge
from vhkg.decision.evaluation import Evaluator
from vhkg.exchange import plan_definitions
from vhkg.model.content import Recommendation
from vhkg.namespaces import CPG_DIRECTION, FHIR_DEFINITIONS, FHIR_QUALITY, FHIR_STRENGTH

KNOWLEDGE = shipped()
CONTENT = KNOWLEDGE.content
TEXT = plan_definitions(KNOWLEDGE.files.ontology, KNOWLEDGE.compiled)
BUNDLE: dict[str, Any] = json.loads(TEXT)
RESOURCES: list[dict[str, Any]] = [entry["resource"] for entry in BUNDLE["entry"]]
BY_KIND = {kind: list(each) for kind, each in itertools.groupby(RESOURCES, key=lambda r: str(r["resourceType"]))}
PLANS = {each["id"]: each for each in BY_KIND["PlanDefinition"]}
CANONICALS = {resource["url"]: resource for resource in RESOURCES}
GIVEN = list(CONTENT.recommendations)
OPEN_ENDED = {"etc."}
"""What the models list at the end of a value set that can be extended."""


def _name(given: Any) -> str:
    return str(given.name if isinstance(given, Recommendation) else given["id"])


def _within(value: object) -> Iterator[dict[str, Any]]:
    """Every JSON object in a value."""
    if isinstance(value, dict):
        yield value
        for each in value.values():
            yield from _within(each)
    elif isinstance(value, list):
        for each in value:
            yield from _within(each)


def _action(given: Recommendation) -> dict[str, Any]:
    (action,) = PLANS[given.name]["action"]
    return dict(action)


def _extension(element: dict[str, Any], url: str) -> dict[str, Any]:
    (found,) = [each for each in element["extension"] if each["url"] == url]
    return dict(found)


def _quotation(artifact: dict[str, Any]) -> dict[str, Any]:
    parts = _extension(artifact, FHIR_DEFINITIONS + "quotation")["extension"]
    return {part["url"]: next(value for key, value in part.items() if key != "url") for part in parts}


# --- the models


@pytest.mark.parametrize("resource", [BUNDLE, *RESOURCES], ids=_name)
def test_the_models_of_r4_read_it_and_write_it_alike(resource: dict[str, Any]) -> None:
    """fhirclient is generated from FHIR 4.0.1; it refuses unknown elements, wrong types and missing ones."""
    read = fhirelementfactory.FHIRElementFactory.instantiate(resource["resourceType"], resource)
    assert read.as_json() == resource


@pytest.mark.parametrize("resource", RESOURCES, ids=_name)
def test_codes_and_formats_are_those_of_the_specification(resource: dict[str, Any]) -> None:
    """The models of R4B also know formats and required codes, which are the same in R4 for what is used here."""
    model = get_fhir_model_class(resource["resourceType"]).model_validate(resource)
    checked = [code for each in _models(model) for code in _codes(each)]
    assert checked
    for code, allowed in checked:
        assert code in allowed or allowed & OPEN_ENDED


def _models(model: BaseModel) -> Iterator[BaseModel]:
    yield model
    for name in type(model).model_fields:
        value = getattr(model, name)
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, BaseModel):
                yield from _models(each)


def _codes(model: BaseModel) -> Iterator[tuple[str, set[str]]]:
    for name, field in type(model).model_fields.items():
        extra = field.json_schema_extra
        value = getattr(model, name)
        if isinstance(extra, dict) and extra.get("enum_values") and value is not None:
            yield str(value), set(map(str, extra["enum_values"]))  # type: ignore[arg-type]


# --- the bundle stands alone


def test_every_reference_of_ours_resolves_in_the_bundle() -> None:
    references = [each["definitionCanonical"] for each in _within(BUNDLE) if "definitionCanonical" in each]
    assert references
    for reference in references:
        url, _, version = reference.partition("|")
        assert CANONICALS[url]["version"] == version
    extensions = {each["url"] for each in _within(BUNDLE) if str(each.get("url", "")).startswith(FHIR_DEFINITIONS)}
    assert extensions <= set(CANONICALS)
    codes = {
        (system["url"], concept["code"]): concept["display"]
        for system in BY_KIND["CodeSystem"]
        for concept in system["concept"]
    }
    ours = {(each["system"], each["code"], each["display"]) for each in _within(BUNDLE) if _ours(each)}
    assert len(ours) > 30
    assert {(system, code, codes[system, code]) for system, code, _ in ours} == ours


def _ours(each: dict[str, Any]) -> bool:
    return "code" in each and str(each.get("system", "")).startswith("https://w3id.org/vhkg/")


def test_full_urls_and_ids_are_those_of_the_resources() -> None:
    for entry in BUNDLE["entry"]:
        kind, identifier = entry["resource"]["resourceType"], entry["resource"]["id"]
        assert entry["fullUrl"].endswith(f"/fhir/{kind}/{identifier}")
    assert len(CANONICALS) == len(RESOURCES)


def test_related_actions_are_in_the_same_plan() -> None:
    related = 0
    for plan in PLANS.values():
        ids = [each["id"] for each in _within(plan["action"]) if "title" in each]
        assert len(ids) == len(set(ids))
        for each in _within(plan["action"]):
            for other in each.get("relatedAction", ()):
                related += 1
                assert ids.index(other["actionId"]) > ids.index(each["id"])
                assert other["relationship"] == "before"
    assert related


def test_extensions_have_the_parts_that_their_definitions_list() -> None:
    for definition in BY_KIND["StructureDefinition"]:
        elements = definition["differential"]["element"]
        slices = {each["sliceName"]: each for each in elements if "sliceName" in each}
        kinds = {each["id"].split(":")[1].split(".")[0]: each["type"][0]["code"] for each in elements if "type" in each}
        used = [each for each in _within(PLANS) if each.get("url") == definition["url"] and "extension" in each]
        assert used
        for extension in used:
            names = [part["url"] for part in extension["extension"]]
            for name, allowed in slices.items():
                assert names.count(name) >= allowed["min"]
                assert allowed["max"] == "*" or names.count(name) <= int(allowed["max"])
            for part in extension["extension"]:
                assert f"value{kinds[part['url']][0].upper()}{kinds[part['url']][1:]}" in part


# --- what it says


def test_nothing_is_more_than_a_draft() -> None:
    for resource in RESOURCES:
        assert resource["status"] == "draft"
        assert resource["experimental"] is True
    for plan in (*PLANS.values(), *BY_KIND["ActivityDefinition"]):
        assert plan["version"] == plan["date"] == CONTENT.version
        assert CONTENT.article.disclaimer in plan["usage"]
        assert CONTENT.article.review_status in plan["usage"]


def test_the_strategy_lists_all_in_the_order_of_the_article() -> None:
    actions = PLANS[CONTENT.article.name]["action"]
    assert [each["id"] for each in actions] == [given.name for given in GIVEN]
    assert [each["prefix"] for each in actions] == [str(number) for number in range(1, len(GIVEN) + 1)]


@pytest.mark.parametrize("given", GIVEN, ids=_name)
def test_quotations_are_those_of_the_ledger(given: Recommendation) -> None:
    shown = {(q["role"], q["statement"], doc["display"]): q for doc, q in _documented(given)}
    wanted = [(use.role, use.statement) for use in given.uses]
    wanted += [(CONTENT.outcomes[o].kind, s) for o in given.outcomes for s in CONTENT.outcomes[o].statements]
    statements = CONTENT.statements
    assert set(shown) == {(role, CONTENT.iris[name], statements[name].quote) for role, name in wanted}
    for role, name in wanted:
        found, statement = shown[role, CONTENT.iris[name], statements[name].quote], statements[name]
        assert (found["start"], found["end"], found["section"]) == (statement.start, statement.end, statement.section)
        assert len(statement.quote) == found["end"] - found["start"]


def _documented(given: Recommendation) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    return [(each, _quotation(each)) for each in _action(given)["documentation"]]


def test_citations_are_markers_and_never_asserted() -> None:
    cited = [each for each in _within(PLANS) if each.get("type") == "citation"]
    assert {each["label"] for each in cited} == set(CONTENT.sources)
    candidates = [source.candidate for source in CONTENT.sources.values() if source.candidate]
    for each in cited:
        parts = _extension(each, FHIR_DEFINITIONS + "source-standing")["extension"]
        said = {part["url"]: part.get("valueString") or part.get("valueCode") for part in parts}
        assert said["standing"] == CONTENT.sources[each["label"]].standing
        assert not {"citation", "url", "resource", "document"} & set(each)
        assert "not " in each["display"]
        assert not any(candidate in each["display"] for candidate in candidates)


@pytest.mark.parametrize("given", GIVEN, ids=_name)
def test_strength_and_quality_are_not_stated(given: Recommendation) -> None:
    for element in (_action(given), PLANS[CONTENT.article.name]["action"][GIVEN.index(given)]):
        assert _extension(element, FHIR_STRENGTH)["valueCodeableConcept"] == {"text": given.strength}
        assert _extension(element, FHIR_QUALITY)["valueCodeableConcept"] == {"text": given.certainty}
        (direction,) = _extension(element, CPG_DIRECTION)["valueCodeableConcept"]["coding"]
        assert direction["code"] == given.direction


def test_what_is_advised_against_is_never_a_plain_action() -> None:
    against = [given for given in GIVEN if given.direction == "against"]
    assert against
    activities = {each["url"]: each for each in BY_KIND["ActivityDefinition"]}
    for given in GIVEN:
        named = {each["definitionCanonical"].partition("|")[0] for each in _within(_action(given)) if _defined(each)}
        assert named
        assert {activities[url].get("doNotPerform", False) for url in named} == {given.direction == "against"}
        titles = {PLANS[given.name]["title"], _action(given)["title"], *(activities[url]["title"] for url in named)}
        avoids = {title.startswith("AVOID: ") for title in titles}
        assert avoids == {given.direction == "against"}
        assert "code" not in _action(given)


def _defined(each: dict[str, Any]) -> bool:
    return "definitionCanonical" in each


def test_steps_keep_order_options_and_alternatives() -> None:
    steps = {step.name: step for plan in CONTENT.plans.values() for step in plan.steps}
    for given in GIVEN:
        plan = CONTENT.plans.get(given.target)
        if plan is None:
            assert "action" not in _action(given)
            continue
        shown = {each["id"]: each for each in _within(_action(given)["action"]) if each.get("id") in steps}
        assert set(shown) == {step.name for step in plan.steps}
        assert {name for name, each in shown.items() if each.get("requiredBehavior") == "could"} == {
            step.name for step in plan.steps if step.optional
        }
        choices = [each for each in _within(_action(given)) if each.get("selectionBehavior") == "exactly-one"]
        alternatives = {each["id"] for choice in choices for each in choice["action"]}
        assert alternatives == {n for s in plan.steps if s.alternative_to for n in (s.name, s.alternative_to)}
        open_ = any(step.optional or step.alternative_to for step in plan.steps)
        assert _action(given).get("selectionBehavior") == (None if open_ else "all-or-none")
        before = {(a["id"], b["actionId"]) for a in _within(_action(given)) for b in a.get("relatedAction", ())}
        ordered = len({step.order for step in plan.steps}) > 1
        assert bool(before) == ordered
        for earlier, later in before:
            assert steps[earlier].order < steps[later].order


# --- conditions


@pytest.mark.parametrize("given", GIVEN, ids=_name)
def test_the_condition_and_the_exclusion_are_there(given: Recommendation) -> None:
    found = _action(given)["condition"]
    assert len(found) == (2 if given.exclusion else 1)
    assert {each["kind"] for each in found} == {"applicability"}
    assert found[0]["expression"]["reference"] == CONTENT.iris[given.condition]
    if given.exclusion:
        assert found[1]["expression"]["expression"] == f"not <{CONTENT.iris[given.exclusion]}>"
        assert "reference" not in found[1]["expression"]


@pytest.mark.parametrize("given", GIVEN, ids=_name)
def test_the_reasons_decide_as_the_table_does(given: Recommendation) -> None:
    """On each reason, and whatever up to three findings are recorded: one is met just if the condition holds."""
    decider = KNOWLEDGE.decider
    evaluator: Evaluator = decider.evaluator
    chosen = decider.guards.literals(decider.guards.chosen({}))
    goals = [(given.condition, True)] + ([(given.exclusion, False)] if given.exclusion else [])
    for condition, (goal, holds) in zip(_action(given)["condition"], goals, strict=True):
        reasons = [_literals(each["extension"], evaluator) for each in condition["extension"]]
        atoms = sorted({abs(literal) for reason in reasons for literal in reason})
        assert reasons
        for facts in (*reasons, *_up_to_three(atoms)):
            known = evaluator.facts((*facts, *chosen))
            if not evaluator.minimal_conflicts(known):
                verdict = evaluator.verdicts(evaluator.close(known))[goal]
                assert any(reason <= facts for reason in reasons) == (verdict is holds)


def _up_to_three(atoms: list[int]) -> Iterator[frozenset[int]]:
    for size in range(4):
        for some in itertools.combinations(atoms, size):
            for signs in itertools.product((1, -1), repeat=size):
                yield frozenset(sign * atom for sign, atom in zip(signs, some, strict=True))


def _literals(parts: list[dict[str, Any]], evaluator: Evaluator) -> frozenset[int]:
    return frozenset(
        evaluator.literal(part["valueCodeableConcept"]["coding"][0]["code"], part["url"] == "present") for part in parts
    )


def test_codes_of_others_are_verified_exact_matches() -> None:
    """Ids read in ontology/mappings, with a label only where the row has one."""
    found: dict[str, set[tuple[str, str, str | None]]] = {}
    for concept in _within(RESOURCES):
        codings = concept.get("coding", ())
        if codings and _ours(codings[0]):
            found[codings[0]["code"]] = {(c["system"], c["code"], c.get("display")) for c in codings[1:]}
    snomed, maxo = "http://snomed.info/sct", "http://purl.obolibrary.org/obo/maxo.owl"
    assert found["Laminectomy"] == {(maxo, "MAXO:0001061", "laminectomy"), (snomed, "387731002", "Laminectomy")}
    assert found["RadiationTherapy"] == {(maxo, "MAXO:0000014", "radiation therapy"), (snomed, "1287742003", None)}
    assert found["TransarterialEmbolization"] == set()
    assert found["Embolization"] == set()


@pytest.fixture(scope="module")
def another() -> list[dict[str, Any]]:
    """The bundle of the second, invented article."""
    knowledge = Knowledge.load(str(ROOT / "tests" / "data" / "articles" / "tide-clocks"))
    bundle = json.loads(plan_definitions(knowledge.files.ontology, knowledge.compiled))
    return [entry["resource"] for entry in bundle["entry"]]


def test_another_knowledge_has_urls_of_its_own(another: list[dict[str, Any]]) -> None:
    for resource in another:
        read = fhirelementfactory.FHIRElementFactory.instantiate(resource["resourceType"], resource)
        assert read.as_json() == resource
    definitions = {each["url"] for each in BY_KIND["StructureDefinition"]}
    assert {each["url"] for each in another} & set(CANONICALS) == definitions


SCRIPT = "import hashlib, vhkg; from vhkg.exchange import plan_definitions as p; k = vhkg.load(); \
print(hashlib.sha256(p(k.files.ontology, k.compiled)).hexdigest())"


def test_the_bytes_are_the_same_each_time() -> None:
    found = {
        subprocess.run([sys.executable, "-c", SCRIPT], cwd=ROOT, check=True, capture_output=True, text=True).stdout
        for _ in range(2)
    }
    assert len(found) == 1
    assert plan_definitions(KNOWLEDGE.files.ontology, KNOWLEDGE.compiled) == TEXT
