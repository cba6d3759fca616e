"""The same stores as the tests of vhkg.stores."""

from tests.stores.conftest import answers, embedded, knowledge, rdflib_store

__all__ = ["answers", "embedded", "knowledge", "rdflib_store"]
