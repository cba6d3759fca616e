"""Cohorts, side by side in one run: data, floors, peers and ours, as `python -m benchmarks.cohort`."""
