"""A call and its response, as functions of bytes: no server, no clock, no network."""

from __future__ import annotations

from http import HTTPStatus
from typing import TypeVar

from vhkg.answering.knowledge import Knowledge
from vhkg.errors import InputError
from vhkg.intake import document
from vhkg.intake.document import JSON_FILE_LIMIT
from vhkg.model.content import Content
from vhkg.server.cds.cards import Maker
from vhkg.server.cds.prefetched import TEMPLATES, gather
from vhkg.server.cds.protocol import HOOK, Call, Cards, Discovery, Feedback, Service, received
from vhkg.server.problems import refuse
from vhkg.server.service import Settings
from vhkg.server.uploads import refuse_many

ID = "vhkg-patient-view"
_NAME = "request.json"
_NO_JSON = "The body is no JSON that is read: UTF-8 without a key that stands twice, and not nested deeply."
_CALL = (
    "The body is no call of this service: hook, hookInstance (a UUID), context.userId and context.patientId (an id) "
    "are needed, and prefetch maps keys to resources or null."
)
_FEEDBACK = "The body is no feedback: it is an array of objects with card, outcome and outcomeTimestamp."
_Received = TypeVar("_Received", Call, Feedback)


def discovery(content: Content) -> Discovery:
    """The one service there is."""
    article = content.article
    return Discovery(
        services=(
            Service(
                hook=HOOK,
                title=article.title,
                description=(
                    f"What one article ({article.review_status}) says for a recorded "
                    f"{content.classes[article.subject].label if article.subject in content.classes else 'finding'}, "
                    "and what it asks. It gives information only, and no suggestions."
                ),
                id=ID,
                prefetch=TEMPLATES,
                usage_requirements="Prefetch is needed: the service fetches nothing, and needs no access token.",
            ),
        )
    )


def respond(knowledge: Knowledge, body: bytes, base: str, settings: Settings | None = None) -> Cards:
    """Answer a call with cards, perhaps none.

    Raises Refused: 400 for what is no call, 412 where too little was sent to say that there is nothing to say, and
    413 for more lesions or facts than `settings` let one request hold.
    Raises InputError for resources that cannot be read as those of one patient.
    """
    call = _message(body, Call, _CALL)
    if call.hook != HOOK:
        refuse(HTTPStatus.BAD_REQUEST, f"This service is for the hook {HOOK}.")
    sent = gather(call.prefetch or {}, call.context.patient_id)
    if sent.foreign:
        refuse(HTTPStatus.BAD_REQUEST, "The prefetched patient is another than that of the context.")
    source = knowledge.read_source(sent.bundle)
    refuse_many(source, settings or Settings())
    maker = Maker(knowledge, base, call.hook_instance)
    answers = [answer for patient in source.patients for answer in maker.worth_a_card(patient)]
    notes = []
    if sent.missing:
        notes.append(f"Not sent, or not as a whole: {', '.join(sent.missing)}. What they hold is not known here.")
    if refused := len(source.report.refusals):
        notes.append(f"{refused} {'entry' if refused == 1 else 'entries'} could not be read, and counted for nothing.")
    cards = maker.cards(answers, notes)
    if sent.missing and not cards:
        refuse(
            HTTPStatus.PRECONDITION_FAILED,
            f"Prefetch lacks {', '.join(sent.missing)}, or holds only a part: nothing can be said without.",
        )
    return Cards(cards=cards)


def taken(body: bytes) -> None:
    """Feedback is checked and let go: nothing of it is kept. Raises Refused with 400."""
    _message(body, Feedback, _FEEDBACK)


def _message(body: bytes, kind: type[_Received], otherwise: str) -> _Received:
    try:
        message = received(document(_NAME, body, limit=JSON_FILE_LIMIT), kind)
    except InputError:
        refuse(HTTPStatus.BAD_REQUEST, _NO_JSON)
    if message is None:
        refuse(HTTPStatus.BAD_REQUEST, otherwise)
    return message
