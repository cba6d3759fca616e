"""Many patients: their facts as columns, decided together, written as Parquet, and summed up in a report."""
