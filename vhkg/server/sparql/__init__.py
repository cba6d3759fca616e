"""The SPARQL 1.1 Protocol endpoint, its service description, and the VoID description of what it holds."""

from vhkg.server.sparql.endpoint import routes
from vhkg.server.sparql.lifetime import answering

__all__ = ["answering", "routes"]
