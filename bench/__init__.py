"""Measured, not claimed: both sides of a comparison in one run, on one PostgreSQL. `make bench`."""
