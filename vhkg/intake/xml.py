"""What must hold of RDF/XML before pyoxigraph sees it.

pyoxigraph 0.5.13 is quadratic in the depth of elements, in attributes and in namespace declarations (2 MiB of
either run for a minute and more), aborts on an entity bomb, and gives no line of an error. expat is linear,
says line and column, and here sees no document type.
"""

from __future__ import annotations

import re
from xml.parsers import expat

from vhkg.errors import InputError, RefusedInput
from vhkg.intake.document import Document, line_number

MAX_DEPTH = 64
MAX_ATTRIBUTES = 64
MAX_NAMESPACES = 256
MAX_ATTRIBUTE_LENGTH = 4096

_DOCUMENT_TYPE = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)


def check_xml(document: Document) -> None:
    """Refuse document types, entities, other encodings, and what makes the parser slow."""
    found = _DOCUMENT_TYPE.search(document.content)
    if found:
        raise _document_type(document.name, line_number(document.content, found.start()))
    bounds = XmlBounds(document.name)
    bounds.feed(document.content)
    bounds.close()


class XmlBounds:
    """expat's callbacks: the depth, and the namespaces in scope at each depth.

    Fed piece by piece, so that what is too large for memory can be held to the same bounds. A document type is
    refused here too, before anything that it declares is read.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._scopes = [0]
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.ordered_attributes = True
        self._parser.XmlDeclHandler = self._declaration
        self._parser.StartDoctypeDeclHandler = self._document_type
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end

    def feed(self, content: bytes) -> None:
        self._parse(content, False)

    def close(self) -> None:
        """Say that the document ends here."""
        self._parse(b"", True)

    def _parse(self, content: bytes, final: bool) -> None:
        try:
            self._parser.Parse(content, final)
        except expat.ExpatError as error:
            raise InputError(
                f"not XML: {expat.ErrorString(error.code)}",
                file=self._name,
                place=f"line {error.lineno}, column {error.offset + 1}",
                mend="correct the syntax",
            ) from error

    def _declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding is not None and encoding.lower() not in ("utf-8", "utf8", "us-ascii"):
            raise self._fault(f"it says that its encoding is {encoding[:40]!r}", "save it as UTF-8")

    def _document_type(self, *_: object) -> None:
        raise _document_type(self._name, self._parser.CurrentLineNumber)

    def _start(self, _name: str, attributes: list[str]) -> None:
        names, values = attributes[0::2], attributes[1::2]
        declared = sum(name == "xmlns" or name.startswith("xmlns:") for name in names)
        self._scopes.append(self._scopes[-1] + declared)
        if len(self._scopes) - 1 > MAX_DEPTH:
            raise self._fault(f"elements are nested deeper than {MAX_DEPTH}", "flatten it")
        if len(names) > MAX_ATTRIBUTES:
            raise self._fault(f"an element has more than {MAX_ATTRIBUTES} attributes", "split it")
        if self._scopes[-1] > MAX_NAMESPACES:
            raise self._fault(f"more than {MAX_NAMESPACES} namespaces are in scope", "declare them once")
        if any(len(value) > MAX_ATTRIBUTE_LENGTH for value in values):
            raise self._fault(f"an attribute is longer than {MAX_ATTRIBUTE_LENGTH} characters", "shorten it")

    def _end(self, _name: str) -> None:
        self._scopes.pop()

    def _fault(self, fault: str, mend: str) -> InputError:
        place = f"line {self._parser.CurrentLineNumber}"
        return InputError(fault, file=self._name, place=place, mend=mend)


def _document_type(name: str, line: int) -> RefusedInput:
    return RefusedInput(
        "a document type or entity is declared", file=name, place=f"line {line}", mend="remove the declaration"
    )
