"""Tests of pipeline.check."""
