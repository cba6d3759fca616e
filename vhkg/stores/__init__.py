"""Stores: the competency questions and a user's own queries, on the knowledge and on materialised answers."""

from vhkg.stores.catalogue import Catalogue, Input, Query, run
from vhkg.stores.embedded import EmbeddedStore
from vhkg.stores.endpoint import Endpoint
from vhkg.stores.links import Engine
from vhkg.stores.output import Provenance, rows_to_csv, rows_to_json, rows_to_text
from vhkg.stores.outside import Capacity, Limits, read_query, run_outside
from vhkg.stores.rdflib_engine import RdflibStore
from vhkg.stores.results import Rows

__all__ = [
    "Capacity",
    "Catalogue",
    "EmbeddedStore",
    "Endpoint",
    "Engine",
    "Input",
    "Limits",
    "Provenance",
    "Query",
    "RdflibStore",
    "Rows",
    "read_query",
    "rows_to_csv",
    "rows_to_json",
    "rows_to_text",
    "run",
    "run_outside",
]
