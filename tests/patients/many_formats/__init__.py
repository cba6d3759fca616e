"""Abstract patients and their writers: the same patient in every format that vhkg reads.

A patient is a list of statements; each says which facts it stands for, so that the facts CSV, written from the facts
alone, says what every other format must be read as. A writer says what its format cannot say as `Lost`.
"""
