"""Parquet files and release artefacts, written so that a reader never sees half of one.

No value is computed here that a table does not already hold.
"""
