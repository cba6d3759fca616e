"""Cohorts in RDF: files of N-Triples, N-Quads, Turtle and TriG, read in columns where they are plain."""
