"""The messages of CDS Hooks 2.0 as types: what a client must send, and all that we ever send.

Names are the specification's. What it lets a client add is passed over; that holds for the address of a FHIR server
and the token for it too, which are never looked at.
"""

from __future__ import annotations

import uuid
from typing import Annotated, Any, Literal, TypeVar

import msgspec

from vhkg.intake import Document
from vhkg.intake.json_text import parse_json

HOOK = "patient-view"
LONGEST_SUMMARY = 139
"""The specification wants fewer than 140 characters."""
Text = Annotated[str, msgspec.Meta(min_length=1, max_length=1000)]
Identity = Annotated[str, msgspec.Meta(pattern=r"\A[A-Za-z0-9.-]{1,64}\Z")]
"""An id of FHIR."""


class _Message(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    pass


class Context(_Message, frozen=True):
    """Of the hook patient-view."""

    user_id: Text
    patient_id: Identity
    encounter_id: Identity | None = None


class Call(_Message, frozen=True):
    """A request to a service. `prefetch` maps its keys to resources, or to null where there are none."""

    hook: Text
    hook_instance: uuid.UUID
    context: Context
    prefetch: dict[str, dict[str, Any] | None] | None = None


class Service(_Message, frozen=True):
    hook: str
    title: str
    description: str
    id: str
    prefetch: dict[str, str]
    usage_requirements: str


class Discovery(_Message, frozen=True):
    services: tuple[Service, ...]


class Source(_Message, frozen=True):
    label: str
    url: str


class Link(_Message, frozen=True):
    label: str
    url: str
    type: Literal["absolute"]


class Card(_Message, frozen=True):
    """There is no place in it for a suggestion."""

    uuid: str
    summary: Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_SUMMARY)]
    detail: str
    indicator: Literal["info", "warning"]
    source: Source
    links: tuple[Link, ...]


class Cards(_Message, frozen=True, omit_defaults=False):
    cards: tuple[Card, ...]


class Coding(_Message, frozen=True):
    code: Text
    system: Text | None = None
    display: Text | None = None


class OverrideReason(_Message, frozen=True):
    reason: Coding | None = None
    user_comment: str | None = None


class Accepted(_Message, frozen=True):
    id: Text


class Outcome(_Message, frozen=True):
    """What became of a card."""

    card: Text
    outcome: Literal["accepted", "overridden"]
    outcome_timestamp: Text
    accepted_suggestions: tuple[Accepted, ...] = ()
    override_reason: OverrideReason | None = None


class Feedback(_Message, frozen=True):
    feedback: tuple[Outcome, ...]


_Received = TypeVar("_Received", Call, Feedback)


def received(source: Document, kind: type[_Received]) -> _Received | None:
    """A message, or None where it is none of that kind. Raises InputError for what is no JSON of the strict sort."""
    try:
        return msgspec.convert(parse_json(source), kind, strict=True)
    except msgspec.ValidationError:
        return None


def sent(message: Discovery | Cards) -> bytes:
    return msgspec.json.encode(message)
