"""What the page on the service itself shows: the article, the readings that hold, the notices, the limits."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from vhkg.model.content import Content, ModellingDecision
from vhkg.rendering.wording import joined

_AUDIENCES = {"clinician": "clinicians", "patient": "patients", "both": "clinicians and patients"}


class ReadingShown(msgspec.Struct, frozen=True):
    """A way in which the text can be read: the alternative that holds unless another is chosen, and the others."""

    name: str
    label: str
    question: str
    default: str
    others: tuple[str, ...]


class NoticeShown(msgspec.Struct, frozen=True):
    """A safety notice of the software."""

    text: str
    audience: str
    days: int


class AboutShown(msgspec.Struct, frozen=True):
    """`contradictions` is what the page of the article says of itself that does not fit together."""

    readings: tuple[ReadingShown, ...]
    notices: tuple[NoticeShown, ...]
    contradictions: tuple[ModellingDecision, ...]
    counts: str
    limits: tuple[tuple[str, str], ...]


def about(content: Content, limits: Iterable[tuple[str, str]]) -> AboutShown:
    """`limits` are those of the service, each with its value in words."""
    return AboutShown(
        tuple(
            ReadingShown(
                each.name,
                each.label,
                each.question,
                next((option.label for option in each.alternatives if option.name == each.default), each.default),
                tuple(option.label for option in each.alternatives if option.name != each.default),
            )
            for each in content.readings.values()
        ),
        tuple(
            NoticeShown(each.text, _AUDIENCES.get(each.audience, each.audience), each.stale_after_days)
            for each in content.notices
        ),
        tuple(each for each in content.decisions.values() if _of_the_page(each, content)),
        joined([
            _counted(len(content.statements), "statement"),
            _counted(len(content.recommendations), "recommendation"),
            _counted(len(content.readings), "reading"),
            _counted(len(content.silences), "silence"),
        ]),
        tuple(limits),
    )  # fmt: skip


def _of_the_page(decision: ModellingDecision, content: Content) -> bool:
    """It concerns only what is kept without a quotation: what the page says of itself, nothing clinical."""
    concerned = [content.statements[name] for name in decision.concerns if name in content.statements]
    return bool(concerned) and not any(each.quote for each in concerned)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
