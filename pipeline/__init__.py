"""The way of the data: ingest → parse → row rules → resolve → set rules → publish.

Every stage is a pure function over typed frames or frozen dataclasses; files, processes and Dagster stay at
the edges (`slices`, `publish`, `assets`, `cli`). What the published tables look like is stated in `schemas` alone.
"""
