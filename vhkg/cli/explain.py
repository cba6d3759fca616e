"""`vhkg explain`: why, why not, what would decide it, and what-if."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

import click

from vhkg.answering.knowledge import Knowledge
from vhkg.cli.options import (
    codes_option,
    knowledge_option,
    load,
    parse_date,
    parse_readings,
    read,
    reading_options,
    width,
)
from vhkg.errors import UnknownName, UsageError
from vhkg.model.answer import Answer, Verdict

_STATUSES = {"present": True, "absent": False}


@click.command()
@click.argument("file")
@click.argument("recommendation", required=False)
@click.option(
    "--if",
    "assumptions",
    metavar="FINDING=present|absent",
    multiple=True,
    help="What if: take a finding as present or absent; FINDING=present,absent shows both side by side.",
)
@reading_options
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", show_default=True)
@codes_option
@knowledge_option
def explain(
    file: str,
    recommendation: str | None,
    assumptions: tuple[str, ...],
    readings: tuple[str, ...],
    as_of: str | None,
    form: str,
    codes: tuple[str, ...],
    folder: str | None,
) -> int:
    """Why, why not, and what would decide each recommendation for FILE, or one RECOMMENDATION.

    With --if, what another finding would change; several --if are taken together.
    """
    knowledge = load(folder, codes)
    name = _named(recommendation, knowledge) if recommendation else None
    chosen = parse_readings(readings, knowledge.content)
    day = parse_date(as_of)
    source = read(knowledge, file)

    def answers(assume: Mapping[str, bool] | None) -> list[Answer]:
        return [
            answer
            for patient in source.patients
            for answer in knowledge.answer(patient, readings=chosen, as_of=day, assume=assume)
        ]

    before = answers(None)
    branches = [(label, answers(assume)) for label, assume in parse_assumptions(assumptions, knowledge)]
    click.echo(_shown(knowledge, before, branches, name, form), nl=False)
    if source.report.refusals:
        return 3
    return int(any(answer.verdict is Verdict.INVALID for answer in before))


def _shown(
    knowledge: Knowledge, before: list[Answer], branches: list[tuple[str, list[Answer]]], name: str | None, form: str
) -> str:
    if form == "json":
        from vhkg.rendering.jsonout import render_json

        return render_json(knowledge.document([*before, *(a for _, answers in branches for a in answers)]))
    from vhkg.rendering.explain import render_explanation, render_what_if

    content = knowledge.content
    shown = knowledge.document(before).knowledge
    if not branches:
        return "\n".join(
            render_explanation(answer, content, recommendation=name, width=width(), knowledge=shown)
            for answer in before
        )
    return "\n".join(
        render_what_if(
            answer, [(label, answers[place]) for label, answers in branches], content, width=width(), knowledge=shown
        )
        for place, answer in enumerate(before)
    )


def _named(name: str, knowledge: Knowledge) -> str:
    known = [recommendation.name for recommendation in knowledge.content.recommendations]
    for candidate in known:
        if candidate.lower() == name.lower():
            return candidate
    raise UnknownName(name, "recommendation", known)


def parse_assumptions(given: tuple[str, ...], knowledge: Knowledge) -> list[tuple[str, dict[str, bool]]]:
    """Each combination of the assumed statuses, with words for it; nothing if nothing is assumed."""
    if not given:
        return []
    choices: list[list[tuple[str, bool]]] = []
    for text in given:
        name, separator, statuses = text.partition("=")
        finding = _finding(name.strip(), knowledge)
        words = [status.strip().lower() for status in statuses.split(",")]
        if not separator or not all(word in _STATUSES for word in words):
            raise UsageError(f"{text!r} is no assumption", place="--if", mend="write FINDING=present or FINDING=absent")
        choices.append([(finding, _STATUSES[word]) for word in words])
    branches = []
    for combination in product(*choices):
        label = ", ".join(
            f"{knowledge.content.findings[name].label} {'present' if value else 'absent'}"
            for name, value in combination
        )
        branches.append((label, dict(combination)))
    return branches


def _finding(name: str, knowledge: Knowledge) -> str:
    for candidate in knowledge.content.findings:
        if candidate.lower() == name.lower():
            return candidate
    raise UnknownName(name, "finding", knowledge.content.findings, place="--if")
