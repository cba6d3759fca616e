"""The knowledge in the forms that other tools load, and as a page for people; a patient's record for others."""

from vhkg.exchange.descriptions import Descriptions
from vhkg.exchange.forms import FORMS, everything, ontology_document, write
from vhkg.exchange.neighbourhoods import Neighbourhoods
from vhkg.exchange.page import terms_page
from vhkg.exchange.phenopacket import Loss, Lost, Phenopacket, PhenopacketWriter
from vhkg.exchange.plandefinition import plan_definitions
from vhkg.exchange.quotation import statement_turtle

__all__ = [
    "FORMS",
    "Descriptions",
    "Loss",
    "Lost",
    "Neighbourhoods",
    "Phenopacket",
    "PhenopacketWriter",
    "everything",
    "ontology_document",
    "plan_definitions",
    "statement_turtle",
    "terms_page",
    "write",
]
