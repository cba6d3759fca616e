"""What a query store holds for a knowledge: its Turtle files, and what is derived from them as Turtle.

The same bytes go to every engine and to anybody's own server. What is derived is deterministic and has no blank
nodes, so that loading it twice adds nothing.
"""

from __future__ import annotations

import pyoxigraph as ox

from vhkg.answering.knowledge import Knowledge
from vhkg.answering.meetings import meetings_turtle
from vhkg.knowledge.mapping_graph import mappings_turtle
from vhkg.namespaces import KNOWLEDGE, Owl, Rdf, Vhkg

DERIVED = "derived/"
"""Before the names of derived parts, so that they are never taken for files of the ontology folder."""


def published(knowledge: Knowledge) -> dict[str, bytes]:
    """Turtle by name, in the order of the names.

    Raises KnowledgeError if a mapping file is at fault.
    """
    turtle = {name: content for name, content in knowledge.files.ontology.items() if name.endswith(".ttl")}
    turtle[f"{DERIVED}knowledge.ttl"] = _stamp(knowledge)
    turtle[f"{DERIVED}mappings.ttl"] = mappings_turtle(knowledge.files.ontology, knowledge.content.iris)
    turtle[f"{DERIVED}meetings.ttl"] = meetings_turtle(knowledge)
    return dict(sorted(turtle.items()))


def _stamp(knowledge: Knowledge) -> bytes:
    """Which knowledge this is: files alone cannot say their own digest."""
    digest = knowledge.compiled.digest
    node = ox.NamedNode(KNOWLEDGE + digest[:16])
    said = (
        (Rdf.type, ox.NamedNode(Owl.NamedIndividual)),
        (Rdf.type, ox.NamedNode(Vhkg.PublishedKnowledge)),
        (Vhkg.knowledgeVersion, ox.Literal(knowledge.content.version)),
        (Vhkg.knowledgeDigest, ox.Literal(digest)),
        (Vhkg.reviewStatus, ox.Literal(knowledge.content.article.review_status, language="en")),
    )
    return "".join(f"{ox.Triple(node, ox.NamedNode(name), value)} .\n" for name, value in said).encode()
