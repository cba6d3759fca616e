"""The decision table under chosen readings as JSON, for programs of others; its schema is `table.schema.json`."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import resources
from typing import Any

import msgspec

from vhkg.engines.chosen import ChosenTable, Reason
from vhkg.engines.provenance import Provenance

SCHEMA_VERSION = "1.0"


def table_json(table: ChosenTable, provenance: Provenance) -> bytes:
    """Indented, with the same bytes each time."""
    return msgspec.json.format(msgspec.json.encode(_document(table, provenance)), indent=1) + b"\n"


def table_schema() -> bytes:
    """The JSON Schema of `table_json`."""
    return resources.files("vhkg.engines").joinpath("table.schema.json").read_bytes()


def _document(table: ChosenTable, provenance: Provenance) -> dict[str, Any]:
    return {
        "schemaVersion": SCHEMA_VERSION,
        "knowledge": {
            "version": provenance.version,
            "digest": provenance.digest,
            "reviewStatus": provenance.review_status,
        },
        "disclaimer": provenance.disclaimer,
        "readings": table.readings,
        "article": {"subject": table.subject, "scope": table.scope, "branch": table.branch},
        "findings": [{"name": each.name, "byPatient": each.by_patient} for each in table.findings],
        "conflicts": table.conflicts,
        "goals": {name: {"yes": rows.yes, "no": rows.no} for name, rows in table.goals.items()},
        "limits": [
            {
                "factor": limit.factor,
                "raisedBy": limit.raised_by,
                "capsWithin": limit.caps_within,
                "ofEverything": not limit.limits,
                "unless": [other.factor for other in table.limits if limit.factor in other.broader],
            }
            for limit in table.limits
        ],
        "recommendations": [
            {
                "name": ranked.name,
                "order": ranked.order,
                "direction": ranked.direction,
                "treats": ranked.treats,
                "firstLine": ranked.first_line,
                "condition": rule.condition,
                "limits": [limit.factor for limit in rule.limits],
                "reasons": {
                    "holding": _reasons(table.reasons[rule.name].holding),
                    "failing": _reasons(table.reasons[rule.name].failing),
                    "meeting": _reasons(table.reasons[rule.name].meeting),
                },
            }
            for ranked, rule in zip(table.recommendations, table.rules, strict=True)
        ],
    }


def _reasons(reasons: Sequence[Reason]) -> list[dict[str, Any]]:
    return [
        {
            "shown": reason.shown,
            "occasions": [
                {
                    "needs": occasion.needs,
                    "unless": [{"needs": each.needs, "unless": each.unless} for each in occasion.unless],
                }
                for occasion in reason.occasions
            ],
        }
        for reason in reasons
    ]
