"""Where elements lead, from either page."""

from __future__ import annotations

import msgspec

from tests.algorithms import knowledge
from vhkg.answering.algorithm import algorithm
from vhkg.rendering.site.map import Links

ROOM = algorithm(knowledge("article")).factors[0]


def test_on_the_patient_page() -> None:
    links = Links()
    assert links.fact("Pain") == "#fact-Pain"
    assert links.recommendation("DiagnosticMRI") == "#recommendation-DiagnosticMRI"
    assert links.statement("S31") == "/article#S31"
    assert links.room(ROOM) == "/article#silence-PregnancySilence"


def test_on_the_article_page() -> None:
    links = Links(patient="/", article="")
    assert (links.fact("Pain"), links.statement("S31")) == ("/#fact-Pain", "#S31")


def test_a_room_that_no_silence_names_leads_to_the_nearest_sentence() -> None:
    assert Links().room(msgspec.structs.replace(ROOM, silence="")) == f"/article#{ROOM.nearest}"
