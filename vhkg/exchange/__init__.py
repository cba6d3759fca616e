"""The knowledge in the forms that other tools load, and as a page for people."""

from vhkg.exchange.forms import FORMS, everything, ontology_document, write
from vhkg.exchange.page import terms_page
from vhkg.exchange.quotation import statement_turtle

__all__ = ["FORMS", "everything", "ontology_document", "statement_turtle", "terms_page", "write"]
