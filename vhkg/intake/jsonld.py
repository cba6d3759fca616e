"""JSON-LD of patient graphs: every key is known, so that nothing can vanish, and no context is fetched.

JSON-LD processors drop unknown keys, null values and relative IRIs without a word; here each is an error. The
document's context must be the bundled one, by its IRI or word for word, and is put in by us before parsing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping

import msgspec

from vhkg.errors import InputError, RefusedInput, near_matches
from vhkg.intake.document import Document
from vhkg.intake.json_text import Json, parse_json
from vhkg.namespaces import CONTEXT

_ABSOLUTE_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s]+")
_REFERENCE = re.compile(r"(?:_|[A-Za-z][A-Za-z0-9+.-]*):[^\s]+")
_NODE_KEYS = ("@id", "@type")
_VALUE_KEYS = ("@value", "@language", "@type")


class BundledJsonLd(msgspec.Struct, frozen=True):
    """`statements` is how many triples `content` must give: a parser that gives fewer has dropped something."""

    content: bytes
    statements: int


def with_bundled_context(document: Document, context: bytes) -> BundledJsonLd:
    """The document, checked, under the bundled context; `context` is the bundled file, or empty if there is none."""
    bundled = json.loads(context)["@context"] if context else {}
    walk = _Walk(document, bundled)
    content = json.dumps(walk.top(parse_json(document)), ensure_ascii=False)
    return BundledJsonLd(content.encode("utf-8"), walk.statements)


class _Walk:
    """`_terms` are those of the object at hand: the bundled context's if it names it, else none."""

    def __init__(self, document: Document, bundled: dict[str, Json]) -> None:
        self._document = document
        self._bundled = bundled
        self._terms: dict[str, Json] = {}
        self.statements = 0

    def top(self, value: Json) -> list[Json]:
        if isinstance(value, list):
            return [node for number, member in enumerate(value) for node in self._top_object(member, f"/{number}")]
        return self._top_object(value, "")

    def _top_object(self, value: Json, place: str) -> list[Json]:
        """The nodes of one object, each with the context that the object names."""
        if not isinstance(value, dict):
            raise self._fault("a node must be an object", place, "write it as { … }")
        rest = dict(value)
        named = self._names_context(rest.pop("@context", None), f"{place}/@context")
        context = self._bundled if named else {}
        self._terms = {term: meaning for term, meaning in context.items() if not term.startswith("@")}
        if "@graph" in rest and len(rest) > 1:
            raise RefusedInput(
                "a named graph, or a key beside @graph",
                file=self._document.name,
                place=place or "/",
                mend="leave only @context and @graph at the top",
            )
        graph = rest.get("@graph", rest)
        nodes: list[Json] = []
        for number, member in enumerate(graph if isinstance(graph, list) else [graph]):
            node = self._node(member, f"{place}/@graph/{number}" if "@graph" in rest else place)
            nodes.append({"@context": context, **node})
        return nodes

    def _names_context(self, found: Json, place: str) -> bool:
        contexts = found if isinstance(found, list) else [found]
        if all(each in (None, {}) for each in contexts):
            return False
        if self._bundled and all(each in (CONTEXT, self._bundled) for each in contexts):
            return True
        raise RefusedInput(
            "a context other than the bundled one",
            file=self._document.name,
            place=place,
            mend=f'write "@context": "{CONTEXT}"',
        )

    def _node(self, value: Json, place: str) -> dict[str, Json]:
        if not isinstance(value, dict):
            raise self._fault("a node must be an object", place, "write it as { … }")
        for key, content in value.items():
            here = f"{place}/{key}"
            if key == "@id" or (key in self._terms and self._terms[key] == "@id"):
                self._reference(content, here)
            elif key == "@type" or (key in self._terms and self._terms[key] == "@type"):
                for number, member in enumerate(content if isinstance(content, list) else [content]):
                    self._type(member, f"{here}/{number}")
                    self.statements += 1
            elif key in self._terms or (not key.startswith("@") and _ABSOLUTE_IRI.fullmatch(key)):
                for number, member in enumerate(content if isinstance(content, list) else [content]):
                    self._value(member, f"{here}/{number}", key)
                    self.statements += 1
            else:
                near = near_matches(key, [*self._terms, *_NODE_KEYS])
                mend = f"did you mean {' or '.join(near)}" if near else "use the terms of the bundled context"
                raise self._fault(f"unknown key {key!r}", place or "/", mend)
        return value

    def _value(self, value: Json, place: str, key: str) -> None:
        if isinstance(value, str):
            coercion = self._coercion(key)
            if coercion == "@id":
                self._reference(value, place)
            elif coercion == "@vocab" and (not value or value.startswith("@")):
                raise self._fault(f"{value!r} is not a name", place, "write a name of the vocabulary")
        elif isinstance(value, dict):
            if "@value" in value:
                self._literal(value, place)
            else:
                self._node(value, place)
        else:
            raise self._fault("a value must be a text or an object", place, "write it in quotation marks")

    def _literal(self, value: Mapping[str, Json], place: str) -> None:
        for key, content in value.items():
            if key not in _VALUE_KEYS:
                raise self._unknown(key, place, _VALUE_KEYS)
            if not isinstance(content, str):
                raise self._fault("a value must be a text", f"{place}/{key}", "write it in quotation marks")

    def _coercion(self, key: str) -> Json:
        definition = self._terms.get(key)
        return definition.get("@type") if isinstance(definition, dict) else None

    def _type(self, value: Json, place: str) -> None:
        if not isinstance(value, str) or not (value in self._terms or _ABSOLUTE_IRI.fullmatch(value)):
            near = near_matches(value, self._terms) if isinstance(value, str) else []
            mend = f"did you mean {' or '.join(near)}" if near else "use a class of the bundled context"
            raise self._fault(f"unknown type {value!r}", place, mend)

    def _reference(self, value: Json, place: str) -> None:
        if not isinstance(value, str) or not _REFERENCE.fullmatch(value):
            raise self._fault(f"{value!r} is not an absolute IRI", place, "write it in full, such as urn:example:a")

    def _unknown(self, key: str, place: str, known: Iterable[str]) -> InputError:
        near = near_matches(key, known)
        mend = f"did you mean {' or '.join(near)}" if near else "remove it"
        return self._fault(f"unknown key {key!r}", place or "/", mend)

    def _fault(self, fault: str, place: str, mend: str) -> InputError:
        return InputError(fault, file=self._document.name, place=place or "/", mend=mend)
