"""The readings that matter to an answer as values for a template: what each alternative would change."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from vhkg.model.answer import Answer, Effect
from vhkg.rendering.explain import Part
from vhkg.rendering.ledger import changes_together
from vhkg.rendering.screen import Screen
from vhkg.rendering.wording import capital, cited, quoted


class Difference(msgspec.Struct, frozen=True):
    """What another alternative would do: the statuses that change, and what the answer would then say."""

    effect: Effect
    headline: str


class AlternativeView(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    label: str
    definition: str
    chosen: bool
    default: bool
    more: int = 0
    fewer: int = 0
    lines: tuple[str, ...] = ()
    headline: str = ""


class ReadingView(msgspec.Struct, frozen=True, kw_only=True):
    """`sentences` are those that pull against each other."""

    name: str
    label: str
    question: str
    tension: str
    sentences: tuple[Part, ...]
    alternatives: tuple[AlternativeView, ...]


def mattering(answer: Answer) -> list[str]:
    """The readings whose change would give another status, alone or with others."""
    return list(dict.fromkeys(r.id for each in answer.recommendations for r in each.readings if r.matters))


def shown_readings(answer: Answer, defaults: Mapping[str, str]) -> list[str]:
    """Those that matter, and those that were flipped: a flip can always be taken back."""
    flipped = [name for name, chosen in answer.readings.items() if defaults.get(name) != chosen]
    return list(dict.fromkeys((*mattering(answer), *flipped)))


def readings_view(screen: Screen, differences: Mapping[tuple[str, str], Difference]) -> tuple[ReadingView, ...]:
    """Keys of `differences` are a reading and an alternative of it that is not chosen; others are left out."""
    views = []
    for name in dict.fromkeys(name for name, _ in differences):
        known = screen.content.readings[name]
        chosen = screen.answer.readings[name]
        statements = screen.content.statements
        views.append(
            ReadingView(
                name=name,
                label=capital(known.label),
                question=known.question,
                tension=known.tension,
                sentences=tuple(
                    Part(each, f"{quoted(statements[each].quote)} · {cited(statements[each].citations)}")
                    for each in known.concerns
                    if each in statements and statements[each].quote
                ),
                alternatives=tuple(
                    _alternative(
                        screen,
                        AlternativeView(
                            name=each.name,
                            label=capital(each.label),
                            definition=each.definition,
                            chosen=each.name == chosen,
                            default=each.name == known.default,
                        ),
                        differences.get((name, each.name)),
                    )
                    for each in known.alternatives
                ),
            )
        )
    return tuple(views)


def _alternative(screen: Screen, view: AlternativeView, difference: Difference | None) -> AlternativeView:
    if difference is None:
        return view
    same = difference.headline == screen.answer.headline.clinician
    return msgspec.structs.replace(
        view,
        more=len(difference.effect.gained),
        fewer=len(difference.effect.lost),
        lines=tuple(screen.words.effect(difference.effect)),
        headline="" if same else difference.headline,
    )


def together(screen: Screen) -> tuple[Part, ...]:
    """Changes of several readings at once that no single one of them makes, by line."""
    return tuple(
        Part(given.label, text)
        for given in screen.answer.recommendations
        for text in changes_together(given, screen.words, commands=False)
    )
