"""The knowledge in the forms that other tools load, and as a page for people; a patient's record for others."""

from vhkg.exchange.forms import FORMS, everything, ontology_document, write
from vhkg.exchange.page import terms_page
from vhkg.exchange.phenopacket import Loss, Lost, Phenopacket, PhenopacketWriter
from vhkg.exchange.plandefinition import plan_definitions
from vhkg.exchange.quotation import statement_turtle

__all__ = [
    "FORMS",
    "Loss",
    "Lost",
    "Phenopacket",
    "PhenopacketWriter",
    "everything",
    "ontology_document",
    "plan_definitions",
    "statement_turtle",
    "terms_page",
    "write",
]
