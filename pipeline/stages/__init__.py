"""The stages of a build as plain functions: read frames from disk, call pure functions, stage the tables they give.

No rule of the data and nothing of Dagster belongs here; `pipeline.assets` wraps these functions and nothing else.
"""
