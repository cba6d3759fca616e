"""Links to a user's own copy of another ontology: our terms placed under its hierarchy, for queries only."""

from vhkg.mapping.bridge import Bridge, LabelDifference, Unpromoted, build
from vhkg.mapping.hierarchy import Hierarchy, Term
from vhkg.mapping.reading import read_hierarchy

__all__ = ["Bridge", "Hierarchy", "LabelDifference", "Term", "Unpromoted", "build", "read_hierarchy"]
