"""The one source of truth for every published table.

Imports neither dagster nor pipeline; whatever describes a table elsewhere is rendered from here.
"""
