"""The competency questions: one file each, read by its header, bound and run on any engine.

A header is the block of comment lines that opens the file:

    # question: 12. …                    its number, if it has one, and its text
    # users: R                           researcher, linker, pipeline
    # inputs: status = text, default all; …
    # columns: item item_label …
    # kind: knowledge | patient | cohort
    # lists: citations …                 columns whose cells hold several members, sorted here
    # empty-is-error: true               for questions whose honest answer is "not stated"
    # linked: class                      the input that names a class of a bridge; without a bridge there is no answer

Each input has its own line in the text, `VALUES ?status { UNDEF } # input`; what stands in the braces is its
default, and UNDEF means all.

Questions about the tables of a cohort run are SQL, of the kind cohort: comment lines open with ``--``, and an input is
a parameter, `$days`, that is NULL where it is not given.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import msgspec

from vhkg.errors import EngineError, KnowledgeError, UnknownName
from vhkg.namespaces import BASE
from vhkg.stores.binding import FORMS, sparql, term
from vhkg.stores.links import Engine, require_link
from vhkg.stores.results import Rows, sort_lists

KNOWLEDGE_COLUMNS = (
    "item", "item_label", "answer", "answer_kind", "line", "condition", "quote", "section", "start", "end",
    "statement", "citations", "source_standing", "readings", "flags",
)  # fmt: skip
PATIENT_COLUMNS = ("patient", "presentation", "as_of", "status", "because", "ask")
_HEADER = re.compile(r"(?:#|--)\s*([a-z-]+):\s*(.*)")
_PARAMETER = re.compile(r"\$([a-z_]+)")
_MEND = "correct the header; vhkg/stores/catalogue.py says how it reads"


class Input(msgspec.Struct, frozen=True):
    """`form` is one of `binding.FORMS`; `default` is for people: the text of the query holds the real one."""

    name: str
    form: str
    default: str


class Query(msgspec.Struct, frozen=True, kw_only=True):
    """A named question. `number` is 0 for one that is not in the list of forty."""

    name: str
    number: int
    question: str
    users: str
    kind: str
    inputs: tuple[Input, ...]
    columns: tuple[str, ...]
    lists: tuple[str, ...]
    empty_is_error: bool
    text: str
    linked: str = ""

    def bound(self, values: Mapping[str, str], iris: Mapping[str, str] | None = None) -> str:
        """The text with its VALUES lines filled in; `iris` maps names to the IRIs of their terms.

        Raises UnknownName for an input that it does not have, and UsageError for text not of the input's form.
        """
        forms = {each.name: each.form for each in self.inputs}
        text = self.text
        for name, value in sorted(values.items()):
            self._has(name)
            filling = f"VALUES ?{name} {{ {sparql(term(forms[name], value, name=name, iris=iris))} }} # input"
            text = _input_line(name).sub(lambda _, filling=filling: filling, text)  # type: ignore[misc]
        return text

    def parameters(self, values: Mapping[str, str]) -> dict[str, str | int | None]:
        """The inputs of a question in SQL, all of them. Raises as `bound`."""
        for name in values:
            self._has(name)
        found: dict[str, str | int | None] = {each.name: None for each in self.inputs}
        for each in self.inputs:
            if each.name in values:
                text = term(each.form, values[each.name], name=each.name).value.removeprefix(BASE)
                found[each.name] = int(text) if each.form == "integer" else text
        return found

    def _has(self, name: str) -> None:
        known = [each.name for each in self.inputs]
        if name not in known:
            raise UnknownName(name, f"input of {self.name}", known, listed_by="vhkg query")


class Catalogue:
    """The questions by name, in the order of their numbers."""

    def __init__(self, files: Mapping[str, str]) -> None:
        found = [_parse(name, text) for name, text in files.items()]
        found.sort(key=lambda query: (query.number or 10**6, query.name))
        self._queries = {query.name: query for query in found}

    def __iter__(self) -> Iterator[Query]:
        return iter(self._queries.values())

    def __len__(self) -> int:
        return len(self._queries)

    def names(self) -> tuple[str, ...]:
        return tuple(self._queries)

    def get(self, name: str) -> Query:
        """Look up a question by name or by number; raises UnknownName with the nearest names."""
        if name.isdecimal():
            for query in self:
                if query.number == int(name):
                    return query
        if name not in self._queries:
            raise UnknownName(name, "query", self._queries, listed_by="vhkg query")
        return self._queries[name]


def run(
    query: Query, engine: Engine, values: Mapping[str, str] | None = None, iris: Mapping[str, str] | None = None
) -> Rows:
    """Answer a question; `iris` maps names given as inputs to the IRIs of their terms (default: the ontology's).

    Raises UsageError if the question goes through another ontology and the engine holds no bridge to it: no row must
    not be taken for no patient. Raises EngineError if a question whose honest answer is "not stated" gives no row:
    then the query or the knowledge is wrong, and nobody may take the silence of the engine for that of the article.
    """
    if query.linked:
        require_link(query.name, engine, (values or {}).get(query.linked, ""))
    rows = sort_lists(engine.select(query.bound(values or {}, iris)), query.lists)
    if rows.columns != query.columns:
        raise EngineError(
            f"{query.name} gave the columns {' '.join(rows.columns)}", mend="make its header and its SELECT agree"
        )
    if query.empty_is_error and not rows.rows:
        raise EngineError(
            f"{query.name} found nothing, where it must say what the article does not state",
            mend="check the silences of the knowledge and the query",
        )
    return rows


def _input_line(name: str) -> re.Pattern[str]:
    return re.compile(rf"VALUES \?{re.escape(name)} \{{[^{{}}\n]*\}} # input(?=\s*$)", re.MULTILINE)


def _parse(name: str, text: str) -> Query:
    sql = text.startswith("--")
    file = f"queries/cohort/{name}.sql" if sql else f"queries/{name}.rq"
    header: dict[str, str] = {}
    for line in text.splitlines():
        if not line.startswith("--" if sql else "#"):
            break
        if found := _HEADER.fullmatch(line.strip()):
            header[found[1]] = found[2].strip()
    missing = {"question", "users", "inputs", "columns", "kind"} - set(header)
    if missing:
        raise KnowledgeError(f"the header lacks {' and '.join(sorted(missing))}", file=file, mend=_MEND)
    if header["kind"] not in (("cohort",) if sql else ("knowledge", "patient")):
        raise KnowledgeError(f"the kind {header['kind']!r} is not known", file=file, mend=_MEND)
    inputs = tuple(_inputs(header["inputs"], file))
    for each in () if sql else inputs:
        if len(_input_line(each.name).findall(text)) != 1:
            raise KnowledgeError(f"the input {each.name} needs exactly one marked VALUES line", file=file, mend=_MEND)
    if sql and {each.name for each in inputs} != set(_PARAMETER.findall(text)):
        raise KnowledgeError("the inputs are not the parameters of the text", file=file, mend=_MEND)
    number, _, question = header["question"].partition(". ")
    numbered = number.isdecimal()
    return Query(
        name=name,
        number=int(number) if numbered else 0,
        question=question if numbered else header["question"],
        users=header["users"],
        kind=header["kind"],
        inputs=inputs,
        columns=tuple(header["columns"].split()),
        lists=tuple(header.get("lists", "").split()),
        empty_is_error=header.get("empty-is-error", "") == "true",
        text=text,
        linked=header.get("linked", ""),
    )


def _inputs(text: str, file: str) -> Iterator[Input]:
    if text == "none":
        return
    for part in text.split(";"):
        found = re.fullmatch(r"\s*([a-z_]+) = ([a-z]+), default (.+?)\s*", part)
        if not found or found[2] not in FORMS:
            raise KnowledgeError(f"the input {part.strip()!r} cannot be read", file=file, mend=_MEND)
        yield Input(found[1], found[2], found[3])
