"""The Dagster layer: one multi-asset per stage, one asset key and one check per table.

Read, call, write, report; no rule of the data belongs here.
"""
