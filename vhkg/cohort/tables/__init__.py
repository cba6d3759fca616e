"""Tables of facts and of the OMOP common data model, read as columns."""
