"""CDS Hooks 2.0 (https://cds-hooks.hl7.org/2.0/): what the article says of the patient whose record is opened.

Cards inform and ask. None orders, suggests or changes anything, nothing is fetched, and nothing is kept.
"""

from vhkg.server.cds.routing import routes

__all__ = ["routes"]
