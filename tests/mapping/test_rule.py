from __future__ import annotations

from decimal import Decimal

import msgspec
import pytest

from tests.mapping.support import rows
from tests.support import shipped
from vhkg.errors import KnowledgeError
from vhkg.knowledge.graph import Graph
from vhkg.mapping.rule import LinkRule, read_rule
from vhkg.namespaces import Skos

UPPER = shipped().files.ontology["vhkg.ttl"].decode()
OPENING = ":BridgeRule a owl:NamedIndividual , :LinkRule ;"


def rule(text: str) -> LinkRule:
    return read_rule(Graph.parse({"vhkg.ttl": text.encode()}))


def test_the_shipped_rule() -> None:
    assert rule(UPPER) == LinkRule(frozenset({Skos.exactMatch, Skos.broadMatch}), Decimal("0.9"))


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (("skos:exactMatch , skos:broadMatch ;\n    :least", "skos:narrowMatch ;\n    :least"), "promotes narrowMatch"),
        (("skos:exactMatch , skos:broadMatch ;\n    :least", "skos:closeMatch ;\n    :least"), "promotes closeMatch"),
        ((":promotesRelation skos:exactMatch , skos:broadMatch ;\n", ""), "promotes nothing"),
        ((":leastConfidence 0.9 .", ":order 1 ."), "no least confidence"),
        ((":leastConfidence 0.9 .", ':leastConfidence "much" .'), "no least confidence"),
        ((OPENING, ":BridgeRule a owl:NamedIndividual ;"), "0 rules"),
        ((OPENING, f":Other a owl:NamedIndividual , :LinkRule . {OPENING}"), "2 rules"),
    ],
)
def test_a_rule_that_could_go_downwards_or_is_not_one_is_refused(change: tuple[str, str], fault: str) -> None:
    assert change[0] in UPPER
    with pytest.raises(KnowledgeError, match=fault):
        rule(UPPER.replace(*change))


def test_each_reason_for_which_a_row_is_left() -> None:
    found = {rule(UPPER).refusal(row) for row in rows() if row.found}
    assert found == {
        "", "lead", "rejected", "closeMatch", "narrowMatch", "relatedMatch", "confidence below 0.9",
    }  # fmt: skip


def test_the_threshold_is_taken_from_the_data() -> None:
    row = next(row for row in rows() if row.confidence == Decimal("0.85") and row.predicate == Skos.broadMatch)
    row = msgspec.structs.replace(row, negated=False)
    assert rule(UPPER).refusal(row)
    assert not rule(UPPER.replace(":leastConfidence 0.9", ":leastConfidence 0.8")).refusal(row)
