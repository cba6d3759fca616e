"""Engines that match the rows of a decision table against many facts at once; they know no format and no file."""
