"""The decision: ontology to theory, theory to table, facts against the table."""
