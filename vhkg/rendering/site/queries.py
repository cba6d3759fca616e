"""The competency questions, their inputs and their rows as a page shows them."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence

import msgspec

from vhkg.rendering.layout import visible
from vhkg.rendering.wording import joined

USERS = {"R": "researchers", "L": "linkers of terms", "P": "auditors"}
FORMS = {
    "name": "a name of the knowledge",
    "text": "a text, exactly as it stands in the rows",
    "integer": "a whole number",
    "date": "a day, as YYYY-MM-DD",
}
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_JOINTS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[/_#:.|])(?=[^/])")
_WIDE = 44
_LONG = 200
_BROAD = 18


class InputShown(msgspec.Struct, frozen=True, kw_only=True):
    """An input of a question. `default` is in words; `value` is what was given."""

    name: str
    label: str
    form: str
    default: str
    value: str = ""

    @property
    def hint(self) -> str:
        return FORMS[self.form]

    @property
    def list_of_names(self) -> bool:
        return self.form == "name"


class QuestionShown(msgspec.Struct, frozen=True, kw_only=True):
    """A question. `silent`: the honest answer is that the article does not say.

    `open_here`: it can be asked on the page. `command` asks it on the command line; `served`: a service that is
    started with patient files can be asked too.
    """

    name: str
    number: int
    question: str
    kind: str
    users: tuple[str, ...]
    silent: bool
    notes: tuple[str, ...]
    inputs: tuple[InputShown, ...]
    open_here: bool
    command: str
    served: bool

    @property
    def asked_by(self) -> str:
        return joined([USERS.get(user, user) for user in self.users])

    @property
    def posts(self) -> bool:
        """Whether its inputs are about patients, which belong in no address."""
        return self.kind != "knowledge"


class Group(msgspec.Struct, frozen=True):
    title: str
    lead: str
    questions: tuple[QuestionShown, ...]


_GROUPS = (
    ("What the article says", "Answered from its sentences.", lambda each: each.kind == "knowledge"),
    (
        "What it does not say",
        "Each row names the nearest sentence and how many claims were searched, so that silence is an answer.",
        lambda each: each.kind == "knowledge" and each.silent,
    ),
    (
        "Terms elsewhere",
        "How the terms here meet those of other vocabularies.",
        lambda each: each.kind == "knowledge" and each.users == ("L",),
    ),
    ("About patients", "Over the answers for patient files.", lambda each: each.kind == "patient"),
    ("About a cohort", "Over the tables that a run over many patients writes.", lambda each: each.kind == "cohort"),
)
"""Title, what it is, and which questions belong to it; the last that matches takes a question."""


def grouped(questions: Iterable[QuestionShown]) -> list[Group]:
    """The questions under their headings, in the order given; headings without questions are left out."""
    found: dict[str, list[QuestionShown]] = {title: [] for title, _, _ in _GROUPS}
    for each in questions:
        title = next((title for title, _, belongs in reversed(_GROUPS) if belongs(each)), _GROUPS[0][0])
        found[title].append(each)
    return [Group(title, lead, tuple(found[title])) for title, lead, _ in _GROUPS if found[title]]


class Cell(msgspec.Struct, frozen=True):
    """The text as it is downloaded; `href` where it names something that has a place."""

    text: str
    href: str = ""

    @property
    def parts(self) -> list[str]:
        """Where a long name may be broken: between its words, and after what joins them."""
        return _JOINTS.split(self.text)


class Column(msgspec.Struct, frozen=True):
    """`shape` says how much room it needs: number, short, name (a long one without spaces), broad, wide or long."""

    name: str
    shape: str


class Table(msgspec.Struct, frozen=True):
    """All rows and columns of a result. `cut`: there are more rows than the limit lets through."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    cut: bool

    @property
    def count(self) -> str:
        rows, columns = len(self.rows), len(self.columns)
        return f"{rows} row{'' if rows == 1 else 's'}, {columns} column{'' if columns == 1 else 's'}"

    def says(self, column: str, text: str) -> bool:
        """Whether every row has that text in that column, and there are rows."""
        places = [place for place, each in enumerate(self.columns) if each.name == column]
        return bool(self.rows) and bool(places) and all(row[places[0]].text == text for row in self.rows)


def table(
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    statements: Container[str],
    terms: Container[str],
    cut: bool = False,
) -> Table:
    """Names of statements lead into the article, those of other terms to their pages."""

    def cell(text: str) -> Cell:
        if text in statements:
            return Cell(text, f"/article#{text}")
        return Cell(text, f"/terms/{text}" if text in terms else "")

    shapes = [_shape([row[place] for row in rows]) for place in range(len(columns))]
    return Table(
        tuple(map(Column, columns, shapes)),
        tuple(tuple(map(cell, row)) for row in rows),
        cut,
    )


def _shape(texts: Sequence[str]) -> str:
    filled = [text for text in texts if text]
    if filled and all(_NUMBER.fullmatch(text) for text in filled):
        return "number"
    longest = max((len(visible(text)) for text in filled), default=0)
    if longest > _BROAD and not any(" " in text for text in filled):
        return "name"
    if longest > _LONG:
        return "long"
    return "wide" if longest > _WIDE else "broad" if longest > _BROAD else "short"
