"""The knowledge in the forms that other tools load, and as a page for people."""

from vhkg.exchange.forms import FORMS, everything, ontology_document, write
from vhkg.exchange.page import terms_page

__all__ = ["FORMS", "everything", "ontology_document", "terms_page", "write"]
