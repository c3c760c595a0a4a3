"""Tests that no dump, however broken, stops a build or loses a record."""
