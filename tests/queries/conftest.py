"""The same stores as the tests of vhkg.stores."""

from tests.stores.conftest import answers, embedded, endpoint, knowledge, rdflib_store

__all__ = ["answers", "embedded", "endpoint", "knowledge", "rdflib_store"]
