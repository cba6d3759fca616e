"""FHIR R4 elements as JSON: what is empty is left out, and canonical URLs carry the version."""

from __future__ import annotations

import datetime
from typing import TypeAlias

from vhkg.namespaces import FHIR_DEFINITIONS

Json: TypeAlias = dict[str, object]


def filled(**members: object) -> Json:
    """The members that hold something; FHIR knows no null and no empty array or object."""
    return {name: value for name, value in members.items() if value is not None and value not in ("", [], {}, ())}


def fhir_id(name: str) -> str:
    """A local name as an id (https://hl7.org/fhir/R4/datatypes.html#id); no two of them meet."""
    return name.replace("_", ".")


def canonical_base(iri: str, name: str) -> str:
    """Where the canonical URLs of a knowledge stand: beside the namespace of its terms."""
    return iri.removesuffix(name).rstrip("#/").rpartition("/")[0] + "/fhir/"


def canonical(resource: Json) -> str:
    """A reference to exactly this version of a resource."""
    return f"{resource['url']}|{resource['version']}"


def extension(name: str, *parts: Json) -> Json:
    """A complex extension of our own, defined in `definitions`."""
    return {"url": FHIR_DEFINITIONS + name, "extension": list(parts)}


def part(name: str, kind: str, value: object) -> Json:
    """A part of a complex extension, with a value of one of FHIR's types."""
    return {"url": name, f"value{kind}": value}


def parts(*given: tuple[str, str, object]) -> list[Json]:
    """The parts that have a value."""
    return [part(*each) for each in given if each[2] is not None and each[2] != ""]


def as_date(text: str) -> str | None:
    """The text if it is a calendar date, which a version need not be."""
    try:
        return datetime.date.fromisoformat(text).isoformat()
    except ValueError:
        return None
