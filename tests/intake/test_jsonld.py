"""JSON-LD: nothing vanishes, nothing is fetched, no key stands twice."""

from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from tests.intake.support import CONTEXT, DATA, small_vocabulary
from vhkg.errors import InputError, RefusedInput
from vhkg.intake import PatientGraph, canonical, document, read_graph

BUNDLED = "https://w3id.org/vhkg/context.jsonld"
NODE: dict[str, Any] = json.loads((DATA / "valid" / "same.jsonld").read_text())


def read(value: object, *, context: bytes = CONTEXT) -> PatientGraph:
    raw = value if isinstance(value, str) else json.dumps(value)
    return canonical(read_graph(document("a.jsonld", raw.encode()), small_vocabulary(), context=context))


def refused(value: object, *, context: bytes = CONTEXT) -> str:
    with pytest.raises(InputError) as caught:
        read(value, context=context)
    return str(caught.value)


def changed(**keys: object) -> dict[str, Any]:
    return {**NODE, **keys}


def assessment(**keys: object) -> dict[str, Any]:
    return changed(hasAssessment={"type": "Assessment", "ofFinding": "Redness", "status": "Absent", **keys})


def test_the_context_by_name_by_content_and_in_a_list_is_the_same() -> None:
    body = {key: value for key, value in NODE.items() if key != "@context"}
    content = json.loads(CONTEXT)["@context"]
    expected = read(NODE)
    for found in (
        {"@context": content, **body},
        {"@context": [BUNDLED], **body},
        {"@context": BUNDLED, "@graph": [body]},
        [{"@context": BUNDLED, **body}],
        {**body, "@context": BUNDLED},
    ):
        assert read(found) == expected


def test_without_a_context_its_terms_mean_nothing() -> None:
    body = {key: value for key, value in NODE.items() if key != "@context"}
    assert "unknown key 'id'" in refused(body)


@pytest.mark.parametrize(
    "context",
    [
        "http://127.0.0.1:9/context.jsonld",
        "file:///etc/passwd",
        "../../context.jsonld",
        {"@import": "http://127.0.0.1:9/a"},
        [BUNDLED, {"status": "https://w3id.org/vhkg/ontology#ofFinding"}],
        {"@vocab": "https://w3id.org/vhkg/ontology#"},
        {**json.loads(CONTEXT)["@context"], "Absent": "vhkg:Present"},
        7,
    ],
)
def test_other_contexts_are_refused(context: object) -> None:
    with pytest.raises(RefusedInput, match="a context other than the bundled one"):
        read(changed(**{"@context": context}))


def test_a_context_inside_a_node_is_refused() -> None:
    assert "unknown key '@context'" in refused(assessment(**{"@context": "http://127.0.0.1:9/"}))


def test_no_bundled_context_no_terms() -> None:
    assert "a context other than the bundled one" in refused(NODE, context=b"")


class Recorder(http.server.BaseHTTPRequestHandler):
    seen: list[str]

    def do_GET(self) -> None:
        self.seen.append(self.path)
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def requests() -> Iterator[tuple[str, list[str]]]:
    seen: list[str] = []
    handler = type("Handler", (Recorder,), {"seen": seen})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", seen
    server.shutdown()
    server.server_close()


def test_no_request_is_made(requests: tuple[str, list[str]]) -> None:
    """Contexts by name, by @import and scoped; document types, schemas and imports elsewhere."""
    url, seen = requests
    owl = "http://www.w3.org/2002/07/owl#imports"
    texts = {
        "a.jsonld": [
            json.dumps(changed(**{"@context": context}))
            for context in (f"{url}/c", [BUNDLED, f"{url}/c"], {"@import": f"{url}/c"}, {"a": {"@context": f"{url}/c"}})
        ],
        "a.ttl": [f"<urn:a> <{owl}> <{url}/o> .", f"@base <{url}/> . <a> <b> <c> ."],
        "a.rdf": [f'<!DOCTYPE a SYSTEM "{url}/d"><a/>', f'<a xmlns="{url}/n" xml:base="{url}/b"/>'],
    }
    for file, bodies in texts.items():
        for body in bodies:
            with pytest.raises(InputError):
                read_graph(document(file, body.encode()), small_vocabulary(), context=CONTEXT)
    assert seen == []


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (assessment(statuss="Present"), "/hasAssessment/0: unknown key 'statuss'; did you mean status"),
        (changed(hasAssesment=[]), "unknown key 'hasAssesment'; did you mean hasAssessment"),
        (changed(colour="red"), "a.jsonld, /: unknown key 'colour'; use the terms of the bundled context."),
        (changed(**{"@reverse": {}}), "unknown key '@reverse'"),
        (changed(**{"@included": []}), "unknown key '@included'"),
        (changed(hasAssessment={"@list": []}), "unknown key '@list'"),
        (changed(hasAssessment={"@set": []}), "unknown key '@set'"),
        (changed(hasAssessment=None), "/hasAssessment/0: a value must be a text or an object"),
        (changed(label=7), "/label/0: a value must be a text or an object"),
        (changed(label=[["a"]]), "a value must be a text or an object"),
        (changed(label={"@value": 7}), "/label/0/@value: a value must be a text"),
        (changed(label={"@value": "a", "@index": "b"}), "unknown key '@index'"),
        (changed(id="ann"), "/id: 'ann' is not an absolute IRI"),
        (changed(id=None), "/id: None is not an absolute IRI"),
        (changed(**{"@id": "urn:example:b"}), "not JSON-LD"),
        (changed(type="Person"), "unknown type 'Person'"),
        (changed(type="Patien"), "unknown type 'Patien'; did you mean Patient"),
        (assessment(ofFinding="@none"), "'@none' is not a name"),
        (assessment(ofFinding=""), "'' is not a name"),
        (assessment(ofFinding="Rednes"), "unknown finding 'vhkg:Rednes'; did you mean Redness"),
        (assessment(status="Presnt"), "the status 'vhkg:Presnt' is not allowed; did you mean Present"),
        (assessment(wasDerivedFrom="page 4"), "'page 4' is not an absolute IRI"),
        (changed(label={"@value": "a", "@language": "not a tag"}), "statements were written"),
        ("7", "a node must be an object"),
        ('{"@graph": [7]}', "/@graph/0: a node must be an object"),
        ({"@context": BUNDLED, "@graph": [], "@id": "urn:g"}, "a named graph"),
        ('{"@id": "urn:a",\n "@id": "urn:b"}', "line 2: the key '@id' stands twice in one object"),
        ('{"@id": NaN}', "a number is not finite"),
        ('{"@id": "a" /* c */}', "line 1, column 13: not JSON"),
        ('{"@id": "\\ud800"}', "is not"),
        ("[" * 33 + "]" * 33, "nested deeper than 32"),
    ],
)
def test_faults_are_named(value: object, expected: str) -> None:
    assert expected in refused(value)


def test_a_bracket_inside_a_text_is_no_depth() -> None:
    assert read(changed(label="[" * 100))
