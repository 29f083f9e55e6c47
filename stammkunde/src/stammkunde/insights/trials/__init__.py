"""Trials that were read from files: kept as sums and as what they say, never as rows of customers."""
