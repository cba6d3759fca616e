"""The four patients of the design, and how they stand."""

from __future__ import annotations

from tests.algorithms import knowledge
from vhkg.answering.algorithm import algorithm, standings
from vhkg.model.algorithm import Algorithm, Standings

_FACTS = {
    "a": {
        "VertebralHemangioma": "2026-11-02",
        "BackPain": "2026-11-02",
        "-NeurologicalDeficit": "2026-11-02",
        "-ExtraosseousExtension": "2026-10-28",
    },
    "b": {
        "VertebralHemangioma": "2026-11-20",
        "NeurologicalDeficit": "2026-11-20",
        "SpinalCordCompression": "2026-11-19",
        "ExtraosseousExtension": "2026-11-19",
    },
    "c": {"VertebralHemangioma": "2026-11-05", "BackPain": "2026-11-05"},
    "d": {"VertebralHemangioma": "2026-11-18", "NeurologicalDeficit": "2026-11-18", "Pregnancy": "2026-11-18"},
}


def stood(patient: str | None, name: str = "article") -> tuple[Algorithm, Standings]:
    """One of the four, or nobody."""
    known = knowledge(name)
    drawn = algorithm(known)
    if patient is None:
        return drawn, standings(drawn)
    rows = [
        {
            "patient": patient,
            "finding": finding.lstrip("-"),
            "status": "absent" if finding.startswith("-") else "present",
            "date": date,
        }
        for finding, date in _FACTS[patient].items()
    ]
    return drawn, standings(drawn, known.recommend(rows)[0])
