"""Cohorts in RDF: files of N-Triples, N-Quads, Turtle and TriG, read in columns where they are plain."""

from vhkg.cohort.rdf.reader import RdfReader

__all__ = ["RdfReader"]
